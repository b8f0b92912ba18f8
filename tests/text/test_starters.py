"""Pieces to begin with: right in form, and not to be published unfilled."""

import pytest

from articles.text.blocks import BlockKind
from articles.text.front_matter import Kind
from articles.text.lint import lint_source
from articles.text.source import Known, Source, find_unknown, read_source
from articles.text.standards import check_standards
from articles.text.starters import SKELETON, STARTERS, Starter, find_starters

HEAD = "---\ntitle: A\nsummary: >\n  A [no-citation: advice].\nkey_message: >\n  A [no-citation: advice].\ntopic: T\n---\n\n"
NOTHING = Known({}, {}, {})
UNFILLED = {"a sentence without a source"}
SECTIONS = {"Evidence box": "## A {#a certainty=very-low}\n\n%s\nMore [no-citation: advice].\n", "Section on a treatment": "%s"}


def find_faults(source: Source) -> set[str]:
    """Give what stops publishing, without the words it is said of."""
    return {problem.what.partition(":")[0] for problem in lint_source(source, {})}


def text(starter: Starter) -> str:
    return HEAD + SECTIONS.get(starter.name, "## A {#a}\n\n%s") % starter.text


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.name)
def test_a_piece_is_right_in_form_and_its_first_words_stand_in_it(starter: Starter) -> None:
    source, problems = read_source(text(starter), Kind.ARTICLE)
    assert source
    assert not problems
    assert not find_faults(source) - UNFILLED
    assert starter.first in starter.text


@pytest.mark.parametrize("starter", [one for one in STARTERS if one.name != "Questions to ask"], ids=lambda one: one.name)
def test_a_piece_that_is_not_filled_in_is_a_fault(starter: Starter) -> None:
    source, _problems = read_source(text(starter), Kind.ARTICLE)
    assert source
    assert find_faults(source) == UNFILLED
    assert not find_unknown(source, NOTHING), "a draft is saved with it all the same"


def test_there_is_a_piece_for_every_kind_of_block() -> None:
    whole = "".join(starter.text for starter in STARTERS)
    assert all(f"!!! {kind}" in whole for kind in BlockKind)


def test_the_skeleton_is_right_in_form_and_has_the_sections_that_our_rules_look_for() -> None:
    source, problems = read_source(HEAD + SKELETON, Kind.ARTICLE)
    assert source
    assert not problems
    assert find_faults(source) == UNFILLED
    assert not find_unknown(source, NOTHING), "a draft is saved with it all the same"
    faulty = {check.name for check in check_standards(source, {}, {}) if check.findings}
    assert not faulty & {"gaps-are-named", "questions-to-take-along", "when-to-get-help", "key-message"}


def test_pieces_are_found_by_all_words_of_a_query() -> None:
    assert [one.name for one in find_starters(["CARD", "today"])] == ["Urgent card"]
    assert find_starters([]) == list(STARTERS)
    assert not find_starters(["nothing-like-it"])
