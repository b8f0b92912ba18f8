"""From what a reader typed to what is shown: ids first, then the order, then the snippets of one page."""

import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext

from articles.grading import CERTAINTY_WORDS, Certainty
from articles.models import SearchEntry
from articles.models.article import article_path
from articles.search.engines import NAMES, OWN, Group, find_ids
from articles.search.ranking import Candidate, rank
from articles.search.spelling import correct, nearest
from articles.search.statements import read
from articles.text.links import path_to
from articles.text.search_terms import Query, Term, parse_query, read_tokens, tidy, to_tokens
from articles.text.snippets import Piece, make_snippet

PER_PAGE = 10
MAX_PAGES = 10
MAX_CANDIDATES = 500
"""So many entries are put in order, the oldest first; where there are more, those with all words in their names come too."""

MAX_NAMED = 200
MIN_EACH = 100


class Way(StrEnum):
    """How results were found: with all words, with the last as the beginning of a word, or with some of them."""

    ALL = "all"
    BEGINNING = "beginning"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Hit:
    """A result: its names, its address, how sure the section is ("" where it does not say), and what it says.

    ``found_under`` is the other name by which it was found; ``snippet`` is whole sentences, with who was studied.
    """

    kind: str
    title: str
    heading: str
    url: str
    language: str
    topic: str
    certainty: str
    certainty_words: str
    found_under: str
    snippet: list[Piece]

    @property
    def plain_snippet(self) -> str:
        """The snippet without marks."""
        return "".join(piece.text for piece in self.snippet)


@dataclass(slots=True)
class Found:
    """The results of a search, one page of them.

    ``typed`` is what the reader typed, as much as is read. ``total`` counts the results that are shown; ``is_more`` says that
    there are others. ``corrected`` is what was looked for instead of a misspelling that editors keep, ``suggestion`` what else
    might be meant (both "" for nothing). ``topics`` are those of the results by slug, each with its name and count.
    """

    typed: str
    query: Query
    way: Way = Way.ALL
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_more: bool = False
    page: int = 1
    pages: int = 1
    corrected: str = ""
    suggestion: str = ""
    topics: dict[str, tuple[str, int]] = field(default_factory=dict)


