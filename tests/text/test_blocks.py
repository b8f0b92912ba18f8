"""Blocks: what they are, and every way to get them wrong."""

import pytest

from articles.text.blocks import Block, BlockKind, Prose, number_items, split_blocks

UNINDENTED = "a line of a block that is not indented by four spaces; four spaces, or a blank line"
HIDDEN = "an indented block; `!!!` at the start of a line, outside lists and quotations"
SPELLED = '`!!! kind "Heading"`, with straight quotation marks'
KINDS = "one of: answer, why, not-known, emergency, urgent, see-doctor, questions, harms, number"


def test_text_and_blocks_in_turns() -> None:
    text = "\na\n\n!!! answer\n    b\n\n    c\n!!! urgent  \"Go 'now'\"\n    - d\n        e\n\nf"
    parts, problems = split_blocks(text, 5)
    assert problems == []
    assert parts == [
        Prose("\na\n", 5),
        Block(BlockKind.ANSWER, "", "b\n\nc", 8, 9),
        Block(BlockKind.URGENT, "Go 'now'", "- d\n    e", 12, 13),
        Prose("\nf", 15),
    ]


def test_a_block_in_a_block_is_a_fault() -> None:
    assert f"2: {HIDDEN}" in [str(problem) for problem in split_blocks("!!! why\n    !!! why\n        a", 1)[1]]


def test_what_code_shows_is_no_block() -> None:
    assert split_blocks("```\n!!! nonsense\n```", 1) == ([Prose("```\n!!! nonsense\n```", 1)], [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('!!! info "a"\n    b', f"1: the unknown block `info`; {KINDS}"),
        ('!!! Urgent "a"\n    b', f"1: the unknown block `Urgent`; {KINDS}"),
        ("!!!", f"1: the block `!!!`; {SPELLED}"),
        ('!!!urgent "a"\n    b', f'1: the block `!!!urgent "a"`; {SPELLED}'),
        ("!!! urgent “a”\n    b", f"1: the block `!!! urgent “a”`; {SPELLED}"),
        ('!!! urgent "a\n    b', f'1: the block `!!! urgent "a`; {SPELLED}'),
        ("!!! why", "1: the block `why` without text; its text below it, indented by four spaces"),
        ("!!! why\n\n\nb", "1: the block `why` without text; its text below it, indented by four spaces"),
        ('!!! why "Because"\n    b', "1: the block `why` with a heading; none; the page writes it"),
        ("!!! why\nb", f"2: {UNINDENTED}"),
        ("!!! why\n  b", f"2: {UNINDENTED}"),
        ("!!! why\n    a\nb", f"3: {UNINDENTED}"),
        ("!!! why\n    a\n\n  b", f"4: {UNINDENTED}"),
        ("!!! why\n    a\n\n\tb", f"4: {UNINDENTED}"),
        *((line, f"1: {HIDDEN}") for line in ("- !!! why", "> !!! why", "    !!! why", "1. !!! why", " !!! why")),
    ],
)  # fmt: skip
def test_every_way_to_get_a_block_wrong(text: str, problem: str) -> None:
    found = [str(problem) for problem in split_blocks(text, 1)[1]]
    assert problem in found


@pytest.mark.parametrize("written", ["urgent", 'urgent ""', 'urgent "Urgent"', 'urgent "urgent "', 'see-doctor "see doctor"'])
def test_a_block_needs_a_heading_of_its_own(written: str) -> None:
    (problem,) = split_blocks(f"!!! {written}\n    b", 1)[1]
    kind = written.split(maxsplit=1)[0]
    assert problem.what == f"the block `{kind}` without a heading of its own"
    assert problem.right == f'words such as `!!! {kind} "Do this if"`'


@pytest.mark.parametrize("text", ["!!! why\n    a\n\nb", "!!! why\n    a\n!!! answer\n    b", "!!! why\n    a\n\n- b"])
def test_what_may_follow_a_block(text: str) -> None:
    assert split_blocks(text, 1)[1] == []


def test_what_is_faulty_stays_for_the_preview() -> None:
    parts, _problems = split_blocks('a\n!!! info "x"\n    b\nc', 1)
    assert parts == [Prose('a\n!!! info "x"\n    b\nc', 1)]


def number(title: str, *items: str) -> str:
    return "\n".join([f'!!! number "{title}"', *(f"    - {item}" for item in items), "", "    Source."])


def test_numbers_add_up_to_a_hundred() -> None:
    text = number("86 of 100 people", "14 of 100 got *well*", "72 of 100 better", "14 of 100 not")
    (block,), problems = split_blocks(text, 1)
    assert problems == []
    assert isinstance(block, Block)
    assert number_items(block.text) == (
        [(14, "14 of 100 got *well*"), (72, "72 of 100 better"), (14, "14 of 100 not")],
        "Source.",
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (number("Most people", "50 of 100 x", "50 of 100 y"), "a number block whose heading does not begin with a count"),
        (number("1 of 100", "1 of 100 x", "98 of 100 y"), "a number block whose list does not make 100"),
        (number("1 of 100", "100 of 100 x"), "a number block whose list does not make 100"),
        (number("1 of 100", "1 of 100 x", "some"), "a number block whose list does not make 100"),
        (number("1 of 100", "25 of 100 a", "25 of 100 b", "25 of 100 c", "25 of 100 d"), "does not make 100"),
        (number("1 of 100"), "a number block whose list does not make 100"),
    ],
)
def test_numbers_that_make_no_picture(text: str, what: str) -> None:
    (problem,) = split_blocks(text, 1)[1]
    assert what in str(problem)
