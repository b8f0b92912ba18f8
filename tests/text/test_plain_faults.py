"""Faults in plain words."""

import pytest

from articles.text.plain_faults import PLAIN, say_plainly
from articles.text.problems import Problem


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a citation after the full stop", "The source stands after the full stop. Put it before: ... in rats [@KEY]."),
        ("`summary`: a citation after the full stop", "The source stands after the full stop."),
        ("`summary` has a sentence without a source: “A.”", "A sentence without a source: “A.” Give its source"),
        ("the block `harms` without text", "The harms card is empty."),
        ("the work `A-1` is not known", "There is no work with the key A-1."),
        ("there is no page `x`", "There is no page at the address x."),
        ("front matter has no `topic`", "Please fill this in."),
    ],
)
def test_a_fault_that_is_often_met_is_said_in_a_sentence(what: str, said: str) -> None:
    assert say_plainly(Problem(3, what, "do it")).startswith(said)


@pytest.mark.parametrize("what", ["something else", "`title` is long", "a sentence without a sourc"])
def test_any_other_is_said_as_commands_say_it(what: str) -> None:
    assert say_plainly(Problem(3, what, "do it")) == f"{what}; do it."


def test_what_writers_typed_is_no_pattern() -> None:
    said = say_plainly(Problem(1, r"a sentence without a source: “\1 \g<0> (.*) [”", "x"))
    assert said.startswith(r"A sentence without a source: “\1 \g<0> (.*) [” Give")


def test_every_sentence_ends() -> None:
    assert all(said.endswith((".", "].")) for said in PLAIN.values())
