"""The order of what was found, decided here and not by the database, so that it is the same on each."""

from collections.abc import Iterable
from dataclasses import dataclass

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

KINDS = {SearchEntry.Kind.TERM: 0.8, SearchEntry.Kind.PAGE: 0.6}
"""Articles come before the explanation of a word, and both before pages about the site."""


@dataclass(frozen=True, slots=True)
class Candidate:
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


def rank(candidates: Iterable[Candidate], query: Query) -> list[Candidate]:
    """Put candidates in order, the best first: most of the words, then the highest score, then the oldest."""
    scored = [(score(candidate, query), candidate) for candidate in candidates]
    return [candidate for _score, candidate in sorted(scored, key=lambda pair: (-pair[0][0], -pair[0][1], pair[1].pk))]


def score(candidate: Candidate, query: Query) -> tuple[int, float]:
    """Give how many of the terms an entry has, and how well."""
    columns = ((candidate.title, TITLE), (candidate.heading, HEADING), (candidate.body, BODY), (candidate.context, CONTEXT))
    padded = [(f" {words} ".replace("\n", " \n "), weight) for words, weight in columns if words]
    weights = [_weigh(term, padded) for term in query.terms]
    total = sum(weights) + EXTRA * sum(_weigh(term, padded) for term in query.extras)
    typed = " ".join(query.words)
    required = " ".join(word for term in query.terms for word in term.words)
    for words, bonus in ((candidate.title, IS_NAME), (candidate.heading, IS_OTHER_NAME)):
        lines = words.split("\n")
        if typed in lines or required in lines:
            total += bonus
            break
    factor = KINDS[SearchEntry.Kind.PAGE] if candidate.is_about_site else KINDS.get(SearchEntry.Kind(candidate.kind), 1.0)
    return sum(weight > 0 for weight in weights), round(total * factor, 6)


def _weigh(term: Term, columns: list[tuple[str, float]]) -> float:
    """Weigh a term by the columns it stands in: more in those that are short, and less for each further time in the text."""
    looked_for = f" {' '.join(term.words)}" + ("" if term.is_prefix else " ")
    total = 0.0
    for words, weight in columns:
        if count := words.count(looked_for):
            if weight > BODY:  # a name: the whole of the shortest line that has it would be all
                lines = [line.split() for line in words.split("\n") if looked_for in line]
                share = max((len(term.words) / len(line) for line in lines), default=0.0)
                total += weight * (0.5 + 0.5 * share)
            else:
                total += weight * count / (count + MANY)
    return total
