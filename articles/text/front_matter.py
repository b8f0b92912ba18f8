"""The head of an article's file: fields between two lines of ``---``, strictly read, changed one line at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """The fields of a file's head, and the lines on which they stand.

    Texts are one line; a page may leave ``key_message`` and ``topic`` empty.
    """

    title: str
    summary: str
    key_message: str
    topic: str
    language: str
    also_called: tuple[str, ...]
    conditions: tuple[str, ...]
    medicines: tuple[str, ...]
    former_slugs: tuple[str, ...]
    related: tuple[str, ...]
    review_every: int
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def line(self, name: str) -> int:
        """Give the line of the file on which a field stands; the first where it is left out."""
        return self.lines.get(name, 1)


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
        "conditions": Field(list_of(text(80), 10), default=()),
        "medicines": Field(list_of(text(80), 10), default=()),
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
    root, problems = _read_head(head)
    if problems:
        return None, problems
    values, problems = read_fields(root, schema(kind), "front matter", line=1)
    if problems or root is None:
        return None, problems
    return FrontMatter(**values, lines={name: key.line for name, key in root.keys.items()}), []


def _read_head(head: str) -> tuple[Node | None, list[Problem]]:
    """Read the YAML, and see that each field begins a line of its own, so that one can be changed and the others kept."""
    root, problems = read_yaml(head, first_line=2)
    if root is not None and not problems:
        for name, key in root.keys.items():
            if key.start > 0 and head[key.start - 1] != "\n":
                right = "one `name: value` a line, the name at the start of the line"
                problems.append(Problem(key.line, f"`{name[:60]}` does not begin its line", right))
    return root, problems


def cut_fields(head: str) -> dict[str, str] | None:
    """Cut a file's head into its fields as they are written, each with the comments and blank lines behind it.

    "" holds what stands before the first. None for a head that cannot be read.
    """
    root, problems = _read_head(head)
    if root is None or problems or not isinstance(root.value, dict):
        return None
    starts = [key.start for key in root.keys.values()]
    places = zip(["", *root.keys], [0, *starts], [*starts, len(head)], strict=True)
    return {name: head[start:end] for name, start, end in places}


def replace_field(source: str, name: str, value: str | Sequence[str]) -> str:
    """Give ``source`` with one field changed and every other character kept.

    An empty ``value`` takes the field away; a field that is not there yet is added at the end of the head. ``source`` must have
    front matter that can be read; otherwise ValueError is raised.
    """
    split, problems = split_front_matter(source)
    root = None
    if split:
        root, problems = _read_head(split.head)
    if split is None or problems or (root is not None and not isinstance(root.value, dict)):
        raise ValueError("front matter that cannot be read cannot be changed")
    written = _write(value)
    if root is not None and name in root.keys:
        head = _replace(split.head, root, name, written)
    elif written:
        head = f"{split.head}{name}: {written}\n"
    else:
        return source
    return f"{FENCE}\n{head}{FENCE}\n{split.body}"


def _replace(head: str, root: Node, name: str, written: str) -> str:
    assert isinstance(root.value, dict)
    start, node = root.keys[name].start, root.value[name]
    old = head[node.start : node.end]
    if node.is_block:
        # The mark stands at the next field: give back the blank lines between. What looks like a comment is text here.
        old = old.rstrip(" \t\n")
    elif not isinstance(node.value, str):
        # The same, but comments between are comments.
        lines = old.split("\n")
        while len(lines) > 1 and lines[-1].lstrip(" \t")[:1] in {"", "#"}:
            lines.pop()
        old = "\n".join(lines)
    end = node.start + len(old)
    if written:
        return f"{head[:start]}{name}: {written}{head[end:]}"
    return head[:start] + head[end:].removeprefix("\n")


def _write(value: str | Sequence[str]) -> str:
    """Write a value as YAML on one line; nothing for an empty one."""
    if isinstance(value, str):
        return _dump(value, is_inside_list=False)
    items = [written for item in value if (written := _dump(item, is_inside_list=True))]
    return "[" + ", ".join(items) + "]" if items else ""


def _dump(text: str, *, is_inside_list: bool) -> str:
    """Write text with no more quotation marks than its place needs."""
    words = " ".join(text.split())
    if not words or (words.isascii() and words.isdigit()):  # everything is read as text, so digits need no marks
        return words
    whole = {"k": [words] if is_inside_list else words}
    style = None if is_inside_list else False
    written: str = yaml.safe_dump(whole, allow_unicode=True, default_flow_style=style, width=10**6)
    written = written.strip().removeprefix("k: ")
    return written.removeprefix("[").removesuffix("]") if is_inside_list else written
