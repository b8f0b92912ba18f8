"""The standards are whole, and numbered as their makers number them."""

import pytest

from articles.text.rating_questions import STANDARDS


@pytest.mark.parametrize(
    ("key", "numbers", "answers"),
    [
        ("discern", list(range(1, 17)), 5),
        ("jama", list(range(1, 5)), 2),
        ("cdc", list(range(1, 21)), 3),
        ("pemat", [*range(1, 13), *range(15, 27)], 3),
    ],
)
def test_all_questions_are_there(key: str, numbers: list[int], answers: int) -> None:
    standard = STANDARDS[key]
    assert [question.number for question in standard.questions] == numbers
    assert len(set(standard.answers)) == answers
    assert len({question.words for question in standard.questions}) == len(numbers)
    assert all(question.words.endswith("?") for question in standard.questions)


def test_numbers_lead_to_their_words() -> None:
    assert "uncertain" in STANDARDS["discern"].words(8)
    assert "seven items" in STANDARDS["cdc"].words(8)
    assert "arithmetic" in STANDARDS["cdc"].words(17)
    assert "checklist" in STANDARDS["pemat"].words(23)
    with pytest.raises(KeyError):
        STANDARDS["pemat"].words(13)
