"""Sentences, and what each rests on.

The rule is one of form, so that no wording gets round it: a sentence that is not a question ends with a citation or with a
mark that
says why it needs none, or stands in a paragraph or list item that one citation covers whole. Headings are exempt, and so
are commands
on care cards and in lists of questions.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from articles.grading import Certainty, Population
from articles.text.bibliography import Reference, Translate, with_label
from articles.text.blocks import CARE_KINDS, Block, BlockKind, Prose
from articles.text.citations import CITATION, NO_CITATION, Citation, NoCitation, parse_citation, parse_no_citation
from articles.text.lines import is_blank, lines_outside_code, mask_code
from articles.text.problems import Problem
from articles.text.source import ParsedSection, Source

COMMANDS = frozenset(
    "ask avoid book bring call check do don't drink eat get give go keep look make note print say see show sit stand stay stop"
    " take talk tell try use wait walk write".split()
)
"""First words that make an item of a card a command ("Call ...", "Do not ...") and not a statement."""

_HEADING = re.compile(r"#{1,6}[ \t]")
_ITEM = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+]|\d+[.)])[ \t]+")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_TABLE_LINE = re.compile(r"(?=.*-)(?=.*\|)[ \t|:-]+$")
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:")
_CELL = re.compile(r"(?<!\\)\|")
_END = re.compile(r"[.!?…]+[\"'”’)*_]*(?=[ \t\n]+[^a-z \t\n]|[ \t\n]*$)")
_NO_END = re.compile(r"(?:\b(?:al|approx|Dr|e\.g|etc|i\.e|Mr|Mrs|Ms|No|Prof|St|vs)|\b[A-Z])\.$")
_LAST_MARK = re.compile(r"(?:" + CITATION.pattern + "|" + NO_CITATION.pattern + r")[ \t\n]*[.!…]*[\"'”’)*_]*$")
_MARK = re.compile(r"[ \t\n]*(?:" + CITATION.pattern + "|" + NO_CITATION.pattern + ")")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_EMPHASIS = re.compile(r"[*_`]+")
_LETTER = re.compile(r"[^\W\d_]")


class Kind(StrEnum):
    """What a sentence is, by its form."""

    CLAIM = "claim"
    MARKED = "marked"
    QUESTION = "question"
    COMMAND = "command"
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: what it is, its words without marks, its line, and the works it rests on or the reason why on none."""

    kind: Kind
    text: str
    line: int
    keys: tuple[str, ...] = ()
    reason: NoCitation | None = None
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that rests on works. ``section_id`` is "" in the summary and the key message.

    ``text`` is as written, without marks; ``said`` has the words on who was studied, which must stand wherever it is shown.
    ``certainty`` is its own, else its section's, else None; "no study found" speaks of a section's question, not of a claim.
    """

    section_id: str
    key: str
    text: str
    said: str
    keys: tuple[str, ...]
    populations: tuple[Population, ...]
    certainty: Certainty | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph, list item or table cell: its text and its first line."""

    text: str
    line: int


def claim_key(section_id: str, text: str) -> str:
    """Give the key of a claim: the same words in the same section have the same key, however they are spaced or capitalised."""
    words = " ".join(re.findall(r"\w+", text.lower()))
    return hashlib.sha256(f"{section_id}\n{words}".encode()).hexdigest()[:16]


def find_claims(source: Source, references: Mapping[str, Reference], translate: Translate = str) -> Iterator[Claim]:
    """Go through the claims of an article or page in the order of the page: key message, summary, sections."""
    for name in ("key_message", "summary"):
        for sentence in read_line(getattr(source.front_matter, name)):
            yield from _claim(sentence, "", claim_key(name, sentence.text), None, references, translate)
    for parsed in source.sections:
        section = parsed.section
        for sentence in find_sentences(parsed):
            key = claim_key(section.id, sentence.text)
            yield from _claim(sentence, section.id, key, section.certainty, references, translate)


def _claim(
    sentence: Sentence,
    section_id: str,
    key: str,
    certainty: Certainty | None,
    references: Mapping[str, Reference],
    translate: Translate,
) -> Iterator[Claim]:
    if sentence.kind is not Kind.CLAIM:
        return
    works = [references[name] for name in sentence.keys if name in references]
    studied = {population for work in works for population in work.populations}
    yield Claim(
        section_id,
        key,
        sentence.text,
        with_label(sentence.text, works, translate),
        tuple(work.key for work in works),
        tuple(population for population in Population if population in studied),
        sentence.certainty or (None if certainty is Certainty.NONE_FOUND else certainty),
    )


@lru_cache(maxsize=256)  # a text's sentences are asked for by the checks, the claims and the reports
def find_sentences(parsed: ParsedSection) -> tuple[Sentence, ...]:
    """Give the sentences of a section, those of its evidence box, cards and pictures included."""
    return tuple(_sentences(parsed))


def _sentences(parsed: ParsedSection) -> Iterator[Sentence]:
    for part in parsed.parts:
        if isinstance(part, Prose):
            for unit in split_units(part.text, part.line):
                yield from read_unit(unit)
        else:
            yield from _block_sentences(part)


def read_line(line: str) -> Iterator[Sentence]:
    """Go through the sentences of a field of the file's head, such as the key message."""
    return read_unit(Unit(line, 1))


