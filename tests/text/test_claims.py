"""Which sentences need a source: by form alone."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from articles.grading import Design, Population
from articles.text.bibliography import Reference, WorkType
from articles.text.claims import (
    Kind,
    Sentence,
    Unit,
    claim_key,
    find_claims,
    find_sentences,
    find_uncited,
    read_unit,
    split_units,
)
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
        ("[@A]: https://example.org", ["uncited"]),
        ("[[x]: It cures everybody.", ["uncited"]),
        ("1994.", []),
        ("Wait! It helps… Really [@A]!", ["uncited", "uncited", "claim"]),
        ("It runs over\nthe end of a line [@A].", ["claim"]),
        ("`[@A]` is code.", ["uncited"]),
    ],
)
def test_sentences_by_form(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


KINDS = {"c": "claim", "u": "uncited", "m": "marked", "q": "question"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # citations inside a sentence
        ("It regrows nerves [@A], and it is a vitamin [@B].", "c"),
        ("It regrows nerves [@A] [@B].", "c"),
        ("Did you know that it regrows nerves [@A]?", "c"),
        ("Does it regrow nerves?", "q"),
        # what is shown and is no citation
        (r"It regrows nerves \[@A].", "u"),
        (r"It regrows nerves [@A\].", "u"),
        ("It regrows nerves &#91;@A].", "u"),
        ("It regrows nerves ［@A］.", "u"),
        ("It regrows nerves [@`A`].", "u"),
        (r"It regrows nerves [@A\-B].", "u"),
        ("It regrows [nerves](https://e.org/[@A]).", "u"),
        ("It [regrows nerves [@A]](https://e.org/x).", "c"),
        (r"It regrows nerves \\[@A].", "c"),
        # code
        ("    It regrows nerves.\n    It is a vitamin [@A].", "uc"),
        ("It `regrows nerves. It` is a vitamin [@A].", "uc"),
        ("It is `methyl` B12 [@A].", "c"),
        # stops
        ("It cures everybody. it is a vitamin [@A].", "uc"),
        ("It cures everybody.\nit is a vitamin [@A].", "uc"),
        ("It cures everybody.\u00a0It is a vitamin [@A].", "uc"),
        ("It cures everybody.\u2003it is a vitamin [@A].", "uc"),
        ("It cures everybody.It is a vitamin [@A].", "uc"),
        ("It needs B12.It is a vitamin [@A].", "uc"),
        ("It is in DNA.It is a vitamin [@A].", "uc"),
        ("It cures (everybody).It is a vitamin [@A].", "uc"),
        ("It cures everybody.“It is a vitamin” [@A].", "uc"),
        ("It cures everybody.\u200bIt is a vitamin [@A].", "uc"),
        ("It cures everybody.\U0001f600 it is a vitamin [@A].", "uc"),
        ("It cures everybody.→ it is a vitamin [@A].", "uc"),
        ("It cures everybody!it is a vitamin [@A].", "uc"),
        ("Is it a cure?it is a vitamin.", "qu"),
        ("It cures everybody。It is a vitamin [@A]。", "uc"),
        ("It cures everybody．it is a vitamin ［sic］ [@A]．", "c"),
        ("It cures everybody． it is a vitamin [@A]．", "uc"),
        ("It cures everybody！it is a vitamin [@A]！", "uc"),
        ("It cures everybody&#46; It is a vitamin [@A].", "uc"),
        ("It cures everybody&period; It is a vitamin [@A].", "uc"),
        (r"It cures everybody\. It is a vitamin [@A].", "uc"),
        ("It cures everybody.\u0301 It is a vitamin [@A].", "uc"),
        ("It cures **everybody.** it is a vitamin [@A].", "uc"),
        ("It cures everybody .It is a vitamin [@A].", "uc"),
        ("It cures everybody./ it is a vitamin [@A].", "uc"),
        ("It cures everybody.\\\nit is a vitamin [@A].", "uc"),
        ("It cures everybody.) it is a vitamin [@A].", "uc"),
        ("[It cures everybody.](https://e.org/x) it is a vitamin [@A].", "uc"),
        ("It cures group A. It is a vitamin [@A].", "uc"),
        ("It cures pain etc. It is a vitamin [@A].", "uc"),
        ("Is it a cure? No. It is a vitamin [@A].", "quc"),
        # harmless neighbours
        ("Dr. Smith, Prof. Jones and Mrs. Lee said so [@A].", "c"),
        ("As Savage et al. say, e.g. in adults, i.e. not vs. others, approx. half [@A].", "c"),
        ("It is 2.5 mg, 1,000.5 mg or .5 mg [@A].", "c"),
        ("Take B12. [no-citation: advice].", "u"),
        ("It needs B12 [@A]. So do you [@B].", "cc"),
        ("The U.S.A. pages of e.org say so [@A].", "uc"),
        ("J.Smith wrote .NET code [@A].", "c"),
        ("It is (approx.), or <https://e.org/x.y>, so [@A].", "c"),
        ("“Does it help?” people ask [@A].", "qc"),
        ("It is 10 m² or ½ [@A].", "c"),
        ("It is *so* [@A]*.*", "c"),
        # units
        ("> It cures everybody\n>\n> It is a vitamin [@A].", "uc"),
        ("It cures everybody\n> It is a vitamin [@A].", "uc"),
        ("It cures everybody\n***\nIt is a vitamin [@A].", "uc"),
        # tables
        ("| who | what |\n|---|---|\n| It cures everybody. | x [@A] |", "uc"),
        ("| who | what |\n|---|---|\n| It cures all people who have numb feet | x [@A] |", "uc"),
        ("| It cures everybody! | what |\n|---|---|\n| row | x [@A] |", "uc"),
        ("| It cures all people who have numb feet | what |\n|---|---|\n| row | x [@A] |", "uc"),
        ("| It is so [@A] | what |\n|---|---|\n| So is it [@B] | x [@A] |", "ccc"),
        ("| It cures everybody |\n|---|\n| x [@A] |", "uc"),
        ("| who | what |\n|---|---|\n|| It cures everybody |", "u"),
        ("who | what\n :|:\nrow | It cures everybody", "u"),
        ("| who | what |\n|---|---|\n| row | x [@A] |\nIt cures all people who have numb feet", "cu"),
        ("> | who | what |\n> |---|---|\n> | row | It cures everybody |", "u"),
        ("Intro\n| who | what |\n|---|---|", "u"),
        ("| Dr. Smith’s vitamin B12 | 2.5 mg `a|b` |\n|---|---|\n| Vitamin B12 (cobalamin), 2.5 mg | x [@A] |", "c"),
    ],
)
def test_a_text_is_judged_as_it_is_shown(text: str, expected: str) -> None:
    assert kinds(text) == [KINDS[letter] for letter in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It regrows nerves [@A], and it is a vitamin [@B].", [("A", "B")]),
        ("It regrows nerves [@B] [@A; @B].", [("B", "A")]),
        ("Did you know that it [@A] regrows nerves?", [("A",)]),
        ("It regrows nerves [@A] and more.", [("A",)]),
        ("One [@A] and. Two [@B, whole paragraph].", [("A", "B"), ("B",)]),
        ("One [@A]. Two [@B, whole paragraph] [@C].", [("A",), ("B", "C")]),
        (r"One \[@A]. Two `[@B]` [@C].", [(), ("C",)]),
    ],
)
def test_every_citation_shown_in_a_sentence_counts(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [sentence.keys for unit in split_units(text, 1) for sentence in read_unit(unit)] == expected


def test_a_citation_beside_a_mark_is_a_claim_with_both() -> None:
    (sentence,) = read_unit(Unit("It regrows nerves [@A] [no-citation: advice].", 1))
    assert (sentence.kind, sentence.keys, sentence.reason) == (Kind.CLAIM, ("A",), "advice")
    assert [sentence.reason for sentence in read_unit(Unit("It [no-citation: advice] regrows nerves.", 1))] == [None]


def test_the_words_are_those_that_are_shown() -> None:
    (sentence,) = read_unit(Unit("½ of&nbsp;10 m² &lt; *so*\u00a0`a[b]` \\[@A] & [x [y]](https://e.org/z)\n[@A;\n@B].", 1))
    assert sentence.text == "½ of 10 m² < so a[b] [@A] & x [y]."


@pytest.mark.parametrize(
    "text",
    [
        "Note that it cures everybody",
        "Use of methyl B12 cures everybody",
        "See: it cures everybody",
        "Keep in mind that helps",
    ],
)
def test_a_statement_behind_a_command_is_none(text: str) -> None:
    expected = Kind.COMMAND if text.startswith("Keep") else Kind.UNCITED
    assert [sentence.kind for sentence in in_section(f'!!! questions "Questions to ask"\n    - {text}')] == [expected]


def test_a_command_that_cites_keeps_its_works() -> None:
    assert [sentence.keys for sentence in in_section('!!! urgent "Today if"\n    - Ask about [@A] this')] == [("A",)]


RATS = Reference("A", WorkType.ARTICLE_JOURNAL, "Rats", Design.ANIMAL_EXPERIMENT, populations=(Population.RATS,))
TRIAL = Reference("B", WorkType.ARTICLE_JOURNAL, "People", Design.RANDOMISED_TRIAL, populations=(Population.PEOPLE,))


@pytest.mark.parametrize(
    ("text", "said", "certainty"),
    [
        ("It helps [@A], and it is old [@B].", "It helps, and it is old (studied in rats, not people; randomised trial).", "low"),
        ("Did you know that it helps [@A]?", "Did you know that it helps (studied in rats, not people)?", "very-low"),
        ("It helps [@A] [no-citation: advice].", "It helps (studied in rats, not people).", "very-low"),
        ("It helps [@A] and more.", "It helps and more (studied in rats, not people).", "very-low"),
        ("It helps [@B].", "It helps.", "low"),
        ("It helps [@B, high certainty].", "It helps.", "high"),
        ("It helps [@B; @A, high certainty].", "It helps (randomised trial; studied in rats, not people).", "high"),
        ("It helps [@B], so [@A, high certainty].", "It helps, so (randomised trial; studied in rats, not people).", "very-low"),
        ("It helps [@GONE].", "It helps.", "very-low"),
    ],
)
def test_a_claim_says_who_was_studied_and_carries_what_its_works_do(text: str, said: str, certainty: str) -> None:
    body = f"## A {{#a certainty=low}}\n\n!!! answer\n    {text}\n"
    source = replace(parse_source(TEXT, FileKind.ARTICLE), sections=tuple(parse_body(body)[0]))
    claims = [claim for claim in find_claims(source, {"A": RATS, "B": TRIAL}) if claim.section_id]
    assert [(claim.said, claim.certainty) for claim in claims] == [(said, certainty)]


def test_a_section_s_certainty_is_that_of_its_answer_and_of_no_other_sentence() -> None:
    body = "## A {#a certainty=low}\n\n!!! answer\n    It helps [@B].\n\nPeople were asked [@B].\n\nIt may [@B, low certainty].\n"
    source = replace(parse_source(TEXT, FileKind.ARTICLE), sections=tuple(parse_body(body)[0]))
    assert [claim.certainty for claim in find_claims(source, {"B": TRIAL}) if claim.section_id] == ["low", None, "low"]


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
        (3, "`summary` has a sentence without a source: “Bare.”"),
        (23, "a sentence without a source: “The rats were injected.”"),
    ]


def test_a_claim_keeps_its_key_through_spacing_and_capitals() -> None:
    assert claim_key("a", "Rats  recovered.") == claim_key("a", "rats recovered")
    assert claim_key("a", "Rats recovered.") != claim_key("b", "Rats recovered.")
