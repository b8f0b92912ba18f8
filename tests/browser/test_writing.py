"""Writing: nothing typed is lost, sources and words are found by typing, and what is said of the text leads to its place."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.accounts import PASSWORD
from tests.browser.conftest import SignIn, Site

TEXT = """\
---
title: Writing {number}
summary: >
  A page to try writing with [no-citation: about-this-page].
key_message: >
  Nothing here is about health [no-citation: about-this-page].
topic: Practice
language: en
---

## Rats {{#rats}}

Rats were given a high dose. They were watched for weeks [no-citation: definition].

## Feet {{#feet}}

Feet need shoes that fit [no-citation: advice].
"""
NUMBER_OF_ARTICLES = 15
SENTENCE = "Rats were given a high dose."


@pytest.fixture(scope="module")
def unused_articles(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Names of drafts that no other test opens."""
    folder = tmp_path_factory.mktemp("writing")
    (folder / "articles").mkdir()
    for number in range(1, NUMBER_OF_ARTICLES + 1):
        (folder / "articles" / f"writing-{number}.md").write_text(TEXT.format(number=number))
    site.manage("import_content", str(folder))
    return (f"Writing {number}" for number in range(1, NUMBER_OF_ARTICLES + 1))


@pytest.fixture
def name(unused_articles: Iterator[str]) -> str:
    """The title of an article of the test's own."""
    return next(unused_articles)


def open_form(page: Page, site: Site, name: str) -> Page:
    page.goto(site.at(f"/admin/articles/article/?q={name.replace(' ', '+')}"))
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url("**/change/**")
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()
    return page


def body_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text:")


def put_caret(page: Page, words: str, *, after: bool = True, select: bool = False) -> None:
    """Put the caret behind words of the text, or select them."""
    body_of(page).evaluate(
        """(body, [words, after, select]) => {
          const start = body.value.indexOf(words);
          const end = start + words.length;
          body.focus();
          body.setSelectionRange(select || !after ? start : end, select || after ? end : start);
        }""",
        [words, after, select],
    )


