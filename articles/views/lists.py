"""Lists to find things by: topics, articles from A to Z, words, what is new and changed."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import history, page_cache, structured_data
from articles.models import Article, GlossaryTerm, Publication, Reference, Withdrawal
from articles.text.alphabet import letter_of, sort_key

TITLES_PER_PAGE = 300
CHANGES_PER_PAGE = 30


@page_cache.anyone(any_query=True)
@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Show all topics, each with the number of its articles and the day one of them last changed."""
    page_cache.shows(request, "lists")
    articles = Article.objects.published().articles().filter(language=settings.LANGUAGE_CODE).order_by()
    topics = articles.values("topic_slug").annotate(name=Max("topic"), count=Count("pk"), changed_at=Max("changed_at"))
    data = structured_data.collection(_("Topics"), _("All topics of our articles on nerve damage."), request.path)
    return render(request, "articles/topic_list.html", {"topics": topics.order_by("name"), "data": data})


@page_cache.anyone()
@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    """Show all articles under the first letters of their titles."""
    page_cache.shows(request, "lists")
    articles = Article.objects.published().articles().filter(language=settings.LANGUAGE_CODE)
    page = Paginator(articles.order_by("sort_title", "pk"), TITLES_PER_PAGE).get_page(request.GET.get("page"))
    letters: dict[str, list[Article]] = {}
    for article in page:
        letters.setdefault(letter_of(article.sort_title), []).append(article)
    data = structured_data.collection(
        _("All articles from A to Z"), _("All our articles on nerve damage, by title."), _address(request.path, page)
    )
    return render(request, "articles/a_to_z.html", {"letters": letters, "page": page, "data": data})


@page_cache.anyone(any_query=True)
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Show the words we explain, under their first letters, each with the work its explanation rests on."""
    terms = sorted(GlossaryTerm.objects.explained(), key=lambda term: sort_key(term.term))
    works = {work.key: work for work in Reference.objects.seen_by_readers().filter(key__in={term.source for term in terms})}
    page_cache.shows(request, "words", *(f"work:{term.source}" for term in terms if term.source))
    letters: dict[str, list[tuple[GlossaryTerm, Reference | None]]] = {}
    for term in terms:
        letters.setdefault(letter_of(sort_key(term.term)), []).append((term, works.get(term.source)))
    data = structured_data.glossary(
        _("Words we explain"),
        _("Medical words in our articles, in plain words."),
        request.path,
        [term.value() for term in terms],
    )
    return render(request, "articles/glossary.html", {"letters": letters, "data": data})


@page_cache.anyone()
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Show what is new, changed, taken down and brought back in all articles, the newest first, with reasons."""
    page_cache.shows(request, "lists")
    latest = Publication.objects.of_public_articles().order_by("-published_at", "-pk").select_related("article")
    page = Paginator(latest, CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    entries: list[Any] = [*_withdrawals_beside(page, latest)]
    for entry, previous in history.with_previous(list(page)):
        entry.previous = previous.number if previous else None
        entries.append(entry)
    entries.sort(key=lambda entry: entry.published_at if isinstance(entry, Publication) else entry.turned_at, reverse=True)
    data = structured_data.collection(
        _("New and changed"),
        _("What we published and changed, the newest first, with the reasons."),
        _address(request.path, page),
    )
    return render(request, "articles/changes.html", {"page": page, "entries": entries, "data": data})


def _withdrawals_beside(page: Page[Publication], latest: QuerySet[Publication]) -> QuerySet[Any]:
    """Give the withdrawals that are as new as the publications of a page, which are some of ``latest``."""
    found = Withdrawal.objects.by_last_turn().filter(article__kind=Article.Kind.ARTICLE).select_related("article")
    if page.has_next():
        found = found.filter(turned_at__gte=page[-1].published_at)
    if page.has_previous():
        found = found.filter(turned_at__lt=latest[page.start_index() - 2].published_at)
    return found


def _address(path: str, page: Page[Any]) -> str:
    return f"{path}?page={page.number}" if page.number > 1 else path
