"""What waits for somebody at the desk: which articles, why, and where to go on.

The first page shows the head of each list, and the list of articles the whole of it.

Each list is one query, which reads nothing that grows with the texts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.models import (
    Article,
    Comment,
    Conflict,
    InsideLink,
    Notice,
    Reference,
    ReferenceSnapshot,
    Review,
    Revision,
    RevisionState,
    Withdrawal,
)

SOON = timedelta(days=30)
NO_TEXT = Func(template="''", output_field=TextField())
"""Written into a query, not given to it: SQLite does not know of a value that it is given whether an index leaves it out."""

Row = Mapping[str, Any]
Find = Callable[[Any, date], QuerySet[Article]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A list of articles that wait for the same act.

    ``rights``: any of them lets an account see it. ``find`` takes the account and the day and gives the articles, the most
    pressing first; ``tell`` says what is to be known of a row with the columns ``shown``. ``page`` is where the act is done.
    """

    title: Promise | str
    rights: tuple[str, ...]
    find: Find
    shown: tuple[str, ...]
    tell: Callable[[Row], str]
    page: str = "change"


def of_author(user: Any) -> QuerySet[Article]:
    """Give the articles that an account wrote any text of."""
    return Article.objects.filter(pk__in=Revision.objects.filter(created_by=user).values("article"))


def _mine_first(found: QuerySet[Article], user: Any) -> QuerySet[Article]:
    """Put the articles first that an account wrote, then those that wait longest."""
    mine = Case(When(pk__in=Revision.objects.filter(created_by=user).values("article"), then=True), default=False)
    return found.annotate(is_mine=mine).order_by("-is_mine", F("open_state__moved_at").asc(nulls_first=True), "pk")


def _in_state(status: str) -> QuerySet[Article]:
    return Article.objects.filter(pk__in=RevisionState.objects.filter(status=status).values("article"))


def _find_to_review(user: Any, today: date) -> QuerySet[Article]:
    """Those that ``user`` was chosen for, then those that nobody was and of which they wrote nothing since the last approval."""
    approvals = Review.objects.filter(revision__article=OuterRef("article"), decision=Review.Decision.APPROVED)
    approved = Subquery(approvals.order_by("-revision__number").values("revision__number")[:1])
    written = Revision.objects.filter(created_by=user, number__gt=Coalesce(approved, 0)).values("article")
    free = Q(open_state__reviewer__isnull=True) & ~Q(pk__in=written)
    found = _in_state("in_review").filter(Q(open_state__reviewer=user) | free)
    chosen = Case(When(open_state__reviewer=user, then=0), default=1)
    return found.annotate(chosen=chosen).order_by("chosen", F("open_state__moved_at").asc(nulls_first=True), "pk")


def _tell_to_review(row: Row) -> str:
    who = gettext("You were asked") if row["chosen"] == 0 else gettext("For whoever is free")
    return _join(who, _moved(gettext("sent by %(name)s on %(day)s"), row))


def _find_changes(user: Any, today: date) -> QuerySet[Article]:
    return _mine_first(_in_state("changes_requested"), user)


def _tell_changes(row: Row) -> str:
    return _join(gettext("You wrote it") if row["is_mine"] else "", _moved(gettext("asked by %(name)s on %(day)s"), row))


def _find_commented(user: Any, today: date) -> QuerySet[Article]:
    open_ones = Comment.objects.filter(resolved_at__isnull=True, answers_to__isnull=True)
    count = open_ones.filter(revision__article=OuterRef("pk")).order_by().values("revision__article").annotate(n=Count("pk"))
    found = of_author(user).filter(pk__in=open_ones.values("revision__article"))
    return found.annotate(comments=Subquery(count.values("n"))).order_by("title", "pk")


def _tell_commented(row: Row) -> str:
    return ngettext("%d open comment", "%d open comments", row["comments"]) % row["comments"]


def _find_conflicts(user: Any, today: date) -> QuerySet[Article]:
    oldest = Conflict.objects.open().filter(article=OuterRef("pk")).order_by("made_at", "pk")
    found = Article.objects.filter(pk__in=Conflict.objects.open().values("article"))
    columns = {name: Subquery(oldest.values(name)[:1]) for name in ("cause", "made_at")}
    return found.annotate(conflict=Subquery(oldest.values("pk")[:1]), **columns).order_by(F("made_at"), "pk")


def _tell_conflict(row: Row) -> str:
    cause = str(Conflict.Cause(row["cause"]).label)
    return gettext("%(cause)s, on %(day)s") % {"cause": cause[:1].upper() + cause[1:], "day": _day(row["made_at"])}


def _find_missed(user: Any, today: date) -> QuerySet[Article]:
    missed = RevisionState.objects.exclude(problem="").values("article")
    return Article.objects.filter(pk__in=missed).order_by("open_state__moved_at", "pk")


def _tell_missed(row: Row) -> str:
    return "; ".join(row["open_state__problem"].splitlines())


def _find_planned(user: Any, today: date) -> QuerySet[Article]:
    to_withdraw = Withdrawal.objects.planned()
    due_at = Subquery(to_withdraw.filter(article=OuterRef("pk")).values("due_at")[:1])
    scheduled = RevisionState.objects.filter(status=RevisionState.Status.SCHEDULED)
    found = Article.objects.filter(Q(pk__in=scheduled.values("article")) | Q(pk__in=to_withdraw.values("article")))
    next_at = Coalesce("open_state__publish_at", "withdraw_at")
    return found.annotate(withdraw_at=due_at).annotate(next_at=next_at).order_by("next_at", "pk")


