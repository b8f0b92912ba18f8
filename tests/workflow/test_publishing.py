"""Publishing: what readers see from then on, what is kept of it, and what stops it."""

from datetime import timedelta

import pytest

from articles import workflow
from articles.models import Article, AuditEvent, FormerSlug, Publication, Reference, Rendering, RevisionState
from articles.text.changes import Significance
from articles.text.claims import claim_key
from articles.text.problems import SourceError
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, publish
from tests.workflow.support import save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def test_publishing_moves_the_pointer_and_closes_the_draft() -> None:
    article = make_article()
    assert article.published_revision == article.revisions.get()
    assert article.draft_revision is None
    assert not RevisionState.objects.exists()
    assert (article.published_at, article.changed_at) == (NOW, NOW)
    assert Publication.objects.get().number == 1
    event = AuditEvent.objects.get(act="publish")
    assert (event.from_revision, event.to_revision) == (None, article.published_revision)


def test_a_draft_of_a_published_article_changes_nothing_readers_see() -> None:
    article = make_article()
    edit(article, TEXT.replace("Vitamin B12 and your nerves", "Another title"))
    article.refresh_from_db()
    assert article.title == "Vitamin B12 and your nerves"
    assert article.published_revision is not None
    assert article.published_revision.number == 1
    publish(article, now=NOW + timedelta(days=2))
    article.refresh_from_db()
    assert article.title == "Another title"
    assert (article.published_at, article.changed_at) == (NOW, NOW + timedelta(days=2))
    assert list(Publication.objects.values_list("number", "revision__number")) == [(2, 2), (1, 1)]


def test_publishing_what_is_published_changes_nothing() -> None:
    article = make_article()
    publish(article)
    assert Publication.objects.count() == 1


def test_only_the_latest_revision_of_the_same_article_is_published() -> None:
    article = make_article()
    other = make_article("other")
    old = article.published_revision
    assert old is not None
    edit(article, TEXT + "\nOne [@PEOPLE-2020].\n")
    with pytest.raises(workflow.ConflictError):
        workflow.publish(article=article, revision=old, by=IMPORT, now=NOW)
    with pytest.raises(ValueError, match="is not a revision of"):
        workflow.publish(article=other, revision=old, by=IMPORT, now=NOW)


def test_a_work_that_is_gone_stops_publishing() -> None:
    article = make_article(is_published=False)
    Reference.objects.get(key="RATS-1994").delete()
    with pytest.raises(SourceError, match="the work `RATS-1994` is not known"):
        publish(article)
    assert not Article.objects.published().exists()
    assert not Rendering.objects.exists()


def test_former_addresses_of_the_text_lead_to_the_article_from_publishing_on() -> None:
    text = TEXT.replace("topic:", "former_slugs: [old-b12]\ntopic:")
    article = make_article(text=text, is_published=False)
    assert not FormerSlug.objects.exists()
    publish(article)
    assert FormerSlug.objects.get().article == article


def test_publishing_refuses_a_statement_without_a_source() -> None:
    article = make_article(text=TEXT.replace(" injected [@RATS-1994].", " injected."), is_published=False)
    with pytest.raises(SourceError, match="23: a sentence without a source: “The rats were injected.”"):
        publish(article)
    assert not Article.objects.published().exists()


def test_publishing_refuses_more_certainty_than_the_works_carry() -> None:
    text = TEXT.replace("certainty=very-low", "certainty=low").replace(" People were asked [@PEOPLE-2020].", "")
    with pytest.raises(SourceError, match="low certainty on works that carry very low certainty at most; certainty=very-low"):
        make_article(text=text)


def test_publishing_refuses_a_withdrawn_work() -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(retracted_on=NOW.date())
    with pytest.raises(SourceError, match="PEOPLE-2020 was withdrawn by its journal on 2026-11-22"):
        make_article()


GRADED = TEXT.replace(
    "People were asked [@PEOPLE-2020].", "People were asked [@PEOPLE-2020, low certainty]. Both were [@RATS-1994; @PEOPLE-2020]."
)
ONE_MORE = f"{TEXT}\nOne [@PEOPLE-2020].\n"
TWO_MORE = f"{TEXT}\nOne [@PEOPLE-2020]. Two [@PEOPLE-2020].\n"


def newest(article: Article) -> Publication:
    article.refresh_from_db()
    assert article.publication is not None
    return article.publication


def test_a_publication_keeps_its_sections_in_order_with_what_they_answer() -> None:
    rows = newest(make_article()).sections.values_list("position", "section_id", "heading", "certainty", "answer", "why")
    assert list(rows) == [
        (0, "what-it-does", "What it does", "", "", ""),
        (
            1,
            "nerve-regeneration",
            "Nerve regeneration: do nerves grow back?",
            "very-low",
            "In rats, signals came back sooner (studied in rats, not people).",
            "The study was in animals (studied in rats, not people).",
        ),
    ]


