"""A text on its way to readers and back, by the people who move it: an editor, a reviewer, a publisher."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import Faults, SignIn, Site
from tests.browser.test_record import TEXT

WORK = """\
RATS-{name}:
  type: article-journal
  title: A made-up study of rats, for practice
  design: animal-experiment
  populations: [rats]
"""
NAMES = ("REVIEW", "TIMES", "LEAVE")
MAKE_DUE = "from articles.models import *; from datetime import *; {}"


@pytest.fixture(scope="module")
def articles(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An article for each test."""
    folder: Path = tmp_path_factory.mktemp("moves")
    (folder / "articles").mkdir()
    (folder / "references.yaml").write_text("".join(WORK.format(name=name) for name in NAMES))
    for name in NAMES:
        (folder / f"articles/practice-{name.lower()}.md").write_text(TEXT.format(name=name))
    site.manage("import_content", str(folder), "--publish")


def open_form(page: Page, site: Site, name: str) -> None:
    page.goto(site.at(f"/admin/articles/article/?q={name}"))
    page.get_by_role("link", name=f"Practice with {name}", exact=True).click()
    page.wait_for_url("**/change/**")


def save_change(page: Page, site: Site, name: str, words: str) -> None:
    open_form(page, site, name)
    body = page.get_by_role("textbox", name="Text:")
    body.fill(f"{body.input_value()}\n\n{words} [@RATS-{name}].\n")
    page.get_by_label("What changed, and why").fill("Because.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist").get_by_text("Saved as a draft.")).to_be_visible()


def move(page: Page, name: str) -> None:
    """Go to a move's page by its button, and see that nothing is in a blind or lame reader's way."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert find_violations(page) == []


def test_a_second_person_reviews_what_an_editor_wrote(site: Site, sign_in: SignIn, articles: None) -> None:
    edda = sign_in("edda", bypass_csp=True)
    save_change(edda, site, "REVIEW", "The rats sat")
    move(edda, "Send for review")
    edda.get_by_label("Reviewer").select_option("Rhea Example")
    edda.get_by_label("What to look at").fill("Did they sit?")
    edda.get_by_role("button", name="Send for review").click()
    expect(edda.get_by_text("Sent to Rhea Example for review.")).to_be_visible()
    expect(edda.get_by_role("link", name="Publish", exact=True)).to_have_count(0)

    rhea = sign_in("rhea", bypass_csp=True)
    open_form(rhea, site, "REVIEW")
    rhea.get_by_role("link", name="Review", exact=True).first.click()
    rhea.get_by_label("changes requested").check()
    rhea.get_by_label("What is to be changed").fill("Say where they sat.")
    rhea.get_by_label("Your role").fill("nurse")
    rhea.get_by_label("Your credentials").fill("RN")
    rhea.get_by_label("Interests to declare").fill("None")
    record(rhea)

    edda.reload()
    expect(edda.get_by_text("changes requested").first).to_be_visible()
    save_change(edda, site, "REVIEW", "They sat in a cage")
    move(edda, "Send for review")
    expect(edda.get_by_label("Reviewer").locator("option:checked")).to_have_text("Rhea Example")
    edda.get_by_role("button", name="Send for review").click()

    open_form(rhea, site, "REVIEW")
    rhea.get_by_role("link", name="Review", exact=True).first.click()
    for box in rhea.get_by_role("checkbox").all():
        box.check()
    rhea.get_by_label("approved", exact=True).check()
    rhea.get_by_label("Your name, as readers see it").fill("Rhea Example")
    rhea.get_by_label("Interests to declare").fill("None")
    record(rhea)

    paul = sign_in("paul", bypass_csp=True)
    open_form(paul, site, "REVIEW")
    move(paul, "Publish")
    paul.get_by_role("button", name="Publish").click()
    expect(paul.get_by_text("Published. Readers see this text from now on.")).to_be_visible()
    paul.goto(site.at("/articles/practice-review/"))
    expect(paul.get_by_text("They sat in a cage")).to_be_visible()
    expect(paul.get_by_text("Rhea Example").first).to_be_visible()


def record(page: Page) -> None:
    """Send a review, and say once more that it is meant."""
    page.get_by_role("button", name="Record my review").click()
    again = page.get_by_role("button", name="Yes, record")
    if again.count():
        again.click()
    expect(page.get_by_text("Your review is recorded.")).to_be_visible()


def test_a_text_is_published_at_its_time(site: Site, sign_in: SignIn, articles: None) -> None:
    save_change(sign_in("edda", bypass_csp=True), site, "TIMES", "The rats waited")
    paul = sign_in("paul", bypass_csp=True)
    open_form(paul, site, "TIMES")
    move(paul, "Publish later")
    expect(paul.get_by_text("In the site’s time zone, UTC")).to_be_visible()
    paul.get_by_label("Publish at").fill("2020-01-01T09:00")
    paul.get_by_role("button", name="Publish later").click()
    expect(paul.get_by_text("This time has passed")).to_be_visible()
    paul.get_by_label("Publish at").fill("2099-01-01T09:00")
    paul.get_by_role("button", name="Publish later").click()
    expect(paul.get_by_text("Readers see this text from 1 January 2099, 09:00 UTC on.")).to_be_visible()
    site.manage(
        "shell",
        "-c",
        MAKE_DUE.format("RevisionState.objects.filter(status='scheduled').update(publish_at=datetime(2026, 1, 1, tzinfo=UTC))"),
    )
    site.manage("publish_scheduled")
    paul.goto(site.at("/articles/practice-times/"))
    expect(paul.get_by_text("The rats waited")).to_be_visible()


def test_an_article_is_withdrawn_and_brought_back(site: Site, sign_in: SignIn, articles: None, faults: Faults) -> None:
    faults.expected.append("console: Failed to load resource: the server responded with a status of 410")
    paul = sign_in("paul", bypass_csp=True)
    open_form(paul, site, "LEAVE")
    move(paul, "Withdraw from readers")
    paul.get_by_label("Why (readers see this)").fill("It spoke of the wrong rats.")
    paul.get_by_role("button", name="Withdraw from readers").click()
    expect(paul.get_by_text("“It spoke of the wrong rats.”")).to_be_visible()
    answer = paul.goto(site.at("/articles/practice-leave/"))
    assert answer
    assert answer.status == 410
    expect(paul.get_by_text("It spoke of the wrong rats.")).to_be_visible()
    open_form(paul, site, "LEAVE")
    move(paul, "Bring back to readers")
    paul.get_by_label("Why it is back (readers see this)").fill("The rats were right.")
    paul.get_by_role("button", name="Bring back to readers").click()
    expect(paul.get_by_text("Readers see this article again.")).to_be_visible()
    answer = paul.goto(site.at("/articles/practice-leave/"))
    assert answer
    assert answer.ok
