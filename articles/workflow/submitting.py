"""Asking a clinician for a review, and taking that back."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from articles import letters
from articles.models import Article, AuditEvent, Revision, RevisionState
from articles.text.problems import SourceError
from articles.workflow.actor import Actor, ConflictError, record, tidy
from articles.workflow.approval import find_authors
from articles.workflow.checking import check_source
from articles.workflow.moves import MoveName, Stage, move_to, require_move, resting_stage
from articles.workflow.preparing import Prepared, prepare

MAX_REQUEST = 1000


def find_reviewers(revision: Revision) -> QuerySet[Any]:
    """Give the accounts that may review a text, by name: those with the right to, who wrote no part of it."""
    right = Permission.objects.filter(content_type__app_label="articles", codename="review_article")
    accounts, names = find_authors(revision)
    able = Q(is_superuser=True) | Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    found = get_user_model().objects.filter(able, is_active=True, is_staff=True).exclude(pk__in=accounts).distinct()
    same_name = [user.pk for user in found if names and Actor.person(user).name in names]
    return found.exclude(pk__in=same_name).order_by("first_name", "last_name", "username")


def submit(
    *, revision: Revision, reviewer: Any, by: Actor, now: datetime, words: str = "", prepared: Prepared | None = None
) -> RevisionState:
    """Ask for a review of an article's latest text, of one ``reviewer`` or (None) of whoever may; ``words`` go into the letter.

    Raises PermissionDenied, MoveRefusedError, SourceError for what would stop publishing, ConflictError for a text that is not
    the latest, and ValueError for a reviewer who may not review it.
    """
    if prepared is None:
        prepared = prepare(check_source(revision.source, revision.article.kind, article=revision.article))
    if prepared.problems:
        raise SourceError(prepared.problems)
    if reviewer is not None and not find_reviewers(revision).filter(pk=reviewer.pk).exists():
        raise ValueError(gettext("%s may not review this text; choose somebody else.") % Actor.person(reviewer).name)
    words, name = tidy(words)[:MAX_REQUEST], Actor.person(reviewer).name if reviewer else ""
    with transaction.atomic():
        article = lock_latest(revision)
        require_move(MoveName.SUBMIT, article, by)
        state = move_to(Stage.IN_REVIEW, revision, by, now, reviewer=reviewer, reviewer_name=name)
        assert state is not None, "a text in review is open"
        record(AuditEvent.Act.SUBMIT, article, by, now, revision, revision, detail=name)
        if reviewer is not None:
            ask = partial(letters.ask_for_review, revision=revision, reviewer=reviewer, by_name=by.name, words=words)
            transaction.on_commit(ask, robust=True)
    return state


def call_back(*, revision: Revision, by: Actor, now: datetime) -> None:
    """Take an article's latest text back from review. Raises PermissionDenied, MoveRefusedError and ConflictError."""
    with transaction.atomic():
        article = lock_latest(revision)
        require_move(MoveName.CALL_BACK, article, by)
        move_to(resting_stage(revision, article.published_revision), revision, by, now)
        record(AuditEvent.Act.CALL_BACK, article, by, now, revision, revision)


def lock_latest(revision: Revision) -> Article:
    """Lock a text's article, inside a transaction; raises ConflictError where the text is not its latest."""
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    if article.latest_revision != revision:
        raise ConflictError(article.latest_revision)
    return article
