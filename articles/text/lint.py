"""What keeps a text from being published, though its form is right."""

from collections.abc import Iterable, Iterator, Mapping

from articles.grading import CERTAINTY_WORDS, Certainty, find_ceiling, is_above
from articles.text.bibliography import Reference
from articles.text.blocks import Block, BlockKind
from articles.text.citations import Citation, find_citations
from articles.text.claims import find_uncited
from articles.text.front_matter import Kind
from articles.text.problems import Problem
from articles.text.source import ParsedSection, Source


def lint_source(source: Source, references: Mapping[str, Reference]) -> list[Problem]:
    """Find what stops publishing, in the order of lines.

    Statements without a source, too much certainty, labels that would be hidden, and withdrawn works.
    Pages about the site make no medical claims, and are not held to the first.
    """
    problems = find_uncited(source) if source.kind is Kind.ARTICLE else []
    for parsed in source.sections:
        problems += _find_too_certain_section(parsed, references)
        problems += _find_pictures_without_people(parsed, references)
    problems += _find_too_certain_statements(source, references)
    problems += _find_hidden_labels(source, references)
    problems += _find_withdrawn(source, references)
    return sorted(problems)


def _texts(source: Source) -> Iterator[tuple[int, str]]:
    """Give the texts that citations stand in, each with the line it begins on."""
    for name in ("summary", "key_message"):
        yield source.front_matter.line(name), getattr(source.front_matter, name)
    yield source.body_line, source.body


def _citations(source: Source) -> Iterator[tuple[int, Citation]]:
    for first, text in _texts(source):
        yield from find_citations(text, first)


def _works(keys: Iterable[str], references: Mapping[str, Reference]) -> list[Reference]:
    return [references[key] for key in keys if key in references]


def _find_too_certain_section(parsed: ParsedSection, references: Mapping[str, Reference]) -> Iterator[Problem]:
    certainty = parsed.section.certainty
    if certainty is not None and certainty is not Certainty.NONE_FOUND:
        keys = {key for part in parsed.parts for _line, citation in find_citations(part.text) for key in citation.keys}
        yield from _check_ceiling(parsed.section.line - 1, certainty, _works(sorted(keys), references), "certainty={}")


def _find_too_certain_statements(source: Source, references: Mapping[str, Reference]) -> Iterator[Problem]:
    for line, citation in _citations(source):
        if citation.certainty:
            yield from _check_ceiling(line, citation.certainty, _works(citation.keys, references), "`{} certainty`")


def _check_ceiling(line: int, certainty: Certainty, works: list[Reference], right: str) -> Iterator[Problem]:
    ceiling = find_ceiling((work.design, work.populations) for work in works if work.retracted_on is None)
    if is_above(certainty, ceiling.certainty):
        what = f"{CERTAINTY_WORDS[certainty].lower()} on works that carry {CERTAINTY_WORDS[ceiling.certainty].lower()} at most"
        level = ceiling.certainty if "=" in right else ceiling.certainty.replace("-", " ")
        yield Problem(line, what, f"{right.format(level)}, or a stronger work ({ceiling.rule})")


def _find_hidden_labels(source: Source, references: Mapping[str, Reference]) -> Iterator[Problem]:
    """Find citations that cover a whole paragraph with work on animals: its other sentences would not say who was studied."""
    for line, citation in _citations(source):
        if citation.is_whole_paragraph and any(work.is_without_people for work in _works(citation.keys, references)):
            what = "one citation of work without people for a whole paragraph"
            yield Problem(line, what, "cite it in each sentence, so that each says who was studied")


def _find_pictures_without_people(parsed: ParsedSection, references: Mapping[str, Reference]) -> Iterator[Problem]:
    for part in parsed.parts:
        if isinstance(part, Block) and part.kind is BlockKind.NUMBER:
            keys = [key for _line, citation in find_citations(part.text) for key in citation.keys]
            if any(work.is_without_people for work in _works(keys, references)):
                yield Problem(part.line, "a picture of numbers from work without people", "tell it in sentences instead")


def _find_withdrawn(source: Source, references: Mapping[str, Reference]) -> Iterator[Problem]:
    right = "another source, or the sentence taken out"
    for line, citation in _citations(source):
        for work in _works(citation.keys, references):
            if work.retracted_on:
                yield Problem(line, f"{work.key} was withdrawn by its journal on {work.retracted_on}", right)
