"""What stops publishing."""

from dataclasses import replace
from datetime import date

import pytest

from articles.grading import Certainty, Design, Population
from articles.text.bibliography import Reference, WorkType
from articles.text.front_matter import Kind
from articles.text.lint import lint_source
from articles.text.source import Source, parse_source
from tests.support import PAGE, TEXT

RATS = Reference("RATS-1994", WorkType.ARTICLE_JOURNAL, "Rats", Design.ANIMAL_EXPERIMENT, populations=(Population.RATS,))
PEOPLE = Reference("PEOPLE-2020", WorkType.ARTICLE_JOURNAL, "People", Design.RANDOMISED_TRIAL, populations=(Population.PEOPLE,))
WORKS = {"RATS-1994": RATS, "PEOPLE-2020": PEOPLE}


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
    allowed = [level for level in levels if not lint_source(article(TEXT.replace("very-low", level)), works)]
    assert allowed == levels[levels.index(highest) :]


def test_a_breach_names_the_rule() -> None:
    works = WORKS | {"PEOPLE-2020": replace(PEOPLE, design=Design.CASE_SERIES)}
    (problem,) = lint_source(article(TEXT.replace("very-low", "high")), works)
    assert str(problem) == (
        "12: high certainty on works that carry low certainty at most; certainty=low, or a stronger work "
        "(GRADE: studies that compare no groups by chance begin at low)"
    )


def test_trials_in_animals_are_work_on_animals() -> None:
    works = WORKS | {"PEOPLE-2020": replace(PEOPLE, populations=(Population.MICE,))}
    assert lint_source(article(TEXT.replace("very-low", "low")), works)


def test_no_study_found_is_no_level_of_evidence() -> None:
    assert lint_source(article(TEXT.replace("very-low", "none-found")), WORKS) == []


def test_a_withdrawn_work_stops_publishing_wherever_it_is_cited_and_carries_nothing() -> None:
    works = WORKS | {"PEOPLE-2020": replace(PEOPLE, retracted_on=date(2026, 1, 2))}
    problems = lint_source(article(TEXT.replace("very-low", "low")), works)
    assert [problem.line for problem in problems] == [3, 10, 12, 23]
    assert problems[0].what == "PEOPLE-2020 was withdrawn by its journal on 2026-01-02"
