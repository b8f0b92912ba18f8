"""The article form: one text in, one text out, and every fault at its place."""

from html import unescape
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from articles import workflow
from articles.admin.article import MAX_TRIES
from articles.models import Article, Publication, Revision
from articles.text.starters import SKELETON
from tests.admin.test_rights import ADMIN, form
from tests.support import TEXT, edit, make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("Editors", "Publishers", username="edith"))
    return client


def send(client: Client, article: Article, **changed: Any) -> Any:
    body = TEXT.split("---\n", 2)[2]
    return client.post(f"{ADMIN}/{article.pk}/change/", form(**{"body": body, "based_on": "1", **changed}))


def latest(article: Article) -> Revision:
    return Revision.objects.filter(article=article).latest("number")


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["adminform"].form.errors.items()}


def test_a_changed_title_changes_one_line_of_the_file(editor: Client, article: Article) -> None:
    send(editor, article, title="Another: title")
    expected = TEXT.replace("title: Vitamin B12 and your nerves", "title: 'Another: title'")
    assert latest(article).source == expected
    assert latest(article).note == "A sentence was added."
    assert latest(article).created_by_name == "edith"


def test_every_other_field_is_kept_as_it_is_written(editor: Client) -> None:
    make_evidence()
    text = TEXT.replace("topic: Vitamin B12\n", 'topic:   "Vitamin B12" # as in the list\nalso_called: [ cobalamin,B-12 ]\n')
    article = make_article(text=text)
    send(editor, article, also_called="cobalamin\r\nB-12", body=text.split("---\n", 2)[2] + "\nNew [@PEOPLE-2020].\n")
    assert latest(article).source == text + "\nNew [@PEOPLE-2020].\n"


def test_browsers_line_ends_become_ours(editor: Client, article: Article) -> None:
    body = (TEXT.split("---\n", 2)[2] + "\nNew [@PEOPLE-2020].\n").replace("\n", "\r\n")
    send(editor, article, body=body)
    assert latest(article).source == TEXT + "\nNew [@PEOPLE-2020].\n"


def test_lists_are_written_and_taken_away(editor: Client, article: Article) -> None:
    send(editor, article, also_called="cobalamin\r\n\r\n B-12 ")
    assert "\nalso_called: [cobalamin, B-12]\n" in latest(article).source
    send(editor, article, also_called="", based_on="2")
    assert latest(article).source == TEXT


def test_an_unchanged_form_saves_nothing_and_says_so(editor: Client, article: Article) -> None:
    answer = send(editor, article)
    assert "Nothing was saved: this is the text that readers see." in editor.get(answer["Location"]).content.decode()
    assert Revision.objects.count() == 1


def test_saving_leaves_readers_their_text_and_publishing_changes_it(editor: Client, article: Article) -> None:
    send(editor, article, title="Another title")
    assert b"Another title" not in editor.get("/articles/b12/").content
    answer = send(editor, article, title="Another title", based_on="2", _publish="Publish")
    assert answer.status_code == 302
    assert b"Another title" in editor.get("/articles/b12/").content
    assert Publication.objects.count() == 2


