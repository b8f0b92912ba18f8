"""An editor looks at what an article said, compares, and makes an earlier text the draft again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import Faults, SignIn, Site
from tests.browser.test_editor import TEXT

TITLE = "Practice 82"
SENTENCE, OTHER = "Feet need shoes that fit", "Feet need shoes that shine"


@pytest.fixture(scope="module", autouse=True)
def article(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An article that is published, and has a draft."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "articles").mkdir()
    file = folder / "articles" / "practice-82.md"
    file.write_text(TEXT.format(number=82))
    site.manage("import_content", str(folder), "--publish")
    file.write_text(TEXT.format(number=82).replace(SENTENCE, OTHER))
    site.manage("import_content", str(folder))


def open_revisions(page: Page, site: Site) -> None:
    page.goto(site.at("/admin/articles/article/?q=practice+82"))
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("link", name="All revisions").click()
    expect(page.get_by_role("heading", name="Revisions", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_runs_out_of_the_page(
    site: Site, sign_in: SignIn, faults: Faults, scheme: str, width: int
) -> None:
    faults.expected.append("console: Failed to load resource: the server responded with a status of 404")
    page = sign_in("rhea", bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    open_revisions(page, site)
    home = page.url
    for place in ("", "1/", "compare/?from=1&to=2", "compare/?from=1&to=9"):
        answer = page.goto(f"{home}{place}")
        assert answer
        if answer.status == 200:
            assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        assert find_violations(page) == [], place


def test_two_texts_are_compared_and_the_first_becomes_the_draft_again(site: Site, sign_in: SignIn) -> None:
    edda = sign_in("edda", java_script_enabled=False)
    open_revisions(edda, site)
    expect(edda.get_by_text("what readers see, since")).to_be_visible()
    edda.get_by_role("link", name="From 1 to the latest").click()
    expect(edda.locator(".diff del")).to_contain_text("fit")
    expect(edda.locator(".diff ins")).to_contain_text("shine")
    edda.get_by_role("link", name="Revision 1", exact=True).click()
    expect(edda.locator(".said").get_by_text(SENTENCE)).to_be_visible()
    edda.get_by_role("button", name="Make this the draft again").click()
    expect(edda.locator(".messagelist")).to_contain_text("Revision 1 is the draft again, as revision 3.")
    expect(edda.get_by_role("textbox", name="Text:")).to_contain_text(SENTENCE)
    open_revisions(edda, site)
    expect(edda.get_by_text("Restored revision 1.")).to_be_visible()
