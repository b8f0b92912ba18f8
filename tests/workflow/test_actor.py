"""Rights follow from the act, and names outlive accounts."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from articles import workflow
from articles.models import Publication, Revision
from articles.workflow.actor import tidy
from tests.support import NOW, TEXT, checked, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


@pytest.mark.parametrize(
    ("groups", "may"),
    [
        (["Editors"], {"save"}),
        (["Publishers"], {"publish"}),
        (["Reviewers"], set()),
        ([], set()),
        (["Editors", "Publishers"], {"save", "publish"}),
    ],
)
def test_rights_follow_from_the_act(groups: list[str], may: set[str]) -> None:
    article = make_article()
    edit(article, TEXT + "\nDraft [@PEOPLE-2020].\n")
    by = workflow.Actor.person(make_user(*groups))
    acts: dict[str, Any] = {"publish": publish, "save": lambda row, by: edit(row, TEXT + "\nMore [@PEOPLE-2020].\n", by)}
    for name, act in acts.items():
        if name in may:
            act(article, by=by)
        else:
            with pytest.raises(PermissionDenied, match="Your account may not do this"):
                act(article, by=by)


def test_an_account_that_goes_away_leaves_its_name() -> None:
    user = make_user("Editors", "Publishers", username="edith")
    article = workflow.create_article(slug="b12", source=checked(), by=workflow.Actor.person(user), now=NOW)
    publish(article, by=workflow.Actor.person(user))
    user.delete()
    revision = Revision.objects.get()
    assert (revision.created_by, revision.created_by_name) == (None, "edith")
    assert Publication.objects.get().by_name == "edith"


def test_a_person_acts_under_their_full_name_where_there_is_one() -> None:
    user = make_user("Editors", username="edith")
    assert workflow.Actor.person(user).name == "edith"
    user.first_name, user.last_name = "Edith", "Example"
    assert workflow.Actor.person(user).name == "Edith Example"


def test_a_refusal_names_the_rights_that_are_missing() -> None:
    article = make_article(is_published=False)
    with pytest.raises(PermissionDenied, match="it lacks the right: publish article, publish unreviewed article"):
        publish(article, by=workflow.Actor.person(make_user("Editors")))


def test_words_for_readers_hold_nothing_that_a_feed_cannot_hold() -> None:
    assert tidy(" One\x0btwo\ufffe\uffff\nthree\x00 ") == "One two  \nthree"