def test_every_fault_stands_at_its_field_with_the_line_in_the_text(editor: Client, article: Article) -> None:
    body = "\n## A section {#a}\n\nSomething <b>bold</b>.\n\nUnknown [@NOBODY-1].\n"
    answer = send(editor, article, body=body, summary="Nerves [@NOBODY-2].", related="nothing")
    found = errors(answer)
    assert found["body"] == [
        "Line 4: HTML cannot be used here. If you mean a less-than sign, write &lt;.",
        "Line 6: There is no work with the key NOBODY-1. Find it with “Source”, or add the work first.",
    ]
    assert "NOBODY-2" in " ".join(found["summary"])
    assert "nothing" in " ".join(found["related"])
    assert Revision.objects.count() == 1
    assert "Something &lt;b&gt;bold" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "This field is required."),
        ("title", "x" * 121, "at most 120"),
        ("summary", "x" * 301, "`summary` is 301 characters long"),
        ("key_message", "", "Please fill this in."),
        ("topic", "", "Please fill this in."),
        ("review_every", "0", "greater than or equal to 1"),
        ("former_slugs", "Not A Slug", "small letters, digits and single hyphens"),
        ("note", "", "Say for readers what changed and why, in a sentence."),
        ("body", "", "This field is required."),
    ],
)
def test_a_faulty_field_is_named(field: str, value: str, words: str, editor: Client, article: Article) -> None:
    found = errors(send(editor, article, **{field: value}))
    assert words in " ".join(found.get(field, []))
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": "Nerves\ufeff"}, "title", "Something invisible was pasted"),
        ({"title": "Nerves\u202e", "summary": "Nerves \u200e[@PEOPLE-2020].", "also_called": "b\u200f"}, "title", "U+202E"),
        ({"also_called": "b\u200f"}, "also_called", "U+200F"),
        ({"summary": "x" * 5_001}, "summary", "at most 5000"),
        ({"also_called": "x\n" * 20_000}, "body", "hold too much in all"),
    ],
)
def test_what_no_text_may_hold_is_told_and_loses_nothing(
    values: dict[str, str], field: str, words: str, editor: Client, article: Article
) -> None:
    answer = send(editor, article, **values)
    assert words in " ".join(errors(answer)[field])
    for name, value in values.items():
        assert answer.context["adminform"].form[name].value() == value
    body = TEXT.split("---\n", 2)[2]
    checked = editor.post(f"{ADMIN}/{article.pk}/check/", form(body=body, based_on="1", **values))
    assert words in unescape(checked.json()["report"])


def test_what_stops_publishing_stands_at_its_line_and_stops_no_draft(editor: Client, article: Article) -> None:
    body = TEXT.split("---\n", 2)[2] + "\nA bare statement.\n"
    found = errors(send(editor, article, body=body, _publish="Publish"))
    assert found["body"][0].startswith("Line 19: A sentence without a source: “A bare statement.” Give its source before")
    assert Revision.objects.count() == 1
    assert send(editor, article, body=body).status_code == 302
    html = editor.post(f"{ADMIN}/{article.pk}/preview/", form(body=body)).content.decode()
    assert "Before it can be published:" in html
    answer = editor.post(f"{ADMIN}/{article.pk}/move/publish/", {"revision": "2"}, follow=True)
    assert "Mend these first:" in answer.content.decode()
    assert Publication.objects.count() == 1


def test_a_new_article_is_made_and_keeps_to_free_addresses(editor: Client, article: Article) -> None:
    data = form(kind="article", slug="b12", based_on="")
    assert "There is an article at this address already" in str(errors(editor.post(f"{ADMIN}/add/", data)))
    data["slug"] = "New One"
    assert "Small letters" in str(errors(editor.post(f"{ADMIN}/add/", data)))
    data["slug"] = "new-one"
    answer = editor.post(f"{ADMIN}/add/", data)
    made = Article.objects.get(slug="new-one")
    assert answer.headers["Location"] == f"{ADMIN}/{made.pk}/change/"
    assert latest(made).source.startswith("---\ntitle: Vitamin B12 and your nerves\nsummary: Your nerves")
    assert made.published_revision is None


def test_a_new_article_that_is_barely_begun_is_told_what_to_fill_in_by_name(editor: Client) -> None:
    data = form(kind="article", slug="", based_on="", title="", summary="", key_message="", topic="", note="", body=SKELETON)
    answer = editor.post(f"{ADMIN}/add/", data)
    assert set(errors(answer)) == {"slug", "title", "summary", "note", "key_message", "topic"}
    html = unescape(editor.post(f"{ADMIN}/preview/", data).content.decode())
    assert "<li>Title: This field is required.</li>" in html
    assert 'value="First publication."' in editor.get(f"{ADMIN}/add/").content.decode()


def test_an_unfilled_skeleton_is_saved_as_a_draft_and_cannot_be_published(editor: Client) -> None:
    make_evidence()
    answer = editor.post(f"{ADMIN}/add/", form(kind="article", slug="begun", based_on="", body=SKELETON), follow=True)
    assert "Saved as a draft." in answer.content.decode()
    begun = Article.objects.get(slug="begun")
    assert "Mend these first:" in editor.get(f"{ADMIN}/{begun.pk}/move/publish/").content.decode()


