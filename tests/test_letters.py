"""Letters to those who write and review."""

import logging
import smtplib
import socket
import time
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core import mail
from django.core.checks import Warning as CheckWarning
from django.test import override_settings

from articles import letters, workflow
from articles.apps import check_letters
from articles.models import CHECKLIST, Article, Review
from tests.support import NOW, TEXT, edit, make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def make_person(name: str, *groups: str, email: str = "") -> Any:
    user = make_user(*groups, username=name)
    user.first_name, user.last_name, user.email = name.title(), "Example", email
    user.save()
    return user


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.fixture
def rhea() -> Any:
    return make_person("rhea", "Reviewers", email="rhea@example.org")


def draft(article: Article, *users: Any) -> Any:
    """Save a draft by each of some accounts, one upon the other; gives the last."""
    revision = None
    for user in users:
        text = TEXT.replace("People were asked", f"People ({user.username}) were asked")
        revision = edit(article, text, workflow.Actor.person(user))
    return revision


def judge(revision: Any, reviewer: Any, decision: Review.Decision, comment: str = "") -> Review:
    verdict = workflow.Verdict(decision, list(CHECKLIST), "Dr Rhea", "neurologist", "MD", "None", comment)
    return workflow.review(revision=revision, verdict=verdict, by=workflow.Actor.person(reviewer), now=NOW)


def test_a_reviewer_is_asked_with_a_link(article: Article, rhea: Any) -> None:
    revision = draft(article, make_person("erin", "Editors"))
    assert letters.ask_for_review(revision, rhea, "Erin Example", "The part on rats is new.\nPlease look.")
    (letter,) = mail.outbox
    assert letter.subject == "Please review: Vitamin B12 and your nerves"
    assert (letter.to, letter.from_email) == (["rhea@example.org"], site_settings.DEFAULT_FROM_EMAIL)
    assert letter.body.splitlines() == [
        "Hello Rhea Example,",
        "",
        "Erin Example asks you to review “Vitamin B12 and your nerves” (revision 2).",
        "",
        "What they say:",
        "The part on rats is new.",
        "Please look.",
        "",
        "Read it and record your review here:",
        f"{site_settings.SITE['url']}/admin/articles/article/{article.pk}/review/",
        "",
        "If you cannot do it, please tell Erin Example, so that somebody else can.",
        "",
        "Neuropathy, plainly",
    ]
    assert letter.message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("email", "is_active"), [("", True), ("rhea@example.org", False)])
def test_who_cannot_be_written_to_gets_none(article: Article, rhea: Any, email: str, is_active: bool) -> None:
    rhea.email, rhea.is_active = email, is_active
    assert not letters.ask_for_review(article.published_revision, rhea, "Erin Example")  # type: ignore[arg-type]
    assert not mail.outbox


def test_no_header_is_slipped_in(article: Article, rhea: Any, caplog: pytest.LogCaptureFixture) -> None:
    revision = article.published_revision
    assert revision
    revision.article.title = "Nerves\r\nBcc: everybody@example.org\u2028\x85X"
    assert letters.ask_for_review(revision, rhea, "Erin\nBcc: a@example.org", "Bcc: b@example.org")
    message = mail.outbox[0].message()
    assert message["Subject"] == "Please review: Nerves Bcc: everybody@example.org X"
    assert message["Bcc"] is None
    rhea.email = "rhea@example.org\nBcc: c@example.org"
    assert not letters.ask_for_review(revision, rhea, "Erin")
    assert len(mail.outbox) == 1
    assert "was not sent" in caplog.text


def test_authors_are_told_of_a_request_for_changes(article: Article, rhea: Any) -> None:
    erin, edda, old = (make_person(name, "Editors", email=f"{name}@example.org") for name in ("erin", "edda", "old"))
    silent = make_person("silent", "Editors")
    draft(article, old)
    workflow.publish(article=article, revision=article.revisions.get(number=2), by=workflow.Actor.command("import"), now=NOW)
    revision = draft(article, erin, silent, edda)
    assert letters.tell_of_decision(judge(revision, rhea, Review.Decision.CHANGES_REQUESTED, "Say how many rats.")) == 2
    assert [letter.to for letter in mail.outbox] == [["erin@example.org"], ["edda@example.org"]]
    assert {letter.subject for letter in mail.outbox} == {"Changes requested: Vitamin B12 and your nerves"}
    assert "What they say:\nSay how many rats." in mail.outbox[0].body
    assert f"/admin/articles/article/{article.pk}/change/" in mail.outbox[0].body


def test_authors_are_told_of_an_approval(article: Article, rhea: Any) -> None:
    revision = draft(article, make_person("erin", "Editors", email="erin@example.org"))
    assert letters.tell_of_decision(judge(revision, rhea, Review.Decision.APPROVED)) == 1
    assert mail.outbox[0].subject == "Approved: Vitamin B12 and your nerves"
    assert "What they say" not in mail.outbox[0].body


def test_authors_are_told_of_a_time_that_was_missed(article: Article) -> None:
    revision = draft(article, make_person("erin", "Editors", email="erin@example.org"))
    assert letters.tell_of_missed_schedule(revision, "RATS-1994 was withdrawn") == 1
    assert mail.outbox[0].subject == "Not published at its time: Vitamin B12 and your nerves"
    assert "RATS-1994 was withdrawn" in mail.outbox[0].body


def test_a_text_without_an_account_behind_it_has_nobody_to_tell(article: Article) -> None:
    assert article.published_revision
    assert letters.tell_of_missed_schedule(article.published_revision, "Why") == 0


def test_a_server_that_is_down_is_logged_and_nothing_else(article: Article, rhea: Any, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=closed.getsockname()[1]):
            assert not letters.ask_for_review(article.published_revision, rhea, "Erin")  # type: ignore[arg-type]
    (said,) = caplog.records
    assert said.levelno == logging.ERROR
    assert "refused" in said.getMessage()


def test_a_server_that_hangs_is_given_up_once(article: Article, rhea: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert site_settings.EMAIL_TIMEOUT == 10
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        revision = draft(article, *(make_person(name, "Editors", email=f"{name}@example.org") for name in ("a", "b", "c")))
        begun = time.monotonic()
        with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_TIMEOUT=0.2):
            assert letters.tell_of_missed_schedule(revision, "Why") == 0
        assert time.monotonic() - begun < 0.55
    assert len(caplog.records) == 1


def test_one_refused_address_does_not_keep_the_others_from_their_letters(
    article: Article, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    revision = draft(article, *(make_person(name, "Editors", email=f"{name}@example.org") for name in ("erin", "edda")))
    backend = type(mail.get_connection())
    real = backend.send_messages

    def refuse_erin(self: Any, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["erin@example.org"]:
            raise smtplib.SMTPRecipientsRefused({})
        return int(real(self, messages))

    monkeypatch.setattr(backend, "send_messages", refuse_erin)
    assert letters.tell_of_missed_schedule(revision, "Why") == 1
    assert [letter.to for letter in mail.outbox] == [["edda@example.org"]]
    assert "erin@example.org" in caplog.text


@pytest.mark.parametrize(
    ("is_public", "backend", "warnings"),
    [(True, "console", 1), (True, "smtp", 0), (False, "console", 0)],
)
def test_a_public_site_that_sends_no_letters_is_warned_of(is_public: bool, backend: str, warnings: int) -> None:
    with override_settings(IS_PUBLIC=is_public, EMAIL_BACKEND=f"django.core.mail.backends.{backend}.EmailBackend"):
        found = check_letters(apps.get_app_configs())
    assert [type(message) for message in found] == [CheckWarning] * warnings
