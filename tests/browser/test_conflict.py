"""Two people who edit one article at once: the second save is kept, shown beside the first one, and put together by either."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import SignIn, Site

TEXT = """\
---
title: Clash {number}
summary: >
  A page to edit twice at once [no-citation: about-this-page].
key_message: >
  Nothing here is about health [no-citation: about-this-page].
topic: Clashes
---

## Shoes {{#shoes}}

Feet need shoes that fit [no-citation: advice].

## Socks {{#socks}}

Wear socks without seams [no-citation: advice].
"""
ANNA, BEN = "edda", "ella"
"""Two Editors."""


@pytest.fixture(scope="module")
def unused_titles(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Titles of published articles that no other test reads."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "articles").mkdir()
    for number in range(1, 6):
        (folder / f"articles/clash-{number}.md").write_text(TEXT.format(number=number))
    site.manage("import_content", str(folder), "--publish")
    return (f"Clash {number}" for number in range(1, 6))


@pytest.fixture
def title(unused_titles: Iterator[str]) -> str:
    """The title of a published article of the test's own."""
    return next(unused_titles)


def open_form(page: Page, site: Site, title: str) -> None:
    page.goto(site.at(f"/admin/articles/article/?q={title.replace(' ', '+')}"))
    page.get_by_role("link", name=title, exact=True).click()
    page.wait_for_url("**/change/**")


