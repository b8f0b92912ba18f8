"""The way of an editor: sign in, find, change, preview, publish; and of a reader, who sees it at once."""

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import NewContext, SignIn, Site

SENTENCE = "Feet need shoes that fit."
TEXT = """\
---
title: Practice {number}
summary: >
  A page to try the editor with [no-citation: about-this-page].
key_message: >
  Nothing here is about health [no-citation: about-this-page].
topic: Practice
language: en
---

## Shoes {{#shoes}}

Feet need shoes that fit [no-citation: advice].

## Socks {{#socks}}

Wear socks without seams [no-citation: advice].
"""
NUMBER_OF_ARTICLES = 11


@dataclass(frozen=True)
class Article:
    """An article made for one test."""

    title: str
    path: str


@pytest.fixture(scope="module")
def unused_articles(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Article]:
    """Published articles that no other test reads."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "articles").mkdir()
    for number in range(1, NUMBER_OF_ARTICLES + 1):
        (folder / "articles" / f"practice-{number}.md").write_text(TEXT.format(number=number))
    site.manage("import_content", str(folder), "--publish")
    return (Article(f"Practice {n}", f"/articles/practice-{n}/") for n in range(1, NUMBER_OF_ARTICLES + 1))


@pytest.fixture
def article(unused_articles: Iterator[Article]) -> Article:
    """A published article of the test's own."""
    return next(unused_articles)


def _open_form(page: Page, site: Site, article: Article) -> None:
    """Find the article by search, as an editor does."""
    page.goto(site.at("/admin/articles/article/"))
    page.locator("#searchbar").fill(article.title)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=article.title, exact=True).click()
    page.wait_for_url("**/change/**")  # and until it has loaded, so that its script is there


