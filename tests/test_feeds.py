"""Feeds of changes: valid Atom, with reasons, and with who was studied at each sentence."""

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import feeds, workflow
from articles.models import Article, Reference, Withdrawal
from tests.support import IMPORT, NOW, PAGE, TEXT, bring_back, checked, edit, make_article, make_evidence, publish, take_down

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/changes/feed/", "/changes/new/feed/", "/topics/vitamin-b12/feed/", "/articles/b12/history/feed/"]


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


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_keeps_to_the_rules_of_atom(article: Article, path: str) -> None:
    edit(article, TEXT.replace("The rats", "Some rats"))
    publish(article, now=LATER)
    root = ET.fromstring(Client().get(path).content)
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}id") == f"http://127.0.0.1:8000{path}"
    assert root.findtext(f"{ATOM}title")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href", "") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == root.findtext(f"{ATOM}id")
    assert Client().get(links["alternate"]).status_code == 200
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        assert re.fullmatch(r"tag:127\.0\.0\.1,2026-11-\d\d:/changes/\d+/", entry.findtext(f"{ATOM}id", ""))
        assert entry.findtext(f"{ATOM}title")
        published, updated = (datetime.fromisoformat(entry.findtext(f"{ATOM}{name}", "")) for name in ("published", "updated"))
        assert published <= updated
        (link,) = entry.findall(f"{ATOM}link")
        assert Client().get(link.get("href", "")).status_code == 200
    times = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    assert times == sorted(times, reverse=True)
    assert root.findtext(f"{ATOM}updated") == times[0]


def test_new_articles_have_a_feed_of_their_own(article: Article) -> None:
    edit(article, TEXT.replace("The rats", "Some rats"))
    publish(article)
    make_article("falls", TEXT.replace("topic: Vitamin B12", "topic: Falls"))
    make_article("about", PAGE, "page")
    assert [entry.link.split("/")[-4] for entry in feed("/changes/new/feed/").entries] == ["falls", "b12"]


def test_a_topic_has_a_feed_of_its_articles(article: Article) -> None:
    make_article("falls", TEXT.replace("topic: Vitamin B12", "topic: Falls"))
    parsed = feed("/topics/falls/feed/")
    assert parsed.feed.title == "What is new and changed on Falls, Neuropathy, plainly"
    assert [entry.link.split("/")[-4] for entry in parsed.entries] == ["falls"]
    assert Client().get("/topics/nothing/feed/").status_code == 404
    Article.objects.filter(topic_slug="falls").update(withdrawn_at=NOW, withdrawn_reason="A wrong dose.")
    assert Client().get("/topics/falls/feed/").status_code == 404


def test_the_id_of_an_entry_outlives_the_address_of_its_article(article: Article) -> None:
    (before,) = feed().entries
    workflow.rename(article=article, slug="vitamin-b12", by=IMPORT, now=LATER)
    (after,) = feed().entries
    assert before.link != after.link
    assert before.id == after.id


def test_withholding_a_text_updates_its_entry(article: Article) -> None:
    edit(article, TEXT.replace("The rats", "Some rats"))
    publish(article)
    first = article.publications.get(number=1)
    workflow.withhold(publication=first, reason="It named somebody.", by=IMPORT, now=LATER)
    assert [entry.updated for entry in feed().entries] == ["2026-11-22T09:30:00+00:00", "2026-11-25T09:30:00+00:00"]
    assert feed().feed.updated == "2026-11-25T09:30:00+00:00"


@pytest.mark.parametrize("path", FEEDS)
def test_an_unchanged_feed_is_not_sent_again(article: Article, path: str) -> None:
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = Client().get(path, headers={"If-None-Match": f"W/{first['ETag']}", "Accept-Encoding": "gzip"})
    assert packed.status_code == 304
    edit(article, TEXT.replace("The rats", "Some rats"))
    publish(article)
    expected = 304 if path == "/changes/new/feed/" else 200
    assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == expected


def test_an_empty_feed_is_valid_and_stays_the_same() -> None:
    Article.objects.update(withdrawn_at=NOW, withdrawn_reason="A wrong dose.")
    assert feed().entries == []
    assert feed().feed.updated == "1970-01-01T00:00:00+00:00"


def test_feeds_are_found_from_the_pages_they_are_of() -> None:
    for path, feeds_of in {
        "/": ["changes", "changes/new"],
        "/topics/vitamin-b12/": ["topics/vitamin-b12", "changes/new"],
    }.items():
        html = Client().get(path).content.decode()
        found = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="/([^"]+)/feed/">', html)
        assert found == feeds_of


# Withdrawn articles

TELL_WITHDRAWALS = ["/changes/feed/", "/articles/b12/history/feed/"]


@pytest.mark.parametrize("path", TELL_WITHDRAWALS)
def test_a_feed_tells_that_an_article_was_taken_down_and_nothing_it_said(path: str, article: Article) -> None:
    take_down(article, "A study was <made> up.", LATER)
    (entry,) = feed(path).entries
    assert entry.title == "Vitamin B12 and your nerves: Taken down"
    assert entry.link.endswith("/articles/b12/")
    assert "Taken down on 25 November 2026: A study was &lt;made&gt; up." in entry.summary
    assert "do not rely on it" in entry.summary
    assert entry.updated == LATER.isoformat()
    assert b"rats" not in Client().get(path).content


@pytest.mark.parametrize("path", TELL_WITHDRAWALS)
def test_a_feed_tells_in_the_same_entry_that_it_is_back(path: str, article: Article) -> None:
    gone = take_down(article, "A study was made up.", LATER)
    before = feed(path).entries[0].id
    bring_back(gone, LATER + timedelta(days=1))
    newest, first = feed(path).entries
    assert newest.id == before
    assert newest.title == "Vitamin B12 and your nerves: Back"
    assert "Taken down on 25 November 2026: A study was made up. Back on 26 November 2026." in newest.summary
    assert first.title == "Vitamin B12 and your nerves: New"


def test_a_planned_withdrawal_is_told_to_nobody(article: Article) -> None:
    Withdrawal.objects.create(article=article, reason="zqplan", due_at=LATER, decided_at=NOW, decided_by_name="Paula")
    for path in FEEDS:
        assert b"zqplan" not in Client().get(path).content


def test_the_feed_of_a_topic_tells_of_its_withdrawn_articles_and_no_others(article: Article) -> None:
    make_article("other", TEXT.replace("Vitamin B12 and your nerves", "Other"))
    make_article("far", TEXT.replace("topic: Vitamin B12", "topic: Falls"))
    take_down(article)
    take_down(Article.objects.get(slug="far"))
    assert [entry.title for entry in feed("/topics/vitamin-b12/feed/").entries] == [
        "Vitamin B12 and your nerves: Taken down",
        "Other: New",
    ]
