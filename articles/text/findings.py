"""What a rule of ours says of a text: a verdict and the places it rests on. A finding stops nothing; a problem does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from articles.text.bibliography import Reference
from articles.text.blocks import Block, BlockKind
from articles.text.claims import Sentence, Unit, find_sentences, read_unit, split_units
from articles.text.glossary import Term
from articles.text.source import ParsedSection, Source

MAX_QUOTED = 60


class Verdict(StrEnum):
    """What a rule says of a page. "look" asks a person to decide."""

    MET = "met"
    LOOK = "look"
    NOT_MET = "not met"
    NOT_HERE = "not for this page"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A place in a file: its line (1 is the first), what is there, and what would be right."""

    line: int
    what: str
    right: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what}; {self.right}"


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one of our rules: its name and title, the questions of which standards it helps to answer, and its findings.

    A verdict is that of our rule. It is not the answer to any standard's question, and no verdicts are added up.
    """

    name: str
    title: str
    helps: tuple[str, ...]
    verdict: Verdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """A text with what it rests on, its sentences read once: those of summary and key message, and those of each section."""

    source: Source
    references: Mapping[str, Reference]
    glossary: Mapping[str, Term]
    head: tuple[Sentence, ...]
    sections: tuple[tuple[ParsedSection, tuple[Sentence, ...]], ...]

    @property
    def sentences(self) -> Iterator[Sentence]:
        """All sentences, in the order of the file."""
        yield from self.head
        for _parsed, sentences in self.sections:
            yield from sentences

    @property
    def titles(self) -> Iterator[tuple[int, str]]:
        """The title and the headings of sections and blocks, each with its line."""
        yield self.source.front_matter.line("title"), self.source.front_matter.title
        for parsed, _sentences in self.sections:
            yield parsed.section.line - 1, parsed.section.heading
            yield from ((block.line, block.title) for block in blocks(parsed) if block.title)


def gather(source: Source, references: Mapping[str, Reference], glossary: Mapping[str, Term]) -> Material:
    """Read a text's sentences."""
    fields = source.front_matter
    texts = ((fields.line(name), getattr(fields, name)) for name in ("summary", "key_message"))
    head = tuple(sentence for line, text in texts for sentence in read_unit(Unit(text, line)))
    sections = tuple((parsed, tuple(find_sentences(parsed))) for parsed in source.sections)
    return Material(source, references, glossary, head, sections)


def blocks(parsed: ParsedSection, *kinds: BlockKind) -> Iterator[Block]:
    """Go through a section's blocks of some kinds, or of all."""
    for part in parsed.parts:
        if isinstance(part, Block) and (not kinds or part.kind in kinds):
            yield part


def block_sentences(block: Block) -> list[Sentence]:
    """Give the sentences of a block by itself."""
    return [sentence for unit in split_units(block.text, block.text_line) for sentence in read_unit(unit)]


def quote(text: str) -> str:
    """Give the beginning of a text in quotation marks."""
    return f"“{text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 3].rstrip() + '...'}”"
