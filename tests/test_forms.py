"""What readers may send."""

from datetime import timedelta

import pytest

from articles.forms import LATEST, MAX_COMMENT, MAX_READ, SOONEST, FeedbackForm
from articles.models import Article
from tests.support import NOW, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def fill(article: Article, after: timedelta = timedelta(minutes=1), **data: str) -> FeedbackForm:
    stamp = FeedbackForm(article, now=NOW).stamp_to_show
    return FeedbackForm(article, now=NOW + after, data={"is_helpful": "yes", "comment": "", "subject": "", "stamp": stamp} | data)


def test_an_answer_alone_is_enough(article: Article) -> None:
    form = fill(article)
    assert form.is_valid()
    assert form.cleaned_data["is_helpful"] is True
    assert not form.is_trapped
    assert form.publication_id == article.publication_id
    form = fill(article, is_helpful="no")
    assert form.is_valid()
    assert form.cleaned_data["is_helpful"] is False


@pytest.mark.parametrize("answer", ["", "maybe", "True"])
def test_an_answer_is_needed(article: Article, answer: str) -> None:
    assert fill(article, is_helpful=answer).errors == {"is_helpful": ["Choose “Yes” or “No”."]}


def test_it_is_what_is_kept_that_is_counted(article: Article) -> None:
    assert fill(article, comment="é\r\n" * (MAX_COMMENT // 2)).is_valid()
    assert fill(article, comment="a" * 990 + " jane.a.very.long.name@example.org").is_valid()
    assert fill(article, comment="a " * 490 + "1@b.c 2@b.c 3@b.c").is_valid()  # grows in the cleaning
    assert "it has 1,001 characters" in str(fill(article, comment="a" * 1001).errors)
    assert f"it has {MAX_READ + 1:,} characters" in str(fill(article, comment="a" * (MAX_READ + 1)).errors)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(0), "fast"),
        (SOONEST - timedelta(milliseconds=1), "fast"),
        (SOONEST, ""),
        (LATEST, ""),
        (LATEST + timedelta(seconds=1), "long time"),
        (timedelta(days=-1), "fast"),
    ],
)
def test_it_takes_a_person_some_time_and_not_for_ever(article: Article, after: timedelta, told: str) -> None:
    form = fill(article, after)
    assert form.is_valid() is (not told)
    assert told in str(form.errors)


def test_a_good_stamp_stays_and_an_old_one_is_made_anew_for_the_same_copy(article: Article) -> None:
    form = fill(article, timedelta(seconds=1))
    assert form.stamp_to_show == form.data["stamp"]
    form = fill(article, timedelta(days=1))
    assert form.stamp_to_show != form.data["stamp"]
    assert form.publication_id == article.publication_id


def test_a_stamp_is_the_same_for_everybody_and_tells_only_copy_and_second(article: Article) -> None:
    first, second = (FeedbackForm(article, now=NOW + timedelta(milliseconds=part)).stamp_to_show for part in (1, 999))
    assert first == second
    form = FeedbackForm(article, now=NOW)
    assert form._signer.unsign_object(first) == [article.publication_id, int(NOW.timestamp())]


def test_what_people_do_not_see_is_a_trap(article: Article) -> None:
    assert fill(article, subject="Hello").is_trapped


@pytest.mark.parametrize("field", ["is_helpful", "comment", "stamp"])
def test_odd_signs_are_refused_in_words(article: Article, field: str) -> None:
    assert not fill(article, timedelta(minutes=1), **{field: "a\x00b"}).is_valid()
