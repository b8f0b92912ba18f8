"""The printed article: the help on every sheet, and all that a link or a click would tell on screen."""

import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

OpenPage = Callable[..., Page]

ARTICLE_NAME = "effects-of-methyl-b12-on-neuropathy"
HELP = ("Talk to a doctor", "Who to see", "Your doctor or nurse", "How fast", "999")


@dataclass(frozen=True)
class Line:
    """A run of text on a sheet, with its baseline above the sheet's lower edge and its size, in points."""

    text: str
    y: float
    size: float


def _lines(sheet: PageObject) -> list[Line]:
    found: list[Line] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append(Line(text.strip(), y, abs(size * tm[3] * cm[3])))

    sheet.extract_text(visitor_text=visit)
    return found


def _print(page: Page, paper: str) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(page.pdf(format=paper))).pages)


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())  # without ligatures


@pytest.fixture(params=["A4", "Letter"])
def sheets(request: pytest.FixtureRequest, open_page: OpenPage) -> list[PageObject]:
    """The article on paper."""
    return _print(open_page("article"), request.param)


def test_the_help_stands_on_each_sheet_below_all_text(sheets: list[PageObject]) -> None:
    assert 4 < len(sheets) < 9
    for sheet in sheets:
        text = _words(sheet.extract_text())
        for words in HELP:
            assert words in text
        together = text.replace(" ", "")
        assert re.search(rf"http://[\d.:]+/articles/{ARTICLE_NAME}/,\d+\w+20\d\d", together), "no address, or no day"
        lines = _lines(sheet)
        # The full help at the end of the article bears the same title; the bar's is the lowest.
        top = min(line.y for line in lines if line.text.startswith("Talk to a doctor"))
        bar = [line for line in lines if line.y <= top + 1]
        above = [line for line in lines if line.y > top + 1]
        said = _words(" ".join(line.text for line in bar))
        for words in HELP:
            assert words in said
        assert len(said) < 400, "something else stands among the help's lines"
        assert min(line.y - line.size * 0.3 for line in above) > max(line.y + line.size for line in bar)
        assert min(line.y for line in bar) > 20, "the help runs off the sheet"


def test_paper_says_what_links_and_clicks_say_on_screen(sheets: list[PageObject]) -> None:
    text = _words(" ".join(sheet.extract_text() for sheet in sheets))
    assert "studied in rats, not people" in text
    without_spaces = text.replace(" ", "")
    assert "<https://www.nice.org.uk/guidance/ng239>" in without_spaces
    assert "<https://pubmed.ncbi.nlm.nih.gov/16970556/>" in without_spaces
    assert "<https://doi.org/10.3390/nu13020395>" in without_spaces
    assert re.search(r"myelin,? \(\S[^()]+\)", text)
    assert "Emergency" in text


def test_paper_leaves_out_what_only_a_screen_can_use(open_page: OpenPage) -> None:
    page = open_page("article")
    page.emulate_media(media="print")
    for gone in (".toc", ".foot", ".skip", ".crumbs", ".refs > .kind a"):
        assert page.locator(gone).count()
        assert not page.locator(gone).first.is_visible()
    text = _words(" ".join(sheet.extract_text() for sheet in _print(page, "A4")))
    for words in ("On this page", "Skip to the text", "No adverts, no cookies", "as a file"):
        assert words not in text


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_sheet_for_a_visit_is_one_sheet(open_page: OpenPage, paper: str) -> None:
    sheets = _print(open_page("visit"), paper)
    assert len(sheets) == 1
    text = _words(sheets[0].extract_text())
    for words in (*HELP, "We found no study", "My symptoms", "My medicines", "Do not wait", "What caused my low B12"):
        assert words in text
    for words in ("Search", "Print this page", "No adverts"):
        assert words not in text


@pytest.mark.parametrize("kind", ["home", "topic", "page", "404"])
def test_other_pages_carry_the_help_on_paper_too(open_page: OpenPage, kind: str) -> None:
    for sheet in _print(open_page(kind), "A4"):
        text = _words(sheet.extract_text())
        for words in HELP:
            assert words in text
