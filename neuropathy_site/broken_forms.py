"""Forms of which only a part arrives, because a client stalls or goes away, are no fault of the site."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError


class RefuseBrokenForms:
    """Middleware that answers a form which cannot be read to its end with 400, and nothing in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the site answer."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Look at what a view raised. Raises BadRequest for a form that was cut short."""
        if isinstance(error, UnreadablePostError):
            raise BadRequest("This form was cut short.") from error
