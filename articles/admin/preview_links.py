"""Links to a draft: the page where they are made and taken back, and what people without an account see behind one.

The latter is no page of the admin, and asks for no session. It stands here since it shows a preview, which ``workflow`` makes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import workflow
from articles.admin.record import find_latest, show_page
from articles.models import Article, PreviewLink, Review, Revision
from articles.text.problems import SourceError

USUAL_DAYS = 7

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",  # the address is the secret, and must not go along to a source that is followed
}


@dataclass(frozen=True, slots=True)
class SharedDraft:
    """What is said above and in a shared draft: until when its link works, whether readers see it, who approved it."""

    until: datetime
    saved_at: datetime
    is_public: bool
    was_public: bool
    approval: Review | None


def share(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article's open links; make one, whose address is shown this once, or take one back."""
    if not request.user.has_perm("articles.view_previewlink"):
        raise PermissionDenied
    article, revision = find_latest(admin, request, pk)
    if "_revoke" in request.POST:
        _revoke(admin, request, article)
        return HttpResponseRedirect(reverse("admin:articles_article_share", args=[pk]))
    made = _make(admin, request, revision) if request.method == "POST" else ""
    context = {
        "made": made,
        "links": PreviewLink.objects.open(timezone.now()).filter(revision__article=article).select_related("revision"),
        "days": workflow.LINK_DAYS,
        "usual_days": USUAL_DAYS,
        "is_draft": article.draft_revision_id is not None and article.withdrawn_at is None,
        "may_make": request.user.has_perm("articles.add_previewlink"),
        "may_revoke": request.user.has_perm("articles.change_previewlink"),
    }
    return show_page(admin, request, article, revision, "share", gettext("Share this draft"), **context)


def _make(admin: ModelAdmin, request: HttpRequest, revision: Revision) -> str:
    """Make a link to the text that the form was about; gives its address, or "" and says why not."""
    by, days = workflow.Actor.person(request.user), request.POST.get("days")
    if request.POST.get("revision") != str(revision.number):
        admin.message_user(request, gettext("Not shared: there is a newer text. Look at it first."), messages.ERROR)
        return ""
    chosen = next((number for number in workflow.LINK_DAYS if str(number) == days), 0)
    try:
        _link, token = workflow.make_preview_link(revision=revision, days=chosen, by=by, now=timezone.now())
    except workflow.ConflictError:
        admin.message_user(request, gettext("Not shared: readers see this text already."), messages.ERROR)
        return ""
    except ValueError as error:
        admin.message_user(request, gettext("Not shared: %s.") % error, messages.ERROR)
        return ""
    return f"{settings.SITE['url']}{reverse('shared-draft', args=[token])}"


def _revoke(admin: ModelAdmin, request: HttpRequest, article: Article) -> None:
    number = request.POST["_revoke"]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    link = get_object_or_404(PreviewLink.objects.select_related("revision__article"), revision__article=article, pk=int(number))
    try:
        workflow.revoke_preview_link(link=link, by=workflow.Actor.person(request.user), now=timezone.now())
    except ValueError as error:
        admin.message_user(request, gettext("Not done: %s.") % error, messages.ERROR)
    else:
        admin.message_user(request, gettext("The link is taken back. It shows nothing any more."), messages.SUCCESS)


@require_safe
def shared_draft(request: HttpRequest, token: str) -> HttpResponse:
    """Show the text behind a link as readers would see it; 404, always alike, for a link that does not work."""
    found = PreviewLink.objects.open(timezone.now()).with_token(token)
    link = found.select_related("revision__article__published_revision", "revision__article__publication").first()
    answer = _draft(request, link) if link else None
    if answer is None:
        words = gettext("It may have run out or been taken back, or a part of it is missing. Ask the person who sent it to you.")
        context = {"title": gettext("This link does not work"), "words": words, "status": 404}
        answer = HttpResponse(render_to_string("error.html", context), status=404)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer


def _draft(request: HttpRequest, link: PreviewLink) -> HttpResponse | None:
    """Render the text of a link; None where it cannot be read any more, since the format has changed."""
    revision, article = link.revision, link.revision.article
    try:
        shown, prepared = workflow.preview(workflow.text_of(revision), article)
    except SourceError:
        return None
    shared = SharedDraft(
        until=link.expires_at,
        saved_at=revision.created_at,
        is_public=article.published_revision_id == revision.pk,
        was_public=revision.publications.exists(),
        approval=workflow.find_approval(revision),
    )
    context = {"article": shown, "rendering": prepared.rendering, "is_preview": True, "shared": shared}
    return render(request, f"articles/{shown.kind}_detail.html", context)
