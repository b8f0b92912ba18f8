"""The words of evidence: one for each value, and no number that stands for two things."""

from enum import StrEnum

import pytest

from articles import grading
from articles.grading import (
    CERTAINTY_MEANING,
    CERTAINTY_WORDS,
    DESIGN_WORDS,
    POPULATION_WORDS,
    STUDIES,
    Certainty,
    Design,
    Population,
)


@pytest.mark.parametrize(
    ("words", "kind"),
    [(CERTAINTY_WORDS, Certainty), (CERTAINTY_MEANING, Certainty), (POPULATION_WORDS, Population), (DESIGN_WORDS, Design)],
)
def test_every_value_has_words(words: dict[StrEnum, object], kind: type[StrEnum]) -> None:
    assert set(words) == set(kind)
    assert all(words.values())


def test_no_study_is_not_no_effect() -> None:
    assert "does not mean" in CERTAINTY_MEANING[Certainty.NONE_FOUND]
    assert CERTAINTY_WORDS[Certainty.NONE_FOUND] == "No study found"


@pytest.mark.parametrize(
    ("populations", "is_without_people"),
    [
        ([], False),
        ([Population.PEOPLE], False),
        ([Population.RATS], True),
        ([Population.CELLS, Population.MICE], True),
        ([Population.RATS, Population.PEOPLE], False),
    ],
)
def test_work_without_people(populations: list[Population], is_without_people: bool) -> None:
    assert grading.is_without_people(populations) is is_without_people


def test_what_studies_somebody_and_what_does_not() -> None:
    assert {Design.ANIMAL_EXPERIMENT, Design.SYSTEMATIC_REVIEW, Design.CASE_REPORT} <= STUDIES
    assert not STUDIES & {
        Design.GUIDELINE,
        Design.NARRATIVE_REVIEW,
        Design.PRODUCT_LABEL,
        Design.OFFICIAL_PAGE,
        Design.TEACHING_PAGE,
    }
