"""The list of words explained in place (``glossary.yaml``)."""

from collections.abc import Mapping
from dataclasses import dataclass

from articles.text.citations import KEY
from articles.text.fields import MAX_SLUG, SLUG, Field, list_of, pattern, read_fields, text
from articles.text.problems import MAX_PROBLEMS, Problem
from articles.text.strict_yaml import Node, read_yaml


@dataclass(frozen=True, slots=True)
class Term:
    """A word: the plain one, the one a doctor may use, what it means, where that is said, and how people look for it."""

    key: str
    term: str
    explanation: str
    medical: str = ""
    source: str = ""
    synonyms: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()


SCHEMA: Mapping[str, Field] = {
    "term": Field(text(80), is_required=True),
    "explanation": Field(text(300), is_required=True),
    "medical": Field(text(80), default=""),
    "source": Field(pattern(KEY.pattern, "a key of references.yaml"), default=""),
    "synonyms": Field(list_of(text(80)), default=()),
    "misspellings": Field(list_of(text(80)), default=()),
}


def parse_glossary(source: str) -> tuple[dict[str, Term], list[Problem]]:
    """Read ``glossary.yaml``: the terms by key, in the file's order, and all problems."""
    root, problems = read_yaml(source)
    if problems or root is None:
        return {}, problems or [Problem(1, "the file is empty", "one entry a word, such as `myelin:`")]
    if not isinstance(root.value, dict):
        return {}, [Problem(root.line, "the file is not a list of words", "`key:` at the start of a line, its fields indented")]
    terms = {}
    for key, node in root.value.items():
        term, found = read_term(key, node, root.keys[key].line)
        problems += found
        if len(problems) > MAX_PROBLEMS:
            break
        if term:
            terms[key] = term
    return terms, problems


def read_term(key: str, node: Node, line: int) -> tuple[Term | None, list[Problem]]:
    """Read one entry of the list, whose key stands on ``line``: the word, where nothing is wrong, and all problems."""
    values, problems = read_fields(node, SCHEMA, key, line)
    if not SLUG.fullmatch(key) or len(key) > MAX_SLUG:
        problems.append(Problem(line, f"the key {key[:60]!r}", "small letters, digits and hyphens, such as romberg-sign"))
    if not problems and values["explanation"].endswith("."):
        at = node.keys["explanation"].line
        problems.append(Problem(at, f"the explanation of {key} ends with a full stop", "one phrase without one"))
    return (None, problems) if problems else (Term(key=key, **values), [])
