"""What readers said, as editors see it: to read, mark and delete, beside the copy it is about."""

import pytest
from django.test import Client

from articles.models import Article, Feedback, Publication
from tests.support import NOW, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/feedback/"


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def tell(publication: Publication | None, comment: str = "", *, is_helpful: bool = False, is_read: bool = False) -> Feedback:
    assert publication
    return Feedback.objects.create(
        publication=publication, comment=comment, is_helpful=is_helpful, is_read=is_read, received_on=NOW.date()
    )


def page(path: str, *groups: str) -> str:
    client = Client()
    client.force_login(make_user(*groups))
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_list_shows_what_was_said_of_which_copy_unread_first(article: Article) -> None:
    tell(article.publication, "An old comment.", is_read=True)
    tell(article.publication, "Say how many people there were. " * 9, is_helpful=True)
    html = page(LIST, "Editors")
    assert html.index("Say how many") < html.index("An old comment.")
    assert '<a href="/articles/b12/history/1/">Vitamin B12 and your nerves, copy 1</a>' in html
    assert "Say how many people there were. " * 9 not in html


def test_the_list_is_narrowed_by_page_answer_and_day(article: Article) -> None:
    other = make_article("other", TEXT.replace("Vitamin B12 and your nerves", "Another title"))
    tell(article.publication, "Here.")
    tell(other.publication, "There.", is_helpful=True)
    client = Client()
    client.force_login(make_user("Reviewers"))
    for query in (
        f"publication__article__id__exact={article.pk}",
        "is_helpful__exact=0",
        f"publication__id__exact={article.publication_id}",
        "is_read__exact=0&is_helpful__exact=0&received_on__gte=2026-11-01",
    ):
        html = client.get(f"{LIST}?{query}").content.decode()
        assert "Here." in html
        assert "There." not in html


def test_a_single_answer_is_shown_whole_and_as_text(article: Article) -> None:
    told = tell(article.publication, "<script>alert(1)</script> " + "word " * 100 + "end.")
    html = page(f"{LIST}{told.pk}/change/", "Reviewers")
    assert "&lt;script&gt;alert(1)" in html
    assert "word end." in html
    assert 'name="comment"' not in html


@pytest.mark.parametrize("groups", [("Editors",), ("Publishers",)], ids=str)
def test_editors_and_publishers_mark_and_delete(article: Article, groups: tuple[str, ...]) -> None:
    told = tell(article.publication, "A comment.")
    client = Client()
    client.force_login(make_user(*groups))
    answer = client.post(LIST, {"action": "mark_as_read", "_selected_action": [told.pk]}, follow=True)
    assert "1 answer is marked as read." in answer.content.decode()
    told.refresh_from_db()
    assert told.is_read
    client.post(LIST, {"action": "delete_selected", "_selected_action": [told.pk], "post": "yes"})
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("groups", [("Reviewers",), ()], ids=str)
def test_others_do_neither(article: Article, groups: tuple[str, ...]) -> None:
    told = tell(article.publication, "A comment.")
    client = Client()
    client.force_login(make_user(*groups))
    client.post(LIST, {"action": "mark_as_read", "_selected_action": [told.pk]})
    client.post(LIST, {"action": "delete_selected", "_selected_action": [told.pk], "post": "yes"})
    client.post(f"{LIST}{told.pk}/delete/", {"post": "yes"})
    assert Feedback.objects.filter(is_read=False).count() == 1
    assert client.get(LIST).status_code == (200 if groups else 403)


def test_nobody_writes_or_changes_what_readers_said(article: Article) -> None:
    told = tell(article.publication, "A comment.")
    client = Client()
    client.force_login(make_user("Editors", "Publishers", "Reviewers"))
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{told.pk}/change/", {"comment": "Changed."}).status_code == 403
    assert Feedback.objects.get().comment == "A comment."


def test_what_is_deleted_leaves_no_words_in_the_admins_log(article: Article) -> None:
    told = tell(article.publication, "A comment.")
    client = Client()
    client.force_login(make_user("Editors"))
    client.post(f"{LIST}{told.pk}/delete/", {"post": "yes"})
    html = client.get("/admin/").content.decode()
    assert "publication 1, 2026-11-22" in html
    assert "A comment." not in html


def test_an_article_shows_what_readers_said_of_the_copy_they_see(article: Article) -> None:
    for number in range(5):
        tell(article.publication, "A comment." if number < 3 else "", is_helpful=number < 3, is_read=number == 0)
    form, record = (f"/admin/articles/article/{article.pk}/{name}/" for name in ("change", "publications"))
    html = page(form, "Editors")
    assert "Readers on copy 1: it helped 3 of 5. New comments: 2." in html
    assert f'href="{LIST}?publication__id__exact={article.publication_id}"' in html
    edit(article, TEXT + "\nA sentence more [@PEOPLE-2020].\n")
    publish(article)
    client = Client()
    client.force_login(make_user("Reviewers"))
    assert "No reader has said anything about copy 2." in client.get(form).content.decode()
    html = client.get(record).content.decode()
    assert "Readers on copy 1: it helped 3 of 5." in html
    assert "No reader has said anything about copy 2." in html


def test_a_draft_says_nothing_of_readers(article: Article) -> None:
    draft = make_article("draft", is_published=False)
    assert "No reader" not in page(f"/admin/articles/article/{draft.pk}/change/", "Editors")
