"""The page of an article's comments."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, Comment
from tests.admin.test_record import words
from tests.admin.test_rights import ADMIN
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user
from tests.workflow.test_commenting import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.fixture
def rita(client: Client) -> Client:
    client.force_login(make_user("Reviewers", username="rita"))
    return client


def show(client: Client, article: Article) -> str:
    answer = client.get(f"{ADMIN}/{article.pk}/comments/")
    assert answer.status_code == 200
    return words(answer)


def send(client: Client, article: Article, **data: Any) -> Any:
    return client.post(f"{ADMIN}/{article.pk}/comments/", data)


def parts(html: str) -> list[str]:
    return html.split('<section class="part"')[1:]


def test_the_latest_text_is_shown_section_by_section_with_what_is_said_of_it(rita: Client, article: Article) -> None:
    edit(article, TEXT.replace("People were asked", "People were told"))
    made = say(article, "Who told <them>?", "People were told", "nerve-regeneration")
    head, first, second = parts(show(rita, article))
    assert "Vitamin B12 and your nerves" in head
    assert "No open comments." in head
    assert "No open comments." in first
    assert f'<mark id="words-{made.pk}">People were told</mark>' in second
    assert f'<a href="#words-{made.pk}">People were told</a>' in second
    assert "<b>system: import</b>, 22 November 2026, 09:30 UTC" in second
    assert "<p>Who told <them>?</p>" in second, "as `words` gives it; in the page it is escaped"
    assert b"Who told &lt;them&gt;?" in rita.get(f"{ADMIN}/{article.pk}/comments/").content


def test_a_comment_is_made_answered_closed_and_opened_again(rita: Client, article: Article) -> None:
    answer = send(rita, article, _comment="", revision="1", section="what-it-does", quote="to make myelin,", words="How much?")
    made = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{ADMIN}/{article.pk}/comments/#comment-{made.pk}")
    assert (made.made_by_name, made.quote, made.words) == ("rita", "to make myelin,", "How much?")
    send(rita, article, _answer="", comment=made.pk, words="A little.")
    html = show(rita, article)
    assert "1 open comment." in html
    assert re.search(r'<li><a href="#comment-\d+">[^<]+</a> \(1\)</li>', html)
    assert html.index("How much?") < html.index('<div class="answer">') < html.index("A little.")
    send(rita, article, _close="", comment=made.pk)
    html = show(rita, article)
    assert "0 open comments." in html
    assert re.search(
        r'<details class="closed"><summary>1 closed comment</summary>.*How much\?.*Closed by rita on', html, re.DOTALL
    )
    assert "<mark" not in html
    send(rita, article, _reopen="", comment=made.pk)
    assert "1 open comment." in show(rita, article)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"quote": "of <zebras>"}, "These words do not stand in this section: “of <zebras>”."),
        ({"words": " "}, "Write what you want to say."),
        ({"section": "nowhere"}, "This text has no such section."),
    ],
)
def test_what_is_refused_is_told_and_stays_typed(changed: dict[str, str], fault: str, rita: Client, article: Article) -> None:
    data = {"revision": "1", "section": "what-it-does", "quote": "myelin", "words": "Kept <words>"} | changed
    answer = send(rita, article, _comment="", **data)
    assert answer.status_code == 200
    assert fault in words(answer)
    if "section" not in changed:
        part = parts(words(answer))[1]
        assert f">{data['quote']}</textarea>" in part
        assert f">{data['words']}</textarea>" in part
        assert "<details open data-write>" in part
    assert not Comment.objects.exists()


def test_an_answer_that_comes_after_the_end_stays_typed(rita: Client, article: Article) -> None:
    made = say(article)
    other = say(article)
    workflow.close_comment(comment=made, by=IMPORT, now=NOW)
    html = words(send(rita, article, _answer="", comment=made.pk, words="Too late"))
    assert "The comment is closed. Open it again first." in html
    html = words(send(rita, article, _answer="", comment=other.pk, words=" "))
    assert "<details open><summary>Answer system: import" in html


@pytest.mark.parametrize("number", ["", "x", "0", "99", "9" * 40, "-1", "٣"])
def test_numbers_of_nothing_are_not_found(number: str, rita: Client, article: Article) -> None:
    say(article)
    assert send(rita, article, _comment="", revision=number, section="", words="x").status_code == 404
    assert send(rita, article, _close="", comment=number).status_code == 404


def test_another_articles_comment_is_not_found(rita: Client, article: Article) -> None:
    made = say(make_article("other"))
    for act in ("_close", "_reopen", "_answer"):
        assert send(rita, article, **{act: ""}, comment=made.pk, words="x").status_code == 404
    made.refresh_from_db()
    assert made.resolved_at is None


def test_comments_on_older_texts_say_so_and_that_words_have_changed(rita: Client, article: Article) -> None:
    say(article, "Who?", "People were asked", "nerve-regeneration")
    say(article, "Same.", "The rats were injected", "nerve-regeneration")
    edit(article, TEXT.replace("People were asked", "People were told"))
    part = parts(show(rita, article))[2]
    assert part.count("on revision 1") == 2
    assert part.count("The words have changed since.") == 1
    assert part.count("<mark") == 1


def test_comments_on_a_section_that_is_gone_are_kept_in_sight(rita: Client, article: Article) -> None:
    say(article, "Who?", "needs it to make", "what-it-does")
    edit(article, TEXT.replace("## What it does {#what-it-does}", "## What it is {#what-it-is}"))
    last = parts(show(rita, article))[-1]
    assert "A section that is gone: what-it-does" in last
    assert "The latest text has no such section any more." in last
    assert "Who?" in last
    assert "data-write" not in last


def test_a_text_that_can_no_longer_be_read_shows_its_comments(rita: Client, article: Article) -> None:
    say(article, "Who?")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_revision SET source = 'old'")
    assert "Who?" in show(rita, article)
    answer = send(rita, article, _comment="", revision="1", section="", quote="", words="Kept")
    assert answer.status_code == 200
    assert "What you typed is still there." in words(answer)


def test_many_comments_cost_no_more_queries(rita: Client, article: Article) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            show(rita, article)
        return len(queries)

    workflow.answer(to=say(article), words="x", by=IMPORT, now=NOW)
    few = count()
    for number in range(30):
        workflow.answer(to=say(article, f"Number {number}", "myelin"), words="x", by=IMPORT, now=NOW)
    assert count() == few


def test_who_may_not_comment_sees_no_form(client: Client, article: Article) -> None:
    say(article)
    user = make_user("Editors")
    client.force_login(user)
    assert "data-write" in show(client, article)
    group = user.groups.get()
    group.permissions.remove(*group.permissions.filter(codename__in=["add_comment", "change_comment"]))
    html = show(login(user), article)
    assert "<form" not in parts(html)[1]
    group.permissions.remove(*group.permissions.filter(codename="view_comment"))
    assert login(user).get(f"{ADMIN}/{article.pk}/comments/").status_code == 403


def login(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_articles_form_says_how_many_comments_are_open(client: Client, article: Article) -> None:
    client.force_login(make_user("Editors"))
    link = f'<li><a href="{ADMIN}/{article.pk}/comments/">%s</a></li>'
    assert link % "Comments" in words(client.get(f"{ADMIN}/{article.pk}/change/"))
    for _number in range(2):
        say(article)
    workflow.answer(to=say(article), words="Forty.", by=IMPORT, now=NOW)
    assert link % "3 open comments" in words(client.get(f"{ADMIN}/{article.pk}/change/"))
