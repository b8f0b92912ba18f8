"""A text as its readers see it, sentence by sentence and without marks: what two publications are compared by."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from articles.grading import gettext_noop as _
from articles.text.bibliography import Reference, Translate, with_label
from articles.text.blocks import CARE_KINDS, EVIDENCE_KINDS, Block, BlockKind, Prose
from articles.text.citations import Citation
from articles.text.claims import limit_certainty, read_block, read_unit, split_units, works_of
from articles.text.components import LEVELS, certainty_words
from articles.text.lines import begins_table, is_blank, is_rule, lines_outside_code, split_cells, without_markers
from articles.text.source import ParsedSection, Source
from articles.text.words import plain_words, read_words

ROW_NAMES = {
    BlockKind.ANSWER: _("Answer:"),
    BlockKind.WHY: _("How sure are we?"),
    BlockKind.NOT_KNOWN: _("What has nobody measured?"),
}

_HEADING = re.compile(r"#{3,4}[ \t]*(.*?)[ \t]*#*$")
_FENCE = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True, slots=True)
class Passage:
    """A section as readers see it: its id and heading, its certainty in words ("" for none), and its sentences and titles."""

    id: str
    heading: str
    certainty: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Labels:
    """What is said at a sentence of the works it rests on."""

    references: Mapping[str, Reference]
    translate: Translate

    def add(self, words: str, citations: Iterable[Citation]) -> str:
        """Give ``words`` with the label that is due of the works they rest on, and the certainty of what is graded apart."""
        works: list[Reference] = []
        levels = []
        for citation in citations:
            cited = works_of(citation.keys, self.references)
            works += cited
            if certainty := limit_certainty(citation.certainty, cited):
                levels.append(f"({certainty_words(certainty, self.translate).lower()})")
        return " ".join([with_label(words, works, self.translate), *dict.fromkeys(levels)])


def find_passages(source: Source, references: Mapping[str, Reference], translate: Translate = str) -> list[Passage]:
    """Give a text's passages: one of title, summary and key message (its id is ""), then one for each section.

    Keys of works are left out, but a sentence keeps the words on who was studied where that was not people: a change of those
    is a change for readers. Works that are not in ``references`` bring no words.
    """
    labels = _Labels(references, translate)
    fields = source.front_matter
    head = [line for text in (fields.summary, fields.key_message) for line in _text_lines(text, labels)]
    passages = [Passage("", "", "", (fields.title, *head))]
    for parsed in source.sections:
        section = parsed.section
        certainty = certainty_words(section.certainty, translate) if section.certainty else ""
        passages.append(Passage(section.id, section.heading, certainty, tuple(_section_lines(parsed, labels))))
    return passages


def _section_lines(parsed: ParsedSection, labels: _Labels) -> Iterator[str]:
    for part in parsed.parts:
        if isinstance(part, Block) and part.kind is BlockKind.NUMBER:  # one statement
            sentences = list(read_block(part))
            yield labels.add(part.title, [replace(mark, certainty=None) for said in sentences for mark in said.citations])
            yield from (labels.add(sentence.text, sentence.citations) for sentence in sentences)
            continue
        if not isinstance(part, Prose):
            yield _block_title(part, labels.translate)
        yield from _text_lines(part.text, labels)


def _block_title(block: Block, translate: Translate) -> str:
    if block.kind in EVIDENCE_KINDS:
        return translate(ROW_NAMES[block.kind])
    if block.kind in CARE_KINDS:
        return f"{translate(LEVELS[block.kind])}: {block.title.rstrip(':')}:"
    return block.title


def _text_lines(text: str, labels: _Labels) -> Iterator[str]:
    """Go through Markdown in order: headings, sentences, rows of tables, and the lines of code as they are."""
    rows = list(lines_outside_code(text, 1))
    prose: list[str] = []
    is_table = False
    for index, (_number, line, is_text) in enumerate(rows):
        heading = _HEADING.match(line) if is_text else None
        following = rows[index + 1] if index + 1 < len(rows) else (0, "", False)
        is_first = is_text and following[2] and begins_table(line, following[1])
        is_table = is_first or (is_table and is_text and not is_blank(line) and heading is None)
        if is_text and heading is None and not is_table:
            prose.append(line)
            continue
        yield from _sentences("\n".join(prose), labels)
        prose = []
        if heading:
            yield plain_words(heading[1])
        elif is_table:
            yield from () if is_rule(line) else [_row(line, labels)]
        elif not is_blank(line) and not _FENCE.match(line):
            yield line
    yield from _sentences("\n".join(prose), labels)


def _sentences(text: str, labels: _Labels) -> Iterator[str]:
    for unit in split_units(text, 1):
        for sentence in read_unit(unit):
            yield labels.add(sentence.text, sentence.citations)


def _row(line: str, labels: _Labels) -> str:
    cells = split_cells(without_markers(line))
    marks = [mark for cell in cells for mark in read_words(cell)[1]]
    citations = [mark for mark in marks if isinstance(mark, Citation)]
    return labels.add(" | ".join(plain_words(cell) for cell in cells), citations)
