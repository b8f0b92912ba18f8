"""Sharing a draft: the page where links are made and taken back, and what people without an account see behind one."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Article, PreviewLink, Review, Revision
from tests.admin.test_rights import ADMIN
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user, publish
from tests.workflow.support import judge

pytestmark = pytest.mark.django_db

DRAFT = TEXT.replace("Vitamin B12 and your nerves", "A new title") + "\nNobody has seen this [@PEOPLE-2020].\n"
LINK = re.compile(r'<input type="url"[^>]* value="http://127\.0\.0\.1:8000(/preview/([\w-]{43})/)"')


@pytest.fixture
def article() -> Article:
    """A published article with a draft, which is its revision 2."""
    make_evidence()
    article = make_article()
    edit(article, DRAFT)
    article.refresh_from_db()
    return article


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("Editors", username="edda"))
    return client


def draft_of(article: Article) -> Revision:
    article.refresh_from_db()
    assert article.draft_revision is not None
    return article.draft_revision


def link_to(article: Article, days: int = 7) -> str:
    """Make a link and give its path."""
    revision = draft_of(article)
    _link, token = workflow.make_preview_link(revision=revision, days=days, by=IMPORT, now=timezone.now())
    return f"/preview/{token}/"


def words(answer: Any) -> str:
    """Give an answer's HTML with its characters as they are and single spaces."""
    return " ".join(unescape(answer.content.decode()).split())


def page(client: Client, article: Article) -> str:
    return words(client.get(f"{ADMIN}/{article.pk}/share/"))


def share(client: Client, article: Article, **changed: str) -> str:
    return words(client.post(f"{ADMIN}/{article.pk}/share/", {"revision": "2", "days": "7", **changed}, follow=True))


# Where links are made


def test_an_editor_makes_a_link_and_sees_it_once(editor: Client, article: Article) -> None:
    assert f'<a href="{ADMIN}/{article.pk}/share/">Share this draft</a>' in words(editor.get(f"{ADMIN}/{article.pk}/change/"))
    made = LINK.search(share(editor, article, days="30"))
    assert made
    assert "A new title" in words(Client().get(made[1]))
    link = PreviewLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(days=30)
    again = page(editor, article)
    assert made[2] not in again
    assert "Revision 2: made by edda on" in again
    assert made[2] not in repr([session.get_decoded() for session in Session.objects.all()])


def test_the_page_with_the_link_is_kept_nowhere(editor: Client, article: Article) -> None:
    answer = editor.post(f"{ADMIN}/{article.pk}/share/", {"revision": "2", "days": "7"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"days": "31"}, "Not shared: a link works for one of (1, 7, 30) days."),
        ({"days": ""}, "Not shared: a link works for one of"),
        ({"days": "²"}, "Not shared: a link works for one of"),
        ({"revision": "1"}, "Not shared: there is a newer text."),
        ({"revision": "x"}, "Not shared: there is a newer text."),
    ],
    ids=str,
)
def test_what_cannot_be_shared_is_said(changed: dict[str, str], said: str, editor: Client, article: Article) -> None:
    assert said in share(editor, article, **changed)
    assert not PreviewLink.objects.exists()


def test_what_readers_see_needs_no_link(editor: Client, article: Article) -> None:
    publish(article)
    assert "There is no draft to share." in page(editor, article)
    assert "Not shared: readers see this text already." in share(editor, article)
    assert not PreviewLink.objects.exists()


def test_a_link_is_taken_back(editor: Client, article: Article) -> None:
    path = link_to(article)
    html = page(editor, article)
    assert "Take this link back…" in html
    link = PreviewLink.objects.get()
    assert f'name="_revoke" value="{link.pk}"' in html
    assert "The link is taken back." in share(editor, article, _revoke=str(link.pk))
    assert "Not done: the link was taken back already." in share(editor, article, _revoke=str(link.pk))
    assert Client().get(path).status_code == 404
    assert "Take this link back…" not in page(editor, article)


@pytest.mark.parametrize("number", ["", "0", "x", "²", "9" * 30])
def test_a_link_that_is_none_is_not_taken_back(number: str, editor: Client, article: Article) -> None:
    assert editor.post(f"{ADMIN}/{article.pk}/share/", {"_revoke": number}).status_code == 404


def test_another_articles_link_is_not_taken_back(editor: Client, article: Article) -> None:
    other = make_article("other", is_published=False)
    link_to(other)
    number = str(PreviewLink.objects.get().pk)
    assert editor.post(f"{ADMIN}/{article.pk}/share/", {"_revoke": number}).status_code == 404


