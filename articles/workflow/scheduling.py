"""Publishing at a time: set, taken back, and carried out, by however many processes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import itemgetter

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext

from articles import letters
from articles.models import Article, AuditEvent, Revision, RevisionState, Withdrawal
from articles.text.problems import SourceError
from articles.workflow.actor import Actor, record
from articles.workflow.checking import check_source
from articles.workflow.moves import MoveName, Stage, move_to, require_move, resting_stage
from articles.workflow.preparing import Prepared, prepare
from articles.workflow.publishing import publish
from articles.workflow.submitting import lock_latest
from articles.workflow.withdrawing import carry_out

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """What became of a plan at its time: the article, the move, and what was in the way ("": nothing)."""

    article: Article
    move: MoveName
    problem: str = ""


def schedule(
    *, revision: Revision, publish_at: datetime, by: Actor, now: datetime, prepared: Prepared | None = None
) -> RevisionState:
    """Plan an article's latest text to be published at a time (aware, to come); a time set before is replaced.

    Raises PermissionDenied, MoveRefusedError, SourceError for what stops publishing, ConflictError for a text that is not the
    latest, and ValueError for a time that has passed.
    """
    if publish_at <= now:
        raise ValueError(gettext("This time has passed; choose one that is still to come, or publish now."))
    if prepared is None:
        prepared = prepare(check_source(revision.source, revision.article.kind, article=revision.article))
    if prepared.problems:
        raise SourceError(prepared.problems)
    with transaction.atomic():
        article = lock_latest(revision)
        require_move(MoveName.SCHEDULE, article, by)
        state = move_to(Stage.SCHEDULED, revision, by, now, publish_at=publish_at)
        assert state is not None, "a scheduled text is open"
        record(AuditEvent.Act.SCHEDULE, article, by, now, revision, revision, detail=in_site_zone(publish_at))
    return state


def unschedule(*, revision: Revision, by: Actor, now: datetime) -> None:
    """Take the plan to publish a text back. Raises PermissionDenied, MoveRefusedError and ConflictError."""
    with transaction.atomic():
        article = lock_latest(revision)
        require_move(MoveName.UNSCHEDULE, article, by)
        move_to(resting_stage(revision, article.published_revision), revision, by, now)
        record(AuditEvent.Act.UNSCHEDULE, article, by, now, revision, revision)


def publish_due(*, now: datetime) -> list[Due]:
    """Publish and withdraw what was planned for now or earlier, in the order of the plans; gives what became of each.

    Any number of processes may do so at once: each plan is looked at again with its article locked, and carried out by one. A
    text that cannot be published at its time stays what it was; its state says why, and its writers are told. Whatever else
    goes wrong with a plan is logged and leaves it as it is, for the next time; the other plans are carried out.
    """
    states = RevisionState.objects.filter(status=Stage.SCHEDULED, publish_at__lte=now).select_related("article")
    plans = [(state.publish_at, MoveName.PUBLISH, state.article, partial(_publish, state.revision_id, now)) for state in states]
    withdrawals = Withdrawal.objects.planned().filter(due_at__lte=now).select_related("article")
    plans += [(plan.due_at, MoveName.WITHDRAW, plan.article, partial(_withdraw, plan.pk, now)) for plan in withdrawals]
    done = [_try(carry, move, article) for _at, move, article, carry in sorted(plans, key=itemgetter(0))]
    return [due for due in done if due is not None]


def _try(carry: Callable[[], Due | None], move: MoveName, article: Article) -> Due | None:
    try:
        return carry()
    except Exception as error:
        logger.exception("“%s” of “%s” failed and is tried again", move, article)
        return Due(article, move, str(error) or type(error).__name__)


def _publish(revision_pk: int, now: datetime) -> Due | None:
    """Publish a scheduled text; None where another process, or a person, was first."""
    revision = Revision.objects.select_related("article").get(pk=revision_pk)
    try:
        prepared = prepare(check_source(revision.source, revision.article.kind, article=revision.article))
        with transaction.atomic():
            state = _lock_due(revision, now)
            if state is None:
                return None
            by = Actor(state.moved_by_name)  # whose rights were looked at when it was planned
            publish(article=revision.article, revision=revision, by=by, now=now, prepared=prepared)
    except SourceError as error:
        return _miss(revision, error, now)
    return Due(revision.article, MoveName.PUBLISH)


def _lock_due(revision: Revision, now: datetime) -> RevisionState | None:
    Article.objects.select_for_update().get(pk=revision.article_id)
    return RevisionState.objects.filter(revision=revision, status=Stage.SCHEDULED, publish_at__lte=now).first()


def _miss(revision: Revision, error: SourceError, now: datetime) -> Due | None:
    """Take a text out of the schedule that cannot be published, and say why."""
    problem = "\n".join(f"{one.what}; {one.right}" for one in error.problems)
    with transaction.atomic():
        state = _lock_due(revision, now)
        if state is None:
            return None
        stage = resting_stage(revision, None)
        move_to(stage, revision, Actor(state.moved_by_name), now, problem=problem)
        record(AuditEvent.Act.MISS, revision.article, Actor.command("publish_scheduled"), now, revision, revision, detail=problem)
        transaction.on_commit(partial(letters.tell_of_missed_schedule, revision=revision, problem=problem), robust=True)
    return Due(revision.article, MoveName.PUBLISH, problem)


def _withdraw(withdrawal_pk: int, now: datetime) -> Due | None:
    """Carry out a planned withdrawal; None where another process, or a person, was first."""
    with transaction.atomic():
        plan = Withdrawal.objects.select_related("article").get(pk=withdrawal_pk)
        article = Article.objects.select_for_update().get(pk=plan.article_id)
        still = Withdrawal.objects.planned().filter(pk=withdrawal_pk).first()
        if still is None:
            return None
        carry_out(article, still, by=Actor(still.decided_by_name), now=now)
    return Due(article, MoveName.WITHDRAW)


def in_site_zone(moment: datetime) -> str:
    """Write a moment in the site's zone, which is named: "22 November 2026, 09:30 GMT"."""
    return date_format(timezone.localtime(moment), "j F Y, H:i T")
