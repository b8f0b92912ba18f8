"""Adding works to the text of ``references.yaml`` without touching what stands there."""

import json
import re
from collections.abc import Iterable

from articles.text.bibliography import Author, Reference, as_facts

_BEFORE_PLAIN = "-?:,[]{}#&*!|>'\"%@`~="
_WORDS = re.compile(r"(?:true|false|yes|no|on|off|null|y|n)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+.\d][\d_.,:eE+]*")
_NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "url": "URL", "container_title": "container-title"}
_ORDER = (
    "type author title container_title publisher issued volume issue page doi pmid pmcid url design populations sample_size "
    "studies note retracted_on"
).split()


def add_references(text: str, works: Iterable[Reference]) -> str:
    """Give the text of the list with ``works`` added at its end. It begins with ``text`` as it is, byte for byte.

    Nothing is checked here: read the answer with ``parse_references`` before it is written anywhere.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    added = "".join(f"\n{write_reference(work)}" for work in works)
    start = "" if text.endswith("\n") or not text else "\n"
    return text + (start + added).replace("\n", newline)


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
            lines.append(f"  {_NAMES.get(name, name)}: {_scalar(str(value))}")
    return "\n".join(lines) + "\n"


def _authors(authors: Iterable[Author]) -> list[str]:
    people = list(authors)
    if not any(author.literal for author in people):
        return [f"  author: [{', '.join(_scalar(str(author), is_inside=True) for author in people)}]"]
    entries = [f"literal: {_scalar(author.literal)}" if author.literal else _scalar(str(author)) for author in people]
    return ["  author:", *(f"    - {entry}" for entry in entries)]


def _scalar(value: str, *, is_inside: bool = False) -> str:
    """Write a value without quotes where YAML reads it as that text, else in quotes; ``is_inside`` brackets, commas need them."""
    is_plain = (
        value[:1] not in _BEFORE_PLAIN
        and value == value.strip()
        and not _WORDS.fullmatch(value)
        and not _NUMBER.fullmatch(value)
        and ": " not in value
        and " #" not in value
        and not value.endswith(":")
        and value.isprintable()
        and not (is_inside and re.search(r"[,\[\]{}:#]", value))
    )
    return value if is_plain and value else json.dumps(value, ensure_ascii=False)
