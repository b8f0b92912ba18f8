"""Where in a form a line of a file stands."""

import pytest

from articles.text.places import Place, read_layout
from tests.support import TEXT

FOLDED = "---\ntitle: A\nsummary: >\n  One.\n  Two.\ntopic: T\n---\n\n## A {#a}\n"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (1, Place("")),
        (2, Place("title")),
        (3, Place("summary")),
        (5, Place("summary")),
        (6, Place("topic")),
        (8, Place("body", 1)),
        (9, Place("body", 2)),
    ],
)
def test_a_line_stands_in_a_field_or_on_a_line_of_the_body(line: int, place: Place) -> None:
    assert read_layout(FOLDED).place(line) == place


def test_the_head_of_a_whole_text() -> None:
    assert read_layout(TEXT).names == ("title", "summary", "key_message", "topic")


@pytest.mark.parametrize("text", ["", "no head", "---\nnever closed\n"])
def test_a_text_without_a_head_is_all_body(text: str) -> None:
    assert read_layout(text).place(3) == Place("body", 3)