def said_in_block(parsed: ParsedSection, kind: BlockKind, references: Mapping[str, Reference], translate: Translate = str) -> str:
    """Give a section's block of one kind as plain text with who was studied; "" where there is none."""
    block = parsed.block(kind)
    if block is None:
        return ""
    sentences = [sentence for unit in split_units(block.text, block.text_line) for sentence in read_unit(unit)]
    return " ".join(
        with_label(sentence.text, [references[key] for key in sentence.keys if key in references], translate)
        for sentence in sentences
    )


def find_uncited(source: Source) -> list[Problem]:
    """Find the statements of an article that name neither a source nor a reason for having none."""
    right = "[@KEY] or [no-citation: reason] before its full stop, or one that covers its whole paragraph"
    problems = []
    for name in ("summary", "key_message"):
        for sentence in read_line(getattr(source.front_matter, name)):
            if sentence.kind is Kind.UNCITED:
                problems.append(Problem(1, f"`{name}` has a sentence without a source: “{_short(sentence.text)}”", right))
    for parsed in source.sections:
        for sentence in find_sentences(parsed):
            if sentence.kind is Kind.UNCITED:
                what = f"a sentence without a source: “{_short(sentence.text)}”"
                problems.append(Problem(sentence.line, what, right))
    return problems


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "..."


def _block_sentences(block: Block) -> Iterator[Sentence]:
    units = split_units(block.text, block.text_line)
    if block.kind is BlockKind.NUMBER:
        yield from _number_sentences(units)
        return
    may_command = block.kind in CARE_KINDS or block.kind is BlockKind.QUESTIONS
    for unit in units:
        for sentence in read_unit(unit):
            first = re.search(r"[^\W\d_][\w'’]*", sentence.text.lower())
            if may_command and sentence.kind is Kind.UNCITED and first and first[0].replace("’", "'") in COMMANDS:
                yield Sentence(Kind.COMMAND, sentence.text, sentence.line)
            else:
                yield sentence


def _number_sentences(units: Iterable[Unit]) -> Iterator[Sentence]:
    """Go through a picture's items and its note, which are one statement: the works the note names stand for all of it."""
    sentences = [sentence for unit in units for sentence in read_unit(unit)]
    keys = tuple(dict.fromkeys(key for sentence in sentences for key in sentence.keys))
    for sentence in sentences:
        yield replace(sentence, kind=Kind.CLAIM, keys=keys) if keys and sentence.kind is Kind.UNCITED else sentence


def split_units(text: str, first_line: int) -> Iterator[Unit]:
    """Cut Markdown into paragraphs, list items and table cells; headings, code and link definitions are left out."""
    lines: list[str] = []
    start = first_line
    rows = list(lines_outside_code(text + "\n", first_line))
    is_table = False
    for index, (number, line, is_text) in enumerate(rows):
        following = rows[index + 1][1] if index + 1 < len(rows) else ""
        if not is_text or is_blank(line) or _HEADING.match(line) or _DEFINITION.match(line):
            is_table = is_table and not is_blank(line)
            words = ""
        elif "|" in line and (is_table or _TABLE_LINE.match(following)):
            yield from _cells(line, number) if is_table and not _TABLE_LINE.match(line) else ()
            is_table = True
            words = ""
        else:
            words = line
        item = _ITEM.match(words)
        before = item or _QUOTE.match(words)
        if lines and (not words or item):
            yield Unit("\n".join(lines), start)
            lines = []
        if words:
            start = start if lines else number
            lines.append(words[before.end() :] if before else words)
    if lines:
        yield Unit("\n".join(lines), start)


def _cells(line: str, number: int) -> Iterator[Unit]:
    """Give the cells of a table's row but the first, which names the row."""
    for cell in _CELL.split(line.strip().strip("|"))[1:]:
        yield Unit(cell.strip(), number)


def read_unit(unit: Unit) -> Iterator[Sentence]:
    """Go through the sentences of a paragraph, list item or cell."""
    texts = list(_split_sentences(unit.text))
    last = _mark_of(texts[-1][0]) if texts else None
    covering = last if isinstance(last, Citation) and last.is_whole_paragraph else None
    for text, start in texts:
        words = _plain(text)
        if not _LETTER.search(words):
            continue
        line = unit.line + unit.text.count("\n", 0, start)
        mark = _mark_of(text) or covering
        if isinstance(mark, Citation):
            yield Sentence(Kind.CLAIM, words, line, mark.keys, certainty=mark.certainty)
        elif mark:
            yield Sentence(Kind.MARKED, words, line, reason=mark)
        else:
            is_question = words.rstrip("\"'”’)").endswith("?")
            yield Sentence(Kind.QUESTION if is_question else Kind.UNCITED, words, line)


def _split_sentences(text: str) -> Iterator[tuple[str, int]]:
    """Cut a unit at its sentences' ends; gives each with where it begins."""
    masked = mask_code(text)
    start = 0
    for match in _END.finditer(masked):
        if _NO_END.search(masked, start, match.start() + 1) and match.end() < len(masked.rstrip()):
            continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    found = text[start:end]
    if found.strip():
        yield found.strip(), start + len(found) - len(found.lstrip())


def _mark_of(text: str) -> Citation | NoCitation | None:
    match = _LAST_MARK.search(text)
    if not match:
        return None
    return parse_citation(match[1]) if match[1] else parse_no_citation(match[2])


def _plain(text: str) -> str:
    """Give a sentence's words: without marks, links' addresses and emphasis."""
    return " ".join(_EMPHASIS.sub("", _LINK.sub(r"\1", _MARK.sub("", text))).split())
