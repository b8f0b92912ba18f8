"""An editor shares a draft by a link; somebody without an account reads it, until the link is taken back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import Faults, NewContext, SignIn, Site
from tests.browser.test_editor import TEXT

TITLE = "Practice 77"
SENTENCE = "Feet need shoes that fit."
CLOSED = "console: Failed to load resource: the server responded with a status of 404"


@pytest.fixture(scope="module")
def draft(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An article that is not published."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "articles").mkdir()
    (folder / "articles" / "practice-77.md").write_text(TEXT.format(number=77))
    site.manage("import_content", str(folder))


def make_link(page: Page, site: Site) -> str:
    """Make a link by the keyboard, as an editor without script does; give the address shown."""
    page.goto(site.at("/admin/articles/article/?q=practice+77"))
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("link", name="Share this draft").click()
    expect(page.get_by_role("radio", name="7 days")).to_be_checked()
    page.get_by_role("radio", name="7 days").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="1 day")).to_be_checked()
    page.keyboard.press("Enter")
    shown = page.get_by_label("Copy it now.")
    expect(shown).to_be_focused()
    page.keyboard.press("Control+a")
    chosen = page.evaluate("document.activeElement.value.slice(document.activeElement.selectionStart)")
    assert chosen == shown.input_value()
    return str(chosen)


def test_a_draft_is_shared_read_and_taken_back(
    site: Site, draft: None, sign_in: SignIn, new_context: NewContext, faults: Faults
) -> None:
    editor = sign_in("edda")
    address = make_link(editor, site)
    assert address.startswith(f"{site.url}/preview/")

    reader = new_context().new_page()
    answer = reader.goto(address)
    assert answer
    assert answer.status == 200
    expect(reader.locator("article")).to_contain_text(SENTENCE)
    expect(reader.locator(".note").first).to_contain_text("A draft. It is not published.")
    expect(reader).to_have_title(f"Draft: {TITLE} – Neuropathy, plainly")
    assert not reader.context.cookies()
    with reader.expect_request(lambda request: request.url.endswith("/about/")) as asked:
        reader.get_by_role("link", name="About", exact=True).click()
    assert "referer" not in asked.value.all_headers()

    editor.goto(editor.url)
    expect(editor.locator("body")).not_to_contain_text(address)
    editor.get_by_text("Take this link back…").first.focus()  # the newest stands first
    editor.keyboard.press("Enter")
    editor.keyboard.press("Tab")
    editor.keyboard.press("Enter")
    expect(editor.locator(".messagelist")).to_contain_text("The link is taken back.")

    faults.expected.append(CLOSED)
    gone = reader.goto(address)
    assert gone
    assert gone.status == 404
    expect(reader.get_by_role("heading", name="This link does not work")).to_be_visible()
    expect(reader.locator("body")).not_to_contain_text(SENTENCE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_accessibility_violations(
    scheme: str, site: Site, draft: None, sign_in: SignIn, new_context: NewContext
) -> None:
    editor = sign_in("edda", color_scheme=scheme, bypass_csp=True)  # axe tries styles of its own
    address = make_link(editor, site)
    assert not find_violations(editor)
    editor.goto(editor.url)
    editor.get_by_text("Take this link back…").first.click()
    assert not find_violations(editor)
    reader = new_context(color_scheme=scheme, bypass_csp=True).new_page()
    reader.goto(address)
    assert not find_violations(reader)
