"""What an article gives to the sheet that a reader takes to the doctor, as plain text with who was studied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from articles.text.bibliography import Reference, Translate
from articles.text.blocks import Block, BlockKind
from articles.text.claims import Sentence, read_line, read_unit, say, split_units, works_of
from articles.text.source import Source

MAX_SIGNS = 5
"""How many signs of an emergency stand on a sheet, so that each is read."""


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """The short answer, the signs of an emergency and the questions of an article.

    ``signs`` is empty where the article names none, or more than fit: the page then shows those of its help.
    """

    key_message: str
    signs: tuple[str, ...]
    questions: tuple[str, ...]


def make_visit_sheet(source: Source, references: Mapping[str, Reference], translate: Translate = str) -> VisitSheet:
    """Make the sheet of an article. ``translate`` turns our own words into the article's language."""

    def said(sentences: Iterator[Sentence]) -> str:
        return " ".join(say(sentence, works_of(sentence.keys, references), translate) for sentence in sentences)

    def items(kind: BlockKind) -> tuple[str, ...]:
        return tuple(
            said(read_unit(unit))
            for section in source.sections
            for part in section.parts
            if isinstance(part, Block) and part.kind is kind
            for unit in split_units(part.text, part.text_line)
        )

    signs = items(BlockKind.EMERGENCY)
    return VisitSheet(
        key_message=said(read_line(source.front_matter.key_message)),
        signs=signs if len(signs) <= MAX_SIGNS else (),
        questions=items(BlockKind.QUESTIONS),
    )
