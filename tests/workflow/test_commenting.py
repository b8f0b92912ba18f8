"""Comments on the words of a text: who may make them, what is taken, and what the log says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from articles import workflow
from articles.models import Article, AuditEvent, Comment, Revision
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.fixture
def rita() -> workflow.Actor:
    return workflow.Actor.person(make_user("Reviewers", username="rita"))


def say(
    article: Article,
    words: str = "Say how many.",
    quote: str = "",
    section_id: str = "what-it-does",
    by: workflow.Actor = IMPORT,
) -> Comment:
    article.refresh_from_db()
    assert article.latest_revision is not None
    return workflow.comment(revision=article.latest_revision, section_id=section_id, quote=quote, words=words, by=by, now=NOW)


def reopen(made: Comment, by: workflow.Actor) -> None:
    workflow.close_comment(comment=made, by=IMPORT, now=NOW)
    workflow.reopen_comment(comment=made, by=by, now=NOW)


ACTS: dict[str, Callable[[Comment, workflow.Actor], Any]] = {
    "comment": lambda c, by: say(c.revision.article, by=by),
    "answer": lambda c, by: workflow.answer(to=c, words="Forty.", by=by, now=NOW),
    "close": lambda c, by: workflow.close_comment(comment=c, by=by, now=NOW),
    "reopen": reopen,
}


@pytest.mark.parametrize("group", ["Editors", "Reviewers", "Publishers"])
@pytest.mark.parametrize("act", ACTS)
def test_everybody_at_the_desk_comments_and_the_log_says_so(act: str, group: str, article: Article) -> None:
    ACTS[act](say(article), workflow.Actor.person(make_user(group, username="x")))
    event = AuditEvent.objects.filter(actor_name="x").get()
    assert event.act == {"close": "resolve", "answer": "comment"}.get(act, act)
    assert event.article == article
    assert event.from_revision == event.to_revision == article.latest_revision
    assert event.detail == ("Forty." if act == "answer" else "Say how many.")


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_does(act: str, article: Article) -> None:
    made = say(article)
    with pytest.raises(PermissionDenied, match="(add|change) comment"):
        ACTS[act](made, workflow.Actor.person(make_user()))
    assert Comment.objects.get() == made


def test_a_comment_keeps_what_it_is_about_and_who_made_it(article: Article, rita: workflow.Actor) -> None:
    made = say(article, " Say\x00 how many. \nPlease. ", " make  *myelin* \n[@PEOPLE-2020]", by=rita)
    made.refresh_from_db()
    assert (made.section_id, made.quote, made.words) == (
        "what-it-does",
        "make *myelin* [@PEOPLE-2020]",
        "Say  how many. \nPlease.",
    )
    assert (made.made_by, made.made_by_name, made.made_at) == (rita.user, "rita", NOW)
    assert made.revision == article.latest_revision


@pytest.mark.parametrize(
    ("section_id", "quote"),
    [
        ("", "Vitamin B12 and your nerves"),
        ("", "Your nerves need vitamin B12"),
        ("", "a high dose did something"),
        ("nerve-regeneration", "Nerve regeneration: do nerves grow back?"),
        ("nerve-regeneration", "The rats were injected. studied in rats, not people 1 People were asked."),
        ("nerve-regeneration", "The rats were injected [@RATS-1994]. People were asked"),
        ("what-it-does", "to make [myelin](glossary:myelin)"),
        ("what-it-does", ""),
    ],
)
def test_words_are_quoted_as_readers_see_them_or_as_the_text_has_them(section_id: str, quote: str, article: Article) -> None:
    assert say(article, quote=quote, section_id=section_id).quote == quote


@pytest.mark.parametrize(
    ("words", "quote", "section_id", "fault"),
    [
        ("", "", "", "Write what you want to say"),
        (" \n\x07", "", "", "Write what you want to say"),
        ("x" * 4001, "", "", "up to 4000 characters"),
        ("x", "y" * 401, "", "up to 400 characters"),
        ("x", "", "no-such", "no such section"),
        ("x", "The rats were injected", "what-it-does", "do not stand in this section"),
        ("x", "—", "what-it-does", "do not stand in this section"),
        ("x", "</p><script>", "what-it-does", "do not stand in this section"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(words: str, quote: str, section_id: str, fault: str, article: Article) -> None:
    with pytest.raises(ValueError, match=fault):
        say(article, words, quote, section_id)
    assert not Comment.objects.exists()
    assert not AuditEvent.objects.filter(act="comment").exists()


def test_the_longest_comment_is_kept_whole(article: Article) -> None:
    assert len(say(article, "x" * 4000).words) == 4000


def test_a_comment_on_a_text_that_was_followed_by_another_stays_with_it(article: Article) -> None:
    old = Revision.objects.get()
    edit(article, TEXT.replace("People were asked", "People were told"))
    made = workflow.comment(
        revision=old, section_id="nerve-regeneration", quote="People were asked", words="Who?", by=IMPORT, now=NOW
    )
    assert made.revision == old


def test_an_answer_to_an_answer_answers_the_comment(article: Article) -> None:
    made = say(article)
    first = workflow.answer(to=made, words="Forty.", by=IMPORT, now=NOW)
    second = workflow.answer(to=first, words="Sure?", by=IMPORT, now=NOW)
    assert (second.answers_to, second.section_id, second.revision) == (made, made.section_id, made.revision)
    assert list(made.answers.all()) == [first, second]


@pytest.mark.parametrize("words", ["", " ", "x" * 4001])
def test_an_answer_says_something_that_can_be_kept(words: str, article: Article) -> None:
    made = say(article)
    with pytest.raises(ValueError, match=r"Write"):
        workflow.answer(to=made, words=words, by=IMPORT, now=NOW)


def test_a_comment_is_closed_and_opened_again_once(article: Article, rita: workflow.Actor) -> None:
    made = say(article)
    with pytest.raises(ValueError, match="open already"):
        workflow.reopen_comment(comment=made, by=rita, now=NOW)
    workflow.close_comment(comment=made, by=rita, now=NOW)
    made.refresh_from_db()
    assert (made.resolved_at, made.resolved_by_name) == (NOW, "rita")
    with pytest.raises(ValueError, match="closed already"):
        workflow.close_comment(comment=made, by=rita, now=NOW)
    with pytest.raises(ValueError, match="is closed. Open it again first"):
        workflow.answer(to=made, words="Late.", by=rita, now=NOW)
    workflow.reopen_comment(comment=made, by=rita, now=NOW)
    made.refresh_from_db()
    assert (made.resolved_at, made.resolved_by_name) == (None, "")


def test_an_answer_is_not_closed_by_itself(article: Article) -> None:
    answer = workflow.answer(to=say(article), words="Forty.", by=IMPORT, now=NOW)
    with pytest.raises(ValueError, match="closed already"):
        workflow.close_comment(comment=answer, by=IMPORT, now=NOW)
