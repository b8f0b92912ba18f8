"""The pages of an article's revisions: all of them, one, two side by side, and back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, Conflict, Publication, Reference, Revision
from tests.admin.test_record import words
from tests.admin.test_rights import ADMIN
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, make_user, publish, take_down
from tests.workflow.support import judge

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def article() -> Article:
    """An article with two publications and a draft, its third revision."""
    make_evidence()
    article = make_article()
    edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n", now=NOW + DAY)
    publish(article, now=NOW + DAY)
    edit(article, TEXT.replace("People were asked [@PEOPLE-2020]", "People were told [@RATS-1994]"), now=NOW + 2 * DAY)
    return article


@pytest.fixture
def edda(client: Client) -> Client:
    client.force_login(make_user("Editors", username="edda"))
    return client


def get(client: Client, article: Article, place: str = "", status: int = 200) -> str:
    answer = client.get(f"{ADMIN}/{article.pk}/revisions/{place}")
    assert answer.status_code == status
    return words(answer)


def rows(html: str) -> list[str]:
    """Give the entries of the list, the newest first, with single spaces."""
    listed = html.partition('<ol class="texts">')[2].partition("</ol>")[0]
    return [" ".join(row.split()) for row in listed.split("<h2>")[1:]]


def test_all_revisions_are_listed_with_what_became_of_them(edda: Client, article: Article) -> None:
    judge(article, make_user("Reviewers", username="rita"), now=NOW + 3 * DAY)
    third, second, first = rows(get(edda, article))
    assert "Revision 3" in third
    assert "24 November 2026, 09:30 UTC, system: import" in third
    assert "the draft: approved" in third
    assert "approved by" in third
    assert "25 November 2026" in third
    assert "what readers see, since 23 November 2026, 09:30 UTC" in second
    assert "published from 22 November 2026, 09:30 UTC to 23 November 2026, 09:30 UTC" in first
    assert f'{ADMIN}/{article.pk}/revisions/compare/?from=2&to=3">What changed from 2 to 3' in third
    assert f'{ADMIN}/{article.pk}/revisions/compare/?from=1&to=3">From 1 to the latest (3)' in first
    assert "Made from no other text." in first


def test_a_text_kept_beside_the_draft_is_marked(edda: Client, article: Article) -> None:
    article.refresh_from_db()
    base = article.revisions.get(number=2)
    other = checked(f"{TEXT}\nTwo [@PEOPLE-2020].\n", article=article)
    conflict = workflow.keep_text(article=article, source=other, based_on=base, by=IMPORT, now=NOW)
    assert "kept beside the draft: two people edited at once (not settled yet)" in rows(get(edda, article))[0]
    assert "?from=2&to=4" in rows(get(edda, article))[0]
    Conflict.objects.filter(pk=conflict.pk).update(resolved_at=NOW, resolved_by_name="Paula")
    assert "(settled by Paula)" in rows(get(edda, article))[0]


def test_what_was_published_anew_with_changed_sources_is_one_time(edda: Client, article: Article) -> None:
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW + 4 * DAY)
    assert rows(get(edda, article))[1].count("what readers see, since 23 November 2026") == 1
    first = article.publications.get(number=1)
    workflow.withhold(publication=first, reason="A name.", by=IMPORT, now=NOW + 5 * DAY)
    assert "withheld from readers since 27 November 2026" in rows(get(edda, article))[2]


def test_what_readers_saw_until_a_withdrawal_says_so(edda: Client, article: Article) -> None:
    take_down(article, now=NOW + 6 * DAY)
    assert "published from 23 November 2026, 09:30 UTC to 28 November 2026, 09:30 UTC" in rows(get(edda, article))[1]


def make_many(article: Article, count: int) -> None:
    last = Revision.objects.filter(article=article).count()
    Revision.objects.bulk_create(
        Revision(
            article=article,
            number=number,
            source=TEXT,
            digest="0" * 64,
            created_at=NOW,
            created_by_name="Ann",
            based_on=article.published_revision,
        )
        for number in range(last + 1, last + 1 + count)
    )


def test_two_hundred_revisions_cost_no_more_queries_and_no_texts(edda: Client, article: Article) -> None:
    article.refresh_from_db()

    def look() -> tuple[int, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            get(edda, article)
        return len(queries), [query["sql"] for query in queries if '"articles_revision"."source"' in query["sql"]]

    few, _texts = look()
    make_many(article, 200)
    assert article.published_revision
    for number in range(5):
        Publication.objects.create(
            article=article, revision=article.published_revision, number=10 + number, published_at=NOW, by_name="Ann"
        )
    many, texts = look()
    assert many <= few + 1, "the page is counted"
    assert not [sql for sql in texts if "LIMIT 50" in sql]
    assert few < 20
    assert len(rows(get(edda, article))) == 50
    assert "Page 1 of 5" in get(edda, article)
    assert len(rows(get(edda, article, "?page=5"))) == 3
    assert len(rows(get(edda, article, "?page=x"))) == 50


def test_one_revision_is_shown_as_read_and_as_written(edda: Client, article: Article) -> None:
    html = get(edda, article, "1/")
    assert "published from" in html
    assert "People were asked." in html.partition('class="said"')[2]
    assert "People were asked [@PEOPLE-2020]." in html.partition('class="source"')[2]
    assert "Make this the draft again" in html
    assert "Make this the draft again" not in get(edda, article, "3/"), "it is the draft"
    get(edda, article, "99/", 404)


def test_two_revisions_are_compared_in_words_claims_and_works(edda: Client, article: Article) -> None:
    html = get(edda, article, "compare/?from=3&to=2")
    assert html.index("Revision 2</a> (system") < html.index("Revision 3</a> (system")
    assert "<del>" in html
    assert "told" in html
    evidence = html.partition("Statements and sources")[2]
    assert "People were told (studied in rats, not people). <small>(RATS-1994)" in evidence
    assert "Statements removed" in evidence


def test_texts_that_are_the_same_differ_in_nothing(edda: Client, article: Article) -> None:
    workflow.restore_revision(
        article=article,
        revision=article.revisions.get(number=1),
        based_on=article.revisions.get(number=3),
        by=IMPORT,
        now=NOW,
    )
    html = get(edda, article, "compare/?from=1&to=4")
    assert "The words are the same." in html
    assert "No statement, level of certainty or source has changed." in html


@pytest.mark.parametrize("query", ["", "?from=1", "?from=1&to=9", "?from=x&to=-1", "?from=999999999999&to=1", "?from=٣&to=1"])
def test_numbers_of_nothing_are_told(query: str, edda: Client, article: Article) -> None:
    html = get(edda, article, f"compare/{query}", 404)
    assert "Choose two:" in html


def test_one_and_the_same_is_told(edda: Client, article: Article) -> None:
    assert "That is one and the same revision. Choose two:" in get(edda, article, "compare/?from=2&to=2")


def restore(client: Client, article: Article, number: int, **data: Any) -> Any:
    return client.post(f"{ADMIN}/{article.pk}/revisions/{number}/", {"based_on": "3"} | data, follow=True)


def test_a_revision_is_made_the_draft_again(edda: Client, article: Article) -> None:
    answer = restore(edda, article, 1)
    assert answer.redirect_chain == [(f"{ADMIN}/{article.pk}/change/", 302)]
    assert "Revision 1 is the draft again, as revision 4. Nothing that came since is lost." in words(answer)
    article.refresh_from_db()
    assert article.latest_revision
    assert article.latest_revision.source == TEXT


@pytest.mark.parametrize("based_on", ["2", "", "x", "99"])
def test_a_text_saved_meanwhile_stops_it(based_on: str, edda: Client, article: Article) -> None:
    html = words(restore(edda, article, 1, based_on=based_on))
    assert "Not restored: there is a newer text. Look at it first; then restore again." in html
    assert 'name="based_on" value="3"' in html
    assert article.revisions.count() == 3


def test_a_text_that_would_not_be_taken_today_says_all_that_is_wrong(edda: Client, article: Article) -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(key="OTHER-2020")
    Reference.objects.filter(key="RATS-1994").update(key="MICE-1994")
    html = words(restore(edda, article, 1))
    assert "Not restored. This text would not be taken today:" in html
    assert "`PEOPLE-2020`" in html
    assert "`RATS-1994`" in html
    assert article.revisions.count() == 3


def test_a_text_in_an_old_format_is_told_and_not_shown(edda: Client, article: Article) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_revision SET source = 'old' WHERE number = 1")
    assert "kept in an old format that the site can no longer show" in get(edda, article, "1/")
    assert "they cannot be compared" in get(edda, article, "compare/?from=1&to=2")
    assert "Not restored." in words(restore(edda, article, 1))


@pytest.mark.parametrize("groups", [("Reviewers",), ("Publishers",)])
def test_others_look_and_do_not_restore(groups: tuple[str, ...], client: Client, article: Article) -> None:
    client.force_login(make_user(*groups))
    for place in ("", "1/", "compare/?from=1&to=2"):
        assert "Make this the draft again" not in get(client, article, place)
    assert restore(client, article, 1).status_code == 403
    assert article.revisions.count() == 3


@pytest.mark.parametrize("place", ["", "1/", "compare/", "compare/?from=1&to=2"])
def test_who_may_not_look_at_articles_compares_nothing(place: str, client: Client, article: Article) -> None:
    client.force_login(make_user())
    get(client, article, place, 403)


def test_numbers_are_those_of_the_article_alone(edda: Client, article: Article) -> None:
    other = make_article("other")
    get(edda, other, "3/", 404)
    get(edda, other, "compare/?from=1&to=3", 404)
