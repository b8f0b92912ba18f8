"""What stands beside an article's text in the admin: reviews, the standards report and ratings, the public history.

Each is a page of its own under the article's form. Nothing here writes to the database but ``workflow``.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles import feedback, history, workflow
from articles.admin.article_form import Remark, find_problems, find_stops
from articles.admin.record_forms import RatingForm, ReviewForm
from articles.models import (
    CHECKLIST,
    Article,
    Comment,
    GlossaryTerm,
    Publication,
    Reference,
    Review,
    Revision,
    RevisionState,
)
from articles.text.diff import Kind, PassageDiff, diff_passages
from articles.text.findings import gather
from articles.text.passages import find_passages
from articles.text.rating_questions import STANDARDS
from articles.text.readability import read_ease
from articles.text.standards import NOT_FOR_MACHINES, check_standards

RecordView = Callable[..., HttpResponse]

PLACES: Mapping[str, tuple[Promise | str, str]] = {
    "change": (gettext_lazy("Text"), "view_article"),
    "review": (gettext_lazy("Your review"), "review_article"),
    "comments": (gettext_lazy("Comments"), "view_comment"),
    "revisions": (gettext_lazy("Revisions"), "view_article"),
    "standards": (gettext_lazy("Standards"), "view_article"),
    "publications": (gettext_lazy("Public history"), "view_article"),
    "share": (gettext_lazy("Share this draft"), "view_previewlink"),
    "conflicts": (gettext_lazy("Texts to put together"), "view_conflict"),
    "log": (gettext_lazy("Log"), "view_auditevent"),
}
"""The pages of an article by the end of their addresses' names: the words of the link, and the right to look."""

NEWER_TEXT = gettext_lazy("There is a newer text than the one you judged. Look at it first; then send again.")


