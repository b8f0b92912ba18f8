"""Where in a form a line of a file stands: in which field of its head, or on which line of its body."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from articles.text.front_matter import split_front_matter

_FIELD = re.compile(r"([a-z_]+):")


@dataclass(frozen=True, slots=True)
class Place:
    """A field, "" where none is known, and the line in it; the body's first line is 1, and fields of the head have none (0)."""

    field: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines on which the fields of a file's head begin, their names, and the line on which its body begins."""

    starts: tuple[int, ...]
    names: tuple[str, ...]
    body_line: int

    def place(self, line: int) -> Place:
        """Give the place of a line of the file."""
        if line >= self.body_line:
            return Place("body", line - self.body_line + 1)
        before = bisect_right(self.starts, line)
        return Place(self.names[before - 1] if before else "")


def read_layout(text: str) -> Layout:
    """Read where the fields of a file stand; a file without a head is all body."""
    split, _problems = split_front_matter(text)
    if split is None:
        return Layout((), (), 1)
    found = [(number, match[1]) for number, line in enumerate(split.head.split("\n"), 2) if (match := _FIELD.match(line))]
    return Layout(tuple(number for number, _name in found), tuple(name for _number, name in found), split.body_line)
