"""A publisher takes an article from readers; readers are told so, on a phone as on paper."""

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import Faults, NewContext, SignIn, Site
from tests.browser.test_editor import TEXT

REASON = "A study that it rested on was made up."
PATH = "/articles/practice-84/"
GONE = "console: Failed to load resource: the server responded with a status of 410"
MAX_BYTES = 10_000
"""With its styles, as Chromium loads them; most of it is the help that stands on every page."""


@pytest.fixture(scope="module", autouse=True)
def articles(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two published articles of a topic of their own."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "articles").mkdir()
    for number in (83, 84):
        (folder / "articles" / f"practice-{number}.md").write_text(
            TEXT.format(number=number).replace("topic: Practice", "topic: Farewells")
        )
    site.manage("import_content", str(folder), "--publish")


@pytest.fixture(scope="module")
def taken() -> list[str]:
    """What has been taken down already in this module."""
    return []


@pytest.fixture
def withdrawn(site: Site, sign_in: SignIn, taken: list[str], faults: Faults) -> None:
    """One of the two, which a publisher has withdrawn."""
    faults.expected.append(GONE)
    if taken:
        return
    paul = sign_in("paul")
    paul.goto(site.at("/admin/articles/article/?q=practice+84"))
    paul.get_by_role("link", name="Practice 84", exact=True).click()
    paul.get_by_role("link", name="Withdraw from readers", exact=True).click()
    paul.get_by_label("Why (readers see this)").fill(REASON)
    paul.get_by_role("button", name="Withdraw from readers").click()
    expect(paul.get_by_text(REASON).first).to_be_visible()
    taken.append(PATH)


def open_gone(site: Site, new_context: NewContext, place: str = "", **options: object) -> Page:
    page = new_context(**options).new_page()
    answer = page.goto(site.at(f"{PATH}{place}"))
    assert answer
    assert answer.status == 410
    return page


@pytest.mark.usefixtures("withdrawn")
def test_readers_are_told_when_why_and_what_to_do(site: Site, new_context: NewContext) -> None:
    page = open_gone(site, new_context, viewport={"width": 320, "height": 640})
    expect(page.get_by_role("heading", name="Practice 84")).to_be_visible()
    expect(page.get_by_text("We have taken this page down.")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text("Feet need shoes")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator("#talk")).to_contain_text("numb between the legs")
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.get_by_role("link", name="Practice 83", exact=True).click()
    expect(page.get_by_text("Feet need shoes that fit.")).to_be_visible()
    for place in ("visit/", "history/", "standards/", "feedback/"):
        open_gone(site, new_context, place)


@pytest.mark.usefixtures("withdrawn")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(site: Site, new_context: NewContext, scheme: str, width: int) -> None:
    size = {"width": width, "height": 800}
    page = open_gone(site, new_context, color_scheme=scheme, viewport=size, bypass_csp=True)
    assert find_violations(page) == []


@pytest.mark.usefixtures("withdrawn")
def test_the_page_is_light(site: Site, new_context: NewContext) -> None:
    answers: list[Response] = []
    page = new_context().new_page()
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright takes no built-in
    page.goto(site.at(PATH), wait_until="networkidle")
    counted = [answer for answer in answers if answer.request.resource_type in {"document", "stylesheet"}]
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in counted}
    assert len(sizes) == 3
    assert sum(sizes.values()) <= MAX_BYTES, sizes


@pytest.mark.usefixtures("withdrawn")
def test_on_paper_it_says_the_same(site: Site, new_context: NewContext) -> None:
    page = open_gone(site, new_context)
    page.emulate_media(media="print")
    expect(page.get_by_text("We have taken this page down.")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.locator("#talk")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_hidden()
