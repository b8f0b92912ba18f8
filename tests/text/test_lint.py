"""What stops publishing."""

from dataclasses import replace
from datetime import date

import pytest

from articles.grading import Certainty, Design, Population
from articles.text.bibliography import Reference, WorkType
from articles.text.front_matter import Kind
from articles.text.lint import cap_certainty, lint_source
from articles.text.source import Source, parse_source
from tests.support import PAGE, TEXT

RATS = Reference("RATS-1994", WorkType.ARTICLE_JOURNAL, "Rats", Design.ANIMAL_EXPERIMENT, populations=(Population.RATS,))
PEOPLE = Reference("PEOPLE-2020", WorkType.ARTICLE_JOURNAL, "People", Design.RANDOMISED_TRIAL, populations=(Population.PEOPLE,))
WORKS = {"RATS-1994": RATS, "PEOPLE-2020": PEOPLE}


# The answer rests on people
ANSWERED = TEXT.replace("In rats, signals came back sooner [@RATS-1994]", "Signals came back sooner [@PEOPLE-2020]")


def article(text: str = TEXT) -> Source:
    return parse_source(text, Kind.ARTICLE)


def test_a_sound_article_passes() -> None:
    assert lint_source(article(), WORKS) == []


def test_pages_about_the_site_need_no_sources() -> None:
    assert lint_source(parse_source(PAGE, Kind.PAGE), {}) == []


@pytest.mark.parametrize(
    ("design", "highest"),
    [
        (Design.RANDOMISED_TRIAL, Certainty.HIGH),
        (Design.SYSTEMATIC_REVIEW, Certainty.HIGH),
        (Design.OBSERVATIONAL_STUDY, Certainty.MODERATE),
        (Design.UNCONTROLLED_TRIAL, Certainty.LOW),
        (Design.CASE_SERIES, Certainty.LOW),
        (Design.NARRATIVE_REVIEW, Certainty.LOW),
        (Design.GUIDELINE, Certainty.LOW),
        (Design.CASE_REPORT, Certainty.VERY_LOW),
        (Design.OFFICIAL_PAGE, Certainty.VERY_LOW),
        (Design.PRODUCT_LABEL, Certainty.VERY_LOW),
        (Design.TEACHING_PAGE, Certainty.VERY_LOW),
        (Design.ANIMAL_EXPERIMENT, Certainty.VERY_LOW),
        (Design.CELL_STUDY, Certainty.VERY_LOW),
    ],
)
def test_certainty_goes_as_high_as_the_strongest_work(design: Design, highest: Certainty) -> None:
    works = WORKS | {"PEOPLE-2020": replace(PEOPLE, design=design)}
    levels = [Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, Certainty.VERY_LOW]
    allowed = [level for level in levels if not lint_source(article(ANSWERED.replace("very-low", level)), works)]
    assert allowed == levels[levels.index(highest) :]


def test_a_breach_names_the_rule() -> None:
    works = WORKS | {"PEOPLE-2020": replace(PEOPLE, design=Design.CASE_SERIES)}
    (problem,) = lint_source(article(ANSWERED.replace("very-low", "high")), works)
    assert str(problem) == (
        "12: high certainty on works that carry low certainty at most; certainty=low, or a stronger work "
        "(GRADE: studies that compare no groups by chance begin at low)"
    )


def test_trials_in_animals_are_work_on_animals() -> None:
    works = WORKS | {"PEOPLE-2020": replace(PEOPLE, populations=(Population.MICE,))}
    assert lint_source(article(ANSWERED.replace("very-low", "low")), works)


def test_no_study_found_is_no_level_of_evidence() -> None:
    unknown = ANSWERED.replace("Signals came back sooner [@PEOPLE-2020]", "Nobody knows [no-citation: about-this-page]")
    assert lint_source(article(unknown.replace("very-low", "none-found")), WORKS) == []
    page = WORKS | {"PEOPLE-2020": replace(PEOPLE, design=Design.OFFICIAL_PAGE, populations=())}
    assert lint_source(article(ANSWERED.replace("very-low", "none-found")), page) == []


def test_no_study_found_rests_on_no_study() -> None:
    (problem,) = lint_source(article(TEXT.replace("very-low", "none-found")), WORKS)
    assert (problem.line, problem.what) == (12, "no study found, but the answer rests on one")


