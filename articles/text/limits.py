"""What text may come in at all: characters, and how much of what.

The Markdown parser takes more than linear time on some texts (thousands of ``[``, ``*`` or nested lists), and much time for each
byte of others (tiny list items and table cells), so a text is measured before it is parsed. ``benchmarks/render.py`` shows that
the worst text within these limits costs at most five times an ordinary one.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from articles.text.lines import is_blank
from articles.text.problems import Problem

MAX_BYTES = 200_000
MAX_LINE = 5_000
MAX_NESTING = 6
MAX_FENCES = 100
MAX_TAGS = 500
MAX_PARTS = 4_000

# Of lines without a blank one between
MAX_BLOCK = 20_000
MAX_BLOCK_LINES = 150
MAX_MARKS = 200
MAX_OPEN = 8

# Of a whole text: what costs time however short it is counts as pieces, and there may be as many as the text is long.
FREE_PIECES = 600
BYTES_A_PIECE = 7
CELL_PIECES = 2
LINK_PIECES = 2
BLOCK_PIECES = 4

_BEGINS_NESTING = frozenset(" \t>*+-0123456789")
_PREFIX = re.compile(r"(?: |>|[-*+](?= )|\d+[.)](?= ))+")
_MARKER = re.compile(r">|[-*+]|\d+[.)]")
_MARKS = re.compile(r"[*_`<&\\]")
_SIGNS = "#*_`<>&\\["
_BRACKETS = re.compile(r"[\[\]]")
_ITEM = re.compile(r"( *)([-*+]|\d+\.) ")
_ENDS_LIST = re.compile(r" *(?:#|[-_*= ]+$)")
_TAG = re.compile(r"<[A-Za-z/!?]")
_RULE = frozenset("|:- >\t")
_REORDERING = frozenset("LRE RLE LRO RLO PDF LRI RLI FSI PDI L R AL".split())
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def decode(data: bytes, limit: int = MAX_BYTES) -> tuple[str, list[Problem]]:
    """Decode a file's bytes: the text and its faults (wrong encoding, forbidden characters, too large). A faulty text is
    empty.
    """
    if len(data) > limit:
        return "", [Problem(1, f"more than {limit:,} bytes", f"at most {limit:,} bytes; split it")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", [Problem(line, f"byte {error.start} is not valid UTF-8", "save the file as UTF-8")]
    problems = find_forbidden_characters(text)
    return ("" if problems else text), problems


def find_forbidden_characters(text: str) -> list[Problem]:
    """Find characters no text may hold: controls, lone surrogates, byte-order marks, carriage returns, reordering marks.

    One problem for each line and character, about twenty at most.
    """
    problems: list[Problem] = []
    if not _FORBIDDEN.search(text):
        return problems
    for number, line in enumerate(text.split("\n"), 1):
        for character in dict.fromkeys(_FORBIDDEN.findall(line)):
            is_first = number == 1 and line.startswith(character)
            problems.append(Problem(number, *_explain(character, is_first=is_first)))
            if character == "\r":  # then every line has one
                return problems
        if len(problems) >= 20:
            break
    return problems


def _explain(character: str, *, is_first: bool) -> tuple[str, str]:
    if character == "\r":
        return "the line ends with a carriage return", "end lines with a line feed alone (LF, not CRLF or CR)"
    if character == "\ufeff" and is_first:
        return "the file begins with a byte-order mark", "save the file as UTF-8 without one"
    code = f"U+{ord(character):04X}"
    if unicodedata.bidirectional(character) in _REORDERING:
        return f"the character {code} reorders or hides text", "delete it"
    return f"the character {code} cannot be shown", "delete it"


def find_too_large(text: str) -> list[Problem]:
    """Find a text that is too large."""
    size = _size(text)
    if size <= MAX_BYTES:
        return []
    return [Problem(1, f"a text of {size:,} bytes", f"at most {MAX_BYTES:,} bytes; split it into several")]


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def find_over_limits(text: str, first_line: int = 1) -> list[Problem]:
    """Find what is too much for the parser; ``first_line`` is the number of the text's first line in its file."""
    if problems := find_too_large(text):
        return problems
    lines = text.split("\n")
    pieces = len(lines)
    parts = 0
    start: int | None = None
    for index, line in enumerate([*lines, ""]):
        levels = _nesting(line)
        pieces += levels
        parts += levels > 0
        if len(line) > MAX_LINE:
            problems.append(Problem(first_line + index, f"the line is {len(line):,} characters long", f"at most {MAX_LINE:,}"))
        if levels > MAX_NESTING:
            right = f"at most {MAX_NESTING} levels"
            problems.append(Problem(first_line + index, "lists or quotations nested too deeply", right))
        if not is_blank(line):
            start = index if start is None else start
        elif start is not None:
            parts += 1
            block = lines[start:index]
            problems += _find_in_block(block, first_line + start)
            pieces += CELL_PIECES * _count_cells(block)
            start = None
    fences = sum(line.lstrip(" \t>").startswith(("```", "~~~")) for line in lines)
    if fences > MAX_FENCES:
        problems.append(Problem(first_line, f"{fences:,} lines that begin or end code", f"at most {MAX_FENCES}"))
    if (tags := len(_TAG.findall(text))) > MAX_TAGS:
        problems.append(
            Problem(first_line, f"{tags:,} less-than signs before letters", f"at most {MAX_TAGS}; HTML is not Markdown")
        )
    if parts > MAX_PARTS:
        what = f"{parts:,} paragraphs and list items"
        problems.append(Problem(first_line, what, f"at most {MAX_PARTS:,}; split the text into several"))
    return problems + _find_crumbs(text, first_line, pieces)


