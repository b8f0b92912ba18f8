"""The log of acts in the admin: for all articles and for one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.admin.audit import MAX_ON_PAGE
from articles.admin.lists import MAX_COUNTED, BoundedPaginator
from articles.models import Article, AuditEvent
from tests.support import NOW, TEXT, edit, make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/auditevent/"


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.fixture
def erin(client: Client) -> Client:
    client.force_login(make_user("Editors", username="erin"))
    return client


def log_path(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/log/"


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def fill(article: Article, number: int, **values: Any) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=NOW + timedelta(seconds=count),
            actor_name="Erin",
            act="save",
            article=article,
            from_revision=article.published_revision,
            to_revision=article.published_revision,
            **values,
        )
        for count in range(number)
    )


def test_an_article_has_a_page_with_every_act_on_it(article: Article, erin: Client) -> None:
    edit(article, TEXT.replace("People were asked", "People were told"), workflow.Actor("Paula <b>"), NOW + timedelta(hours=1))
    html = words(erin, log_path(article))
    row = "<td>22 November 2026, 10:30 UTC</td><td>Paula &lt;b&gt;</td><td>saved a revision</td><td>1 → 2</td>"
    assert row in html
    assert html.index(row) < html.index("<td>system: import</td>")
    assert f'<a href="{log_path(article)}">Log</a>' in words(erin, f"/admin/articles/article/{article.pk}/change/")


def test_the_list_names_articles_works_and_words(article: Article, erin: Client) -> None:
    AuditEvent.objects.create(at=NOW, actor_name="Paula", act="edit", about="work RATS-1994", detail="title")
    html = words(erin, LIST)
    assert "work RATS-1994" in html
    assert f'<a href="{log_path(article)}">Vitamin B12 and your nerves</a>' in html
    for query, number in (("q=RATS", 1), ("q=paula", 1), ("q=vitamin", 2), ("act__exact=publish", 1), ("q=nothing", 0)):
        assert erin.get(f"{LIST}?{query}").context["cl"].result_count == number, query
    assert erin.get(f"{LIST}?article__id__exact={article.pk}").context["cl"].result_count == 2


def test_nobody_writes_in_it(article: Article, erin: Client) -> None:
    event = AuditEvent.objects.first()
    assert event
    boss = make_user(username="boss")
    boss.is_superuser = True
    boss.save()
    erin.force_login(boss)
    assert erin.get(f"{LIST}add/").status_code == 403
    assert erin.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert erin.post(f"{LIST}{event.pk}/change/", {"actor_name": "Nobody"}).status_code == 403
    assert erin.post(LIST, {"action": "delete_selected", "_selected_action": event.pk, "post": "yes"}).status_code in {200, 302}
    assert AuditEvent.objects.filter(pk=event.pk, actor_name=event.actor_name).exists()


def test_who_may_not_look_is_refused(article: Article, client: Client) -> None:
    client.force_login(make_user(username="nina"))
    assert client.get(LIST).status_code == 403
    assert client.get(log_path(article)).status_code == 403


@pytest.mark.parametrize("number", [5, 1500])
def test_both_cost_the_same_however_long_the_log_is(article: Article, erin: Client, number: int) -> None:
    fill(article, number)
    for path, cost in ((LIST, 7), (log_path(article), 7)):
        erin.get(path)
        with CaptureQueriesContext(connection) as captured:
            erin.get(path)
        assert len(captured) <= cost, [query["sql"][:150] for query in captured]
        assert not [query for query in captured if "audit" in query["sql"] and '"source"' in query["sql"]]


def test_a_long_log_is_cut_on_the_page_of_an_article_and_counted_no_further_than_pages_go(article: Article, erin: Client) -> None:
    fill(article, MAX_ON_PAGE)
    html = words(erin, log_path(article))
    assert html.count("<tr><td>") == MAX_ON_PAGE
    assert f'<a href="{LIST}?article__id__exact={article.pk}">See all of them</a>' in html
    with CaptureQueriesContext(connection) as captured:
        assert BoundedPaginator(AuditEvent.objects.all(), 100).count == MAX_ON_PAGE + 2
    assert f"LIMIT {MAX_COUNTED}" in captured[0]["sql"]
