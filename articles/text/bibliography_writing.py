"""Adding works to the text of ``references.yaml`` without touching what stands there."""

from collections.abc import Iterable

from articles.text.bibliography import Author, Reference, as_facts
from articles.text.yaml_writing import add_entries, write_scalar

_NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "url": "URL", "container_title": "container-title"}
_ORDER = (
    "type author title container_title publisher issued volume issue page doi pmid pmcid url design populations sample_size "
    "studies note retracted_on"
).split()


def add_references(text: str, works: Iterable[Reference]) -> str:
    """Give the text of the list with ``works`` added at its end. It begins with ``text`` as it is, byte for byte.

    Nothing is checked here: read the answer with ``parse_references`` before it is written anywhere.
    """
    return add_entries(text, map(write_reference, works))


def write_reference(work: Reference) -> str:
    """Write one work as an entry of the list, in the style of those that people wrote."""
    facts = as_facts(work)
    lines = [f"{work.key}:"]
    for name in _ORDER:
        value = facts.get(name)
        if name == "author" and work.author:
            lines += _authors(work.author)
        elif name == "populations" and work.populations:
            lines.append(f"  populations: [{', '.join(work.populations)}]")
        elif value and not isinstance(value, list):
            lines.append(f"  {_NAMES.get(name, name)}: {write_scalar(str(value))}")
    return "\n".join(lines) + "\n"


def _authors(authors: Iterable[Author]) -> list[str]:
    people = list(authors)
    if not any(author.literal for author in people):
        return [f"  author: [{', '.join(write_scalar(str(author), is_inside=True) for author in people)}]"]
    entries = [f"literal: {write_scalar(author.literal)}" if author.literal else write_scalar(str(author)) for author in people]
    return ["  author:", *(f"    - {entry}" for entry in entries)]
