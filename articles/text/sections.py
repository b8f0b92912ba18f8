"""Cutting a body into its sections, at the top-level ``##`` headings outside code."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from articles.grading import Certainty
from articles.text.fields import SLUG
from articles.text.problems import Problem
from articles.text.reserved_ids import is_reserved

_FENCE = re.compile(r" {0,3}(```+|~~~+)(.*)$")
_SECTION = re.compile(r"##(?!#)[ \t]*(.*?)[ \t]*#*[ \t]*$")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_NESTED_HEADING = re.compile(r"(?=[ \t]*(?:[>*+-]|\d+[.)]|[ \t]))(?:[ \t]|>|[*+-](?=[ \t])|\d+[.)](?=[ \t]))+#{1,6}[ \t]+\S")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_ATTRIBUTES = re.compile(r"[ \t]*\{:?([^{}]*)\}[ \t]*$")
_ATTRIBUTE_LIST = re.compile(r"\{:[^{}]*\}|\{[ \t]*[#.][\w-][^{}]*\}")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its id and heading, its certainty where it speaks of an effect, its text, and the line its text begins on."""

    id: str
    heading: str
    certainty: Certainty | None
    text: str
    line: int

    @property
    def short_heading(self) -> str:
        """The words before the colon, where the heading has one."""
        return self.heading.partition(":")[0].strip()


def slugify(words: str) -> str:
    """Make an id or an address from words: small ASCII letters, digits and hyphens; "section" where nothing is left."""
    ascii_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_words).strip("-")[:80].strip("-") or "section"


def mask_code(line: str) -> str:
    """Blank out code spans, so that what they show is not taken for markup."""
    return _CODE_SPAN.sub(lambda match: " " * len(match.group()), line)


def lines_outside_code(text: str, first_line: int) -> Iterator[tuple[int, str, bool]]:
    """Go through the lines of ``text``: the line's number, the line, and whether it is outside fenced code (fences are
    inside).
    """
    fence = ""
    for number, line in enumerate(text.split("\n"), first_line):
        match = _FENCE.match(line)
        if fence:
            yield number, line, False
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and "`" not in match[2]:
            fence = match[1]
            yield number, line, False
        else:
            yield number, line, True


def split_sections(body: str, first_line: int = 1) -> tuple[list[Section], list[Problem]]:
    """Cut ``body`` into sections; ``first_line`` is its first line's number in the file.

    Faulty parts are kept as well as may be, so that a preview can show them; all problems are given beside.
    """
    problems = find_heading_problems(body, first_line) + _find_open_fence(body, first_line)
    sections: list[Section] = []
    heading: tuple[int, str] | None = None
    lines: list[str] = []
    start = first_line

    def close() -> None:
        text = "\n".join(lines)
        if heading is not None:
            sections.append(_section(heading[1], heading[0], text, start, {known.id for known in sections}, problems))
        elif text.strip():
            line = start + len(text) - len(text.lstrip("\n"))
            problems.append(Problem(line, "text before the first section", "put it under a heading such as `## What it is`"))
            sections.append(Section("", "", None, text, start))

    for number, line, is_text in lines_outside_code(body, first_line):
        match = _SECTION.match(line) if is_text else None
        if match:
            close()
            heading, lines, start = (number, match[1]), [], number + 1
        else:
            lines.append(line)
    close()
    if not any(section.id for section in sections):
        problems.append(Problem(first_line, "no section", "at least one heading such as `## What it is {#what-it-is}`"))
    return sections, problems


def _section(written: str, line: int, text: str, text_line: int, taken: set[str], problems: list[Problem]) -> Section:
    heading, values = _read_attributes(written, line, problems)
    if not heading:
        problems.append(Problem(line, "a section without a heading", "words after `##`"))
    section_id = values.get("id") or slugify(heading)
    if not SLUG.fullmatch(section_id) or len(section_id) > 80:
        right = "small letters, digits and single hyphens, at most 80, such as {#improved-balance}"
        problems.append(Problem(line, f"the section id {section_id[:60]!r}", right))
        section_id = slugify(section_id)
    if is_reserved(section_id):
        what = f"the section id `{section_id}` is a name that browsers or our own pages use"
        problems.append(Problem(line, what, f"another, such as {{#about-{section_id}}}"))
        section_id = f"about-{section_id}"
    if section_id in taken:
        problems.append(Problem(line, f"the section id `{section_id}` is used twice", "give each section its own {#id}"))
        section_id = next(f"{section_id}-{n}" for n in range(2, 10**6) if f"{section_id}-{n}" not in taken)
    return Section(section_id, heading, _certainty(values.get("certainty"), line, problems), text, text_line)


def _read_attributes(written: str, line: int, problems: list[Problem]) -> tuple[str, dict[str, str]]:
    match = _ATTRIBUTES.search(written)
    if not match:
        return written, {}
    values: dict[str, str] = {}
    right = "{#id} or {#id certainty=low}"
    for word in match[1].split():
        name, _, value = ("id", "", word[1:]) if word.startswith("#") else word.partition("=")
        value = value.strip("\"'")
        if name not in {"id", "certainty"} or not value:
            problems.append(Problem(line, f"`{word[:60]}` is no attribute of a section", right))
        elif name in values:
            problems.append(Problem(line, f"the attribute {name} is given twice", right))
        else:
            values[name] = value
    return written[: match.start()].strip(), values


def _certainty(value: str | None, line: int, problems: list[Problem]) -> Certainty | None:
    if value is None:
        return None
    try:
        return Certainty(value)
    except ValueError:
        problems.append(Problem(line, f"certainty={value[:60]}", "one of: " + ", ".join(Certainty)))
        return None


def _find_open_fence(body: str, first_line: int) -> list[Problem]:
    opened = 0
    was_text = True
    for number, _, is_text in lines_outside_code(body + "\n", first_line):
        if was_text and not is_text:
            opened = number
        was_text = is_text
    if was_text:
        return []
    return [Problem(opened, "a code block that does not end", "a line of ``` alone after the code")]


def find_heading_problems(body: str, first_line: int) -> list[Problem]:
    """Find headings that the format does not know, and attribute lists elsewhere than on a section's heading."""
    problems = []
    before = ""
    for number, line, is_text in lines_outside_code(body, first_line):
        if not is_text:
            before = ""
            continue
        heading = _HEADING.match(line)
        if heading and len(heading[1]) == 1:
            problems.append(Problem(number, "a heading of level 1", "`##`; the title stands in the front matter"))
        elif heading and len(heading[1]) > 4:
            problems.append(Problem(number, f"a heading of level {len(heading[1])}", "`###` or `####`"))
        elif _NESTED_HEADING.match(line):
            problems.append(Problem(number, "a heading inside a list, quotation or block", "begin the line with `##` or `###`"))
        elif _UNDERLINE.match(line) and before.strip() and not _HEADING.match(before):
            problems.append(Problem(number, "a heading made by underlining", "`## Heading`, or a blank line before the rule"))
        if not _SECTION.match(line) and _ATTRIBUTE_LIST.search(mask_code(line)):
            problems.append(Problem(number, "an attribute list", "these stand on `##` headings only"))
        before = line
    return problems