def test_a_page_about_the_site_needs_neither_topic_nor_key_message(editor: Client) -> None:
    data = form(
        kind="page", slug="about", based_on="", key_message="", topic="", summary="Who we are.", body="\n## We {#we}\n\nWe.\n"
    )
    editor.post(f"{ADMIN}/add/", data | {"_publish": "Publish"})
    assert b"<h1>Vitamin B12 and your nerves</h1>" in editor.get("/about/").content
    refused = editor.post(f"{ADMIN}/add/", data | {"slug": "search"})
    assert "The site itself has something at this address" in " ".join(errors(refused)["slug"])


def test_the_preview_is_what_readers_would_see_and_may_be_framed_by_us_alone(editor: Client, article: Article) -> None:
    data = form(body=TEXT.split("---\n", 2)[2] + "\nNew [@RATS-1994].\n", note="")
    answer = editor.post(f"{ADMIN}/{article.pk}/preview/", data)
    html = answer.content.decode()
    assert "New.\u00a0" in html
    assert "A preview. Readers do not see this text." in html
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "frame-src 'self'" in editor.get(f"{ADMIN}/{article.pk}/change/").headers["Content-Security-Policy"]
    assert "frame-src" not in editor.get("/articles/b12/").headers["Content-Security-Policy"]
    assert Revision.objects.count() == 1


def test_the_preview_of_a_faulty_text_names_the_faults_and_shows_the_rest(editor: Client, article: Article) -> None:
    data = form(body="\n## A {#a}\n\nFine [@RATS-1994].\n\n!!! nonsense\n    x\n")
    html = editor.post(f"{ADMIN}/{article.pk}/preview/", data).content.decode()
    assert "Line 6: the unknown block `nonsense`" in html
    assert "studied in rats, not people" in html


def test_a_publisher_reads_the_text_and_publishes_the_draft(client: Client, article: Article) -> None:
    edit(article, TEXT + "\nA draft [@PEOPLE-2020].\n")
    client.force_login(make_user("Publishers"))
    html = client.get(f"{ADMIN}/{article.pk}/change/").content.decode()
    assert "A draft [@PEOPLE-2020]." in html
    assert f'href="{ADMIN}/{article.pk}/move/publish/"' in html
    assert "<textarea" not in html
    client.post(f"{ADMIN}/{article.pk}/move/publish/", {"revision": "2"})
    assert b"A draft." in client.get("/articles/b12/").content


def test_a_draft_that_is_no_longer_the_latest_is_not_published(client: Client, article: Article) -> None:
    edit(article, TEXT + "\nOne [@PEOPLE-2020].\n")
    edit(article, TEXT + "\nTwo [@PEOPLE-2020].\n")
    client.force_login(make_user("Publishers"))
    answer = client.post(f"{ADMIN}/{article.pk}/move/publish/", {"revision": "2"}, follow=True)
    assert "There is a newer text than the one you looked at." in answer.content.decode()
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("revision", ["", "x", "99", "-1", "1; DROP TABLE"])
def test_publishing_an_odd_revision_is_refused(revision: str, client: Client, article: Article) -> None:
    edit(article, TEXT + "\nOne [@PEOPLE-2020].\n")
    client.force_login(make_user("Publishers"))
    answer = client.post(f"{ADMIN}/{article.pk}/move/publish/", {"revision": revision})
    assert "There is a newer text than the one you looked at." in answer.content.decode()
    assert Publication.objects.count() == 1


def test_the_list_is_searched_and_filtered(editor: Client, article: Article) -> None:
    edit(article, TEXT + "\nA draft [@PEOPLE-2020].\n")
    make_article("other", TEXT.replace("Vitamin B12 and your nerves", "Falls"), is_published=False)
    found = lambda query: [row.slug for row in editor.get(f"{ADMIN}/?{query}").context["cl"].result_list]  # noqa: E731
    assert found("q=falls") == ["other"]
    assert found("status=published") == ["b12"]
    assert found("status=unpublished") == ["other"]
    assert set(found("status=draft")) == {"b12", "other"}
    assert found("topic=Vitamin+B12&status=published") == ["b12"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_save_waits_for_a_database_that_is_locked(editor: Client, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []
    save = workflow.save_revision

    def locked_at_first(**arguments: Any) -> Revision:
        tries.append(1)
        if len(tries) < MAX_TRIES:
            raise OperationalError("database is locked")
        return save(**arguments)

    monkeypatch.setattr(workflow, "save_revision", locked_at_first)
    assert send(editor, article, title="Another title").status_code == 302
    assert latest(article).number == 2
