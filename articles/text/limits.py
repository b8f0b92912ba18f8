"""What text may come in at all: characters, and how much of what.

The Markdown parser takes more than linear time on some texts (thousands of ``[``, ``*`` or nested lists), so the text is measured
before it is parsed. ``benchmarks/render.py`` shows that the worst text within these limits costs at most five times an
ordinary one.
"""

import re
import unicodedata
from itertools import groupby

from articles.text.problems import Problem

MAX_BYTES = 200_000
MAX_LINE = 5_000
MAX_NESTING = 6
MAX_MARKS = 200

_LIST_OR_QUOTE = re.compile(r"(?: *(?:>|[-*+](?= )|\d+[.)](?= )))+")
_MARKER = re.compile(r">|[-*+]|\d+[.)]")
_MARKS = re.compile(r"[\[\]()!*_`<>\"'&|\\~^]")
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

    One problem for each line and character, at most twenty.
    """
    problems = []
    seen = set()
    for match in _FORBIDDEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if (line, match.group()) in seen:
            continue
        seen.add((line, match.group()))
        problems.append(Problem(line, *_explain(match.group(), match.start())))
        if len(problems) == 20 or match.group() == "\r":
            break
    return problems


def _explain(character: str, position: int) -> tuple[str, str]:
    if character == "\r":
        return "the line ends with a carriage return", "end lines with a line feed alone (LF, not CRLF or CR)"
    if character == "\ufeff" and position == 0:
        return "the file begins with a byte-order mark", "save the file as UTF-8 without one"
    code = f"U+{ord(character):04X}"
    if unicodedata.bidirectional(character) in {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
        "L",
        "R",
        "AL",
    }:
        return f"the character {code} reorders or hides text", "delete it"
    return f"the character {code} cannot be shown", "delete it"


def find_over_limits(text: str, first_line: int = 1) -> list[Problem]:
    """Find what is too much for the parser: size, length of a line, nesting, and marks (brackets, stars...) in one paragraph.

    ``first_line`` is the number of the text's first line in its file.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return [Problem(first_line, f"a text of {size:,} bytes", f"at most {MAX_BYTES:,} bytes; split it into several")]
    problems = []
    numbered = list(enumerate(text.split("\n"), first_line))
    for number, line in numbered:
        if len(line) > MAX_LINE:
            problems.append(Problem(number, f"the line is {len(line):,} characters long", f"at most {MAX_LINE:,}"))
        if _nesting(line) > MAX_NESTING:
            problems.append(Problem(number, "lists or quotations nested too deeply", f"at most {MAX_NESTING} levels"))
    for is_blank, lines in groupby(numbered, key=lambda item: not item[1].strip()):
        paragraph = list(lines)
        marks = 0 if is_blank else sum(_count_marks(line) for _, line in paragraph)
        if marks > MAX_MARKS:
            what = f"{marks:,} brackets, stars, quotation marks and the like in one paragraph"
            problems.append(Problem(paragraph[0][0], what, f"at most {MAX_MARKS}; leave a blank line between parts"))
    return problems


def _nesting(line: str) -> int:
    indent = (len(line) - len(line.lstrip(" "))) // 4
    start = _LIST_OR_QUOTE.match(line)
    return indent + (len(_MARKER.findall(start.group())) if start else 0)


def _count_marks(line: str) -> int:
    return len(_MARKS.findall(line))
