"""Feeds of changes: valid Atom, with reasons, and with who was studied at each sentence."""

import xml.etree.ElementTree as ET

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import feeds, workflow
from articles.models import Article, Reference
from tests.support import IMPORT, NOW, PAGE, TEXT, checked, edit, make_article, make_evidence, publish

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


def edit_note(article: Article, note: str) -> None:
    article.refresh_from_db()
    source = checked(TEXT + "\nOne more [@PEOPLE-2020].\n")
    workflow.save_revision(article=article, source=source, based_on=article.latest_revision, by=IMPORT, now=NOW, note=note)
    publish(article)


def test_a_new_article_is_told_with_who_was_studied() -> None:
    (entry,) = feed().entries
    assert entry.title == "Vitamin B12 and your nerves: New"
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


def test_a_withheld_text_keeps_its_entry_with_the_reason_alone(article: Article) -> None:
    edit(article, TEXT.replace("The rats were injected", "The rats were fed"))
    second = publish(article)
    edit(article, TEXT.replace("The rats were injected", "The rats were watched"))
    publish(article)
    workflow.withhold(publication=second, reason="It named somebody.", by=IMPORT, now=NOW)
    newest, withheld, _first = [entry.summary for entry in feed().entries]
    assert "were fed" not in newest + withheld
    assert "It named somebody." in withheld
    assert "What changed since copy 1:" in newest
    assert "The rats were injected" in newest


def test_a_study_withdrawn_since_is_marked_in_old_entries_too() -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(noticed_retraction_on="2016-11-02")
    (entry,) = feed().entries
    assert "People were asked (this study was withdrawn on 2 November 2016; 90 people, randomised trial)." in entry.summary


def test_signs_that_no_feed_can_hold_do_no_harm(article: Article) -> None:
    edit_note(article, "Fix\x01ed \u202eit.")
    assert "Fix ed  it." in feed().entries[0].summary


def test_pages_about_the_site_have_feeds_of_their_own() -> None:
    make_article("about", PAGE, "page")
    assert len(feed().entries) == 1
    assert len(feed("/about/history/feed/").entries) == 1


def test_a_feed_asks_a_bounded_number_of_questions_and_tells_a_bounded_number_of_statements(article: Article) -> None:
    many = "".join(f"\nNumber {number} [@PEOPLE-2020].\n" for number in range(40))
    for copy in range(feeds.ENTRIES + 1):
        edit(article, TEXT + many.replace("Number", f"In {copy}, number"))
        publish(article)
    with CaptureQueriesContext(connection) as asked:
        entries = feed().entries
    assert len(entries) == feeds.ENTRIES
    assert len(asked) <= 9 * feeds.ENTRIES
    assert "and 30 more" in entries[0].summary
    assert entries[0].summary.count("<li>") == 2 * (feeds.CLAIMS + 1)
