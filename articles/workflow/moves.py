"""Where a text stands, what readers see of its article, and which move is allowed from where: as data.

Every act that moves a text asks ``require_move``; the desk shows a button where ``find_refusals`` finds nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Revision, RevisionState
from articles.workflow.actor import Actor
from articles.workflow.approval import find_approval, find_last_review, require_reviewer

Status = RevisionState.Status


class Stage(StrEnum):
    """Where an article's latest text stands. ``AT_REST``: readers have had it, and nothing is open."""

    DRAFT = Status.DRAFT.value
    IN_REVIEW = Status.IN_REVIEW.value
    CHANGES_REQUESTED = Status.CHANGES_REQUESTED.value
    APPROVED = Status.APPROVED.value
    SCHEDULED = Status.SCHEDULED.value
    AT_REST = "at_rest"


class Shown(StrEnum):
    """What readers get of an article."""

    NEVER = "never"
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


class MoveName(StrEnum):
    """The moves, as they are named in addresses."""

    SUBMIT = "submit"
    CALL_BACK = "call_back"
    REVIEW = "review"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    WITHDRAW = "withdraw"
    CANCEL_WITHDRAWAL = "cancel_withdrawal"
    BRING_BACK = "bring_back"


class MoveRefusedError(Exception):
    """A move that is not allowed now; ``str()`` says why in words, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move: its button, where a text may stand and what readers may get before it, and the rights it asks for.

    ``is_for_readers`` marks what puts a text before readers: one that no clinician approved asks for one more right.
    ``is_plan_needed`` is for what can be done to a planned withdrawal alone.
    """

    label: Promise | str
    stages: frozenset[Stage]
    shown: frozenset[Shown]
    rights: tuple[str, ...]
    is_for_readers: bool = False
    is_plan_needed: bool = False


ANY_STAGE = frozenset(Stage)
ANYTHING = frozenset(Shown)
OPEN = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.SCHEDULED})

MOVES: Mapping[MoveName, Move] = {
    MoveName.SUBMIT: Move(
        _("Send for review"), frozenset({Stage.DRAFT, Stage.APPROVED, Stage.AT_REST}), ANYTHING, ("change_article",)
    ),
    MoveName.CALL_BACK: Move(_("Take back from review"), frozenset({Stage.IN_REVIEW}), ANYTHING, ("change_article",)),
    MoveName.REVIEW: Move(_("Review"), ANY_STAGE, ANYTHING, ("review_article",)),
    MoveName.PUBLISH: Move(_("Publish"), OPEN, ANYTHING, ("publish_article",), is_for_readers=True),
    MoveName.SCHEDULE: Move(_("Publish later"), OPEN, ANYTHING, ("publish_article",), is_for_readers=True),
    MoveName.UNSCHEDULE: Move(_("Take the schedule back"), frozenset({Stage.SCHEDULED}), ANYTHING, ("publish_article",)),
    MoveName.WITHDRAW: Move(_("Withdraw from readers"), ANY_STAGE, frozenset({Shown.PUBLIC}), ("publish_article",)),
    MoveName.CANCEL_WITHDRAWAL: Move(
        _("Cancel the planned withdrawal"), ANY_STAGE, ANYTHING, ("publish_article",), is_plan_needed=True
    ),
    MoveName.BRING_BACK: Move(
        _("Bring back to readers"), ANY_STAGE, frozenset({Shown.WITHDRAWN}), ("publish_article",), is_for_readers=True
    ),
}

STAGE_REFUSALS: Mapping[Stage, Promise | str] = {
    Stage.DRAFT: _("This text is a draft."),
    Stage.IN_REVIEW: _("This text is in review. Wait for the verdict, or take it back from review first."),
    Stage.CHANGES_REQUESTED: _("A reviewer asked for changes. Make them and save, so that there is a new draft."),
    Stage.APPROVED: _("This text is approved."),
    Stage.SCHEDULED: _("This text is scheduled. Take the schedule back first."),
    Stage.AT_REST: _("There is no draft. Make a change and save it first."),
}
"""Why a move cannot be made from where a text stands, and what to do."""

SHOWN_REFUSALS: Mapping[Shown, Promise | str] = {
    Shown.NEVER: _("Readers have never seen this article."),
    Shown.PUBLIC: _("Readers see this article."),
    Shown.WITHDRAWN: _("This article is withdrawn already."),
}


