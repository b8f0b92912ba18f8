""" "Did this page help?": the one thing readers can send. It needs no script, no cookie and no account.

No cookie means no token against forms on other sites. The browser itself says where a form came from, in headers that pages
cannot write: ``Sec-Fetch-Site`` and ``Origin``.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from articles import feedback
from articles.addresses import form_of_article, of_article
from articles.forms import FeedbackForm
from articles.models import Article

MAX_TRIES = 3
"""A database that is locked for longer than a send waits is asked again: what somebody has typed must not be lost."""


@csrf_exempt
@sensitive_post_parameters()
@cache_control(no_store=True)
@form_of_article
def feedback_form(request: HttpRequest, article: Article) -> HttpResponse:
    """Show the form, or take it. Each refusal shows what the reader wrote again, unless another site's form sent it."""
    now = timezone.now()
    if request.method != "POST":
        return _show(request, article, FeedbackForm(article, now=now))
    if _is_foreign(request):
        form = FeedbackForm(article, now=now)
        return _show(request, article, form, gettext("Another site sent this. To tell us something, write it here."), 403)
    form = FeedbackForm(article, now=now, data=request.POST)
    if not _is_ours(request):
        words = gettext(
            "Your browser does not say which site this was sent from, so we cannot take it. Copy what you wrote, and send it "
            "with another browser, or write to the contact address at the foot of this page."
        )
        return _show(request, article, form, words, 403)
    if not form.is_trapped:
        if not form.is_valid():
            return _show(request, article, form)
        refusal = _keep(request, article, form)
        if refusal:
            return refusal
    return HttpResponseRedirect(f"{article.get_absolute_url()}feedback/thanks/", status=303)


@cache_control(no_store=True)
@of_article
def feedback_thanks(request: HttpRequest, article: Article) -> HttpResponse:
    """Say that it arrived, what becomes of it, and whom to ask about one's own health."""
    return render(request, "articles/feedback_thanks.html", {"article": article, "days": settings.FEEDBACK_DAYS})


def _show(request: HttpRequest, article: Article, form: FeedbackForm, fault: str = "", status: int = 200) -> HttpResponse:
    """Show the form with what is wrong; ``fault`` is told instead of what is wrong with single fields."""
    errors = form.errors if form.is_bound and not fault else {}
    faults = [fault] if fault else form.non_field_errors() if errors else []
    context = {"article": article, "form": form, "errors": errors, "faults": faults, "days": settings.FEEDBACK_DAYS}
    return render(request, "articles/feedback_form.html", context, status=status)


@sensitive_variables()
def _keep(request: HttpRequest, article: Article, form: FeedbackForm) -> HttpResponse | None:
    """Keep what a valid form says; gives the page that says why not, where it cannot be kept."""
    said = form.cleaned_data
    for _attempt in range(MAX_TRIES):
        try:
            feedback.receive(
                article=article,
                publication_id=form.publication_id,
                is_helpful=said["is_helpful"],
                comment=said["comment"],
                sender=_address(request),
                now=timezone.now(),
            )
        except (OperationalError, IntegrityError):  # the latter where somebody's day ends, and its key goes, meanwhile
            continue
        except feedback.LimitReachedError as limit:
            answer = _show(request, article, form, _wait_in_words(limit.wait), 429)
            answer["Retry-After"] = str(int(limit.wait.total_seconds()))
            return answer
        return None
    words = gettext("We could not keep this just now. What you wrote is still here. Send it again in a minute.")
    return _show(request, article, form, words, 503)


def _wait_in_words(wait: timedelta) -> str:
    """Say when it is worth another try. The count is of a network, which people share, so nobody is told off."""
    if wait >= timedelta(days=1):
        when = gettext("Try again tomorrow.")
    elif wait >= timedelta(hours=1):
        when = gettext("Try again in an hour.")
    else:
        when = gettext("Try again in ten minutes.")
    why = gettext("We have just been sent a lot, about this page or from a network like yours, so we did not keep this.")
    return f"{why} {gettext('Copy what you wrote if you want to keep it.')} {when}"


def _is_foreign(request: HttpRequest) -> bool:
    """Whether the browser says that another site's page sent this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    return request.headers.get("Origin", "null") not in {"null", *_our_origins(request)}


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent this.

    One header suffices. ``Sec-Fetch-Site: none`` (a restored tab) and ``Origin: null`` (an extension that hides it) say nothing.
    """
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") in _our_origins(request)


def _our_origins(request: HttpRequest) -> set[str]:
    """Give the origin that readers use, and that of the host which was asked, which is one of ALLOWED_HOSTS."""
    public = urlsplit(settings.SITE_URL)
    return {f"{public.scheme}://{public.netloc}", f"{request.scheme}://{request.get_host()}"}


def _address(request: HttpRequest) -> str:
    """Give the sender's network address. Where a proxy of ours stands in front, it is the last entry of its header."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
