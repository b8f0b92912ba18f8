"""Readers' pages. They read what is published and nothing else, set no cookie and need no script."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Article, FormerSlug
from articles.models.article import ArticleQuerySet

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


@require_safe
def article_detail(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    """Show an article, or lead from a former address to it."""
    return _show(request, Article.objects.articles(), slug, language, "articles/article_detail.html")


@require_safe
def page_detail(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    """Show a page about the site, or lead from a former address to it."""
    return _show(request, Article.objects.pages(), slug, language, "articles/page_detail.html")


def _show(request: HttpRequest, rows: ArticleQuerySet, slug: str, language: str, template: str) -> HttpResponse:
    if language == settings.LANGUAGE_CODE:  # its addresses have no language in front
        raise Http404
    in_language = language or settings.LANGUAGE_CODE
    published = rows.published()
    article = published.with_rendering().filter(language=in_language, slug=slug).first()
    if article is None:
        former = get_object_or_404(
            FormerSlug.objects.select_related("article").filter(article__in=published), language=in_language, slug=slug
        )
        return HttpResponsePermanentRedirect(former.article.get_absolute_url())
    assert article.publication is not None
    return render(request, template, {"article": article, "rendering": article.publication.rendering})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the browser sent something the site does not understand."""
    return _error(400, _("This request could not be understood"), _("Go back, reload the page and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the account may not do this, and why where that is known."""
    words = str(exception) if request.path.startswith("/admin/") else ""
    return _error(403, _("You may not do this"), words or _("Sign in with an account that may, or go back."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    return _error(404, _("We have no page at this address"), _("It may be misspelt, or the page may have gone."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the site has a fault. Asks neither the database nor the request for anything."""
    return _error(500, _("Something went wrong on our side"), _("Please try again in a few minutes."))


def _error(status: int, title: str, words: str) -> HttpResponse:
    """Make an error page without the request, so that no context processor runs and no database is asked."""
    return HttpResponse(render_to_string("error.html", {"title": title, "words": words, "status": status}), status=status)
