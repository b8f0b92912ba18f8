"""Feeds of changes, as Atom (RFC 4287)."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import history
from articles.addresses import of_article
from articles.models import Article, Publication

ENTRIES = 20
CLAIMS = 10
"""How many statements an entry tells of each kind; the comparison tells all."""


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Feed of the latest changes of all articles, with reasons."""
    latest = (
        Publication.objects.filter(article__kind=Article.Kind.ARTICLE, article__publication__isnull=False)
        .filter(article__withdrawn_at__isnull=True)
        .order_by("-published_at", "-pk")
    )
    title = _("What is new and changed on %(site)s") % {"site": settings.SITE["name"]}
    return _feed(title, "/", "/changes/feed/", latest)


@of_article
def article_changes(request: HttpRequest, article: Article) -> HttpResponse:
    """Feed of the latest changes of one article, with reasons."""
    path = f"{article.get_absolute_url()}history/"
    latest = article.publications.all()
    return _feed(_("Changes to “%(title)s”") % {"title": article.title}, path, f"{path}feed/", latest)


def _feed(title: str, path: str, feed_path: str, publications: QuerySet[Publication]) -> HttpResponse:
    base = settings.SITE["url"]
    feed = Atom1Feed(
        title=title,
        link=base + path,
        description="",
        feed_url=base + feed_path,
        author_name=settings.SITE["publisher"],
        language=settings.LANGUAGE_CODE,
    )
    latest = list(publications.select_related("article", "rendering")[:ENTRIES])
    for publication, previous in history.with_previous(latest):
        address = base + publication.get_absolute_url()
        context: dict[str, Any] = {"publication": publication, "previous": previous}
        if publication.withheld_at is None:
            context |= {
                "gained": history.claims_gained(publication, previous, CLAIMS),
                "lost": history.claims_gained(previous, publication, CLAIMS) if previous else ([], 0),
                "compare": f"{base}{publication.article.get_absolute_url()}history/compare/",
            }
        feed.add_item(
            title=f"{publication.article.title}: {publication.kind_in_words}",
            link=address,
            unique_id=address,
            description=render_to_string("articles/feed_entry.html", context),
            pubdate=publication.published_at,
            updateddate=publication.withheld_at or publication.published_at,
        )
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(answer, "utf-8")
    return answer
