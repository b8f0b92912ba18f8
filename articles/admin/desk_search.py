"""What an editor finds while writing: works, words, addresses inside the site, and pieces to begin with.

Each answer is a few lines to choose from, each with what choosing it puts into the text.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext

from articles.models import Article, GlossaryTerm, Reference, Section
from articles.text.front_matter import DEFAULT_LANGUAGE
from articles.text.starters import find_starters

MAX_FOUND = 20
MAX_QUERY = 100
MAX_WORDS = 6
MAX_ARTICLES = 12
"""How many of the addresses found are whole articles, so that their sections have room too."""

Found = dict[str, Any]


def find(kind: str, query: str) -> list[Found]:
    """Give at most ``MAX_FOUND`` things of a kind that hold all words of a query; the first ones where it is empty.

    Raises KeyError for a kind that is none.
    """
    search = KINDS[kind]
    return search(query.replace("\x00", "")[:MAX_QUERY].split()[:MAX_WORDS])[:MAX_FOUND]


def _holding(rows: QuerySet[Any], words: list[str], *names: str) -> QuerySet[Any]:
    """Narrow rows to those that hold each word in one of the columns."""
    for word in words:
        # SQLite keeps names with their accents escaped, PostgreSQL as they are.
        spellings = {word, json.dumps(word)[1:-1]}
        rows = rows.filter(Q(*((f"{name}__icontains", said) for name in names for said in spellings), _connector=Q.OR))
    return rows


def _works(words: list[str]) -> list[Found]:
    works = Reference.objects.annotate(people=Cast("author", TextField()), rank=_rank("key", words))
    rows = _holding(works, words, "key", "title", "people", "issued", "doi", "container_title")
    return [
        {
            "label": row.title,
            "detail": ", ".join(part for part in (_authors(row), row.issued[:4], row.container_title, row.key) if part),
            "warning": gettext("Withdrawn by its journal") if row.retracted_on or row.noticed_retraction_on else "",
            "cite": row.key,
        }
        for row in rows.order_by("rank", "-issued", "key")[:MAX_FOUND]
    ]


def _rank(name: str, words: list[str]) -> Case:
    """Put first what begins with the query."""
    first = words[0] if words else ""
    return Case(When(**{f"{name}__istartswith": first}, then=Value(0)), default=Value(1), output_field=IntegerField())


def _authors(row: Reference) -> str:
    """Name the first author, and say that there are more."""
    names = [person.get("family") or person.get("literal") or "" for person in row.author if isinstance(person, dict)]
    if not names:
        return ""
    return names[0] if len(names) == 1 else gettext("%s and others") % names[0]


def _terms(words: list[str]) -> list[Found]:
    terms = GlossaryTerm.objects.annotate(
        others=Cast("synonyms", TextField()), misspelt=Cast("misspellings", TextField()), rank=_rank("term", words)
    )
    rows = _holding(terms, words, "term", "medical", "others", "misspelt", "key")
    return [
        {
            "label": f"{row.term} ({row.medical})" if row.medical else row.term,
            "detail": row.explanation,
            "link": f"glossary:{row.key}",
            "words": row.term,
        }
        for row in rows.order_by("rank", "term", "key")[:MAX_FOUND]
    ]


def _addresses(words: list[str]) -> list[Found]:
    """Find articles and pages, and sections of those that are published."""
    there = Article.objects.filter(language=DEFAULT_LANGUAGE, withdrawn_at__isnull=True)
    articles = _holding(there.annotate(rank=_rank("title", words)), words, "title", "slug")
    sections = _holding(
        Section.objects.filter(publication__in=there.values("publication")).select_related("publication__article"),
        words,
        "heading",
        "publication__article__title",
    ).order_by("publication__article__title", "position")
    whole = [
        {"label": row.title, "detail": row.get_kind_display(), "link": f"{row.kind}:{row.slug}", "words": row.title}
        for row in articles.only("title", "kind", "slug").order_by("rank", "title", "pk")[:MAX_ARTICLES]
    ]
    parts = [_section(row) for row in sections[: MAX_FOUND - len(whole)]]
    return whole + parts


def _section(row: Section) -> Found:
    article = row.publication.article
    words = row.heading.partition(":")[0].strip()
    return {
        "label": row.heading,
        "detail": gettext("section of “%s”") % article.title,
        "link": f"{article.kind}:{article.slug}#{row.section_id}",
        "words": words,
    }


def _pieces(words: list[str]) -> list[Found]:
    return [
        {"label": gettext(one.name), "detail": gettext(one.purpose), "block": one.text, "select": one.first}
        for one in find_starters(words)
    ]


KINDS: dict[str, Callable[[list[str]], list[Found]]] = {
    "source": _works,
    "word": _terms,
    "link": _addresses,
    "insert": _pieces,
}
"""What may be looked for, by the name in the address."""
