"""How a view says that anyone may be given its answer again, and what it shows.

Keys, parted into words by colons:

- ``article:<pk>``: the text of the article or page with this key, and what it rests on;
- ``record:<pk>``: its record: reviews, ratings, what is pinned;
- ``titles:<language>/<topic>``: which articles a topic has, and their titles and addresses;
- ``title:<language>/<slug>``: the title of the article at this address, or that there is none;
- ``topic:<language>/<topic>``: all that is shown of a topic's articles;
- ``lists``: all that is shown of articles in lists of many topics;
- ``pages``: which pages about the site there are;
- ``work:<key>``: a work; ``uses:<key>``: which statements rest on it; ``works``: which works readers see;
- ``word:<key>``: a word of the glossary; ``words``: all of them.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest

from articles.models import Article

SHOWN = "page_cache.shown"
"""Where the WSGI environment holds what an answer shows: a set of keys."""

TURNED_AWAY = "page_cache.turned_away"
"""What the WSGI environment holds where the answer is to be that the site cannot answer just now, without asking the database."""

View = TypeVar("View", bound=Callable[..., Any])


def anyone(*, any_query: bool = False) -> Callable[[View], View]:
    """Mark a view whose answers, where they say what they show, are the same for everyone who is not signed in.

    ``any_query`` tells that the view reads nothing after the question mark, where other sites put marks of their own.
    """

    def mark(view: View) -> View:
        view.is_for_anyone, view.takes_any_query = True, any_query  # type: ignore[attr-defined]
        return view

    return mark


def shows(request: HttpRequest, *keys: str) -> None:
    """Say that the answer to a request shows what these keys name."""
    request.META.setdefault(SHOWN, set()).update(keys)


def of_article(article: Article) -> str:
    """Give the key of an article's text."""
    return f"article:{article.pk}"


def of_record(article: Article) -> str:
    """Give the key of an article's record."""
    return f"record:{article.pk}"


def of_topic(language: str, topic_slug: str) -> str:
    """Give the key of all that is shown of a topic's articles."""
    return f"topic:{language}/{topic_slug}"


def of_title(language: str, slug: str) -> str:
    """Give the key of the title of the article at an address."""
    return f"title:{language}/{slug}"


def of_titles(language: str, topic_slug: str) -> str:
    """Give the key of the titles of a topic's articles."""
    return f"titles:{language}/{topic_slug}"


def of_related(article: Article, slugs: Sequence[str]) -> list[str]:
    """Give the keys of the articles beside one: its editors' choice (``slugs``), or else those of its topic."""
    if not slugs:
        return [of_titles(article.language, article.topic_slug)]
    return [of_title(article.language, slug) for slug in slugs]