@pytest.mark.parametrize(
    ("group", "makes"),
    [("Editors", True), ("Publishers", True), ("Reviewers", False)],
    ids=["Editors", "Publishers", "Reviewers"],
)
def test_who_may_not_share_sees_the_links_and_no_form(group: str, makes: bool, client: Client, article: Article) -> None:
    link_to(article)
    client.force_login(make_user(group))
    html = page(client, article)
    assert "made by system: import" in html
    assert ("Make a link" in html, "Take it back" in html) == (makes, makes)


def test_an_editor_from_whom_the_right_was_taken_sees_nothing_of_it(client: Client, article: Article) -> None:
    Group.objects.get(name="Editors").permissions.remove(*Permission.objects.filter(content_type__model="previewlink"))
    client.force_login(make_user("Editors"))
    assert "Share this draft" not in words(client.get(f"{ADMIN}/{article.pk}/change/"))
    assert client.get(f"{ADMIN}/{article.pk}/share/").status_code == 403


def test_a_new_article_has_nothing_to_share(editor: Client) -> None:
    assert "Share this draft" not in words(editor.get(f"{ADMIN}/add/"))


# What is behind a link


def test_a_link_shows_the_draft_marked_as_one(article: Article) -> None:
    answer = Client().get(link_to(article))
    html = words(answer)
    assert answer.status_code == 200
    assert "<title>Draft: A new title" in html
    assert "Nobody has seen this" in html
    assert "<b>A draft. It is not published.</b> No clinician has approved it." in html
    until = PreviewLink.objects.get().expires_at
    assert f"This link works until {until.day} {until:%B %Y}, {until:%H:%M} UTC." in html
    assert "Not yet reviewed by a clinician" in html


def test_no_machine_keeps_or_lists_it(article: Article) -> None:
    path = link_to(article)
    answer = Client().get(path)
    html = words(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in html
    assert 'rel="canonical"' not in html
    assert "ld+json" not in html
    assert "og:" not in html
    assert path not in html
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not {"ETag", "Last-Modified", "Set-Cookie"} & answer.headers.keys()


def test_an_account_changes_nothing_behind_a_link(editor: Client, article: Article) -> None:
    path = link_to(article)
    assert editor.get(path).content == Client().get(path).content


def test_every_link_that_does_not_work_is_answered_alike(article: Article) -> None:
    expired, revoked, unread = link_to(article), link_to(article), link_to(article)
    first, second, third = PreviewLink.objects.order_by("pk")
    PreviewLink.objects.filter(pk=first.pk).update(made_at=NOW - timedelta(days=8), expires_at=NOW - timedelta(days=1))
    workflow.revoke_preview_link(link=second, by=IMPORT, now=NOW)
    broken = Revision.objects.create(article=article, number=9, source="?", digest="9", created_at=NOW, created_by_name="x")
    PreviewLink.objects.filter(pk=third.pk).update(revision=broken)
    answers = [Client().get(path) for path in (expired, revoked, unread, f"/preview/{'A' * 43}/", "/preview/x/", "/preview/%00/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "This link does not work" in words(answers[0])
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert answers[0].headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_link_is_for_reading(method: str, article: Article) -> None:
    assert getattr(Client(), method)(link_to(article)).status_code == 405


def test_a_link_to_what_never_was_published_leads_to_no_page_of_it(article: Article) -> None:
    html = words(Client().get(link_to(make_article("unborn", DRAFT, is_published=False))))
    assert "A new title" in html
    assert "/articles/unborn/" not in html


def test_a_draft_of_a_page_is_shared_too(article: Article) -> None:
    about = make_article("about", PAGE, "page")
    edit(about, PAGE.replace("We are the publisher.", "We are somebody else."))
    html = words(Client().get(link_to(about)))
    assert "We are somebody else." in html
    assert "A draft. It is not published." in html


def test_a_link_says_when_the_text_was_published_or_followed(article: Article) -> None:
    path = link_to(article)
    publish(article)
    assert '<b>This text has been published.</b> <a href="/articles/b12/">' in words(Client().get(path))
    edit(article, TEXT)
    publish(article)
    assert "<b>An old text.</b> Readers see a newer one." in words(Client().get(path))


def test_a_review_of_what_readers_see_is_none_of_the_draft(article: Article) -> None:
    rita = make_user("Reviewers", username="rita")
    judge(article, rita)
    html = words(Client().get(link_to(article)))
    assert "A clinician has reviewed it. Saved on" in html.replace("</p> <p>", " ")
    assert "Dr Ada Example, neurologist" in html
    edit(article, DRAFT + "\nNewer [@PEOPLE-2020].\n")
    html = words(Client().get(link_to(article)))
    assert "No clinician has approved it." in html
    assert "Dr Ada Example" not in html


def test_who_asked_for_changes_is_not_told(article: Article) -> None:
    judge(article, make_user("Reviewers", username="rita"), Review.Decision.CHANGES_REQUESTED)
    html = words(Client().get(link_to(article)))
    assert "No clinician has approved it." in html
    assert "Dr Ada Example" not in html
