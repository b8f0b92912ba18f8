"""Two texts of an article side by side: words, claims, works and certainty, whether or not readers have seen them."""

from collections.abc import Mapping
from dataclasses import dataclass

from articles.grading import Certainty
from articles.text.bibliography import Reference, Translate
from articles.text.claims import Claim, find_claims
from articles.text.components import certainty_words
from articles.text.diff import Kind, PassageDiff, diff_passages
from articles.text.passages import find_passages
from articles.text.source import Source


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """The same words in the same section, on other works or less or more sure."""

    before: Claim
    after: Claim


@dataclass(frozen=True, slots=True)
class CertaintyPair:
    """A section that both texts have, by its heading, and its certainty in words ("" for none) in each."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TextDiff:
    """What one text says and another did not. ``passages`` are the sections that changed; works are told by key and title."""

    passages: list[PassageDiff]
    claims_gained: list[Claim]
    claims_lost: list[Claim]
    claims_changed: list[ClaimPair]
    certainty_changed: list[CertaintyPair]
    works_gained: list[str]
    works_lost: list[str]

    @property
    def is_evidence_same(self) -> bool:
        """Whether claims, works and certainty are the same."""
        found = (self.claims_gained, self.claims_lost, self.claims_changed, self.certainty_changed)
        return not any((*found, self.works_gained, self.works_lost))


def compare_texts(old: Source, new: Source, references: Mapping[str, Reference], translate: Translate = str) -> TextDiff:
    """Compare two texts with the works as they are given; a work that is not among them brings no words."""
    passages = diff_passages(find_passages(old, references, translate), find_passages(new, references, translate))
    before = {claim.key: claim for claim in find_claims(old, references, translate)}
    after = {claim.key: claim for claim in find_claims(new, references, translate)}
    both = [ClaimPair(before[key], claim) for key, claim in after.items() if key in before]
    return TextDiff(
        [passage for passage in passages if passage.kind is not Kind.SAME],
        [claim for key, claim in after.items() if key not in before],
        [claim for key, claim in before.items() if key not in after],
        [pair for pair in both if _facts(pair.before) != _facts(pair.after)],
        _certainties(old, new, translate),
        [_name(key, references) for key in sorted(set(new.cited_keys) - set(old.cited_keys))],
        [_name(key, references) for key in sorted(set(old.cited_keys) - set(new.cited_keys))],
    )


def _name(key: str, references: Mapping[str, Reference]) -> str:
    return f"{key}: {references[key].title}" if key in references else key


def _facts(claim: Claim) -> tuple[frozenset[str], str | None]:
    return frozenset(claim.keys), claim.certainty


def _certainties(old: Source, new: Source, translate: Translate) -> list[CertaintyPair]:
    before = {parsed.section.id: parsed.section.certainty for parsed in old.sections}
    pairs = [(parsed.section, before[parsed.section.id]) for parsed in new.sections if parsed.section.id in before]

    def words(certainty: Certainty | None) -> str:
        return certainty_words(certainty, translate) if certainty else ""

    return [
        CertaintyPair(section.heading, words(was), words(section.certainty)) for section, was in pairs if was != section.certainty
    ]
