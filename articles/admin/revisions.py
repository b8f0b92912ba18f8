"""All texts an article has had: what became of each, what it says, what it changed, and how it becomes the draft again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext

from articles import workflow
from articles.admin.article_form import lines_in_body
from articles.admin.patience import patient
from articles.admin.record import find_latest, show_page
from articles.models import Article, Conflict, Publication, Reference, Review, Revision, RevisionState
from articles.text.comparing import TextDiff, compare_texts
from articles.text.front_matter import split_front_matter
from articles.text.problems import SourceError

PER_PAGE = 50
MAX_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A revision in the list, and what became of it, in words."""

    revision: Revision
    states: list[str]


def addresses(admin: ModelAdmin) -> list[URLPattern]:
    """Give the addresses of the pages, under the articles of the admin."""
    views: dict[str, tuple[Callable[..., HttpResponse], str]] = {
        "<int:pk>/revisions/": (revisions, "revisions"),
        "<int:pk>/revisions/compare/": (compare, "compare"),
        "<int:pk>/revisions/<int:number>/": (show, "revision"),
    }
    site = admin.admin_site.admin_view
    return [
        path(route, site(patient(partial(view, admin))), name=f"articles_article_{name}") for route, (view, name) in views.items()
    ]


def revisions(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article's revisions, the newest first, with what became of each."""
    article, latest = find_latest(admin, request, pk)
    found = article.revisions.defer("source").annotate(made_from=F("based_on__number")).order_by("-number")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _rows(article, list(page)), "is_alone": page.paginator.count == 1}
    return show_page(admin, request, article, latest, "revisions", gettext("Revisions"), **context)


def show(admin: ModelAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one revision's text as readers would see it today, and its source; make it the draft again."""
    article, latest = find_latest(admin, request, pk)
    revision = get_object_or_404(Revision.objects.annotate(made_from=F("based_on__number")), article=article, number=number)
    fault, problems = "", []
    if request.method == "POST":
        try:
            return _restore(admin, request, article, revision)
        except SourceError as error:
            fault, problems = gettext("Not restored. This text would not be taken today:"), _in_words(error, revision)
        except workflow.ConflictError:
            fault = gettext("Not restored: there is a newer text. Look at it first; then restore again.")
            article, latest = find_latest(admin, request, pk)
        except ValueError as error:
            fault = gettext("Not restored. %s") % error
    try:
        parts = workflow.parts_of(workflow.prepare(workflow.text_of(revision)))
    except SourceError:
        parts = None
    context = {
        "shown": revision,
        "row": _rows(article, [revision])[0],
        "parts": parts,
        "fault": fault,
        "problems": problems,
        "may_restore": revision.digest != latest.digest and admin.has_change_permission(request, article),
    }
    return show_page(admin, request, article, latest, "revision", gettext("Revision %s") % number, **context)


def _restore(admin: ModelAdmin, request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
    """Make a revision the draft again, where the latest text is still the one that the form was about."""
    based_on = article.revisions.filter(number=_number(request.POST.get("based_on", ""))).first()
    by = workflow.Actor.person(request.user)
    made = workflow.restore_revision(article=article, revision=revision, based_on=based_on, by=by, now=timezone.now())
    words = gettext("Revision %(old)s is the draft again, as revision %(new)s. Nothing that came since is lost.")
    admin.message_user(request, words % {"old": revision.number, "new": made.number}, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _in_words(error: SourceError, revision: Revision) -> list[str]:
    split, _problems = split_front_matter(revision.source)
    return lines_in_body(error.problems, split.body_line if split else 1)


def compare(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show what two revisions of an article say differently: words, claims, works, certainty."""
    article, latest = find_latest(admin, request, pk)
    numbers = sorted(_number(request.GET.get(name, "")) for name in ("from", "to"))
    found = list(article.revisions.filter(number__in=numbers).order_by("number"))
    context: dict[str, Any] = {"found": found}
    if len(found) == 2:
        context["difference"] = _compare(*found)
    status = 200 if found and len(found) == len(set(numbers)) else 404
    answer = show_page(admin, request, article, latest, "compare", gettext("What changed"), **context)
    answer.status_code = status
    return answer


def _compare(old: Revision, new: Revision) -> TextDiff | None:
    """Compare two texts with the works as they are now; gives None where one is in a form that is no longer read."""
    try:
        before, after = workflow.text_of(old), workflow.text_of(new)
    except SourceError:
        return None
    keys = {*before.cited_keys, *after.cited_keys}
    works = {row.key: row.value() for row in Reference.objects.filter(key__in=keys)}
    return compare_texts(before, after, works, gettext)


def _rows(article: Article, found: list[Revision]) -> list[Row]:
    """Say what became of revisions, in a fixed number of queries."""
    states: dict[int, list[str]] = {revision.pk: [] for revision in found}
    opened = RevisionState.objects.filter(article=article, revision__in=found).first()
    if opened:
        is_plain = opened.status == RevisionState.Status.DRAFT
        words = gettext("the draft") if is_plain else gettext("the draft: %s") % opened.get_status_display()
        states[opened.revision_id].append(words)
    for pk, words in _spans(article):
        if pk in states:
            states[pk].append(words)
    for review in Review.objects.filter(revision__in=found).order_by("decided_at", "pk"):
        words = gettext("%(decision)s by %(name)s, %(day)s")
        day = _day(review.decided_at)
        said = words % {"decision": review.get_decision_display(), "name": review.printed_name, "day": day}
        states[review.revision_id].append(f"{said}: “{review.comment}”" if review.comment else said)
    for conflict in Conflict.objects.filter(kept__in=found):
        states[conflict.kept_id].append(_kept(conflict))
    return [Row(revision, states[revision.pk]) for revision in found]


def _kept(conflict: Conflict) -> str:
    """Say that a text was kept beside the draft, and whether somebody has settled that."""
    words = gettext("kept beside the draft: %s") % conflict.get_cause_display()
    if conflict.resolved_at is None:
        return f"{words} ({gettext('not settled yet')})"
    return f"{words} ({gettext('settled by %s') % conflict.resolved_by_name})"


def _spans(article: Article) -> Iterable[tuple[int, str]]:
    """Say from when to when readers had which revision; what was published anew with changed sources is one time."""
    told: QuerySet[Publication] = article.publications.order_by("number").only(
        "article", "revision", "published_at", "withheld_at"
    )
    turns: list[Publication] = []
    for publication in told:
        if not turns or turns[-1].revision_id != publication.revision_id:
            turns.append(publication)
    ends = [*(turn.published_at for turn in turns[1:]), article.withdrawn_at]
    for turn, end in zip(turns, ends, strict=False):
        if end is None:
            words = gettext("what readers see, since %s") % _day(turn.published_at)
        else:
            words = gettext("published from %(first)s to %(last)s") % {"first": _day(turn.published_at), "last": _day(end)}
        yield turn.revision_id, words
        if turn.withheld_at:
            yield turn.revision_id, gettext("withheld from readers since %s") % _day(turn.withheld_at)


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i T")


def _number(text: str) -> int:
    if len(text) > MAX_DIGITS or not (text.isascii() and text.isdigit()):
        return 0
    return int(text)
