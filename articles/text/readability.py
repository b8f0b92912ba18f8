"""How easy a text is to read, in figures. Advice, never a gate.

No formula knows whether a text can be understood; the NHS content style guide would have such tools used to find what to look at
first, and no more. So a whole page is measured, not a field, and nothing is refused for its grade.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.text.blocks import Prose
from articles.text.claims import Sentence, read_unit, split_units
from articles.text.source import ParsedSection

MAX_SENTENCE_WORDS = 20
"""Source: NHS digital service manual, content style guide: sentences of at most 20 words."""

MAX_PARAGRAPH_SENTENCES = 3
"""Source: NHS digital service manual, content style guide: paragraphs of at most 3 sentences."""

SYLLABLES = {
    "area": 3,
    "cyanocobalamin": 7,
    "diabetes": 4,
    "diarrhoea": 4,
    "fatigue": 2,
    "herpes": 2,
    "hundred": 2,
    "idea": 3,
    "nausea": 3,
    "science": 2,
    "somebody": 3,
    "something": 2,
    "sometimes": 2,
    "therefore": 2,
    "tongue": 1,
}
"""Words of such pages that the rule of ``count_syllables`` miscounts."""

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LETTERS = re.compile(r"[^\W_]")
_VOWELS = re.compile(r"[aeiouyáéíóúäöü]+")
_APART = re.compile(r"(?<![ct])ia|(?<![qg])ua|io(?![nu])|(?<![ctgx])i(?:um|ous)|ea(?=ct)|[aeiou]ing$")
_SILENT = re.compile(
    r"(?<=[^aeiouy])(?<![^aeiouy][lr])e$"  # cause, whole; but table, fibre
    r"|(?<=[^aeioutd])ed$"  # caused; but treated
    r"|(?<=[^aeiouycgsxz])(?<![cs]h)(?<![^aeiouy][lr])es$"  # nerves; but muscles, causes, searches
    r"|(?<=[a-z][a-z][^aeiouy])e(?=(?:ful|less|ly)$)"  # rarely
)


@dataclass(frozen=True, slots=True)
class Readability:
    """The counts of a text, and two grades made of them: years at school in the USA, rounded to one place. 0 without words."""

    words: int
    sentences: int
    syllables: int
    characters: int
    flesch_kincaid: float
    ari: float

    @property
    def words_a_sentence(self) -> float:
        """How many words a sentence has on average."""
        return round(self.words / self.sentences, 1) if self.sentences else 0.0


@dataclass(frozen=True, slots=True)
class LongParagraph:
    """A paragraph or list item with too many sentences: its first line, and how many it has."""

    line: int
    sentences: int


def split_words(text: str) -> list[str]:
    """Give the words of a text; "B12", "1,707", "e.g" and "well-known" are one each."""
    return _WORD.findall(text)


def count_syllables(word: str) -> int:
    """Count an English word's syllables: groups of vowels, but for a silent e; a number or sign counts as one.

    A rule of thumb; ``SYLLABLES`` has the words of these pages that it gets wrong.
    """
    word = word.lower()
    if word in SYLLABLES:
        return SYLLABLES[word]
    if "-" in word:
        return sum(count_syllables(part) for part in word.split("-"))
    if word.endswith("s") and word[:-1] in SYLLABLES:
        return SYLLABLES[word[:-1]]
    kept = _SILENT.sub("", word) if len(word) > 3 else word
    return max(1, len(_VOWELS.findall(kept)) + len(_APART.findall(kept)))


def read_ease(sentences: Iterable[Sentence]) -> Readability:
    """Measure sentences, such as those of ``claims.find_sentences``.

    Sources of the formulas: Kincaid, Fishburne, Rogers and Chissom 1975 (Flesch-Kincaid grade level: 0.39 words a sentence
    + 11.8 syllables a word - 15.59); Smith and Senter 1967 (Automated Readability Index: 4.71 letters and digits a word
    + 0.5 words a sentence - 21.43).
    """
    texts = [words for sentence in sentences if (words := split_words(sentence.text))]
    words = [word for text in texts for word in text]
    if not words:
        return Readability(0, 0, 0, 0, 0.0, 0.0)
    syllables = sum(count_syllables(word) for word in words)
    characters = sum(len(_LETTERS.findall(word)) for word in words)
    length = len(words) / len(texts)
    flesch_kincaid = round(0.39 * length + 11.8 * syllables / len(words) - 15.59, 1)
    ari = round(4.71 * characters / len(words) + 0.5 * length - 21.43, 1)
    return Readability(len(words), len(texts), syllables, characters, flesch_kincaid, ari)


def find_long_sentences(sentences: Iterable[Sentence], limit: int = MAX_SENTENCE_WORDS) -> list[tuple[Sentence, int]]:
    """Find the sentences of more than ``limit`` words, each with how many it has."""
    counted = [(sentence, len(split_words(sentence.text))) for sentence in sentences]
    return [(sentence, count) for sentence, count in counted if count > limit]


def find_long_paragraphs(sections: Sequence[ParsedSection], limit: int = MAX_PARAGRAPH_SENTENCES) -> list[LongParagraph]:
    """Find the paragraphs and list items of more than ``limit`` sentences; the note under a picture is one of them."""
    found = []
    for parsed in sections:
        for part in parsed.parts:
            first = part.line if isinstance(part, Prose) else part.text_line
            for unit in split_units(part.text, first):
                count = sum(1 for _ in read_unit(unit))
                if count > limit:
                    found.append(LongParagraph(unit.line, count))
    return found
