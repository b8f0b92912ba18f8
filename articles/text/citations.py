"""Citations and no-citation marks, as writers type them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from articles.text.problems import Problem
from articles.text.sections import lines_outside_code, mask_code

KEY = re.compile(r"[A-Z0-9][A-Z0-9-]{0,79}")
CITATION = re.compile(r"\[(@[^\[\]]{1,400})\]")
NO_CITATION = re.compile(r"\[no-citation:([^\[\]]{0,100})\]")
WHOLE_PARAGRAPH = "whole paragraph"

_AFTER_STOP = re.compile(r"[.!?…][\"'”’)*_]*[ \t]*\[(?:@|no-citation:)")
_DEFINITION = re.compile(r" {0,3}\[@[^\]]*\]:")
_STRAY = re.compile(r"\[@|\[no-citation", re.IGNORECASE)


class NoCitation(StrEnum):
    """Why a sentence needs no source."""

    DEFINITION = "definition"
    ADVICE = "advice"
    ABOUT_THIS_PAGE = "about-this-page"
    SIGNPOST = "signpost"


@dataclass(frozen=True, slots=True)
class Citation:
    """The works a sentence, or a whole paragraph or list item, rests on."""

    keys: tuple[str, ...]
    is_whole_paragraph: bool = False


def parse_citation(inside: str) -> Citation | None:
    """Read what stands between the brackets (``@A; @B, whole paragraph``); None where it is not a citation."""
    works, comma, suffix = inside.partition(",")
    if comma and " ".join(suffix.split()) != WHOLE_PARAGRAPH:
        return None
    keys = []
    for work in works.split(";"):
        key = work.strip()
        if not key.startswith("@") or not KEY.fullmatch(key[1:]) or key[1:] in keys:
            return None
        keys.append(key[1:])
    return Citation(tuple(keys), bool(comma))


def parse_no_citation(inside: str) -> NoCitation | None:
    """Read the reason of a mark; None where it is not one of ours."""
    try:
        return NoCitation(inside.strip())
    except ValueError:
        return None


def find_citations(text: str, first_line: int = 1) -> Iterator[tuple[int, Citation]]:
    """Find the citations of ``text`` outside code, each with its line."""
    for line, found in _texts(text, first_line):
        for match in CITATION.finditer(found):
            if citation := parse_citation(match[1]):
                yield line + found.count("\n", 0, match.start()), citation


def find_citation_problems(text: str, first_line: int = 1) -> list[Problem]:
    """Find citations and marks that are misspelt or stand after the full stop, and link definitions that look like citations."""
    problems = []
    for first, found in _texts(text, first_line):
        for match in _DEFINITION.finditer(found):
            line = first + found.count("\n", 0, match.start())
            problems.append(Problem(line, "a link definition that looks like a citation", "another label, without `@`"))
        for match in _AFTER_STOP.finditer(found):
            line = first + found.count("\n", 0, match.end())
            problems.append(Problem(line, "a citation after the full stop", "put it before: `... in rats [@KEY].`"))
        for match in _STRAY.finditer(found):
            if not _is_well_formed(found, match.start()):
                line = first + found.count("\n", 0, match.start())
                shown = found[match.start() : match.start() + 40].split("\n")[0]
                reasons = ", ".join(NoCitation)
                right = f"[@KEY], [@KEY; @KEY], [@KEY, {WHOLE_PARAGRAPH}] or [no-citation: reason], the reason one of {reasons}"
                problems.append(Problem(line, f"`{shown}` is not a citation", right))
    return problems


def _is_well_formed(text: str, start: int) -> bool:
    if match := CITATION.match(text, start):
        return parse_citation(match[1]) is not None
    if match := NO_CITATION.match(text, start):
        return parse_no_citation(match[1]) is not None
    return False


def _texts(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Give the paragraphs outside fenced code, code spans blanked, each with its first line: a citation may run over a
    line's end.
    """
    paragraph: list[str] = []
    start = first_line
    for number, line, is_text in lines_outside_code(text + "\n", first_line):
        if is_text and line.strip():
            if not paragraph:
                start = number
            paragraph.append(line)
        elif paragraph:
            yield start, mask_code("\n".join(paragraph))
            paragraph = []
    if paragraph:
        yield start, mask_code("\n".join(paragraph))
