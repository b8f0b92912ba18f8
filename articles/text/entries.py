"""Works and words typed into a form, one value a field, by the rules of ``references.yaml`` and ``glossary.yaml``."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from articles.text.bibliography import Reference, read_reference
from articles.text.glossary import Term, read_term
from articles.text.limits import find_forbidden_characters
from articles.text.problems import Problem
from articles.text.strict_yaml import Node, write_node

T = TypeVar("T")
Entry = Mapping[str, str | Sequence[str]]
"""The fields of an entry under the names they have in the file; a field left empty is left out."""

Value: TypeAlias = "str | Sequence[Value] | Mapping[str, Value]"
_KEY_LINE = 0


def enter_work(key: str, entry: Entry) -> tuple[Reference | None, dict[str, list[str]]]:
    """Read a work; gives it, where nothing is wrong, and what is wrong in words, by field (``key`` for the rest).

    An author in braces, {World Health Organization}, is an organisation.
    """
    authors = entry.get("author", ())
    named = {"author": [_author(author) for author in authors]} if authors else {}
    return _enter(key, {**entry, **named}, read_reference)


def enter_term(key: str, entry: Entry) -> tuple[Term | None, dict[str, list[str]]]:
    """Read a word; gives it, where nothing is wrong, and what is wrong in words, by field (``key`` for the rest)."""
    return _enter(key, entry, read_term)


def _author(words: str) -> str | dict[str, str]:
    is_organisation = words.startswith("{") and words.endswith("}")
    return {"literal": words[1:-1].strip()} if is_organisation else words


def _words(value: Value) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(_words(part) for part in (value.values() if isinstance(value, Mapping) else value))


def _enter(
    key: str, entry: Mapping[str, Value], read: Callable[[str, Node, int], tuple[T | None, list[Problem]]]
) -> tuple[T | None, dict[str, list[str]]]:
    names = ["key", *entry]
    value, problems = read(key, write_node(entry, _KEY_LINE + 1), _KEY_LINE)
    for line, name in enumerate(names):
        if find_forbidden_characters(_words(entry[name] if line else key)):
            problems.append(Problem(line, "it holds a character that no text may hold", "delete it, or type it anew"))
    faults: dict[str, list[str]] = {}
    for problem in problems:
        faults.setdefault(names[problem.line], []).append(f"{problem.what}; {problem.right}.")
    return (None if faults else value), faults
