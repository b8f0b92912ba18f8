"""Sizes of topics are those of what readers see, whatever is done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, Topic
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, publish

pytestmark = pytest.mark.django_db
FALLS = TEXT.replace("topic: Vitamin B12", "topic: Falls")


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def sizes() -> dict[str, int]:
    return dict(Topic.objects.values_list("slug", "count"))


def test_acts_keep_the_sizes() -> None:
    first = make_article("a")
    make_article("b")
    make_article("draft", is_published=False)
    make_article("about", PAGE, "page")
    assert sizes() == {"vitamin-b12": 2}
    workflow.withdraw(article=first, reason="It was wrong.", by=IMPORT, now=NOW)
    assert sizes() == {"vitamin-b12": 1}
    workflow.bring_back(article=first, note="It was right.", by=IMPORT, now=NOW + timedelta(days=1))
    assert sizes() == {"vitamin-b12": 2}
    edit(first, FALLS)
    assert sizes() == {"vitamin-b12": 2}
    publish(first)
    assert sizes() == {"vitamin-b12": 1, "falls": 1}
    assert workflow.recount_topics() == 0


def test_the_name_is_that_of_the_last_article_published() -> None:
    make_article("a")
    make_article("b", TEXT.replace("topic: Vitamin B12", "topic: vitamin B12"))
    assert Topic.objects.get().name == "vitamin B12"


def test_what_old_code_did_is_counted_again() -> None:
    make_article("a")
    make_article("b", FALLS)
    Article.objects.filter(slug="a").update(withdrawn_at=NOW, withdrawn_reason="Old code did it.")
    Topic.objects.filter(slug="falls").delete()
    Topic.objects.create(language="en", slug="ghost", name="Ghost", count=3)
    assert workflow.recount_topics() == 3
    assert sizes() == {"vitamin-b12": 0, "falls": 1, "ghost": 0}
    assert workflow.recount_topics() == 0


def test_publishing_again_in_the_same_topic_leaves_its_row_alone() -> None:
    article = make_article()
    edit(article, TEXT.replace("The rats", "Some rats"))
    with CaptureQueriesContext(connection) as captured:
        publish(article)
    assert not [query["sql"] for query in captured if "articles_topic" in query["sql"]]
