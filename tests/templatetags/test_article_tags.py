"""What templates are given."""

from datetime import UTC, datetime

import pytest

from articles.grading import Certainty
from articles.templatetags import article_tags


def section(certainty: str, heading: str = "x") -> dict[str, str]:
    return {"certainty": certainty, "short_heading": heading}


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        (["low", "very-low", "none-found"], "very-low"),
        (["none-found"], "none-found"),
        (["high", "moderate"], "moderate"),
        ([""], None),
        ([], None),
    ],
)
def test_the_short_answer_shows_the_lowest_level_that_studies_reach(levels: list[str], shown: str | None) -> None:
    found = article_tags.key_section([section(level) for level in levels])
    assert (found["certainty"] if found else None) == shown


def test_every_level_is_explained() -> None:
    assert [level["value"] for level in article_tags.certainty_levels()] == list(Certainty)


@pytest.mark.parametrize(
    ("words", "lowered"), [("Nerve regeneration", "nerve regeneration"), ("B12 and you", "b12 and you"), ("MRI", "MRI"), ("", "")]
)
def test_the_first_letter_is_made_small_unless_it_begins_an_abbreviation(words: str, lowered: str) -> None:
    assert article_tags.lower_first(words) == lowered


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        ((2026, 11, 22), 12, (2027, 11, 22)),
        ((2026, 8, 31), 1, (2026, 9, 30)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 12, 1), 1, (2027, 1, 1)),
    ],
)
def test_a_date_some_months_later(day: tuple[int, int, int], months: int, due: tuple[int, int, int]) -> None:
    assert article_tags.months_after(datetime(*day, tzinfo=UTC), months) == datetime(*due, tzinfo=UTC)


def test_the_help_is_the_one_read_at_the_start() -> None:
    assert article_tags.help_words().title
    assert article_tags.site()["name"]
