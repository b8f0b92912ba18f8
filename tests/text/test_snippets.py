"""Snippets are whole sentences, and the matches in them are marked."""

from articles.text.search_terms import parse_query, to_tokens
from articles.text.snippets import MAX_LINE, choose_lines, make_snippet, mark

LINES = [
    "Answer:",
    "In rats, signals came back sooner (studied in rats, not people).",
    "How sure are we?",
    "The study was in animals.",
    "What has nobody measured?",
    "numb feet",
    "burning hands",
]


def chosen(typed: str, lines: list[str] = LINES) -> list[str]:
    query = parse_query(typed, "en")
    return choose_lines(lines, [to_tokens(line, "en") for line in lines], query)


def marked(text: str, typed: str) -> str:
    pieces = mark(text, parse_query(typed, "en"), "en")
    assert "".join(piece.text for piece in pieces) == text
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


def test_the_sentence_that_has_most_comes_first_and_is_whole() -> None:
    assert chosen("signals") == LINES[1:4]
    assert chosen("animals studied") == LINES[1:4]


def test_a_question_is_not_left_without_its_answer() -> None:
    assert chosen("animals") == [LINES[3]]


def test_items_of_a_list_stand_alone() -> None:
    assert chosen("feet") == ["numb feet"]


def test_without_a_match_the_first_statement_is_shown() -> None:
    assert chosen("zebra")[0] == LINES[1]
    assert chosen("zebra", ["numb feet"]) == ["numb feet"]
    assert chosen("zebra", []) == []


def test_what_would_have_to_be_cut_is_not_shown() -> None:
    assert chosen("word", ["word " * MAX_LINE + "(studied in rats, not people)."]) == []


def test_lines_behind_the_last_token_are_shown_all_the_same() -> None:
    assert choose_lines(["One.", "Two."], ["on"], parse_query("zebra", "en")) == ["One.", "Two."]


def test_matches_are_marked_in_whatever_form_they_stand() -> None:
    assert marked("Too little B 12 harms nerves.", "vitamin b12 nerve") == "Too little [B 12] harms [nerves]."
    assert marked("Anaemia & the <b>body</b>", "anemia b") == "[Anaemia] & the <[b]>body</[b]>"


def test_small_words_are_marked_only_where_there_are_no_others() -> None:
    assert marked("Pins and needles", '"pins and needles"') == "[Pins] and [needles]"
    assert marked("what is it", "what is it") == "[what] [is] [it]"


def test_a_snippet_is_the_chosen_sentences_marked() -> None:
    tokens = [to_tokens(line, "en") for line in LINES]
    for typed in ("signals", "animals studied", "feet", "back", "in rats", "nothing", "not"):
        query = parse_query(typed, "en")
        together = mark(" ".join(chosen(typed)), query, "en")
        assert make_snippet(LINES, tokens, query, "en") == together
    assert make_snippet([], [], parse_query("signals", "en"), "en") == []
