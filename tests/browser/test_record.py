"""Evidence and its record in a browser: what publishing refuses, reviews, history, comparison, as the people who use them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import NewContext, SignIn, Site

REFERENCES = """\
RATS-{name}:
  type: article-journal
  title: A made-up study of rats, for practice
  design: animal-experiment
  populations: [rats]
GONE-{name}:
  type: article-journal
  title: A made-up study that was withdrawn, for practice
  design: randomised-trial
  populations: [people]
  retracted_on: 2016-11-02
"""
TEXT = """\
---
title: Practice with {name}
summary: Practice rats were watched [@RATS-{name}].
key_message: Practice rats were watched [@RATS-{name}].
topic: Practice
---

## Rats {{#rats certainty=very-low}}

!!! answer
    Practice rats ran [@RATS-{name}].

!!! why
    They were rats [@RATS-{name}].

!!! not-known
    Did people run?

The rats ran far [@RATS-{name}]. The rats slept [@RATS-{name}].
"""
NAMES = ("APPLES", "PEARS", "PLUMS", "FIGS")
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "320 px": {"viewport": {"width": 320, "height": 568}},
}


@pytest.fixture(scope="module")
def unused(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Names of published articles that no other test reads."""
    folder = tmp_path_factory.mktemp("record")
    (folder / "articles").mkdir()
    (folder / "references.yaml").write_text("".join(REFERENCES.format(name=name) for name in NAMES))
    for name in NAMES:
        (folder / f"articles/practice-{name.lower()}.md").write_text(TEXT.format(name=name))
    site.manage("import_content", str(folder), "--publish")
    return iter(NAMES)


@pytest.fixture
def name(unused: Iterator[str]) -> str:
    """The name of an article of the test's own."""
    return next(unused)


def path(name: str, record: str = "") -> str:
    return f"/articles/practice-{name.lower()}/{record}"


def open_form(page: Page, site: Site, name: str) -> None:
    page.goto(site.at(f"/admin/articles/article/?q={name}"))
    page.get_by_role("link", name=f"Practice with {name}", exact=True).click()
    page.wait_for_url("**/change/**")


def write(page: Page, old: str, new: str, *, note: str = "Because.", kind: str = "Changed content") -> None:
    body = page.get_by_role("textbox", name="Text:")
    assert old in body.input_value()
    body.fill(body.input_value().replace(old, new))
    page.get_by_label("What changed, and why").fill(note)
    page.get_by_label("Kind of change").select_option(kind)


def test_publishing_is_refused_with_words_at_the_line(site: Site, sign_in: SignIn, name: str) -> None:
    page = sign_in("erin")
    for old, new, words in (
        ("The rats slept", "People slept too. The rats slept", "Line 13: A sentence without a source: “People slept too.”"),
        ("certainty=very-low", "certainty=high", "Line 2: high certainty on works that carry very low certainty at most"),
        ("slept [@RATS", "slept [@GONE", "was withdrawn by its journal on 2016-11-02"),
    ):
        open_form(page, site, name)
        write(page, old, new)
        page.get_by_role("button", name="Save and publish", exact=True).click()
        expect(page.locator(".field-body .errorlist")).to_contain_text(words)
        assert new in page.get_by_role("textbox", name="Text:").input_value(), "what was typed is kept"
    page.goto(site.at(path(name, "history/")))
    expect(page.locator(".entries > li")).to_have_count(1)


def test_a_change_of_meaning_is_not_called_small(site: Site, sign_in: SignIn, name: str) -> None:
    page = sign_in("erin")
    open_form(page, site, name)
    write(page, "The rats slept", "The rats never slept", kind="Spelling or layout")
    page.get_by_role("button", name="Save and publish", exact=True).click()
    expect(page.locator(".field-significance .errorlist")).to_contain_text("a statement that has a source")


def test_two_publications_compared_by_a_reader(site: Site, sign_in: SignIn, name: str, new_context: NewContext) -> None:
    editor = sign_in("erin")
    open_form(editor, site, name)
    write(editor, "The rats ran far", "The rats ran slowly", note="They did not run far.", kind="Urgent correction")
    editor.get_by_role("button", name="Save and publish", exact=True).click()
    expect(editor.locator(".messagelist")).to_contain_text("Readers see this text from now on")

    for options in MODES.values():
        page = new_context(bypass_csp=True, **options).new_page()  # axe tries styles of its own
        page.goto(site.at(path(name)))
        expect(page.locator(".note")).to_contain_text("They did not run far.")
        page.get_by_role("link", name="Every change").click()
        expect(page.locator(".entries > li").first).to_contain_text("Urgent correction")
        assert not find_violations(page)
        page.get_by_role("button", name="Show what changed").click()
        expect(page.locator(".diff .mix")).to_have_count(1)
        assert " ".join(page.locator(".diff del").inner_text().split()) == "removed: far , end of removed."
        assert " ".join(page.locator(".diff ins").inner_text().split()) == "added: slowly , end of added."
        expect(page.get_by_role("heading", name="Statements added")).to_be_visible()
        expect(page.locator("main")).to_contain_text("The rats ran slowly (studied in rats, not people).")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not find_violations(page)
        page.get_by_role("link", name="copy 1").click()
        expect(page.locator("main")).to_contain_text("This is an old copy (number 1).")
        expect(page.locator("#rats")).to_contain_text("The rats ran far.")


def test_a_clinician_reviews_and_an_author_cannot(site: Site, sign_in: SignIn, name: str, new_context: NewContext) -> None:
    author = sign_in("erin")
    open_form(author, site, name)
    assert not author.get_by_role("link", name="Review", exact=True).count()
    reviewer = sign_in("rhea")
    open_form(reviewer, site, name)
    reviewer.get_by_role("link", name="Review", exact=True).click()
    for box in reviewer.get_by_role("checkbox").all()[:-1]:
        box.check()
    reviewer.get_by_label("approved").check()
    reviewer.get_by_label("Your role").fill("neurologist")
    reviewer.get_by_label("Your credentials").fill("for practice")
    reviewer.get_by_label("Interests to declare").fill("None")
    reviewer.get_by_role("button", name="Record my review").click()
    expect(reviewer.locator(".errorlist").first).to_contain_text("re-check and tick everything")
    reviewer.get_by_role("checkbox").last.check()
    reviewer.get_by_role("button", name="Record my review").click()
    expect(reviewer.get_by_text("A review cannot be taken back.")).to_be_visible()
    reviewer.get_by_role("button", name="Back, to change something").click()
    expect(reviewer.get_by_label("Your role")).to_have_value("neurologist")
    reviewer.get_by_role("button", name="Record my review").click()
    reviewer.get_by_role("button", name="Yes, record it").click()
    expect(reviewer.locator(".messagelist")).to_contain_text("Your review is recorded.")

    page = new_context().new_page()
    page.goto(site.at(path(name)))
    expect(page.locator(".record")).to_contain_text("Reviewed by a clinician")
    page.get_by_role("link", name="what was checked").click()
    expect(page.locator(".review")).to_contain_text("Rhea Example, neurologist (for practice)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_beside_an_article_in_the_admin(site: Site, sign_in: SignIn, scheme: str) -> None:
    page = sign_in("rhea", color_scheme=scheme, bypass_csp=True)
    page.goto(site.at("/admin/articles/article/?q=effects"))
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url("**/change/**")
    form = page.url.split("/change/")[0]
    found = []
    for record in ("review", "standards", "publications", "rate/discern", "rate/jama"):
        page.goto(f"{form}/{record}/")
        expect(page.locator(".record-page")).to_be_visible()
        found += find_violations(page)
    assert not "\n".join(found)
