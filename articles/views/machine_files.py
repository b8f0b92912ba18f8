"""Files that machines ask for by name: rules for crawlers, whom to tell of a hole, what to call the site on a home screen."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import page_cache

PAPER, DEEP = "#f5f8f6", "#0c3340"
"""Colours of the page and of the icon, as in static/site.css."""

MONTHS = 6
CLOSED = ("/admin/", "/search/", "/*/feedback/", "/*/history/compare/")
"""What crawlers need not read: the desk, answers to questions, forms, and comparisons, of which there are very many."""


@page_cache.anyone(any_query=True)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say what crawlers need not read, and where the sitemap is (RFC 9309)."""
    page_cache.shows(request)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {_address('sitemap')}"]
    return _text(lines)


@page_cache.anyone(any_query=True)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a hole in the site (RFC 9116); not found where no contact is set that the rules allow."""
    contact = settings.SITE["contact"]
    if "://" not in contact and "@" in contact:
        contact = f"mailto:{contact}"
    if not contact.startswith(("mailto:", "https://")):
        raise Http404
    page_cache.shows(request)
    lines = [
        f"Contact: {contact}",
        f"Expires: {_some_months_after(timezone.now().date()):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {_address('security-txt')}",
    ]
    return _text(lines)


@page_cache.anyone(any_query=True)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Say what the site is called and looks like on a home screen (W3C Web Application Manifest)."""
    page_cache.shows(request)
    icons = [
        {"src": "/icon-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": "/icon-512.png", "sizes": "512x512", "type": "image/png"},
        {"src": "/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    said = {
        "id": "/",
        "name": settings.SITE["name"],
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": DEEP,
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json")


def _some_months_after(day: date) -> datetime:
    """Give the first day of a month, so that the file changes once a month."""
    years, month = divmod(day.month - 1 + MONTHS, 12)
    return datetime(day.year + years, month + 1, 1, tzinfo=UTC)


def _address(name: str) -> str:
    return f"{settings.SITE['url']}{reverse(name)}"


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
