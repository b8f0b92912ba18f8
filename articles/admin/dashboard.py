"""The admin's first page: what waits for whoever looks at it, a short list for each kind, and one click to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Case, F, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from articles.admin.waiting import WAITING, Row, Waiting
from articles.models import Feedback

MAX_ENTRIES = 5
MAX_COUNTED = 200
"""Of more than these it is said that there are more: what waits is not counted to its end at each look."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: what it is about, where it is done, and what is to be known of it."""

    words: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class TaskList:
    """The first few things of a kind that wait; ``count`` of all of them, or one more than is counted; ``url`` shows them."""

    key: str
    title: Promise | str
    entries: list[Entry]
    count: int
    url: str

    @property
    def total(self) -> str:
        """How many there are, as is shown."""
        return str(self.count) if self.count <= MAX_COUNTED else f"{MAX_COUNTED}+"


@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Show the first page."""
    context = {"task_lists": list(find_tasks(request.user, timezone.localdate())), "has_rights": may_look(request.user)}
    return admin.site.index(request, context)


def may_look(user: Any) -> bool:
    """Whether an account may do anything here but sign in."""
    return bool(user.has_perm("articles.view_article"))


def find_tasks(user: Any, today: date) -> Iterator[TaskList]:
    """Find what waits for an account, the most pressing first; lists with nothing on them are left out."""
    for key, waiting in WAITING.items():
        if any(user.has_perm(right) for right in waiting.rights):
            rows = list(waiting.find(user, today).values("pk", "title", *waiting.shown)[: MAX_COUNTED + 1])
            if rows:
                url = f"{reverse('admin:articles_article_changelist')}?attention={key}"
                entries = [Entry(row["title"], _address(waiting, row), waiting.tell(row)) for row in rows[:MAX_ENTRIES]]
                yield TaskList(key, waiting.title, entries, len(rows), url)
    if user.has_perm("articles.view_feedback"):
        yield from _find_feedback()


def _address(waiting: Waiting, row: Row) -> str:
    arguments = [row["pk"], row["conflict"]] if waiting.page == "conflict" else [row["pk"]]
    return reverse(f"admin:articles_article_{waiting.page}", args=arguments)


def _find_feedback() -> Iterator[TaskList]:
    unread = Feedback.objects.filter(is_read=False).annotate(title=F("publication__article__title"))
    rows = list(
        unread.order_by(Case(When(comment="", then=1), default=0), "-received_on", "-pk").values(
            "pk", "title", "comment", "received_on"
        )[: MAX_COUNTED + 1]
    )
    if rows:
        url = f"{reverse('admin:articles_feedback_changelist')}?is_read__exact=0"
        yield TaskList("feedback", gettext("What readers said"), [_feedback(row) for row in rows[:MAX_ENTRIES]], len(rows), url)


def _feedback(row: Row) -> Entry:
    said = Truncator(row["comment"]).chars(80) or gettext("no comment")
    note = f"{date_format(row['received_on'], 'j F Y')}: {said}"
    return Entry(row["title"], reverse("admin:articles_feedback_change", args=[row["pk"]]), note)
