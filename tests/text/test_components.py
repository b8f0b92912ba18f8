"""Our own HTML: whatever the words are, they stay words."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from articles.grading import Certainty, Design, Population
from articles.text import components
from articles.text.bibliography import Author, Reference, WorkType
from articles.text.blocks import BlockKind
from articles.text.glossary import Term

EVIL = "</b><script>\"'&"
WORK = Reference(
    "A-1", WorkType.ARTICLE_JOURNAL, "A title.", Design.RANDOMISED_TRIAL, populations=(Population.PEOPLE,), sample_size=2
)
EVIL_WORK = replace(
    WORK, title=EVIL, author=(Author(EVIL, EVIL), Author(literal=EVIL)), container_title=EVIL, publisher=EVIL, volume=EVIL,
    issue=EVIL, page=EVIL, note=EVIL, doi='10.1/"><x', url='https://e.org/"><x',
)  # fmt: skip


def parsed(html: str) -> ElementTree.Element:
    """Parse well-formed HTML; raises ParseError for any other."""
    html = re.sub(r"<(button|span) ([^>]*?)\b(popover)(?= )", r'<\1 \2\3=""', html.replace("&nbsp;", " "))
    return ElementTree.fromstring(f"<div>{html}</div>")


@pytest.mark.parametrize(
    "html",
    [
        components.cite(EVIL_WORK, 1, is_label_shown=True, translate=str),
        components.cite(replace(EVIL_WORK, retracted_on=date(2016, 11, 2)), 1, is_label_shown=False, translate=str),
        components.unknown_cite(EVIL),
        components.term(Term(EVIL, EVIL, EVIL), EVIL),
        components.evidence_box(Certainty.LOW, "a", "b", "c", EVIL, str),
        components.care_card(BlockKind.URGENT, EVIL, "<p>a</p>", str),
        components.box(BlockKind.HARMS, EVIL, "<p>a</p>"),
        components.number_picture(1, EVIL, [(14, "a"), (86, "b")], "", str),
        components.source_item(EVIL_WORK, 1, "a", str),
        components.source_item(replace(EVIL_WORK, retracted_on=date(2016, 11, 2)), 1, "a", str),
        components.source_item(EVIL_WORK, 1, "a", lambda words: words + EVIL),
    ],
)
def test_words_stay_words(html: str) -> None:
    tags = {element.tag for element in parsed(html).iter()}
    assert "script" not in tags
    assert EVIL not in html


def test_a_source_is_described_from_what_is_confirmed() -> None:
    work = replace(
        WORK,
        author=tuple(Author(name, "A") for name in "WXYZ"),
        container_title="J",
        issued="2014",
        volume="53",
        issue="17",
        page="1-9",
    )
    title = '<a href="/references/A-1/"><cite>A title</cite></a>.'
    assert components.describe(work, str) == f"W A and others. {title} J 2014."
    assert components.printed_in(work) == "J 2014;53(17):1–9"
    assert components.authors_in_words(work, str) == "W A, X A, Y A, and others"
    assert components.describe(WORK, str) == title
    assert components.describe(replace(WORK, publisher="P", issued="1998"), str) == f"{title} P 1998."


def test_a_source_says_where_to_read_it_best() -> None:
    assert "<a rel=" not in components.source_item(WORK, 1, "a", str)
    everywhere = replace(WORK, doi="10.1000/a", pmid="1", pmcid="PMC12")
    html = components.source_item(everywhere, 1, "a", str)
    assert html.count("<a rel=") == 1
    assert 'href="https://pmc.ncbi.nlm.nih.gov/articles/PMC12/">Read at PubMed Central</a>' in html
    assert '<a href="#a">Back to the text</a></p></li>' in html
    assert "Read at doi.org" in components.source_item(replace(everywhere, pmcid=""), 1, "a", str)


def test_a_withdrawn_source_says_so_first() -> None:
    html = components.source_item(replace(WORK, retracted_on=date(2016, 11, 2)), 3, "a", str)
    assert html.startswith('<li id="r3" class="withdrawn">')
    assert '<p class="kind"><b>Withdrawn by the journal on 2 November 2016</b>' in html


def test_a_card_ends_its_heading_with_one_colon() -> None:
    assert "<h3><b>Emergency</b> Call 999 if:</h3>" in components.care_card(BlockKind.EMERGENCY, "Call 999 if:", "", str)


@pytest.mark.parametrize("counts", [(14, 72, 14), (86, 14), (0, 100), (100, 0), (1, 98, 1), (50, 0, 50)])
def test_a_picture_has_a_hundred_dots_in_the_order_of_its_words(counts: tuple[int, ...]) -> None:
    svg = parsed(components.number_picture(1, "x", [(count, "words") for count in counts], "", str)).find(".//svg")
    assert svg is not None
    drawn = {path.get("class"): path.get("d", "") for path in svg.findall("path")}
    dots = {name: sum(int(length) // 10 + 1 for length in re.findall(r"h(\d+)\.1", path)) for name, path in drawn.items()}
    assert dots["d1"] == sum(counts[:-1])
    assert dots["d2"] == sum(counts[1:-1])
    assert dots["d3"] == counts[-1]
