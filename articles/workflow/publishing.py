"""Putting texts before readers, and what was made of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from articles import search
from articles.models import (
    Article,
    AuditEvent,
    FormerSlug,
    Publication,
    Reference,
    Review,
    Revision,
    RevisionState,
)
from articles.text import bibliography
from articles.text.changes import Significance, find_floor, largest
from articles.text.problems import SourceError
from articles.workflow.actor import Actor, ConflictError, record_all
from articles.workflow.approval import find_approval
from articles.workflow.checking import check_source, text_of
from articles.workflow.inside_links import check_links_to, store_links
from articles.workflow.moves import MoveName, require_move
from articles.workflow.page_versions import Listed, listed, renew_pages
from articles.workflow.preparing import Prepared, copy_fields, prepare
from articles.workflow.public_words import show_words, show_words_with
from articles.workflow.reviewing import set_review_due
from articles.workflow.storing import store
from articles.workflow.topics import place_of, recount

FIRST_NOTE = "First publication."


@dataclass(frozen=True, slots=True)
class Turn:
    """An article, which is locked, what is put before its readers, and what was made of that."""

    article: Article
    publication: Publication
    prepared: Prepared


def publish(
    *, article: Article, revision: Revision, by: Actor, now: datetime, prepared: Prepared | None = None, back_with: str = ""
) -> Publication:
    """Put an article's draft before readers; one that was withdrawn is back with it.

    ``prepared`` is what ``prepare`` made of the revision's text, where that was done before. The revision's note and kind of
    change go into the public history; notes of drafts in between stay with them. What readers see already is left as it is.
    ``back_with`` is the note with which ``bring_back`` shows what readers saw of a withdrawn article.

    Raises PermissionDenied (a revision that no clinician approved needs the right to publish unreviewed text), MoveRefusedError
    for a text in review or with changes requested, SourceError for a statement without a source, too much certainty, a
    withdrawn work or what is no longer there, ConflictError when it is neither the latest nor, of a withdrawn article, the last
    that readers saw, and ValueError for another article's or text.
    """
    if revision.article_id != article.pk:
        raise ValueError(f"{revision} is not a revision of {article}")
    _require_rights(revision, by)
    if prepared is None:
        prepared = prepare(check_source(revision.source, article.kind, article=article))
    return _publish([(revision, prepared)], back_with, by, now)[0]


def publish_all(texts: Sequence[tuple[Revision, Prepared]], *, by: Actor, now: datetime) -> list[Publication]:
    """Put the drafts of many articles before readers, each with what ``prepare`` made of its text: as ``publish`` does with one.

    Raises what ``publish`` raises; then none of them is published.
    """
    for revision, _prepared in texts:
        _require_rights(revision, by)
    return _publish(texts, "", by, now)


def _publish(texts: Sequence[tuple[Revision, Prepared]], back_with: str, by: Actor, now: datetime) -> list[Publication]:
    for revision, prepared in texts:
        if prepared.problems:
            raise SourceError(prepared.problems)
        if prepared.source.digest != revision.digest:
            raise ValueError(f"prepared from another text than {revision}")
    with transaction.atomic():
        articles = _lock([revision.article_id for revision, _prepared in texts])
        works = _works_as_they_are(prepared for _revision, prepared in texts)
        shown: dict[int, Publication] = {}
        turns, befores = [], []
        for revision, prepared in texts:
            article = articles[revision.article_id]
            before = article.published_revision
            if article.latest_revision != revision and not (back_with and before == revision):
                raise ConflictError(article.latest_revision)
            if before == revision and article.publication and article.withdrawn_at is None:
                shown[article.pk] = article.publication
                continue
            require_move(MoveName.BRING_BACK if back_with else MoveName.PUBLISH, article, by)
            publication = next_publication(article, revision, by, now)
            shown[article.pk] = publication
            turns.append(Turn(article, publication, _with_works_as_they_are(prepared, works)))
            befores.append(before)
        if turns:
            _put_before_readers(turns, back_with, by, now)
        act = AuditEvent.Act.BRING_BACK if back_with else AuditEvent.Act.PUBLISH
        acts = [
            (turn.article, before, turn.publication.revision, turn.publication.note)
            for turn, before in zip(turns, befores, strict=True)
        ]
        record_all(act, acts, by, now)
    return [shown[revision.article_id] for revision, _prepared in texts]


def _lock(keys: Collection[int]) -> dict[int, Article]:
    """Lock articles in a fixed order; gives them by their primary keys, with what is asked of each before it is published."""
    with_texts = Article.objects.select_related("draft_revision", "published_revision", "publication", "open_state")
    without_texts = with_texts.defer("draft_revision__source", "published_revision__source")
    locked = without_texts.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {article.pk: article for article in locked}


def _put_before_readers(turns: Sequence[Turn], note: str, by: Actor, now: datetime) -> None:
    """Let readers see texts from now on. Their articles are locked."""
    for turn in turns:
        what_changed, turn.publication.significance = _what_changed(turn.article, turn.publication.revision, turn.prepared)
        turn.publication.note = note or what_changed
    store([(turn.publication, turn.prepared) for turn in turns])
    reviews = _last_reviews([turn.publication.revision for turn in turns])
    is_draft = [turn.article.draft_revision_id == turn.publication.revision_id for turn in turns]
    places = [place_of(turn.article) for turn in turns]
    back = [turn.article for turn in turns if turn.article.withdrawn_at is not None]
    # a draft that is not what came back stays, and a review of it that is asked for goes on
    drafts = [turn.article.pk for turn, is_shown in zip(turns, is_draft, strict=True) if is_shown]
    RevisionState.objects.filter(article__in=drafts).delete()
    for turn, is_shown in zip(turns, is_draft, strict=True):
        article, revision = turn.article, turn.publication.revision
        copy_fields(article, turn.prepared.source, turn.prepared.references)
        article.draft_revision = None if is_shown else article.draft_revision
        article.published_revision, article.withdrawn_at, article.withdrawn_reason = revision, None, ""
        article.last_review = reviews.get(revision.pk) or article.last_review
        if turn.publication.significance == Significance.URGENT:
            article.pinned = turn.publication
    _free_addresses([turn.article for turn in turns])
    point_at(turns)
    for article in back:
        article.withdrawals.done().filter(ended_at__isnull=True).update(ended_at=now, ended_by_name=by.name)
        show_words(article)
    for turn, place in zip(turns, places, strict=True):
        for slug in turn.prepared.source.front_matter.former_slugs:
            values = {"defaults": {"article": turn.article}}
            FormerSlug.objects.get_or_create(language=turn.article.language, slug=slug, **values)
        recount(turn.article, place)


def _free_addresses(articles: Collection[Article]) -> None:
    """Let the addresses of articles be theirs alone."""
    for language in {article.language for article in articles}:
        slugs = [article.slug for article in articles if article.language == language]
        FormerSlug.objects.filter(language=language, slug__in=slugs).delete()


def _last_reviews(revisions: Collection[Revision]) -> dict[int, Review]:
    """Give the last review of each revision that has one."""
    found = Review.objects.filter(revision__in=[revision.pk for revision in revisions]).order_by("decided_at", "pk")
    return {review.revision_id: review for review in found}


def _require_rights(revision: Revision, by: Actor) -> None:
    """Raise PermissionDenied for who may not publish, or not what no clinician approved."""
    may_publish = by.may("publish_unreviewed_article") or find_approval(revision)
    by.require("publish_article", *([] if may_publish else ["publish_unreviewed_article"]))


def _works_as_they_are(texts: Iterable[Prepared]) -> dict[str, bibliography.Reference]:
    keys = {key for prepared in texts for key in prepared.references}
    return {row.key: row.value() for row in Reference.objects.filter(key__in=keys)}


def _with_works_as_they_are(prepared: Prepared, works: Mapping[str, bibliography.Reference]) -> Prepared:
    """Prepare a text anew where a work has changed since; a work withdrawn meanwhile stops it with SourceError."""
    if {key: works[key] for key in prepared.references if key in works} == dict(prepared.references):
        return prepared
    anew = prepare(prepared.source)
    if anew.problems:
        raise SourceError(anew.problems)
    return anew


def next_publication(article: Article, revision: Revision, by: Actor, now: datetime) -> Publication:
    """Make an article's next publication, not yet saved. The article is locked."""
    numbers = article.publications.order_by("-number").values_list("number", flat=True)
    last = numbers.first() or 0 if article.publication_id else 0
    return Publication(article=article, revision=revision, number=last + 1, published_at=now, by_name=by.name)