def test_works_cited_elsewhere_in_a_section_make_its_answer_no_surer() -> None:
    nobody = TEXT.replace("[@RATS-1994].\n\n!!! not", "[no-citation: signpost].\n\n!!! not").replace(
        "In rats, signals came back sooner [@RATS-1994]", "It helps [no-citation: signpost]"
    )
    for text in (TEXT, nobody):
        (problem,) = lint_source(article(text.replace("very-low", "low")), WORKS)
        assert problem.what == "low certainty on works that carry very low certainty at most"
    assert lint_source(article(ANSWERED.replace("very-low", "high")), WORKS) == []
    assert (
        lint_source(
            article(
                TEXT.replace("The study was in animals [@RATS-1994]", "So say people [@PEOPLE-2020]").replace("very-low", "high")
            ),
            WORKS,
        )
        == []
    )


def test_certainty_is_lowered_to_what_works_carry() -> None:
    def levels(text: str) -> list[Certainty | None]:
        return [parsed.section.certainty for parsed in cap_certainty(article(text), WORKS).sections]

    assert levels(TEXT.replace("very-low", "high")) == [None, Certainty.VERY_LOW]
    assert levels(ANSWERED.replace("very-low", "high")) == [None, Certainty.HIGH]
    assert levels(ANSWERED.replace("very-low", "low")) == [None, Certainty.LOW]
    assert levels(TEXT.replace("very-low", "none-found")) == [None, Certainty.NONE_FOUND]
    assert cap_certainty(article(), WORKS) == article()


ADDED = "The rats were injected [@RATS-1994]. "
HEADING = "a heading says a sentence"
CODE = "code"


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (ADDED, "It works [@RATS-1994] [no-citation: advice]. ", 23, "a citation and a no-citation mark in one sentence"),
        (ADDED, "```\nIt works.\n```\n", 23, CODE),
        (ADDED, "### It works.\n", 23, HEADING),
        (ADDED, "###It works! So there\n", 23, HEADING),
        (ADDED, "#### It works [@RATS-1994] ####\n", 23, HEADING),
        (ADDED, "### It works [no-citation: advice]\n", 23, HEADING),
        (ADDED, "### It works&#46;\n", 23, HEADING),
        (ADDED, "### It works。 So there\n", 23, HEADING),
        (ADDED, "### Does it? It does. Yes\n", 23, HEADING),
        (ADDED, '!!! harms "It works."\n    - So it does [@RATS-1994].\n\n', 23, HEADING),
        (ADDED, '!!! see-doctor "It works [@RATS-1994]"\n    - it hurts [@RATS-1994]\n\n', 23, HEADING),
        ("## What it does {", "## It cures all. What it does {", 8, HEADING),
        ("## What it does {", "## What it does! {", 8, HEADING),
    ],
)
def test_statements_out_of_place(old: str, new: str, line: int, what: str) -> None:
    assert [(problem.line, problem.what) for problem in lint_source(article(TEXT.replace(old, new)), WORKS)] == [(line, what)]


@pytest.mark.parametrize(
    "heading",
    ["What is it?", "Does it help? Who knows?", "Dr. Smith’s 2.5 mg of B12", "Harms: what can go wrong", "B12, e.g. in milk"],
)
def test_headings_name_and_ask(heading: str) -> None:
    text = TEXT.replace("## What it does {", f"## {heading} {{").replace(ADDED, f"### {heading}\n\n{ADDED}")
    assert lint_source(article(text), WORKS) == []


def test_pages_may_show_code_and_headings_of_their_own() -> None:
    page = PAGE + "\n### So it is!\n\n```\ncode\n```\n"
    assert lint_source(parse_source(page, Kind.PAGE), {}) == []


def test_a_withdrawn_work_stops_publishing_wherever_it_is_cited_and_carries_nothing() -> None:
    works = WORKS | {"PEOPLE-2020": replace(PEOPLE, retracted_on=date(2026, 1, 2))}
    problems = lint_source(article(TEXT.replace("very-low", "low")), works)
    assert [problem.line for problem in problems] == [3, 10, 12, 23]
    assert problems[0].what == "PEOPLE-2020 was withdrawn by its journal on 2026-01-02"
