"""How much a change changes, by form: what its writer may call it, and what it did to claims and sources."""

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from articles.grading import gettext_noop as _
from articles.text.blocks import CARE_KINDS, Block
from articles.text.claims import Kind, claim_key, find_sentences, read_line
from articles.text.source import Source


class Significance(StrEnum):
    """What kind of change a text is, the smallest first."""

    TYPO = "typo"
    CLARIFICATION = "clarification"
    CHANGE = "change"
    CORRECTION = "correction"
    URGENT = "urgent"


SIGNIFICANCE_WORDS = {
    Significance.TYPO: _("Spelling or layout"),
    Significance.CLARIFICATION: _("Clearer words, same meaning"),
    Significance.CHANGE: _("Changed content"),
    Significance.CORRECTION: _("Correction of a mistake"),
    Significance.URGENT: _("Urgent correction"),
}

_SMALL = frozenset({Significance.TYPO, Significance.CLARIFICATION})
_NUMBER = re.compile(r"(?:(?:[<>≤≥±]|&[lg]t;)\s?|(?<!\w)[-+−–])?\d+(?:[.,]\d+)*(?:\s?[%‰])?")
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|nor|neither|without|unlikely|unable|cannot|can['’]t|\w+n['’]t)\b", re.IGNORECASE
)


def is_small(significance: Significance) -> bool:
    """Whether a kind of change says that the meaning has stayed the same."""
    return significance in _SMALL


def largest(*found: Significance) -> Significance:
    """Give the largest of some kinds of change."""
    return max(found, key=list(Significance).index)


def find_changes_of_meaning(before: Source, after: Source) -> list[str]:
    """Say what keeps a change from being called small: claims, their sources, certainty, sections, cards, numbers or negations.

    Words alone decide it: one letter changed in a statement with a source changes that statement. Empty when nothing of this
    kind changed.
    """
    compared = (
        (_("a statement that has a source"), _claims),
        (_("a section"), lambda source: {parsed.section.id for parsed in source.sections}),
        (_("a level of certainty"), _certainties),
        (_("a card or box, its level or its words"), _blocks),
        (_("a number"), lambda source: Counter(_NUMBER.findall(_words(source)))),
        (_("a word such as “not” or “without”"), lambda source: Counter(_NEGATION.findall(_words(source).lower()))),
    )
    return [name for name, gather in compared if gather(before) != gather(after)]


def find_floor(before: Source, after: Source) -> Significance:
    """Give the least that the change from one text to the other may be called."""
    return Significance.CHANGE if find_changes_of_meaning(before, after) else Significance.TYPO


def _claims(source: Source) -> set[tuple[str, frozenset[str], str]]:
    found = {
        (claim_key(name, sentence.text), frozenset(sentence.keys), sentence.certainty or "")
        for name in ("summary", "key_message")
        for sentence in read_line(getattr(source.front_matter, name))
    }
    for parsed in source.sections:
        for sentence in find_sentences(parsed):
            if sentence.kind is Kind.CLAIM:
                found.add((claim_key(parsed.section.id, sentence.text), frozenset(sentence.keys), sentence.certainty or ""))
    return found


def _certainties(source: Source) -> dict[str, str]:
    return {parsed.section.id: parsed.section.certainty for parsed in source.sections if parsed.section.certainty}


def _blocks(source: Source) -> list[tuple[str, str, str, str]]:
    """Give each block, and what a care card tells the reader to do, which is no statement with a source."""
    return [
        (parsed.section.id, part.kind, part.title, claim_key("", part.text) if part.kind in CARE_KINDS else "")
        for parsed in source.sections
        for part in parsed.parts
        if isinstance(part, Block)
    ]


def _words(source: Source) -> str:
    return "\n".join(_lines(source))


def _lines(source: Source) -> Iterator[str]:
    yield from (source.front_matter.title, source.front_matter.summary, source.front_matter.key_message)
    for parsed in source.sections:
        yield parsed.section.heading
        yield from (sentence.text for sentence in find_sentences(parsed))
