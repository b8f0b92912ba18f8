"""Texts that were made from an older one than the latest: kept beside the draft, and put together with it by a person."""

from datetime import datetime

from django.db import transaction

from articles.models import Article, AuditEvent, Conflict, Revision
from articles.text.changes import Significance
from articles.text.source import Source
from articles.workflow.actor import Actor, ConflictError, record, tidy
from articles.workflow.saving import MAX_NOTE, save_revision, store_revision


class SettledError(Exception):
    """A conflict that was settled already. ``conflict`` is its row as it is now."""

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        super().__init__(f"settled already: {conflict}")


def keep_text(
    *,
    article: Article,
    source: Source,
    based_on: Revision | None,
    by: Actor,
    now: datetime,
    note: str = "",
    significance: Significance = Significance.CHANGE,
    cause: str = Conflict.Cause.DESK,
) -> Conflict:
    """Keep a checked text beside an article's draft as a revision, and open a conflict about it. The draft stays as it is.

    ``based_on`` is the revision the text was made from, None where that is not known. The same text kept twice by the same person
    is one conflict. Raises PermissionDenied.
    """
    by.require("change_article")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        same = Conflict.objects.open().filter(article=article, base=based_on, cause=cause, kept__digest=source.digest)
        found: Conflict | None = same.filter(kept__created_by_name=by.name).first()
        if found:
            return found
        kept = store_revision(article, source, based_on, tidy(note)[:MAX_NOTE], significance, by, now)
        made: Conflict = Conflict.objects.create(
            article=article, cause=cause, base=based_on, kept=kept, made_at=now, made_by=by.user
        )
        record(AuditEvent.Act.KEEP, article, by, now, based_on, kept, detail=str(made.get_cause_display()))
    return made


def replace_kept(
    *,
    conflict: Conflict,
    source: Source,
    based_on: Revision | None,
    by: Actor,
    now: datetime,
    note: str = "",
    significance: Significance = Significance.CHANGE,
) -> Conflict:
    """Keep a checked text instead of that of a conflict, which went into it: the draft moved on, or that was let go meanwhile.

    Raises SettledError when something else came of that conflict, and PermissionDenied.
    """
    by.require("change_article")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=conflict.article_id)
        conflict = _open(conflict, or_let_go=True)
        made = keep_text(
            article=article,
            source=source,
            based_on=based_on,
            by=by,
            now=now,
            note=note,
            significance=significance,
            cause=conflict.cause,
        )
        if made != conflict:
            _close(conflict, made.kept, by, now)
    return made


def settle(
    *,
    conflict: Conflict,
    source: Source | None,
    based_on: Revision | None,
    by: Actor,
    now: datetime,
    note: str = "",
    significance: Significance = Significance.CHANGE,
) -> Revision | None:
    """Save what became of a draft and a kept text as the new draft, or let the kept text go (no ``source``); gives the new draft.

    ``based_on`` is the draft that was put together. A text in which nothing of the kept one is left, the draft's own, saves
    nothing and gives None. Raises ConflictError when there is a newer draft, SettledError when the conflict is open no longer,
    and PermissionDenied and SourceError as ``save_revision`` does.
    """
    by.require("change_article")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=conflict.article_id)
        conflict = _open(conflict)
        if source is not None and article.latest_revision != based_on:
            raise ConflictError(article.latest_revision)
        outcome = None
        if source is not None and (based_on is None or source.digest != based_on.digest):
            outcome = save_revision(
                article=article, source=source, based_on=based_on, by=by, now=now, note=note, significance=significance
            )
        _close(conflict, outcome, by, now)
    return outcome


def _open(conflict: Conflict, *, or_let_go: bool = False) -> Conflict:
    """Read a conflict again, since the article is locked; raises SettledError."""
    conflict = Conflict.objects.select_related("article", "kept", "outcome").get(pk=conflict.pk)
    if conflict.resolved_at is not None and not (or_let_go and conflict.outcome is None):
        raise SettledError(conflict)
    return conflict


def _close(conflict: Conflict, outcome: Revision | None, by: Actor, now: datetime) -> None:
    conflict.resolved_at, conflict.resolved_by_name, conflict.outcome = now, by.name, outcome
    conflict.save()
    record(AuditEvent.Act.MERGE, conflict.article, by, now, conflict.kept, outcome)
