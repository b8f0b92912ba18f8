"""The open data: each resource, pages that do not move, validators, other sites' pages, refusals."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import history, workflow
from articles.models import CHECKLIST, Article, GlossaryTerm, Notice, Reference, Review
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

LISTS = ["articles", "claims", "references", "glossary", "changes"]
ARTICLE = "/api/v1/articles/b12/"
MORE = TEXT + "\nOne more [@PEOPLE-2020].\n"


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article()


def get(path: str, status: int = 200, headers: dict[str, str] | None = None) -> Any:
    answer = Client().get(path if path.startswith("/") else f"/api/v1/{path}", headers=headers)
    assert answer.status_code == status, answer.content
    return answer


def data(path: str) -> Any:
    return get(path).json()["data"]


def walk(path: str) -> list[Any]:
    """Read a list to its end, a page after the other."""
    found: list[Any] = []
    following: str | None = f"http://127.0.0.1:8000/api/v1/{path}"
    while following:
        answer = get(following.removeprefix("http://127.0.0.1:8000")).json()
        found += answer["data"]
        following = answer["next"]
    return found


def approve(article: Article) -> None:
    article.refresh_from_db()
    assert article.latest_revision is not None
    verdict = workflow.Verdict(Review.Decision.APPROVED, list(CHECKLIST), "A. Name", "neurologist", "MD", "none")
    reviewer = workflow.Actor.person(make_user("Reviewers"))
    workflow.review(revision=article.latest_revision, verdict=verdict, by=reviewer, now=NOW + timedelta(days=1))


def withhold_first(article: Article) -> None:
    first = article.publications.get(number=1)
    edit(article, MORE)
    publish(article, now=NOW + timedelta(days=30))
    workflow.withhold(publication=first, reason="It named somebody.", by=IMPORT, now=NOW + timedelta(days=60))


# What is said


def test_the_index_leads_to_everything() -> None:
    found = data("/api/")
    assert data("/api/v1/") == found
    addresses = [value.removeprefix("http://127.0.0.1:8000") for name, value in found.items() if name.endswith("_url")]
    assert len(addresses) == len(LISTS) + 1
    for address in addresses:
        get(address)


@pytest.mark.parametrize("path", ["/api/", ARTICLE, *LISTS, "references/RATS-1994/", "glossary/myelin/"])
def test_every_answer_says_whom_to_see_and_where_it_came_from(path: str) -> None:
    path = path if path.startswith("/") else f"/api/v1/{path.rstrip('/')}/"
    answer = get(path).json()
    assert answer["self"] == f"http://127.0.0.1:8000{path}"
    assert answer["help"]["who_to_see"].startswith("Your doctor or nurse")
    assert "cannot examine you" in answer["help"]["cannot"]
    assert answer["help"]["emergency_number"]
    assert answer["help"]["emergency_signs"]


def test_an_article_says_who_was_studied_wherever_it_speaks() -> None:
    found = data(ARTICLE)
    assert found["key_message"] == "In rats, a high dose did something (studied in rats, not people)."
    section = found["sections"][1]
    assert section["certainty"] == {"code": "very-low", "words": "Very low certainty", "meaning": "We cannot tell."}
    assert section["answer"] == "In rats, signals came back sooner (studied in rats, not people)."
    assert section["url"] == "http://127.0.0.1:8000/articles/b12/#nerve-regeneration"
    assert {work["key"]: work["label"] for work in found["works"]} == {
        "RATS-1994": "studied in rats, not people",
        "PEOPLE-2020": "90 people, randomised trial",
    }


def test_a_list_of_articles_has_what_lists_show() -> None:
    make_article("about", PAGE, "page")
    (found,) = data("articles/")
    assert found["summary"] == "Your nerves need vitamin B12."
    assert found["topic"] == {"slug": "vitamin-b12", "name": "Vitamin B12"}
    assert (found["published_at"], found["publication"]) == ("2026-11-22T09:30:00Z", 1)
    assert found.items() <= data(ARTICLE).items()


def test_reviewed_is_said_of_the_very_text_that_was_approved(article: Article) -> None:
    assert (data(ARTICLE)["is_reviewed"], data(ARTICLE)["last_review"]) == (False, None)
    approve(article)
    found = data(ARTICLE)
    assert found["is_reviewed"] is True
    assert found["last_review"]["name"] == "A. Name"
    edit(article, MORE)
    publish(article)
    found = data(ARTICLE)
    assert found["is_reviewed"] is False
    assert found["last_review"]["decision"] == "approved"


def test_a_review_that_is_due_and_a_pinned_correction_are_told(article: Article) -> None:
    edit(article, MORE)
    publication = publish(article)
    type(publication).objects.filter(pk=publication.pk).update(note="A number was wrong.")
    Article.objects.update(review_due_on=NOW.date() - timedelta(days=4000), pinned=publication)
    found = data(ARTICLE)
    assert found["is_overdue"] is True
    assert found["correction"]["note"] == "A number was wrong."


def test_related_articles_are_published_ones() -> None:
    make_article("other")
    make_article("hidden", is_published=False)
    text = TEXT.replace("topic: Vitamin B12", "topic: Vitamin B12\nrelated: [other, hidden]")
    make_article("third", text)
    assert [other["slug"] for other in data("/api/v1/articles/third/")["related"]] == ["other"]


def test_a_claim_has_its_section_certainty_population_and_works() -> None:
    claims = data("claims/")
    assert [claim["place"] for claim in claims[:2]] == ["key-message", "summary"]
    found = next(claim for claim in claims if claim["text"].startswith("In rats, signals"))
    assert found["text"] == "In rats, signals came back sooner (studied in rats, not people)."
    assert found["section"]["id"] == "nerve-regeneration"
    assert found["certainty"]["code"] == "very-low"
    assert found["populations"] == ["rats"]
    (work,) = found["works"]
    assert work["design"] == {"code": "animal-experiment", "words": "Animal experiment"}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("article=b12", 7),
        ("article=other", 0),
        ("section=what-it-does", 1),
        ("certainty=very-low", 1),
        ("certainty=high", 0),
        ("population=rats", 4),
        ("population=people", 3),
        ("population=cells", 0),
        ("design=randomised-trial", 3),
        ("work=RATS-1994", 4),
        ("work=RATS-1994&design=randomised-trial", 0),
        ("population=rats&certainty=very-low", 1),
        ("language=en", 7),
        ("language=es", 0),
    ],
)
def test_claims_are_found_by_what_they_rest_on(query: str, count: int) -> None:
    assert len(data(f"claims/?{query}")) == count


def test_a_claim_says_that_its_work_was_withdrawn() -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(noticed_retraction_on="2026-11-23")
    claim = data("claims/?work=PEOPLE-2020")[0]
    assert "this study was withdrawn on 23 November 2026" in claim["text"]
    assert claim["works"][0]["retracted_on"] == "2026-11-23"
    assert [work["retracted_on"] for work in data(ARTICLE)["works"] if work["key"] == "PEOPLE-2020"] == ["2026-11-23"]


def test_a_work_is_told_with_its_notices() -> None:
    row = Reference.objects.get(key="PEOPLE-2020")
    Notice.objects.create(reference=row, kind="concern", notice_doi="10.1000/n", told_by="Crossref", found_at=NOW)
    found = data("references/PEOPLE-2020/")
    assert found["csl"]["DOI"] == "10.1000/people"
    assert (found["sample_size"], found["populations"]) == (90, ["people"])
    assert [notice["kind"]["words"] for notice in found["notices"]] == ["expression of concern"]
    assert found in data("references/")


def test_works_and_words_that_no_published_text_uses_are_not_shown() -> None:
    Reference.objects.create(key="SECRET-2026", type="webpage", title="Secret", design="guideline")
    GlossaryTerm.objects.create(key="secret", term="secret", explanation="secret")
    text = TEXT.replace("People were asked [@PEOPLE-2020]", "[So](glossary:secret) it is [@SECRET-2026]")
    make_article("hidden", text, is_published=False)
    assert [work["key"] for work in data("references/")] == ["PEOPLE-2020", "RATS-1994"]
    assert [word["key"] for word in data("glossary/")] == ["myelin"]
    get("references/SECRET-2026/", 404)
    get("glossary/secret/", 404)
    assert data("glossary/myelin/")["explanation"] == "the layer around a nerve"


def test_the_history_is_told_from_a_day_on(article: Article) -> None:
    approve(article)
    edit(article, MORE)
    publish(article, now=NOW + timedelta(days=30))
    first, second = data("changes/")
    assert (first["kind"]["code"], second["kind"]["code"]) == ("new", "change")
    assert [review["name"] for review in first["reviews"]] == ["A. Name"]
    assert (second["reviews"], first["compare_url"]) == ([], None)
    assert second["compare_url"].endswith("/articles/b12/history/compare/?from=1&to=2")
    assert [entry["publication"] for entry in data("changes/?since=2026-12-01")] == [2]
    assert data("changes/?since=2026-12-23") == []


def test_reviews_stand_where_the_history_page_has_them(article: Article) -> None:
    approve(article)
    edit(article, MORE)
    publish(article, now=NOW + timedelta(days=30))
    entries = history.entries(article)
    found = list(article.publications.all())
    history.set_reviews(found)
    assert [entry.judged_by for entry in entries] == [publication.judged_by for publication in found]
    assert any(entry.judged_by for entry in entries)


def test_a_key_message_and_an_answer_say_how_sure_we_are_of_a_sentence_that_is_graded_by_itself(article: Article) -> None:
    text = TEXT.replace("did something [@RATS-1994]", "did something [@PEOPLE-2020, low certainty]")
    edit(article, text.replace("came back sooner [@RATS-1994]", "came back sooner [@RATS-1994, very low certainty]"))
    publish(article)
    found = data(ARTICLE)
    assert found["key_message"] == "In rats, a high dose did something. (low certainty)"
    answer = "In rats, signals came back sooner (studied in rats, not people). (very low certainty)"
    assert found["sections"][1]["answer"] == answer


def test_a_text_in_a_form_that_is_no_longer_read_has_no_key_message(article: Article) -> None:
    assert article.publication is not None
    article.publication.revision.source = "Key message: old."
    assert history.key_message(article.publication) == ""


def test_a_withheld_text_keeps_its_entry_and_is_told_anew(article: Article) -> None:
    withhold_first(article)
    (entry,) = data("changes/?since=2027-01-01")
    assert entry["withheld"] == {"at": "2027-01-21T09:30:00Z", "reason": "It named somebody."}
    assert (entry["note"], entry["copy_url"], entry["compare_url"]) == (None, None, None)


def test_what_is_withdrawn_is_nowhere() -> None:
    Article.objects.update(withdrawn_at=NOW, withdrawn_reason="It was wrong.")
    assert [walk(f"{name}/") for name in ("articles", "claims", "references", "changes")] == [[], [], [], []]
    get("references/RATS-1994/", 404)


def test_a_withdrawn_article_says_so_under_former_addresses_too(article: Article) -> None:
    article.former_slugs.create(language="en", slug="old")
    draft = make_article("draft", is_published=False)
    draft.former_slugs.create(language="en", slug="older")
    Article.objects.update(withdrawn_at=NOW, withdrawn_reason="It was wrong.")
    answer = get(ARTICLE, 410)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    problem = answer.json()
    assert (problem["title"], problem["errors"]) == ("Withdrawn", [])
    assert problem["detail"] == "“Vitamin B12 and your nerves” was withdrawn on 2026-11-22: It was wrong."
    assert get("articles/old/", 301)["Location"].endswith(ARTICLE)
    for slug in ("draft", "older", "no"):
        get(f"articles/{slug}/", 404)


def test_other_languages_have_addresses_of_their_own() -> None:
    make_article("b12-es", TEXT.replace("topic:", "language: es\ntopic:"))
    assert [found["slug"] for found in data("articles/?language=es")] == ["b12-es"]
    assert len(data("articles/")) == 2
    get("articles/b12-es/", 404)
    found = data("articles/b12-es/?language=es")
    assert found["data_url"].endswith("/api/v1/articles/b12-es/?language=es")
    assert found["url"].endswith("/es/articles/b12-es/")


def test_a_former_address_leads_to_the_present_one(article: Article) -> None:
    article.former_slugs.create(language="en", slug="old")
    answer = get("articles/old/", 301)
    assert answer["Location"] == f"http://127.0.0.1:8000{ARTICLE}"
    assert answer["Access-Control-Allow-Origin"] == "*"


# Pages


def test_no_article_is_missed_or_told_twice_while_others_are_published() -> None:
    slugs = ["b12", *(f"article-{number}" for number in range(6))]
    early = make_article("early", is_published=False)
    for slug in slugs[1:]:
        make_article(slug)
    following, found = "/api/v1/articles/?limit=2", []
    while following:
        answer = get(following).json()
        found += [article["slug"] for article in answer["data"]]
        following = (answer["next"] or "").removeprefix("http://127.0.0.1:8000")
        make_article(f"late-{len(found)}")
        if len(found) == 4:
            publish(early)
        if len(found) > len(slugs):
            break
    assert found[: len(slugs)] == slugs
    assert len(found) == len(set(found))


def test_claims_of_an_article_that_changes_meanwhile_come_again(article: Article) -> None:
    make_article("other")
    first = get("claims/?limit=10").json()
    edit(article, MORE)
    publish(article)
    rest = walk(first["next"].removeprefix("http://127.0.0.1:8000/api/v1/"))
    assert len([claim for claim in first["data"] + rest if claim["article"]["slug"] == "other"]) == 7
    assert len([claim for claim in rest if claim["article"]["publication"] == 2]) == 8


@pytest.mark.parametrize("name", LISTS)
def test_pages_of_one_hold_what_one_page_holds(name: str) -> None:
    make_article("other", TEXT.replace("## What it does {#what-it-does}", "## What it is {#what-it-is}"))
    assert walk(f"{name}/?limit=1") == data(f"{name}/")
    assert get(f"{name}/?limit=1").json()["next"] or name == "glossary"


@pytest.mark.parametrize("path", [f"{name}/" for name in LISTS])
def test_thirty_articles_need_no_more_queries_than_one(path: str) -> None:
    with CaptureQueriesContext(connection) as one:
        get(path)
    for number in range(29):
        make_article(f"article-{number}")
    with CaptureQueriesContext(connection) as thirty:
        get(f"{path}?limit=100")
    assert len(thirty) <= len(one) <= 5


def test_an_article_needs_few_queries(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        get(ARTICLE)


# Validators and headers


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_that_is_the_same_comes_without_its_body(encoding: str, article: Article) -> None:
    headers = {"Accept-Encoding": encoding}
    answer = get("claims/", headers=headers)
    assert answer["ETag"].startswith('"' if encoding == "identity" else 'W/"')
    headers["If-None-Match"] = answer["ETag"]
    again = get("claims/", 304, headers)
    assert again.content == b""
    assert {"ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"} <= again.headers.keys()
    get("claims/?limit=1", 200, headers)
    edit(article, MORE)
    publish(article)
    get("claims/", 200, headers)


def test_a_withdrawal_leaves_no_old_answer_valid() -> None:
    answer = get("articles/")
    assert "Last-Modified" not in answer.headers
    Article.objects.update(withdrawn_at=NOW, withdrawn_reason="It was wrong.")
    assert get("articles/", headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).json()["data"] == []
    get("articles/", headers={"If-None-Match": answer["ETag"]})


@pytest.mark.parametrize(
    ("path", "status"), [("articles/", 200), ("articles/?x=1", 400), ("articles/no/", 404), ("articles", 301)]
)
def test_pages_of_other_sites_may_read_every_answer(path: str, status: int) -> None:
    answer = get(path, status, {"Origin": "https://elsewhere.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert 'rel="service-desc"' in answer["Link"]
    assert not answer.cookies
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_browser_that_asks_first_is_answered() -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = Client().options(ARTICLE, headers=headers | {"Access-Control-Request-Headers": "if-none-match"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Headers"] == "If-None-Match"
    assert "GET" in answer["Access-Control-Allow-Methods"]


def test_whoever_asks_gets_the_same() -> None:
    client = Client()
    client.force_login(make_user("Editors", "Publishers"))
    assert client.get(ARTICLE).content == get(ARTICLE).content
    assert Client().head(ARTICLE)["ETag"] == get(ARTICLE)["ETag"]


# Refusals


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=1e1",
        "limit=%D9%A1",
        "limit=",
        "after=%00",
        "after=9999999999999999999",
        "after=1%20OR%201",
        "work=%00",
        "work=people-2020",
        "design=x",
        "population=people%22",
        "certainty=none-found",
        "section=%F0%9F%92%A9",
        "section=" + "a" * 101,
        "article=../../etc",
        "language=e",
        "language=%FF%FE",
        "unknown=1",
        "limit=1&limit=2",
        "%00=%00",
        "callback=alert",
    ],
)
def test_an_odd_parameter_is_refused(query: str) -> None:
    answer = get(f"claims/?{query}", 400)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    problem = answer.json()
    assert (problem["status"], len(problem["errors"])) == (400, 1)
    assert problem["detail"]


@pytest.mark.parametrize("day", ["2026", "20260101", "2026-02-30", "2026-W01-1", "0000-01-01", "yesterday", "2026-01-01T00:00"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    (fault,) = get(f"changes/?since={day}", 400).json()["errors"]
    assert fault == {"parameter": "since", "detail": "not a day such as 2026-01-31"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_are_days(day: str) -> None:
    get(f"changes/?since={day}")


def test_all_faults_come_at_once() -> None:
    problem = get("changes/?since=x&limit=y&z=1", 400).json()
    assert [fault["parameter"] for fault in problem["errors"]] == ["since", "limit", "z"]
    assert "since, article, language, limit, after" in problem["detail"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing/", "/api/v2/", "/api/articles/b12/", "/api/%0A", "/api/v1/references/%00/", ARTICLE + "x/"]
)
def test_an_address_that_is_none_is_refused_in_json(path: str) -> None:
    answer = get(path, 404)
    assert answer["Content-Type"] == "application/problem+json"
    assert "/api/" in answer.json()["detail"]


def test_a_forgotten_slash_is_put_there() -> None:
    assert get("articles/b12?language=en", 301)["Location"] == "/api/v1/articles/b12/?language=en"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_changed(method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/articles/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer["Content-Type"] == "application/problem+json"
