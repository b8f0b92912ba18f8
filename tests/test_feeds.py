"""Feeds of changes: valid Atom, with reasons, and with who was studied at each sentence."""

import xml.etree.ElementTree as ET

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import feeds, workflow
from articles.models import Article
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article()


def feed(path: str = "/changes/feed/") -> feedparser.FeedParserDict:
    answer = Client().get(path)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    ET.fromstring(answer.content)
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


def test_a_new_article_is_told_with_who_was_studied() -> None:
    (entry,) = feed().entries
    assert entry.title == "Vitamin B12 and your nerves: New article"
    assert entry.link.endswith("/articles/b12/history/1/")
    assert "In rats, a high dose did something (studied in rats, not people)." in entry.summary
    assert "The rats were injected (studied in rats, not people)." in entry.summary


def test_a_change_is_told_with_its_reason_and_what_it_did(article: Article) -> None:
    edit(article, TEXT.replace("The rats were injected", "The rats were fed"))
    publish(article)
    for path in ("/changes/feed/", "/articles/b12/history/feed/"):
        newest = feed(path).entries[0]
        assert newest.title == "Vitamin B12 and your nerves: Changed content"
        assert "No reason was given." in newest.summary
        assert "<li>The rats were fed (studied in rats, not people)." in newest.summary
        assert "<li>The rats were injected (studied in rats, not people)." in newest.summary
    assert len(feed().entries) == len({entry.id for entry in feed().entries}) == 2


def test_a_withheld_text_leaves_the_feed(article: Article) -> None:
    edit(article, TEXT.replace("The rats were injected", "The rats were fed"))
    second = publish(article)
    edit(article, TEXT.replace("The rats were injected", "The rats were watched"))
    publish(article)
    workflow.withhold(publication=second, reason="It named somebody.", by=IMPORT, now=NOW)
    summaries = [entry.summary for entry in feed().entries]
    assert len(summaries) == 2
    assert "were fed" not in "".join(summaries)
    assert "The rats were injected" in summaries[0]


def test_pages_about_the_site_have_feeds_of_their_own() -> None:
    make_article("about", PAGE, "page")
    assert len(feed().entries) == 1
    assert len(feed("/about/history/feed/").entries) == 1


def test_a_feed_asks_as_often_for_many_changes_as_for_few(article: Article) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            feed()
        return len(asked)

    edit(article, TEXT + "\nOne more [@PEOPLE-2020].\n")
    publish(article)
    few = queries()
    for number in range(feeds.ENTRIES):
        edit(article, f"{TEXT}\nNumber {number} [@PEOPLE-2020].\n")
        publish(article)
    assert len(feed().entries) == feeds.ENTRIES
    assert queries() == few
