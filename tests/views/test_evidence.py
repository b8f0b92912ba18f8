"""Works and what rests on them, works as data, and the public report."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Notice, Rating, Reference
from articles.text.csl import from_csl
from tests.support import NOW, TEXT, edit, make_article, make_evidence, publish, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article()


def test_a_work_tells_each_statement_that_rests_on_it() -> None:
    html = words("/references/RATS-1994/")
    assert "Animal experiment: rats, not people" in html
    assert html.count("(studied in rats, not people)") == 4
    assert '<a href="/articles/b12/#nerve-regeneration">Vitamin B12 and your nerves: Nerve regeneration' in html
    assert "so it cannot be checked automatically." in html
    assert "Not yet." in words("/references/PEOPLE-2020/")


def test_a_work_tells_its_notices_and_that_it_was_withdrawn() -> None:
    row = Reference.objects.get(key="PEOPLE-2020")
    Notice.objects.create(
        reference=row,
        kind="correction",
        notice_doi="10.1000/c",
        told_by="Crossref update-to",
        found_at=NOW,
        noticed_on="2020-01-02",
    )
    Reference.objects.update(checked_at=NOW, noticed_retraction_on="2016-11-02")
    html = words("/references/PEOPLE-2020/")
    assert "This study was withdrawn by its journal on 2 November 2016." in html
    assert "Correction, 2 January 2020" in html
    assert "22 November 2026" in html


def test_a_key_in_small_letters_leads_to_the_work() -> None:
    answer = Client().get("/references/rats-1994/")
    assert (answer.status_code, answer["Location"]) == (301, "/references/RATS-1994/")


def test_works_that_nobody_published_are_not_found(article: Article) -> None:
    Reference.objects.create(key="DRAFT-2026", type="book", title="D", design="guideline")
    words("/references/DRAFT-2026/", 404)
    words("/references/draft-2026/", 301)
    edit(article, TEXT + "\nNew [@DRAFT-2026].\n")
    words("/references/DRAFT-2026/", 404)
    assert "DRAFT-2026" not in words("/references/")
    publish(article)
    assert "New." in words("/references/DRAFT-2026/")
    assert "DRAFT-2026" in words("/references/")
    edit(article, TEXT)
    publish(article)
    assert "no article cites it today" in words("/references/DRAFT-2026/")
    assert "DRAFT-2026" not in words("/references/")


def test_the_sources_as_a_file_are_read_back_alike() -> None:
    answer = Client().get("/articles/b12/references.json")
    assert answer["Content-Type"] == "application/vnd.citationstyles.csl+json"
    works, problems = from_csl(json.loads(answer.content))
    assert problems == []
    assert works == {row.key: row.value() for row in Reference.objects.all()}


def test_the_report_asks_for_all_works_at_once() -> None:
    with CaptureQueriesContext(connection) as few:
        words("/articles/b12/standards/")
    assert sum('FROM "articles_reference"' in query["sql"] for query in few) == 1


def test_the_report_tells_rules_people_and_what_no_machine_can_judge(article: Article) -> None:
    html = words("/articles/b12/standards/")
    assert "Every statement has a source" in html
    assert "<li>DISCERN 4: " in html
    assert "of our rules are met" in html
    assert "1 of 6 statements names no source" in html
    assert "Nobody measured it in people." in html
    assert "it says what we looked for, or found" in html
    assert "Nobody has rated this text by a standard yet." in html
    assert "What no machine can judge" in html
    Rating.objects.create(
        revision=article.revisions.get(),
        printed_name="P. N.",
        standard="discern",
        question="4",
        answer="5",
        reason="R.",
        rated_at=NOW,
    )
    html = words("/articles/b12/standards/")
    assert "DISCERN 4: Is it clear where each main statement comes from?" in html
    assert "P. N., 22 November 2026" in html


def test_the_article_says_when_its_sources_were_checked() -> None:
    assert "Not yet checked for withdrawn studies." in words("/articles/b12/")
    Article.objects.update(sources_checked_at=NOW, sources_unchecked=0)
    html = words("/articles/b12/")
    assert "Last checked for withdrawn studies:" in html
    assert ", except" not in html
    Article.objects.update(sources_unchecked=2)
    assert ", except 2 works that could not be checked yet." in words("/articles/b12/")
