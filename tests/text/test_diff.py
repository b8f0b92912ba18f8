"""What changed: nothing lost, nothing made up, and never at too high a cost."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.text import diff
from articles.text.diff import Kind, LineDiff, PassageDiff, Piece, Unchanged, diff_passages, fold_unchanged
from articles.text.passages import Passage

SENTENCES = st.lists(
    st.sampled_from(["One.", "Two two.", "Rats got better.", "Rats got  worse ", "", " ", "a,b , c"]) | st.text(" ab.,'é-\n")
)
SIGNS = {Kind.SAME: "  ", Kind.CHANGED: "~ ", Kind.INSERTED: "+ ", Kind.DELETED: "- "}
BRACKETS = {Kind.SAME: "{}", Kind.INSERTED: "[+{}]", Kind.DELETED: "[-{}]"}


def compare(old: Sequence[str], new: Sequence[str], max_steps: int = diff.MAX_STEPS) -> tuple[LineDiff, ...]:
    (found,) = diff_passages([Passage("a", "A", "", tuple(old))], [Passage("a", "A", "", tuple(new))], max_steps)
    return found.lines


def shown(line: LineDiff) -> str:
    words = (piece.text if line.kind is not Kind.CHANGED else BRACKETS[piece.kind].format(piece.text) for piece in line.pieces)
    return SIGNS[line.kind] + "".join(words)


def outline(found: Sequence[PassageDiff]) -> list[tuple[str, str]]:
    return [(passage.kind.value, passage.id) for passage in found]


@example(["b", "a", "a"], ["b", "a", "x", "a", "a"], diff.MAX_STEPS)  # a head and a tail that could overlap
@given(SENTENCES, SENTENCES, st.sampled_from([0, 20, 200, diff.MAX_STEPS]))
def test_both_texts_can_be_read_back(old: list[str], new: list[str], max_steps: int) -> None:
    lines = compare(old, new, max_steps)
    assert [line.before for line in lines if line.kind is not Kind.INSERTED] == old
    assert [line.after for line in lines if line.kind is not Kind.DELETED] == new
    for line in lines:
        kinds = {piece.kind for piece in line.pieces}
        assert kinds == {line.kind} if line.kind is not Kind.CHANGED else {Kind.SAME} < kinds


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["One.", "Two."], ["One.", "Two."], ["  One.", "  Two."]),
        (["One.", "Three."], ["One.", "Two.", "Three."], ["  One.", "+ Two.", "  Three."]),
        (["One.", "Two."], ["Two."], ["- One.", "  Two."]),
        (["The dose was 14 mg."], ["The dose was 15 mg."], ["~ The dose was[- 14][+ 15] mg."]),
        (["It may help people."], ["It may not help people."], ["~ It may[+ not] help people."]),
        (
            ["The dose was low."],
            ["The trial of 90 people was long."],
            ["- The dose was low.", "+ The trial of 90 people was long."],
        ),
        (["It helps."], ["Nobody has measured that."], ["- It helps.", "+ Nobody has measured that."]),
        (
            ["Rats, mice and men got better."],
            ["Cats, dogs and men got better."],
            ["~ [-Rats, mice][+Cats, dogs] and men got better."],
        ),
        (
            ["Seven of 12 people gained strength.", "Nobody had a dummy."],
            ["New.", "Seven of 14 people gained strength.", "Nobody had a dummy treatment."],
            ["+ New.", "~ Seven of[- 12][+ 14] people gained strength.", "~ Nobody had a dummy[+ treatment]."],
        ),
    ],
)
def test_sentences_and_words(old: list[str], new: list[str], expected: list[str]) -> None:
    assert [shown(line) for line in compare(old, new)] == expected


def passage(section_id: str, heading: str = "", certainty: str = "", *lines: str) -> Passage:
    return Passage(section_id, heading or section_id.upper(), certainty, lines)


def test_sections_are_paired_by_id() -> None:
    old = [passage("a"), passage("b"), passage("c", "", "Low certainty", "One."), passage("d")]
    new = [passage("d"), passage("c", "New name", "Very low certainty", "One."), passage("e", "", "", "Two."), passage("a")]
    found = diff_passages(old, new)
    assert outline(found) == [("same", "d"), ("changed", "c"), ("inserted", "e"), ("same", "a"), ("deleted", "b")]
    renamed = found[1]
    assert (renamed.heading, renamed.heading_before) == ("New name", "C")
    assert (renamed.certainty, renamed.certainty_before) == ("Very low certainty", "Low certainty")
    assert renamed.lines == (LineDiff(Kind.SAME, (Piece(Kind.SAME, "One."),)),)
    assert (found[2].heading, found[2].heading_before) == ("E", "")
    assert (found[4].heading, found[4].heading_before) == ("", "B")


def test_what_is_deleted_before_all_else_comes_first() -> None:
    assert outline(diff_passages([passage("a"), passage("b")], [passage("b")])) == [("deleted", "a"), ("same", "b")]
    assert outline(diff_passages([passage("a")], [])) == [("deleted", "a")]
    assert outline(diff_passages([passage(""), passage("")], [passage("")])) == [("same", ""), ("deleted", "")]


HOSTILE = {
    "equal lines": (["x x."] * 4000, ["x x."] * 4000),
    "equal lines between others": (["a.", *["x x."] * 4000, "b."], ["c.", *["x x."] * 4000, "d."]),
    "two lines in turn": (["x.", "y."] * 2000, ["y.", "x.", "x."] * 1300),
    "lines that are all alike": ([f"x y z {n}." for n in range(4000)], [f"x y z {-n}!" for n in range(4000)]),
    "one long line": (["a " + "x " * 4000 + "b"], ["c " + "x " * 4000 + "d"]),
    "one line of marks": (["a " + "," * 4000 + " b"], ["c " + "," * 4000 + " d"]),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_the_cost_has_a_bound(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = []

    class Counted(SequenceMatcher[Any]):
        def __init__(self, junk: None, old: Sequence[Any], new: Sequence[Any], *, autojunk: bool) -> None:
            spent.append(min(len(old), len(new)) * (len(old) + sum(item == other for item in old for other in new)))
            super().__init__(junk, old, new, autojunk=autojunk)

    monkeypatch.setattr(diff, "SequenceMatcher", Counted)
    old, new = HOSTILE[what]
    lines = compare(old, new)
    assert sum(spent) <= diff.MAX_STEPS
    assert [line.before for line in lines if line.kind is not Kind.INSERTED] == old
    assert [line.after for line in lines if line.kind is not Kind.DELETED] == new


def test_beyond_the_bound_the_whole_is_replaced() -> None:
    assert [shown(line) for line in compare(["a.", "b b c."], ["b b d.", "a.", "x."], 2)] == [
        "- a.", "- b b c.", "+ b b d.", "+ a.", "+ x.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("", []),
        ("===", ["=", "=", "="]),
        ("====", [4]),
        ("=====+", [4, "=", "+"]),
        ("-=====", ["-", "=", 4]),
        ("+===+", ["+", "=", "=", "=", "+"]),
        ("+======~", ["+", "=", 4, "=", "~"]),
    ],
)
def test_long_unchanged_runs_are_counted(kinds: str, expected: list[str | int]) -> None:
    names = {"=": Kind.SAME, "+": Kind.INSERTED, "-": Kind.DELETED, "~": Kind.CHANGED}
    lines = [LineDiff(names[sign], (Piece(names[sign], str(place)),)) for place, sign in enumerate(kinds)]
    signs = {kind: sign for sign, kind in names.items()}
    folded = fold_unchanged(lines)
    assert [item.count if isinstance(item, Unchanged) else signs[item.kind] for item in folded] == expected
