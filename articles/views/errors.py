"""Pages for what cannot be shown. They ask neither the database nor the request for anything."""

import re
import sys
from collections.abc import Sequence

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

LONG = 20
"""Characters from which on a text that somebody typed is given back when it could not be saved."""
SECRET = re.compile("password|token", re.IGNORECASE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the browser sent something the site does not understand."""
    return _error(400, _("This request could not be understood"), _("Go back, reload the page and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the account may not do this, and why where that is known."""
    words = str(exception) if request.path.startswith("/admin/") else ""
    return _error(403, _("You may not do this"), words or _("Sign in with an account that may, or go back."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    return _error(404, _("We have no page at this address"), _("It may be misspelt, or the page may have gone."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the site has a fault, or that its database does not answer just now, which passes.

    Django calls this while it handles what was raised.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _error(500, _("Something went wrong on our side"), _("Please try again in a few minutes."))


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the site cannot answer just now, which passes (503), and give back what was written."""
    written = _written(request) if request.method == "POST" else []
    words = _("Nothing was saved. Copy what you wrote, which is below, and try again in a minute.") if written else ""
    answer = _error(503, _("We cannot reach our records just now"), words or _("Please try again in a minute."), written)
    answer["Retry-After"], answer["Cache-Control"] = "30", "no-store"
    return answer


def _written(request: HttpRequest) -> list[tuple[str, str]]:
    """Give the long texts of a form that was sent, by the names of their fields: they would be lost with the form."""
    try:
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):  # cut short, or not as a browser writes it
        return []
    return [(name, value) for name, value in fields if len(value) >= LONG and not SECRET.search(name)]


def _error(status: int, title: str, words: str, written: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """Make an error page without the request, so that no context processor runs and no database is asked."""
    context = {"title": title, "words": words, "status": status, "written": written}
    return HttpResponse(render_to_string("error.html", context), status=status)
