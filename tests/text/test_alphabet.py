"""What a title is sorted by."""

import pytest

from articles.text.alphabet import MAX_SORT_KEY, letter_of, sort_key


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The effects of methyl B12", "effects of methyl b12"),
        ("A short guide", "short guide"),
        ("An apple", "apple"),
        ("Another way", "another way"),
        ("Theory of nerves", "theory of nerves"),
        ("Étude", "etude"),
        ("“Pins and needles”", "pins and needles”"),
        ("The", "the"),
        ("A ", "a "),
        ("", ""),
    ],
)
def test_an_article_and_accents_do_not_count(title: str, key: str) -> None:
    assert sort_key(title) == key


def test_it_fits_its_column() -> None:
    assert len(sort_key("ﷺ" * 120)) <= MAX_SORT_KEY


@pytest.mark.parametrize(("key", "letter"), [("b12", "B"), ("éa", "É"), ("12 steps", "#"), ("", "#"), ("ж", "Ж")])
def test_the_letter_it_stands_under(key: str, letter: str) -> None:
    assert letter_of(key) == letter
