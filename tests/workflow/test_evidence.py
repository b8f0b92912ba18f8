"""Works and words edited at the desk: what readers see of it, and what may not be deleted."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from articles import search, workflow
from articles.grading import Design, Population
from articles.models import Article, AuditEvent, GlossaryTerm, NoticeCheck, Reference
from articles.text import bibliography
from articles.text.bibliography import Reference as Work
from articles.text.bibliography import WorkType
from articles.text.glossary import Term
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish, words

pytestmark = pytest.mark.django_db

NEW = Work("NEW-2026", WorkType.BOOK, "A book", Design.GUIDELINE)


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article()


def editor() -> workflow.Actor:
    return workflow.Actor.person(make_user("Editors"))


def work(key: str = "RATS-1994") -> Reference:
    return Reference.objects.get(key=key)


def myelin() -> GlossaryTerm:
    return GlossaryTerm.objects.get(key="myelin")


def uses(entry: Any) -> list[str]:
    delete: partial[None] = partial(workflow.delete_term, term=entry)
    if isinstance(entry, Reference):
        delete = partial(workflow.delete_reference, reference=entry)
    with pytest.raises(workflow.InUseError) as refused:
        delete(by=IMPORT, now=NOW)
    return [use.words for use in refused.value.uses]


def test_a_changed_work_reaches_readers_and_the_history(article: Article) -> None:
    was = work().listed()
    changed = replace(was, populations=(Population.MICE,))
    taken_in = workflow.save_reference(work=changed, was=was, by=editor(), now=NOW)
    assert taken_in.published == [article]
    assert work().file_facts == bibliography.as_facts(was)
    assert "studied in mice, not people" in words("/articles/b12/")
    assert "who was studied: rats → mice" in words("/articles/b12/history/")
    event = AuditEvent.objects.first()
    assert event
    assert (event.act, event.actor_name) == (AuditEvent.Act.SOURCES, "editors")


def test_a_change_that_is_taken_back_leaves_the_work_as_the_file_has_it() -> None:
    was = work().listed()
    changed = replace(was, title="Another")
    workflow.save_reference(work=changed, was=was, by=IMPORT, now=NOW)
    workflow.save_reference(work=was, was=changed, by=IMPORT, now=NOW)
    assert work().file_facts is None
    assert workflow.save_reference(work=was, was=was, by=IMPORT, now=NOW).published == []


def test_a_new_work_can_be_cited(article: Article) -> None:
    workflow.save_reference(work=NEW, was=None, by=editor(), now=NOW)
    edit(article, TEXT + "\nA book says so [@NEW-2026].\n")
    publish(article)
    assert "A book" in words("/articles/b12/")


@pytest.mark.parametrize("group", ["Reviewers", "Publishers"])
def test_only_editors_change_works_and_words(group: str) -> None:
    by = workflow.Actor.person(make_user(group))
    for was in (None, NEW):
        with pytest.raises(PermissionDenied):
            workflow.save_reference(work=NEW, was=was, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        workflow.delete_reference(reference=work(), by=by, now=NOW)
    for term in (None, Term("a", "a", "b")):
        with pytest.raises(PermissionDenied):
            workflow.save_term(term=Term("a", "a", "b"), was=term, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        workflow.delete_term(term=myelin(), by=by, now=NOW)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    stale = replace(work().listed(), title="Before")
    with pytest.raises(workflow.ChangedMeanwhileError):
        workflow.save_reference(work=replace(stale, title="After"), was=stale, by=IMPORT, now=NOW)
    with pytest.raises(workflow.ChangedMeanwhileError):
        workflow.save_reference(work=work().listed(), was=None, by=IMPORT, now=NOW)
    with pytest.raises(workflow.ChangedMeanwhileError):
        workflow.save_term(term=myelin().value(), was=None, by=IMPORT, now=NOW)
    with pytest.raises(workflow.ChangedMeanwhileError):
        workflow.save_term(term=replace(myelin().value(), source="NO-SUCH"), was=myelin().value(), by=IMPORT, now=NOW)
    assert work().title == "A study of rats"


def test_a_changed_word_is_explained_anew_and_found(article: Article) -> None:
    was = myelin().value()
    remade = workflow.save_term(term=replace(was, explanation="a coat", synonyms=("sheath",)), was=was, by=editor(), now=NOW)
    assert remade == 1
    assert "a coat" in words("/articles/b12/")
    assert [hit.title for hit in search.search("sheath", language="en").hits] == ["myelin"]
    assert myelin().file_facts == GlossaryTerm.columns(was)


def test_a_work_in_use_is_not_deleted(article: Article) -> None:
    GlossaryTerm.objects.update(source="RATS-1994")
    assert uses(work()) == ["Vitamin B12 and your nerves (in the text that readers see)", "source of the word “myelin”"]
    workflow.save_reference(work=NEW, was=None, by=IMPORT, now=NOW)
    edit(article, TEXT + "\nA book says so [@NEW-2026].\n")
    assert uses(work("NEW-2026")) == ["Vitamin B12 and your nerves (in a draft)"]
    edit(article, TEXT + "\nNobody says so [@PEOPLE-2020].\n")
    assert uses(work("NEW-2026")) == ["Vitamin B12 and your nerves (in an older text, which is kept)"]


def test_a_work_that_was_checked_for_withdrawals_is_not_deleted() -> None:
    row = Reference.objects.create(key="RATS-19", type="book", title="Unused", design="guideline")
    NoticeCheck.objects.create(reference=row, checked_at=NOW, asked="Crossref", result="nothing")
    assert uses(row) == ["the record of checks for withdrawals, which is kept"]


def test_what_nothing_uses_is_deleted() -> None:
    """A key that others begin with is none of theirs."""
    unused = Reference.objects.create(key="RATS-19", type="book", title="Unused", design="guideline")
    workflow.delete_reference(reference=unused, by=editor(), now=NOW)
    word = GlossaryTerm.objects.create(key="mye", term="mye", explanation="nothing")
    search.index_terms([word])
    workflow.delete_term(term=word, by=IMPORT, now=NOW)
    assert not Reference.objects.filter(key="RATS-19").exists()
    assert not GlossaryTerm.objects.filter(key="mye").exists()


def test_a_word_in_use_is_not_deleted() -> None:
    assert uses(myelin()) == ["Vitamin B12 and your nerves (in the text that readers see)"]
