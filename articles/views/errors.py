"""Pages for what cannot be shown. They ask neither the database nor the request for anything."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


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
    """Say that the site has a fault. Asks neither the database nor the request for anything."""
    return _error(500, _("Something went wrong on our side"), _("Please try again in a few minutes."))


def _error(status: int, title: str, words: str) -> HttpResponse:
    """Make an error page without the request, so that no context processor runs and no database is asked."""
    return HttpResponse(render_to_string("error.html", {"title": title, "words": words, "status": status}), status=status)
