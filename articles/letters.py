"""Plain-text e-mail to the people who write and review: that something waits for them, or came of what they wrote.

Sent once what it tells of is stored. A mail server that fails is logged, and stops nothing.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext

from articles.models import Article, Review, Revision

HEADERS = {"Auto-Submitted": "auto-generated"}  # so that nobody's mail program answers that they are away
MAX_SUBJECT = 200
logger = logging.getLogger(__name__)


def ask_for_review(revision: Revision, reviewer: Any, by_name: str, words: str = "") -> bool:
    """Ask an account to review a text, in the ``words`` of who asks; gives whether a letter went out.

    An account without an e-mail address, or that may no longer sign in, gets none.
    """
    title = revision.article.title
    parts = [
        gettext("%(name)s asks you to review “%(title)s” (revision %(number)s).")
        % {"name": by_name, "title": title, "number": revision.number},
        gettext("What they say:\n%s") % words.strip() if words.strip() else "",
        gettext("Read it and record your review here:\n%s") % _address("review", revision.article),
        gettext("If you cannot do it, please tell %s, so that somebody else can.") % by_name,
    ]
    return _send([reviewer], gettext("Please review: %s") % title, parts) == 1


def tell_of_decision(review: Review) -> int:
    """Tell the authors of a text what came of its review; gives how many letters went out."""
    article = review.revision.article
    if review.is_approval:
        subject = gettext("Approved: %s") % article.title
        said = gettext("%(name)s approved “%(title)s” (revision %(number)s). It can be published now.")
    else:
        subject = gettext("Changes requested: %s") % article.title
        said = gettext("%(name)s asks for changes to “%(title)s” (revision %(number)s).")
    parts = [
        said % {"name": review.printed_name, "title": article.title, "number": review.revision.number},
        gettext("What they say:\n%s") % review.comment.strip() if review.comment.strip() else "",
        gettext("Open the article here:\n%s") % _address("change", article),
    ]
    authors = _find_authors(review.revision).exclude(pk=review.reviewer_id)
    return _send(authors, subject, parts)


def tell_of_missed_schedule(revision: Revision, problem: str) -> int:
    """Tell the authors of a scheduled text that it could not be published, and why; gives how many letters went out."""
    article = revision.article
    parts = [
        gettext("“%(title)s” (revision %(number)s) was to be published by itself, and was not. Readers do not see it.")
        % {"title": article.title, "number": revision.number},
        gettext("What stood in the way:\n%s") % problem.strip(),
        gettext("Mend it, and publish or schedule it again, here:\n%s") % _address("change", article),
    ]
    return _send(_find_authors(revision), gettext("Not published at its time: %s") % article.title, parts)


def _find_authors(revision: Revision) -> Any:
    """Find the accounts that saved a text or one it grew from, back to what readers saw before it."""
    earlier = Revision.objects.filter(article=revision.article_id, number__lt=revision.number, publications__isnull=False)
    seen = earlier.aggregate(number=Max("number", default=0))["number"]
    grown = Revision.objects.filter(article=revision.article_id, number__gt=seen, number__lte=revision.number)
    return get_user_model().objects.filter(pk__in=grown.values("created_by")).order_by("pk")


def _address(page: str, article: Article) -> str:
    return str(settings.SITE["url"]) + reverse(f"admin:articles_article_{page}", args=[article.pk])


def _send(accounts: Iterable[Any], subject: str, parts: list[str]) -> int:
    """Send each account a letter of its own, over one connection, so that a server that is down is waited for once."""
    line = " ".join(subject.split())[:MAX_SUBJECT]  # a line end would begin another header
    letters = [
        EmailMessage(line, _body(account, parts), to=[account.email], headers=HEADERS)
        for account in accounts
        if account.email and account.is_active
    ]
    sent = 0
    try:
        with get_connection() as connection:
            for letter in letters:
                sent += _send_one(connection, letter)
    except OSError as error:  # of which SMTP's errors are a kind
        logger.error("No letter was sent (“%s”): %s", line, error)
    return sent


def _send_one(connection: Any, letter: EmailMessage) -> int:
    try:
        return connection.send_messages([letter]) or 0
    except (OSError, ValueError) as error:  # ValueError: an address or text that cannot be written into a letter
        logger.error("A letter to %r was not sent (“%s”): %s", letter.to[0], letter.subject, error)
        return 0


def _body(account: Any, parts: list[str]) -> str:
    greeting = gettext("Hello %s,") % (account.get_full_name() or account.get_username())
    return "\n\n".join([greeting, *filter(None, parts), settings.SITE["name"]]) + "\n"
