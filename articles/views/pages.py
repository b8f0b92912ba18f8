"""Readers' pages. They read what is published and nothing else, set no cookie and need no script."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import page_cache, structured_data
from articles.addresses import of_article
from articles.grading import Certainty
from articles.models import Article

UNSURE = {Certainty.LOW, Certainty.VERY_LOW, Certainty.NONE_FOUND}
"""Levels that make a question for the doctor of a section."""
ARTICLES_PER_TOPIC = 5
ARTICLES_PER_PAGE = 50


@page_cache.anyone(any_query=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is, and its articles by topic, a few of each."""
    page_cache.shows(request, "lists")
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
    return render(request, "articles/home.html", {"topics": topics.values(), "data": structured_data.home()})


@page_cache.anyone()
@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all articles of a topic, by title."""
    page_cache.shows(request, page_cache.of_topic(settings.LANGUAGE_CODE, slug))
    articles = Article.objects.published().articles().filter(language=settings.LANGUAGE_CODE, topic_slug=slug)
    first = articles.order_by("title", "pk").first()
    if first is None:
        raise Http404
    pages = Paginator(articles.with_rendering().order_by("title", "pk"), ARTICLES_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    data = structured_data.topic(first.topic, f"{request.path}?page={page.number}" if page.number > 1 else request.path, page)
    context = {"name": first.topic, "slug": slug, "page": page, "data": data}
    return render(request, "articles/topic_detail.html", context)


@page_cache.anyone(any_query=True)
@of_article
def article_detail(request: HttpRequest, article: Article) -> HttpResponse:
    """Show what readers see of an article or page."""
    assert article.publication is not None
    rendering = article.publication.rendering
    data = structured_data.article(article)
    context = {"article": article, "publication": article.publication, "rendering": rendering, "data": data}
    if article.kind == Article.Kind.ARTICLE:
        context["related"] = Article.objects.published().related_to(article, rendering.related_slugs)
        page_cache.shows(request, *page_cache.of_related(article, rendering.related_slugs))
    page_cache.shows(request, page_cache.of_article(article))
    return render(request, f"articles/{article.kind}_detail.html", context)


@page_cache.anyone(any_query=True)
@of_article
def visit_sheet(request: HttpRequest, article: Article) -> HttpResponse:
    """Show a sheet to print and take to the doctor: short answer, signs of an emergency, questions, room to write."""
    assert article.publication is not None
    rendering = article.publication.rendering
    context = {
        "article": article,
        "publication": article.publication,
        "rendering": rendering,
        "signs": rendering.visit_sheet.get("signs") or settings.DISCLAIMER.signs,
        "unsure": [section for section in rendering.sections if section["certainty"] in UNSURE],
    }
    page_cache.shows(request, page_cache.of_article(article))
    return render(request, "articles/visit_sheet.html", context)
