"""Typing YAML by a schema: which fields an entry has, which it needs, and what each may hold.

One ``Field`` says how a value is read. All the faults of an entry are found at once.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from articles.text.problems import Problem
from articles.text.strict_yaml import Node

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_SLUG = 100
MAX_LABELLED = 2000
"""Room for a summary with what each of its works brings: who was studied, and that it was withdrawn."""

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class FieldError(ValueError):
    """A value that a field cannot take: what is wrong, and what would be right."""

    def __init__(self, what: str, right: str) -> None:
        self.what = what
        self.right = right
        super().__init__(f"{what}; {right}")


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is read: ``read`` takes a node and gives its value, or raises FieldError."""

    read: Callable[[Node], Any]
    is_required: bool = False
    default: Any = None


def read_fields(root: Node | None, schema: Mapping[str, Field], what: str, line: int) -> tuple[dict[str, Any], list[Problem]]:
    """Read a mapping by ``schema``.

    ``what`` names the thing in messages ("front matter", "WATANABE-1994"); ``line`` is where missing fields are reported. Gives
    the values, defaults filled in, and all problems.
    """
    if root is None or not isinstance(root.value, dict):
        return {}, [Problem(root.line if root else line, f"{what} is not a list of fields", "one `name: value` a line")]
    problems = []
    values = {name: field.default for name, field in schema.items()}
    for name, node in root.value.items():
        if name not in schema:
            known = ", ".join(schema)
            problems.append(Problem(root.keys[name].line, f"`{name[:60]}` is no field of {what[:60]}", f"one of: {known}"))
            continue
        try:
            values[name] = schema[name].read(node)
        except FieldError as error:
            problems.append(Problem(root.keys[name].line, f"`{name}` {error.what}", error.right))
    for name, field in schema.items():
        if field.is_required and name not in root.value:
            problems.append(Problem(line, f"{what} has no `{name}`", f"add a line `{name}: ...`"))
    return values, problems


def text(limit: int, *, may_be_empty: bool = False) -> Callable[[Node], str]:
    """Make a reader of one line of text of at most ``limit`` characters; line breaks inside it become spaces."""

    def read(node: Node) -> str:
        if not isinstance(node.value, str):
            raise FieldError("is not text", "one value, in quotes if it begins with a sign such as `[` or `{`")
        value = " ".join(node.value.split())
        if not value and not may_be_empty:
            raise FieldError("is empty", "write a value or delete the line")
        if len(value) > limit:
            raise FieldError(f"is {len(value)} characters long", f"at most {limit}")
        return value

    return read


def pattern(regex: str, right: str) -> Callable[[Node], str]:
    """Make a reader of text that matches ``regex`` whole; ``right`` says in words what does."""
    compiled = re.compile(regex)

    def read(node: Node) -> str:
        value = text(500)(node)
        if not compiled.fullmatch(value):
            raise FieldError(f"is {value[:60]!r}", right)
        return value

    return read


def slug(node: Node) -> str:
    """Read a slug: small letters, digits and single hyphens, at most 100 characters."""
    value = text(MAX_SLUG)(node)
    if not SLUG.fullmatch(value):
        raise FieldError(f"is {value[:60]!r}", "small letters, digits and single hyphens, such as b12-basics")
    return value


def whole_number(low: int, high: int) -> Callable[[Node], int]:
    """Make a reader of a whole number from ``low`` to ``high``."""

    def read(node: Node) -> int:
        value = text(20)(node)
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise FieldError(f"is {value!r}", f"a whole number from {low} to {high}")
        return int(value)

    return read


def day(node: Node) -> date:
    """Read a day written as 2016-11-02."""
    value = text(20)(node)
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise FieldError(f"is {value!r}", "a day such as 2016-11-02") from None


def one_of(kind: type[E]) -> Callable[[Node], E]:
    """Make a reader of one of an enumeration's values."""

    def read(node: Node) -> E:
        value = text(60)(node)
        try:
            return kind(value)
        except ValueError:
            raise FieldError(f"is {value!r}", "one of: " + ", ".join(kind)) from None

    return read


def list_of(read_item: Callable[[Node], T], limit: int = 50) -> Callable[[Node], tuple[T, ...]]:
    """Make a reader of a list of at most ``limit`` different values, each read by ``read_item``."""

    def read(node: Node) -> tuple[T, ...]:
        if not isinstance(node.value, list):
            raise FieldError("is not a list", "values in square brackets with commas between, or one `- value` a line")
        if len(node.value) > limit:
            raise FieldError(f"has {len(node.value)} values", f"at most {limit}")
        values = tuple(read_item(item) for item in node.value)
        if len(set(values)) < len(values):
            raise FieldError("names a value twice", "name each once")
        return values

    return read
