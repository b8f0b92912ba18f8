"""The list of articles: narrowed by where they stand, what waits and who wrote them, and quick with many."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.admin.waiting import WAITING
from articles.models import Revision
from tests.admin.test_dashboard import LIST, fill, queries, submit
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, take_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin() -> Any:
    return make_user("Editors", username="erin")


def found(user: Any, query: str) -> list[str]:
    client = Client()
    client.force_login(user)
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer
    return sorted(article.slug for article in answer.context["cl"].result_list)


def test_articles_are_found_by_where_they_stand(erin: Any) -> None:
    make_evidence()
    make_article("public")
    take_down(make_article("gone"))
    make_article("new", is_published=False)
    edit(make_article("newer"), TEXT.replace("People were asked", "People were told"))
    submit("asked", erin)
    soon = make_article("soon", is_published=False)
    assert soon.draft_revision
    workflow.schedule(revision=soon.draft_revision, publish_at=NOW + timedelta(days=1), by=IMPORT, now=NOW)
    assert {status: found(erin, f"status={status}") for status in ("published", "withdrawn", "unpublished")} == {
        "published": ["newer", "public"],
        "withdrawn": ["gone"],
        "unpublished": ["asked", "new", "soon"],
    }
    stages = ("draft", "in_review", "changes_requested", "approved", "scheduled")
    assert {stage: found(erin, f"status={stage}") for stage in stages} == {
        "draft": ["new", "newer"],
        "in_review": ["asked"],
        "changes_requested": [],
        "approved": [],
        "scheduled": ["soon"],
    }
    assert found(erin, "author=me") == ["asked"]
    assert found(erin, "author=me&status=published") == []


def test_each_list_of_the_first_page_is_a_choice_for_who_sees_it_there(erin: Any) -> None:
    make_evidence()
    submit("asked", erin)
    rhea = make_user("Reviewers", username="rhea")
    assert found(rhea, "attention=review") == ["asked"]
    client = Client()
    client.force_login(erin)
    html = client.get(LIST).content.decode()
    assert "attention=review" not in html
    assert "attention=changes" in html
    for key in WAITING:
        assert client.get(f"{LIST}?attention={key}").status_code == 200
    assert found(erin, "attention=nonsense&status=nonsense&author=nobody") == ["asked"]


@pytest.mark.parametrize("number", [10, 2000])
def test_the_list_asks_the_same_number_of_questions_however_many_articles_there_are(number: int) -> None:
    fill(number)
    assert queries(LIST) == 7
    assert queries(f"{LIST}?status=in_review&author=me&attention=planned") == 7


def test_the_form_of_an_article_costs_the_same_however_many_revisions_it_has() -> None:
    make_evidence()
    article = make_article()

    def add(first: int, last: int) -> None:
        Revision.objects.bulk_create(
            Revision(article=article, number=number, source=TEXT, digest="x", created_at=NOW, created_by_name="Erin")
            for number in range(first, last)
        )

    def cost() -> int:
        user = make_user(*Group.objects.values_list("name", flat=True), username=f"all-{Revision.objects.count()}")
        client = Client()
        client.force_login(user)
        client.get(f"{LIST}{article.pk}/change/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{LIST}{article.pk}/change/").status_code == 200
        return len(captured)

    add(2, 12)
    with_few = cost()
    add(12, 202)
    assert cost() == with_few