def _nesting(line: str) -> int:
    """How many levels of lists and quotations a line is in, an indent taken for one."""
    if line[:1] not in _BEGINS_NESTING:
        return 0
    start = _PREFIX.match(line.expandtabs(4))
    return len(_MARKER.findall(start.group())) + start.group().count(" ") // 4 if start else 0


def _find_crumbs(text: str, first_line: int, pieces: int) -> list[Problem]:
    pieces += sum(map(text.count, _SIGNS)) + LINK_PIECES * text.count("](") + BLOCK_PIECES * text.count("!!!")
    most = FREE_PIECES + _size(text) // BYTES_A_PIECE
    if pieces <= most:
        return []
    what = f"{pieces:,} lines, list items, table cells and signs such as *"
    return [Problem(first_line, what, f"at most {most:,} in a text of this length; fewer and longer ones")]


def _find_in_block(lines: list[str], number: int) -> Iterator[Problem]:
    """Look at lines without a blank one between, which the parser takes in one go."""
    right = "leave a blank line between parts"
    if len(lines) > MAX_BLOCK_LINES:
        yield Problem(number, f"{len(lines):,} lines without a blank one", f"at most {MAX_BLOCK_LINES}; {right}")
    text = "\n".join(lines)
    if len(text) > MAX_BLOCK:
        yield Problem(number, f"{len(text):,} characters without a blank line", f"at most {MAX_BLOCK:,}; {right}")
    if _count_open(text) > MAX_OPEN:
        yield Problem(number, f"more than {MAX_OPEN} brackets open at once", "close each `[` with a `]`")
    if len(_MARKS.findall(text)) > MAX_MARKS:
        for index, item in _items(lines):
            if (marks := len(_MARKS.findall(item))) > MAX_MARKS:
                what = f"{marks:,} stars, backticks and the like in one paragraph or list item"
                yield Problem(number + index, what, f"at most {MAX_MARKS}; {right}")


def _count_open(text: str) -> int:
    most = still = 0
    if text.count("[") > MAX_OPEN:
        for bracket in _BRACKETS.findall(text):
            still = still + 1 if bracket == "[" else max(0, still - 1)
            most = max(most, still)
    return most


def _items(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Cut a list at its items, those indented and marked like the first; what is not plainly a list is given whole."""
    first = _ITEM.match(lines[0])
    starts = [0]
    if first and not any(_ENDS_LIST.match(line) for line in lines):
        is_numbered = first[2][0].isdigit()
        for index, line in enumerate(lines[1:], 1):
            item = _ITEM.match(line)
            if item and item[1] == first[1] and item[2][0].isdigit() == is_numbered:
                starts.append(index)
    for start, end in pairwise([*starts, len(lines)]):
        yield start, "\n".join(lines[start:end])


def _count_cells(lines: list[str]) -> int:
    """Count the cells of a table, written or not: each row gets as many as the first has."""
    columns = 0
    for header, rule in pairwise(lines):
        if "|" in rule and set(rule) <= _RULE:
            columns = max(columns, header.count("|") + 1)
    return columns * len(lines)
