"""Readers' pages: what they show, and what they never do."""

from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, FormerSlug
from articles.text.links import path_to
from articles.views import errors, pages
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_article_shows_who_was_studied_at_the_sentence(client: Client) -> None:
    make_article()
    html = words(client, "/articles/b12/")
    assert "The rats were injected.\u00a0" in html
    assert html.count("<span>studied in rats, not people</span>") == 4
    assert "Very low certainty" in html
    assert "Not yet reviewed by a clinician" in html
    assert 'id="nerve-regeneration" data-certainty="very-low"' in html


def test_an_article_is_shown_by_two_queries_its_own_and_what_to_read_next(client: Client) -> None:
    make_article()
    with CaptureQueriesContext(connection) as queries:
        words(client, "/articles/b12/")
    assert len(queries) == 2


@pytest.mark.parametrize("path", ["/", "/articles/b12/", "/topics/vitamin-b12/", "/about/", "/nowhere/"])
def test_readers_get_no_cookie_and_every_safeguard(client: Client, path: str) -> None:
    make_article()
    make_article("about", PAGE, "page")
    answer = client.get(path)
    assert not answer.cookies
    assert "data-disclaimer" in answer.content.decode()
    assert "Cookie" not in answer.headers.get("Vary", "")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_draft_is_seen_nowhere(client: Client) -> None:
    article = make_article()
    edit(article, TEXT.replace("your nerves", "zebrafish"))
    make_article("draft", TEXT.replace("your nerves", "zebrafish"), is_published=False)
    words(client, "/articles/draft/", 404)
    for path in ("/", "/articles/b12/", "/topics/vitamin-b12/"):
        assert "zebrafish" not in words(client, path)


def test_a_withdrawn_article_is_gone(client: Client) -> None:
    article = make_article()
    Article.objects.filter(pk=article.pk).update(withdrawn_at=NOW, withdrawn_reason="A wrong dose.")
    assert "A wrong dose." in words(client, "/articles/b12/", 410)
    assert "b12" not in words(client, "/")


def test_a_former_address_leads_to_the_present_one(client: Client) -> None:
    article = make_article()
    workflow.rename(article=article, slug="vitamin-b12", by=IMPORT, now=NOW)
    answer = client.get("/articles/b12/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/articles/vitamin-b12/")


def test_a_former_address_of_a_draft_leads_nowhere(client: Client) -> None:
    article = make_article(is_published=False)
    FormerSlug.objects.create(language="en", slug="old", article=article)
    words(client, "/articles/old/", 404)


def test_kinds_have_addresses_of_their_own(client: Client) -> None:
    make_article()
    make_article("about", PAGE, "page")
    words(client, "/b12/", 404)
    words(client, "/articles/about/", 404)
    assert "We are the publisher." in words(client, "/about/")


def test_another_language_has_its_own_address_and_says_so(client: Client) -> None:
    make_article("vitamina", TEXT.replace("topic:", "language: es\ntopic:"))
    words(client, "/articles/vitamina/", 404)
    words(client, "/en/articles/vitamina/", 404)
    assert 'lang="es">\n<header class="head">' in words(client, "/es/articles/vitamina/")


def test_a_missing_slash_is_added(client: Client) -> None:
    make_article()
    assert client.get("/articles/b12").headers["Location"] == "/articles/b12/"


def test_home_shows_a_few_articles_of_each_topic_and_leads_to_all(client: Client) -> None:
    for number in range(pages.ARTICLES_PER_TOPIC + 2):
        make_article(f"b12-{number}")
    make_article("falls", TEXT.replace("topic: Vitamin B12", "topic: Balance and falls"))
    html = words(client, "/")
    assert html.count('href="/articles/b12-') == pages.ARTICLES_PER_TOPIC
    assert "All 7 articles on Vitamin B12" in html
    assert html.index("Balance and falls") < html.index('href="/topics/vitamin-b12/"')
    assert "All 1 articles" not in html


def test_home_without_articles_says_so(client: Client) -> None:
    assert "No article has been published yet." in words(client, "/")


