"""The search as a page and as JSON."""

import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from articles.models import Article
from tests.support import TEXT, make_article, make_evidence, words

pytestmark = pytest.mark.django_db

CALLED = TEXT.replace("topic: Vitamin B12", "topic: Vitamin B12\nalso_called: [mecobalamin]")


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article("b12", CALLED)


def ask(query: str) -> dict[str, Any]:
    answer = Client().get(f"/search.json?{query}")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_results_say_where_how_sure_and_who_was_studied() -> None:
    html = words("/search/?q=signals")
    assert "<title>Search results for “signals” –" in html
    assert '<h2><a href="/articles/b12/#nerve-regeneration">Nerve regeneration: do nerves grow back?</a></h2>' in html
    assert "<b>Very low certainty</b>" in html
    assert "In rats, <mark>signals</mark> came back sooner (studied in rats, not people)." in html
    assert "1 result." in html
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html
    assert html.count('role="search"') == 1


def test_another_name_is_told() -> None:
    assert "Found under “mecobalamin”" in words("/search/?q=mecobalamin")


def test_what_is_typed_is_shown_and_does_nothing() -> None:
    html = words('/search/?q="><script>alert(1)</script>%26%00')
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_without_words_there_are_ways_to_go_on() -> None:
    html = words("/search/")
    assert "Type a symptom" in html
    assert '<a href="/topics/vitamin-b12/">Topic: Vitamin B12</a>' in html
    assert "There are no words in this" in words("/search/?q=%E2%80%A6")


def test_nothing_found_helps_on_and_does_not_reassure() -> None:
    html = words("/search/?q=xyzzy")
    assert "We found nothing with these words." in html
    assert "Try fewer words" in html
    assert "says nothing about whether it works or is safe" in html
    assert '<a href="/articles/">' in html
    assert '<a href="/glossary/">' in html


def test_a_near_word_is_offered() -> None:
    html = words("/search/?q=regenaration+zebra")
    assert "Did you mean" not in html
    html = words("/search/?q=regenaration")
    assert 'Did you mean <a href="/search/?q=regeneration">regeneration</a>?' in html


def test_results_with_some_of_the_words_say_so() -> None:
    assert "No page has all of these words, so these have some of them." in words("/search/?q=signals+zebra")
    assert "these have words that begin with it" in words("/search/?q=rats+sig")


def test_a_topic_can_be_chosen_and_left() -> None:
    make_article("other", TEXT.replace("topic: Vitamin B12", "topic: Feet"))
    assert '<option value="feet">Feet (' in words("/search/?q=signals")
    html = words("/search/?q=signals&topic=feet")
    assert "Only in the topic “Feet”." in html
    assert "/articles/other/" in html
    assert "/articles/b12/" not in html
    assert '<a href="/search/?q=signals">Search in all topics</a>' in words("/search/?q=signals&topic=nothing")


def test_pages_lead_on_with_what_was_asked() -> None:
    for number in range(6):
        make_article(f"other-{number}", TEXT)
    html = words("/search/?q=nerves+%26+rats&topic=vitamin-b12")
    assert 'rel="next" href="?q=nerves+%26+rats&amp;topic=vitamin-b12&amp;page=2"' in html
    second = words("/search/?q=nerves+%26+rats&topic=vitamin-b12&page=2")
    assert "Page 2 of" in second
    assert 'rel="prev" href="?q=nerves+%26+rats&amp;topic=vitamin-b12"' in second
    pages, next_page = 1, ask("q=nerves")["next"]
    while next_page:
        pages, next_page = pages + 1, ask(next_page.partition("?")[2])["next"]
    assert pages == -(-ask("q=nerves")["total"] // 10)


ODD = "page=0 page=-1 page=x page=99999999999 page=² topic=%00 topic=../..".split()


@pytest.mark.parametrize("query", [*ODD, "topic=" + "a" * 500, "q=" + "x" * 9000], ids=lambda query: query[:12])
def test_odd_addresses_are_answered(query: str) -> None:
    for path in ("/search/", "/search.json"):
        assert Client().get(f"{path}?q=nerves&{query}").status_code == 200


def test_the_same_as_json_with_the_help() -> None:
    answer = ask("q=signals")
    (result,) = answer["results"]
    snippet = result.pop("snippet")
    assert snippet.startswith("In rats, signals came back sooner (studied in rats, not people).")
    assert result == {
        "title": "Vitamin B12 and your nerves",
        "heading": "Nerve regeneration: do nerves grow back?",
        "url": f"{settings.SITE['url']}/articles/b12/#nerve-regeneration",
        "kind": "section",
        "language": "en",
        "certainty": "very-low",
        "certainty_words": "Very low certainty",
        "found_under": None,
        "topic": "Vitamin B12",
    }
    assert (answer["query"], answer["corrected"], answer["total"], answer["next"]) == ("signals", None, 1, None)
    assert answer["help"]["cannot"] == settings.DISCLAIMER.cannot


def test_any_site_may_read_the_json_and_nothing_keeps_what_was_asked() -> None:
    for path in ("/search/?q=signals", "/search.json?q=signals"):
        answer = Client().get(path)
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_nothing_that_is_looked_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Client().get("/search/?q=zebra%00")
        Client().post("/search/?q=zebra")
    assert "zebra" not in caplog.text


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        make_article(f"other-{number}", TEXT)
    with django_assert_max_num_queries(6):
        words("/search/?q=nerves+rats")
