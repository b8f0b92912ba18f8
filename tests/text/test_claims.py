"""Which sentences need a source: by form alone."""

import csv
from pathlib import Path

import pytest

from articles.text.claims import Kind, Sentence, Unit, claim_key, find_sentences, find_uncited, read_unit, split_units
from articles.text.front_matter import Kind as FileKind
from articles.text.source import parse_body, parse_source
from tests.support import TEXT

with (Path(__file__).parent.parent / "data/sentences.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = [(row["kind"], row["text"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


SHAPES = ("{}", "- {}", "> {}", "| a | b |\n|---|---|\n| row | {} |", '!!! harms "Harms of it"\n    - {}')


def kinds(text: str) -> list[str]:
    return [sentence.kind for unit in split_units(text, 1) for sentence in read_unit(unit)]


def in_section(text: str) -> list[Sentence]:
    (section,), _problems = parse_body(f"## A {{#a}}\n\n{text}\n")
    return list(find_sentences(section))


@pytest.mark.parametrize("text", [text for kind, text in ROWS if kind == "fact"])
@pytest.mark.parametrize(
    "shape", ["{}", "- {}", "| a | b |\n|---|---|\n| row | {} |", "> {}", '!!! harms "Harms of it"\n    - {}']
)
def test_every_bare_fact_is_refused(text: str, shape: str) -> None:
    found = [sentence.kind for sentence in in_section(shape.format(text.replace("|", "or")))]
    assert Kind.UNCITED in found


@pytest.mark.parametrize("text", [text for kind, text in ROWS if kind != "fact"])
def test_every_question_and_command_passes_on_a_card(text: str) -> None:
    found = {sentence.kind for sentence in in_section(f'!!! questions "Questions to ask"\n    - {text}')}
    assert found <= {Kind.QUESTION, Kind.COMMAND}


def test_the_data_is_all_there() -> None:
    assert len([text for kind, text in ROWS if kind == "fact"]) > 90
    assert len([text for kind, text in ROWS if kind == "question"]) == 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rats recovered [@A].", ["claim"]),
        ("Rats recovered [@A; @B]. People did not.", ["claim", "uncited"]),
        ("Rats recovered [@A] and more.", ["uncited"]),
        ("One. Two. Three [@A, whole paragraph].", ["claim", "claim", "claim"]),
        ("One. Two. Three [@A].", ["uncited", "uncited", "claim"]),
        ("Rest [no-citation: advice].", ["marked"]),
        ("Does it help? It may.", ["question", "uncited"]),
        ("“Does it help?” It may [@A].", ["question", "claim"]),
        ("About 2.4 micrograms, e.g. in milk, is enough [@A].", ["claim"]),
        ("Dr. Smith said so [@A].", ["claim"]),
        ("It says *so* [@A].* Yes.", ["claim", "uncited"]),
        ("- it is hard to breathe [@A]\n- it hurts", ["claim", "uncited"]),
        ("1. One [@A].\n2. Two", ["claim", "uncited"]),
        ("- One.\n  Two [@A, whole paragraph].\n- Three", ["claim", "claim", "uncited"]),
        ("### A heading\n\nText [@A].", ["claim"]),
        ("```\nNot a sentence.\n```", []),
        ("| who | what |\n|---|---|\n| rats | recovered [@A] |\n| mice | recovered |", ["claim", "uncited"]),
        ("[@A]: https://example.org", []),
        ("1994.", []),
        ("Wait! It helps… Really [@A]!", ["uncited", "uncited", "claim"]),
        ("It runs over\nthe end of a line [@A].", ["claim"]),
        ("`[@A]` is code.", ["uncited"]),
    ],
)
def test_sentences_by_form(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_command_is_exempt_on_cards_alone() -> None:
    assert [sentence.kind for sentence in in_section('!!! urgent "Today if"\n    - Call your doctor')] == [Kind.COMMAND]
    assert [sentence.kind for sentence in in_section("Call your doctor.")] == [Kind.UNCITED]
    assert [sentence.kind for sentence in in_section('!!! urgent "Today if"\n    - it hurts')] == [Kind.UNCITED]


def test_a_picture_of_numbers_is_covered_by_its_note() -> None:
    block = '!!! number "86 of 100 got better"\n    - 86 of 100 did\n    - 14 of 100 did not\n\n    Rounded [@A].'
    assert {(sentence.kind, sentence.keys) for sentence in in_section(block)} == {(Kind.CLAIM, ("A",))}
    assert Kind.UNCITED in {sentence.kind for sentence in in_section(block.replace(" [@A]", ""))}


def test_lines_and_words() -> None:
    (first, second) = read_unit(Unit("See [the *page*](article:x) now [@A].\nAnd this.", 7))
    assert (first.text, first.line, first.keys) == ("See the page now.", 7, ("A",))
    assert (second.text, second.line) == ("And this.", 8)


def test_every_fault_of_a_file_is_found_at_its_line() -> None:
    text = TEXT.replace(" [@PEOPLE-2020].\ntopic", ".\ntopic").replace(
        "summary: Your nerves need vitamin B12 [@PEOPLE-2020]", "summary: Bare"
    )
    source = parse_source(text.replace("injected [@RATS-1994]", "injected"), FileKind.ARTICLE)
    assert [(problem.line, problem.what) for problem in find_uncited(source)] == [
        (1, "`summary` has a sentence without a source: “Bare.”"),
        (23, "a sentence without a source: “The rats were injected.”"),
    ]


def test_a_claim_keeps_its_key_through_spacing_and_capitals() -> None:
    assert claim_key("a", "Rats  recovered.") == claim_key("a", "rats recovered")
    assert claim_key("a", "Rats recovered.") != claim_key("b", "Rats recovered.")
