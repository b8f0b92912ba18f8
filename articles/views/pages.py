"""Readers' pages. They read what is published and nothing else, set no cookie and need no script."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.addresses import of_article
from articles.models import Article

ARTICLES_PER_TOPIC = 5
ARTICLES_PER_PAGE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is, and its articles by topic, a few of each."""
    articles = Article.objects.published().articles().filter(language=settings.LANGUAGE_CODE)
    sizes = dict(articles.order_by().values_list("topic_slug").annotate(Count("pk")))
    ranked = articles.annotate(rank=Window(RowNumber(), partition_by=F("topic_slug"), order_by=[F("title").asc(), F("pk").asc()]))
    topics: dict[str, dict[str, Any]] = {}
    shown = ranked.filter(rank__lte=ARTICLES_PER_TOPIC).with_rendering().order_by("topic", "title", "pk")
    for article in shown:
        topic = topics.setdefault(
            article.topic_slug,
            {"name": article.topic, "slug": article.topic_slug, "count": sizes[article.topic_slug], "articles": []},
        )
        topic["articles"].append(article)
    return render(request, "articles/home.html", {"topics": topics.values()})


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all articles of a topic, by title."""
    articles = Article.objects.published().articles().filter(language=settings.LANGUAGE_CODE, topic_slug=slug)
    first = articles.order_by("title", "pk").first()
    if first is None:
        raise Http404
    pages = Paginator(articles.with_rendering().order_by("title", "pk"), ARTICLES_PER_PAGE)
    return render(
        request,
        "articles/topic_detail.html",
        {"name": first.topic, "slug": slug, "page": pages.get_page(request.GET.get("page"))},
    )


@of_article
def article_detail(request: HttpRequest, article: Article) -> HttpResponse:
    """Show what readers see of an article or page."""
    assert article.publication is not None
    context = {"article": article, "publication": article.publication, "rendering": article.publication.rendering}
    return render(request, f"articles/{article.kind}_detail.html", context)
