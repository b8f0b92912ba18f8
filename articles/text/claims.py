"""Sentences, and what each rests on.

The rule is one of form, so that no wording gets round it: a sentence that is not a question ends with a citation or with a
mark that says why it needs none, or stands in a paragraph or list item that one citation covers whole. Headings are exempt,
and so are commands on care cards and in lists of questions. A text is judged as the page shows it (``words.read_words``), and
not by its Markdown.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from articles.grading import CERTAINTY_WORDS, Ceiling, Certainty, Population, find_ceiling, is_above
from articles.text.bibliography import Reference, Translate, with_label
from articles.text.blocks import CARE_KINDS, Block, BlockKind, Prose
from articles.text.citations import Citation, NoCitation
from articles.text.lines import (
    begins_table,
    is_blank,
    is_rule,
    lines_outside_code,
    split_cells,
    without_markers,
)
from articles.text.problems import Problem
from articles.text.source import ParsedSection, Source
from articles.text.words import CLOSING, MARK, STOPS, find_sentence_ends, judge, read_words, squeeze

COMMANDS = frozenset(
    "ask avoid book bring call check do don't drink eat get give go keep look make note print say see show sit stand stay stop"
    " take talk tell try use wait walk write".split()
)
"""First words that make an item of a card a command ("Call ...", "Do not ...") and not a statement."""

MAX_NAME_WORDS = 6
"""How many words a table's first row and its rows' first cells may have and still be names."""

_HEADING = re.compile(r"#{1,6}")
_LINE_ACROSS = re.compile(r"[ \t]*([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_ITEM = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+]|\d+[.)])[ \t]+")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_LETTER = re.compile(r"[^\W\d_]")

_NO_COMMAND = re.compile(r"[\s,]*(?:that\b|of\b|:)")


class Kind(StrEnum):
    """What a sentence is, by its form."""

    CLAIM = "claim"
    MARKED = "marked"
    QUESTION = "question"
    COMMAND = "command"
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: what it is, its words without marks, its line, and all works cited in it or the reason why none is.

    ``certainty`` is the lowest that is said in it, by its ``citations``. A fault is both ``keys`` and a ``reason``.
    """

    kind: Kind
    text: str
    line: int
    keys: tuple[str, ...] = ()
    reason: NoCitation | None = None
    certainty: Certainty | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that rests on works. ``section_id`` is "" in the summary and the key message.

    ``text`` is as written, without marks; ``said`` has the words on who was studied, which must stand wherever it is shown.
    ``certainty`` is its own, or its section's where it is the answer to the section's question, else None, and never more than
    its works carry. "No study found" speaks of a question and not of a claim.
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
    """A paragraph, list item or table cell: its text, its first line, and whether it stands where a table names things."""

    text: str
    line: int
    is_name: bool = False


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
        answer = parsed.block(BlockKind.ANSWER)
        lines = range(answer.text_line, answer.text_line + answer.text.count("\n") + 1) if answer else ()
        for sentence in find_sentences(parsed):
            key = claim_key(section.id, sentence.text)
            level = section.certainty if sentence.line in lines else None
            yield from _claim(sentence, section.id, key, level, references, translate)


def _claim(
    sentence: Sentence,
    section_id: str,
    key: str,
    certainty: Certainty | None,
    references: Mapping[str, Reference],
    translate: Translate,
) -> Iterator[Claim]:
    if not sentence.keys:
        return
    works = works_of(sentence.keys, references)
    level = None if certainty is Certainty.NONE_FOUND else certainty
    studied = {population for work in works for population in work.populations}
    yield Claim(
        section_id,
        key,
        sentence.text,
        with_label(sentence.text, works, translate),
        tuple(work.key for work in works),
        tuple(population for population in Population if population in studied),
        limit_certainty(_own_certainty(sentence, references) or level, works),
    )


def _own_certainty(sentence: Sentence, references: Mapping[str, Reference]) -> Certainty | None:
    """Give the lowest certainty that the citations of a sentence say, none of them more than its own works carry."""
    levels = [limit_certainty(citation.certainty, works_of(citation.keys, references)) for citation in sentence.citations]
    return _lowest(levels)


def _lowest(levels: Iterable[Certainty | None]) -> Certainty | None:
    return max((level for level in levels if level), key=list(CERTAINTY_WORDS).index, default=None)


def works_of(keys: Iterable[str], references: Mapping[str, Reference]) -> list[Reference]:
    """Give the works of these keys that are known."""
    return [references[key] for key in keys if key in references]


def ceiling_of(works: Iterable[Reference]) -> Ceiling:
    """Give the highest certainty that works carry; those withdrawn carry none."""
    return find_ceiling((work.design, work.populations) for work in works if work.retracted_on is None)


