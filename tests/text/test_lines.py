"""What is code, and what only looks like it."""

import pytest

from articles.text.lines import MASK, code_blocks, find_code_problems, is_blank, lines_outside_code, mask_code, masked_lines


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("a\n```\nb\n```\nc", [1, 5]),
        ("~~~\nb\n```\n~~~\nc", [5]),
        ("````\n```\n````\nc", [4]),
        ("```python\nb\n```  \nc", [4]),
        ("```\nb\n``` x\n```", []),
        ("```\nb", []),
        (" ```\na\n ```", [1, 2, 3]),
        ("``` a b\nc", [1, 2]),
        ("```a``` b\nc", [1, 2]),
        ("    ```\n    a", [1, 2]),
    ],
)
def test_fences_stand_at_the_start_of_a_line_alone_or_with_one_word(text: str, outside: list[int]) -> None:
    assert [number for number, _line, is_text in lines_outside_code(text, 1) if is_text] == outside


def test_pieces_of_code_are_given_with_both_fences() -> None:
    assert code_blocks("a\n```\nb\n```\n~~~\n~~~\n```\nopen") == ((1, 3), (4, 5))


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("a `b` c", "a ### c"),
        ("``a ` b`` c", "######### c"),
        ("`a``b`", "######"),
        ("`a", "`a"),
        ("```a`", "```a`"),
        (r"\`a`", "##a`"),
        (r"\\`a`", "#####"),
        (r"\[@A]", "##@A]"),
        (r"\a \< b", r"\a \< b"),
        ("no markup", "no markup"),
    ],
)
def test_code_spans_and_escapes_are_masked_as_the_parser_reads_them(line: str, masked: str) -> None:
    assert mask_code(line) == masked.replace("#", MASK)
    assert len(mask_code(line)) == len(line)


def test_lines_keep_their_numbers() -> None:
    assert list(masked_lines("a\n```\nb\n```\n`c`", 10)) == [(10, "a"), (14, MASK * 3)]


def test_code_that_ends_is_no_fault() -> None:
    assert find_code_problems("a `b` c\n```\n`\n```") == []


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n\n```\nb", 3, "a code block that does not end"),
        ("a\nb `c\nd", 2, "a backtick without a second one on its line"),
        *(
            (text, 1, "a code fence that is indented or says too much")
            for text in (" ```", "    ```", "> ```", "- ~~~", "``` a b")
        ),
    ],
)
def test_code_that_checks_and_parser_might_read_otherwise_is_a_fault(text: str, line: int, what: str) -> None:
    assert [(problem.line, problem.what) for problem in find_code_problems(text)] == [(line, what)]


def test_only_spaces_and_tabs_are_blank() -> None:
    assert is_blank("")
    assert is_blank(" \t")
    assert not is_blank("\u00a0")
