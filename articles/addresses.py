"""From an address to a published article."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article, FormerSlug

ArticleView = Callable[..., HttpResponse]


def of_article(view: ArticleView) -> ArticleView:
    """Make a view of a published article (``view(request, article, ...)``) one of ``kind``, ``slug`` and ``language``.

    A former address leads to the same page under the present one; what is not published is not found.
    """
    return require_safe(_find_article(view))


def form_of_article(view: ArticleView) -> ArticleView:
    """Make a view that takes a form, too, of a published article. A form sent to a former address is sent on, with its words."""
    return require_http_methods(["GET", "HEAD", "POST"])(_find_article(view))


def _find_article(view: ArticleView) -> ArticleView:
    @wraps(view)
    def found(request: HttpRequest, *, kind: str, slug: str, language: str = "", **rest: Any) -> HttpResponse:
        if language == settings.LANGUAGE_CODE:  # its addresses have no language in front
            raise Http404
        in_language = language or settings.LANGUAGE_CODE
        published = Article.objects.published().filter(kind=kind)
        article = published.with_rendering().filter(language=in_language, slug=slug).first()
        if article is None:
            former = get_object_or_404(
                FormerSlug.objects.select_related("article").filter(article__in=published), language=in_language, slug=slug
            )
            place = request.get_full_path().partition(f"/{slug}/")[2]
            return HttpResponsePermanentRedirect(
                former.article.get_absolute_url() + place, preserve_request=request.method == "POST"
            )
        return view(request, article, **rest)

    return found
