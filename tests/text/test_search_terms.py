"""What a text is found by and what a reader typed come out as the same tokens."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.search_terms import MAX_LENGTH, MAX_WORDS, WEAK, Term, parse_query, read_tokens, stem, tidy, to_tokens


@pytest.mark.parametrize("typed", ["B12", "b12", "B-12", "B 12", "B‑12", "B–12", "B₁₂", "Ｂ１２"])
def test_every_spelling_of_b12_is_one_word(typed: str) -> None:
    assert to_tokens(typed, "en") == "b12"
    assert parse_query(f"vitamin {typed}", "en").terms == (Term(("b12",)),)
    assert to_tokens(f"Methyl-{typed}", "en") == "methyl b12"
    assert to_tokens(f"with vitamin {typed}.", "en") == "with vitamin b12"


def test_glued_spellings_are_parted() -> None:
    assert to_tokens("vitaminB12 methylB12 VitB6", "en") == "vitamin b12 methyl b12 vitamin b6"


def test_a_letter_and_a_number_that_are_not_together_stay_apart() -> None:
    assert to_tokens("vitamin B: 12 pills; b, 12; B 120; b", "en") == "vitamin b 12 pill b 12 b 120 b"


def test_places_are_those_of_the_text() -> None:
    text = tidy("Too little B 12 harms Guillain-Barre\u0301’s nerves")
    found = [(text[word.start : word.end], word.plain) for word in read_tokens(text, "en")]
    assert found == [
        ("Too", "too"),
        ("little", "little"),
        ("B 12", "b12"),
        ("harms", "harms"),
        ("Guillain", "guillain"),
        ("Barré’s", "barre"),
        ("nerves", "nerves"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "nerve nerves nerve's",
        "neuropathy neuropathies Neuropathic",
        "injection injections injected injecting inject",
        "regenerate regeneration regenerating regenerates",
        "treat treats treated treatment treatments treating",
        "anaemia anemia anaemic",
        "diarrhoea diarrhea",
        "oedema edema",
        "randomised randomized randomise",
        "tumour tumor tumours",
        "fibre fiber fibres",
        "diabetes diabetic diabete",
        "diagnosis diagnoses diagnosed",
        "tingle tingling tingled",
        "weak weakness",
        "mouse mice",
        "foot feet",
        "doctor doctors doctor’s DOCTOR",
        "Diabète diabete",
        "dont don't don’t",
    ],
)
def test_forms_of_a_word_are_one_token(words: str) -> None:
    assert len(set(to_tokens(words, "en").split())) == 1


@pytest.mark.parametrize("words", ["rat rate ration rating", "string sting", "virus vary", "leg legal", "toe tea"])
def test_other_words_stay_other_words(words: str) -> None:
    assert len(set(to_tokens(words, "en").split())) == len(to_tokens(words, "en").split())


def test_other_languages_keep_their_endings() -> None:
    assert to_tokens("nervios dañados", "es") == "nervios danados"


@given(st.text(max_size=80))
def test_tokens_are_ascii_letters_and_digits(text: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?: [a-z0-9]+)*)?", to_tokens(text, "en"))
    assert all(0 <= word.start < word.end <= len(tidy(text)) for word in read_tokens(tidy(text), "en"))


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=20))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(word.casefold())


def test_words_that_say_little_are_not_asked_for() -> None:
    query = parse_query("Does B12 help with balance?", "en")
    assert query.terms == (Term(("b12",)), Term(("balanc",)))
    assert Term((stem("help"),)) in query.extras
    assert "help" in WEAK


def test_words_that_say_little_are_asked_for_where_there_are_no_others() -> None:
    assert [term.words[0] for term in parse_query("what is it", "en").terms] == ["what", "is", "it"]


def test_words_in_quotation_marks_stand_side_by_side() -> None:
    query = parse_query('feet "pins and needles" hands “at night” "" "open', "en")
    words = [term.words for term in query.terms]
    assert words == [("foot",), ("pin", "and", "needl"), ("hand",), ("at", "night"), ("open",)]


def test_much_is_cut() -> None:
    query = parse_query("word " * 500, "en")
    assert (len(query.typed) <= MAX_LENGTH, len(query.words), query.is_cut) == (True, MAX_WORDS, True)
    assert query.terms == (Term(("word",)),)
    assert not parse_query(" ".join(f"w{number}" for number in range(MAX_WORDS)), "en").is_cut


def test_the_last_word_can_be_the_beginning_of_one() -> None:
    longer = parse_query("nerve regen", "en").with_prefix()
    assert longer is not None
    assert longer.terms == (Term(("nerv",)), Term(("regen",), is_prefix=True))
    for typed in ("", "b1", '"nerve damage"', "nerve the", "…"):
        assert parse_query(typed, "en").with_prefix() is None
