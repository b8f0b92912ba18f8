"""The public history: what an article said, and what changed between any two of its publications.

Everything here comes from publications, so from what readers have seen; a text that is withheld is never read.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.utils.translation import gettext, override

from articles.models import Article, Claim, Publication, Rating, Review, Revision, Section, Withdrawal
from articles.text.bibliography import Reference, diff_facts, with_label
from articles.text.claims import read_line, say, works_of
from articles.text.diff import Kind, PassageDiff, diff_passages
from articles.text.front_matter import Kind as FileKind
from articles.text.front_matter import parse_front_matter, split_front_matter
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
    """Give an article's publications, the newest first, each with ``previous`` and ``judged_by`` set."""
    found = list(article.publications.defer("revision__source").select_related("revision").prefetch_related("revision__reviews"))
    found.sort(key=lambda one: one.number)
    previous = None
    for publication in found:
        publication.article = article
        publication.previous = previous
        previous = previous if publication.withheld_at else publication.number
        publication.judged_by = [review for review in publication.revision.reviews.all() if _judged(review, found) is publication]
    return found[::-1]


def _judged(review: Review, publications: Sequence[Publication]) -> Publication:
    """Find which of an article's publications, the oldest first, a review judged: what was shown of its revision on that day."""
    shown = [publication for publication in publications if publication.revision_id == review.revision_id]
    before = [publication for publication in shown if publication.published_at <= review.decided_at]
    return before[-1] if before else shown[0]


def with_withdrawals(publications: Iterable[Publication], withdrawals: Iterable[Withdrawal]) -> list[Publication | Withdrawal]:
    """Put the times at which an article was taken from readers between its publications, the newest first."""

    def since(entry: Publication | Withdrawal) -> Any:
        return entry.published_at if isinstance(entry, Publication) else entry.done_at

    return sorted([*withdrawals, *publications], key=since, reverse=True)


def set_reviews(publications: Collection[Publication]) -> None:
    """Set ``judged_by`` of publications, of any articles, in two queries."""
    revisions = {publication.revision_id for publication in publications}
    shown = list(Publication.objects.filter(revision__in=revisions).defer("note").order_by("number"))
    judged = [(_judged(review, shown).pk, review) for review in Review.objects.filter(revision__in=revisions)]
    for publication in publications:
        publication.judged_by = [review for pk, review in judged if pk == publication.pk]


def find_reviewed(article: Article) -> Publication | None:
    """Find the publication that the last public review judged; None where there is none that can be shown."""
    review = article.last_review
    shown = list(article.publications.filter(revision=review.revision_id).order_by("number")) if review else []
    found = _judged(review, shown) if review and shown else None
    return found if found and found.withheld_at is None else None


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


def key_message(publication: Publication) -> str:
    """Give a publication's key message as plain text with who was studied and how sure we are; "" where none can be read."""
    split, _problems = split_front_matter(publication.revision.source)
    head, _problems = parse_front_matter(split.head, FileKind(publication.article.kind)) if split else (None, [])
    if head is None:
        return ""
    cited = works(publication)
    with override(publication.article.language):
        said = [say(one, works_of(one.keys, cited), gettext) for one in read_line(head.key_message)]
    return " ".join(said)


def works(publication: Publication) -> dict[str, Reference]:
    """Give the works a publication cites, as they were, but withdrawn where they have been withdrawn since."""
    prefetch_related_objects([publication], "snapshots__reference")
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
    claims = as_said_now(publication.claims.all())
    return {claim.key: claim for claim in sorted(claims, key=lambda claim: claim.position)}


def as_said_now(claims: Iterable[Claim]) -> list[Claim]:
    """Give claims, prefetched with their works, that say so where a work has been withdrawn since they were published."""
    found = list(claims)
    for claim in found:
        cited = [citation.reference.value() for citation in claim.citations.all()]
        if any(work.retracted_on for work in cited):
            claim.said = with_label(claim.text, cited, gettext)
    return found


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
    """Pair publications, which may be withheld, with the readable one before each; in two queries."""
    before = Publication.objects.filter(article=OuterRef("article"), number__lt=OuterRef("number"), withheld_at__isnull=True)
    asked = Publication.objects.filter(pk__in=[one.pk for one in publications])
    keys = dict(asked.values_list("pk", Subquery(before.order_by("-number").values("pk")[:1])))
    found = Publication.objects.defer("note").in_bulk(set(keys.values()) - {None})
    return [(one, found.get(keys[one.pk])) for one in publications]


def claims_gained(publication: Publication, other: Publication | None, limit: int) -> tuple[list[Claim], int]:
    """Give the first claims that one publication has and the other has not, as they are said now, and how many more there are."""
    claims = publication.claims.prefetch_related("citations__reference").order_by("position")
    if other is not None:
        claims = claims.exclude(key__in=other.claims.values("key"))
    found = as_said_now(claims[:limit])
    return found, claims.count() - len(found) if len(found) == limit else 0


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
