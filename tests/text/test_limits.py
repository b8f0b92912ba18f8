"""What may come in, and how much of it. ``benchmarks/render.py`` shows what the limits are worth."""

import inspect
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text import limits
from articles.text.limits import decode, find_forbidden_characters, find_over_limits
from articles.text.problems import SourceError
from articles.text.render import render_markdown


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a\nb\xff", "2: byte 3 is not valid UTF-8; save the file as UTF-8"),
        ("a".encode("utf-16"), "1: byte 0 is not valid UTF-8; save the file as UTF-8"),
        (b"\xed\xa0\x80", "1: byte 0 is not valid UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfa", "1: the file begins with a byte-order mark; save the file as UTF-8 without one"),
        (b"a\xef\xbb\xbf", "1: the character U+FEFF cannot be shown; delete it"),
        (b"a\r\nb", "1: the line ends with a carriage return; end lines with a line feed alone (LF, not CRLF or CR)"),
        (b"a\n\nb\rc", "3: the line ends with a carriage return; end lines with a line feed alone (LF, not CRLF or CR)"),
        (b"a\n\0", "2: the character U+0000 cannot be shown; delete it"),
        (b"\x1b[2J", "1: the character U+001B cannot be shown; delete it"),
        ("\u0085".encode(), "1: the character U+0085 cannot be shown; delete it"),
        ("\u2028".encode(), "1: the character U+2028 cannot be shown; delete it"),
        *((f"a{mark}".encode(), f"1: the character U+{ord(mark):04X} reorders or hides text; delete it") for mark in
          "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
        (b"a" * 200_001, "1: more than 200,000 bytes; at most 200,000 bytes; split it"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text(data: bytes, problem: str) -> None:
    text, problems = decode(data)
    assert text == ""
    assert [str(found) for found in problems] == [problem]


def test_text_of_any_language_comes_through() -> None:
    text = "naïve — “quoted” a\u00a0b\tc, नमस्ते, שלום, 字, 👩\u200d⚕️\n"
    assert decode(text.encode()) == (text, [])


def test_each_line_and_character_is_told_once_and_twenty_are_enough() -> None:
    assert len(find_forbidden_characters("\0\0\0\n\0\x01")) == 3
    assert len(find_forbidden_characters("\0" * 200_000)) == 1
    assert 20 <= len(find_forbidden_characters("\0\n" * 100_000)) < 25


TABLE = "| a | b | c | d | e |\n|---|---|---|---|---|\n" + "| Rats | 1994 | [@RATS-1994] | **3** of 4 | yes |\n" * 40
LIST = "\n".join(f"- **Word {n}**: says [this](https://example.org/{n}), and it *is* so [@RATS-1994]." for n in range(60))


@pytest.mark.parametrize("text", [TABLE, LIST, f"{TABLE}\n{LIST}", "- a\n" * 140, "a\n\n" * 250, "a\n" * 140, "x" * 5000])
def test_what_a_writer_may_need_is_accepted(text: str) -> None:
    assert find_over_limits(text) == []


CARD = '!!! harms "a"\n    b\n\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 200_001, "a text of 200,001 bytes"),
        ("a\n\n" + "a" * 5001, "3: the line is 5,001 characters long; at most 5,000"),
        ("> " * 7 + "a", "1: lists or quotations nested too deeply; at most 6 levels"),
        ("- " * 7 + "a", "nested too deeply"),
        ("1. " * 7 + "a", "nested too deeply"),
        (">" * 7, "nested too deeply"),
        (" " * 28 + "- a", "nested too deeply"),
        ("\t" * 7 + "- a", "nested too deeply"),
        ("> " + "\t" * 7 + "a", "nested too deeply"),
        (">" + " " * 28 + "- a", "nested too deeply"),
        ("a\n" * 151, "151 lines without a blank one; at most 150; leave a blank line between parts"),
        ("a\n\u00a0\n" * 100, "200 lines without a blank one"),
        (("a" * 4000 + "\n") * 6, "24,005 characters without a blank line; at most 20,000"),
        ("*a" * 201, "201 stars, backticks and the like in one paragraph or list item; at most 200"),
        ("a *b*\n- *c* " * 60, "stars, backticks and the like in one paragraph"),
        ("[" * 9, "more than 8 brackets open at once; close each `[` with a `]`"),
        ("a [b " * 9, "more than 8 brackets open at once"),
        ("```a\n\n" * 101, "101 lines that begin or end code; at most 100"),
        (("<b> and some words more\n\n") * 501, "501 less-than signs before letters; at most 500; HTML is not Markdown"),
        ("a\n\n" * 4001, "4,001 paragraphs"),
        ("- a\n\n" * 2001, "4,002 paragraphs and list items"),
        ("|a" * 600 + "\n" + "|-" * 600 + "\n" + "a\n" * 100, "list items, table cells"),
        ("> |a" * 3 + "\n> " + "|-" * 600 + "\n" + "> a\n" * 100, "list items, table cells"),
        ("- a\n\n" * 1500, "at most 1,671 in a text of this length; fewer and longer ones"),
        ("\n" * 100_000, "100,001 lines, list items, table cells and signs such as *"),
        (CARD * 800, "list items, table cells"),
        ("[a](b)\n\n" * 1500, "list items, table cells"),
        ("### a\n\n" * 1500, "list items, table cells"),
        ("&\n\n" * 1500, "list items, table cells"),
    ],
    ids=lambda text: repr(text)[:24],
)
def test_what_the_parser_would_take_too_long_for_is_refused(text: str, words: str) -> None:
    assert words in "\n".join(map(str, find_over_limits(text)))
    with pytest.raises(SourceError):
        render_markdown(text)


@pytest.fixture
def short_stack() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 600)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("short_stack")
@pytest.mark.parametrize("piece", ["*a **b ", "*_", "**_", "[*", "_a *b ", "***a ", "*a_", "<em>"])
def test_the_deepest_emphasis_leaves_room_on_the_stack(piece: str) -> None:
    texts = (f"> - > - {piece * count}x{piece[::-1] * count}" for count in range(200, 0, -1))
    assert render_markdown(next(text for text in texts if not find_over_limits(text)))


def test_the_limits_are_those_writers_are_told() -> None:
    assert (limits.MAX_BYTES, limits.MAX_LINE, limits.MAX_NESTING, limits.MAX_BLOCK_LINES) == (200_000, 5_000, 6, 150)


@given(st.text(st.sampled_from("ab \t\n[]()!*_`<>\"'&|\\~^#-+=.:;@{}1\ue000\u00a0é"), max_size=80))
def test_any_text_is_rendered_or_refused(text: str) -> None:
    try:
        html = render_markdown(text)
    except SourceError:
        return
    assert "<script" not in html