def limit_certainty(certainty: Certainty | None, works: Iterable[Reference]) -> Certainty | None:
    """Give a certainty lowered to what the works carry; None and "no study found" stay."""
    if certainty is None or certainty is Certainty.NONE_FOUND:
        return certainty
    ceiling = ceiling_of(works).certainty
    return ceiling if is_above(certainty, ceiling) else certainty


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
            yield from read_block(part)


def read_line(line: str, number: int = 1) -> Iterator[Sentence]:
    """Go through the sentences of a field of the file's head, such as the key message, which stands on line ``number``."""
    return read_unit(Unit(line, number))


def said_in_block(parsed: ParsedSection, kind: BlockKind, references: Mapping[str, Reference], translate: Translate = str) -> str:
    """Give a section's block of one kind as plain text, each sentence as ``say`` gives it; "" where there is none."""
    block = parsed.block(kind)
    if block is None:
        return ""
    sentences = [sentence for unit in split_units(block.text, block.text_line) for sentence in read_unit(unit)]
    return " ".join(say(sentence, works_of(sentence.keys, references), translate) for sentence in sentences)


def say(sentence: Sentence, works: list[Reference], translate: Translate = str) -> str:
    """Give a sentence with who was studied and, where it is graded by itself, how sure we are of it."""
    said = with_label(sentence.text, works, translate)
    if certainty := limit_certainty(sentence.certainty, works):
        said += f" ({translate(CERTAINTY_WORDS[certainty]).lower()})"
    return said


def find_uncited(source: Source) -> list[Problem]:
    """Find the statements of an article that name neither a source nor a reason for having none."""
    right = "[@KEY] or [no-citation: reason] before its full stop, or one that covers its whole paragraph"
    problems = []
    for name in ("summary", "key_message"):
        for sentence in read_line(getattr(source.front_matter, name), source.front_matter.line(name)):
            if sentence.kind is Kind.UNCITED:
                problems.append(
                    Problem(sentence.line, f"`{name}` has a sentence without a source: “{_short(sentence.text)}”", right)
                )
    for parsed in source.sections:
        for sentence in find_sentences(parsed):
            if sentence.kind is Kind.UNCITED:
                what = f"a sentence without a source: “{_short(sentence.text)}”"
                problems.append(Problem(sentence.line, what, right))
    return problems


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "..."


def read_block(block: Block) -> Iterator[Sentence]:
    """Go through the sentences of a block; commands are told from statements where they may stand."""
    units = split_units(block.text, block.text_line)
    if block.kind is BlockKind.NUMBER:
        yield from _number_sentences(units)
        return
    may_command = block.kind in CARE_KINDS or block.kind is BlockKind.QUESTIONS
    for unit in units:
        for sentence in read_unit(unit):
            if may_command and sentence.kind is Kind.UNCITED and not sentence.keys and _is_command(sentence.text):
                yield Sentence(Kind.COMMAND, sentence.text, sentence.line)
            else:
                yield sentence


def _is_command(text: str) -> bool:
    """Whether a sentence begins with a command, and not with one that brings in a statement ("Note that", "Use of", "See:")."""
    said = text.lower().replace("’", "'")
    first = re.search(r"[^\W\d_][\w']*", said)
    return first is not None and first[0] in COMMANDS and not _NO_COMMAND.match(said, first.end())


def _number_sentences(units: Iterable[Unit]) -> Iterator[Sentence]:
    """Go through a picture's items and its note, which are one statement: the works the note names stand for all of it."""
    sentences = [sentence for unit in units for sentence in read_unit(unit)]
    named = [replace(citation, certainty=None) for sentence in sentences for citation in sentence.citations]
    citations = tuple(dict.fromkeys(named))
    keys = tuple(dict.fromkeys(key for citation in citations for key in citation.keys))
    for sentence in sentences:
        is_covered = keys and sentence.kind is Kind.UNCITED
        yield replace(sentence, kind=Kind.CLAIM, keys=keys, citations=citations) if is_covered else sentence


def split_units(text: str, first_line: int) -> Iterator[Unit]:
    """Cut Markdown into paragraphs, list items and table cells, as the page shows them; headings and code are left out."""
    return (Unit(unit.text, first_line + unit.line, unit.is_name) for unit in _units(text))


