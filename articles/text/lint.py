"""What keeps a text from being published, though its form is right."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from articles.grading import CERTAINTY_WORDS, STUDIES, Certainty, is_above
from articles.text.bibliography import Reference
from articles.text.blocks import Block, BlockKind
from articles.text.citations import Citation, find_citations
from articles.text.claims import (
    ceiling_of,
    find_sentences,
    find_uncited,
    limit_certainty,
    read_line,
    read_unit,
    split_units,
    works_of,
)
from articles.text.front_matter import Kind
from articles.text.lines import code_blocks, lines_outside_code
from articles.text.problems import Problem
from articles.text.source import ParsedSection, Source
from articles.text.words import has_sentence_end, read_words


def lint_source(source: Source, references: Mapping[str, Reference]) -> list[Problem]:
    """Find what stops publishing, in the order of lines.

    Statements without a source, too much certainty, labels that would be hidden, and withdrawn works.
    Pages about the site make no medical claims, and are not held to the first.
    """
    problems: list[Problem] = []
    if source.kind is Kind.ARTICLE:
        problems += find_uncited(source)
        problems += _find_double_marks(source)
        problems += _find_stating_headings(source)
        problems += _find_code(source)
    for parsed in source.sections:
        problems += _find_too_certain_section(parsed, references)
        problems += _find_pictures_without_people(parsed, references)
    problems += _find_too_certain_statements(source, references)
    problems += _find_hidden_labels(source, references)
    problems += _find_withdrawn(source, references)
    return sorted(problems)


def cap_certainty(source: Source, references: Mapping[str, Reference]) -> Source:
    """Give a text with each section's certainty lowered to what the works of its answer carry; "no study found" stays."""
    sections = []
    for parsed in source.sections:
        certainty = limit_certainty(parsed.section.certainty, _graded_works(parsed, references))
        sections.append(replace(parsed, section=replace(parsed.section, certainty=certainty)))
    return replace(source, sections=tuple(sections))


def _find_double_marks(source: Source) -> Iterator[Problem]:
    fields = source.front_matter
    sentences = [
        sentence for name in ("summary", "key_message") for sentence in read_line(getattr(fields, name), fields.line(name))
    ]
    sentences += [sentence for parsed in source.sections for sentence in find_sentences(parsed)]
    for sentence in sentences:
        if sentence.keys and sentence.reason:
            what = "a citation and a no-citation mark in one sentence"
            yield Problem(sentence.line, what, "one of them, or two sentences")


def _find_stating_headings(source: Source) -> Iterator[Problem]:
    """Find headings that are more than names and questions: readers would see a statement there without its source."""
    headings = [(parsed.section.line - 1, parsed.section.heading) for parsed in source.sections]
    headings += [(part.line, part.title) for parsed in source.sections for part in parsed.parts if isinstance(part, Block)]
    for number, line, is_text in lines_outside_code(source.body, source.body_line):
        if is_text and line.startswith("###"):
            headings.append((number, line.strip("# \t")))
    for number, heading in headings:
        if read_words(heading)[1] or has_sentence_end(heading):
            yield Problem(number, "a heading says a sentence", "put it into the text with its source")


def _find_code(source: Source) -> Iterator[Problem]:
    for first, _last in code_blocks(source.body):
        yield Problem(source.body_line + first, "code", "articles are written in sentences")


def _citations(source: Source) -> Iterator[tuple[int, Citation]]:
    for name in ("summary", "key_message"):
        yield from find_citations(getattr(source.front_matter, name), source.front_matter.line(name))
    yield from source.citations


def _answer_keys(parsed: ParsedSection, *kinds: BlockKind) -> list[str]:
    """Give the works cited in a section's blocks of these kinds."""
    blocks = [part for part in parsed.parts if isinstance(part, Block) and part.kind in kinds]
    units = [unit for block in blocks for unit in split_units(block.text, block.text_line)]
    return list(dict.fromkeys(key for unit in units for sentence in read_unit(unit) for key in sentence.keys))


def _graded_works(parsed: ParsedSection, references: Mapping[str, Reference]) -> list[Reference]:
    """Give the works that a section's certainty rests on: those of its answer, and of why we are how sure."""
    return works_of(_answer_keys(parsed, BlockKind.ANSWER, BlockKind.WHY), references)


def _find_too_certain_section(parsed: ParsedSection, references: Mapping[str, Reference]) -> Iterator[Problem]:
    certainty, line = parsed.section.certainty, parsed.section.line - 1
    if certainty is Certainty.NONE_FOUND:
        if any(work.design in STUDIES for work in works_of(_answer_keys(parsed, BlockKind.ANSWER), references)):
            what = "no study found, but the answer rests on one"
            yield Problem(line, what, "`certainty=` with a level, or an answer without it")
    elif certainty is not None:
        yield from _check_ceiling(line, certainty, _graded_works(parsed, references), "certainty={}")


def _find_too_certain_statements(source: Source, references: Mapping[str, Reference]) -> Iterator[Problem]:
    for line, citation in _citations(source):
        if citation.certainty:
            yield from _check_ceiling(line, citation.certainty, works_of(citation.keys, references), "`{} certainty`")


def _check_ceiling(line: int, certainty: Certainty, works: list[Reference], right: str) -> Iterator[Problem]:
    ceiling = ceiling_of(works)
    if is_above(certainty, ceiling.certainty):
        what = f"{CERTAINTY_WORDS[certainty].lower()} on works that carry {CERTAINTY_WORDS[ceiling.certainty].lower()} at most"
        level = ceiling.certainty if "=" in right else ceiling.certainty.replace("-", " ")
        yield Problem(line, what, f"{right.format(level)}, or a stronger work ({ceiling.rule})")


def _find_hidden_labels(source: Source, references: Mapping[str, Reference]) -> Iterator[Problem]:
    """Find citations that cover a whole paragraph with work on animals: its other sentences would not say who was studied."""
    for line, citation in _citations(source):
        if citation.is_whole_paragraph and any(work.is_without_people for work in works_of(citation.keys, references)):
            what = "one citation of work without people for a whole paragraph"
            yield Problem(line, what, "cite it in each sentence, so that each says who was studied")


def _find_pictures_without_people(parsed: ParsedSection, references: Mapping[str, Reference]) -> Iterator[Problem]:
    for part in parsed.parts:
        if isinstance(part, Block) and part.kind is BlockKind.NUMBER:
            keys = [key for _line, citation in find_citations(part.text) for key in citation.keys]
            if any(work.is_without_people for work in works_of(keys, references)):
                yield Problem(part.line, "a picture of numbers from work without people", "tell it in sentences instead")


def _find_withdrawn(source: Source, references: Mapping[str, Reference]) -> Iterator[Problem]:
    right = "another source, or the sentence taken out"
    for line, citation in _citations(source):
        for work in works_of(citation.keys, references):
            if work.retracted_on:
                yield Problem(line, f"{work.key} was withdrawn by its journal on {work.retracted_on}", right)
