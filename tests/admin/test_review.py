"""The page of a review: who was asked, what others say, and the question before it is recorded."""

import re
from typing import Any

import pytest
from django.test import Client

from articles import workflow
from articles.models import CHECKLIST, Article, Review, RevisionState
from tests.admin.test_record import words
from tests.admin.test_rights import ADMIN, REVIEW
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, take_down
from tests.workflow.test_commenting import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    article = make_article()
    edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    return article


@pytest.fixture
def rita(client: Client) -> Any:
    user = make_user("Reviewers", username="rita")
    client.force_login(user)
    return user


def send(client: Client, article: Article, **changed: Any) -> Any:
    return client.post(f"{ADMIN}/{article.pk}/review/", {**REVIEW, "revision": "2", **changed})


def test_a_review_is_shown_again_before_it_is_recorded(rita: Any, client: Client, article: Article) -> None:
    answer = send(client, article, interests="Shares in <pills>", comment="", decision="approved")
    html = words(answer)
    assert answer.status_code == 200
    assert not Review.objects.exists()
    assert "A review cannot be taken back." in html
    assert "<strong>approved</strong>" in html
    for said in (*(str(said) for said in CHECKLIST.values()), "Dr Ada Example", "neurologist", "MD"):
        assert f"<li>{said}</li>" in html or f"<dd>{said}</dd>" in html
    assert "<p>Shares in &lt;pills&gt;</p>" in answer.content.decode()


def fields(html: str) -> dict[str, list[str]]:
    """Read the hidden fields of the page, as a browser would send them."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def test_what_was_shown_is_what_is_recorded(rita: Any, client: Client, article: Article) -> None:
    asked = send(client, article, decision="changes_requested", comment="Say\nhow “many”.", checklist=["newer", "harms"])
    data = fields(words(asked))
    answer = client.post(f"{ADMIN}/{article.pk}/review/", data | {"_confirmed": "Yes, record it"}, follow=True)
    assert "Your review is recorded." in words(answer)
    made = Review.objects.get()
    assert (made.decision, made.comment, made.checklist) == ("changes_requested", "Say\nhow “many”.", ["newer", "harms"])


def test_back_keeps_what_was_typed(rita: Any, client: Client, article: Article) -> None:
    data = fields(words(send(client, article, interests="Shares in pills", checklist=list(CHECKLIST))))
    html = words(client.post(f"{ADMIN}/{article.pk}/review/", data | {"_back": ""}))
    assert "Shares in pills</textarea>" in html
    assert html.count(" checked") == len(CHECKLIST) + 1
    assert "errornote" not in html
    assert not Review.objects.exists()


def test_a_text_that_was_saved_while_the_reviewer_was_asked_is_not_judged(rita: Any, client: Client, article: Article) -> None:
    data = fields(words(send(client, article)))
    edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    html = words(client.post(f"{ADMIN}/{article.pk}/review/", data | {"_confirmed": ""}))
    assert "There is a newer text than the one you judged." in html
    assert not Review.objects.exists()


def test_reviewers_see_who_was_asked(rita: Any, client: Client, article: Article) -> None:
    def page() -> str:
        return words(client.get(f"{ADMIN}/{article.pk}/review/"))

    assert "asked to review" not in page()
    RevisionState.objects.update(reviewer=rita, reviewer_name="Rita")
    assert "You were asked to review this text." in page()
    RevisionState.objects.update(reviewer=None, reviewer_name="Ruth")
    assert "Ruth was asked to review this text. You may review it too." in page()


def test_open_comments_are_shown_with_the_way_to_them(rita: Any, client: Client, article: Article) -> None:
    workflow.close_comment(comment=say(article, "Closed one."), by=IMPORT, now=NOW)
    workflow.answer(to=say(article, "Say <how> many.", "to make myelin"), words="An answer.", by=IMPORT, now=NOW)
    html = client.get(f"{ADMIN}/{article.pk}/review/").content.decode()
    assert "1 open comment</h2>" in html
    assert "“to make myelin”: Say &lt;how&gt; many." in html
    assert f'href="{ADMIN}/{article.pk}/comments/"' in html
    assert "Closed one." not in html
    assert "An answer." not in html


def test_a_link_to_an_article_that_was_withdrawn_since_is_told(rita: Any, client: Client, article: Article) -> None:
    gone = make_article("gone")
    edit(article, f"{TEXT}\nRead [this](article:gone) [no-citation: signpost].\n")
    pages = {
        "preview": "no article `gone`",
        "standards": "no article `gone`",
        "review": "There is no article at the address gone.",
    }
    for page, said in pages.items():
        assert said not in words(client.get(f"{ADMIN}/{article.pk}/{page}/"))
    take_down(gone)
    for page, said in pages.items():
        assert said in words(client.get(f"{ADMIN}/{article.pk}/{page}/"))
    assert words(send(client, article, revision="3")).count("This text cannot be published yet") == 2


@pytest.mark.parametrize("name", ["printed_name", "role", "credentials", "interests", "comment"])
def test_words_that_nobody_sees_are_none(name: str, rita: Any, client: Client, article: Article) -> None:
    values = {"decision": "changes_requested", "comment": "Say more.", "_confirmed": "1", name: "\u202e\u200b"}
    assert list(send(client, article, **values).context["form"].errors) == [name]
    assert not Review.objects.exists()
