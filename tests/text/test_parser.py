"""Pieces of Markdown as HTML, and that sanitising them together makes no difference."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.citations import Citation
from articles.text.limits import find_over_limits
from articles.text.parser import to_html
from articles.text.render import _clean, _Piece, render_markdown
from articles.text.sanitize import sanitize
from tests.data.hostile_markdown import HOSTILE

SIGNS = [
    *"*_`[]()<>&|-+#!\\ \n\n",
    "**",
    "- a\n",
    "1. a\n",
    "> ",
    "### a\n",
    "| a | b |\n|---|:-:|\n",
    "[a](https://e.org)",
    "[a](#b)",
]
SIGNS += [
    "<b>",
    "</p>",
    "<table>",
    "<!--",
    "<script>",
    "&lt;",
    "&#xe000;",
    "\ue000",
    "```\na\n```\n",
    "<https://e.org>",
    "words",
    "\t",
]
PIECES = st.one_of(
    st.lists(st.sampled_from(SIGNS), max_size=20).map("".join),
    st.sampled_from([piece for group in HOSTILE.values() for piece in group]),
).filter(lambda text: not find_over_limits(text))


class Nothing:
    """Keeps nothing."""

    def hold_citation(self, citation: Citation) -> str:
        return "c"

    def hold_nothing(self) -> str:
        return "x"

    def hold_term(self, words: str, key: str) -> str | None:
        return None


def make_piece(text: str) -> _Piece:
    html, is_raw = to_html(text, Nothing())
    return _Piece(html, is_raw, False, "", "main")


@given(st.lists(PIECES, max_size=6))
def test_pieces_are_as_clean_together_as_alone(texts: list[str]) -> None:
    pieces = [make_piece(text) for text in texts]
    assert _clean(pieces) == [sanitize(piece.html) for piece in pieces]


@given(PIECES)
def test_what_the_parser_made_leaves_no_element_open(text: str) -> None:
    piece = make_piece(text)
    if piece.is_raw:
        return
    opened: list[str] = []
    for end, name in re.findall(r"<(/?)([a-z0-9]+)[^<>]*>", piece.html):
        if end:
            assert opened.pop() == name
        elif name not in {"br", "hr", "img"}:
            opened.append(name)
    assert not opened


@pytest.mark.parametrize(
    ("text", "is_raw"), [("a *b* [c](#d)", False), ("a <b>c</b>", True), ("a &amp; b", True), ("a & b", False)]
)
def test_what_is_not_the_parsers_own_is_told(text: str, is_raw: bool) -> None:
    assert to_html(text, Nothing())[1] is is_raw


def test_a_parser_that_failed_halfway_is_not_used_again() -> None:
    class Failing(Nothing):
        def hold_citation(self, citation: Citation) -> str:
            raise LookupError

    expected = render_markdown("- a\n- b")
    with pytest.raises(LookupError):
        to_html("- a\n    - b [@KEY].", Failing())
    assert render_markdown("- a\n- b") == expected
