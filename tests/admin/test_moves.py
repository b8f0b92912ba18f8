"""The pages of the moves: what they say before, what they do, and how they refuse."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Article, Publication, RevisionState, Withdrawal
from articles.workflow import MoveName
from tests.admin.test_article_form import form, send
from tests.admin.test_rights import ADMIN
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user
from tests.workflow.support import judge

pytestmark = pytest.mark.django_db

PAGES = [name for name in MoveName if name is not MoveName.REVIEW]


@pytest.fixture
def article() -> Article:
    """A published article with a draft by a command, revision 2."""
    make_evidence()
    article = make_article()
    edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    return article


@pytest.fixture
def client(client: Client) -> Client:
    """An editor who publishes."""
    client.force_login(make_user("Editors", "Publishers", username="erin"))
    return client


@pytest.fixture
def rhea() -> Any:
    user = make_user("Reviewers", username="rhea")
    user.first_name, user.last_name, user.email = "Rhea", "Example", "rhea@example.org"
    user.save()
    return user


def make(client: Client, article: Article, name: str, **values: Any) -> str:
    """Send a move's form; give the page it leads to."""
    answer = client.post(f"{ADMIN}/{article.pk}/move/{name}/", {"revision": "2", **values}, follow=True)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def local(days: int) -> str:
    """What a browser sends for a time some days from now."""
    return (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def test_a_text_is_sent_to_a_chosen_reviewer(
    client: Client, article: Article, rhea: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = unescape(client.get(f"{ADMIN}/{article.pk}/move/submit/").content.decode())
    assert f'<option value="{rhea.pk}">Rhea Example</option>' in page
    with django_capture_on_commit_callbacks(execute=True):
        said = make(client, article, "submit", reviewer=rhea.pk, words="Please look at balance.")
    assert "Sent to Rhea Example for review. They get an e-mail with a link." in said
    assert "Waiting for a review by Rhea Example." in said
    assert len(mail.outbox) == 1
    assert "You cannot publish this draft now:" in said
    assert "This text is in review. Wait for the verdict, or take it back from review first." in said
    assert "Taken back from review." in make(client, article, "call_back")
    page = unescape(client.get(f"{ADMIN}/{article.pk}/move/submit/").content.decode())
    assert f'<option value="{rhea.pk}" selected>Rhea Example</option>' in page, "who was chosen before is chosen again"


def test_a_reviewer_without_an_address_is_to_be_told(client: Client, article: Article, rhea: Any) -> None:
    rhea.email = ""
    rhea.save()
    said = make(client, article, "submit", reviewer=rhea.pk)
    assert "We know no e-mail address of theirs, so please tell them." in said


def test_whoever_is_free_may_review(client: Client, article: Article) -> None:
    assert "It stands on the first page of everybody who may review it." in make(client, article, "submit")


def test_nobody_is_chosen_who_may_not_review(client: Client, article: Article) -> None:
    other = make_user("Editors", username="other")
    assert "Select a valid choice." in make(client, article, "submit", reviewer=other.pk)
    assert RevisionState.objects.get().status == "draft"


def test_a_text_is_scheduled_in_the_site_s_zone_which_is_named(client: Client, article: Article, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/London"
    page = unescape(client.get(f"{ADMIN}/{article.pk}/move/schedule/").content.decode())
    assert "In the site’s time zone, Europe/London (now " in page
    assert 'type="datetime-local"' in page
    said = make(client, article, "schedule", publish_at="2099-07-01T09:00")
    assert "Scheduled. Readers see this text from 1 July 2099, 09:00 BST on." in said
    assert RevisionState.objects.get().publish_at == datetime(2099, 7, 1, 8, tzinfo=UTC)
    assert "erin scheduled it to be published on 1 July 2099, 09:00 BST." in said
    assert ">Choose another time</a>" in said
    assert ">Publish later</a>" not in said
    assert 'value="2099-07-01T09:00"' in client.get(f"{ADMIN}/{article.pk}/move/schedule/").content.decode()
    assert "Taken out of the schedule." in make(client, article, "unschedule")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required."),
        ("2099-02-30T09:00", "Enter a valid date/time."),
        ("soon", "Enter a valid date/time."),
        ("2001-01-01T09:00", "This time has passed; choose one that is still to come, or publish now."),
        ("2099-03-29T01:30", "couldn’t be interpreted in time zone"),  # the hour that summer time leaves out
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(
    typed: str, said: str, client: Client, article: Article, settings: Any
) -> None:
    settings.TIME_ZONE = "Europe/London"
    assert said in make(client, article, "schedule", publish_at=typed)
    assert RevisionState.objects.get().status == "draft"


@pytest.mark.parametrize("name", ["schedule", "withdraw"])
def test_the_last_minute_of_the_calendar_is_refused_where_it_is_none_elsewhere(
    name: str, client: Client, article: Article, settings: Any
) -> None:
    settings.TIME_ZONE = "America/New_York"
    values = {"publish_at": "9999-12-31T23:59", "due_at": "9999-12-31T23:59", "when": "later", "reason": "It is old."}
    assert "Enter a valid date/time." in make(client, article, name, **values)


def test_an_article_is_withdrawn_and_brought_back(client: Client, article: Article) -> None:
    assert "This field is required." in make(client, article, "withdraw", when="now")
    said = make(client, article, "withdraw", when="now", reason="It was wrong.")
    assert "Withdrawn. At its address readers find your reason, and help." in said
    assert "“It was wrong.”" in said
    assert client.get("/articles/b12/").status_code == 410
    said = make(client, article, "bring_back", revision="1", note="It is mended.")
    assert "Back. Readers see this article again." in said
    assert client.get("/articles/b12/").status_code == 200


def test_a_withdrawal_is_planned_and_cancelled(client: Client, article: Article) -> None:
    for typed, said in [
        ({"when": "later"}, "Choose a date and time, or choose “Now” above."),
        ({"when": "now", "due_at": local(2)}, "You chose a time below. Choose “Later”, or empty the time."),
    ]:
        page = make(client, article, "withdraw", reason="It is over.", **typed)
        assert said in page
        assert "It is over.</textarea>" in page, "nothing typed is lost"
    said = make(client, article, "withdraw", reason="It is over.", when="later", due_at=local(2))
    assert "Planned. Readers see this article until" in said
    assert "erin planned to withdraw it from readers on" in said
    assert client.get("/articles/b12/").status_code == 200
    assert "Cancelled. Readers go on seeing this article." in make(client, article, "cancel_withdrawal")
    assert Withdrawal.objects.get().cancelled_at is not None


def test_what_stops_a_text_is_listed_and_the_button_is_not_there(client: Client, article: Article) -> None:
    edit(article, f"{TEXT}\nA bare statement.\n")
    for name in ("submit", "publish", "schedule"):
        page = unescape(client.get(f"{ADMIN}/{article.pk}/move/{name}/").content.decode())
        assert "Mend these first:" in page
        assert "“A bare statement.”" in page
        assert 'type="submit" class="default"' not in page
        make(client, article, name, revision="3", publish_at=local(2))
    assert RevisionState.objects.get().status == "draft"
    assert Publication.objects.count() == 1


def test_a_move_that_is_not_allowed_now_says_why_and_has_no_button(client: Client, article: Article) -> None:
    make(client, article, "submit")
    page = unescape(client.get(f"{ADMIN}/{article.pk}/move/publish/").content.decode())
    assert "This cannot be done now:" in page
    assert 'type="submit" class="default"' not in page
    assert "This text is in review." in make(client, article, "publish")
    assert Publication.objects.count() == 1


def test_saving_and_publishing_what_a_reviewer_wants_changed_publishes_nothing(
    client: Client, article: Article, rhea: Any
) -> None:
    judge(article, rhea, "changes_requested")
    body = f"{TEXT}\nOne [@PEOPLE-2020].\n".split("---\n", 2)[2]
    answer = client.post(f"{ADMIN}/{article.pk}/change/", form(body=body, based_on="2", _publish="Publish", note=""), follow=True)
    assert answer.status_code == 200
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_an_older_text_is_refused(name: str, client: Client, article: Article) -> None:
    values = {"reason": "x", "when": "now", "note": "x", "publish_at": local(2)}
    said = make(client, article, name, revision="1", **values)
    assert "There is a newer text than the one you looked at." in said or "This cannot be done now:" in said
    assert RevisionState.objects.get().status == "draft"
    assert Article.objects.published().exists()


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_is_refused(name: str, client: Client, article: Article) -> None:
    client.force_login(make_user("Reviewers", username="rita"))
    values = {"revision": "2", "reason": "x", "when": "now", "note": "x", "publish_at": local(2)}
    answer = client.post(f"{ADMIN}/{article.pk}/move/{name}/", values)
    assert answer.status_code == 403
    assert Article.objects.published().exists()


@pytest.mark.parametrize("name", ["review", "nonsense", "publish%00"])
def test_there_is_no_page_for_what_is_no_move(name: str, client: Client, article: Article) -> None:
    assert client.get(f"{ADMIN}/{article.pk}/move/{name}/").status_code == 404


def test_only_moves_that_can_be_made_now_have_a_button(client: Client, article: Article, rhea: Any) -> None:
    page = client.get(f"{ADMIN}/{article.pk}/change/").content.decode()
    offered = {name for name in MoveName if f"/{article.pk}/move/{name}/" in page}
    assert offered == {MoveName.SUBMIT, MoveName.PUBLISH, MoveName.SCHEDULE, MoveName.WITHDRAW}
    client.force_login(rhea)
    page = client.get(f"{ADMIN}/{article.pk}/change/").content.decode()
    assert "/move/" not in page
    assert f"/{article.pk}/review/" in page


def test_what_missed_its_time_says_so_on_the_form(client: Client, article: Article) -> None:
    RevisionState.objects.update(problem="a work was withdrawn; take it out")
    page = unescape(client.get(f"{ADMIN}/{article.pk}/change/").content.decode())
    assert "It could not be published at its time: a work was withdrawn; take it out" in page


def test_the_list_says_where_each_article_stands(client: Client, article: Article) -> None:
    workflow.submit(revision=article.revisions.get(number=2), reviewer=None, by=IMPORT, now=NOW)
    make_article("new", is_published=False)
    gone = make_article("gone")
    workflow.withdraw(article=gone, reason="It was wrong.", by=IMPORT, now=NOW)
    page = client.get(f"{ADMIN}/").content.decode()
    for words in ("published; newer text: in review", ">draft<", ">withdrawn<"):
        assert words in page
    send(client, article, based_on="2", note="More.")
    assert "published; newer text: draft" in client.get(f"{ADMIN}/").content.decode()
