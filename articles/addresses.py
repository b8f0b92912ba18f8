"""From an address to a published article."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article, FormerSlug, find_related, find_shown

ArticleView = Callable[..., HttpResponse]


def of_article(view: ArticleView) -> ArticleView:
    """Make a view of a published article (``view(request, article, ...)``) one of ``kind``, ``slug`` and ``language``.

    A former address leads to the same page under the present one; what was never published is not found. Of an article that was
    withdrawn, each address says so (410), when and why.
    """
    return require_safe(_find_article(_unless_withdrawn(view)))


def form_of_article(view: ArticleView) -> ArticleView:
    """Make a view that takes a form, too, of a published article. A form sent to a former address is sent on, with its words."""
    return require_http_methods(["GET", "HEAD", "POST"])(_find_article(_unless_withdrawn(view)))


def of_article_ever_seen(view: ArticleView) -> ArticleView:
    """Make a view that tells of a withdrawn article as well: the view sees to it that none of its text is shown."""
    return require_safe(_find_article(view))


def _unless_withdrawn(view: ArticleView) -> ArticleView:
    @wraps(view)
    def told(request: HttpRequest, article: Article, **rest: Any) -> HttpResponse:
        return view(request, article, **rest) if article.withdrawn_at is None else _gone(request, article)

    return told


def _gone(request: HttpRequest, article: Article) -> HttpResponse:
    """Say that an article was withdrawn: when, why, what to do now, and what to read instead. Nothing of its text is shown."""
    context: dict[str, Any] = {"article": article}
    if article.kind == Article.Kind.ARTICLE:
        assert article.publication is not None
        context["related"] = find_related(article, article.publication.rendering.related_slugs)
    answer = render(request, "articles/withdrawn.html", context, status=410)
    answer["Cache-Control"] = "no-cache"  # else a cache may keep this answer, also after the article has come back
    return answer


def _find_article(view: ArticleView) -> ArticleView:
    @wraps(view)
    def found(request: HttpRequest, *, kind: str, slug: str, language: str = "", **rest: Any) -> HttpResponse:
        if language == settings.LANGUAGE_CODE:  # its addresses have no language in front
            raise Http404
        in_language = language or settings.LANGUAGE_CODE
        article = find_shown(kind, in_language, slug)
        if article is None:
            former = get_object_or_404(
                FormerSlug.objects.select_related("article").filter(article__publication__isnull=False, article__kind=kind),
                language=in_language,
                slug=slug,
            )
            place = request.get_full_path().partition(f"/{slug}/")[2]
            return HttpResponsePermanentRedirect(
                former.article.get_absolute_url() + place, preserve_request=request.method == "POST"
            )
        return view(request, article, **rest)

    return found