def pick(page: Page, query: str, found: str) -> None:
    """Type into the open dialog, and take what it finds first."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    with page.expect_response(lambda answer: parse_qs(urlsplit(answer.url).query).get("q") == [query]):
        page.keyboard.type(query)
    expect(dialog.get_by_role("option").first).to_contain_text(found)
    page.wait_for_timeout(100)  # what was found for fewer letters may still stand there
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def selected(page: Page) -> str:
    return str(body_of(page).evaluate("body => body.value.slice(body.selectionStart, body.selectionEnd)"))


def kept(page: Page) -> Any:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk:kept:'))")


def type_and_wait(page: Page, words: str) -> None:
    put_caret(page, "Feet need ")
    page.keyboard.type(words)
    expect(page.locator("#kept-status")).to_have_text(re.compile(r"^Kept in this browser \d\d:\d\d$"))


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name="Text that was not saved")


def test_a_source_is_found_by_typing_and_cited_before_the_full_stop(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    body = body_of(page)
    before = body.input_value()
    put_caret(page, SENTENCE)
    page.keyboard.press("Control+.")
    pick(page, "watanabe 1994", "Ultra-high dose methylcobalamin")
    assert "Rats were given a high dose [@WATANABE-1994]. They" in body.input_value()
    page.keyboard.press("Control+.")
    pick(page, "savage 1995", "Savage")
    assert re.search(r"dose \[@WATANABE-1994; @[A-Z0-9-]+\]\. They", body.input_value())
    page.keyboard.press("Control+.")
    pick(page, "watanabe 1994", "Ultra-high dose methylcobalamin")
    assert body.input_value().count("WATANABE") == 1, "a work is cited once in a sentence"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert body.input_value() == before
    summary = page.get_by_label("Summary:")
    summary.fill("Rats were given it.")
    summary.press("Control+.")
    pick(page, "watanabe 1994", "Ultra-high dose methylcobalamin")
    assert summary.input_value() == "Rats were given it [@WATANABE-1994]."
    expect(summary).to_be_focused()


def test_words_and_links_are_found_by_typing(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    body = body_of(page)
    put_caret(page, "high dose", select=True)
    page.get_by_role("button", name="Word", exact=True).click()
    expect(page.locator("#finder-query")).to_have_value("high dose")
    pick(page, "myelin", "myelin")
    assert "a [high dose](glossary:myelin). They" in body.input_value()
    put_caret(page, "They were ")
    page.get_by_role("button", name="Link inside").click()
    pick(page, "feet", "Feet")
    assert "They were [Feet](#feet)watched" in body.input_value()
    put_caret(page, "for weeks", select=True)
    page.get_by_role("button", name="Link inside").click()
    dialog = page.get_by_role("dialog", name="Link inside the site")
    page.keyboard.type("effects nerve regeneration")
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert selected(page) == "for weeks", "Escape gives the place back"
    page.get_by_role("button", name="Link inside").click()
    pick(page, "effects nerve regeneration", "Nerve regeneration")
    assert "[for weeks](article:effects-of-methyl-b12-on-neuropathy#nerve-regeneration)" in body.input_value()


def test_pieces_are_inserted_between_paragraphs_with_their_first_words_selected(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    body = body_of(page)
    before = body.input_value()
    put_caret(page, "Rats were")
    page.get_by_role("button", name="Insert", exact=True).click()
    dialog = page.get_by_role("dialog", name="Insert")
    expect(dialog.get_by_role("option")).to_have_count(9)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert selected(page) == "what the reader notices"
    text = body.input_value()
    assert 'definition].\n\n!!! urgent "Get medical advice today if"\n    - what the reader notices\n\n## Feet' in text
    page.keyboard.type("you fell")
    for _step in range(3):
        page.keyboard.press("Control+z")
    assert body.input_value() == before


def test_what_was_typed_is_there_after_the_window_was_closed(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    type_and_wait(page, "very ")
    context = page.context
    page.close(run_before_unload=False)
    page = open_form(context.new_page(), site, name)
    expect(notice(page)).to_contain_text("It began from revision 1.")
    page.locator("#kept-status").get_by_role("link", name="Text that was not saved").click()
    expect(notice(page)).to_be_in_viewport()
    assert "very" not in body_of(page).input_value()
    page.get_by_role("button", name="Bring it back").click()
    assert "Feet need very shoes" in body_of(page).input_value()
    page.get_by_role("button", name="Undo").click()
    assert "very" not in body_of(page).input_value()
    page.get_by_role("button", name="Bring it back").click()
    page.get_by_label("What changed, and why").fill("Said so.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()
    assert not kept(page), "what is saved is no longer kept"
    assert not notice(page).count()


def test_what_is_thrown_away_can_be_had_back_until_the_page_is_left(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    type_and_wait(page, "very ")
    page = open_form(page, site, name)
    page.get_by_role("button", name="Throw it away").click()
    assert not kept(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Bring it back")).to_be_visible()
    assert len(kept(page)) == 1
    page.get_by_role("button", name="Throw it away").click()
    page.reload()
    assert not notice(page).count()


def test_what_was_typed_outlives_a_session_that_ran_out(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    put_caret(page, "Feet need ")
    page.keyboard.type("wide ")
    page.get_by_label("What changed, and why").fill("Said so.")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+s")
    page.get_by_label("Username:").fill("edda")
    page.get_by_label("Password:").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bring it back").click()
    assert "Feet need wide shoes" in body_of(page).input_value()
    assert page.get_by_label("What changed, and why").input_value() == "Said so."


def test_nobody_else_is_offered_it_and_an_older_one_meets_the_newer_text(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    type_and_wait(page, "very ")
    other = open_form(sign_in("ella"), site, name)
    assert not notice(other).count()
    put_caret(other, "Feet need ")
    other.keyboard.type("soft ")
    other.get_by_label("What changed, and why").fill("Said so.")
    other.keyboard.press("Control+s")
    expect(other.locator(".messagelist")).to_contain_text("Saved as a draft")
    page = open_form(page, site, name)
    expect(notice(page)).to_contain_text("Somebody has saved the article since.")
    page.get_by_role("button", name="Bring it back").click()
    assert page.locator("#id_based_on").input_value() == "1"


def test_leaving_asks_only_while_something_is_not_saved(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    address = page.url
    put_caret(page, "Feet need ")
    page.keyboard.type("x")
    page.get_by_role("link", name="Home").click(no_wait_after=True)
    expect(page.locator("#kept-status")).to_contain_text("Kept")
    assert asked == ["beforeunload"]
    assert page.url == address
    page.get_by_label("What changed, and why").fill("Said so.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    page.get_by_role("link", name="Home").click()
    page.wait_for_url("**/admin/")
    assert asked == ["beforeunload"]


def test_saving_leaves_the_writer_where_they_were(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda", viewport={"width": 1300, "height": 500}), site, name)
    page.get_by_label("What changed, and why").fill("Said so.")
    put_caret(page, "Feet need ")
    page.keyboard.type("soft ")
    before = page.evaluate("[scrollY, document.getElementById('id_body').selectionStart]")
    assert before[0] > 0
    page.keyboard.press("Control+s")
    expect(page.locator("#kept-status")).to_contain_text("Saved as a draft")
    assert body_of(page).evaluate("body => body === document.activeElement")
    page.wait_for_function("wanted => Math.abs(scrollY - wanted) < 120", arg=before[0])
    assert body_of(page).evaluate("body => body.selectionStart") == before[1]
    page.get_by_label("Title:").fill(f"{name} again")
    page.keyboard.press("Control+s")
    expect(page.locator("#kept-status")).to_contain_text("Saved as a draft")
    assert page.evaluate("document.activeElement.id") == "id_title"


def test_what_is_said_of_the_text_follows_it_and_leads_to_its_place(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    checks = page.get_by_role("region", name="Checks")
    stop = checks.get_by_role("link", name=re.compile(r"^Line 4 A sentence without a source: “Rats were given"))
    expect(stop).to_be_visible()
    put_caret(page, "a high dose")
    page.keyboard.type(" [no-citation: definition]")
    expect(stop).to_be_hidden()
    page.get_by_label("Summary:").fill("After. [@RATS]")
    checks.get_by_role("link", name="Summary The source stands after the full stop.").click()
    assert page.evaluate("document.activeElement.id") == "id_summary"
    page.get_by_label("Summary:").fill("A page [no-citation: about-this-page].")
    put_caret(page, "Feet need shoes that fit [no-citation: advice].", select=True)
    page.keyboard.type("!!! nonsense")
    checks.get_by_role("link", name=re.compile("^Line 8 .*nonsense")).click()
    assert selected(page) == "!!! nonsense"
    page.get_by_label("What changed, and why").fill("Said so.")
    page.get_by_role("button", name="Save draft").click()
    faults = page.get_by_role("region", name="Not saved yet")
    expect(faults).to_be_focused()
    faults.get_by_role("link", name=re.compile("^Line 8 ")).press("Enter")
    assert selected(page) == "!!! nonsense"
    page.goto(page.url.split("#")[0] + "#line-4")
    assert selected(page).startswith("Rats were given a high dose")


def test_the_report_of_our_rules_leads_to_places_in_the_form(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    page.get_by_role("link", name="Standards").click()
    page.get_by_role("link", name=re.compile("of the file: a sentence without a source")).click()
    page.wait_for_url("**/change/#file-line-*")
    expect(body_of(page)).to_be_focused()
    assert selected(page).startswith("Rats were given a high dose")
    page.goto(page.url.split("#")[0] + "#file-line-4")
    expect(page.get_by_label("Summary:")).to_be_focused()


def test_a_new_article_begins_from_a_skeleton_and_is_kept_until_it_is_saved(site: Site, sign_in: SignIn) -> None:
    page = sign_in("edda")
    page.goto(site.at("/admin/articles/article/add/"))
    page.get_by_role("link", name="Start from a skeleton").click()
    assert body_of(page).input_value().startswith("## What it is {#what-it-is}")
    page.keyboard.press("Control+z")
    assert body_of(page).input_value() == ""
    body_of(page).fill("## What it is {#what-it-is}\n\nA trial [no-citation: definition].\n")
    expect(page.locator("#kept-status")).to_contain_text("Kept in this browser")
    page.reload()
    page.get_by_role("button", name="Bring it back").click()
    for label, words in (("Address:", "a-trial"), ("Title:", "A trial"), ("Topic:", "Practice"), ("What changed", "New.")):
        page.get_by_label(label).fill(words)
    for label in ("Summary:", "Key message:"):
        page.get_by_label(label).fill("A trial   [no-citation: definition]. ")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()
    assert not kept(page)


def test_the_preview_is_as_wide_as_was_chosen_last(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda"), site, name)
    frame = page.locator("iframe[name=preview]")
    narrow = frame.bounding_box()
    assert narrow
    assert narrow["width"] < 400
    page.get_by_role("button", name="Desktop").press("Enter")
    page.reload()
    expect(page.get_by_role("button", name="Desktop")).to_have_attribute("aria-pressed", "true")
    wide = frame.bounding_box()
    assert wide
    assert wide["width"] > 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_somebody_writes(site: Site, sign_in: SignIn, name: str, scheme: str) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, "bypass_csp": True}  # axe tries styles of its own
    page = open_form(sign_in("edda", **options), site, name)
    type_and_wait(page, "very ")
    page = open_form(page, site, name)
    put_caret(page, SENTENCE)
    page.get_by_label("Summary:").fill("After. [@RATS]")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("region", name="Not saved yet")).to_be_visible()
    expect(notice(page)).to_be_visible()
    expect(page.locator("#report details")).not_to_have_count(0)
    page.locator("#report details").evaluate_all("all => all.forEach((list) => { list.open = true; })")
    found = find_violations(page)
    body_of(page).focus()
    page.keyboard.press("Control+.")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    found += find_violations(page)
    page.goto(site.at("/admin/articles/article/add/"))
    found += find_violations(page)
    assert not "\n".join(found)


def test_a_narrow_window_needs_no_scrolling_sideways(site: Site, sign_in: SignIn, name: str) -> None:
    page = open_form(sign_in("edda", viewport={"width": 320, "height": 256}), site, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    put_caret(page, SENTENCE)
    page.keyboard.press("Control+.")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    box = page.get_by_role("dialog").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["height"] <= 256
