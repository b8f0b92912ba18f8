"""What keeps a text from being published, though its form is right."""

from collections.abc import Iterator, Mapping

from articles.grading import CERTAINTY_WORDS, Certainty, find_ceiling, is_above
from articles.text.bibliography import Reference
from articles.text.citations import find_citations
from articles.text.claims import find_uncited
from articles.text.front_matter import Kind
from articles.text.problems import Problem
from articles.text.source import ParsedSection, Source


def lint_source(source: Source, references: Mapping[str, Reference]) -> list[Problem]:
    """Find what stops publishing, in the order of lines: statements without a source, too much certainty, withdrawn works.

    Pages about the site make no medical claims, and are not held to the first.
    """
    problems = find_uncited(source) if source.kind is Kind.ARTICLE else []
    for parsed in source.sections:
        problems += _find_too_certain(parsed, references)
    problems += _find_withdrawn(source, references)
    return sorted(problems)


def _find_too_certain(parsed: ParsedSection, references: Mapping[str, Reference]) -> Iterator[Problem]:
    certainty = parsed.section.certainty
    if certainty is None or certainty is Certainty.NONE_FOUND:
        return
    keys = {key for part in parsed.parts for _line, citation in find_citations(part.text) for key in citation.keys}
    works = [references[key] for key in sorted(keys) if key in references]
    ceiling = find_ceiling((work.design, work.populations) for work in works if work.retracted_on is None)
    if is_above(certainty, ceiling.certainty):
        what = f"{CERTAINTY_WORDS[certainty].lower()} on works that carry {CERTAINTY_WORDS[ceiling.certainty].lower()} at most"
        yield Problem(parsed.section.line - 1, what, f"certainty={ceiling.certainty}, or a stronger work ({ceiling.rule})")


def _find_withdrawn(source: Source, references: Mapping[str, Reference]) -> Iterator[Problem]:
    right = "another source, or the sentence taken out"
    texts = [(1, source.front_matter.summary), (1, source.front_matter.key_message), (source.body_line, source.body)]
    for first, text in texts:
        for line, citation in find_citations(text, first):
            for key in citation.keys:
                if key in references and (day := references[key].retracted_on):
                    yield Problem(line, f"{key} was withdrawn by its journal on {day}", right)
