"""Reviews: acts of clinicians on one revision."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles import letters
from articles.models import CHECKLIST, Article, AuditEvent, Rating, Review, Revision
from articles.workflow.actor import Actor, ConflictError, record, tidy
from articles.workflow.approval import standing_approvals
from articles.workflow.moves import MoveName, Stage, move_to, require_move, resting_stage, stage_of
from articles.workflow.page_versions import renew_record, renew_review


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer decided, on what they re-checked (keys of CHECKLIST), and what is printed of them.

    Raises ValueError for an approval with something left unchecked, or a request for changes that does not say which.
    """

    decision: Review.Decision
    checklist: Collection[str]
    printed_name: str
    role: str
    credentials: str
    interests: str
    comment: str = ""

    def __post_init__(self) -> None:
        if self.decision is Review.Decision.APPROVED and set(self.checklist) != set(CHECKLIST):
            raise ValueError("an approval re-checks everything on the list")
        if self.decision is not Review.Decision.APPROVED and not self.comment:
            raise ValueError("a request for changes says what is to be changed")


def review(*, revision: Revision, verdict: Verdict, by: Actor, now: datetime) -> Review:
    """Record a clinician's verdict on an article's latest revision.

    An approval leaves a schedule as it is; a request for changes ends it. Raises PermissionDenied for who may not review or
    wrote part of the text, and ConflictError for a revision that is not the latest.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=revision.article_id)
        if article.latest_revision != revision:
            raise ConflictError(article.latest_revision)
        require_move(MoveName.REVIEW, article, by)
        values = {name: tidy(value) if isinstance(value, str) else value for name, value in asdict(verdict).items()}
        values |= {"decision": verdict.decision, "checklist": [key for key in CHECKLIST if key in verdict.checklist]}
        made: Review = Review.objects.create(revision=revision, reviewer=by.user, decided_at=now, **values)
        if not (made.is_approval and stage_of(article) is Stage.SCHEDULED):
            move_to(resting_stage(revision, article.published_revision), revision, by, now)
        if article.published_revision == revision and article.publication:
            article.last_review = made
            set_review_due(article, article.publication.rendering.review_months)
            article.save()
            renew_review(article)
        record(AuditEvent.Act.REVIEW, article, by, now, revision, revision, detail=made.get_decision_display())
        transaction.on_commit(partial(letters.tell_of_decision, made), robust=True)
    return made


def rate(
    *, revision: Revision, standard: str, answers: Mapping[int, tuple[str, str]], printed_name: str, by: Actor, now: datetime
) -> list[Rating]:
    """Record one person's answers (answer and reason by the question's number) to a standard's questions about a revision.

    Raises PermissionDenied.
    """
    if by.user is None:
        raise PermissionDenied(gettext("A rating is made by a person who is signed in."))
    by.require("add_rating")
    with transaction.atomic():
        made = [
            Rating.objects.create(
                revision=revision,
                rater=by.user,
                printed_name=tidy(printed_name),
                standard=standard,
                question=str(number),
                answer=answer,
                reason=tidy(reason),
                rated_at=now,
            )
            for number, (answer, reason) in answers.items()
        ]
        renew_record(revision.article)
        record(AuditEvent.Act.RATE, revision.article, by, now, revision, revision)
    return made


def set_review_due(article: Article, months: int) -> None:
    """Set the day on which a published article's review is due, not yet saved.

    It counts from the last standing approval of a text that readers have seen, else from the first publication.
    """
    seen = Review.objects.filter(revision__article=article, revision__publications__isnull=False)
    start = max((review.decided_at for review in standing_approvals(seen)), default=article.published_at)
    assert start is not None
    article.review_due_on = add_months(timezone.localtime(start).date(), months)


def add_months(day: date, months: int) -> date:
    """Give the same day some months later, the last of the month where there is no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")
