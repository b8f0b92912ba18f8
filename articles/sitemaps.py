"""The sitemap (sitemaps.org, version 0.9): every address that readers may find by a search engine, and when it last changed.

A page made anew from the same words has not changed, and where no day is known to be true none is given.

One that is longer than a file is an index of files. File 1 holds the lists and topics; then each even number holds the articles
with the next ``PER_FILE`` ids, and each odd one the works: no file has to walk through what others hold, and none changes as
others grow. Files are sent while they are written.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe

from articles.models import Article, AuditEvent, Reference, Topic
from articles.text.links import path_to

PER_FILE = 1_000
"""Of how many ids a file tells; the format allows 50,000 addresses."""

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
FOOT = "</urlset>\n"
LINES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Place:
    """The path of a page, and when what it shows last changed, where that is known."""

    path: str
    changed_at: datetime | None = None


def _tag(request: HttpRequest, number: int = 0) -> str:
    """Give the entity tag of a file: another after each act, all of which are logged."""
    newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    said = f"{newest} {number} {PER_FILE} {settings.SITE['url']} {timezone.get_current_timezone_name()}"
    return quote_etag(hashlib.sha256(said.encode()).hexdigest()[:32])


@require_safe
@condition(etag_func=_tag)
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Give the sitemap, or an index of its files where it is too long for one."""
    first = [list(rows.filter(pk__gt=0).order_by("pk")[: PER_FILE + 1]) for rows in (_articles(), _works())]
    if all(len(rows) <= PER_FILE for rows in first):
        return _send(_lists(), *map(_tell, first))
    paths = [reverse("sitemap-file", args=[number]) for number in _numbers()]
    context = {"site_url": settings.SITE["url"], "paths": paths}
    return render(request, "articles/sitemap_index.xml", context, content_type="application/xml")


@require_safe
@condition(etag_func=_tag)
def sitemap_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """Give one file of the sitemap; they are numbered from 1."""
    if number not in _numbers():
        raise Http404
    return _send(_places(number))


def _numbers() -> list[int]:
    """Give the numbers of all files."""
    articles, works = _count_files(Article.objects.all()), _count_files(Reference.objects.all())
    return sorted([1, *range(2, 2 * articles + 1, 2), *range(3, 2 * works + 2, 2)])


def _count_files(rows: QuerySet[Model]) -> int:
    return ceil((rows.order_by("-pk").values_list("pk", flat=True).first() or 0) / PER_FILE)


def _send(*parts: Iterator[Place]) -> StreamingHttpResponse:
    return StreamingHttpResponse(_write(*parts), content_type="application/xml")


def _write(*parts: Iterator[Place]) -> Iterator[str]:
    """Write a file, some lines at a time."""
    base, lines = settings.SITE["url"], [HEAD]
    for place in (place for part in parts for place in part):
        changed = f"<lastmod>{timezone.localtime(place.changed_at).isoformat()}</lastmod>" if place.changed_at else ""
        lines.append(f"<url><loc>{escape(base + place.path)}</loc>{changed}</url>\n")
        if len(lines) >= LINES_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join([*lines, FOOT])


def _places(number: int) -> Iterator[Place]:
    """Give the pages that a file tells of."""
    if number == 1:
        yield from _lists()
        return
    place = number // 2
    rows = _articles() if number % 2 == 0 else _works()
    yield from _tell(rows.filter(pk__gt=(place - 1) * PER_FILE, pk__lte=place * PER_FILE).order_by("pk").iterator())


def _articles() -> QuerySet[Any]:
    return Article.objects.published().only("kind", "language", "slug", "changed_at")


def _works() -> QuerySet[Any]:
    return Reference.objects.cited().only("key")


def _tell(rows: Iterable[Any]) -> Iterator[Place]:
    """Give the pages of articles or works."""
    for row in rows:
        is_work = isinstance(row, Reference)
        yield Place(path_to("reference", row.key)) if is_work else Place(row.get_absolute_url(), row.changed_at)


def _lists() -> Iterator[Place]:
    """Give the home page, the lists, and the topics that have an article; a list changes when an article goes, too."""
    topics = list(Topic.objects.filter(language=settings.LANGUAGE_CODE).with_days().order_by("name", "pk"))
    days = {topic.slug: max((day for day in (topic.changed_at, topic.gone_at) if day), default=None) for topic in topics}
    newest = max((day for day in days.values() if day), default=None)
    for name in ("home", "topics", "a-to-z", "changes"):
        yield Place(reverse(name), newest)
    for name in ("references", "glossary"):
        yield Place(reverse(name))
    for topic in topics:
        if topic.count > 0:
            yield Place(reverse("topic", args=[topic.slug]), days[topic.slug])
