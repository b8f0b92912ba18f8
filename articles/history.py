"""The public history: what an article said, and what changed between any two of its publications.

Everything here comes from publications, so from what readers have seen; a text that is withheld is never read.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields

from django.db.models import QuerySet
from django.utils.translation import gettext, override

from articles.models import Article, Claim, Publication, Rating, Revision, Section
from articles.text.bibliography import Reference, diff_facts
from articles.text.diff import Kind, PassageDiff, diff_passages
from articles.text.front_matter import Kind as FileKind
from articles.text.passages import Passage, find_passages
from articles.text.problems import SourceError
from articles.text.rating_questions import STANDARDS
from articles.text.source import Source, parse_source


@dataclass(frozen=True, slots=True)
class ChangedClaim:
    """The same words in the same section, resting on other works, or work of which something else is known."""

    before: Claim
    after: Claim


@dataclass(frozen=True, slots=True)
class ChangedCertainty:
    """A section that both publications have, and that is more or less sure in one; each is a row of it."""

    before: Section
    after: Section


@dataclass(frozen=True, slots=True)
class EvidenceDiff:
    """What one publication claims and another did not, and which works it rests on; works are told by key."""

    claims_gained: list[Claim]
    claims_lost: list[Claim]
    claims_changed: list[ChangedClaim]
    certainty_changed: list[ChangedCertainty]
    works_gained: list[Reference]
    works_lost: list[Reference]
    works_changed: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether claims and works are the same."""
        return not any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two publications of an article: what was said of the changes between (newest first), and what they were.

    ``passages`` holds the sections that changed; None where one of the two is in a form that is no longer read.
    """

    old: Publication
    new: Publication
    steps: list[Publication]
    evidence: EvidenceDiff
    passages: list[PassageDiff] | None


def entries(article: Article) -> list[Publication]:
    """Give an article's publications, the newest first, each with the reviews of its revision ready.

    ``previous`` is the number of the readable publication before it, None where there is none.
    """
    found = list(article.publications.defer("revision__source").select_related("revision").prefetch_related("revision__reviews"))
    previous = None
    for publication in sorted(found, key=lambda one: one.number):
        publication.article = article
        publication.previous = previous
        previous = previous if publication.withheld_at else publication.number
    return sorted(found, key=lambda one: -one.number)


def compare(old: Publication, new: Publication) -> Comparison:
    """Compare two readable publications of one article, given with their revisions."""
    steps = new.article.publications.filter(number__gt=old.number, number__lte=new.number)
    return Comparison(old, new, list(steps), compare_evidence(old, new), _compare_passages(old, new))


def _compare_passages(old: Publication, new: Publication) -> list[PassageDiff] | None:
    try:
        before, after = passages(old), passages(new)
    except SourceError:
        return None
    return [passage for passage in diff_passages(before, after) if passage.kind is not Kind.SAME]


def passages(publication: Publication) -> list[Passage]:
    """Give a publication's words as readers saw them. Raises SourceError where the format has changed since."""
    with override(publication.article.language):
        return find_passages(read(publication), works(publication), gettext)


def read(publication: Publication) -> Source:
    """Read a publication's text. Raises SourceError where the format has changed since."""
    return parse_source(publication.revision.source, FileKind(publication.article.kind))


def with_evidence(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """Fetch publications with all that comparing their evidence needs, in a fixed number of queries."""
    return publications.prefetch_related("sections", "claims__section", "claims__citations__reference", "snapshots__reference")


def works(publication: Publication) -> dict[str, Reference]:
    """Give the works a publication cites, as they were, but withdrawn where they have been withdrawn since."""
    rows = sorted(publication.snapshots.all(), key=lambda row: row.pk)
    return {row.facts["key"]: row.value_now() for row in rows}


def compare_evidence(old: Publication, new: Publication) -> EvidenceDiff:
    """Compare what two publications claim, and on which works. Give them ``with_evidence``."""
    before, after = _claims(old), _claims(new)
    changed = [
        ChangedClaim(before[key], after[key]) for key in after if key in before and _facts(before[key]) != _facts(after[key])
    ]
    sections = {section.section_id: section for section in old.sections.all()}
    pairs = [(sections[section.section_id], section) for section in new.sections.all() if section.section_id in sections]
    was, now = works(old), works(new)
    return EvidenceDiff(
        [claim for key, claim in after.items() if key not in before],
        [claim for key, claim in before.items() if key not in after],
        changed,
        [ChangedCertainty(was, now) for was, now in pairs if was.certainty != now.certainty],
        [work for key, work in now.items() if key not in was],
        [work for key, work in was.items() if key not in now],
        [line for key in now if key in was for line in diff_facts(was[key], now[key], gettext)],
    )


def _claims(publication: Publication) -> dict[str, Claim]:
    return {claim.key: claim for claim in sorted(publication.claims.all(), key=lambda claim: claim.position)}


def _facts(claim: Claim) -> tuple[str, str, frozenset[str]]:
    """Give what a claim rests on and, where it is graded apart from its section, how sure it is."""
    is_apart = claim.section is None or claim.certainty != claim.section.certainty
    keys = frozenset(citation.reference.key for citation in claim.citations.all())
    return claim.said, claim.certainty if is_apart else "", keys


def readable(article: Article, numbers: Collection[int]) -> dict[int, Publication]:
    """Give an article's publications of these numbers that are not withheld, by number, with their evidence."""
    found = article.publications.filter(number__in=numbers, withheld_at__isnull=True).select_related("revision")
    by_number = {publication.number: publication for publication in with_evidence(found)}
    for publication in by_number.values():
        publication.article = article
    return by_number


def with_previous(publications: Collection[Publication]) -> list[tuple[Publication, Publication | None]]:
    """Pair publications, given with their articles, with the readable one before each; both come with their evidence."""
    numbers = Publication.objects.filter(article__in={one.article_id for one in publications}, withheld_at__isnull=True)
    known = sorted(numbers.values_list("article_id", "number", "pk"))
    places = {pk: place for place, (_article, _number, pk) in enumerate(known)}
    before = {
        one.pk: known[places[one.pk] - 1][2]
        for one in publications
        if places[one.pk] > 0 and known[places[one.pk] - 1][0] == one.article_id
    }
    wanted = Publication.objects.filter(pk__in={one.pk for one in publications} | set(before.values()))
    rows = {row.pk: row for row in with_evidence(wanted.select_related("article", "rendering"))}
    return [(rows[one.pk], rows[before[one.pk]] if one.pk in before else None) for one in publications]


@dataclass(frozen=True, slots=True)
class RatingInWords:
    """A person's answer to a question of a standard, with the standard's name and our words for the question."""

    row: Rating
    standard: str
    question: str


def ratings(revision: Revision) -> list[RatingInWords]:
    """Give what people answered about a revision, by standard, in the order they did."""
    return [
        RatingInWords(row, STANDARDS[row.standard].name, STANDARDS[row.standard].words(int(row.question)))
        for row in revision.ratings.all()
        if row.standard in STANDARDS
    ]
