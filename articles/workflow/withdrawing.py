"""Taking articles from readers, now or at a time, and bringing them back. Readers are told when and why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from articles import search
from articles.models import Article, AuditEvent, Publication, RevisionState, Withdrawal
from articles.workflow.actor import Actor, record, tidy
from articles.workflow.inside_links import check_links_to
from articles.workflow.moves import MoveName, Stage, move_to, require_move, resting_stage, stage_of
from articles.workflow.page_versions import listed, renew_pages
from articles.workflow.public_words import hide_words
from articles.workflow.publishing import publish
from articles.workflow.topics import place_of, recount

MAX_REASON = 400


def withdraw(*, article: Article, reason: str, by: Actor, now: datetime, due_at: datetime | None = None) -> Withdrawal:
    """Take an article from readers, now or ``due_at`` a time to come; they find ``reason`` there, and where to go instead.

    A plan that was made before gives way to this one.

    Raises PermissionDenied, MoveRefusedError, and ValueError without a reason or for a time that has passed.
    """
    reason = tidy(reason)[:MAX_REASON]
    if not reason:
        raise ValueError(gettext("Say why, in a sentence that readers understand."))
    if due_at is not None and due_at <= now:
        raise ValueError(gettext("This time has passed; choose one that is still to come, or withdraw now."))
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        require_move(MoveName.WITHDRAW, article, by)
        article.withdrawals.planned().update(cancelled_at=now)
        plan = Withdrawal.objects.create(
            article=article,
            reason=reason,
            due_at=due_at or now,
            decided_at=now,
            decided_by=by.user,
            decided_by_name=by.name,
        )
        if due_at is None:
            carry_out(article, plan, by=by, now=now)
        else:
            record(AuditEvent.Act.PLAN_WITHDRAWAL, article, by, now, article.published_revision, detail=reason)
    return plan


def cancel_withdrawal(*, article: Article, by: Actor, now: datetime) -> None:
    """Give up the plan to withdraw an article. Raises PermissionDenied and MoveRefusedError."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        require_move(MoveName.CANCEL_WITHDRAWAL, article, by)
        article.withdrawals.planned().update(cancelled_at=now)
        record(AuditEvent.Act.CANCEL_WITHDRAWAL, article, by, now, article.published_revision, article.published_revision)


def carry_out(article: Article, plan: Withdrawal, *, by: Actor, now: datetime) -> None:
    """Take an article from readers as planned, inside a transaction; it is locked. A plan to publish its draft is given up."""
    plan.done_at = now
    plan.save(update_fields=["done_at"])
    if stage_of(article) is Stage.SCHEDULED:
        state = RevisionState.objects.select_related("revision").get(article=article)
        move_to(resting_stage(state.revision, article.published_revision), state.revision, by, now)
        record(AuditEvent.Act.UNSCHEDULE, article, by, now, state.revision, state.revision)
    place, before = place_of(article), listed(article)
    article.withdrawn_at, article.withdrawn_reason = now, plan.reason
    article.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    check_links_to([article])
    search.remove(article)
    hide_words(article)
    recount(article, place)
    renew_pages(article, before, None, is_gone=True)
    record(AuditEvent.Act.WITHDRAW, article, by, now, article.published_revision, detail=plan.reason)


def bring_back(*, article: Article, note: str, by: Actor, now: datetime) -> Publication:
    """Show a withdrawn article to readers again, with its works as they are now; ``note`` tells them why.

    Raises PermissionDenied, MoveRefusedError, ValueError without a note, and SourceError for what stops publishing.
    """
    note = tidy(note)[:MAX_REASON]
    if not note:
        raise ValueError(gettext("Say why, in a sentence that readers understand."))
    article = Article.objects.select_related("published_revision").get(pk=article.pk)
    revision = article.published_revision
    require_move(MoveName.BRING_BACK, article, by)
    assert revision is not None, "what is withdrawn has been published"
    return publish(article=article, revision=revision, by=by, now=now, back_with=note)
