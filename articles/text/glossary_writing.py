"""Adding words to the text of ``glossary.yaml`` without touching what stands there."""

from collections.abc import Iterable

from articles.text.glossary import Term
from articles.text.yaml_writing import add_entries, write_scalar


def add_terms(text: str, terms: Iterable[Term]) -> str:
    """Give the text of the list with ``terms`` added at its end. It begins with ``text`` as it is, byte for byte.

    Nothing is checked here: read the answer with ``parse_glossary`` before it is written anywhere.
    """
    return add_entries(text, map(write_term, terms))


def write_term(term: Term) -> str:
    """Write one word as an entry of the list, in the style of those that people wrote."""
    lines = [f"{term.key}:"]
    for name in ("term", "medical", "explanation", "source"):
        if value := getattr(term, name):
            lines.append(f"  {name}: {write_scalar(value)}")
    for name in ("synonyms", "misspellings"):
        if values := getattr(term, name):
            lines.append(f"  {name}: [{', '.join(write_scalar(value, is_inside=True) for value in values)}]")
    return "\n".join(lines) + "\n"
