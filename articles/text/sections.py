"""Cutting a body into its sections, at the top-level ``##`` headings outside code."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from articles.grading import Certainty
from articles.text.fields import SLUG
from articles.text.lines import find_code_problems, lines_outside_code, masked_lines
from articles.text.problems import Problem
from articles.text.reserved_ids import is_reserved

MAX_SECTION_ID = 80

_NESTED_HEADING = re.compile(r"(?:[ \t>]|[*+-][ \t]|\d+[.)][ \t])+#")
_MARKUP = re.compile(r"[\[\]*`{}\\]|&#?\w+;")
_ATTRIBUTE_LIST = re.compile(r"\{:[^{}]*\}|\{[ \t]*[#.][\w-][^{}]*\}")


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


def split_sections(body: str, first_line: int = 1) -> tuple[list[Section], list[Problem]]:
    """Cut ``body`` into sections; ``first_line`` is its first line's number in the file.

    Faulty parts are kept as well as may be, so that a preview can show them; all problems are given beside.
    """
    problems = find_heading_problems(body, first_line) + find_code_problems(body, first_line)
    sections: list[Section] = []
    ids = Ids()
    heading: tuple[int, str] | None = None
    lines: list[str] = []
    start = first_line

    def close() -> None:
        text = "\n".join(lines)
        if heading is not None:
            sections.append(_section(*heading, text, ids, problems))
        elif text.strip():
            line = start + len(text) - len(text.lstrip("\n"))
            problems.append(Problem(line, "text before the first section", "put it under a heading such as `## What it is`"))
            sections.append(Section("", "", None, text, start))

    for number, line, is_text in lines_outside_code(body, first_line):
        if is_text and _level(line) == 2:
            close()
            heading, lines, start = (number, line), [], number + 1
        else:
            lines.append(line)
    close()
    if not any(section.id for section in sections):
        problems.append(Problem(first_line, "no section", "at least one heading such as `## What it is {#what-it-is}`"))
    return sections, problems


class Ids:
    """The ids in use, and a free one like any of them without trying all that are taken."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._last: Counter[str] = Counter()

    def free(self, wanted: str) -> str:
        """Give ``wanted``, or the first free one of ``wanted-2``, ``wanted-3``..., and take it."""
        name = wanted
        while name in self.taken:
            self._last[wanted] += 1
            name = f"{wanted}-{self._last[wanted] + 1}"
        self.taken.add(name)
        return name


def _level(line: str) -> int:
    """How many ``#`` a line begins with."""
    return len(line) - len(line.lstrip("#"))


def _section(line: int, written: str, text: str, ids: Ids, problems: list[Problem]) -> Section:
    heading, values = _read_attributes(written[2:].strip(" \t").rstrip("#").rstrip(" \t"), line, problems)
    if not heading:
        problems.append(Problem(line, "a section without a heading", "words after `##`"))
    if _MARKUP.search(heading):
        problems.append(Problem(line, "markup in a section's heading", "plain words, and one {#id} at the end"))
    section_id = values.get("id") or slugify(heading)
    if not SLUG.fullmatch(section_id) or len(section_id) > MAX_SECTION_ID:
        right = "small letters, digits and single hyphens, at most 80, such as {#improved-balance}"
        problems.append(Problem(line, f"the section id {section_id[:60]!r}", right))
        section_id = slugify(section_id)
    if is_reserved(section_id):
        what = f"the section id `{section_id}` is a name that browsers or our own pages use"
        problems.append(Problem(line, what, f"another, such as {{#about-{section_id}}}"))
        section_id = f"about-{section_id}"
    if section_id in ids.taken:
        problems.append(Problem(line, f"the section id `{section_id}` is used twice", "give each section its own {#id}"))
    section_id = ids.free(section_id)
    return Section(section_id, heading, _certainty(values.get("certainty"), line, problems), text, line + 1)


def _read_attributes(written: str, line: int, problems: list[Problem]) -> tuple[str, dict[str, str]]:
    heading, brace, inside = written.rpartition("{")
    if not brace or inside.find("}") != len(inside) - 1:
        return written, {}
    values: dict[str, str] = {}
    right = "{#id} or {#id certainty=low}"
    for word in inside[:-1].removeprefix(":").split():
        name, _, value = ("id", "", word[1:]) if word.startswith("#") else word.partition("=")
        value = value.strip("\"'")
        if name not in {"id", "certainty"} or not value:
            problems.append(Problem(line, f"`{word[:60]}` is no attribute of a section", right))
        elif name in values:
            problems.append(Problem(line, f"the attribute {name} is given twice", right))
        else:
            values[name] = value
    return heading.strip(), values


def _certainty(value: str | None, line: int, problems: list[Problem]) -> Certainty | None:
    if value is None:
        return None
    try:
        return Certainty(value)
    except ValueError:
        problems.append(Problem(line, f"certainty={value[:60]}", "one of: " + ", ".join(Certainty)))
        return None


def find_heading_problems(body: str, first_line: int) -> list[Problem]:
    """Find headings that the format does not know, and attribute lists elsewhere than on a section's heading.

    Python-Markdown takes a line for a heading without a space after the ``#``, and in whatever is nested. So do we, or else the
    sanitiser, which knows two levels, would drop the words unseen.
    """
    problems: list[Problem] = []
    previous, before = first_line - 1, ""
    for number, line in masked_lines(body, first_line):
        if number != previous + 1:  # code stood between
            before = ""
        if line[:1].isalpha() and "{" not in line:
            previous, before = number, line
            continue
        level = _level(line)
        stripped = line.strip(" \t>")
        if level:
            problems += _find_in_heading(number, level, line)
        elif _NESTED_HEADING.match(line):
            problems.append(Problem(number, "a heading inside a list, quotation or block", "begin the line with `##` or `###`"))
        elif stripped and before and (set(stripped) == {"="} or set(stripped) == {"-"}):
            problems.append(Problem(number, "a heading made by underlining", "`## Heading`, or a blank line before the rule"))
        if level != 2 and _ATTRIBUTE_LIST.search(line):
            problems.append(Problem(number, "an attribute list", "these stand on `##` headings only"))
        previous, before = number, "" if level else stripped
    return problems


def _find_in_heading(number: int, level: int, line: str) -> Iterator[Problem]:
    if level == 1:
        yield Problem(number, "a heading of level 1", "`##`; the title stands in the front matter, and `\\#` is the sign itself")
    elif level > 4:
        yield Problem(number, f"a heading of level {level}", "`###` or `####`")
    elif level > 2 and not line.strip("# \t"):
        yield Problem(number, "a heading without words", f"words after `{'#' * level}`")
