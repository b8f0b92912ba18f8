"""A file and its article that were both edited since the last sync: put together by section, and neither written over."""

from datetime import datetime

from articles import workflow
from articles.content_sync.planned import Change, ContentFile
from articles.models import Article, Conflict, Revision
from articles.text.changes import Significance, largest
from articles.text.merge import merge
from articles.text.source import read_source


def find_waiting() -> dict[int, Conflict]:
    """Find the texts of files that wait at the desk to be put together with the article's, by the article's primary key."""
    waiting = Conflict.objects.open().filter(cause=Conflict.Cause.IMPORT).select_related("base", "kept", "article")
    return {conflict.article_id: conflict for conflict in waiting.order_by("made_at", "pk")}


def put_together(content: ContentFile) -> None:
    """Merge a file with its article by what both were made from: ``merged`` where that is clean, else a conflict.

    While an older text of the file waits at the desk, the base is what that was made from, since nothing of it went in yet.
    """
    article = content.article
    assert article is not None
    latest = article.latest_revision
    assert latest is not None
    content.base = content.waiting.base if content.waiting else _find_synced(article)
    merged = merge(content.base.source if content.base else None, latest.source, content.source.text)
    content.change = Change.CONFLICT
    if merged.is_clean:
        source, problems = read_source(merged.compose(), content.kind)
        if source is not None and not problems:
            content.merged, content.change = source, Change.MERGED


def _find_synced(article: Article) -> Revision | None:
    """Find the revision with the text that both sides had at the last sync."""
    synced = article.revisions.filter(digest=article.synced_digest) if article.synced_digest else article.revisions.none()
    return synced.order_by("-number").first()


def apply_both(content: ContentFile, article: Article, by: workflow.Actor, now: datetime, note: str) -> None:
    """Keep a file's text as a revision, the base of the next merge; save the merged text as a draft where there is one."""
    latest = article.latest_revision
    assert latest is not None
    if content.waiting:
        kept = workflow.replace_kept(
            conflict=content.waiting, source=content.source, based_on=content.base, by=by, now=now, note=note
        )
    else:
        kept = workflow.keep_text(
            article=article,
            source=content.source,
            based_on=content.base,
            by=by,
            now=now,
            note=note,
            cause=Conflict.Cause.IMPORT,
        )
    if content.merged is None:
        return
    is_draft = latest.pk == article.draft_revision_id
    said = Significance(latest.significance) if is_draft else Significance.CHANGE
    workflow.settle(
        conflict=kept,
        source=content.merged,
        based_on=latest,
        by=by,
        now=now,
        note=note or (latest.note if is_draft else ""),
        significance=largest(said, Significance.CHANGE),
    )