def stage_of(article: Article) -> Stage:
    """Say where an article's latest text stands."""
    state: RevisionState | None = getattr(article, "open_state", None)
    if state is None:
        return Stage.AT_REST if article.draft_revision_id is None else Stage.DRAFT
    return Stage(state.status)


def shown_of(article: Article) -> Shown:
    """Say what readers get of an article."""
    if article.withdrawn_at:
        return Shown.WITHDRAWN
    return Shown.PUBLIC if article.publication_id else Shown.NEVER


def find_refusals(name: MoveName, article: Article, by: Actor) -> list[str]:
    """Say in words what keeps ``by`` from a move now: rights first, then where the article stands. Nothing: it is allowed.

    What the text itself lacks is not looked at; ``prepare`` says that.
    """
    move = MOVES[name]
    refusals = _find_missing_rights(name, move, article, by)
    if stage_of(article) not in move.stages:
        refusals.append(str(STAGE_REFUSALS[stage_of(article)]))
    if name is MoveName.BRING_BACK:
        refusals += _find_doubts(article)
    if shown_of(article) not in move.shown:
        refusals.append(str(SHOWN_REFUSALS[shown_of(article)]))
    if move.is_plan_needed and not article.withdrawals.planned().exists():
        refusals.append(gettext("No withdrawal is planned."))
    return refusals


def _find_doubts(article: Article) -> list[str]:
    """Say that a reviewer has something against the text that a withdrawn article would come back with."""
    if article.withdrawn_at is None or article.published_revision is None:
        return []
    last = find_last_review(article.published_revision)
    if last is not None and not last.is_approval:
        return [str(STAGE_REFUSALS[Stage.CHANGES_REQUESTED])]
    return []


def _find_missing_rights(name: MoveName, move: Move, article: Article, by: Actor) -> list[str]:
    text = article.published_revision if name is MoveName.BRING_BACK else article.latest_revision
    try:
        by.require(*move.rights)
        if name is MoveName.REVIEW and text is not None:
            require_reviewer(text, by)
    except PermissionDenied as refusal:
        return [str(refusal)]
    if move.is_for_readers and text is not None and not by.may("publish_unreviewed_article") and not find_approval(text):
        return [gettext("No clinician has approved this text, and your account may publish approved texts only.")]
    return []


def find_moves(article: Article, by: Actor) -> dict[MoveName, Move]:
    """Give the moves that ``by`` may make now, in the order of the table."""
    return {name: move for name, move in MOVES.items() if not find_refusals(name, article, by)}


def require_move(name: MoveName, article: Article, by: Actor) -> None:
    """Raise what keeps ``by`` from a move: PermissionDenied for a right, MoveRefusedError for where the article stands.

    The article is locked, or about to be asked again when it is.
    """
    if missing := _find_missing_rights(name, MOVES[name], article, by):
        raise PermissionDenied(missing[0])
    if refusals := find_refusals(name, article, by):
        raise MoveRefusedError(" ".join(refusals))


def move_to(stage: Stage, revision: Revision, by: Actor, now: datetime, **values: object) -> RevisionState | None:
    """Let a text stand somewhere else from now on; ``values`` are columns of the state. The article is locked.

    The chosen reviewer stays with the article until its text is published.
    """
    states = RevisionState.objects.filter(article=revision.article_id)
    if stage is Stage.AT_REST:
        states.delete()
        return None
    state, _is_new = RevisionState.objects.update_or_create(
        article=revision.article, defaults={"revision": revision, **_columns(stage, by, now), **values}
    )
    return state


def start_drafts(revisions: Iterable[Revision], by: Actor, now: datetime) -> None:
    """Let the first texts of new articles stand as drafts."""
    columns = _columns(Stage.DRAFT, by, now)
    RevisionState.objects.bulk_create(
        RevisionState(article_id=revision.article_id, revision=revision, **columns) for revision in revisions
    )


def _columns(stage: Stage, by: Actor, now: datetime) -> dict[str, Any]:
    return {"status": stage.value, "publish_at": None, "problem": "", "moved_at": now, "moved_by_name": by.name}


def resting_stage(revision: Revision, published: Revision | None) -> Stage:
    """Say where a text stands by its last review alone, when nothing else is asked of it. ``published`` is what readers see."""
    last = find_last_review(revision)
    if last is not None and not last.is_approval:
        return Stage.CHANGES_REQUESTED
    if revision == published:
        return Stage.AT_REST
    return Stage.APPROVED if last is not None else Stage.DRAFT
