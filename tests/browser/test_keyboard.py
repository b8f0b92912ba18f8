"""A walk by keyboard through an article, from the first press of Tab to the last, and short ways for those who know where to go.

``tests/data/keyboard_walk.txt`` is the record of the walk: role and name of each stop. What editors write is one line for each
part, so the record changes only when the page around it does.
"""

from collections.abc import Callable
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import PAGES, Site

RECORD = Path(__file__).parent.parent / "data/keyboard_walk.txt"
VIEWPORTS: dict[str, ViewportSize] = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
MIN_TARGET = 24
MIN_OUTLINE = 2
MIN_CONTRAST = 3
MORE_THAN_ANY_PAGE = 1_000

OpenPage = Callable[..., Page]

LOOK = """() => {
  const stop = document.activeElement;
  if (stop === document.body) return null;
  const style = getComputedStyle(stop);
  const rect = [...stop.getClientRects()].find((rect) => rect.width && rect.height);
  const backed = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return color.endsWith(", 0)") ? backed(element.parentElement) : color;
  };
  const luminance = (color) => color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0.05);
  const [mark, ground] = [style.outlineColor, backed(stop.parentElement)].map(luminance);
  const parts = { "the short answer": ".key", "the contents": ".toc", "the sources": "article > .refs",
    "the sections": "article > section:not(.more, .refs)" };
  return {
    index: [...document.querySelectorAll("*")].indexOf(stop),
    what: stop.outerHTML.slice(0, 160),
    part: Object.keys(parts).find((part) => stop.closest(parts[part])) || "",
    isInText: style.display === "inline" && stop.parentElement.innerText.trim() !== stop.innerText.trim(),
    width: rect.width,
    height: rect.height,
    isInView: stop.contains(document.elementFromPoint((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2)),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    contrast: Math.max(mark, ground) / Math.min(mark, ground),
  };
}"""

STOPS = """() => [...document.querySelectorAll("*")].flatMap((element, index) =>
  element.matches("a[href], button, input, select, textarea, summary, [tabindex]") && element.tabIndex >= 0
    && element.checkVisibility({ visibilityProperty: true }) ? [index] : [])"""

PLACES = """indexes => indexes.map((index) => {
  const all = [...document.querySelectorAll("*")];
  const rects = [...all[index].getClientRects()].filter((rect) => rect.width && rect.height);
  const place = ({ left, right, top, bottom }) => ({ left, right, middle: (top + bottom) / 2, height: bottom - top });
  return {
    block: all.indexOf(all[index].closest("section, nav, aside, ul, ol, dl, .key, header, footer")),
    starts: place(rects[0]),
    ends: place(rects.at(-1)),
  };
})"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the page is left; give what each stop was like."""
    stops: list[dict[str, Any]] = []
    for _press in range(MORE_THAN_ANY_PAGE):
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOK)
        if stop is None:
            return stops
        spoken = page.locator(":focus").aria_snapshot().splitlines()[0]
        stops.append(stop | {"spoken": spoken.removeprefix("- ").removesuffix(":")})
    raise AssertionError("the walk does not end")


def told(stops: list[dict[str, Any]]) -> str:
    """Give the record of a walk."""
    lines: list[str] = []
    for part, group in groupby(stops, key=lambda stop: stop["part"]):
        spoken = [stop["spoken"] for stop in group]
        roles = sorted({words.strip("'").split()[0] for words in spoken})
        lines += [f"({part}: {', '.join(roles)})"] if part else spoken
    return "".join(f"{line}\n" for line in lines)


def follows(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a reader's eye comes to the second after the first: further right on its line, or below."""
    end, start = before["ends"], after["starts"]
    if abs(end["middle"] - start["middle"]) < min(end["height"], start["height"]) / 2:
        return bool(start["left"] >= end["right"] - 1)
    return bool(start["middle"] > end["middle"])


@pytest.mark.parametrize(("width", "scheme"), [("1280", "light"), ("390", "dark")])
def test_the_walk_through_an_article(open_page: OpenPage, width: str, scheme: str) -> None:
    page = open_page("article", viewport=VIEWPORTS[width], color_scheme=scheme)
    reachable = page.evaluate(STOPS)
    stops = walk(page)
    assert [stop["index"] for stop in stops] == reachable
    for stop in stops:
        assert stop["isInView"], stop
        assert stop["outline"] >= MIN_OUTLINE, stop
        assert stop["contrast"] >= MIN_CONTRAST, stop
        assert stop["isInText"] or min(stop["width"], stop["height"]) >= MIN_TARGET, stop
    for (before, after), (one, other) in zip(pairwise(page.evaluate(PLACES, reachable)), pairwise(stops), strict=True):
        assert before["block"] != after["block"] or follows(before, after), (one["what"], other["what"])
    assert told(stops) == RECORD.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", PAGES)
def test_the_first_stop_leads_past_what_every_page_has(open_page: OpenPage, kind: str) -> None:
    page = open_page(kind, viewport=VIEWPORTS["390"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_from_the_header_to_the_first_result(site: Site, open_page: OpenPage) -> None:
    page = open_page("article", viewport=VIEWPORTS["390"])
    field = page.get_by_role("searchbox", name="Search")
    press_until(page, "input[type=search]", most=6)
    expect(field).to_be_focused()
    page.keyboard.type("pins and needles")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("pins and needles")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    press_until(page, "main h2 a", most=6)
    result = page.locator(":focus").get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at(result))


def press_until(page: Page, selector: str, *, most: int) -> None:
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.locator(":focus").evaluate("(stop, selector) => stop.matches(selector)", selector):
            return
    raise AssertionError(f"{most} presses do not reach {selector}")