def _what_changed(article: Article, revision: Revision, prepared: Prepared) -> tuple[str, Significance]:
    """Give what readers are told of a change; a kind of change that is too small for it is raised to the least it may be."""
    before = article.published_revision
    if before is None:
        return revision.note or FIRST_NOTE, Significance.CHANGE
    return revision.note, largest(find_floor(text_of(before), prepared.source), Significance(revision.significance))


def point_at(turns: Sequence[Turn]) -> None:
    """Let readers see stored publications from now on, or from when a withdrawn article is brought back."""
    befores = [listed(turn.article) if turn.article.publication_id else None for turn in turns]
    checks = _find_source_checks(turns)
    for turn in turns:
        article, publication, prepared = turn.article, turn.publication, turn.prepared
        article.publication = publication
        article.summary = prepared.rendering.summary
        article.published_at = article.published_at or publication.published_at
        article.changed_at = publication.published_at
        said = dict.fromkeys(f"{problem.what}; {problem.right}" for problem in prepared.problems)
        article.source_problems = "\n".join(said)
        article.sources_checked_at, article.sources_unchecked = checks[publication.pk]
        set_review_due(article, prepared.rendering.review_months)
        article.save()
    store_links([(turn.article, turn.prepared.source) for turn in turns])
    check_links_to([turn.article for turn in turns])
    public = [turn for turn in turns if turn.article.withdrawn_at is None]
    show_words_with({key for turn in public for key in turn.prepared.rendering.term_keys})
    search.store_entries([(turn.article, turn.prepared.entries) for turn in public])
    for turn, before in zip(turns, befores, strict=True):
        renew_pages(turn.article, before, _listed_now(turn))


