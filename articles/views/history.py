"""What an article said and says: each publication, a permanent copy of it, and what changed between two."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from articles import history, page_cache
from articles.addresses import of_article
from articles.models import Article, Rendering
from articles.views.paging import Order, find_page, paged

BY_NUMBER = Order(("number",), "number", is_falling=True)
ENTRIES_PER_PAGE = 50


@page_cache.anyone()
@of_article
@paged
def history_list(request: HttpRequest, article: Article) -> HttpResponse:
    """Show each publication of an article (when, what changed and why, reviewed or not) and when it was taken from readers."""
    page_cache.shows(request, page_cache.of_article(article), page_cache.of_record(article))
    page = find_page(request, article.publications.all(), BY_NUMBER, ENTRIES_PER_PAGE, str)
    for entry, previous in history.with_previous(page.rows):
        entry.previous = previous.number if previous else None
    history.set_reviews(page.rows)
    context = {
        "article": article,
        "page": page,
        "entries": history.with_withdrawals(page, page.beside(article.withdrawals.done(), "done_at", "published_at")),
        "readable": [entry for entry in page if entry.withheld_at is None],
    }
    return render(request, "articles/history_list.html", context)


@page_cache.anyone(any_query=True)
@of_article
def history_copy(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Show what readers saw after one publication, marked as a copy; 410 and the reason where it is withheld."""
    page_cache.shows(request, page_cache.of_article(article), page_cache.of_record(article))
    entries = history.entries(article)
    publication = next((entry for entry in entries if entry.number == number), None)
    if publication is None:
        raise Http404
    context: dict[str, Any] = {"article": article, "publication": publication}
    rendering = Rendering.objects.filter(publication=publication).first()
    following = next((entry for entry in reversed(entries) if entry.number > number), None)
    if publication.withheld_at or rendering is None:
        following = next((entry for entry in reversed(entries) if entry.number > number and not entry.withheld_at), None)
        return render(request, "articles/history_withheld.html", context | {"following": following}, status=410)
    context |= {
        "rendering": rendering,
        "is_copy": True,
        "is_current": publication.pk == article.publication_id,
        "following": following,
    }
    return render(request, f"articles/{article.kind}_detail.html", context)


@of_article
def history_compare(request: HttpRequest, article: Article) -> HttpResponse:
    """Show what changed between the publications ``from`` and ``to``, or since the last review (``since=review``)."""
    assert article.publication is not None
    if request.GET.get("since") == "review":
        reviewed = history.find_reviewed(article)
        if reviewed is None:
            raise Http404
        return redirect(f"{article.get_absolute_url()}history/compare/?from={reviewed.number}&to={article.publication.number}")
    numbers = [_number(request.GET.get(name, "")) for name in ("from", "to")]
    found = history.readable(article, numbers)
    if len(found) < 2:
        entries = [entry for entry in history.entries(article) if entry.withheld_at is None]
        context = {"article": article, "readable": entries, "is_same": numbers[0] == numbers[1] and bool(found)}
        return render(request, "articles/history_compare.html", context, status=200 if context["is_same"] else 404)
    comparison = history.compare(found[min(numbers)], found[max(numbers)])
    return render(request, "articles/history_compare.html", {"article": article, "comparison": comparison})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