def body(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text:")


def save(page: Page, old: str, new: str, note: str) -> None:
    text = body(page).input_value()
    assert old in text
    body(page).fill(text.replace(old, new))
    page.get_by_label("What changed, and why").fill(note)
    page.get_by_role("button", name="Save draft", exact=True).click()


def save_twice(site: Site, first: Page, second: Page, title: str, words: str = "shoes that fit") -> None:
    """Open the form twice, and save the first and then the second; then the second stands where both are put together."""
    for page in (first, second):
        open_form(page, site, title)
    save(first, "shoes that fit", "wide shoes", "Wide is plainer.")
    expect(first.locator(".messagelist")).to_contain_text("Saved as a draft")
    save(second, words, "soft boots", "Boots last longer.")
    second.wait_for_url(re.compile(r"/conflicts/\d+/$"))


def test_two_people_clash_and_the_second_chooses(site: Site, sign_in: SignIn, title: str) -> None:
    anna, ben = sign_in(ANNA), sign_in(BEN)
    save_twice(site, anna, ben, title)
    expect(ben.locator(".messagelist")).to_contain_text("Both texts are kept: nothing is lost.")
    clash = ben.get_by_role("region", name="Section “Shoes”")
    expect(clash).to_contain_text(f"The text saved by {ANNA.title()} Example on")
    expect(clash).to_contain_text("Your text, kept on")
    own = clash.get_by_role("textbox")
    expect(own).to_be_hidden()
    ben.get_by_role("button", name="Save as the new draft").click()
    expect(ben.locator(".errornote")).to_contain_text("Choose what stays here.")

    clash.get_by_role("radio").first.focus()  # from here on by keyboard alone
    ben.keyboard.press("ArrowDown")
    ben.keyboard.press("ArrowDown")
    expect(own).to_be_visible()
    ben.keyboard.press("Tab")
    expect(own).to_be_focused()
    assert "Feet need wide shoes [no-citation: advice].\n\nFeet need soft boots [no-citation: advice]." in own.input_value()
    ben.keyboard.press("Control+a")
    ben.keyboard.insert_text("## Shoes {#shoes}\n\nFeet need wide shoes or soft boots [no-citation: advice].\n")
    ben.get_by_label("What changed, and why").focus()
    ben.keyboard.press("Enter")
    expect(ben.locator(".messagelist")).to_contain_text("Saved as a draft")
    expect(body(ben)).to_have_value(re.compile("Feet need wide shoes or soft boots"))
    assert "Wear socks without seams" in body(ben).input_value()


def test_closing_the_tab_loses_nothing_and_anybody_settles_it(site: Site, sign_in: SignIn, title: str) -> None:
    anna, ben = sign_in(ANNA), sign_in(BEN, java_script_enabled=False)
    save_twice(site, anna, ben, title)
    ben.context.close()

    open_form(anna, site, title)
    assert "Feet need wide shoes" in body(anna).input_value()
    anna.get_by_role("link", name="Put them together").click()
    expect(anna.get_by_role("heading", name="Texts to put together")).to_be_visible()
    anna.get_by_role("link", name="Put revision 3 and the saved text together").click()
    anna.get_by_role("radio", name=f"The text by {BEN.title()} Example, kept on").check()
    anna.get_by_role("button", name="Save as the new draft").click()
    expect(body(anna)).to_have_value(re.compile("Feet need soft boots"))
    expect(anna.get_by_role("link", name="Put them together")).to_have_count(0)


def test_edits_of_different_sections_take_one_click_without_script(site: Site, sign_in: SignIn, title: str) -> None:
    anna, ben = sign_in(ANNA), sign_in(BEN, java_script_enabled=False)
    save_twice(site, anna, ben, title, words="socks without seams")
    expect(ben.locator("#content-main")).to_contain_text("They changed different parts, so they go together by themselves.")
    ben.get_by_role("button", name="Save as the new draft").click()
    assert "Feet need wide shoes" in body(ben).input_value()
    assert "Wear soft boots" in body(ben).input_value()


def test_a_file_and_an_editor_clash_and_the_first_page_leads_there(site: Site, sign_in: SignIn, tmp_path: Path) -> None:
    file = tmp_path / "articles/clash-file.md"
    file.parent.mkdir()
    file.write_text(TEXT.format(number="with a file"))
    site.manage("import_content", str(tmp_path), "--publish")
    anna = sign_in(ANNA)
    open_form(anna, site, "Clash with a file")
    save(anna, "shoes that fit", "wide shoes", "Wide is plainer.")
    expect(anna.locator(".messagelist")).to_contain_text("Saved as a draft")
    file.write_text(file.read_text().replace("shoes that fit", "soft boots"))
    assert "both texts are kept, to be put together at" in site.manage("import_content", str(tmp_path))

    anna.goto(site.at("/admin/"))
    anna.get_by_role("region", name="Two versions to put together").get_by_role("link", name="Clash with a file").click()
    expect(anna.get_by_role("heading", name="Put two texts together")).to_be_visible()
    anna.get_by_role("radio", name="The file’s text, imported on").check()
    anna.get_by_role("button", name="Save as the new draft").click()
    expect(body(anna)).to_have_value(re.compile("Feet need soft boots"))
    assert "1 unchanged" in site.manage("import_content", str(tmp_path))
    expect(anna.get_by_role("link", name="Put them together")).to_have_count(0)


def test_a_kept_text_is_let_go_in_two_steps(site: Site, sign_in: SignIn, title: str) -> None:
    anna, ben = sign_in(ANNA), sign_in(BEN)
    save_twice(site, anna, ben, title)
    go = ben.get_by_role("button", name="Let it go")
    expect(go).to_be_hidden()
    ben.get_by_text("Let the second text go…").click()
    go.click()
    expect(ben.locator(".messagelist")).to_contain_text("The text stays among the revisions, as number 3.")
    expect(ben.locator("#content-main")).to_contain_text("Revision 3 was let go, with nothing of it taken: Ella Example")


def test_axe_finds_nothing_where_texts_are_put_together(site: Site, sign_in: SignIn, title: str) -> None:
    anna = sign_in(ANNA)
    ben = sign_in(BEN, bypass_csp=True)  # axe tries styles of its own
    save_twice(site, anna, ben, title)
    found = []
    for scheme in ("light", "dark"):
        for width in (1280, 390):
            ben.emulate_media(color_scheme=scheme)
            ben.set_viewport_size({"width": width, "height": 900})
            ben.get_by_role("radio", name="Write it myself").check()
            found += find_violations(ben)
            assert ben.evaluate("document.documentElement.scrollWidth") <= width
    ben.get_by_label("What changed, and why").fill("")
    ben.get_by_role("button", name="Save as the new draft").click()
    expect(ben.locator(".errornote")).to_be_visible()
    found += find_violations(ben)
    ben.get_by_role("link", name="Later").click()
    found += find_violations(ben)
    ben.get_by_text("Let the second text go…").click()
    found += find_violations(ben)
    open_form(ben, site, title)
    expect(ben.get_by_role("link", name="Put them together")).to_be_visible()
    found += find_violations(ben)
    assert not "\n".join(found)
