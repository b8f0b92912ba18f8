"""What is kept of what readers say, for how long, and how floods are kept away."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from articles import feedback
from articles.models import Article, Feedback, FeedbackCount, FeedbackDay
from tests.support import NOW, TEXT, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def send(article: Article, comment: str = "A comment.", sender: str = "203.0.113.7", now: datetime = NOW) -> Feedback | None:
    assert article.publication_id
    return feedback.receive(
        article=article, publication_id=article.publication_id, is_helpful=True, comment=comment, sender=sender, now=now
    )


def send_until_refused(article: Article, senders: Iterator[str], now: datetime = NOW) -> tuple[int, timedelta]:
    for number, sender in enumerate(senders):
        try:
            send(article, f"Comment {number} at {now}", sender, now)
        except feedback.LimitReachedError as limit:
            return number, limit.wait
    raise AssertionError("nothing was refused")


def same(sender: str) -> Iterator[str]:
    return (sender for _ in range(1000))


def test_only_the_day_is_kept_and_nothing_of_the_sender(article: Article) -> None:
    kept = send(article)
    assert kept
    row = Feedback.objects.filter(pk=kept.pk).values().get()
    assert row.keys() == {"id", "publication_id", "is_helpful", "comment", "received_on", "is_read"}
    assert "203.0.113.7" not in str([*FeedbackCount.objects.values(), *FeedbackDay.objects.values(), row])


def test_the_same_words_twice_are_kept_once(article: Article) -> None:
    assert send(article)
    assert send(article) is None
    assert send(article, "Other words.")
    assert send(article, sender="203.0.113.8")
    assert Feedback.objects.count() == 3


def test_one_sender_may_send_a_few_in_ten_minutes_and_some_more_a_day(article: Article) -> None:
    times = [NOW + timedelta(minutes=10 * number) for number in range(5)]
    refusals = [send_until_refused(article, same("203.0.113.7"), now) for now in times]
    assert refusals == [(5, timedelta(minutes=10))] * 4 + [(0, timedelta(days=1))]
    assert send(article, sender="203.0.113.8", now=NOW + timedelta(hours=2))


def test_a_new_day_starts_anew_and_yesterdays_key_and_codes_are_gone(article: Article) -> None:
    send_until_refused(article, same("203.0.113.7"))
    before = FeedbackDay.objects.get()
    keys = set(FeedbackCount.objects.values_list("key", flat=True))
    assert send(article, now=NOW + timedelta(days=1))
    after = FeedbackDay.objects.get()
    assert (after.day - before.day).days == 1
    assert bytes(after.salt) != bytes(before.salt)
    assert len(bytes(after.salt)) == 32
    assert not keys & set(FeedbackCount.objects.values_list("key", flat=True))


def test_the_same_sender_has_another_code_each_day_and_on_each_site(article: Article, settings: Settings) -> None:
    day = FeedbackDay.objects.create(day=NOW.date(), salt=b"x" * 32)
    assert feedback._count(day, 1, "a")
    first = FeedbackCount.objects.get().key
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
    assert feedback._count(day, 1, "a")
    assert FeedbackCount.objects.exclude(key=first).count() == 1


def test_a_flood_from_everywhere_is_capped_for_each_article(article: Article) -> None:
    everywhere = (f"203.0.{number}.1" for number in range(1000))
    assert send_until_refused(article, everywhere) == (feedback.PER_ARTICLE_AN_HOUR, timedelta(hours=1))
    other = make_article("other", TEXT.replace("Vitamin B12 and your nerves", "Another title"))
    assert send(other)
    assert send(article, sender="198.51.100.1", now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", " 203.0.113.7 ", True),
        ("", "no address", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_who_counts_as_one_sender(one: str, other: str, is_same: bool) -> None:
    assert (feedback._network(one) == feedback._network(other)) is is_same


def test_it_is_kept_for_as_many_days_as_said(article: Article, settings: Settings) -> None:
    settings.FEEDBACK_DAYS = 2
    send(article)
    send(article, "Later.", now=NOW + timedelta(days=2))
    assert Feedback.objects.count() == 2
    send(article, "Later still.", now=NOW + timedelta(days=3))
    assert sorted(Feedback.objects.values_list("comment", flat=True)) == ["Later still.", "Later."]


def test_the_day_is_that_of_the_sites_zone(article: Article) -> None:
    with timezone.override("Pacific/Auckland"):
        kept = send(article, now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    assert kept
    assert str(kept.received_on) == "2026-11-23"


def test_a_send_costs_few_queries(article: Article, django_assert_max_num_queries: Any) -> None:
    send(article)
    with django_assert_max_num_queries(40):
        send(article, "Other words.", "203.0.113.8")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_refusal_keeps_no_count(article: Article) -> None:
    send_until_refused(article, same("203.0.113.7"))
    before = sorted(FeedbackCount.objects.values_list("key", "sent"))
    with pytest.raises(feedback.LimitReachedError):
        send(article, "Once more.")
    assert sorted(FeedbackCount.objects.values_list("key", "sent")) == before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_senders_at_the_same_moment_are_counted_one_by_one(article: Article) -> None:
    """Many threads, as there are in service: no send is lost, and none slips past the limit."""
    outcomes: list[str] = []

    def run(number: int) -> None:
        try:
            for _attempt in range(20):
                try:
                    send(article, f"Comment {number}")
                except OperationalError:  # locked, on SQLite
                    continue
                outcomes.append("kept")
                return
        except feedback.LimitReachedError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept"] * 5 + ["refused"] * 7
    assert Feedback.objects.count() == 5


def test_summaries_tell_each_copy_apart(article: Article) -> None:
    assert feedback.summaries(article) == {}
    send(article, "")
    kept = send(article, "Read already.")
    send(article, "New.")
    assert kept
    Feedback.objects.filter(pk=kept.pk).update(is_read=True, is_helpful=False)
    assert feedback.summaries(article) == {article.publication_id: feedback.Summary(helped=2, answers=3, new_comments=1)}
