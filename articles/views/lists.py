"""Lists to find things by: topics, articles from A to Z, words, what is new and changed."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import history, page_cache, structured_data
from articles.models import Article, GlossaryTerm, Place, Prepared, Publication, Reference, Topic, Withdrawal
from articles.text.alphabet import letter_of, sort_key
from articles.views.paging import Order, Page, find_page, paged

TITLES_PER_PAGE = 300
CHANGES_PER_PAGE = 30
MAX_WITHDRAWALS = 300
"""How many may stand between the publications of one page."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BY_SORT_TITLE = Order(("sort_title", "pk"), "slug")
_TOPICS = Prepared(lambda: Topic.objects.shown(Place("language")).with_days())
NEWEST_FIRST = Order(("published_at", "pk"), "pk", is_falling=True)


@page_cache.anyone(any_query=True)
@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Show all topics, each with the number of its articles and the day one of them last changed."""
    page_cache.shows(request, "lists")
    topics = _TOPICS.find(language=settings.LANGUAGE_CODE)
    data = structured_data.collection(_("Topics"), _("All topics of our articles on nerve damage."), request.path)
    return render(request, "articles/topic_list.html", {"topics": topics, "data": data})


@page_cache.anyone()
@require_safe
@paged
def a_to_z(request: HttpRequest) -> HttpResponse:
    """Show all articles under the first letters of their titles."""
    page_cache.shows(request, "lists")
    articles = Article.objects.published().articles().filter(language=settings.LANGUAGE_CODE)
    start = request.GET.get("from", "").lower()
    shown = articles.only("kind", "language", "slug", "title", "sort_title")
    page = find_page(request, shown, BY_SORT_TITLE, TITLES_PER_PAGE, str, start if start in set(LETTERS) else "")
    letters: dict[str, list[Article]] = {}
    for article in page:
        letters.setdefault(letter_of(article.sort_title), []).append(article)
    data = structured_data.collection(
        _("All articles from A to Z"), _("All our articles on nerve damage, by title."), page.address(request.path)
    )
    context = {"letters": letters, "page": page, "data": data, "starts": LETTERS if page.has_other_pages else ""}
    return render(request, "articles/a_to_z.html", context)


@page_cache.anyone(any_query=True)
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Show the words we explain, under their first letters, each with the work its explanation rests on."""
    terms = sorted(GlossaryTerm.objects.explained().order_by("key"), key=lambda term: sort_key(term.term))
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
@paged
def changes(request: HttpRequest) -> HttpResponse:
    """Show what is new, changed, taken down and brought back in all articles, the newest first, with reasons."""
    page_cache.shows(request, "lists")
    latest = Publication.objects.of_public_articles().select_related("article")
    page = find_page(request, latest, NEWEST_FIRST, CHANGES_PER_PAGE, _day)
    entries: list[Any] = [*_withdrawals_beside(page)]
    for entry, previous in history.with_previous(list(page)):
        entry.previous = previous.number if previous else None
        entries.append(entry)
    entries.sort(key=lambda entry: entry.published_at if isinstance(entry, Publication) else entry.turned_at, reverse=True)
    data = structured_data.collection(
        _("New and changed"),
        _("What we published and changed, the newest first, with the reasons."),
        page.address(request.path),
    )
    return render(request, "articles/changes.html", {"page": page, "entries": entries, "data": data})


def _day(publication: Publication) -> str:
    return date_format(timezone.localtime(publication.published_at), "j F Y")


def _withdrawals_beside(page: Page[Publication]) -> QuerySet[Any]:
    """Give the withdrawals that are as new as the publications of a page."""
    found = Withdrawal.objects.of_articles().by_last_turn().select_related("article")
    return page.beside(found, "turned_at", "published_at")[:MAX_WITHDRAWALS]
