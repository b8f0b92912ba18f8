"""Figures on how easy a text is to read, held against counts by hand."""

import pytest

from articles.text.claims import Unit, find_sentences, read_unit
from articles.text.readability import (
    SYLLABLES,
    Readability,
    count_syllables,
    find_long_paragraphs,
    find_long_sentences,
    read_ease,
    split_words,
)
from articles.text.source import parse_body

BY_HAND = {
    1: "a nerve nerves cause caused pain legs limbs whole rats dose eyes 57 tongue through",
    2: "muscles causes causing treated numbness table fibre likely people being trial quarter careless something matches series",
    3: "vitamin completely reaction serious official pernicious medicine medicines mobile-phone recovered",
    4: "anaemia diabetes diarrhoea unsteadiness potassium neuropathy usually acrylamide reliable",
    6: "methylcobalamin",
    7: "cyanocobalamin hydroxocobalamin",
}


@pytest.mark.parametrize(("count", "words"), BY_HAND.items())
def test_syllables(count: int, words: str) -> None:
    assert {word: count_syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_the_table_holds_only_what_the_rule_gets_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    by_table = dict(SYLLABLES)
    for word in by_table:
        monkeypatch.delitem(SYLLABLES, word)
    assert not [word for word, count in by_table.items() if count_syllables(word) == count]


def test_words() -> None:
    assert split_words("About 1,707 people’s B12 - e.g. well-known (2.4 mg).") == [
        "About", "1,707", "people’s", "B12", "e.g", "well-known", "2.4", "mg",
    ]  # fmt: skip


def test_grades_by_hand() -> None:
    # 5 and 4 words, 8 and 6 syllables, 24 and 20 letters
    found = read_ease(read_unit(Unit("The rats were given vitamins [@A]. Some people felt better.", 1)))
    assert (found.words, found.sentences, found.syllables, found.characters) == (9, 2, 8 + 6, 24 + 20)
    assert found.flesch_kincaid == round(0.39 * 4.5 + 11.8 * 14 / 9 - 15.59, 1)
    assert found.ari == round(4.71 * 44 / 9 + 0.5 * 4.5 - 21.43, 1)
    assert found.words_a_sentence == 4.5
    long = read_ease(read_unit(Unit("word " * 60, 1)))
    assert (long.flesch_kincaid, long.ari) == (19.6, 27.4)  # 0.39 * 60 + 11.8 - 15.59; 4.71 * 4 + 0.5 * 60 - 21.43


def test_nothing_to_measure() -> None:
    assert read_ease([]) == Readability(0, 0, 0, 0, 0.0, 0.0)
    assert read_ease([]).words_a_sentence == 0


def test_long_sentences_and_paragraphs() -> None:
    long = "Word " * 20 + "end"
    harms = '!!! harms "Harms of it"\n    - One. Two. Three.\n    - One. Two. Three. Four.\n'
    body = f"## A {{#a}}\n\n{'Word ' * 20}. {long}.\n{long}. Four.\n\n{harms}"
    sections, _problems = parse_body(body, 10)
    sentences = list(find_sentences(sections[0]))
    assert [(sentence.line, count) for sentence, count in find_long_sentences(sentences)] == [(12, 21), (13, 21)]
    assert [(long.line, long.sentences) for long in find_long_paragraphs(sections)] == [(12, 4), (17, 4)]
