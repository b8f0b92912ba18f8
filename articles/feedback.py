"""Keeps what readers say of pages: for a short time, without a trace of who they are, and safe from floods.

Senders are counted under codes. A code is made from the network address, a random key of the day and the site's secret key;
once the day's key is deleted nobody, the operator included, can make the code again or turn it back.
"""

import ipaddress
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from articles.models import Article, Feedback, FeedbackCount, FeedbackDay

PER_SENDER_A_DAY = 20
"""Many people share one address: a household, a hospital, a whole mobile network."""

PER_SENDER_IN_TEN_MINUTES = 5
PER_ARTICLE_AN_HOUR = 30


class LimitReachedError(Exception):
    """More was sent than is taken; nothing was kept. ``wait`` says how long until it is worth another try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too much feedback was sent")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Summary:
    """What readers said of one copy: how many of how many it helped, and how many comments no editor has read."""

    helped: int
    answers: int
    new_comments: int


@sensitive_variables()
def receive(
    *, article: Article, publication_id: int, is_helpful: bool, comment: str, sender: str, now: datetime
) -> Feedback | None:
    """Keep what a reader said of a copy of ``article``, and delete what is old.

    ``comment`` has been cleaned; ``sender`` is the network address, of which nothing is kept. Gives None for what the same
    sender has said in the same words today, as after two presses of the button. Raises LimitReachedError.
    """
    today = timezone.localdate(now)
    delete_old(today=today)
    with transaction.atomic():
        day, _is_new = FeedbackDay.objects.get_or_create(day=today, defaults={"salt": secrets.token_bytes(32)})
        network = _network(sender)
        if not _count(day, 1, "words", network, publication_id, is_helpful, comment):
            return None
        for limit, wait, what in _limits(article, network, timezone.localtime(now)):
            if not _count(day, limit, *what):
                raise LimitReachedError(wait)
        return Feedback.objects.create(publication_id=publication_id, is_helpful=is_helpful, comment=comment, received_on=today)


def delete_old(*, today: date) -> int:
    """Delete feedback that has been kept long enough, and the codes of senders of days before ``today``.

    Gives how many answers were deleted.
    """
    FeedbackDay.objects.filter(day__lt=today).delete()
    old = Feedback.objects.filter(received_on__lt=today - timedelta(days=settings.FEEDBACK_DAYS))
    return old.delete()[0]


def summaries(article: Article) -> dict[int, Summary]:
    """Give what readers said of each copy of an article that any spoke of, by the publication's primary key."""
    told = Feedback.objects.filter(publication__article=article).order_by().values("publication")
    counted = told.annotate(
        answers=Count("pk"),
        helped=Count("pk", filter=Q(is_helpful=True)),
        new_comments=Count("pk", filter=Q(is_read=False) & ~Q(comment="")),
    )
    return {row["publication"]: Summary(row["helped"], row["answers"], row["new_comments"]) for row in counted}


def _limits(article: Article, network: str, now: datetime) -> Iterator[tuple[int, timedelta, tuple[object, ...]]]:
    """Give each limit, how long to wait when it is reached, and what is counted."""
    ten_minutes = now.minute // 10
    yield PER_SENDER_IN_TEN_MINUTES, timedelta(minutes=10), ("ten minutes", network, now.hour, ten_minutes)
    yield PER_SENDER_A_DAY, timedelta(days=1), ("day", network)
    yield PER_ARTICLE_AN_HOUR, timedelta(hours=1), ("article", article.pk, now.hour)


def _count(day: FeedbackDay, limit: int, *what: object) -> bool:
    """Count one more under a code of the day; gives False, and counts nothing, where ``limit`` is reached."""
    key = salted_hmac(bytes(day.salt), repr(what), algorithm="sha256").hexdigest()
    FeedbackCount.objects.get_or_create(key=key, defaults={"day": day})
    return bool(FeedbackCount.objects.filter(key=key, sent__lt=limit).update(sent=F("sent") + 1))


def _network(address: str) -> str:
    """Give an IPv4 address, or the first half of an IPv6 one, which is what a household has; odd ones are one sender."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or int(found) >> 64)
    return str(found)
