"""What readers may rely on, on every kind of page: no traces, no script needed, sound structure, access for all."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import PAGES, Faults, NewContext, Site

OpenPage = Callable[..., Page]

MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d))?")
"""How HTML writes a day or a moment, in the two forms we need."""

SMALL = {"width": 320, "height": 568}
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "320px": {"viewport": {"width": 320, "height": 4000}},  # axe takes a link that the bar at the foot cuts for a small target
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_leaves_no_trace(site: Site, new_context: NewContext, faults: Faults, kind: str) -> None:
    if kind in {"404", "500"}:
        faults.expected.append(f"console: Failed to load resource: the server responded with a status of {kind}")
    context = new_context()
    cookies = []
    context.on("response", lambda response: cookies.extend(response.header_values("set-cookie")))
    page = context.new_page()
    page.goto(site.at(kind))
    page.mouse.wheel(0, 5000)
    kept = page.evaluate(
        """async () => [document.cookie, localStorage.length, sessionStorage.length,
          (await indexedDB.databases()).length, (await navigator.serviceWorker.getRegistrations()).length]"""
    )
    assert kept == ["", 0, 0, 0, 0]
    assert not cookies
    assert not context.cookies()
    assert not page.locator("script:not([type='application/ld+json'])").count()


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_whole_without_script(open_page: OpenPage, kind: str) -> None:
    with_script = open_page(kind)
    without = open_page(kind, java_script_enabled=False)
    assert without.locator("body").inner_text() == with_script.locator("body").inner_text()


@pytest.mark.parametrize("is_scripted", [True, False])
def test_a_word_explains_itself_by_keyboard(open_page: OpenPage, is_scripted: bool) -> None:
    page = open_page("article", java_script_enabled=is_scripted, viewport=SMALL)
    word = page.locator("button.term").nth(1)
    explanation = page.locator(f"#{word.get_attribute('popovertarget')}")
    word.focus()
    assert not explanation.is_visible()
    page.keyboard.press("Enter")
    assert explanation.is_visible()
    assert len(explanation.inner_text()) > 20
    shown, bar = explanation.bounding_box(), page.locator("[data-disclaimer]").bounding_box()
    assert shown
    assert bar
    assert shown["y"] >= 0
    assert shown["y"] + shown["height"] <= bar["y"] + 1
    page.keyboard.press("Escape")
    assert not explanation.is_visible()
    assert word.evaluate("word => word === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert not explanation.is_visible()


@pytest.mark.parametrize("kind", PAGES)
def test_the_structure_is_sound(site: Site, open_page: OpenPage, kind: str) -> None:
    page = open_page(kind)
    for moment in page.evaluate("[...document.querySelectorAll('time')].map(time => time.dateTime)"):
        assert MOMENT.fullmatch(moment), moment
    description = "document.querySelector('meta[name=description]').content"
    described = page.evaluate(f"[document.title, {description}, document.documentElement.lang]")
    assert all(described), described
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    inside = levels[levels.index(1) :]
    assert all(after <= before + 1 for before, after in zip(inside, inside[1:], strict=False)), levels
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    links = page.evaluate("[...document.querySelectorAll('a')].map(a => [a.getAttribute('href'), a.href, a.rel])")
    for written, whole, rel in links:
        if written.startswith("#"):
            assert written[1:] in ids
        if urlsplit(whole).hostname != urlsplit(site.url).hostname:
            assert "noreferrer" in rel.split(), whole


@pytest.mark.parametrize("size", [SMALL, {"width": 390, "height": 844}, {"width": 1280, "height": 800}])
def test_the_short_answer_and_its_certainty_stand_in_the_first_screen(open_page: OpenPage, size: Any) -> None:
    page = open_page("article", viewport=size)
    room = page.locator("[data-disclaimer]").bounding_box()
    certainty, answer = page.locator(".key .sure").bounding_box(), page.locator(".key .say").bounding_box()
    assert room
    assert certainty
    assert answer
    assert certainty["y"] + certainty["height"] < room["y"]
    if size is SMALL:  # the first sentence, three lines of it
        assert answer["y"] + 75 < room["y"]
    else:
        assert answer["y"] + answer["height"] < room["y"]


def test_the_label_of_work_on_animals_stands_at_its_sentence(open_page: OpenPage) -> None:
    page = open_page("article", viewport=SMALL)
    section = page.locator("#nerve-regeneration")
    text = " ".join(section.inner_text().split())
    assert "It matches a study of rats published in 1994. studied in rats, not people 1" in text
    label = section.locator("p .cite.animal").first
    assert label.is_visible()
    assert label.get_attribute("href") == "#r1"
    source = page.locator("#r1")
    assert "Animal experiment: rats, not people" in source.inner_text()


def test_the_way_to_a_source_and_back(open_page: OpenPage) -> None:
    page = open_page("article", viewport=SMALL)
    first = page.locator("article .cite").first
    first.focus()
    page.keyboard.press("Enter")
    target = page.locator(first.get_attribute("href") or "")
    box = target.bounding_box()
    assert box
    assert 0 <= box["y"] < SMALL["height"]
    target.get_by_role("link", name="Back to the text").focus()
    page.keyboard.press("Enter")
    expect(first).to_be_in_viewport()
    page.go_back()
    expect(target).to_be_in_viewport()


@pytest.mark.parametrize("kind", PAGES)
def test_without_style_the_help_stands_first_after_each_section_and_last(
    site: Site, new_context: NewContext, faults: Faults, kind: str
) -> None:
    faults.expected.append("console: Failed to load resource")
    context = new_context()
    context.route("**/*.css", lambda route: route.abort())
    page = context.new_page()
    page.goto(site.at(kind))
    assert page.evaluate("getComputedStyle(document.querySelector('[data-disclaimer]')).position") == "static"
    text = page.locator("body").inner_text()
    assert text.split()[:8] == "Skip to the text Talk to a doctor".split()
    repeated = page.evaluate(
        """[...document.querySelectorAll("article > section:not(.refs)")].map(section => {
          const next = section.nextElementSibling;
          return next.className === "again" && next.checkVisibility() && next.innerText;
        })"""
    )
    assert len(repeated) == page.locator("article > section:not(.refs)").count()
    assert all("doctor" in words for words in repeated)
    if kind in {"article", "page"}:
        assert len(repeated) > 3
    last = page.locator("main + section")
    assert "Call 999" in last.inner_text()
    assert page.locator("main + section + footer").count()
    assert not page.locator("footer + :not([type='application/ld+json'])").count()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind != "500"])
def test_axe_finds_nothing(open_page: OpenPage, kind: str, mode: str) -> None:
    assert not find_violations(open_page(kind, **MODES[mode]))
