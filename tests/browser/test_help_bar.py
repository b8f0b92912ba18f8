"""The help to talk to a doctor is in view everywhere, whole, and hides nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import PAGES

VIEWPORTS: dict[str, ViewportSize] = {  # the third is a window of 1280 by 1024 at a zoom of 400 %
    "320x568": {"width": 320, "height": 568},
    "568x320": {"width": 568, "height": 320},
    "320x256": {"width": 320, "height": 256},
    "1280x800": {"width": 1280, "height": 800},
}
POSITIONS = (0, 1 / 3, 2 / 3, 1)
TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"

OpenPage = Callable[..., Page]

MEASURE = """position => {
  const all = document.documentElement;
  scrollTo({ top: position * (all.scrollHeight - innerHeight), behavior: "instant" });
  const bar = document.querySelector("[data-disclaimer]");
  const box = bar.getBoundingClientRect();
  const lines = (root) => {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.data.trim() || walker.currentNode.parentElement.closest("script, style")) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const texts = [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
      for (const rect of texts) found.push({ text: walker.currentNode.data.trim(), rect });
    }
    return found;
  };
  const inView = (rect) => rect.right > 0 && rect.left < innerWidth;
  const ours = lines(bar).filter((line) => inView(line.rect));
  const middle = (rect) => [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2];
  const others = lines(document.body).filter(({ rect }) => inView(rect)).map(({ text, rect }) => ({ text, rect }));
  const atCentre = document.elementFromPoint(...middle(box));
  return {
    box: box.toJSON(),
    height: innerHeight,
    width: innerWidth,
    widest: all.scrollWidth,
    text: bar.innerText,
    centre: atCentre && bar.contains(atCentre) ? atCentre.innerText : "",
    cut: ours.filter(({ rect }) => rect.top < box.top - 1 || rect.bottom > box.bottom + 1 || rect.right > innerWidth + 1
      || rect.left < -1 || !bar.contains(document.elementFromPoint(...middle(rect)))).map(({ text }) => text),
    lines: ours.length,
    under: others.filter(({ rect }) => rect.bottom > box.top + 1 && rect.top < box.bottom - 1)
      .map(({ text }) => text).filter((text) => !bar.textContent.includes(text)),
  };
}"""

FOCUSED = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const bar = document.querySelector("[data-disclaimer]");
  const rect = focused.getBoundingClientRect();
  const room = bar.getBoundingClientRect().top;
  const is_in_bar = bar.contains(focused);
  return {
    index: [...document.querySelectorAll("*")].indexOf(focused),
    what: focused.outerHTML.slice(0, 200),
    height: rect.height,
    covered: rect.bottom - room,
    in_view: Math.min(rect.bottom, is_in_bar ? innerHeight : room) - Math.max(rect.top, 0),
    is_in_bar,
    room,
  };
}"""


@pytest.mark.parametrize("kind", PAGES)
def test_it_is_in_view_and_whole_at_every_scroll_position(open_page: OpenPage, kind: str) -> None:
    page = open_page(kind)
    for size, viewport in VIEWPORTS.items():
        page.set_viewport_size(viewport)
        for position in POSITIONS:
            seen = page.evaluate(MEASURE, position)
            box, where = seen["box"], f"{size}, scrolled to {position:.0%}"
            assert box["top"] >= 0, where
            assert box["bottom"] <= seen["height"], where
            assert box["left"] >= 0, where
            assert box["right"] <= seen["width"], where
            assert box["height"] <= seen["height"] / 3, where
            assert seen["centre"].strip(), where
            assert seen["lines"] >= 3, where
            assert not seen["cut"], where
            assert seen["widest"] <= seen["width"], f"{where}: the page scrolls sideways"
        assert not seen["under"], f"{size}: at the end of the page something lies under the bar"


@pytest.mark.parametrize("kind", PAGES)
def test_it_is_a_named_landmark_and_the_first_thing_after_the_skip_link(open_page: OpenPage, kind: str) -> None:
    page = open_page(kind)
    bar = page.get_by_role("complementary", name="Talk to a doctor")
    assert bar.count() == 1
    assert bar.get_attribute("data-disclaimer") is not None
    assert page.evaluate("[...document.body.children].slice(0, 2).map(e => e.className)") == ["skip", "bar"]
    text = bar.inner_text()
    assert "Your doctor or nurse" in text
    assert "999" in text
    tree = bar.aria_snapshot()
    for words in ("Who to see", "How fast", "What to ask"):
        assert words in tree


def test_its_links_lead_to_the_help_in_full(open_page: OpenPage) -> None:
    page = open_page("article", viewport=VIEWPORTS["320x568"])
    for name, target in (("Talk to a doctor", "#talk"), ("What to ask", "#talk-ask")):
        page.locator("[data-disclaimer]").get_by_role("link", name=name).click()
        assert page.url.endswith(target)
        box = _visible_part(page, target)
        assert box["height"] > 40


@pytest.mark.parametrize("kind", ["home", "article"])
def test_wider_spacing_of_text_cuts_nothing_off(open_page: OpenPage, kind: str) -> None:
    page = open_page(kind)
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        TEXT_SPACING,
    )
    for size, viewport in VIEWPORTS.items():
        page.set_viewport_size(viewport)
        seen = page.evaluate(MEASURE, 0)
        assert seen["box"]["height"] <= seen["height"] / 3, size
        assert seen["widest"] <= seen["width"], size
        if size == "320x256":  # a third of this window cannot hold so much: the bar scrolls itself
            below = page.evaluate(
                "() => { const bar = document.querySelector('[data-disclaimer]');"
                " bar.scrollTop = bar.scrollHeight; return bar.scrollHeight - bar.clientHeight - bar.scrollTop; }"
            )
            assert below <= 1
        else:
            assert not seen["cut"], size


@pytest.mark.parametrize("size", ["320x568", "320x256", "1280x800"])
def test_no_focused_control_is_hidden_behind_it(open_page: OpenPage, size: str) -> None:
    page = open_page("article", viewport=VIEWPORTS[size])
    reached = set()
    for _step in range(400):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUSED)
        if seen is None or seen["index"] in reached:
            break
        reached.add(seen["index"])
        # What is taller than the room above the bar cannot be whole in view; of all else no pixel may be covered.
        assert seen["is_in_bar"] or seen["height"] > seen["room"] or seen["covered"] <= 1, seen["what"]
        assert seen["in_view"] > 0, seen["what"]
    assert len(reached) > 60


def test_what_the_contents_list_leads_to_is_in_view(open_page: OpenPage) -> None:
    page = open_page("article")
    links = page.locator(".toc a")
    targets = [str(href) for href in links.evaluate_all("links => links.map(a => a.getAttribute('href'))")]
    assert len(targets) > 8
    for size, viewport in VIEWPORTS.items():
        page.set_viewport_size(viewport)
        for index, target in enumerate(targets):
            links.nth(index).click()
            assert page.url.endswith(target)
            assert _visible_part(page, f"{target} h2")["whole"], f"{size}: {target}"


def _visible_part(page: Page, selector: str) -> dict[str, Any]:
    """How much of an element stands in the viewport above the bar."""
    seen: dict[str, Any] = page.evaluate(
        """selector => {
          const rect = document.querySelector(selector).getBoundingClientRect();
          const end = document.querySelector("[data-disclaimer]").getBoundingClientRect().top;
          const height = Math.min(rect.bottom, end) - Math.max(rect.top, 0);
          return { height, whole: height >= rect.height - 1 };
        }""",
        selector,
    )
    return seen
