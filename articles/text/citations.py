"""Citations and no-citation marks, as writers type them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from articles.grading import CERTAINTY_WORDS, Certainty
from articles.text.lines import is_blank, masked_lines
from articles.text.problems import Problem

KEY = re.compile(r"[A-Z0-9][A-Z0-9-]{0,79}")
CITATION = re.compile(r"\[(@[^\[\]]{1,400})\]")
NO_CITATION = re.compile(r"\[no-citation:([^\[\]]{0,100})\]")
WHOLE_PARAGRAPH = "whole paragraph"
CERTAINTY_SUFFIXES = {CERTAINTY_WORDS[level].lower(): level for level in CERTAINTY_WORDS if level is not Certainty.NONE_FOUND}
"""What may follow the keys to grade one statement apart from its section: "low certainty"."""

_AFTER_STOP = re.compile(r"[.!?…][\"'”’)*_]*[ \t\n>]*\[(?:@|no-citation:)")
_NO_STOP = re.compile(r"\b(?:al|e\.g|i\.e|vs)\.", re.IGNORECASE)
_DEFINITION = re.compile(r"^(?:[ \t>]|[*+-][ \t]|\d+[.)][ \t])*\[@[^\[\]]*\]:", re.MULTILINE)
_STRAY = re.compile(r"\[@|\[no-citation", re.IGNORECASE)


class NoCitation(StrEnum):
    """Why a sentence needs no source."""

    DEFINITION = "definition"
    ADVICE = "advice"
    ABOUT_THIS_PAGE = "about-this-page"
    SIGNPOST = "signpost"


@dataclass(frozen=True, slots=True)
class Citation:
    """The works a sentence, or a whole paragraph or list item, rests on, and how sure we are where that was said here."""

    keys: tuple[str, ...]
    is_whole_paragraph: bool = False
    certainty: Certainty | None = None


@lru_cache(maxsize=1024)
def parse_citation(inside: str) -> Citation | None:
    """Read what stands between the brackets (``@A; @B, low certainty, whole paragraph``); None where it is not a citation."""
    works, *suffixes = inside.split(",")
    said = [" ".join(suffix.split()) for suffix in suffixes]
    levels = [CERTAINTY_SUFFIXES[suffix] for suffix in said if suffix in CERTAINTY_SUFFIXES]
    if len(levels) > 1 or len(set(said)) < len(said) or set(said) - CERTAINTY_SUFFIXES.keys() - {WHOLE_PARAGRAPH}:
        return None
    keys = []
    for work in works.split(";"):
        key = work.strip()
        if not key.startswith("@") or not KEY.fullmatch(key[1:]) or key[1:] in keys:
            return None
        keys.append(key[1:])
    return Citation(tuple(keys), WHOLE_PARAGRAPH in said, levels[0] if levels else None)


def parse_no_citation(inside: str) -> NoCitation | None:
    """Read the reason of a mark; None where it is not one of ours."""
    try:
        return NoCitation(inside.strip())
    except ValueError:
        return None


def find_citations(text: str, first_line: int = 1) -> Iterator[tuple[int, Citation]]:
    """Find the citations of ``text`` outside code, each with its line."""
    return ((first_line + line, citation) for line, citation in _citations(text))


@lru_cache(maxsize=64)  # the parts of a text are asked for their citations by the checks, the boxes and the lists
def _citations(text: str) -> tuple[tuple[int, Citation], ...]:
    """Give the citations of a text outside code, their lines counted from 0."""
    return tuple(_read_citations(text)) if "[@" in text else ()


def _read_citations(text: str) -> Iterator[tuple[int, Citation]]:
    for line, found in _texts(text, 0):
        for match in CITATION.finditer(found):
            if citation := parse_citation(match[1]):
                yield line + found.count("\n", 0, match.start()), citation


def find_citation_problems(text: str, first_line: int = 1) -> list[Problem]:
    """Find citations and marks that are misspelt or stand after the full stop, and link definitions that look like citations."""
    problems: list[Problem] = []
    if "[" not in text:
        return problems
    for first, found in _texts(text, first_line):
        if "[" not in found:
            continue
        for match in _DEFINITION.finditer(found):
            line = first + found.count("\n", 0, match.start())
            right = "the address in the link itself, and no colon after a citation at the start of a line"
            problems.append(Problem(line, "a link definition that looks like a citation", right))
        for match in _AFTER_STOP.finditer(found):
            if not _NO_STOP.search(found, max(0, match.start() - 3), match.start() + 1):
                line = first + found.count("\n", 0, match.end())
                problems.append(Problem(line, "a citation after the full stop", "put it before: `... in rats [@KEY].`"))
        for match in _STRAY.finditer(found):
            if not _is_well_formed(found, match.start()):
                line = first + found.count("\n", 0, match.start())
                shown = found[match.start() : match.start() + 40].split("\n")[0]
                reasons = ", ".join(NoCitation)
                forms = f"[@KEY], [@KEY; @KEY], [@KEY, {WHOLE_PARAGRAPH}], [@KEY, low certainty] or [no-citation: reason]"
                right = f"{forms}, the reason one of {reasons}"
                problems.append(Problem(line, f"`{shown}` is not a citation", right))
    return problems


def _is_well_formed(text: str, start: int) -> bool:
    if match := CITATION.match(text, start):
        return parse_citation(match[1]) is not None
    if match := NO_CITATION.match(text, start):
        return parse_no_citation(match[1]) is not None
    return False


def _texts(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Give the paragraphs outside code, each with its first line: a citation may run over a line's end."""
    paragraph: list[str] = []
    end = first_line
    for number, line in masked_lines(text, first_line):
        is_text = not is_blank(line)
        if paragraph and (number != end + 1 or not is_text):
            yield end - len(paragraph) + 1, "\n".join(paragraph)
            paragraph = []
        if is_text:
            paragraph.append(line)
            end = number
    if paragraph:
        yield end - len(paragraph) + 1, "\n".join(paragraph)
