"""The site with one address more, whose view has a fault: to see what readers get then."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from neuropathy_site import urls
from neuropathy_site.wsgi import application

__all__ = ["application"]


def fail(request: HttpRequest) -> HttpResponse:
    """Raise."""
    raise RuntimeError("a fault on purpose")


urls.urlpatterns.insert(0, path("fault/", fail))
