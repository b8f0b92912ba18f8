"""Saving: revisions, conflicts, addresses, and what a change may be called."""

import threading

import pytest
from django.db import IntegrityError, connection

from articles import workflow
from articles.models import Article, AuditEvent, FormerSlug, Revision, RevisionState
from articles.text.problems import SourceError
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, publish
from tests.workflow.support import save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def test_a_new_article_is_a_draft_that_readers_do_not_see() -> None:
    article = make_article(is_published=False)
    assert article.draft_revision is not None
    assert article.draft_revision.number == 1
    assert article.draft_revision.source == TEXT
    assert article.open_state.status == RevisionState.Status.DRAFT
    assert not Article.objects.published().exists()
    assert list(AuditEvent.objects.values_list("act", "actor_name")) == [("save", "system: import")]


def test_saving_the_same_text_saves_nothing() -> None:
    article = make_article()
    assert edit(article, TEXT) == article.published_revision
    assert Revision.objects.count() == 1


def test_a_draft_s_own_text_with_other_words_on_the_change_is_saved_anew() -> None:
    article = make_article()
    first = save(article, RICH, "change", "One was added.")
    assert save(article, RICH, "change", "One was added.") == first
    assert save(article, RICH, "urgent") == first, "nothing is said, as in an import"
    second = save(article, RICH, "urgent", "We had left one out.")
    assert (second.number, second.note, second.significance) == (3, "We had left one out.", "urgent")
    publish(article)
    assert save(article, RICH, "correction", "Too late.") == second


def test_a_save_on_an_outdated_revision_is_refused_and_names_the_newer_one() -> None:
    article = make_article()
    first = article.published_revision
    newer = edit(article, TEXT + "\nOne [@PEOPLE-2020].\n")
    with pytest.raises(workflow.ConflictError) as caught:
        workflow.save_revision(
            article=article, source=checked(TEXT + "\nTwo [@PEOPLE-2020].\n"), based_on=first, by=IMPORT, now=NOW
        )
    assert caught.value.latest == newer
    assert Revision.objects.count() == 2


def test_an_address_is_used_once() -> None:
    make_article()
    with pytest.raises(IntegrityError):
        make_article()


def test_a_new_address_keeps_the_old_one() -> None:
    article = make_article()
    workflow.rename(article=article, slug="vitamin-b12", by=IMPORT, now=NOW)
    article.refresh_from_db()
    assert article.slug == "vitamin-b12"
    assert FormerSlug.objects.get().slug == "b12"
    workflow.rename(article=article, slug="b12", by=IMPORT, now=NOW)
    assert FormerSlug.objects.get().slug == "vitamin-b12"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_saves_at_once_make_one_revision_and_one_conflict() -> None:
    article = make_article()
    based_on = article.published_revision
    barrier = threading.Barrier(2)
    results: list[str] = []

    def save(word: str) -> None:
        source = checked(f"{TEXT}\n{word} [@PEOPLE-2020].\n")
        barrier.wait()
        try:
            workflow.save_revision(article=article, source=source, based_on=based_on, by=IMPORT, now=NOW)
            results.append("saved")
        except workflow.ConflictError:
            results.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[word]) for word in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["conflict", "saved"]
    assert list(Revision.objects.values_list("number", flat=True)) == [2, 1]


