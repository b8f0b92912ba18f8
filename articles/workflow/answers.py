"""What people at the desk do with readers' answers to "Did this page help?". Nobody writes or changes one."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import ngettext

from articles.models import Article, AuditEvent, Feedback
from articles.workflow.actor import Actor, record


def mark_answers_read(*, answers: QuerySet[Feedback], by: Actor, now: datetime) -> int:
    """Mark answers as read; gives how many. Raises PermissionDenied."""
    by.require("change_feedback")
    with transaction.atomic():
        chosen = Feedback.objects.filter(pk__in=list(answers.values_list("pk", flat=True)))
        _record(AuditEvent.Act.READ, chosen, by, now)
        return chosen.update(is_read=True)


def delete_answers(*, answers: QuerySet[Feedback], by: Actor, now: datetime) -> int:
    """Delete answers for good; gives how many. Raises PermissionDenied."""
    by.require("delete_feedback")
    with transaction.atomic():
        chosen = Feedback.objects.filter(pk__in=list(answers.values_list("pk", flat=True)))
        _record(AuditEvent.Act.CLEAR, chosen, by, now)
        return chosen.delete()[0]


def _record(act: str, answers: QuerySet[Feedback], by: Actor, now: datetime) -> None:
    """Write one entry for each article; what readers said does not get into the log, which is kept longer."""
    numbers: dict[int, int] = {}
    for pk in answers.values_list("publication__article", flat=True):
        numbers[pk] = numbers.get(pk, 0) + 1
    for article in Article.objects.filter(pk__in=numbers):
        number = numbers[article.pk]
        record(act, article, by, now, detail=ngettext("%d answer", "%d answers", number) % number)
