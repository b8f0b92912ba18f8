"""Words as they are searched for: what a text is found by, and what a reader typed.

Texts and searches go through the same hands, and come out as tokens of small ASCII letters and digits, so that no search engine
has anything left to decide: not where a word ends, nor what its stem is, nor which words carry nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

MAX_LENGTH = 200
"""How many characters of a search are read."""

MAX_WORDS = 12
"""How many words of a search are read."""

MAX_TOKEN = 40
MIN_PREFIX = 3

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_ALONE = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_SMALL_GAP = re.compile(r"[\s\-‐‑‒–—−]{0,2}")
_GLUED = re.compile(r"(vit(?:amin)?|methyl)(b\d{1,2})")
_B_NUMBER = re.compile(r"b\d{1,2}")
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]")
_UNSEEN = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})

_IRREGULAR = {"mice": "mouse", "feet": "foot", "teeth": "tooth", "women": "woman", "children": "child"}
_SPELLINGS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        (r"ae", "e"),  # anaemia, paediatric
        (r"^oe|(?<=rrh)oe", "e"),  # oedema, diarrhoea
        (r"(?<=[iy])s(?=(?:e[sdr]?|ing|ations?)$)", "z"),  # randomised, analyse
        (r"(?<=\w{3})our(?=(?:s|ed|ing)?$)", "or"),  # tumour
        (r"(?<=[bt])re(?=[sd]?$)", "er"),  # fibre, litre
    )
)
_ANY_SPELLING = re.compile("|".join(pattern.pattern for pattern, _right in _SPELLINGS))
# In each step (its endings, and what becomes of each) the first ending that fits is put away, if at least so many letters stay.
_STEPS = tuple(
    (tuple(ending for ending, _keep, _put in step), step)
    for step in (
        (
            ("ies", 2, "y"),
            *((ending, 3, ending[:-2]) for ending in ("sses", "shes", "ches", "xes", "zes")),
            *((ending, 3, ending[:-2]) for ending in ("osis", "ysis", "esis")),
            *((ending, 0, ending) for ending in ("ss", "us", "is")),
            ("s", 3, ""),
        ),
        (("ness", 4, ""), ("ment", 5, ""), ("ly", 4, "")),
        (("eed", 0, "eed"), ("ing", 4, ""), ("ed", 4, "")),
        (("tion", 4, "t"), ("sion", 4, "s"), ("ic", 4, ""), ("ia", 4, ""), ("e", 4, ""), ("y", 4, "")),
    )
)


class Word(NamedTuple):
    """A word: where it stands in the text, how it reads in small letters without accents, and its token."""

    start: int
    end: int
    plain: str
    token: str


@dataclass(frozen=True, slots=True)
class Term:
    """What has to be found: a word, or words side by side that were typed in quotation marks.

    A prefix is found at the beginning of longer words too.
    """

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search: what was typed (as much as is read), what has to be found, and words that only help to put results in order.

    ``words`` are all its tokens in order. ``is_cut`` says that more was typed than is read.
    """

    typed: str
    terms: tuple[Term, ...]
    extras: tuple[Term, ...]
    words: tuple[str, ...]
    is_cut: bool

    def with_prefix(self) -> "Query | None":
        """Give the search with its last word as the beginning of words; None where that makes no sense."""
        last = self.terms[-1] if self.terms else None
        if last is None or len(last.words) != 1 or len(last.words[0]) < MIN_PREFIX or last.words[0] != self.words[-1]:
            return None
        return replace(self, terms=(*self.terms[:-1], Term(last.words, is_prefix=True)))


def tidy(text: str) -> str:
    """Give a text on which words are looked for: letters and their accents in one sign, nothing that is not seen."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_UNSEEN)


def read_tokens(text: str, language: str) -> Iterator[Word]:
    """Go through the words of a ``tidy`` text. All spellings of B12 (B-12, B 12, vitaminB12) and its like become one word.

    Endings are taken off English words only.
    """
    held: Word | None = None  # a "b", which may belong to the number that follows
    for match in _WORD.finditer(text):
        for plain, token in _read_run(match[0], language):
            if held is not None:
                if plain.isdecimal() and len(plain) <= 2 and _SMALL_GAP.fullmatch(text, held.end, match.start()):
                    yield Word(held.start, match.end(), f"b{plain}", f"b{plain}")
                    held = None
                    continue
                yield held
                held = None
            word = Word(match.start(), match.end(), plain, token)
            if plain == "b":
                held = word
            else:
                yield word
    if held is not None:
        yield held


@lru_cache(maxsize=20_000)  # texts repeat their words
def _read_run(typed: str, language: str) -> tuple[tuple[str, str], ...]:
    """Give what one run of letters stands for: words in small letters without accents, apostrophes and the English 's; tokens."""
    bare = _POSSESSIVE.sub("", typed.casefold())
    if not bare.isascii():
        small = unicodedata.normalize("NFKD", bare).casefold().translate(_LETTERS)
        bare = "".join(sign for sign in small if not unicodedata.combining(sign) and sign not in "’ʼ")
    bare = bare.replace("'", "")
    words: list[str] = []
    for found in _ALONE.findall(bare):
        word = found[:MAX_TOKEN]
        if glued := _GLUED.fullmatch(word):
            words += ["vitamin" if glued[1].startswith("vit") else glued[1], glued[2]]
        else:
            words.append(word)
    return tuple((word, _in_ascii(stem(word) if language == "en" else word)) for word in words)