def _tell_planned(row: Row) -> str:
    publish_at, withdraw_at = row["open_state__publish_at"], row["withdraw_at"]
    return _join(
        gettext("To be published on %s") % workflow.in_site_zone(publish_at) if publish_at else "",
        gettext("to be withdrawn on %s") % workflow.in_site_zone(withdraw_at) if withdraw_at else "",
    )


def _find_due(user: Any, today: date) -> QuerySet[Article]:
    # Not `.articles()`: SQLite would go through all that are of the kind, and not through those that are due.
    found = Article.objects.published().exclude(kind=Article.Kind.PAGE)
    return found.filter(review_due_on__lt=today + SOON).order_by("review_due_on", "pk")


def _tell_due(row: Row) -> str:
    day = row["review_due_on"]
    words = gettext("Overdue since %s") if day < timezone.localdate() else gettext("Due on %s")
    return words % date_format(day, "j F Y")


def _find_shaken(user: Any, today: date) -> QuerySet[Article]:
    """Those whose sources were withdrawn, carry less than they did, or have a notice that came after the text was published."""
    cited = ReferenceSnapshot.objects.filter(publication=F("publication__article__publication"))
    withdrawn = cited.filter(reference__in=Reference.objects.withdrawn()).values("publication__article")
    broken = Article.objects.filter(~Q(source_problems=NO_TEXT)).order_by().values("pk")
    notices = Notice.objects.filter(kind__in=[Notice.Kind.CORRECTION, Notice.Kind.CONCERN]).order_by("-found_at")
    newest = Subquery(notices.filter(reference=OuterRef("reference")).values("found_at")[:1])
    later = cited.filter(reference__in=notices.order_by().values("reference"), publication__published_at__lt=newest)
    # One set of ids, which is looked up: for three conditions joined by OR the database would go through all articles.
    found = Article.objects.published().filter(pk__in=withdrawn.union(broken, later.values("publication__article")))
    cause = Case(
        When(pk__in=withdrawn, then=Value("withdrawn")),
        When(~Q(source_problems=NO_TEXT), then=Value("broken")),
        default=Value("noticed"),
    )
    return found.annotate(cause=cause).order_by("-cause", "title", "pk")


def _tell_shaken(row: Row) -> str:
    words = {
        "withdrawn": gettext("Rests on work that its journal withdrew"),
        "broken": gettext("A source changed, and the text breaks a rule now"),
        "noticed": gettext("A source was corrected or doubted since: see the notices"),
    }
    return words[row["cause"]]


def _find_leading_nowhere(user: Any, today: date) -> QuerySet[Article]:
    dead = InsideLink.objects.filter(is_dead=True)
    first = dead.filter(article=OuterRef("pk")).order_by("pk")
    columns = {f"dead_{name}": Subquery(first.values(name)[:1]) for name in ("kind", "slug", "section")}
    found = Article.objects.published().filter(pk__in=dead.values("article"))
    return found.annotate(**columns).order_by("title", "pk")


def _tell_leading_nowhere(row: Row) -> str:
    link = InsideLink(kind=row["dead_kind"], slug=row["dead_slug"], section=row["dead_section"])
    return gettext("Its link to %s leads nowhere") % link


def _moved(words: str, row: Row) -> str:
    if not row["open_state__moved_at"]:
        return ""
    return words % {"name": row["open_state__moved_by_name"], "day": _day(row["open_state__moved_at"])}


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _join(*parts: str) -> str:
    said = ", ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


MOVED = ("open_state__moved_at", "open_state__moved_by_name")
EDITING = ("articles.change_article", "articles.publish_article")

WAITING: Mapping[str, Waiting] = {
    "missed": Waiting(_("Could not be published on time"), EDITING, _find_missed, ("open_state__problem",), _tell_missed),
    "review": Waiting(
        _("Waiting for your review"), ("articles.review_article",), _find_to_review, ("chosen", *MOVED), _tell_to_review, "review"
    ),
    "changes": Waiting(
        _("A reviewer asked for changes"), ("articles.change_article",), _find_changes, ("is_mine", *MOVED), _tell_changes
    ),
    "comments": Waiting(
        _("Comments on your texts"), ("articles.change_article",), _find_commented, ("comments",), _tell_commented, "comments"
    ),
    "conflicts": Waiting(
        _("Two versions to put together"),
        ("articles.view_conflict",),
        _find_conflicts,
        ("conflict", "cause", "made_at"),
        _tell_conflict,
        "conflict",
    ),
    "planned": Waiting(_("Planned for later"), EDITING, _find_planned, ("open_state__publish_at", "withdraw_at"), _tell_planned),
    "due": Waiting(_("Due for review"), (*EDITING, "articles.review_article"), _find_due, ("review_due_on",), _tell_due),
    "links": Waiting(
        _("Links that lead nowhere"),
        EDITING,
        _find_leading_nowhere,
        ("dead_kind", "dead_slug", "dead_section"),
        _tell_leading_nowhere,
    ),
    "sources": Waiting(
        _("Sources that were withdrawn or changed"), (*EDITING, "articles.review_article"), _find_shaken, ("cause",), _tell_shaken
    ),
}
"""In the order of the first page, by the words that stand in addresses."""
