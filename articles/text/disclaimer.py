"""The words of the help that stands on every page (``content/disclaimer.yaml``).

They are read when the site starts and never live in the database, because error pages need them when there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.text.fields import Field, FieldError, list_of, read_fields, text
from articles.text.limits import decode
from articles.text.problems import Problem, SourceError
from articles.text.strict_yaml import Node, read_yaml

EMERGENCY = "{emergency}"


class DisclaimerError(SourceError):
    """The help's words are missing or faulty; the site must not start."""


@dataclass(frozen=True, slots=True)
class Help:
    """The help in one region. ``bar_*`` stand on screen all the time; the rest in full at the foot of each page."""

    title: str
    bar_who: str
    bar_how_fast: str
    cannot: str
    who: str
    how_fast: str
    ask: str
    signs: tuple[str, ...]
    repeat: str
    emergency: str


def _mapping(schema: Mapping[str, Field]) -> Field:
    def read(node: Node) -> dict[str, Any]:
        values, problems = read_fields(node, schema, "it", node.line)
        if problems:
            raise FieldError("is faulty: " + "; ".join(problem.what for problem in problems), problems[0].right)
        return values

    return Field(read, is_required=True)


def _regions(node: Node) -> dict[str, str]:
    if not isinstance(node.value, dict) or not node.value:
        raise FieldError("is not a list of regions", "`international: 999, 911 or your local emergency number`")
    return {region: text(80)(words) for region, words in node.value.items()}


SCHEMA: Mapping[str, Field] = {
    "title": Field(text(40), is_required=True),
    "bar": _mapping({"who": Field(text(90), is_required=True), "how_fast": Field(text(90), is_required=True)}),
    "full": _mapping({name: Field(text(400), is_required=True) for name in ("cannot", "who", "how_fast", "ask")}),
    "signs": Field(list_of(text(160), limit=5), is_required=True),
    "repeat": Field(text(200), is_required=True),
    "regions": Field(_regions, is_required=True),
}


def read_disclaimer(path: Path, *, region: str) -> Help:
    """Read the help's words and put in the emergency numbers of ``region`` (a key of the file's ``regions``).

    Raises DisclaimerError with every fault, each naming the file and the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DisclaimerError([Problem(1, f"cannot be read ({error.strerror})", "a readable file")], str(path)) from None
    source, problems = decode(data)
    values: dict[str, Any] = {}
    if not problems:
        root, problems = read_yaml(source)
        if not problems:
            values, problems = read_fields(root, SCHEMA, "the file", 1)
    if not problems and not values["signs"]:
        problems.append(Problem(1, "`signs` is empty", "at least one sign of an emergency"))
    if not problems and region not in values["regions"]:
        problems.append(Problem(1, f"no region {region!r}", "REGION set to one of: " + ", ".join(values["regions"])))
    if problems:
        raise DisclaimerError(problems, str(path))
    return _in_region(values, values["regions"][region])


def _in_region(values: Mapping[str, Any], emergency: str) -> Help:
    def fill(words: str) -> str:
        filled = words.replace(EMERGENCY, emergency)
        return filled[0].upper() + filled[1:]

    return Help(
        title=values["title"],
        bar_who=fill(values["bar"]["who"]),
        bar_how_fast=fill(values["bar"]["how_fast"]),
        cannot=fill(values["full"]["cannot"]),
        who=fill(values["full"]["who"]),
        how_fast=fill(values["full"]["how_fast"]),
        ask=fill(values["full"]["ask"]),
        signs=tuple(values["signs"]),
        repeat=fill(values["repeat"]),
        emergency=emergency,
    )