def _in_ascii(word: str) -> str:
    """Write a word in ASCII letters and digits, sign by sign, so that what one begins with the other begins with too."""
    return word if word.isascii() else "".join(sign if sign.isascii() else f"x{ord(sign):x}x" for sign in word)


def stem(word: str) -> str:
    """Take the usual endings off an English word, and bring British and American spellings together.

    Short words stay as they are: what makes "rate" one with "rats" does harm here.
    """
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    word = _IRREGULAR.get(word, word)
    if _ANY_SPELLING.search(word):
        for pattern, right in _SPELLINGS:
            word = pattern.sub(right, word)
    for number, (endings, step) in enumerate(_STEPS):
        if not word.endswith(endings):
            continue
        for ending, keep, put in step:
            if word.endswith(ending) and len(word) - len(ending) >= keep:
                word = word.removesuffix(ending) + put
                if number == 2 and not put and word[-1:] == word[-2:-1] and word[-1] not in "lsz":
                    word = word[:-1]  # stopped, stop
                break
    return word


def read_vocabulary(text: str, language: str) -> set[str]:
    """Give the different words of a text of letters alone, in small letters without accents, whatever their place."""
    runs = set(_WORD.findall(tidy(text)))
    return {plain for run in runs for plain, _token in _read_run(run, language) if plain.isalpha()}


def to_tokens(text: str, language: str) -> str:
    """Give a text's tokens with spaces between them."""
    text = tidy(text)
    tokens = [_tokens_of_run(run, language) for run in _WORD.findall(text)]
    if None in tokens:
        return " ".join(word.token for word in read_tokens(text, language))
    return " ".join(filter(None, tokens))


@lru_cache(maxsize=20_000)
def _tokens_of_run(typed: str, language: str) -> str | None:
    """Give the tokens of one run of letters with spaces between them; None where a number behind it may change them."""
    words = _read_run(typed, language)
    return None if any(plain == "b" for plain, _token in words) else " ".join(token for _plain, token in words)


WEAK = frozenset(
    stem(word)
    for word in (
        "a about after an and any are as at be because been before being best better but by can could did do does dont"
        " for from get gets give go good had has have having he help helps her him his how i if in into is it its just"
        " know like made make makes may me mean means might more most much must my need no not of off on one or our out"
        " over please really say should so some such take tell than that the their them then there these they thing"
        " things this those to too up us use used very want was we were what whats when where which while who why will"
        " with without work works would you your"
    ).split()
)
"""Words that everyone types and that say little: a result need not have them, unless nothing else was typed."""


def parse_query(typed: str, language: str) -> Query:
    """Read what a reader typed, whatever it is: nothing in it is a command."""
    text = " ".join(tidy(typed.replace("\0", " ")).split())
    shown = text[:MAX_LENGTH].strip()
    terms: list[Term] = []
    words: list[str] = []
    is_cut = len(text) > MAX_LENGTH
    for part, is_quoted in _parts(shown):
        found = [word.token for word in read_tokens(part, language)]
        is_cut = is_cut or len(words) + len(found) > MAX_WORDS
        found = found[: MAX_WORDS - len(words)]
        words += found
        terms += [Term(tuple(found))] if is_quoted and found else [Term((word,)) for word in found]
    kept = [term for place, term in enumerate(terms) if not _is_weak(term) and not _is_name_of_next(terms, place)]
    required = list(dict.fromkeys(kept or terms))
    extras = [term for term in dict.fromkeys(terms) if term not in required]
    return Query(shown, tuple(required), tuple(extras), tuple(words), is_cut)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a search at its quotation marks; says of each part whether it stands in them. One that is never closed is no mark."""
    after = 0
    for match in _QUOTED.finditer(text):
        yield text[after : match.start()], False
        yield match[1], True
        after = match.end()
    yield text[after:], False


def _is_weak(term: Term) -> bool:
    return len(term.words) == 1 and term.words[0] in WEAK


def _is_name_of_next(terms: list[Term], place: int) -> bool:
    """Whether a term is the word "vitamin" in front of "B12": a page that says "B12" alone is meant too."""
    following = terms[place + 1].words if place + 1 < len(terms) else ()
    return terms[place].words in {("vitamin",), ("vit",)} and len(following) == 1 and bool(_B_NUMBER.fullmatch(following[0]))
