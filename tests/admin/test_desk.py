"""What the article form asks while somebody writes."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.admin.desk_search import MAX_FOUND
from articles.models import Article, GlossaryTerm, Reference, Revision
from tests.admin.test_rights import ADMIN, form
from tests.support import PAGE, TEXT, edit, make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db

BODY = TEXT.split("---\n", 2)[2]


@pytest.fixture
def article() -> Article:
    make_evidence()
    Reference.objects.filter(key="PEOPLE-2020").update(
        author=[{"family": "Müller", "given": "A"}, {"family": "B"}], issued="2020"
    )
    return make_article()


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("Editors", username="edith"))
    return client


def found(client: Client, kind: str, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{ADMIN}/find/", {"kind": kind, "q": query})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return list(answer.json()["found"])


def check(client: Client, path: str, **changed: Any) -> dict[str, str]:
    answer = client.post(f"{ADMIN}/{path}", form(based_on="1", **changed))
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.parametrize("query", ["people-20", "STUDY of people", "Müller", "müller 2020", "10.1000/people"])
def test_a_work_is_found_by_key_title_author_year_and_doi(query: str, editor: Client, article: Article) -> None:
    [work] = found(editor, "source", query)
    assert work == {
        "label": "A study of people",
        "detail": "Müller and others, 2020, PEOPLE-2020",
        "warning": "",
        "cite": "PEOPLE-2020",
    }


def test_a_withdrawn_work_says_so_before_it_is_cited(editor: Client, article: Article) -> None:
    Reference.objects.filter(key="RATS-1994").update(retracted_on="2020-01-01")
    assert found(editor, "source", "rats")[0]["warning"] == "Withdrawn by its journal"


def test_a_word_is_found_by_its_medical_word_synonyms_and_misspellings(editor: Client, article: Article) -> None:
    GlossaryTerm.objects.create(
        key="neuropathy",
        term="nerve damage",
        medical="neuropathy",
        explanation="damage",
        synonyms=["bad nerves"],
        misspellings=["nuropathy"],
    )
    for query in ("nerve", "neuropathy", "bad", "nuropathy"):
        [word] = found(editor, "word", query)
        assert (word["link"], word["words"], word["label"]) == (
            "glossary:neuropathy",
            "nerve damage",
            "nerve damage (neuropathy)",
        )


def test_articles_pages_and_sections_are_found_by_their_titles(editor: Client, article: Article) -> None:
    make_article("about", PAGE, "page")
    make_article("draft", TEXT.replace("Vitamin B12 and", "A draft on"), is_published=False)
    assert [one["link"] for one in found(editor, "link", "about")] == ["page:about", "page:about#who-we-are"]
    assert [one["link"] for one in found(editor, "link", "regeneration")] == ["article:b12#nerve-regeneration"]
    assert found(editor, "link", "regeneration")[0]["words"] == "Nerve regeneration"
    assert [one["link"] for one in found(editor, "link", "draft")] == ["article:draft"]


def test_pieces_to_begin_with_are_found(editor: Client) -> None:
    [piece] = found(editor, "insert", "emergency")
    assert piece["block"].startswith("!!! emergency ")
    assert piece["select"] in piece["block"]


@pytest.mark.parametrize("kind", ["source", "word", "link", "insert"])
@pytest.mark.parametrize(
    "query", ["%", "_", "'; DROP TABLE", "\x00", "x" * 5000, "a " * 500, "\\", '"', "\ud83d\ude00", "<b>", "[@"]
)
def test_hostile_queries_are_answered(kind: str, query: str, editor: Client, article: Article) -> None:
    query = query.encode("utf-16", "surrogatepass").decode("utf-16")
    assert len(found(editor, kind, query)) <= MAX_FOUND


@pytest.mark.parametrize("kind", ["source", "word"])
def test_what_is_found_is_bounded_and_asked_for_at_once(
    kind: str, editor: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        Reference.objects.create(key=f"W-{number}", type="book", title="A book", design="textbook", author=["odd", 3, {}])
        GlossaryTerm.objects.create(key=f"w-{number}", term=f"word {number}", explanation="x")
    with django_assert_max_num_queries(5):
        assert len(found(editor, kind, "")) == MAX_FOUND


@pytest.mark.parametrize("kind", ["", "nothing", "__class__"])
def test_a_kind_that_is_none_is_not_found(kind: str, editor: Client) -> None:
    assert editor.get(f"{ADMIN}/find/", {"kind": kind, "q": "x"}).status_code == 404


@pytest.mark.parametrize(("groups", "status"), [(("Editors",), 200), (("Reviewers",), 403), (("Publishers",), 403), ((), 403)])
def test_only_who_may_write_may_ask(groups: tuple[str, ...], status: int, client: Client, article: Article) -> None:
    client.force_login(make_user(*groups))
    assert client.get(f"{ADMIN}/find/", {"kind": "source"}).status_code == status
    assert client.post(f"{ADMIN}/{article.pk}/check/", form()).status_code == status
    assert client.post(f"{ADMIN}/check/", form()).status_code == status


def test_who_is_signed_out_is_asked_to_sign_in_and_other_methods_are_refused(client: Client, article: Article) -> None:
    assert client.get(f"{ADMIN}/find/").status_code == 302
    client.force_login(make_user("Editors"))
    assert client.post(f"{ADMIN}/find/").status_code == 405
    assert client.get(f"{ADMIN}/{article.pk}/check/").status_code == 405
    assert client.post(f"{ADMIN}/999/check/", form()).status_code == 404


def test_one_answer_has_preview_counts_stops_and_advice(editor: Client, article: Article) -> None:
    answer = check(editor, f"{article.pk}/check/", body=BODY + "\nA bare statement.\n", note="")
    assert "A bare statement." in answer["page"]
    assert "reading grade" in answer["report"]
    assert 'href="#line-19"><b>Line 19</b> A sentence without a source: “A bare statement.”' in answer["report"]
    assert "There are questions to take to the doctor" in answer["report"]
    assert "Say for readers" not in answer["report"], "a note stops a save, not publishing"
    assert Revision.objects.count() == 1


def test_faults_of_form_are_reported_beside_the_advice(editor: Client, article: Article) -> None:
    answer = check(editor, f"{article.pk}/check/", body=BODY + "\nAfter. [@RATS-1994]\n", summary="Nobody [@NO-1].")
    assert "The source stands after the full stop." in answer["report"]
    assert 'href="#id_summary"><b>Summary</b> There is no work with the key NO-1.' in answer["report"]
    assert "There are questions to take to the doctor" in answer["report"]


def test_a_save_in_between_is_told_while_somebody_writes_beside_what_stops_publishing(editor: Client, article: Article) -> None:
    edit(article, TEXT + "\nTheirs [@PEOPLE-2020].\n")
    report = check(editor, f"{article.pk}/check/", body=BODY + "\nA bare statement.\n")["report"]
    assert "saved revision 2 while you were writing" in report
    assert "A sentence without a source: “A bare statement.”" in report


def test_a_new_text_is_checked_as_it_grows(editor: Client) -> None:
    for fields in ({"body": ""}, {"body": "Words."}, {"body": "## A {#a}\n\nB.\n", "title": ""}, {"kind": "odd"}):
        answer = check(editor, "check/", **{"kind": "article", "slug": "new", **fields})
        assert "What stops publishing" in answer["report"]


@pytest.mark.parametrize(
    "body", ["[" * 4000, "!!! x\n" * 2000, "\x00", "> " * 3000, "## \n" * 500, "| |\n|-|\n" * 500, "`" * 999]
)
def test_hostile_texts_are_answered(body: str, editor: Client, article: Article) -> None:
    assert "What stops publishing" in check(editor, f"{article.pk}/check/", body=body)["report"]


def test_the_same_stands_in_the_page_of_the_saved_text(editor: Client, article: Article) -> None:
    edit(article, TEXT + "\nA bare statement.\n")
    html = editor.get(f"{ADMIN}/{article.pk}/change/").content.decode()
    assert "<b>Line 19</b> A sentence without a source: “A bare statement.”" in html
    assert "reading grade" in html


def test_a_refused_save_begins_with_what_is_wrong_and_where(editor: Client, article: Article) -> None:
    body = BODY + "\nAfter. [@RATS-1994]\n"
    html = editor.post(f"{ADMIN}/{article.pk}/change/", form(body=body, title="", based_on="1")).content.decode()
    summary = html[html.index('id="faults"') :][:1500]
    assert '<a href="#id_title"><b>Title</b> This field is required.</a>' in summary
    assert '<a href="#line-19"><b>Line 19</b> The source stands after the full stop.' in summary
    assert html.index('id="faults"') < html.index('id="id_title"')


def test_a_new_article_is_offered_a_skeleton_without_script(editor: Client) -> None:
    html = editor.get(f"{ADMIN}/add/").content.decode()
    link = html[html.index("?body=") :].split('"', 1)[0]
    assert "## What it is {#what-it-is}" in editor.get(f"{ADMIN}/add/{link}").content.decode()


def test_the_form_knows_where_the_lines_of_the_file_stand(editor: Client, article: Article) -> None:
    html = editor.get(f"{ADMIN}/{article.pk}/change/").content.decode()
    assert 'data-layout="title:2 summary:3 key_message:4 topic:5 body:7"' in html
