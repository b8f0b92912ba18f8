"""The order of what was found, decided here and not by the database, so that it is the same on each."""

from collections.abc import Iterable
from typing import NamedTuple

from articles.models import SearchEntry
from articles.text.search_terms import Query, Term

TITLE, HEADING, BODY, CONTEXT = 10.0, 6.0, 1.0, 0.3
"""What a word weighs in each column."""

IS_NAME, IS_OTHER_NAME = 20.0, 12.0
"""What is added where a title, or a heading or other name, is just what was looked for."""

EXTRA = 0.1
"""What a word that says little weighs, beside one that says something."""

MANY = 1.5
"""A word that stands so many times in a text weighs half of what it weighs standing there without end."""

BETWEEN = " \n"
"""What stands between words, and between lines; Python says that "" is in it too, which stands at the end."""

ABOUT_SITE, EXPLAINED = 0.6, 0.8
"""Articles come before the explanation of a word, and both before pages about the site."""


_Columns = tuple[tuple[str, float], ...]


class Candidate(NamedTuple):
    """What the order is decided from: an entry's id, kind and topic, and its tokens."""

    pk: int
    kind: str
    is_about_site: bool
    topic: str
    topic_slug: str
    title: str
    heading: str
    body: str
    context: str


class _Sought(NamedTuple):
    """A term as it is looked for: its letters, whether more may stand behind them, and how many words it has."""

    letters: str
    is_prefix: bool
    size: int


class _Wanted(NamedTuple):
    """What is looked for: the terms, and all of it."""

    terms: tuple[_Sought, ...]
    extras: tuple[_Sought, ...]
    whole: frozenset[str]


def rank(candidates: Iterable[Candidate], query: Query) -> list[Candidate]:
    """Put candidates in order, the best first: most of the words, then the highest score, then the oldest."""
    required = " ".join(word for term in query.terms for word in term.words)
    whole = frozenset((" ".join(query.words), required))
    wanted = _Wanted(tuple(map(_as_sought, query.terms)), tuple(map(_as_sought, query.extras)), whole)
    scored = [(_score(candidate, wanted), candidate) for candidate in candidates]
    return [candidate for _score, candidate in sorted(scored, key=lambda pair: (-pair[0][0], -pair[0][1], pair[1].pk))]


def _as_sought(term: Term) -> _Sought:
    return _Sought(" ".join(term.words), term.is_prefix, len(term.words))


def _score(candidate: Candidate, wanted: _Wanted) -> tuple[int, float]:
    """Give how many of the terms an entry has, and how well."""
    _pk, kind, is_about_site, _topic, _topic_slug, title, heading, body, context = candidate
    names, texts = ((title, TITLE), (heading, HEADING)), ((body, BODY), (context, CONTEXT))
    number, total = 0, 0.0
    for term in wanted.terms:
        if weight := _weigh(term, names, texts):
            number += 1
            total += weight
    for term in wanted.extras:
        total += EXTRA * _weigh(term, names, texts)
    if title and not wanted.whole.isdisjoint(title.split("\n")):
        total += IS_NAME
    elif heading and not wanted.whole.isdisjoint(heading.split("\n")):
        total += IS_OTHER_NAME
    factor = ABOUT_SITE if is_about_site else EXPLAINED if kind == SearchEntry.Kind.TERM else 1.0
    return number, round(total * factor, 6)


def _weigh(term: _Sought, names: _Columns, texts: _Columns) -> float:
    """Weigh a term by the columns it stands in: more in names that are short, and less for each further time in the text."""
    total = 0.0
    for words, weight in names:
        if term.letters in words and (lines := [line for line in words.split("\n") if _count(term, line)]):
            share = term.size / min(len(line.split()) for line in lines)  # the whole of the shortest line would be all
            total += weight * (0.5 + 0.5 * share)
    for words, weight in texts:
        if count := _count(term, words):
            total += weight * count / (count + MANY)
    return total


def _count(term: _Sought, words: str) -> int:
    """Count how often a term stands in words, whole or, where it is the beginning of a word, as that."""
    letters, is_prefix, _size = term
    count, place = 0, words.find(letters)
    length = len(letters)
    while place >= 0:  # most texts have it once or never: to cut them into words first takes longer
        if (not place or words[place - 1] in BETWEEN) and (is_prefix or words[place + length : place + length + 1] in BETWEEN):
            count += 1
        place = words.find(letters, place + 1)
    return count
