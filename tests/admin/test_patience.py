"""Acts at the desk that meet a locked database, or each other."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client

from articles import workflow
from articles.admin.patience import MAX_TRIES
from articles.models import Article, Comment, GlossaryTerm, Revision
from articles.text.problems import Problem, SourceError
from tests.admin.test_rights import ADMIN, form
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user

ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "withdraw": ("move/withdraw/", {"revision": "2", "reason": "It was wrong.", "when": "now"}),
    "comment": ("comments/", {"revision": "2", "words": "Why?", "_comment": "1"}),
    "restore_revision": ("revisions/1/", {"based_on": "2"}),
}


@pytest.fixture
def article() -> Article:
    make_evidence()
    article = make_article()
    edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    return article


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(make_user("Editors", "Publishers", username="erin"))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("faults", [MAX_TRIES - 1, MAX_TRIES])
def test_a_locked_database_is_asked_again_and_not_for_ever(
    faults: int, name: str, client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, tries = getattr(workflow, name), []

    def locked_at_first(**arguments: Any) -> Any:
        tries.append(1)
        if len(tries) <= faults:
            raise OperationalError("database is locked")
        return act(**arguments)

    monkeypatch.setattr(workflow, name, locked_at_first)
    place, values = ACTS[name]
    if faults < MAX_TRIES:
        assert client.post(f"{ADMIN}/{article.pk}/{place}", values).status_code == 302
    else:
        with pytest.raises(OperationalError):
            client.post(f"{ADMIN}/{article.pk}/{place}", values)
    assert len(tries) == MAX_TRIES
    done = Article.objects.withdrawn().exists() or Comment.objects.exists() or Revision.objects.count() == 3
    assert done == (faults < MAX_TRIES)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [IntegrityError("the address is in use"), SourceError([Problem(1, "withdrawn", "another")])])
def test_what_comes_between_check_and_write_is_checked_again(
    error: Exception, client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, tries = workflow.create_article, []

    def first_to_somebody_else(**arguments: Any) -> Article:
        tries.append(1)
        if len(tries) == 1:
            raise error
        return create(**arguments)

    monkeypatch.setattr(workflow, "create_article", first_to_somebody_else)
    data = form(kind="article", slug="new", based_on="", body=TEXT.split("---\n", 2)[2])
    assert client.post(f"{ADMIN}/add/", data).status_code == 302
    assert Article.objects.filter(slug="new").exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_withdrawal_meets_a_word_that_is_edited(client: Client, article: Article) -> None:
    """Each locks what the other needs next: PostgreSQL ends one of the two, which is then tried again."""
    rounds, faults = 6, []

    def edit_word() -> None:
        try:
            for number in range(rounds):
                was = GlossaryTerm.objects.get(key="myelin").value()
                for _attempt in range(MAX_TRIES):  # as the form of the word does
                    try:
                        term = replace(was, explanation=f"the layer {number}")
                        workflow.save_term(term=term, was=was, by=IMPORT, now=NOW)
                    except OperationalError:
                        continue
                    break
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    editing = threading.Thread(target=edit_word)
    editing.start()
    for _number in range(rounds):
        for place, values in (("withdraw", {"reason": "It was wrong.", "when": "now"}), ("bring_back", {"note": "It is back."})):
            shown = "1" if place == "bring_back" else "2"
            answer = client.post(f"{ADMIN}/{article.pk}/move/{place}/", {"revision": shown, **values})
            assert answer.status_code == 302
    editing.join()
    assert not faults