def search(typed: str, *, language: str, topic: str = "", page: int = 1) -> Found:
    """Find what readers see and what they typed; any text may be typed. ``topic`` (a slug) keeps to one topic."""
    asked = parse_query(typed, language)
    right = correct(asked.typed, language)
    found = Found(asked.typed, parse_query(right, language), corrected=right if right != asked.typed else "")
    if not found.query.terms:
        return found
    candidates = _find(found, language, topic)
    if found.way is not Way.ALL or not candidates:
        found.suggestion = suggest(found.query, language, topic)
    ranked = rank(candidates, found.query)
    names = {one.topic_slug: one.topic for one in ranked if one.topic_slug}
    counts = Counter(one.topic_slug for one in ranked if one.topic_slug)
    found.topics = {slug: (names[slug], count) for slug, count in counts.most_common(12)}
    found.total = min(len(ranked), PER_PAGE * MAX_PAGES)
    found.is_more = len(ranked) > found.total
    found.pages = max(1, -(-found.total // PER_PAGE))
    found.page = min(max(page, 1), found.pages)
    shown = ranked[(found.page - 1) * PER_PAGE : found.page * PER_PAGE]
    found.hits = _make_hits([one.pk for one in shown], found.query)
    return found


def _find(found: Found, language: str, topic: str) -> list[Candidate]:
    """Find candidates with all words or, where there are none, with less; sets the way and, for a beginning, the query."""
    query = found.query
    if candidates := _with_all(query, language, topic):
        return candidates
    if (longer := query.with_prefix()) and (candidates := _with_all(longer, language, topic)):
        found.query, found.way = longer, Way.BEGINNING
        return candidates
    if len(query.terms) > 1 and (candidates := _with_any(query, language, topic)):
        found.way = Way.ANY
        return candidates
    return []


def _with_any(query: Query, language: str, topic: str) -> list[Candidate]:
    """Find what has any of the words. Each is asked for by itself, so that a common one does not crowd out a rare one."""
    limit = max(MIN_EACH, MAX_CANDIDATES // len(query.terms))
    found = [find_ids([Group((term,), OWN)], language=language, topic=topic, limit=limit) for term in query.terms]
    return _fetch(sorted({pk for ids in found for pk in ids}))


def _with_all(query: Query, language: str, topic: str) -> list[Candidate]:
    """Find what has all words, at least one of them of its own and not of its article."""
    groups = [Group((term,)) for term in query.terms] if len(query.terms) > 1 else []
    groups.append(Group(query.terms, OWN))
    ids = find_ids(groups, language=language, topic=topic, limit=MAX_CANDIDATES)
    if len(ids) == MAX_CANDIDATES:
        named = [Group((term,), NAMES) for term in query.terms]
        ids = list(dict.fromkeys([*find_ids(named, language=language, topic=topic, limit=MAX_NAMED), *ids]))
    return _fetch(ids)


def _fetch(ids: list[int]) -> list[Candidate]:
    page = SearchEntry.Kind.PAGE.value
    rows = read(_candidates, ids)
    return [Candidate(pk, kind, of == page, *rest) for pk, kind, of, *rest in rows]


def _candidates(ids: RawSQL) -> "QuerySet[SearchEntry, tuple[Any, ...]]":
    fields = ("kind", "article__kind", "topic", "topic_slug", "title_words", "heading_words", "body_words", "context_words")
    return SearchEntry.objects.public().filter(pk__in=ids).order_by("pk").values_list("pk", *fields)


def suggest(query: Query, language: str, topic: str = "") -> str:
    """Give the search with each word that nothing has replaced by the nearest known one, if that finds something; else ""."""
    text = query.typed
    changes = []
    for word in read_tokens(tidy(text), language):
        if Term((word.token,)) in query.terms or Term((word.token,), is_prefix=True) in query.terms:
            group = Group((Term((word.token,)),))
            if not find_ids([group], language=language, topic="", limit=1) and (known := nearest(word.plain)):
                changes.append((word.start, word.end, known))
    for start, end, known in reversed(changes):
        text = text[:start] + known + text[end:]
    text = correct(text, language) if changes else text
    return text if changes and _with_all(parse_query(text, language), language, topic) else ""


def _make_hits(ids: list[int], query: Query) -> list[Hit]:
    rows = {row[0]: row[1:] for row in read(_shown, ids)}
    return [_make_hit(_Shown(*rows[pk]), query) for pk in ids if pk in rows]  # what was found may be gone a moment later


class _Shown(NamedTuple):
    """What a result is made from: values of its entry and, of which one is None, of its article and its word."""

    kind: str
    heading: str
    section_id: str
    topic: str
    language: str
    certainty: str
    names: str
    lines: str
    title_words: str
    body_words: str
    article__kind: str | None
    article__language: str | None
    article__slug: str | None
    article__title: str | None
    term__key: str | None
    term__term: str | None


def _shown(ids: RawSQL) -> "QuerySet[SearchEntry, tuple[Any, ...]]":
    return SearchEntry.objects.public().filter(pk__in=ids).values_list("pk", *_Shown._fields)


def _make_hit(entry: _Shown, query: Query) -> Hit:
    if entry.article__slug is not None:
        title = entry.article__title or ""
        url = article_path(entry.article__kind or "", entry.article__language or "", entry.article__slug)
        url = f"{url}#{entry.section_id}" if entry.section_id else url
    else:
        title, url = entry.term__term or "", f"{path_to('page', 'glossary')}#{entry.term__key}"
    return Hit(
        kind=entry.kind,
        title=title,
        heading=entry.heading,
        url=url,
        language=entry.language,
        topic=entry.topic,
        certainty=entry.certainty,
        certainty_words=gettext(CERTAINTY_WORDS[Certainty(entry.certainty)]) if entry.certainty else "",
        found_under=_found_under(entry, query),
        snippet=make_snippet(json.loads(entry.lines), entry.body_words.split("\n"), query, entry.language),
    )


def _found_under(entry: _Shown, query: Query) -> str:
    """Give the other name of an entry that has most of what was looked for, where its title has less."""
    wanted = {word for term in query.terms for word in term.words}
    best, most = "", len(wanted & set(entry.title_words.split()))
    for name in json.loads(entry.names):
        count = len(wanted & set(to_tokens(name, entry.language).split()))
        if count > most:
            best, most = name, count
    return best