RICH = f"""{TEXT}
## When to gett help {{#help}}

!!! urgent "See a doctor today if"
    - You fell 2 times [no-citation: advice].
    - You do not feel your feet [no-citation: advice].

Do nervs heal?
"""
CHANGES_OF_MEANING = {
    "a claim's words": ("People were asked", "People were told", "a statement that has a source"),
    "one letter of a claim": ("The rats were", "The cats were", "a statement that has a source"),
    "a claim of the key message": ("a high dose did something", "a high dose healed nerves", "a statement that has a source"),
    "a claim of the summary": ("Your nerves need vitamin", "Your nerves like vitamin", "a statement that has a source"),
    "a claim's works": ("asked [@PEOPLE-2020]", "asked [@PEOPLE-2020; @RATS-1994]", "a statement that has a source"),
    "a source instead of none": (
        "people [no-citation: about-this-page]",
        "people [@PEOPLE-2020]",
        "a statement that has a source",
    ),
    "a claim taken out": (" People were asked [@PEOPLE-2020].", "", "a statement that has a source"),
    "the key message's works": ("something [@RATS-1994]", "something [@PEOPLE-2020]", "a statement that has a source"),
    "the key message's certainty": (
        "something [@RATS-1994]",
        "something [@RATS-1994, very low certainty]",
        "a statement that has a source",
    ),
    "a claim's certainty": ("asked [@PEOPLE-2020]", "asked [@PEOPLE-2020, low certainty]", "a statement that has a source"),
    "a section's certainty": ("certainty=very-low", "certainty=low", "a level of certainty"),
    "a card's level": ("!!! urgent", "!!! see-doctor", "a card or box, its level or its words"),
    "a card's heading": ("See a doctor today if", "See a doctor soon if", "a card or box, its level or its words"),
    "a card's words": ("feel your feet", "like your feet", "a card or box, its level or its words"),
    "a section": ("{#help}", "{#assistance}", "a section"),
    "a number": ("fell 2 times", "fell 3 times", "a number"),
    "a decimal": ("fell 2 times", "fell 2.5 times", "a number"),
    "a number's sign": ("fell 2 times", "fell -2 times", "a number"),
    "below a number": ("fell 2 times", "fell <2 times", "a number"),
    "a percent sign": ("fell 2 times", "fell 2% times", "a number"),
    "a number of the title": ("Vitamin B12 and your nerves", "Vitamin B6 and your nerves", "This change touches"),
    "a negation": ("do not feel", "do feel", "a word such as “not” or “without”"),
    "a short negation": ("do not feel", "don't feel", "a word such as “not” or “without”"),
}
SPELLING = {
    "a heading": ("When to gett help", "When to get help"),
    "a question": ("Do nervs heal?", "Do nerves heal?"),
    "the title": ("Vitamin B12 and your nerves", "Vitamin B12 and the nerves"),
    "capitals and spaces of a claim": ("People were asked", "People  WERE asked"),
    "the order of claims": (
        "The rats were injected [@RATS-1994]. People were asked [@PEOPLE-2020].",
        "People were asked [@PEOPLE-2020]. The rats were injected [@RATS-1994].",
    ),
}


@pytest.mark.parametrize("significance", ["typo", "clarification"])
@pytest.mark.parametrize("what", CHANGES_OF_MEANING)
def test_a_change_of_meaning_is_not_saved_as_a_small_one(what: str, significance: str) -> None:
    article = make_article(text=RICH)
    old, new, named = CHANGES_OF_MEANING[what]
    assert RICH.count(old) == 1
    with pytest.raises(SourceError, match=named):
        save(article, RICH.replace(old, new), significance)
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("significance", ["typo", "clarification"])
@pytest.mark.parametrize("what", SPELLING)
def test_spelling_and_layout_are_saved_as_small_changes(what: str, significance: str) -> None:
    article = make_article(text=RICH)
    old, new = SPELLING[what]
    assert RICH.count(old) == 1
    assert save(article, RICH.replace(old, new), significance).significance == significance


@pytest.mark.parametrize("significance", ["change", "correction", "urgent"])
def test_a_change_of_meaning_is_saved_as_what_it_is(significance: str) -> None:
    article = make_article(text=RICH)
    assert save(article, RICH.replace("fell 2 times", "fell 3 times"), significance).significance == significance


def test_the_refusal_names_all_that_changed_and_what_to_call_it() -> None:
    article = make_article(text=RICH)
    text = RICH.replace("do not feel", "do feel").replace("certainty=very-low", "certainty=low")
    with pytest.raises(SourceError) as caught:
        save(article, text, "typo")
    (problem,) = caught.value.problems
    assert "a level of certainty" in problem.what
    assert "a word such as “not”" in problem.what
    assert "a number" not in problem.what
    assert problem.right == "choose “Changed content”, “Correction of a mistake” or “Urgent correction”"


def test_a_small_change_is_measured_against_what_readers_see_and_not_the_last_draft() -> None:
    article = make_article(text=RICH)
    draft = RICH.replace("fell 2 times", "fell 3 times")
    save(article, draft)
    with pytest.raises(SourceError, match="a number"):
        save(article, draft.replace("gett", "get"), "typo")
    assert save(article, RICH.replace("gett", "get"), "typo").number == 3


def test_before_the_first_publication_a_change_may_be_called_anything() -> None:
    article = make_article(text=RICH, is_published=False)
    assert save(article, RICH.replace("fell 2 times", "fell 3 times"), "typo").number == 2


def test_a_note_is_cut_where_it_is_too_long() -> None:
    article = make_article()
    assert save(article, RICH, note="x" * (workflow.MAX_NOTE + 1)).note == "x" * workflow.MAX_NOTE


def test_a_new_article_takes_over_an_address_that_another_once_had() -> None:
    workflow.rename(article=make_article(), slug="vitamin-b12", by=IMPORT, now=NOW)
    make_article("b12")
    assert not FormerSlug.objects.exists()
