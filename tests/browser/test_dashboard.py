"""The admin's first page, as the people see it whose work it lists; and the log of acts."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import find_violations
from tests.browser.conftest import SignIn, Site
from tests.browser.test_moves import WORK
from tests.browser.test_record import TEXT

SUBMIT = """
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from articles import workflow
from articles.models import Article
user = get_user_model().objects.get
article = Article.objects.get(slug="practice-desk")
by = workflow.Actor.person(user(username="edda"))
source = workflow.check_source(article.latest_revision.source + "\\nThe rats sat [@RATS-DESK].\\n", "article", article=article)
now = timezone.now()
draft = workflow.save_revision(article=article, source=source, based_on=article.latest_revision, by=by, now=now)
workflow.submit(revision=draft, reviewer=user(username="rhea"), by=by, now=now)
workflow.withdraw(article=article, reason="Old.", by=workflow.Actor.command("test"), now=now, due_at=now + timedelta(days=9))
"""
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 568}},
}


@pytest.fixture(scope="module")
def submitted(site: Site, accounts: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An article whose draft waits for Rhea's review."""
    folder: Path = tmp_path_factory.mktemp("dashboard")
    (folder / "articles").mkdir()
    (folder / "references.yaml").write_text(WORK.format(name="DESK"))
    (folder / "articles/practice-desk.md").write_text(TEXT.format(name="DESK"))
    site.manage("import_content", str(folder), "--publish")
    site.manage("shell", "-v", "0", "-c", SUBMIT)


def see(page: Page) -> None:
    """See that nothing is in anybody's way, and that nothing has to be pushed sideways."""
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("mode", MODES)
def test_a_reviewer_sees_what_waits_and_goes_there_with_one_click(
    site: Site, sign_in: SignIn, submitted: None, mode: str
) -> None:
    page = sign_in("rhea", bypass_csp=True, **MODES[mode])
    waiting = page.get_by_role("region", name="Waiting for your review")
    expect(waiting).to_contain_text("You were asked, sent by Edda Example")
    see(page)
    waiting.get_by_role("link", name="Practice with DESK").click()
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()


def test_an_editor_sees_plans_and_finds_the_log(site: Site, sign_in: SignIn, submitted: None) -> None:
    page = sign_in("edda", bypass_csp=True)
    planned = page.get_by_role("region", name="Planned for later")
    expect(planned).to_contain_text("To be withdrawn on")
    expect(page.get_by_role("region", name="Waiting for your review")).to_have_count(0)
    see(page)
    planned.get_by_role("link", name="Practice with DESK").click()
    page.get_by_role("link", name="Log", exact=True).click()
    expect(page.locator(".log tbody tr").first).to_contain_text("planned a withdrawal: Old.")
    see(page)
    page.goto(site.at("/admin/articles/auditevent/?q=DESK"))
    expect(page.locator("#result_list")).to_contain_text("sent for review")
    assert find_violations(page) == []