@lru_cache(maxsize=128)  # the parts of a text are cut by the checks, the claims and the search
def _units(text: str) -> tuple[Unit, ...]:
    """Give the units of Markdown, their lines counted from 0."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[Unit]:
    lines: list[str] = []
    start, depth, columns = 0, 0, 0
    rows = [*lines_outside_code(text, 0), (0, "", True)]
    for index, (number, line, is_text) in enumerate(rows):
        is_plain = line[:1].isalpha()  # neither blank nor indented, and without any marker
        bare = line if is_plain else without_markers(line)
        quoted = 0 if is_plain else _quotation_depth(line)
        is_item = not is_plain and bool(_ITEM.match(line))
        is_gap = not is_text or (not is_plain and _is_gap(line, bare, is_row=columns > 0))
        if lines and (is_gap or quoted > depth or is_item):
            yield Unit("\n".join(lines), start)
            lines = []
        depth = quoted
        if is_gap:
            columns = 0
        elif columns:
            cells = [] if is_rule(line) else split_cells(bare)
            yield from (Unit(cell, number, is_name=columns > 1 and place == 0) for place, cell in enumerate(cells))
        elif not lines and begins_table(bare, rows[index + 1][1]):
            cells = split_cells(bare)
            columns = len(cells)
            yield from (Unit(cell, number, is_name=columns > 1) for cell in cells)
        else:
            start = start if lines else number
            lines.append(bare if is_item or quoted else line)
    if lines:
        yield Unit("\n".join(lines), start)


def _is_gap(line: str, bare: str, *, is_row: bool) -> bool:
    """Whether a line ends what stands before it and is nothing of it; ``bare`` is the line without markers."""
    return is_blank(bare) or (not is_row and bool(_HEADING.match(line) or _LINE_ACROSS.match(line)))


def _quotation_depth(line: str) -> int:
    match = _QUOTE.match(line)
    return match[0].count(">") if match else 0


def read_unit(unit: Unit) -> Iterator[Sentence]:
    """Go through the sentences of a paragraph, list item or cell, as the page shows it."""
    for said in _read(unit.text, is_name=unit.is_name):
        yield Sentence(said.kind, said.text, unit.line + said.line, said.keys, said.reason, said.certainty, said.citations)


@lru_cache(maxsize=1024)  # the checks, the claims and the search read one text after each other
def _read(text: str, *, is_name: bool) -> tuple[Sentence, ...]:
    """Give the sentences of a unit, their lines counted from 0."""
    words, marks = read_words(text)
    judged, places = judge(words)
    ends = [end for end, _stop in find_sentence_ends(judged)]
    if is_name and not marks and not ends and len(judged.split()) <= MAX_NAME_WORDS:
        return ()
    spans = [(start, end) for start, end in pairwise([0, *ends, len(judged)]) if judged[start:end].strip()]
    covering = _covering(judged[slice(*spans[-1])], marks) if spans else None
    used = 0
    sentences = []
    for start, end in spans:
        said = judged[start:end]
        own = marks[used : used + said.count(MARK)]
        used += len(own)
        if _LETTER.search(said):
            first = places[start + len(said) - len(said.lstrip())]
            line = words.count("\n", 0, first)
            sentences.append(_sentence(said, squeeze(words[places[start] : places[end]]), line, own, covering))
    return tuple(sentences)


def _sentence(judged: str, text: str, line: int, own: list[Citation | NoCitation], covering: Citation | None) -> Sentence:
    """Give a sentence by its form. ``judged`` is what its form is told from, ``own`` are the marks in it."""
    is_marked = _count_last_marks(judged) > 0
    is_question = judged.rstrip().rstrip("".join(CLOSING)).endswith(("?", "؟"))
    citations = [mark for mark in own if isinstance(mark, Citation)]
    reasons = [mark for mark in own if isinstance(mark, NoCitation)]
    if covering and covering not in citations and not is_marked:
        citations.append(covering)
    keys = tuple(dict.fromkeys(key for citation in citations for key in citation.keys))
    certainty = _lowest(citation.certainty for citation in citations)
    if keys:
        is_claim = is_marked or is_question or covering is not None
        kind = Kind.CLAIM if is_claim else Kind.UNCITED
    elif is_marked:
        kind = Kind.MARKED
    else:
        kind = Kind.QUESTION if is_question else Kind.UNCITED
    reason = reasons[-1] if reasons and (keys or kind is Kind.MARKED) else None
    return Sentence(kind, text, line, keys, reason, certainty, tuple(citations))


def _covering(judged: str, marks: list[Citation | NoCitation]) -> Citation | None:
    """Give the citation at the end of a unit's last sentence that stands for the whole of the unit."""
    count = _count_last_marks(judged)
    last = marks[-count:] if count else []
    whole = [mark for mark in last if isinstance(mark, Citation) and mark.is_whole_paragraph]
    return whole[-1] if whole else None


def _count_last_marks(judged: str) -> int:
    """Count the citations and marks that a sentence ends with, right before its stop."""
    words = judged.rstrip().rstrip("".join(CLOSING)).rstrip(STOPS).rstrip()
    return words[len(words.rstrip(MARK + " \n")) :].count(MARK)
