"""Putting texts before readers, and what was made of them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override

from articles.models import (
    Article,
    AuditEvent,
    Citation,
    Claim,
    FormerSlug,
    GlossaryTerm,
    Notice,
    Publication,
    Reference,
    ReferenceSnapshot,
    Revision,
    RevisionState,
)
from articles.text import bibliography
from articles.text.changes import Significance, find_floor, largest
from articles.text.problems import SourceError
from articles.text.render import RENDERER_VERSION
from articles.text.source import Known
from articles.workflow.actor import Actor, ConflictError, record
from articles.workflow.checking import check_source, text_of
from articles.workflow.preparing import Prepared, copy_fields, prepare
from articles.workflow.reviewing import find_approval, set_review_due

FIRST_NOTE = "First publication."


def publish(*, article: Article, revision: Revision, by: Actor, now: datetime, prepared: Prepared | None = None) -> Publication:
    """Put a revision before readers.

    ``prepared`` is what ``prepare`` made of the revision's text, where that was done before. The revision's note and kind of
    change go into the public history; notes of drafts in between stay with them.

    Raises PermissionDenied (a revision that no clinician approved needs the right to publish unreviewed text), SourceError
    for a statement without a source, too much certainty, a withdrawn work or what is no longer there, ConflictError when it
    is not the latest, and ValueError for another article's or text.
    """
    approval = find_approval(revision)
    by.require("publish_article", *([] if approval else ["publish_unreviewed_article"]))
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
        if article.latest_revision != revision:
            raise ConflictError(article.latest_revision)
        before = article.published_revision
        if before == revision and article.publication:
            return article.publication
        publication = _next_publication(article, revision, by, now)
        publication.note, publication.significance = _what_changed(article, revision, prepared)
        store(publication, prepared)
        RevisionState.objects.filter(article=article).delete()
        copy_fields(article, prepared.source)
        article.published_revision, article.draft_revision = revision, None
        article.last_review = approval or article.last_review
        if publication.significance == Significance.URGENT:
            article.pinned = publication
        _point_at(article, publication, prepared)
        for slug in prepared.source.front_matter.former_slugs:
            FormerSlug.objects.get_or_create(language=article.language, slug=slug, defaults={"article": article})
        record(AuditEvent.Act.PUBLISH, article, by, now, before, revision)
    return publication


def _next_publication(article: Article, revision: Revision, by: Actor, now: datetime) -> Publication:
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
    prepared.rendering.save()
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


def _point_at(article: Article, publication: Publication, prepared: Prepared) -> None:
    article.publication = publication
    article.summary = prepared.rendering.summary
    article.published_at = article.published_at or publication.published_at
    article.changed_at = publication.published_at
    set_review_due(article, prepared.rendering.review_months)
    article.save()


def take_in_changed_sources(keys: Collection[str], *, by: Actor, now: datetime) -> int:
    """Bring changed works before readers, and into the history of each article that cites them; gives how many articles.

    An article whose works are as they were is left alone. Old copies keep the works as they were, but a work that has been
    withdrawn since says so there too, until a person takes that back.
    """
    citing = Article.objects.published().filter(publication__snapshots__reference__key__in=keys).distinct().order_by("pk")
    changed = sum(_take_in(article, by, now) for article in citing)
    was_withdrawn = Q(notices__kind=Notice.Kind.RETRACTION) | Q(snapshots__facts__retracted_on__isnull=False)
    marked = Reference.objects.filter(Q(pk__in=Reference.objects.withdrawn()) | was_withdrawn, key__in=keys)
    _remake(Publication.objects.filter(snapshots__reference__in=marked).distinct())
    return changed


def _take_in(article: Article, by: Actor, now: datetime) -> bool:
    """Publish an article's text anew with its works as they are now; gives whether any of them had changed."""
    assert article.publication is not None
    was = {row.facts["key"]: row.value() for row in article.publication.snapshots.all()}
    prepared = prepare(text_of(article.publication.revision))
    with override(article.language):
        pairs = [(was[key], value) for key, value in prepared.references.items() if key in was]
        notes = [note for before, after in pairs for note in bibliography.diff_facts(before, after, gettext)]
    if not notes:
        return False
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        assert locked.published_revision is not None
        publication = _next_publication(locked, locked.published_revision, by, now)
        publication.cause, publication.note = Publication.Cause.SOURCES, "\n".join(notes)
        publication.significance = Significance.CORRECTION
        store(publication, prepared)
        _point_at(locked, publication, prepared)
        record(AuditEvent.Act.SOURCES, locked, by, now, publication.revision, publication.revision)
    return True


