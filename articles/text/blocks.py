"""Cutting a section's text into prose and blocks (``!!! kind "Heading"`` and an indented text)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from articles.text.lines import is_blank, lines_outside_code
from articles.text.problems import Problem


class BlockKind(StrEnum):
    """What a block is; its value is what writers type."""

    ANSWER = "answer"
    WHY = "why"
    NOT_KNOWN = "not-known"
    EMERGENCY = "emergency"
    URGENT = "urgent"
    SEE_DOCTOR = "see-doctor"
    QUESTIONS = "questions"
    HARMS = "harms"
    NUMBER = "number"


EVIDENCE_KINDS = (BlockKind.ANSWER, BlockKind.WHY, BlockKind.NOT_KNOWN)
CARE_KINDS = (BlockKind.EMERGENCY, BlockKind.URGENT, BlockKind.SEE_DOCTOR)

_START = re.compile(r"!!!(?P<rest>.*)$")
_WORDS = re.compile(r"[ \t]+(?P<kind>[\w-]+)(?:[ \t]+\"(?P<title>[^\"]*)\")?[ \t]*$")
_HIDDEN_START = re.compile(r"(?:[ \t]|>|[*+-][ \t]|\d+[.)][ \t])+!!!")
_ITEM = re.compile(r"[-*+][ \t]+(.*)$")
_COUNT = re.compile(r"(\d{1,3}) of 100\b")
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of Markdown and the line it begins on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its kind, heading ("" where it has none), text without the indent, its first line and its text's first line."""

    kind: BlockKind
    title: str
    text: str
    line: int
    text_line: int


def split_blocks(text: str, first_line: int) -> tuple[list[Prose | Block], list[Problem]]:
    """Cut a section's text into prose and blocks, in order; what is faulty is kept as prose and reported."""
    problems: list[Problem] = []
    parts: list[Prose | Block] = []
    prose: list[str] = []
    prose_line = first_line
    numbered = list(lines_outside_code(text, first_line))
    for number, line, is_text in numbered:
        if is_text and _HIDDEN_START.match(line):
            problems.append(Problem(number, "an indented block", "`!!!` at the start of a line, outside lists and quotations"))
    index = 0
    while index < len(numbered):
        number, line, is_text = numbered[index]
        start = _START.match(line) if is_text else None
        index += 1
        if start is None:
            prose.append(line)
            continue
        end = _end_of_block(numbered, index)
        body = [line for _, line, _ in numbered[index:end]]
        block = _block(start["rest"], number, body, problems)
        index = end
        _check_after(numbered, end, problems)
        if block is None:
            prose += [line, *body]
            continue
        if "".join(prose).strip():
            parts.append(Prose("\n".join(prose), prose_line))
        prose, prose_line = [], first_line + end
        parts.append(block)
    if "".join(prose).strip():
        parts.append(Prose("\n".join(prose), prose_line))
    return parts, problems


def _end_of_block(lines: list[tuple[int, str, bool]], start: int) -> int:
    """Give the index behind the lines that belong to a block: indented by four spaces, or blank between such."""
    end = start
    for index in range(start, len(lines)):
        line = lines[index][1]
        if line.startswith(INDENT) and not is_blank(line):
            end = index + 1
        elif not is_blank(line):
            break
    return end


def _check_after(lines: list[tuple[int, str, bool]], end: int, problems: list[Problem]) -> None:
    """Report text under a block that is indented, but not by four spaces, and text right under it."""
    for number, line, _ in lines[end : end + 3]:
        is_right_under = number == lines[end][0] and not _START.match(line)
        if not is_blank(line):
            if line.startswith((" ", "\t")) or is_right_under:
                right = "four spaces, or a blank line"
                problems.append(Problem(number, "a line of a block that is not indented by four spaces", right))
            return


def _block(rest: str, line: int, lines: list[str], problems: list[Problem]) -> Block | None:
    words = _WORDS.match(rest)
    if not words:
        problems.append(Problem(line, f"the block `!!!{rest[:60]}`", '`!!! kind "Heading"`, with straight quotation marks'))
        return None
    try:
        kind = BlockKind(words["kind"])
    except ValueError:
        problems.append(Problem(line, f"the unknown block `{words['kind'][:60]}`", "one of: " + ", ".join(BlockKind)))
        return None
    title = (words["title"] or "").strip()
    found = list(_find_block_problems(kind, title, lines, line))
    problems += found
    text = "\n".join(item.removeprefix(INDENT) for item in lines)
    return Block(kind, title, text, line, line + 1) if text.strip() else None


def _find_block_problems(kind: BlockKind, title: str, lines: list[str], line: int) -> Iterable[Problem]:
    if not "".join(lines).strip():
        yield Problem(line, f"the block `{kind}` without text", "its text below it, indented by four spaces")
    if kind in EVIDENCE_KINDS:
        if title:
            yield Problem(line, f"the block `{kind}` with a heading", "none; the page writes it")
    elif not title or title.lower() in {kind.value, kind.value.replace("-", " "), kind.value.capitalize()}:
        yield Problem(line, f"the block `{kind}` without a heading of its own", f'words such as `!!! {kind} "Do this if"`')
    if kind is BlockKind.NUMBER:
        yield from _find_number_problems(title, lines, line)


def _find_number_problems(title: str, lines: list[str], line: int) -> Iterable[Problem]:
    if not _COUNT.match(title):
        yield Problem(line, "a number block whose heading does not begin with a count", '`!!! number "86 of 100 people ..."`')
    counts = [count for count, _ in number_items("\n".join(item.removeprefix(INDENT) for item in lines))[0]]
    if not 2 <= len(counts) <= 3 or None in counts or sum(count or 0 for count in counts) != 100:
        right = "two or three list items that begin `N of 100` and add up to 100"
        yield Problem(line, "a number block whose list does not make 100", right)


def number_items(text: str) -> tuple[list[tuple[int | None, str]], str]:
    """Take apart the text of a number block: its items as (count, words), and the text after its list.

    A count is None where an item does not begin with ``N of 100``.
    """
    items: list[tuple[int | None, str]] = []
    lines = text.strip("\n").split("\n")
    while lines and (item := _ITEM.match(lines[0])):
        count = _COUNT.match(item[1])
        items.append((int(count[1]) if count else None, item[1]))
        lines.pop(0)
    return items, "\n".join(lines).strip("\n")
