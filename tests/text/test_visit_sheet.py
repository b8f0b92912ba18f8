"""What an article gives to the sheet for a visit."""

from pathlib import Path

import pytest

from articles.grading import Design, Population
from articles.text.bibliography import Reference, WorkType, parse_references
from articles.text.front_matter import Kind
from articles.text.source import parse_source
from articles.text.visit_sheet import MAX_SIGNS, VisitSheet, make_visit_sheet

CONTENT = Path(__file__).parent.parent.parent / "content"
RATS = Reference("RATS-1994", WorkType.ARTICLE_JOURNAL, "Rats", Design.ANIMAL_EXPERIMENT, populations=(Population.RATS,))
TEXT = """\
---
title: Nerves
summary: Some words [@RATS-1994].
key_message: >
  In one study nerves grew [@RATS-1994]. Ask your doctor [no-citation: advice].
topic: Vitamin B12
---

## When to get help {#when-to-get-help}

!!! emergency "Call now if"
SIGNS

!!! urgent "Today if"
    - it gets worse [no-citation: advice]

## Questions {#questions-to-ask}

!!! questions "Take these along"
    - What is the *cause*?
    - Could [myelin](glossary:myelin) be
      the reason?

!!! questions "And these"
    - Show me the test results.
"""


def sheet(signs: int) -> VisitSheet:
    items = "\n".join(f"    - sign {number} [no-citation: advice]" for number in range(signs))
    return make_visit_sheet(parse_source(TEXT.replace("SIGNS", items), Kind.ARTICLE), {"RATS-1994": RATS})


def test_the_short_answer_keeps_who_was_studied() -> None:
    assert sheet(1).key_message == "In one study nerves grew (studied in rats, not people). Ask your doctor."


def test_questions_are_plain_words_of_all_lists() -> None:
    assert sheet(1).questions == ("What is the cause?", "Could myelin be the reason?", "Show me the test results.")


@pytest.mark.parametrize(("signs", "shown"), [(1, 1), (MAX_SIGNS, MAX_SIGNS), (MAX_SIGNS + 1, 0)])
def test_signs_are_shown_whole_or_left_to_those_of_the_help(signs: int, shown: int) -> None:
    assert sheet(signs).signs == tuple(f"sign {number}" for number in range(shown))


def test_the_shipped_article_fills_a_sheet() -> None:
    path = CONTENT / "articles" / "effects-of-methyl-b12-on-neuropathy.md"
    references, problems = parse_references((CONTENT / "references.yaml").read_text(encoding="utf-8"))
    made = make_visit_sheet(parse_source(path.read_text(encoding="utf-8"), Kind.ARTICLE), references)
    assert not problems
    assert made.key_message.startswith("We found no study")
    assert "(studied in rats, not people)" in made.key_message
    assert "[" not in made.key_message
    assert len(made.questions) == 7
    assert all(question.endswith("?") for question in made.questions)
