"""The sitemap (sitemaps.org, version 0.9): every address that readers may find by a search engine, and when it last changed.

A page made anew from the same words has not changed, and where no day is known to be true none is given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import ceil

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from articles.models import Article, Reference
from articles.text.links import path_to

MAX_ADDRESSES = 50_000
"""As many as one file may hold; more make an index of files."""


@dataclass(frozen=True, slots=True)
class Place:
    """The path of a page, and when what it shows last changed, where that is known."""

    path: str
    changed_at: datetime | None = None


@conditional_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give the sitemap, or an index of its files where it is too long for one."""
    count = _count()
    if count <= MAX_ADDRESSES:
        return _file(request, 1)
    numbers = range(1, ceil(count / MAX_ADDRESSES) + 1)
    context = {"site_url": settings.SITE["url"], "paths": [reverse("sitemap-file", args=[number]) for number in numbers]}
    return render(request, "articles/sitemap_index.xml", context, content_type="application/xml")


@conditional_page
@require_safe
def sitemap_file(request: HttpRequest, number: int) -> HttpResponse:
    """Give one file of the sitemap; they are numbered from 1."""
    if not 1 <= number <= ceil(_count() / MAX_ADDRESSES):
        raise Http404
    return _file(request, number)


def _file(request: HttpRequest, number: int) -> HttpResponse:
    places = islice(_places(), (number - 1) * MAX_ADDRESSES, number * MAX_ADDRESSES)
    context = {"site_url": settings.SITE["url"], "places": places}
    return render(request, "articles/sitemap.xml", context, content_type="application/xml")


def _places() -> Iterator[Place]:
    """Give every page, in an order that stays as pages are added, so that the files of a long sitemap change little."""
    yield from _lists()
    for article in Article.objects.published().order_by("pk").iterator():
        yield Place(article.get_absolute_url(), article.changed_at)
    for key in _cited().order_by("pk").values_list("key", flat=True).iterator():
        yield Place(path_to("reference", key))


def _lists() -> Iterator[Place]:
    """Give the home page, the lists, and the topics that have an article; a list changes when an article goes, too."""
    in_language = Article.objects.articles().filter(publication__isnull=False, language=settings.LANGUAGE_CODE)
    topics = in_language.order_by("topic_slug").values("topic_slug")
    rows = topics.annotate(changed=Max("changed_at"), gone=Max("withdrawn_at"), shown=Count("pk", Q(withdrawn_at__isnull=True)))
    changes = {row["topic_slug"]: max(row["changed"], row["gone"] or row["changed"]) for row in rows}
    newest = max(changes.values(), default=None)
    for name in ("home", "topics", "a-to-z", "changes"):
        yield Place(reverse(name), newest)
    for name in ("references", "glossary"):
        yield Place(reverse(name))
    for row in rows:
        if row["shown"]:
            yield Place(reverse("topic", args=[row["topic_slug"]]), changes[row["topic_slug"]])


def _cited() -> QuerySet[Reference]:
    current = Article.objects.published().values("publication")
    return Reference.objects.filter(citations__claim__publication__in=current).distinct()


def _count() -> int:
    return sum(1 for _place in _lists()) + Article.objects.published().count() + _cited().count()
