"""Comments on the words of a text: the latest text with what people in the admin say of it, section by section."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext

from articles import workflow
from articles.admin.patience import patient
from articles.admin.record import find_latest, show_page
from articles.models import Article, Comment, Revision
from articles.text.problems import SourceError
from articles.text.quotes import mark_quotes

MAX_NUMBER = 18
"""How many digits a number in a form may have."""


@dataclass(slots=True)
class Thread:
    """A comment and its answers; ``anchor`` is the id of its words in the text, "" where they do not stand there."""

    comment: Comment
    anchor: str = ""


@dataclass(slots=True)
class Shown:
    """A part of the latest text with its quoted words marked, and what is said of it; "" as ``html`` where it is gone."""

    id: str
    heading: str
    html: str
    open: list[Thread] = field(default_factory=list)
    closed: list[Thread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed that was refused, and why."""

    section: str
    quote: str
    words: str
    comment: str
    fault: str


def addresses(admin: ModelAdmin) -> list[URLPattern]:
    """Give the address of the page, under the articles of the admin."""
    view = admin.admin_site.admin_view(patient(partial(comments, admin)))
    return [path("<int:pk>/comments/", view, name="articles_article_comments")]


def comments(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show the latest text with its comments; take a comment or an answer, close a comment or open it again."""
    article, revision = find_latest(admin, request, pk)
    if not request.user.has_perm("articles.view_comment"):
        raise PermissionDenied
    typed = None
    if request.method == "POST":
        place, typed = _act(request, article)
        if typed is None:
            return HttpResponseRedirect(f"{reverse('admin:articles_article_comments', args=[pk])}#{place}")
    parts = _parts(article, revision)
    context = {
        "parts": parts,
        "count": sum(len(part.open) for part in parts),
        "typed": typed,
        "may_comment": request.user.has_perm("articles.add_comment"),
        "may_close": request.user.has_perm("articles.change_comment"),
    }
    return show_page(admin, request, article, revision, "comments", gettext("Comments"), **context)


def _parts(article: Article, revision: Revision) -> list[Shown]:
    """Give the parts of the latest text with their comments, then the parts of older texts of which something is said."""
    found = Comment.objects.on(article).select_related("revision").defer("revision__source").prefetch_related("answers")
    threads = defaultdict(list)
    for comment in found:
        threads[comment.section_id].append(Thread(comment))
    try:
        parts = workflow.parts_of(workflow.prepare(workflow.text_of(revision)))
    except SourceError:  # kept in a form that is no longer read; what was said of it still is
        parts = []
    shown = [_show(part.id, part.heading, part.html, threads.pop(part.id, [])) for part in parts]
    gone = [_show(section, gettext("A section that is gone: %s") % section, "", these) for section, these in threads.items()]
    return shown + gone


def _show(section: str, heading: str, html: str, threads: list[Thread]) -> Shown:
    still_open = [thread for thread in threads if thread.comment.resolved_at is None]
    quotes = {f"words-{thread.comment.pk}": thread.comment.quote for thread in still_open if thread.comment.quote}
    html, anchors = mark_quotes(html, quotes)
    for thread in still_open:
        thread.anchor = anchors.get(f"words-{thread.comment.pk}", "")
    return Shown(section, heading, html, still_open, [one for one in threads if one.comment.resolved_at is not None])


def _act(request: HttpRequest, article: Article) -> tuple[str, Typed | None]:
    """Do what a form of the page asks; gives where on the page it happened, and what was typed where it was refused."""
    by, now, sent = workflow.Actor.person(request.user), timezone.now(), request.POST
    section, words = sent.get("section", ""), sent.get("words", "")
    try:
        if "_comment" in sent:
            revision = get_object_or_404(Revision, article=article, number=_number(sent.get("revision", "")))
            quote = sent.get("quote", "")
            made = workflow.comment(revision=revision, section_id=section, quote=quote, words=words, by=by, now=now)
            return f"comment-{made.pk}", None
        comment = get_object_or_404(
            Comment.objects.select_related("revision__article"), revision__article=article, pk=_number(sent.get("comment", ""))
        )
        if "_close" in sent:
            workflow.close_comment(comment=comment, by=by, now=now)
        elif "_reopen" in sent:
            workflow.reopen_comment(comment=comment, by=by, now=now)
        else:
            workflow.answer(to=comment, words=words, by=by, now=now)
    except (ValueError, SourceError) as error:
        return "", Typed(section, sent.get("quote", ""), words, sent.get("comment", ""), str(error))
    return f"comment-{comment.pk}", None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER):
        raise Http404
    return int(text)
