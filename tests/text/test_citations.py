"""Citations: before the full stop, and spelled right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.grading import Certainty
from articles.text.citations import (
    Citation,
    NoCitation,
    find_citation_problems,
    find_citations,
    parse_citation,
    parse_no_citation,
)


def problems(text: str) -> list[str]:
    return [str(problem) for problem in find_citation_problems(text)]


@pytest.mark.parametrize(
    ("inside", "keys", "is_whole"),
    [
        ("@A", ("A",), False),
        ("@WATANABE-1994", ("WATANABE-1994",), False),
        ("@A; @B;@C-1", ("A", "B", "C-1"), False),
        ("@A ; \n@B", ("A", "B"), False),
        ("@A, whole paragraph", ("A",), True),
        ("@A; @B,  whole\nparagraph ", ("A", "B"), True),
    ],
)
def test_what_a_citation_says(inside: str, keys: tuple[str, ...], is_whole: bool) -> None:
    assert parse_citation(inside) == Citation(keys, is_whole)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("@A, low certainty", Citation(("A",), certainty=Certainty.LOW)),
        ("@A; @B, very low  certainty", Citation(("A", "B"), certainty=Certainty.VERY_LOW)),
        ("@A, whole paragraph, high certainty", Citation(("A",), True, Certainty.HIGH)),
        ("@A, moderate certainty, whole paragraph", Citation(("A",), True, Certainty.MODERATE)),
    ],
)
def test_a_citation_may_say_how_sure_we_are(inside: str, expected: Citation) -> None:
    assert parse_citation(inside) == expected


@pytest.mark.parametrize(
    "inside",
    [
        "@",
        "@a",
        "@A; B",
        "@A @B",
        "@A, @B",
        "@A, p. 3",
        "@A, certainty",
        "@A, low certainty, high certainty",
        "@A, no study found",
        "@A;",
        "@A; @A",
        "@A,",
        "@A_B",
        "@-A",
        "A",
    ],
)
def test_what_is_no_citation(inside: str) -> None:
    assert parse_citation(inside) is None


def test_reasons() -> None:
    assert parse_no_citation(" about-this-page ") is NoCitation.ABOUT_THIS_PAGE
    assert parse_no_citation("because") is None
    assert parse_no_citation("Advice") is None


def test_citations_are_found_with_their_lines_outside_code() -> None:
    text = "a [@A]\nb [@B;\n@C] `[@D]`\n\n```\n[@E]\n```\n\\[@F] [@G, whole paragraph]."
    found = [(line, *citation.keys) for line, citation in find_citations(text, 10)]
    assert found == [(10, "A"), (11, "B", "C"), (17, "G")]


AFTER = "a citation after the full stop; put it before: `... in rats [@KEY].`"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("In rats. [@A]", 1),
        ("In rats.[@A]", 1),
        ("In rats! [@A]", 1),
        ("In rats… [@A]", 1),
        ("In *rats.* [@A]", 1),
        ("“In rats.” [@A]", 1),
        ("(In rats.) [no-citation: advice]", 1),
        ("In rats.\n[@A]", 2),
        ("> In rats.\n> [@A]", 2),
        ("| In rats. [@A] |", 1),
        ("- a [@A].\n- b. [@B]", 2),
    ],
)
def test_after_the_full_stop_is_a_fault(text: str, line: int) -> None:
    assert problems(text) == [f"{line}: {AFTER}"]


@pytest.mark.parametrize(
    "text",
    [
        "In rats [@A].",
        "In rats [@A; @B]. In people [no-citation: advice].",
        "As Savage et al. [@A] say.",
        "At high doses, e.g. [@A], or vs. [@B].",
        "2.5 mg [@A].",
        "Go. `code` [@A].",
        "One [@A].\n\nTwo [@B].",
        "`In rats. [@A]`",
    ],
)
def test_before_the_full_stop_is_right(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a [@a].", "[@a]."),
        ("a [@A, page 3].", "[@A, page 3]."),
        ("a [@A; @A].", "[@A; @A]."),
        ("a [@A.\n\nb", "[@A."),
        ("a [@A [@B]].", "[@A [@B]]."),
        ("a [no-citation].", "[no-citation]."),
        ("a [no-citation: because].", "[no-citation: because]."),
        ("a [No-citation: advice].", "[No-citation: advice]."),
    ],
)
def test_what_is_misspelled_is_shown(text: str, shown: str) -> None:
    (problem,) = problems(text)
    assert problem == (
        f"1: `{shown}` is not a citation; [@KEY], [@KEY; @KEY], [@KEY, whole paragraph], "
        "[@KEY, low certainty] or [no-citation: reason], "
        "the reason one of definition, advice, about-this-page, signpost"
    )


@pytest.mark.parametrize("text", ["[@A]: https://example.org", "a\n[@A]: b", "- [@A]: b", "> [@A]: b", "  [@A]:"])
def test_no_link_definition_looks_like_a_citation(text: str) -> None:
    assert any("a link definition that looks like a citation" in problem for problem in problems(text))


def test_a_colon_inside_a_line_is_no_definition() -> None:
    assert problems("So says the label [@A]: not for long [@B].") == []


@given(st.lists(st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,79}", fullmatch=True), min_size=1, max_size=4, unique=True))
def test_any_keys_come_through(keys: list[str]) -> None:
    text = "a [" + "; ".join(f"@{key}" for key in keys) + "]."
    assert [citation.keys for _line, citation in find_citations(text)] == [tuple(keys)]
    assert problems(text) == []