def review(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show the latest text with what changed since readers' text, and take a clinician's verdict on it, once it is confirmed."""
    article, revision = find_latest(admin, request, pk)
    by = workflow.Actor.person(request.user)
    refusal = _refusal(revision, by)
    if refusal and request.method == "POST":
        raise PermissionDenied(refusal)
    stops = find_stops(revision)
    form = ReviewForm(request.POST or None, reviewer=request.user)
    if request.method == "POST" and form.is_valid() and _may_be_recorded(form, revision, request.POST.get("revision"), stops):
        if "_confirmed" not in request.POST and "_back" not in request.POST:
            title = gettext("Record this review?")
            return show_page(admin, request, article, revision, "review_confirm", title, form=form, checklist=CHECKLIST)
        if "_confirmed" in request.POST and _judge(revision, form, by):
            admin.message_user(request, gettext("Your review is recorded."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    context = {
        "form": form,
        "refusal": refusal,
        "stops": stops,
        "earlier": revision.reviews.all(),
        "passages": _since_published(article, revision),
        "state": RevisionState.objects.filter(revision=revision).exclude(reviewer_name="").first(),
        "said": Comment.objects.on(article).open() if request.user.has_perm("articles.view_comment") else [],
    }
    return show_page(admin, request, article, revision, "review", gettext("Review"), **context)


def _refusal(revision: Revision, by: workflow.Actor) -> str:
    """Say why somebody may not review a text; "" for who may."""
    try:
        workflow.require_reviewer(revision, by)
    except PermissionDenied as error:
        return str(error)
    return ""


def _may_be_recorded(form: ReviewForm, revision: Revision, judged: str | None, stops: list[Remark]) -> bool:
    """Whether a verdict can stand: on the latest text, and no approval of what cannot be published. Says so at the field."""
    if judged != str(revision.number):
        form.add_error(None, NEWER_TEXT)
    elif stops and form.verdict.decision is Review.Decision.APPROVED:
        form.add_error("decision", gettext("This text cannot be published yet. Ask for changes; approve once it is mended."))
    return not form.errors


def _judge(revision: Revision, form: ReviewForm, by: workflow.Actor) -> bool:
    """Record the verdict; says on the form why that cannot be done now, such as where somebody saved a newer text meanwhile."""
    try:
        workflow.review(revision=revision, verdict=form.verdict, by=by, now=timezone.now())
    except workflow.ConflictError:
        form.add_error(None, NEWER_TEXT)
    except workflow.MoveRefusedError as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _since_published(article: Article, revision: Revision) -> list[PassageDiff] | None:
    """Compare a draft with what readers see; None where they see it, or see nothing yet."""
    if article.published_revision in {None, revision}:
        return None
    assert article.published_revision is not None
    texts = [workflow.text_of(article.published_revision), workflow.text_of(revision)]
    keys = {key for source in texts for key in source.cited_keys}
    works = {row.key: row.value() for row in Reference.objects.filter(key__in=keys)}
    before, after = (find_passages(source, works, gettext) for source in texts)
    return [passage for passage in diff_passages(before, after) if passage.kind is not Kind.SAME]


def standards(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show what our rules say of the latest text, with lines, and what people said of it."""
    article, revision = find_latest(admin, request, pk)
    source = workflow.text_of(revision)
    works = {row.key: row.value() for row in Reference.objects.filter(key__in=source.cited_keys)}
    glossary = {row.key: row.value() for row in GlossaryTerm.objects.filter(key__in=source.term_keys)}
    context = {
        "stops": find_problems(revision),
        "works": works,
        "checks": list(check_standards(source, works, glossary)),
        "ease": read_ease(gather(source, works, glossary).sentences),
        "ratings": history.ratings(revision),
        "standards": STANDARDS,
        "not_for_machines": NOT_FOR_MACHINES,
    }
    return show_page(admin, request, article, revision, "standards", gettext("Standards"), **context)


def rate(admin: ModelAdmin, request: HttpRequest, pk: int, standard: str) -> HttpResponse:
    """Take one person's answers to all questions of a standard about the latest text."""
    article, revision = find_latest(admin, request, pk)
    if standard not in STANDARDS:
        raise Http404
    if not request.user.has_perm("articles.add_rating"):
        raise PermissionDenied
    form = RatingForm(request.POST or None, standard=standard, rater=request.user)
    if request.method == "POST" and form.is_valid():
        by = workflow.Actor.person(request.user)
        workflow.rate(
            revision=revision,
            standard=standard,
            answers=form.answers,
            printed_name=form.cleaned_data["printed_name"],
            by=by,
            now=timezone.now(),
        )
        admin.message_user(request, gettext("Your rating is recorded."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_standards", args=[pk]))
    context = {"form": form, "standard": STANDARDS[standard]}
    return show_page(admin, request, article, revision, "rate", STANDARDS[standard].name, **context)


def publications(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show the public history, and pin, unpin, withhold and show again."""
    article, revision = find_latest(admin, request, pk)
    if request.method == "POST":
        _act(admin, request, article)
        return HttpResponseRedirect(reverse("admin:articles_article_publications", args=[pk]))
    told = feedback.summaries(article)
    context = {
        "entries": [(entry, told.get(entry.pk)) for entry in history.entries(article)],
        "may_change": request.user.has_perm("articles.change_publication"),
        "may_read_feedback": request.user.has_perm("articles.view_feedback"),
    }
    return show_page(admin, request, article, revision, "publications", gettext("Public history"), **context)


def _act(admin: ModelAdmin, request: HttpRequest, article: Article) -> None:
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404
    publication = get_object_or_404(
        Publication.objects.select_related("article", "revision"), article=article, number=int(number)
    )
    by, now = workflow.Actor.person(request.user), timezone.now()
    try:
        if "_pin" in request.POST:
            workflow.pin(publication=publication, by=by, now=now)
            done = gettext("The note of copy %s stands on the article.")
        elif "_unpin" in request.POST:
            workflow.unpin(article=article, by=by, now=now)
            done = gettext("The banner is down (copy %s).")
        elif "_show" in request.POST:
            workflow.show_again(publication=publication, by=by, now=now)
            done = gettext("Copy %s is shown again.")
        else:
            workflow.withhold(publication=publication, reason=request.POST.get("reason", ""), by=by, now=now)
            done = gettext("The text of copy %s is withheld. Readers see your reason.")
    except ValueError as error:
        admin.message_user(request, gettext("Not done: %s.") % error, messages.ERROR)
    else:
        admin.message_user(request, done % publication.number, messages.SUCCESS)


def find_latest(admin: ModelAdmin, request: HttpRequest, pk: int) -> tuple[Article, Revision]:
    """Find an article and its latest text; raises Http404, and PermissionDenied for who may not look at it."""
    article = get_object_or_404(Article.objects.select_related("published_revision", "draft_revision", "pinned__revision"), pk=pk)
    if not admin.has_view_permission(request, article):
        raise PermissionDenied
    if article.latest_revision is None:
        raise Http404
    return article, article.latest_revision


def show_page(
    admin: ModelAdmin, request: HttpRequest, article: Article, revision: Revision, name: str, title: str, **more: Any
) -> HttpResponse:
    """Show a page beside an article's text; ``more`` is what its template shows."""
    shared = {**admin.admin_site.each_context(request), "places": find_places(request, article)}
    context = {**shared, "article": article, "revision": revision, "title": title, **more}
    return render(request, f"admin/articles/article/{name}.html", context)


class Place(NamedTuple):
    """A link from one page of an article to another; ``is_here`` on the page itself."""

    words: str
    address: str
    is_here: bool


def find_places(request: HttpRequest, article: Article) -> list[Place]:
    """Give links to all pages of an article that an account may look at, and to what readers see at its address."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    places = []
    for name, (words, right) in PLACES.items():
        if request.user.has_perm(f"articles.{right}"):
            view = f"articles_article_{name}"
            address = reverse(f"admin:{view}", args=[article.pk])
            said = _count_comments(article) if name == "comments" else ""
            places.append(Place(said or str(words), address, view == here))
    if article.publication_id:
        places.append(Place(gettext("See it on the site"), article.get_absolute_url(), is_here=False))
    return places


def _count_comments(article: Article) -> str:
    number = Comment.objects.on(article).open().count()
    return ngettext("%d open comment", "%d open comments", number) % number if number else ""
