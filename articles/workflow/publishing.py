"""Putting texts before readers, and what was made of them."""

from datetime import datetime

from django.db import transaction

from articles import search
from articles.models import (
    Article,
    AuditEvent,
    Citation,
    Claim,
    FormerSlug,
    Publication,
    Reference,
    ReferenceSnapshot,
    Revision,
    RevisionState,
)
from articles.text.changes import Significance, find_floor, largest
from articles.text.problems import SourceError
from articles.workflow.actor import Actor, ConflictError, record
from articles.workflow.approval import find_approval, find_last_review
from articles.workflow.checking import check_source, text_of
from articles.workflow.inside_links import check_links_to, store_links
from articles.workflow.moves import MoveName, require_move
from articles.workflow.page_versions import listed, renew_pages
from articles.workflow.preparing import Prepared, copy_fields, prepare
from articles.workflow.public_words import show_words, show_words_with
from articles.workflow.reviewing import set_review_due
from articles.workflow.topics import place_of, recount
from articles.workflow.word_uses import save_rendering

FIRST_NOTE = "First publication."


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
    _require_rights(revision, by)
    if revision.article_id != article.pk:
        raise ValueError(f"{revision} is not a revision of {article}")
    if prepared is None:
        prepared = prepare(check_source(revision.source, article.kind, article=article))
    if prepared.problems:
        raise SourceError(prepared.problems)
    if prepared.source.digest != revision.digest:
        raise ValueError(f"prepared from another text than {revision}")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        before = article.published_revision
        if article.latest_revision != revision and not (back_with and before == revision):
            raise ConflictError(article.latest_revision)
        if before == revision and article.publication and article.withdrawn_at is None:
            return article.publication
        require_move(MoveName.BRING_BACK if back_with else MoveName.PUBLISH, article, by)
        place = place_of(article)
        publication = _put_before_readers(article, revision, _with_works_as_they_are(prepared), back_with, by, now)
        recount(article, place)
        act = AuditEvent.Act.BRING_BACK if back_with else AuditEvent.Act.PUBLISH
        record(act, article, by, now, before, revision, detail=publication.note)
    return publication


def _put_before_readers(
    article: Article, revision: Revision, prepared: Prepared, note: str, by: Actor, now: datetime
) -> Publication:
    """Let readers see a text from now on. The article is locked."""
    publication = next_publication(article, revision, by, now)
    publication.note, publication.significance = _what_changed(article, revision, prepared)
    publication.note = note or publication.note
    store(publication, prepared)
    copy_fields(article, prepared.source)
    if article.draft_revision_id == revision.pk:  # else it came back, and a review of it that is asked for goes on
        RevisionState.objects.filter(article=article).delete()
        article.draft_revision = None
    is_back = article.withdrawn_at is not None
    article.published_revision, article.withdrawn_at, article.withdrawn_reason = revision, None, ""
    article.last_review = find_last_review(revision) or article.last_review
    FormerSlug.objects.filter(language=article.language, slug=article.slug).delete()
    if publication.significance == Significance.URGENT:
        article.pinned = publication
    point_at(article, publication, prepared)
    if is_back:
        article.withdrawals.done().filter(ended_at__isnull=True).update(ended_at=now, ended_by_name=by.name)
        show_words(article)
    for slug in prepared.source.front_matter.former_slugs:
        FormerSlug.objects.get_or_create(language=article.language, slug=slug, defaults={"article": article})
    return publication


def _require_rights(revision: Revision, by: Actor) -> None:
    """Raise PermissionDenied for who may not publish, or not what no clinician approved."""
    by.require("publish_article", *([] if find_approval(revision) else ["publish_unreviewed_article"]))


def _with_works_as_they_are(prepared: Prepared) -> Prepared:
    """Prepare a text anew where a work has changed since; a work withdrawn meanwhile stops it with SourceError."""
    rows = {row.key: row.value() for row in Reference.objects.filter(key__in=prepared.references)}
    if rows == dict(prepared.references):
        return prepared
    anew = prepare(prepared.source)
    if anew.problems:
        raise SourceError(anew.problems)
    return anew


def next_publication(article: Article, revision: Revision, by: Actor, now: datetime) -> Publication:
    """Make an article's next publication, not yet saved. The article is locked."""
    last = article.publications.order_by("-number").values_list("number", flat=True).first() or 0
    return Publication(article=article, revision=revision, number=last + 1, published_at=now, by_name=by.name)


def _what_changed(article: Article, revision: Revision, prepared: Prepared) -> tuple[str, Significance]:
    """Give what readers are told of a change; a kind of change that is too small for it is raised to the least it may be."""
    before = article.published_revision
    if before is None:
        return revision.note or FIRST_NOTE, Significance.CHANGE
    return revision.note, largest(find_floor(text_of(before), prepared.source), Significance(revision.significance))


def store(publication: Publication, prepared: Prepared) -> None:
    """Store a publication with its rendering, sections, claims and works as they are now, inside a transaction."""
    publication.save()
    prepared.rendering.publication = publication
    save_rendering(prepared.rendering, is_first=True)
    store_evidence(publication, prepared)


def store_evidence(publication: Publication, prepared: Prepared) -> None:
    """Store what a publication claims on which works, as they are now, inside a transaction."""
    works = {row.key: row for row in Reference.objects.filter(key__in=prepared.references)}
    sections = {section.section_id: section for section in prepared.sections}
    for section in prepared.sections:
        section.publication = publication
    publication.sections.bulk_create(prepared.sections)
    claims = [
        Claim(
            publication=publication,
            section=sections.get(claim.section_id) if claim.section_id else None,
            position=position,
            key=claim.key,
            text=claim.text,
            said=claim.said,
            populations=[str(population) for population in claim.populations],
            certainty=claim.certainty or "",
        )
        for position, claim in enumerate(prepared.claims)
    ]
    Claim.objects.bulk_create(claims)
    Citation.objects.bulk_create(
        Citation(claim=row, reference=works[key], position=position)
        for row, claim in zip(claims, prepared.claims, strict=True)
        for position, key in enumerate(claim.keys)
    )
    ReferenceSnapshot.objects.bulk_create(
        ReferenceSnapshot.of(publication, works[key], value) for key, value in prepared.references.items()
    )


def point_at(article: Article, publication: Publication, prepared: Prepared) -> None:
    """Let readers see a stored publication from now on, or from when a withdrawn article is brought back. It is locked."""
    before = listed(article)
    article.publication = publication
    article.summary = prepared.rendering.summary
    article.published_at = article.published_at or publication.published_at
    article.changed_at = publication.published_at
    said = dict.fromkeys(f"{problem.what}; {problem.right}" for problem in prepared.problems)
    article.source_problems = "\n".join(said)
    article.sources_checked_at, article.sources_unchecked = find_source_check(publication)
    set_review_due(article, prepared.rendering.review_months)
    article.save()
    store_links(article, prepared.source)
    check_links_to(article)
    if article.withdrawn_at is None:
        show_words_with(prepared.rendering.term_keys)
        search.store_entries(article, prepared.entries)
    renew_pages(article, before, listed(article))


def find_source_check(publication: Publication) -> tuple[datetime | None, int]:
    """Give when the works of a publication were last checked for withdrawals, the longest ago, and how many never were.

    Works without a DOI cannot be checked, and do not count.
    """
    cited = Reference.objects.filter(snapshots__publication=publication, doi__isnull=False)
    dates = list(cited.values_list("checked_at", flat=True))
    return min((day for day in dates if day), default=None), dates.count(None)
