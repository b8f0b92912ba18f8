"""The head of a file: one field changes, everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.front_matter import Kind, parse_front_matter, replace_field, split_front_matter

SOURCE = """\
---
# about the title
title:   'A title'   # keep me
summary: >
  Two lines
  of summary

# before the list
also_called:
  - one   # first
  - two

topic: "Vitamin B12"
---

Body: untouched
"""


def head(source: str) -> dict[str, object]:
    split, problems = split_front_matter(source)
    assert split
    assert not problems
    values, problems = parse_front_matter(split.head, Kind.PAGE)
    assert values, problems
    return {name: getattr(values, name) for name in ("title", "summary", "also_called", "topic", "review_every")}


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("title", "New: title", "title:   'A title'   # keep me", "title: 'New: title'   # keep me"),
        ("topic", "Falls", 'topic: "Vitamin B12"', "topic: Falls"),
        ("summary", "Short.", "summary: >\n  Two lines\n  of summary\n", "summary: Short.\n"),
        ("also_called", ["a", "b, c"], "also_called:\n  - one   # first\n  - two\n", "also_called: [a, 'b, c']\n"),
        ("also_called", [], "also_called:\n  - one   # first\n  - two\n", ""),
        ("review_every", "6", 'topic: "Vitamin B12"\n', 'topic: "Vitamin B12"\nreview_every: 6\n'),
    ],
)
def test_a_change_touches_its_own_lines_alone(name: str, value: str | list[str], before: str, after: str) -> None:
    assert before in SOURCE
    assert replace_field(SOURCE, name, value) == SOURCE.replace(before, after)


def test_taking_away_what_is_not_there_changes_nothing() -> None:
    assert replace_field(SOURCE, "related", []) == SOURCE


def test_a_head_that_cannot_be_read_is_not_changed() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        replace_field("---\ntitle: [\n---\n", "title", "x")


words = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60
).filter(lambda text: text.split())


@given(words)
def test_any_words_are_read_back_as_they_were_written(value: str) -> None:
    changed = replace_field(SOURCE, "title", value)
    assert head(changed) == head(SOURCE) | {"title": " ".join(value.split())}
    assert changed.split("---\n")[-1] == SOURCE.rsplit("---\n", maxsplit=1)[-1]


@given(st.lists(words.map(lambda text: " ".join(text.split())), min_size=1, max_size=5, unique=True))
def test_any_list_is_read_back_as_it_was_written(values: list[str]) -> None:
    assert head(replace_field(SOURCE, "also_called", values)) == head(SOURCE) | {"also_called": tuple(values)}
