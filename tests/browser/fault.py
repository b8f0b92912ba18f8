"""The site with one address more, whose view has a fault: to see what readers get then."""

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path

from neuropathy_site.wsgi import application

__all__ = ["application"]


def fail(request: HttpRequest) -> HttpResponse:
    """Raise."""
    raise RuntimeError("a fault on purpose")


get_resolver().url_patterns.insert(0, path("fault/", fail))
