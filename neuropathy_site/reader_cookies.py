"""Readers get no cookie, whatever their browser sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def drop_cookies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that lets the admin alone set cookies.

    To a ``csrftoken`` that is not Django's, as another program on the same host may have set, Django answers with a new one: a
    random number that would stay with a reader for a year.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/admin/"):
            response.cookies.clear()
        return response

    return middleware