def test_lists_keep_the_label_of_work_on_animals(client: Client) -> None:
    make_article(text=TEXT.replace("Your nerves need vitamin B12 [@PEOPLE-2020]", "Signals came back [@RATS-1994]"))
    label = "Signals came back (studied in rats, not people)."
    for path in ("/", "/topics/vitamin-b12/"):
        assert label in words(client, path)
    assert f'<meta name="description" property="og:description" content="{label}">' in words(client, "/articles/b12/")


def test_a_topic_is_cut_into_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ARTICLES_PER_PAGE", 2)
    for number in range(3):
        make_article(f"b12-{number}")
    first = words(client, "/topics/vitamin-b12/")
    assert '<a rel="next" href="?after=b12-1">' in first
    assert 'rel="prev"' not in first
    second = words(client, "/topics/vitamin-b12/?after=b12-1")
    assert 'href="/articles/b12-2/"' in second
    assert 'href="/articles/b12-1/"' not in second
    assert 'rel="prev" href="?before=b12-2"' in second
    assert 'rel="next"' not in second
    assert f'<link rel="canonical" href="{settings.SITE["url"]}/topics/vitamin-b12/?after=b12-1">' in second
    assert client.get("/topics/vitamin-b12/?before=b12-2").headers["Location"] == "/topics/vitamin-b12/"
    assert client.get("/topics/vitamin-b12/?page=2").headers["Location"] == "/topics/vitamin-b12/?after=b12-1"
    assert client.get("/topics/vitamin-b12/?page=99").headers["Location"] == "/topics/vitamin-b12/"
    words(client, "/topics/nothing/", 404)


@pytest.mark.parametrize("path", ["/x'%22<script>/", "/articles/%00/", "/articles/UPPER/", "/topics/..%2f/", "/%F0%9F/"])
def test_odd_addresses_get_the_page_that_helps(client: Client, path: str) -> None:
    html = words(client, path, 404)
    assert "We have no page at this address" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("view", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)],
)
def test_error_pages_need_no_database(rf: Any, view: Any, status: int, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = view(rf.get("/x/"), Exception("secret"))
    assert answer.status_code == status
    assert b"data-disclaimer" in answer.content
    assert b"secret" not in answer.content


def test_the_page_of_a_fault_needs_no_database(rf: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = errors.server_error(rf.get("/x/"))
    assert answer.status_code == 500
    assert b"data-disclaimer" in answer.content


def test_a_database_that_is_away_is_told_of_and_takes_nothing_that_was_written(rf: Any) -> None:
    sent = {"body": "<b>What I wrote</b> for an hour", "password": "a password that is long", "slug": "short"}
    pages = []
    for request in (rf.get("/x/"), rf.post("/admin/articles/article/1/change/", sent), rf.post("/x/feedback/", sent)):
        try:
            raise OperationalError("unable to open database file")
        except OperationalError:
            pages.append(errors.server_error(request))
    assert {(page.status_code, page["Cache-Control"], page["Retry-After"]) for page in pages} == {(503, "no-store", "30")}
    texts = [page.content.decode() for page in pages]
    assert all("data-disclaimer" in text and "unable to open" not in text for text in texts)
    assert all("&lt;b&gt;What I wrote&lt;/b&gt; for an hour</textarea>" in text for text in texts[1:])
    assert not any("a password" in text or "short" in text for text in texts)
    assert "textarea" not in texts[0]


def test_only_reading_is_possible(client: Client) -> None:
    make_article()
    assert client.post("/articles/b12/").status_code == 405
    assert client.head("/articles/b12/").status_code == 200


@pytest.mark.parametrize(("kind", "text", "slug"), [("article", TEXT, "b12"), ("page", PAGE, "about")])
def test_links_inside_the_site_are_the_addresses_of_the_site(kind: str, text: str, slug: str) -> None:
    assert path_to(kind, slug) == make_article(slug, text, kind).get_absolute_url()


def test_a_form_that_is_refused_says_what_to_do_and_shows_the_help() -> None:
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert answer.status_code == 403
    assert "Go back, copy what you wrote" in answer.content.decode()
    assert b"data-disclaimer" in answer.content


def test_what_readers_look_for_is_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/articles/my-illness/")
    assert "my-illness" not in caplog.text
