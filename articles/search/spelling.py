"""Misspellings: those that editors keep lead to the right word; for others the nearest word that readers can find is offered."""

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from itertools import combinations

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from articles.models import GlossaryTerm, SearchSpelling
from articles.models.search import MAX_SPELLING
from articles.search.statements import read
from articles.text.search_terms import WEAK, read_tokens, read_vocabulary, stem, tidy

LONG = 7
"""From so many letters on, two mistakes are looked past; below, one."""

SHORTEST = 5
"""Below, too many words are near each other: toes and does, feet and feel."""
MAX_GRAM = 5
"""How many words a misspelling that editors keep may have, to be recognised."""


def learn(names: Iterable[str], lines: Iterable[str], language: str) -> None:
    """Remember the words of names, and the long ones of texts, each by its sound, whole and with any one letter left out.

    Words that say little are no help to anybody who mistyped another.
    """
    words = {word for word in read_vocabulary("\n".join(names), language) if len(word) >= SHORTEST}
    words |= {word for word in read_vocabulary("\n".join(lines), language) if len(word) >= LONG}
    words = {word for word in words if stem(word) not in WEAK}
    sounds = {word: sound(word) for word in words}
    known = SearchSpelling.objects.filter(spelling__in=set(sounds.values()), right__in=sounds, term__isnull=True)
    new = sorted(sounds.keys() - set(known.values_list("right", flat=True)))
    rows = [SearchSpelling(spelling=key, right=word) for word in new for key in sorted(_shortened(sounds[word], 1))]
    SearchSpelling.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def learn_misspellings(term: GlossaryTerm, names: Collection[str], language: str) -> None:
    """Remember what editors keep as misspellings of a word, each with the name of it that is nearest."""
    SearchSpelling.objects.filter(term=term).delete()
    rows = []
    for wrong in term.misspellings:
        right = max(names, key=lambda name: SequenceMatcher(None, wrong.casefold(), name.casefold()).ratio())
        rows.append(SearchSpelling(spelling=_plain(wrong, language)[:MAX_SPELLING], right=right, term=term))
    SearchSpelling.objects.bulk_create(row for row in rows if row.spelling and row.spelling != _plain(row.right, language))


def correct(typed: str, language: str) -> str:
    """Put the right words in the place of misspellings that editors keep; what has none comes back as it was typed."""
    text = tidy(typed)
    words = list(read_tokens(text, language))
    grams = {
        " ".join(word.plain for word in words[start : start + size]): (start, size)
        for size in range(1, MAX_GRAM + 1)
        for start in range(len(words) - size + 1)
    }
    kept = {spelling: right for _pk, spelling, right in sorted(read(_kept, list(grams)))}
    found = sorted(kept.items(), key=lambda pair: -grams[pair[0]][1])
    taken: set[int] = set()
    changes = []
    for spelling, right in found:
        start, size = grams[spelling]
        if taken.isdisjoint(range(start, start + size)):
            taken.update(range(start, start + size))
            changes.append((words[start].start, words[start + size - 1].end, right))
    for first, last, right in sorted(changes, reverse=True):
        text = text[:first] + right + text[last:]
    return text if changes else typed


def _kept(spellings: RawSQL) -> "QuerySet[SearchSpelling, tuple[int, str, str]]":
    return SearchSpelling.objects.filter(spelling__in=spellings, term__is_public=True).values_list("pk", "spelling", "right")


def nearest(word: str) -> str:
    """Give the known word that is nearest to one in small letters without accents; "" where none is near."""
    if len(word) < SHORTEST:
        return ""
    most = 2 if len(word) >= LONG else 1
    heard = sound(word)
    rows = read(_known, list(_shortened(heard, most)))
    near = [(distance(heard, sound(right)), right) for right in {right for right, term in rows if term is None}]
    return min((pair for pair in near if pair[0] <= most), default=(0, ""))[1]


def _known(spellings: RawSQL) -> "QuerySet[SearchSpelling, tuple[str, int | None]]":
    # Asked for those without a term, SQLite goes through all of these, and there are many.
    return SearchSpelling.objects.filter(spelling__in=spellings).values_list("right", "term")


def sound(word: str) -> str:
    """Give a word without what people mix up most in the names of illnesses and medicines: i and y, f and ph, doubled letters."""
    for typed, heard in (("ph", "f"), ("rh", "r"), ("ae", "e"), ("oe", "e"), ("y", "i")):
        word = word.replace(typed, heard)
    return "".join(letter for letter, after in zip(word, word[1:] + " ", strict=True) if letter != after)


def distance(one: str, other: str) -> int:
    """Count the mistakes between two words: letters added, left out, changed, or exchanged with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]


def _shortened(word: str, most: int) -> set[str]:
    """Give a word, and what is left of it when up to so many of its letters are left out."""
    places = [places for count in range(most + 1) for places in combinations(range(len(word)), count)]
    return {"".join(letter for place, letter in enumerate(word) if place not in left_out) for left_out in places}


def _plain(text: str, language: str) -> str:
    return " ".join(word.plain for word in read_tokens(tidy(text), language))
