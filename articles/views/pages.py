"""Readers' pages. They read what is published and nothing else, set no cookie and need no script."""

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import page_cache, structured_data
from articles.addresses import of_article
from articles.grading import Certainty
from articles.models import Article, Place, Prepared, Topic, find_related
from articles.views.paging import Order, find_page, paged

UNSURE = {Certainty.LOW, Certainty.VERY_LOW, Certainty.NONE_FOUND}
"""Levels that make a question for the doctor of a section."""
TOPICS = 30
"""How many the home page shows; the list of topics has all."""
ARTICLES_PER_TOPIC = 5
ARTICLES_PER_PAGE = 50
BY_TITLE = Order(("title", "pk"), "slug")
_FIRST = Article.objects.published().in_topic(OuterRef("language"), OuterRef("slug")).order_by("title", "pk").values("pk")
_TOPICS = Prepared(
    lambda: Topic.objects.shown(Place("language")).annotate(
        **{f"first_{place}": Subquery(_FIRST[place : place + 1]) for place in range(ARTICLES_PER_TOPIC)}
    )[:TOPICS]
)


@page_cache.anyone(any_query=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is, and its articles by topic, a few of each."""
    page_cache.shows(request, "lists")
    return render(request, "articles/home.html", {"topics": _topics(), "data": structured_data.home()})


def _topics() -> list[dict[str, Any]]:
    """Give the topics of the home page, each with its first few articles, in two queries that go straight to these."""
    topics = _TOPICS.find(language=settings.LANGUAGE_CODE)
    chosen = {topic.slug: [getattr(topic, f"first_{place}") for place in range(ARTICLES_PER_TOPIC)] for topic in topics}
    articles = Article.objects.published().with_gist().order_by().in_bulk({pk for found in chosen.values() for pk in found if pk})
    return [
        {"name": topic.name, "slug": topic.slug, "count": topic.count, "articles": [articles[pk] for pk in found]}
        for topic in topics
        if (found := [pk for pk in chosen[topic.slug] if pk in articles])
    ]


@page_cache.anyone()
@require_safe
@paged
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all articles of a topic, by title."""
    page_cache.shows(request, page_cache.of_topic(settings.LANGUAGE_CODE, slug))
    articles = Article.objects.published().in_topic(settings.LANGUAGE_CODE, slug)
    names = articles.order_by("title", "pk").values_list("topic", flat=True)[:1]
    if not names:
        raise Http404
    page = find_page(request, articles.with_gist(), BY_TITLE, ARTICLES_PER_PAGE, str)
    data = structured_data.topic(names[0], page.address(request.path), page)
    context = {"name": names[0], "slug": slug, "page": page, "data": data}
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
        context["related"] = find_related(article, rendering.related_slugs)
        page_cache.shows(request, *page_cache.of_related(article, rendering.related_slugs))
    page_cache.shows(request, page_cache.of_article(article), page_cache.of_record(article))
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
    page_cache.shows(request, page_cache.of_article(article), page_cache.of_record(article))
    return render(request, "articles/visit_sheet.html", context)
