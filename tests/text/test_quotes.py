"""Quoted words found in rendered text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.quotes import has_words, is_quoted, mark_quotes

HTML = (
    "<h2>What is it?</h2><p>Your body needs <em>vitamin</em> B12 to make "
    '<button type="button" class="term" popovertarget="g-myelin"><span>myelin</span>,</button>'
    '<span popover id="g-myelin" class="gloss"><dfn>Myelin: </dfn>the layer round a nerve</span> which insulates nerves. '
    '<a class="cite animal" href="#r1"><span>studied in rats, not people</span>&nbsp;1</a> It isn’t\nrare &amp; helps.</p>'
    "<ul>\n<li>One &lt;b&gt; thing</li>\n<li>Two</li>\n</ul>"
)


@pytest.mark.parametrize(
    "quote",
    [
        "Your body needs vitamin B12",
        "your  body\nneeds *vitamin* B12",
        "needs vitamin B12 to make myelin, which insulates nerves",
        "make [myelin,](glossary:myelin) which insulates nerves [@RATS-1994]. It isn't",
        "insulates nerves. studied in rats, not people 1 It isn’t rare",
        "insulates nerves. It isn’t rare & helps",
        "What is it? Your body",
        "the layer round a nerve",
        "One <b> thing",
        "One &lt;b&gt; thing",
        "thing Two",
    ],
)
def test_words_are_found_however_they_were_copied(quote: str) -> None:
    assert is_quoted(HTML, quote)


@pytest.mark.parametrize("quote", ["Your body needs vitamin B6", "class gloss", "popover", "", " ", "—", "thing Three"])
def test_other_words_are_not_found(quote: str) -> None:
    assert not is_quoted(HTML, quote)


def test_a_quotation_without_a_letter_has_no_words() -> None:
    assert [has_words(quote) for quote in ("", " …—", "a", "7")] == [False, False, True, True]


def test_quotations_are_marked_inside_the_tags() -> None:
    html, anchors = mark_quotes(HTML, {"q1": "needs vitamin B12", "q2": "nowhere"})
    assert 'body <mark id="q1">needs </mark><em><mark>vitamin</mark></em><mark> B12</mark> to make' in html
    assert anchors == {"q1": "q1"}


def test_quotations_that_overlap_share_their_words() -> None:
    html, anchors = mark_quotes("<p>one two three</p>", {"q1": "one two", "q2": "two three", "q3": "one"})
    assert html == '<p><mark id="q1">one</mark><mark> </mark><mark id="q2">two</mark><mark> three</mark></p>'.replace(
        "<mark> </mark>", " "
    )
    assert anchors == {"q1": "q1", "q2": "q2", "q3": "q1"}


def test_nothing_is_marked_between_the_rows_of_a_list() -> None:
    html, _anchors = mark_quotes(HTML, {"q1": "thing Two"})
    assert '<mark id="q1">thing</mark></li>\n<li><mark>Two</mark></li>' in html


@given(st.text(), st.text(alphabet="ab<>&; \n[]()*@`"))
def test_any_quotation_leaves_the_text_as_it_is(quote: str, other: str) -> None:
    html, _anchors = mark_quotes(HTML, {"q1": quote, "q2": other})
    assert html.replace('<mark id="q1">', "").replace('<mark id="q2">', "").replace("<mark>", "").replace("</mark>", "") == HTML
