"""The head of an article's file: fields between two lines of ``---``, strictly read, changed one line at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import yaml

from articles.text.fields import Field, list_of, pattern, read_fields, slug, text, whole_number
from articles.text.problems import Problem
from articles.text.strict_yaml import Node, read_yaml

MAX_FRONT_MATTER = 20_000
FENCE = "---"
DEFAULT_LANGUAGE = "en"
DEFAULT_REVIEW_MONTHS = 12


class Kind(StrEnum):
    """What a file is: an article on a health topic, or a page about the site."""

    ARTICLE = "article"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a file's head. Texts are one line; a page may leave ``key_message`` and ``topic`` empty."""

    title: str
    summary: str
    key_message: str
    topic: str
    language: str
    also_called: tuple[str, ...]
    former_slugs: tuple[str, ...]
    related: tuple[str, ...]
    review_every: int


def schema(kind: Kind) -> dict[str, Field]:
    """Give the fields of a file of this ``kind``, in the order editors see them."""
    is_article = kind is Kind.ARTICLE
    return {
        "title": Field(text(120), is_required=True),
        "summary": Field(text(300), is_required=True),
        "key_message": Field(text(500), is_required=is_article, default=""),
        "topic": Field(
            pattern(r"(?=.*\w).{1,80}", "a name of at most 80 characters with a letter in it"),
            is_required=is_article,
            default="",
        ),
        "language": Field(pattern(r"[a-z]{2,3}(-[A-Z]{2})?", "a language tag such as en, es or pt-BR"), default=DEFAULT_LANGUAGE),
        "also_called": Field(list_of(text(80)), default=()),
        "former_slugs": Field(list_of(slug), default=()),
        "related": Field(list_of(slug), default=()),
        "review_every": Field(whole_number(1, 60), default=DEFAULT_REVIEW_MONTHS),
    }


@dataclass(frozen=True, slots=True)
class Split:
    """A file cut in two: the YAML between the fences, and the body that begins on line ``body_line``."""

    head: str
    body: str
    body_line: int


def split_front_matter(source: str) -> tuple[Split | None, list[Problem]]:
    """Cut a file at its fences; None with a problem where they are missing."""
    if not source.strip():
        return None, [Problem(1, "the file is empty", "begin with `---`, the fields, `---`, then sections")]
    lines = source.split("\n")
    if lines[0] != FENCE:
        return None, [Problem(1, "the file does not begin with front matter", "the first line is `---` alone, then `title: ...`")]
    for number, line in enumerate(lines[1:], 1):
        if line == FENCE:
            head = "".join(f"{line}\n" for line in lines[1:number])
            if len(head) > MAX_FRONT_MATTER:
                return None, [Problem(1, f"front matter of {len(head):,} characters", f"at most {MAX_FRONT_MATTER:,}")]
            return Split(head, "\n".join(lines[number + 1 :]), number + 2), []
    return None, [Problem(1, "front matter that does not end", "a line of `---` alone after the last field")]


def parse_front_matter(head: str, kind: Kind) -> tuple[FrontMatter | None, list[Problem]]:
    """Read the YAML of a file's head (its first line is line 2 of the file); None when there is any problem."""
    root, problems = read_yaml(head, first_line=2)
    if problems:
        return None, problems
    values, problems = read_fields(root, schema(kind), "front matter", line=1)
    return (None if problems else FrontMatter(**values)), problems


def replace_field(source: str, name: str, value: str | Sequence[str]) -> str:
    """Give ``source`` with one field changed and every other character kept.

    An empty ``value`` takes the field away; a field that is not there yet is added at the end of the head. ``source`` must have
    front matter that can be read; otherwise ValueError is raised.
    """
    split, problems = split_front_matter(source)
    root = None
    if split:
        root, problems = read_yaml(split.head, first_line=2)
    if split is None or problems or (root is not None and not isinstance(root.value, dict)):
        raise ValueError("front matter that cannot be read cannot be changed")
    fields: dict[str, Node] = root.value if root is not None and isinstance(root.value, dict) else {}
    if name in fields and root is not None:
        head = _replace(split.head, root.keys[name], fields[name], name, value)
    elif value:
        head = f"{split.head}{name}: {_write(value)}\n"
    else:
        return source
    return f"{FENCE}\n{head}{FENCE}\n{split.body}"


def _replace(head: str, key: Node, node: Node, name: str, value: str | Sequence[str]) -> str:
    end = node.end
    if node.is_block or not isinstance(node.value, str):
        # The marks of block values run on to the next key: give back the blank lines and comments between.
        end = node.start + len(re.sub(r"(\n[ \t]*(#[^\n]*)?)*\Z", "", head[node.start : node.end]))
    if value:
        return f"{head[: key.start]}{name}: {_write(value)}{head[end:]}"
    return head[: key.start] + head[end:].removeprefix("\n")


def _write(value: str | Sequence[str]) -> str:
    """Write a value as YAML on one line."""
    if isinstance(value, str):
        return _dump(" ".join(value.split()), is_inside_list=False)
    return "[" + ", ".join(_dump(item, is_inside_list=True) for item in value) + "]"


def _dump(value: str, *, is_inside_list: bool) -> str:
    """Write text with no more quotation marks than its place needs."""
    whole = {"k": [value] if is_inside_list else value}
    written = yaml.safe_dump(whole, allow_unicode=True, default_flow_style=None if is_inside_list else False, width=10**6)
    text = written.strip().removeprefix("k: ")
    return text.removeprefix("[").removesuffix("]") if is_inside_list else text
