"""``manage.py delete_old_feedback``."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import Feedback, FeedbackCount, FeedbackDay
from tests.support import make_article, make_evidence

pytestmark = pytest.mark.django_db


def test_what_is_old_is_deleted_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    make_evidence()
    article = make_article()
    assert article.publication
    today = timezone.localdate()
    for days in (0, 90, 91, 400):
        Feedback.objects.create(
            publication=article.publication,
            is_helpful=True,
            comment=f"{days} days ago",
            received_on=today - timedelta(days=days),
        )
    FeedbackDay.objects.create(day=today, salt=b"x")
    call_command("delete_old_feedback")
    assert capsys.readouterr().out == "2 answers to “Did this page help?” deleted.\n"
    assert sorted(Feedback.objects.values_list("comment", flat=True)) == ["0 days ago", "90 days ago"]
    assert FeedbackDay.objects.count() == 1


def test_yesterdays_key_and_codes_go_on_a_day_without_feedback(capsys: pytest.CaptureFixture[str]) -> None:
    yesterday = FeedbackDay.objects.create(day=timezone.localdate() - timedelta(days=1), salt=b"x")
    FeedbackCount.objects.create(day=yesterday, key="x")
    call_command("delete_old_feedback")
    assert capsys.readouterr().out == "0 answers to “Did this page help?” deleted.\n"
    assert not FeedbackDay.objects.exists()
    assert not FeedbackCount.objects.exists()