def test_a_publication_keeps_its_claims_in_order_with_what_each_rests_on() -> None:
    claims = newest(make_article(text=GRADED)).claims.select_related("section")
    found = [
        (
            claim.position,
            claim.section.section_id if claim.section else None,
            claim.text,
            claim.populations,
            claim.certainty,
            [citation.reference.key for citation in claim.citations.all()],
        )
        for claim in claims
    ]
    rats, people, here = ["RATS-1994"], ["PEOPLE-2020"], "nerve-regeneration"
    assert found == [
        (0, None, "In rats, a high dose did something.", ["rats"], "", rats),
        (1, None, "Your nerves need vitamin B12.", ["people"], "", people),
        (2, "what-it-does", "The body needs it to make myelin.", ["people"], "", people),
        (3, here, "In rats, signals came back sooner.", ["rats"], "very-low", rats),
        (4, here, "The study was in animals.", ["rats"], "", rats),
        (5, here, "The rats were injected.", ["rats"], "", rats),
        (6, here, "People were asked.", ["people"], "low", people),
        (7, here, "Both were.", ["people", "rats"], "", [*rats, *people]),
    ]


def test_a_claim_says_who_was_studied_wherever_it_is_shown() -> None:
    said = dict(newest(make_article(text=GRADED)).claims.values_list("text", "said"))
    assert said["The rats were injected."] == "The rats were injected (studied in rats, not people)."
    assert said["Both were."] == "Both were (studied in rats, not people; 90 people, randomised trial)."
    assert said["People were asked."] == "People were asked."


def test_a_claim_keeps_its_key_over_publications_and_its_neighbours_changes() -> None:
    article = make_article()
    first = list(newest(article).claims.values_list("key", flat=True))
    edit(article, ONE_MORE)
    publish(article)
    second = list(newest(article).claims.values_list("key", flat=True))
    assert second[: len(first)] == first
    assert second[-1] == claim_key("nerve-regeneration", "One.")
    assert first[0] == claim_key("key_message", "In rats, a high dose did something.")
    assert len(set(second)) == len(second)


def test_a_publication_keeps_the_works_it_cites_as_they_were() -> None:
    publication = newest(make_article())
    assert {row.reference.key: row.value() for row in publication.snapshots.all()} == {
        row.key: row.value() for row in Reference.objects.all()
    }
    Reference.objects.filter(key="PEOPLE-2020").update(sample_size=7)
    assert publication.snapshots.get(reference__key="PEOPLE-2020").value().sample_size == 90


def test_readers_are_told_of_the_published_revision_alone_and_not_of_drafts_in_between() -> None:
    article = make_article()
    save(article, TEXT + "\nA slip [@PEOPLE-2020].\n", "urgent", "Something private.")
    save(article, ONE_MORE, "change", "A sentence on people was added.")
    publish(article)
    found = list(Publication.objects.values_list("number", "note", "significance"))
    assert found == [(2, "A sentence on people was added.", "change"), (1, "First publication.", "change")]
    article.refresh_from_db()
    assert article.pinned is None


def test_a_kind_of_change_that_is_too_small_is_raised() -> None:
    stale = make_article(is_published=False)  # knows of no publication, so that nothing is compared on saving
    publish(Article.objects.get())
    workflow.save_revision(
        article=stale,
        source=checked(ONE_MORE),
        based_on=stale.draft_revision,
        by=IMPORT,
        now=NOW,
        significance=Significance.TYPO,
    )
    publish(Article.objects.get())
    assert newest(stale).significance == "change"


@pytest.mark.parametrize("significance", ["typo", "clarification", "change", "correction", "urgent"])
def test_a_kind_of_change_that_is_large_enough_stays(significance: str) -> None:
    article = make_article()
    save(article, TEXT.replace("Vitamin B12 and your nerves", "Vitamin B12 and the nerves"), significance, "Why.")
    assert publish(article).significance == significance


def test_an_urgent_correction_is_pinned_and_stays_so_over_later_changes() -> None:
    article = make_article()
    save(article, ONE_MORE, "urgent", "We had left one out.")
    urgent = publish(article)
    article.refresh_from_db()
    assert article.pinned == urgent
    save(article, TWO_MORE, "change", "Two.")
    publish(article)
    article.refresh_from_db()
    assert article.pinned == urgent


def test_lists_say_who_was_studied_from_publishing_on() -> None:
    text = TEXT.replace("Your nerves need vitamin B12 [@PEOPLE-2020]", "Rats need vitamin B12 [@RATS-1994]")
    assert make_article(text=text).summary == "Rats need vitamin B12 (studied in rats, not people)."


def test_what_was_prepared_from_another_text_is_not_published() -> None:
    article = make_article(is_published=False)
    assert article.draft_revision is not None
    other = workflow.prepare(checked(ONE_MORE))
    with pytest.raises(ValueError, match="prepared from another text"):
        workflow.publish(article=article, revision=article.draft_revision, by=IMPORT, now=NOW, prepared=other)
    assert not Article.objects.published().exists()