def remake_with_terms(keys: Collection[str]) -> int:
    """Remake what readers see where a changed word of the glossary is explained; gives how many pages."""
    wanted = set(keys)
    rows = Publication.objects.filter(rendering__isnull=False).values_list("pk", "rendering__term_keys")
    return _remake(Publication.objects.filter(pk__in=[pk for pk, terms in rows.iterator() if wanted & set(terms)]))


def remake_stale_renderings() -> int:
    """Remake the renderings that are missing or of an older renderer, old copies included; gives how many."""
    return _remake(Publication.objects.exclude(rendering__renderer_version=RENDERER_VERSION))


def _remake(publications: QuerySet[Publication]) -> int:
    """Remake renderings from the works as they were then; what was published before claims and due days were kept gets
    those too.
    """
    remade = 0
    for publication in publications.select_related("revision__article").iterator(chunk_size=100):
        article = publication.revision.article
        try:
            source = text_of(publication.revision)
        except SourceError:
            if article.publication_id == publication.pk:
                raise
            continue  # an old copy in a form of the format that is no longer read stays as it is
        snapshots = {row.facts["key"]: row for row in publication.snapshots.select_related("reference")}
        terms = {row.key: row.value() for row in GlossaryTerm.objects.filter(key__in=source.term_keys)}
        if snapshots:
            references = {key: row.value_now() for key, row in snapshots.items()}
        else:
            references = {row.key: row.value() for row in Reference.objects.filter(key__in=source.cited_keys)}
        prepared = prepare(source, Known(references, terms, {}))
        with transaction.atomic():
            prepared.rendering.publication = publication
            prepared.rendering.save()
            if not publication.sections.exists():
                store_evidence(publication, prepared)
            if article.publication_id == publication.pk and article.review_due_on is None:
                set_review_due(article, prepared.rendering.review_months)
                article.save(update_fields=["review_due_on"])
        remade += 1
    return remade


def withhold(*, publication: Publication, reason: str, by: Actor, now: datetime) -> None:
    """Keep an old publication's text from readers; its entry in the history stays, with the reason.

    Raises PermissionDenied, and ValueError without a reason or for what readers see now.
    """
    by.require("change_publication")
    if not reason.strip():
        raise ValueError("an old text is withheld for a reason that readers are told")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=publication.article_id)
        if article.publication_id == publication.pk:
            raise ValueError("what readers see now cannot be withheld; publish another text first")
        Publication.objects.filter(pk=publication.pk).update(withheld_at=now, withheld_reason=reason.strip()[:400])
        if article.pinned_id == publication.pk:
            article.pinned = None
            article.save()
        record(AuditEvent.Act.WITHHOLD, article, by, now, publication.revision, None)


def show_again(*, publication: Publication, by: Actor, now: datetime) -> None:
    """Let readers see a withheld text of the history again. Raises PermissionDenied."""
    by.require("change_publication")
    with transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(withheld_at=None, withheld_reason="")
        record(AuditEvent.Act.SHOW_AGAIN, publication.article, by, now, None, publication.revision)


def pin(*, publication: Publication, by: Actor, now: datetime) -> None:
    """Show a publication's note as a banner on its article, in the place of another that was pinned.

    Raises PermissionDenied, and ValueError for a publication without a note or withheld.
    """
    by.require("change_publication")
    if not publication.note or publication.withheld_at:
        raise ValueError("a publication with a note that readers may see can be pinned")
    Article.objects.filter(pk=publication.article_id).update(pinned=publication)
    record(AuditEvent.Act.PIN, publication.article, by, now, None, publication.revision)


def unpin(*, article: Article, by: Actor, now: datetime) -> None:
    """Take the banner of a correction down. Raises PermissionDenied."""
    by.require("change_publication")
    before = article.pinned.revision if article.pinned else None
    Article.objects.filter(pk=article.pk).update(pinned=None)
    record(AuditEvent.Act.UNPIN, article, by, now, before, None)


def record_source_check(*, now: datetime) -> None:
    """Note on each published article that its works have been checked for withdrawals."""
    Article.objects.published().update(sources_checked_at=now)