def _body(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text:")


def _replace(page: Page, old: str, new: str) -> None:
    """Select words in the textarea and type others over them."""
    _select(page, old)
    page.keyboard.type(new)


def _select(page: Page, words: str) -> None:
    body = _body(page)
    start = body.input_value().index(words)
    body.focus()
    body.evaluate("(body, [start, end]) => body.setSelectionRange(start, end)", [start, start + len(words)])


def _press(page: Page, button: str, note: str = "Says it more plainly.") -> None:
    page.get_by_label("What changed, and why").fill(note)
    page.get_by_role("button", name=button, exact=True).click()


def _as_readers_see(site: Site, article: Article) -> str:
    """Read the page with a connection of its own."""
    with urllib.request.urlopen(site.at(article.path), timeout=10) as answer:
        return str(answer.read().decode())


def test_a_changed_sentence_reaches_readers(site: Site, sign_in: SignIn, article: Article, new_context: NewContext) -> None:
    reader = new_context().new_page()
    reader.goto(site.at(article.path))
    expect(reader.locator("article")).to_contain_text(SENTENCE)

    page = sign_in("erin")
    _open_form(page, site, article)
    preview = page.frame_locator("iframe[name=preview]")
    expect(preview.locator("article")).to_contain_text(SENTENCE)
    _replace(page, "shoes that fit", "wide shoes that fit")
    changed = "Feet need wide shoes that fit."
    expect(preview.locator("article")).to_contain_text(changed)
    assert changed not in _as_readers_see(site, article)
    _press(page, "Save and publish")
    expect(page.locator(".messagelist")).to_contain_text("Readers see this text from now on")

    for _visit in range(10):  # each by a connection of its own, so that both workers are asked
        assert changed in _as_readers_see(site, article)
    reader.reload()
    expect(reader.locator("article")).to_contain_text(changed)
    assert not reader.context.cookies()


def test_each_page_of_the_admin_obeys_the_policy(site: Site, sign_in: SignIn, article: Article) -> None:
    """Any violation is recorded and fails the test; the preview in its frame counts too."""
    page = sign_in("erin")
    policies = set()
    page.on("response", lambda response: policies.add(response.headers.get("content-security-policy", "none")))
    _open_form(page, site, article)
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    preview = page.locator("iframe").get_attribute("src")
    history = page.get_by_role("link", name="Public history", exact=True).get_attribute("href")
    for path in (
        "/admin/articles/article/add/",
        "/admin/articles/article/?status=published",
        "/admin/articles/reference/",
        "/admin/articles/glossaryterm/",
        "/admin/articles/",
        "/admin/password_change/",
        str(history),
        str(preview),
    ):
        answer = page.goto(site.at(path))
        assert answer
        assert answer.ok, path
        rows = page.locator("#result_list tbody th a")
        if rows.count() and "article/" not in path:
            rows.first.click()
            expect(page.locator("#content-main form")).to_be_visible()
    assert not any("unsafe" in policy or "nonce" in policy for policy in policies)
    documents = [policy for policy in policies if policy != "none"]
    assert documents
    assert all("default-src 'none'" in policy for policy in documents)


def test_writing_with_the_keyboard_alone(site: Site, sign_in: SignIn, article: Article) -> None:
    page = sign_in("erin")
    _open_form(page, site, article)
    body = _body(page)
    before = body.input_value()
    _select(page, "Feet")
    page.keyboard.press("Control+b")
    assert "**Feet** need" in body.input_value()
    page.keyboard.press("Control+z")
    assert body.input_value() == before
    page.keyboard.press("Tab")
    assert not body.evaluate("body => body === document.activeElement"), "the textarea traps the keyboard"
    page.keyboard.press("Shift+Tab")
    assert body.evaluate("body => body === document.activeElement")

    _replace(page, "shoes that fit", "soft shoes")
    page.get_by_label("What changed, and why").focus()
    page.keyboard.type("Kinder words.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    assert "Feet need soft shoes" in _body(page).input_value()
    assert SENTENCE in _as_readers_see(site, article)


def test_the_toolbar_by_keyboard(site: Site, sign_in: SignIn, article: Article) -> None:
    page = sign_in("erin")
    _open_form(page, site, article)
    _select(page, "Feet")
    page.keyboard.press("Shift+Tab")
    toolbar = page.get_by_role("toolbar", name="Formatting")
    assert toolbar.evaluate("bar => bar.contains(document.activeElement)")
    page.keyboard.press("Home")
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Emphasis (Ctrl+I)"
    page.keyboard.press("Enter")
    assert re.search(r"[_*]Feet[_*] need", _body(page).input_value())


def test_the_editor_without_script(site: Site, sign_in: SignIn, article: Article) -> None:
    page = sign_in("erin", java_script_enabled=False)
    _open_form(page, site, article)
    assert not page.locator("markdown-toolbar").count()
    text = _body(page).input_value()
    _body(page).fill(text.replace("shoes that fit", "dry shoes"))
    page.get_by_role("button", name="Show the preview").click()
    preview = page.frame_locator("iframe[name=preview]")
    expect(preview.locator("article")).to_contain_text("Feet need dry shoes.")
    _press(page, "Save draft")
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    assert "Feet need dry shoes" in _body(page).input_value()


def test_a_fault_leads_to_its_line(site: Site, sign_in: SignIn, article: Article) -> None:
    page = sign_in("erin")
    _open_form(page, site, article)
    faulty = '!!! nonsense "Heading"'
    body = _body(page)
    body.fill(body.input_value() + "\n" * 60 + faulty + "\n    Words.\n")
    line = body.input_value().split("\n").index(faulty) + 1
    preview = page.frame_locator("iframe[name=preview]")
    expect(preview.get_by_role("status")).to_contain_text("cannot be saved yet")
    _press(page, "Save draft")
    jump = page.locator(".errorlist").get_by_role("link", name=re.compile(rf"^Line {line}:"))
    expect(jump).to_be_visible()
    jump.focus()
    page.keyboard.press("Enter")
    selected = _body(page).evaluate(
        """body => ({ text: body.value.slice(body.selectionStart, body.selectionEnd), top: body.scrollTop,
          is_focused: body === document.activeElement })"""
    )
    assert selected["text"].strip() == faulty
    assert selected["top"] > 0
    assert selected["is_focused"]


def test_a_save_in_between_is_not_overwritten(site: Site, sign_in: SignIn, article: Article) -> None:
    first, second = sign_in("erin"), sign_in("edda")
    for page in (first, second):
        _open_form(page, site, article)
    _replace(second, "shoes that fit", "slippers")
    _press(second, "Save draft")
    expect(second.locator(".messagelist")).to_contain_text("Saved as a draft")
    _replace(first, "shoes that fit", "boots")
    _press(first, "Save and publish")
    expect(first.locator(".messagelist")).to_contain_text("saved revision 2 while you were writing. Both texts are kept")
    assert "boots" in first.locator("#content").inner_text() + "".join(first.locator("textarea").all_inner_texts())
    assert SENTENCE in _as_readers_see(site, article)
    _open_form(first, site, article)
    assert "Feet need slippers" in _body(first).input_value()
    expect(first.get_by_role("region", name="Text that was not saved")).to_contain_text("You sent it to be saved")


def test_writing_and_publishing_are_two_rights(site: Site, sign_in: SignIn, article: Article) -> None:
    writer = sign_in("edda")
    _open_form(writer, site, article)
    assert not writer.get_by_role("button", name="Save and publish").count()
    _replace(writer, "shoes that fit", "clogs")
    _press(writer, "Save draft")
    expect(writer.locator(".messagelist")).to_contain_text("Readers still see the published text")

    publisher = sign_in("paul")
    _open_form(publisher, site, article)
    assert not publisher.locator("#article_form textarea").count()
    expect(publisher.locator("#article_form")).to_contain_text("Feet need clogs")
    expect(publisher.frame_locator("iframe[name=preview]").locator("article")).to_contain_text("Feet need clogs.")
    publisher.get_by_role("link", name="Publish", exact=True).click()
    publisher.get_by_role("button", name="Publish", exact=True).click()
    expect(publisher.locator(".messagelist")).to_contain_text("Readers see this text from now on")
    assert "Feet need clogs." in _as_readers_see(site, article)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_admin(site: Site, sign_in: SignIn, article: Article, scheme: str) -> None:
    page = sign_in("erin", color_scheme=scheme, bypass_csp=True)  # axe tries styles of its own
    found = []
    for name in ("article", "reference", "glossaryterm", "notice", "feedback"):
        page.goto(site.at(f"/admin/articles/{name}/"))
        found += find_violations(page)
    for name in ("reference", "glossaryterm"):
        page.goto(site.at(f"/admin/articles/{name}/add/"))
        found += find_violations(page)
        page.goto(site.at(f"/admin/articles/{name}/"))
        page.locator("#result_list tbody th a").first.click()
        expect(page.locator("#content-main form")).to_be_visible()
        found += find_violations(page)
        page.get_by_role("link", name="Delete").click()
        expect(page.locator("#uses")).to_be_visible()
        found += find_violations(page)
    _open_form(page, site, article)
    found += find_violations(page)
    assert not "\n".join(found)


def test_a_new_work_is_added_and_cited(site: Site, sign_in: SignIn, article: Article) -> None:
    page = sign_in("erin")
    page.goto(site.at("/admin/articles/reference/add/"))
    page.get_by_label("Key:").fill("PRACTICE-2026")
    page.get_by_label("Form:").select_option("book")
    page.get_by_label("Title:").fill("A book of shoes")
    page.get_by_label("Authors:").fill("Example A\n{A society of shoes}")
    page.get_by_label("Design:").select_option("randomised-trial")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errorlist")).to_contain_text("is a study and does not say of whom")
    page.get_by_role("checkbox", name="people", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#result_list")).to_contain_text("PRACTICE-2026")

    _open_form(page, site, article)
    _replace(page, "shoes that fit [no-citation: advice]", "shoes that fit [@PRACTICE-2026]")
    _press(page, "Save and publish")
    expect(page.locator(".messagelist")).to_contain_text("Readers see this text from now on")
    assert "A book of shoes" in _as_readers_see(site, article)
    page.goto(site.at("/admin/articles/reference/?q=PRACTICE-2026"))
    page.get_by_role("link", name="PRACTICE-2026").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("link", name=re.compile(f"^{article.title} ")).click()
    page.wait_for_url("**/admin/articles/article/*/change/")
