"""Carrying a plan out, whole or not at all."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from articles import search, workflow
from articles.content_sync.comparing import is_to_be_published
from articles.content_sync.merging import apply_both
from articles.content_sync.planned import Change, ContentFile, Plan, Progress
from articles.models import Article, GlossaryTerm, Reference

BATCH = 50
"""How many articles are stored together: what is held of them at once is small, and questions to the database are few."""


def apply(
    result: Plan,
    *,
    by: workflow.Actor,
    now: datetime,
    publish: bool = False,
    note: str = "",
    progress: Progress | None = None,
) -> int:
    """Carry out a plan without faults, in one transaction; gives how many articles were published.

    ``publish`` puts before readers what was created or updated, and what an earlier import left as a draft; ``note`` tells them
    what changed and why.
    """
    if result.faults:
        raise ValueError("a plan with faults cannot be carried out")
    if publish:
        _prepare(result)
    with transaction.atomic():
        if result.files or set(result.changed_facts.values()) - {Change.UNCHANGED, Change.KEPT}:
            workflow.lock_articles(Article.objects.all())
            workflow.lock_topics()
        _apply_facts(result)
        published = 0
        for start in range(0, len(result.files), BATCH):
            files = result.files[start : start + BATCH]
            saved = _save(files, by, now, note)
            if publish:
                published += _publish(saved, by, now)
            if progress:
                progress(start + len(files), len(result.files))
        changed = [name for name, change in result.changed_facts.items() if change is Change.UPDATED]
        created = [name for name, change in result.changed_facts.items() if change is Change.CREATED]
        workflow.record_import(created=map(" ".join, created), updated=map(" ".join, changed), by=by, now=now)
        works = [key for what, key in changed if what == "work"]
        result.broken = workflow.take_in_changed_sources(works, by=by, now=now).broken
        workflow.remake_with_terms([key for what, key in changed if what == "word"])
    return published


def _prepare(result: Plan) -> None:
    """Render what is to be published and has not been prepared yet, before the database is locked for writing."""
    for content in result.files:
        if content.prepared is None and is_to_be_published(content):
            content.prepared = workflow.prepare(content.source, result.known[content.source.front_matter.language])


def _save(files: Sequence[ContentFile], by: workflow.Actor, now: datetime, note: str) -> list[tuple[ContentFile, Article]]:
    """Save the texts of files; gives them with their articles."""
    there = [content for content in files if content.article is not None]
    saved = [(content, _apply_article(content, by, now, note)) for content in there]
    return saved + _create_articles([content for content in files if content.article is None], by, now, note)


def _publish(saved: Iterable[tuple[ContentFile, Article]], by: workflow.Actor, now: datetime) -> int:
    """Put before readers what was prepared of texts that are saved; gives how many. What was made is not kept any longer."""
    texts = []
    for content, article in saved:
        if content.prepared and article.withdrawn_at is None:
            assert article.latest_revision is not None
            texts.append((article.latest_revision, content.prepared))
        content.prepared = None
    workflow.publish_all(texts, by=by, now=now)
    return len(texts)


def _apply_facts(result: Plan) -> None:
    works = [key for key in result.references if result.changed_facts["work", key] is not Change.UNCHANGED]
    Reference.objects.filter(key__in=works).update(doi=None)  # so that two works may exchange theirs
    for key in works:
        Reference.objects.update_or_create(key=key, defaults=Reference.columns(result.references[key]))
    for key, term in result.glossary.items():
        if result.changed_facts["word", key] is not Change.UNCHANGED:
            row, _is_new = GlossaryTerm.objects.update_or_create(key=key, defaults=GlossaryTerm.columns(term))
            search.index_terms([row])
    for rows, values in ((Reference.objects, result.references), (GlossaryTerm.objects, result.glossary)):
        rows.filter(key__in=list(values), file_facts__isnull=False).update(file_facts=None)  # both say the same again


def _apply_text(content: ContentFile, article: Article, by: workflow.Actor, now: datetime, note: str) -> None:
    """Save a file's text as its article's. An earlier one that waited has nothing to wait for any more."""
    latest = article.latest_revision
    saved = workflow.save_revision(article=article, source=content.source, based_on=latest, by=by, now=now, note=note)
    if content.waiting:
        workflow.settle(conflict=content.waiting, source=None, based_on=saved, by=by, now=now)


def _create_articles(
    files: Sequence[ContentFile], by: workflow.Actor, now: datetime, note: str
) -> list[tuple[ContentFile, Article]]:
    """Make the articles of files that have none yet; gives them with their files."""
    if not files:
        return []
    articles = workflow.create_all([(content.slug, content.source) for content in files], by=by, now=now, note=note)
    for content, article in zip(files, articles, strict=True):
        article.file_path, article.synced_digest = content.path, content.source.digest
    Article.objects.bulk_update(articles, ["file_path", "synced_digest"])
    return list(zip(files, articles, strict=True))


def _apply_article(content: ContentFile, by: workflow.Actor, now: datetime, note: str) -> Article:
    """Save one file's text, where it is not saved already and the database's own is not kept; gives the article.

    Whatever became of it, this text of the file has been seen, and is what its next one is compared with.
    """
    source, article = content.source, content.article
    assert article is not None
    is_seen = (article.file_path, article.synced_digest) == (content.path, source.digest)
    if content.change is Change.KEPT or (content.change is Change.UNCHANGED and is_seen):
        return article
    if article.slug != content.slug:
        workflow.rename(article=article, slug=content.slug, by=by, now=now)
    if content.change in {Change.MERGED, Change.CONFLICT}:
        apply_both(content, article, by, now, note)
    else:
        _apply_text(content, article, by, now, note)
    Article.objects.filter(pk=article.pk).update(file_path=content.path, synced_digest=source.digest)
    return Article.objects.select_related("published_revision", "draft_revision").get(pk=article.pk)
