"""Telling us whether a page helped, as readers do it: with and without script, by keyboard, on a small screen, with no trace."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import ARTICLE, Faults, NewContext, SignIn, Site

FORM = f"{ARTICLE}feedback/"
SMALL = {"width": 320, "height": 568}
LONG_ENOUGH = 2_100
"""Milliseconds after which a person may have answered."""

OpenPage = Callable[..., Page]
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "320px": {"viewport": {"width": 320, "height": 900}},  # so that no field lies half under the help when the page opens
}


@pytest.fixture(autouse=True)
def unlimited(site: Site) -> None:
    """Forget who has sent how much: all these tests come from one address."""
    site.manage("shell", "-c", "from articles.models import FeedbackDay; FeedbackDay.objects.all().delete()")


def kept(site: Site, comment: str) -> list[str]:
    told = f"Feedback.objects.filter(comment__contains={comment!r}).values_list('is_helpful', 'comment')"
    program = f"from articles.models import Feedback; print([*{told}])"
    return re.findall(r"\((?:True|False), [^)]*\)", site.manage("shell", "--verbosity", "0", "-c", program))


@pytest.mark.parametrize("is_scripted", [True, False])
def test_by_keyboard_alone_and_with_no_trace(site: Site, new_context: NewContext, is_scripted: bool) -> None:
    context = new_context(java_script_enabled=is_scripted, viewport=SMALL)
    cookies: list[str] = []
    sent: list[dict[str, str]] = []
    context.on("response", lambda response: cookies.extend(response.header_values("set-cookie")))
    context.on("request", lambda request: sent.append(request.all_headers()) if request.method == "POST" else None)
    page = context.new_page()
    page.goto(site.at(ARTICLE))
    page.goto(site.at(FORM))
    page.wait_for_timeout(LONG_ENOUGH)
    page.get_by_role("radio", name="Yes").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="No")).to_be_checked()
    page.keyboard.press("Tab")
    comment = page.get_by_role("textbox", name="What was missing")
    expect(comment).to_be_focused()
    words = f"By keyboard, script {is_scripted}. Write to jane@example.org"
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at(f"{FORM}thanks/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")
    assert kept(site, words[:24]) == [f"(False, '{words.replace('jane@example.org', '[removed]')}')"]
    assert (sent[0]["sec-fetch-site"], sent[0]["origin"]) == ("same-origin", site.url)
    assert "cookie" not in sent[0]
    assert not cookies
    assert not context.cookies()
    if is_scripted:
        stored = "async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
        assert page.evaluate(stored) == ["", 0, 0, 0]


@pytest.mark.parametrize("is_scripted", [True, False])
def test_what_is_missing_is_told_and_what_was_written_stays(site: Site, new_context: NewContext, is_scripted: bool) -> None:
    page = new_context(java_script_enabled=is_scripted).new_page()
    page.goto(site.at(FORM))
    page.wait_for_timeout(LONG_ENOUGH)
    page.get_by_role("textbox").fill("A comment\nin two lines.")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_title(re.compile("^Error: Did this page help?"))
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("textbox")).to_have_value("A comment\nin two lines.")
    page.get_by_role("link", name="Choose “Yes” or “No”.").click()
    expect(page.get_by_role("radio", name="Yes")).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(site.at(f"{FORM}thanks/"))


def test_too_fast_is_told_and_the_second_press_works(site: Site, open_page: OpenPage) -> None:
    page = open_page(FORM, java_script_enabled=False)
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("textbox").fill("Written in a hurry.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("That was very fast.")
    expect(page.get_by_role("radio", name="Yes")).to_be_checked()
    page.wait_for_timeout(LONG_ENOUGH)
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(site.at(f"{FORM}thanks/"))
    assert kept(site, "Written in a hurry.") == ["(True, 'Written in a hurry.')"]


def test_reloading_a_refusal_sends_again_and_is_taken(site: Site, open_page: OpenPage) -> None:
    page = open_page(FORM)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.all_headers()["sec-fetch-site"]) if request.method == "POST" else None)
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("That was very fast.")
    page.wait_for_timeout(LONG_ENOUGH)
    page.reload()
    expect(page).to_have_url(site.at(f"{FORM}thanks/"))
    assert sent == ["same-origin", "same-origin"]


def test_another_sites_form_is_refused(site: Site, new_context: NewContext, faults: Faults) -> None:
    faults.expected += [
        "console: Failed to load resource: the server responded with a status of 403",
        "request: http://localhost",
    ]
    page = new_context().new_page()
    fields = '<input name="is_helpful" value="yes"><input name="comment" value="Forged.">'
    foreign = f'<form method="post" action="{site.at(FORM)}">{fields}</form>'
    page.route("http://localhost/**", lambda route: route.fulfill(body=foreign, content_type="text/html"))
    page.goto("http://localhost/")
    page.locator("form").evaluate("form => form.submit()")
    expect(page.get_by_role("alert")).to_contain_text("Another site sent this.")
    expect(page.get_by_role("textbox")).to_have_value("")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", [FORM, f"{FORM}thanks/", "faults"])
def test_axe_finds_nothing_and_nothing_runs_out_sideways(open_page: OpenPage, place: str, mode: str) -> None:
    page = open_page(FORM if place == "faults" else place, **MODES[mode])
    if place == "faults":
        page.get_by_role("textbox").fill("x" * 1100)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("alert")).to_contain_text("Make your comment shorter")
    assert not find_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_people_do_not_see_the_trap(open_page: OpenPage) -> None:
    page = open_page(FORM)
    trap = page.locator("#subject")
    box = trap.bounding_box()
    assert box
    assert box["x"] + box["width"] < 0
    assert "Leave this empty" not in page.locator("form.fb").aria_snapshot()
    reached = []
    page.get_by_role("radio", name="Yes").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert "subject" not in reached


def test_an_editor_reads_it_beside_the_copy(site: Site, open_page: OpenPage, sign_in: SignIn) -> None:
    page = open_page(FORM)
    page.wait_for_timeout(LONG_ENOUGH)
    page.get_by_role("radio", name="No").check()
    page.get_by_role("textbox").fill("For the editor: <b>which</b> rats?")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(site.at(f"{FORM}thanks/"))
    desk = sign_in("edda")
    desk.goto(site.at("/admin/articles/article/"))
    desk.get_by_role("link", name="Effects of methyl B12 on neuropathy").click()
    desk.get_by_role("link", name="Read what they say").click()
    row = desk.get_by_role("row", name="For the editor")
    expect(row).to_contain_text("For the editor: <b>which</b> rats?")
    row.get_by_role("checkbox").check()
    desk.get_by_label("Action:").select_option("Mark as read")
    desk.get_by_role("button", name="Go").click()
    expect(desk.get_by_text("1 answer is marked as read.")).to_be_visible()
    assert not find_violations(desk)
