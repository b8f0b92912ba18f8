"""What is shown of a text that was found: whole sentences, so that the words on who was studied stay, with the matches marked."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest

from articles.text.search_terms import WEAK, Query, read_tokens, tidy
from articles.text.words import CLOSING, STOPS

ENOUGH = 240
"""A snippet of so many characters gets no further sentence."""

MAX_LINE = 700
"""A line that is longer (a row of a table, code) is left out: cut, it could lose who was studied."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    is_match: bool


def mark(text: str, query: Query, language: str) -> list[Piece]:
    """Cut a text into pieces that match the search and pieces that do not."""
    text = tidy(text)
    pieces: list[Piece] = []
    after = 0
    wanted, prefixes = _wanted(query)
    for word in read_tokens(text, language):
        if word.start >= after and (word.token in wanted or word.token.startswith(prefixes)):
            if word.start > after:
                pieces.append(Piece(text[after : word.start], is_match=False))
            pieces.append(Piece(text[word.start : word.end], is_match=True))
            after = word.end
    if after < len(text):
        pieces.append(Piece(text[after:], is_match=False))
    return pieces


def make_snippet(lines: Sequence[str], tokens: Sequence[str], query: Query, language: str) -> list[Piece]:
    """Choose sentences as ``choose_lines`` does, and mark what matches, in those alone whose tokens have it."""
    wanted, prefixes = _wanted(query)
    sought = (*wanted, *prefixes)
    of_line = dict(zip(lines, tokens, strict=False))
    pieces: list[Piece] = []
    for line in choose_lines(lines, tokens, query):
        words = of_line.get(line)
        has_match = words is None or any(map(words.__contains__, sought))
        marked = mark(line, query, language) if has_match else [Piece(tidy(line), is_match=False)]
        if pieces:
            between = " "
            if not pieces[-1].is_match:
                between = pieces.pop().text + between
            if marked and not marked[0].is_match:
                between += marked.pop(0).text
            pieces.append(Piece(between, is_match=False))
        pieces += marked
    return pieces


def choose_lines(lines: Sequence[str], tokens: Sequence[str], query: Query) -> list[str]:
    """Choose the sentence that has most of what was looked for, and those that follow it while there is room.

    ``tokens`` are those of each line, as long as they were kept. Where no line has any of it, the first sentence is chosen.
    """
    kept = zip_longest(lines, tokens[: len(lines)], fillvalue="")
    short = [(line, words) for line, words in kept if len(line) <= MAX_LINE]
    if not short:
        return []
    wanted, prefixes = _wanted(query)
    extras = {word for term in query.extras for word in term.words}
    sought = (*wanted, *extras, *prefixes)
    counts = [_count(words, wanted, extras, prefixes) if any(map(words.__contains__, sought)) else 0.0 for _line, words in short]
    best = counts.index(max(counts)) if any(counts) else next((i for i, (line, _) in enumerate(short) if _states(line)), 0)
    chosen = [short[best][0]]
    for line, _words in short[best + 1 :]:
        if sum(map(len, chosen)) + len(line) > ENOUGH or not _ends(chosen[-1]) or not _ends(line):
            break
        chosen.append(line)
    while len(chosen) > 1 and not _states(chosen[-1]):  # a question without its answer
        chosen.pop()
    return chosen


def _count(line: str, wanted: Set[str], extras: Set[str], prefixes: tuple[str, ...]) -> float:
    """Count what a line's tokens have of what was looked for."""
    words = set(line.split())
    return len(words & wanted) + 0.1 * len(words & extras) + any(word.startswith(prefixes) for word in words if prefixes)


def _wanted(query: Query) -> tuple[frozenset[str], tuple[str, ...]]:
    """Give the tokens that are matches, and the beginnings of such."""
    words = {word for term in query.terms if not term.is_prefix for word in term.words}
    prefixes = tuple(term.words[0] for term in query.terms if term.is_prefix)
    return frozenset(words - WEAK if words - WEAK or prefixes else words), prefixes


def _ends(line: str) -> bool:
    """Whether a line is a sentence with a stop; names of rows and items of lists are not."""
    return line.rstrip("".join(CLOSING))[-1:] in STOPS


def _states(line: str) -> bool:
    """Whether a line is a sentence that is no question."""
    return _ends(line) and line.rstrip("".join(CLOSING))[-1:] not in "?؟"
