"""A reviewer comments on words that they select; an editor without script answers and closes."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import SignIn, Site
from tests.browser.test_editor import TEXT

TITLE = "Practice 81"


@pytest.fixture(scope="module", autouse=True)
def article(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A published article."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "articles").mkdir()
    (folder / "articles" / "practice-81.md").write_text(TEXT.format(number=81))
    site.manage("import_content", str(folder), "--publish")


def open_form(page: Page, site: Site) -> None:
    page.goto(site.at("/admin/articles/article/?q=practice+81"))
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.wait_for_url("**/change/**")


def part(page: Page, name: str) -> Locator:
    """Give the part of the page that is about a section."""
    return page.get_by_role("region", name=name, exact=True)


def test_words_are_commented_on_answered_and_closed(site: Site, sign_in: SignIn) -> None:
    rhea = sign_in("rhea", bypass_csp=True)
    open_form(rhea, site)
    rhea.get_by_role("link", name="Comments", exact=True).click()
    shoes = part(rhea, "Shoes")
    shoes.get_by_text("Feet need shoes that fit.").click(click_count=3)
    quote = shoes.get_by_label("Words it is about")
    expect(quote).to_have_value("Feet need shoes that fit.")
    assert find_violations(rhea) == []
    shoes.get_by_label("Your comment").fill("Which shoes fit?")
    shoes.get_by_role("button", name="Comment", exact=True).click()
    expect(rhea.get_by_text("1 open comment.")).to_be_visible()
    expect(shoes.locator("mark")).to_have_text("Feet need shoes that fit")
    expect(shoes.get_by_role("link", name="Feet need shoes that fit.")).to_be_visible()

    edda = sign_in("edda", java_script_enabled=False)
    open_form(edda, site)
    edda.get_by_role("link", name="1 open comment", exact=True).click()
    shoes = part(edda, "Shoes")
    shoes.get_by_text("Answer Rhea Example").click()
    shoes.get_by_label("Your answer").fill("Those with room for the toes.")
    shoes.get_by_role("button", name="Answer", exact=True).click()
    expect(shoes.get_by_text("Those with room for the toes.")).to_be_visible()
    shoes.get_by_role("button", name="Close", exact=True).click()
    expect(edda.get_by_text("0 open comments.")).to_be_visible()
    expect(shoes.locator("mark")).to_have_count(0)
    expect(shoes.get_by_text("Closed by Edda Example")).to_be_visible()  # the address leads there, which opens what is folded


def test_words_that_are_not_there_are_refused_and_stay(site: Site, sign_in: SignIn) -> None:
    edda = sign_in("edda", java_script_enabled=False)
    open_form(edda, site)
    edda.get_by_role("link", name="Comments", exact=True).or_(edda.get_by_role("link", name="open comment")).first.click()
    socks = part(edda, "Socks")
    socks.get_by_text("Comment on “Socks”").click()
    socks.get_by_label("Words it is about").fill("Feet need shoes")
    socks.get_by_label("Your comment").fill("Why?")
    socks.get_by_role("button", name="Comment", exact=True).click()
    expect(edda.get_by_text("These words do not stand in this section")).to_be_visible()
    expect(part(edda, "Socks").get_by_label("Your comment")).to_have_value("Why?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_runs_out_of_the_page(site: Site, sign_in: SignIn, scheme: str, width: int) -> None:
    page = sign_in("paul", bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    open_form(page, site)
    page.goto(page.url.split("/change/", maxsplit=1)[0] + "/comments/")
    for summary in page.locator(".talk summary").all():
        summary.click()
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
