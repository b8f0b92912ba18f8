"""A text as readers see it: every sentence, and who was studied."""

import pytest

from articles.text.bibliography import Reference, parse_references
from articles.text.front_matter import Kind
from articles.text.passages import Passage, find_passages
from articles.text.source import parse_source
from tests.support import PAGE, TEXT

WORKS = """\
RATS-1994: {type: article-journal, title: Rats, design: animal-experiment, populations: [rats]}
RATS-1995: {type: article-journal, title: Rats again, design: animal-experiment, populations: [rats]}
CELLS-2000: {type: article-journal, title: Cells, design: cell-study, populations: [cells]}
PEOPLE-2020: {type: article-journal, title: People, design: randomised-trial, populations: [people]}
"""
HEAD = TEXT.split("## ", 1)[0]


def works() -> dict[str, Reference]:
    references, problems = parse_references(WORKS)
    assert not problems
    return references


def passages(text: str, kind: Kind = Kind.ARTICLE) -> list[Passage]:
    return find_passages(parse_source(text, kind), works())


def lines(body: str) -> tuple[str, ...]:
    return passages(f"{HEAD}## A {{#a}}\n\n{body}\n")[1].lines


def test_a_whole_article() -> None:
    head, first, second = passages(TEXT)
    assert head == Passage(
        "",
        "",
        "",
        (
            "Vitamin B12 and your nerves",
            "Your nerves need vitamin B12.",
            "In rats, a high dose did something (studied in rats, not people).",
        ),
    )
    assert first == Passage("what-it-does", "What it does", "", ("The body needs it to make myelin.",))
    assert (second.heading, second.certainty) == ("Nerve regeneration: do nerves grow back?", "Very low certainty")
    assert second.lines == (
        "Answer:",
        "In rats, signals came back sooner (studied in rats, not people).",
        "How sure are we?",
        "The study was in animals (studied in rats, not people).",
        "What has nobody measured?",
        "Nobody measured it in people.",
        "The rats were injected (studied in rats, not people).",
        "People were asked.",
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("### Sub *heading* ###\n\nOne [@PEOPLE-2020].\n\n#### Two\n\nThree?", ("Sub heading", "One.", "Two", "Three?")),
        ('!!! emergency "Call 999 or 911 if"\n    - it hurts', ("Emergency: Call 999 or 911 if:", "it hurts")),
        ('!!! see-doctor "Book a visit if:"\n    - it hurts', ("See a doctor: Book a visit if:", "it hurts")),
        ('!!! harms "What can go wrong"\n    - Much.', ("What can go wrong", "Much.")),
        (
            "Before:\n\n| who | what | how many |\n|---|---|---|\n| rats | *got* better [@RATS-1994] | 12 |\n\nAfter.",
            ("Before:", "who | what | how many", "rats | got better | 12 (studied in rats, not people)", "After."),
        ),
        ("One [@RATS-1994; @RATS-1995].", ("One (studied in rats, not people).",)),
        (
            "One [@RATS-1994; @PEOPLE-2020; @CELLS-2000].",
            ("One (studied in rats, not people; randomised trial; studied in cells, not people).",),
        ),
        ("One. Two [@RATS-1994, whole paragraph].", tuple(f"{word} (studied in rats, not people)." for word in ("One", "Two"))),
        ("One [@UNKNOWN].", ("One.",)),
        (
            '!!! number "86 of 100"\n    - 86 of 100 x\n    - 14 of 100 y\n\n    Note [@RATS-1994, low certainty].',
            (
                *(f"{words} (studied in rats, not people)" for words in ("86 of 100", "86 of 100 x", "14 of 100 y")),
                "Note (studied in rats, not people). (very low certainty)",
            ),
        ),
        ("One [@RATS-1994], and two [@PEOPLE-2020].", ("One, and two (studied in rats, not people; randomised trial).",)),
        ("One [@RATS-1994] and more.", ("One and more (studied in rats, not people).",)),
        ("Did you know that [@RATS-1994]?", ("Did you know that (studied in rats, not people)?",)),
        ("One [@RATS-1994] [no-citation: advice].", ("One (studied in rats, not people).",)),
        (r"One \[@RATS-1994].", ("One [@RATS-1994].",)),
        ("    In code [@RATS-1994].", ("In code (studied in rats, not people).",)),
        ("One&#46; *two* `[@PEOPLE-2020]` [@RATS-1994].", ("One.", "two [@PEOPLE-2020] (studied in rats, not people).")),
        ("One [@RATS-1994, high certainty].", ("One (studied in rats, not people). (very low certainty)",)),
        (
            "> | who | what |\n> |---|---|\n> | rats `a|b` | \\[@A] [@RATS-1994] |",
            ("who | what", "rats a|b | [@A] (studied in rats, not people)"),
        ),
        ("| rats [@RATS-1994] | what |\n|---|---|\n|| x |", ("rats | what (studied in rats, not people)", " | x")),
        ("One [@PEOPLE-2020, low certainty].", ("One. (low certainty)",)),
        ("One [@RATS-1994, very low certainty].", ("One (studied in rats, not people). (very low certainty)",)),
        (
            "See [the page](article:x).\n\n```\n| not | a table\n\n# nor a heading\n```",
            ("See the page.", "| not | a table", "# nor a heading"),
        ),
        ("1. One.\n2. Two.\n\n> Three.", ("One.", "Two.", "Three.")),
    ],
)  # fmt: skip
def test_lines_by_form(body: str, expected: tuple[str, ...]) -> None:
    assert lines(body) == expected


def test_a_page_has_no_key_message() -> None:
    assert [passage.lines for passage in passages(PAGE, Kind.PAGE)] == [("About", "Who we are."), ("We are the publisher.",)]


def test_our_own_words_are_translated() -> None:
    found = find_passages(
        parse_source(TEXT, Kind.ARTICLE), works(), lambda words: words.replace("Very", "Sehr").replace("studied", "untersucht")
    )
    assert found[2].certainty == "Sehr low certainty"
    assert found[2].lines[1] == "In rats, signals came back sooner (untersucht in rats, not people)."
