"""The lines of a text: which belong to code, and what the others hold outside code spans and escapes.

What is code is said here, for the checks and for the renderer: markup could hide from the checks in what they alone took
for code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from articles.text.problems import Problem

MASK = "\ufffd"
"""What stands in the place of a character that shows itself and is no markup."""

_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*[\w#.+-]*[ \t]*")
_LIKE_A_FENCE = re.compile(r"(?:[ \t>]|[*+-][ \t]|\d+[.)][ \t])*(?:```|~~~)")
_MARKERS = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d+[.)])[ \t]+)?")
_RULE = re.compile(r"(?=.*\|)[ \t|:-]+$")
SPAN_OR_ESCAPE = re.compile(r"\\[\\`*_{}\[\]()>#+\-.!|]|(`++)(?:.*?[^`]\1(?!`))?")


@dataclass(frozen=True, slots=True)
class _Scan:
    """The lines with whether each is outside fenced code, the first and last lines of the code, and a fence never closed."""

    lines: tuple[tuple[str, bool], ...]
    code: tuple[tuple[int, int], ...]
    open_fence: int | None


@lru_cache(maxsize=64)  # a text, its sections and their parts
def _scan(text: str) -> _Scan:
    lines, code = [], []
    fence, opened = "", 0
    for index, line in enumerate(text.split("\n")):
        if fence:
            lines.append((line, False))
            if line.startswith(fence) and line.rstrip(" \t") == fence:
                code.append((opened, index))
                fence = ""
        elif line.startswith(("```", "~~~")) and (match := _FENCE.fullmatch(line)):
            fence, opened = match[1], index
            lines.append((line, False))
        else:
            lines.append((line, True))
    return _Scan(tuple(lines), tuple(code), opened if fence else None)


@lru_cache(maxsize=8)
def _mask(text: str) -> tuple[tuple[int, str], ...]:
    return tuple((index, mask_code(line)) for index, (line, is_text) in enumerate(_scan(text).lines) if is_text)


def code_blocks(text: str) -> tuple[tuple[int, int], ...]:
    """Give the first and last line of each piece of fenced code, both fences, counted from 0."""
    return _scan(text).code


def lines_outside_code(text: str, first_line: int) -> Iterator[tuple[int, str, bool]]:
    """Go through the lines of ``text``: number, line, and whether it is outside fenced code (the fences are inside)."""
    for number, (line, is_text) in enumerate(_scan(text).lines, first_line):
        yield number, line, is_text


def masked_lines(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Go through the lines outside fenced code, each with its number, code spans and escapes masked."""
    for index, line in _mask(text):
        yield first_line + index, line


def mask_code(line: str) -> str:
    """Mask code spans and escaped signs, so that what they show is not taken for markup."""
    if "`" not in line and "\\" not in line:
        return line
    return SPAN_OR_ESCAPE.sub(lambda match: match[0] if match[0] == match[1] else MASK * len(match[0]), line)


def without_markers(line: str) -> str:
    """Give a line without its indent and the signs of a quotation and of a list item."""
    match = _MARKERS.match(line)
    return line[match.end() :] if match else line


def begins_table(line: str, following: str) -> bool:
    """Whether ``line`` is a table's first row, by the rule on the line that follows."""
    return "|" in line and bool(_RULE.match(without_markers(following)))


def is_rule(line: str) -> bool:
    """Whether ``line`` is what stands between a table's first row and the others."""
    return bool(_RULE.match(without_markers(line)))


def split_cells(row: str) -> list[str]:
    """Cut a table's row at its bars, those in code and escaped ones left alone."""
    row = row.strip(" \t")
    masked = mask_code(row)
    start, end = int(masked.startswith("|")), len(row)
    if masked.endswith("|") and end > start:
        end -= 1
    cells = []
    for cell in masked[start:end].split("|"):
        cells.append(row[start : start + len(cell)].strip(" \t"))
        start += len(cell) + 1
    return cells


def is_blank(line: str) -> bool:
    """Whether Markdown takes ``line`` for the end of a paragraph; other white space than these two does not end one."""
    return not line.strip(" \t")


def find_code_problems(text: str, first_line: int = 1) -> list[Problem]:
    """Find code that does not end, code fences out of place, and backticks without a second one on their line."""
    problems = []
    opened = _scan(text).open_fence
    if opened is not None:
        problems.append(Problem(first_line + opened, "a code block that does not end", "a line of ``` alone after the code"))
    for number, line in masked_lines(text, first_line):
        if _LIKE_A_FENCE.match(line):
            right = "``` at the start of a line, alone or with one word after it"
            problems.append(Problem(number, "a code fence that is indented or says too much", right))
        elif "`" in line:
            problems.append(Problem(number, "a backtick without a second one on its line", "`code`, or \\` for the sign itself"))
    return problems
