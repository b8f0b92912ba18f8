"""Answers without the database, where the page cache has no place left for a request that might wait for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.page_cache import TURNED_AWAY
from articles.views.errors import unavailable


def turn_away(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that says that the site cannot answer just now, where the page cache asks it to."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return unavailable(request) if TURNED_AWAY in request.META else get_response(request)

    return middleware
