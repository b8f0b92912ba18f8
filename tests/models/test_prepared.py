"""Queries that are compiled once give what Django would."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from articles.models import Article, Place, Prepared, Topic, find_related, find_shown
from tests.support import NOW, PAGE, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def articles() -> list[Article]:
    make_evidence()
    return [make_article(slug) for slug in ("first", "second", "third", "fourth", "fifth", "sixth")]


def facts(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_what_is_shown_is_what_django_reads(articles: list[Article]) -> None:
    Article.objects.filter(slug="first").update(pinned=articles[0].publication)
    expected = Article.objects.with_rendering().get(slug="first")
    for _time in range(2):
        found = find_shown("article", "en", "first")
        assert found is not None
        assert found.publication is not None
        assert expected.publication is not None
        assert facts(found) == facts(expected)
        assert facts(found.publication) == facts(expected.publication)
        assert facts(found.publication.rendering) == facts(expected.publication.rendering)
        assert found.publication.rendering.publication is found.publication
        assert found.pinned == articles[0].publication
        assert found.last_review is None


def test_nothing_is_shown_at_other_addresses_or_before_it_is_published(articles: list[Article]) -> None:
    make_article("draft", is_published=False)
    make_article("about", PAGE, "page")
    asked = [("article", "en", "nothing"), ("article", "es", "first"), ("page", "en", "first"), ("article", "en", "draft")]
    assert [find_shown(*address) for address in asked] == [None] * 4
    assert find_shown("page", "en", "about") == Article.objects.get(slug="about")
    Article.objects.filter(slug="first").update(withdrawn_at=NOW - timedelta(days=1), withdrawn_reason="Old.")
    assert find_shown("article", "en", "first") == articles[0]


def test_beside_an_article_stand_those_of_its_topic_or_those_that_were_chosen(articles: list[Article]) -> None:
    assert find_related(articles[0], []) == articles[1:5]
    assert find_related(articles[2], ["sixth", "third", "second"]) == [articles[5], articles[1]]
    assert find_related(articles[2], ["second", "nothing", "sixth"]) == [articles[1], articles[5]]
    Article.objects.filter(slug="second").update(withdrawn_at=NOW, withdrawn_reason="Old.")
    assert find_related(articles[2], ["second"]) == []
    assert find_related(articles[0], []) == articles[2:]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_threads_ask_by_their_own_connections(articles: list[Article]) -> None:
    found: list[Article | None] = []

    def ask() -> None:
        found.append(find_shown("article", "en", "first"))
        connection.close()

    find_shown("article", "en", "first")
    threads = [threading.Thread(target=ask) for _thread in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [articles[0]] * 3


def test_annotations_come_along_as_django_reads_them(articles: list[Article]) -> None:
    prepared = Prepared(lambda: Topic.objects.shown(Place("language")).with_days())
    Article.objects.filter(slug="first").update(withdrawn_at=NOW, withdrawn_reason="Old.")
    expected = list(Topic.objects.shown("en").with_days())
    assert expected
    for _time in range(2):
        found = prepared.find(language="en")
        assert [(facts(row), row.changed_at, row.gone_at) for row in found] == [
            (facts(row), row.changed_at, row.gone_at) for row in expected
        ]
    assert found[0].gone_at == NOW
    assert prepared.find(language="es") == []
