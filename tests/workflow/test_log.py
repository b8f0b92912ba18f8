"""Every act leaves an entry in the audit log: one table of them all, and a test that none is missing."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from articles import workflow
from articles.models import (
    CHECKLIST,
    Article,
    AuditEvent,
    Comment,
    Conflict,
    Feedback,
    GlossaryTerm,
    PreviewLink,
    Reference,
    Review,
    Revision,
    Withdrawal,
)
from articles.text import bibliography
from articles.text.glossary import Term
from articles.text.rating_questions import STANDARDS
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
OTHER = TEXT.replace("People were asked", "People were told")
THIRD = TEXT.replace("People were asked", "People were seen")
WORK = bibliography.from_facts(
    {"author": [], "populations": [], "key": "NEW-2026", "type": "book", "title": "New", "design": "animal-experiment"}
)
VERDICT = workflow.Verdict(Review.Decision.APPROVED, list(CHECKLIST), "Dr Rhea", "neurologist", "MD", "None")


class Desk:
    """A published article with a draft, and what else an act may need; made once an act asks for it."""

    def __init__(self) -> None:
        make_evidence()
        self.erin = workflow.Actor.person(make_user("Editors", "Publishers", username="erin"))
        self.rhea = workflow.Actor.person(make_user("Reviewers", username="rhea"))
        self.published = make_article("b12")
        self.article = make_article("draft", is_published=False)
        self.draft: Revision = edit(self.article, OTHER, self.erin)
        self.article.refresh_from_db()

    def in_review(self) -> Revision:
        workflow.submit(revision=self.draft, reviewer=None, by=self.erin, now=NOW)
        return self.draft

    def scheduled(self) -> Revision:
        workflow.schedule(revision=self.draft, publish_at=LATER, by=IMPORT, now=NOW)
        return self.draft

    def comment(self, *, is_closed: bool = False) -> Comment:
        made = workflow.comment(revision=self.draft, section_id="", quote="", words="Why?", by=self.rhea, now=NOW)
        if is_closed:
            workflow.close_comment(comment=made, by=self.rhea, now=NOW)
        return made

    def conflict(self) -> Conflict:
        first = self.article.revisions.get(number=1)
        return workflow.keep_text(article=self.article, source=checked(THIRD), based_on=first, by=self.erin, now=NOW)

    def withdrawn(self, due_at: Any = None) -> Article:
        workflow.withdraw(article=self.published, reason="Old.", by=IMPORT, now=NOW, due_at=due_at)
        self.published.refresh_from_db()
        return self.published

    def old_copy(self, *, is_withheld: bool = False) -> Any:
        first = self.published.publication
        edit(self.published, OTHER)
        publish(self.published)
        if is_withheld:
            workflow.withhold(publication=first, reason="Wrong.", by=IMPORT, now=NOW)  # type: ignore[arg-type]
        return first

    def link(self) -> PreviewLink:
        return workflow.make_preview_link(revision=self.draft, days=7, by=self.erin, now=NOW)[0]

    def answers(self) -> Any:
        assert self.published.publication
        Feedback.objects.create(publication=self.published.publication, is_helpful=True, received_on=NOW.date())
        return Feedback.objects.all()

    def work(self) -> Reference:
        return Reference.objects.create(key="UNUSED-2026", type="book", title="Unused", design="animal-experiment")


def changed_work(desk: Desk) -> Any:
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    return workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW)


def rate(desk: Desk) -> Any:
    answers = {question.number: ("yes", "It says so.") for question in STANDARDS["jama"].questions}
    return workflow.rate(revision=desk.draft, standard="jama", answers=answers, printed_name="Rhea", by=desk.rhea, now=NOW)


# What each act is called with, on a desk of its own.
ACTS: dict[str, Callable[[Desk], Any]] = {
    "answer": lambda desk: workflow.answer(to=desk.comment(), words="So.", by=desk.erin, now=NOW),
    "bring_back": lambda desk: workflow.bring_back(article=desk.withdrawn(), note="Right.", by=IMPORT, now=NOW),
    "call_back": lambda desk: workflow.call_back(revision=desk.in_review(), by=desk.erin, now=NOW),
    "cancel_withdrawal": lambda desk: workflow.cancel_withdrawal(article=desk.withdrawn(LATER), by=IMPORT, now=NOW),
    "close_comment": lambda desk: workflow.close_comment(comment=desk.comment(), by=desk.erin, now=NOW),
    "comment": lambda desk: desk.comment(),
    "create_all": lambda desk: workflow.create_all([("one", checked()), ("two", checked())], by=desk.erin, now=NOW),
    "create_article": lambda desk: workflow.create_article(slug="new", source=checked(), by=desk.erin, now=NOW),
    "delete_answers": lambda desk: workflow.delete_answers(answers=desk.answers(), by=IMPORT, now=NOW),
    "delete_reference": lambda desk: workflow.delete_reference(reference=desk.work(), by=desk.erin, now=NOW),
    "delete_term": lambda desk: workflow.delete_term(
        term=GlossaryTerm.objects.create(key="unused", term="unused", explanation="x"), by=desk.erin, now=NOW
    ),
    "keep_text": lambda desk: desk.conflict(),
    "make_preview_link": lambda desk: desk.link(),
    "mark_answers_read": lambda desk: workflow.mark_answers_read(answers=desk.answers(), by=desk.erin, now=NOW),
    "pin": lambda desk: workflow.pin(publication=desk.published.publication, by=desk.erin, now=NOW),  # type: ignore[arg-type]
    "publish": lambda desk: workflow.publish(article=desk.article, revision=desk.draft, by=IMPORT, now=NOW),
    "publish_all": lambda desk: workflow.publish_all([(desk.draft, workflow.prepare(checked(OTHER)))], by=IMPORT, now=NOW),
    "rate": rate,
    "record_import": lambda desk: workflow.record_import(created=["work NEW-2026"], updated=[], by=IMPORT, now=NOW),
    "record_notices": lambda desk: workflow.record_notices(found=[("RATS-1994", "withdrawn")], by=IMPORT, now=NOW),
    "rename": lambda desk: workflow.rename(article=desk.article, slug="other", by=desk.erin, now=NOW),
    "reopen_comment": lambda desk: workflow.reopen_comment(comment=desk.comment(is_closed=True), by=desk.erin, now=NOW),
    "replace_kept": lambda desk: workflow.replace_kept(
        conflict=desk.conflict(), source=checked(), based_on=None, by=desk.erin, now=NOW
    ),
    "restore_revision": lambda desk: workflow.restore_revision(
        article=desk.article, revision=desk.article.revisions.get(number=1), based_on=desk.draft, by=desk.erin, now=NOW
    ),
    "review": lambda desk: workflow.review(revision=desk.draft, verdict=VERDICT, by=desk.rhea, now=NOW),
    "revoke_preview_link": lambda desk: workflow.revoke_preview_link(link=desk.link(), by=desk.erin, now=NOW),
    "save_reference": lambda desk: workflow.save_reference(work=WORK, was=None, by=desk.erin, now=NOW),
    "save_revision": lambda desk: edit(desk.article, THIRD, desk.erin),
    "save_term": lambda desk: workflow.save_term(term=Term("new", "new", "not old"), was=None, by=desk.erin, now=NOW),
    "schedule": lambda desk: desk.scheduled(),
    "settle": lambda desk: workflow.settle(conflict=desk.conflict(), source=None, based_on=None, by=desk.erin, now=NOW),
    "show_again": lambda desk: workflow.show_again(publication=desk.old_copy(is_withheld=True), by=IMPORT, now=NOW),
    "submit": lambda desk: desk.in_review(),
    "take_in_changed_sources": changed_work,
    "unpin": lambda desk: workflow.unpin(article=desk.published, by=desk.erin, now=NOW),
    "unschedule": lambda desk: workflow.unschedule(revision=desk.scheduled(), by=IMPORT, now=NOW),
    "withdraw": lambda desk: desk.withdrawn(),
    "withhold": lambda desk: workflow.withhold(publication=desk.old_copy(), reason="Wrong.", by=IMPORT, now=NOW),
}
EXPECTED = {
    "answer": "comment",
    "close_comment": "resolve",
    "create_all": "save",
    "create_article": "save",
    "delete_answers": "clear",
    "delete_reference": "delete",
    "delete_term": "delete",
    "keep_text": "keep",
    "make_preview_link": "share",
    "mark_answers_read": "read",
    "publish_all": "publish",
    "record_import": "edit",
    "record_notices": "notice",
    "reopen_comment": "reopen",
    "replace_kept": "merge",
    "restore_revision": "save",
    "revoke_preview_link": "unshare",
    "save_reference": "edit",
    "save_revision": "save",
    "save_term": "edit",
    "settle": "merge",
    "take_in_changed_sources": "sources",
}
"""The act in the log, where it has another name than the function."""

ASKING = {"find_moves", "find_refusals", "require_reviewer"}
"""Functions that ask what ``by`` may do, and do nothing."""


def test_the_table_names_every_function_that_somebody_acts_with() -> None:
    functions = {name: getattr(workflow, name) for name in workflow.__all__}
    acts = {
        name for name, given in functions.items() if inspect.isfunction(given) and "by" in inspect.signature(given).parameters
    }
    assert acts - ASKING == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_in_the_log(name: str) -> None:
    desk = Desk()
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    ACTS[name](desk)
    new = AuditEvent.objects.exclude(pk__in=before)
    assert EXPECTED.get(name, name) in set(new.values_list("act", flat=True))


def test_what_is_due_is_in_the_log_too() -> None:
    desk = Desk()
    desk.scheduled()
    desk.withdrawn(LATER)
    workflow.publish_due(now=LATER + timedelta(hours=1))
    assert set(AuditEvent.objects.filter(at__gt=LATER).values_list("act", flat=True)) == {"publish", "withdraw"}
    assert Withdrawal.objects.done().exists()


def test_entries_on_works_and_words_name_them_and_what_was_changed() -> None:
    desk = Desk()
    was = Reference.objects.get(key="RATS-1994").listed()
    new = bibliography.from_facts(bibliography.as_facts(was) | {"title": "Another study", "volume": "2"})
    workflow.save_reference(work=new, was=was, by=desk.erin, now=NOW)
    event = AuditEvent.objects.get(act="edit")
    assert (event.actor_name, event.about, event.detail) == ("erin", "work RATS-1994", "title, volume")


def test_the_log_keeps_no_word_of_a_reader() -> None:
    desk = Desk()
    answers = desk.answers()
    answers.update(comment="I have secret pains.")
    workflow.delete_answers(answers=answers, by=IMPORT, now=NOW)
    event = AuditEvent.objects.get(act="clear")
    assert (event.article, event.detail) == (desk.published, "1 answer")
    assert not Feedback.objects.exists()


def test_an_import_logs_the_works_and_words_it_stored(tmp_path: Path) -> None:
    work = "type: article-journal\n  title: A study of {}\n  design: animal-experiment\n  populations: [rats]\n"
    file = tmp_path / "references.yaml"
    for title in ("rats", "rats", "more rats"):
        file.write_text(f"RATS-1994:\n  {work.format(title)}")
        call_command("import_content", str(tmp_path), verbosity=0)
    told = AuditEvent.objects.filter(about="work RATS-1994").order_by("pk")
    assert list(told.values_list("actor_name", "detail")) == [("system: import", "added"), ("system: import", "changed")]