def _listed_now(turn: Turn) -> Listed | None:
    """Give what ``listed`` would give of an article whose new publication is stored."""
    article = turn.article
    if article.withdrawn_at is not None:
        return None
    return Listed(article.language, article.slug, article.title, article.topic_slug, frozenset(turn.prepared.references))


def find_source_check(publication: Publication) -> tuple[datetime | None, int]:
    """Give when the works of a publication were last checked for withdrawals, the longest ago, and how many never were.

    Works without a DOI cannot be checked, and do not count.
    """
    cited = Reference.objects.filter(snapshots__publication=publication, doi__isnull=False)
    return _sum_up(list(cited.values_list("checked_at", flat=True)))


def _find_source_checks(turns: Sequence[Turn]) -> dict[int, tuple[datetime | None, int]]:
    """Give the same for stored publications, by their primary keys."""
    keys = {key for turn in turns for key in turn.prepared.references}
    days = dict(Reference.objects.filter(key__in=keys, doi__isnull=False).values_list("key", "checked_at"))
    return {turn.publication.pk: _sum_up([days[key] for key in turn.prepared.references if key in days]) for turn in turns}


def _sum_up(days: list[datetime | None]) -> tuple[datetime | None, int]:
    return min((day for day in days if day), default=None), days.count(None)
