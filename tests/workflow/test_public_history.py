"""What is done to the public history: pins, withheld texts, changed works, and remaking what was derived from it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from articles import search, workflow
from articles.models import (
    Article,
    AuditEvent,
    Citation,
    Claim,
    GlossaryTerm,
    Publication,
    Reference,
    ReferenceSnapshot,
    Rendering,
    Revision,
    SearchEntry,
    Section,
)
from articles.text.problems import SourceError
from articles.text.render import RENDERER_VERSION
from articles.workflow import public_words
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user, publish
from tests.workflow.support import save

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


@pytest.fixture
def article() -> Article:
    """An article with two publications."""
    article = make_article()
    save(article, f"{TEXT}\nOne [@PEOPLE-2020].\n", note="One was added.")
    publish(article)
    article.refresh_from_db()
    return article


def copy(article: Article, number: int) -> Publication:
    return Publication.objects.get(article=article, number=number)


def events(article: Article) -> list[tuple[str, str, int | None, int | None]]:
    """Give what the audit log has of acts on the history, the oldest first."""
    rows = AuditEvent.objects.filter(article=article).exclude(act__in=["save", "publish"]).order_by("pk")
    return list(rows.values_list("act", "actor_name", "from_revision__number", "to_revision__number"))


ACTS: dict[str, Callable[[Article, workflow.Actor], Any]] = {
    "pin": lambda a, by: workflow.pin(publication=copy(a, 1), by=by, now=NOW),
    "unpin": lambda a, by: workflow.unpin(article=a, by=by, now=NOW),
    "withhold": lambda a, by: workflow.withhold(publication=copy(a, 1), reason="A name.", by=by, now=NOW),
    "show_again": lambda a, by: workflow.show_again(publication=copy(a, 1), by=by, now=NOW),
}


@pytest.mark.parametrize("groups", [["Editors"], ["Reviewers"], ["Editors", "Reviewers"], []], ids="+".join)
@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_publishers_changes_the_public_history(act: str, groups: list[str], article: Article) -> None:
    with pytest.raises(PermissionDenied, match="it lacks the right: change publication"):
        ACTS[act](article, workflow.Actor.person(make_user(*groups)))
    assert events(article) == []


@pytest.mark.parametrize("act", ACTS)
def test_publishers_change_the_public_history_and_the_log_says_so(act: str, article: Article) -> None:
    if act == "show_again":
        article.publications.filter(number=1).update(withheld_at=NOW, withheld_reason="A name.")
    ACTS[act](article, workflow.Actor.person(make_user("Publishers", username="paula")))
    (event,) = events(article)
    assert event[:2] == (act, "paula")


def test_a_text_that_is_shown_is_not_shown_again(article: Article) -> None:
    with pytest.raises(ValueError, match="not withheld"):
        workflow.show_again(publication=copy(article, 1), by=IMPORT, now=NOW)
    assert events(article) == []


def test_pinning_puts_one_note_up_in_the_place_of_another_until_it_is_taken_down(article: Article) -> None:
    for number in (1, 2):
        workflow.pin(publication=copy(article, number), by=IMPORT, now=NOW)
        article.refresh_from_db()
        assert article.pinned == copy(article, number)
    workflow.unpin(article=article, by=IMPORT, now=NOW)
    article.refresh_from_db()
    assert article.pinned is None
    who = "system: import"
    assert events(article) == [("pin", who, None, 1), ("pin", who, None, 2), ("unpin", who, 2, None)]


def test_a_text_is_withheld_with_its_reason_and_shown_again(article: Article) -> None:
    workflow.withhold(publication=copy(article, 1), reason="  It named a patient. ", by=IMPORT, now=LATER)
    old = copy(article, 1)
    assert (old.withheld_at, old.withheld_reason) == (LATER, "It named a patient.")
    workflow.show_again(publication=old, by=IMPORT, now=LATER)
    old = copy(article, 1)
    assert (old.withheld_at, old.withheld_reason) == (None, "")
    who = "system: import"
    assert events(article) == [("withhold", who, 1, None), ("show_again", who, None, 1)]


def test_a_word_that_only_a_withheld_text_explains_leaves_the_glossary_with_it() -> None:
    GlossaryTerm.objects.create(key="name", term="name", explanation="who it is")
    article = make_article("named", f"{TEXT}\n[So](glossary:name) it is [@PEOPLE-2020].\n")
    edit(article, TEXT)
    publish(article)
    assert GlossaryTerm.objects.explained().filter(key="name").exists()
    workflow.withhold(publication=copy(article, 1), reason="A name.", by=IMPORT, now=NOW)
    assert [word.key for word in GlossaryTerm.objects.explained()] == ["myelin"]
    workflow.show_again(publication=copy(article, 1), by=IMPORT, now=NOW)
    assert GlossaryTerm.objects.explained().filter(key="name").exists()


@pytest.mark.parametrize(("number", "reason"), [(2, "A name."), (1, ""), (1, " \n")])
def test_what_readers_see_is_not_withheld_and_nothing_without_a_reason(number: int, reason: str, article: Article) -> None:
    with pytest.raises(ValueError, match="cannot be withheld" if reason == "A name." else "for a reason"):
        workflow.withhold(publication=copy(article, number), reason=reason, by=IMPORT, now=NOW)
    assert not Publication.objects.filter(withheld_at__isnull=False).exists()
    assert events(article) == []


def test_withholding_takes_the_text_s_banner_down_and_no_other(article: Article) -> None:
    workflow.pin(publication=copy(article, 2), by=IMPORT, now=NOW)
    workflow.withhold(publication=copy(article, 1), reason="A name.", by=IMPORT, now=NOW)
    article.refresh_from_db()
    assert article.pinned == copy(article, 2)
    workflow.show_again(publication=copy(article, 1), by=IMPORT, now=NOW)
    workflow.pin(publication=copy(article, 1), by=IMPORT, now=NOW)
    workflow.withhold(publication=copy(article, 1), reason="A name.", by=IMPORT, now=NOW)
    article.refresh_from_db()
    assert article.pinned is None


def test_a_withheld_text_or_one_without_a_note_is_not_pinned(article: Article) -> None:
    workflow.withhold(publication=copy(article, 1), reason="A name.", by=IMPORT, now=NOW)
    edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    publish(article)
    for number in (1, 3):
        with pytest.raises(ValueError, match="with a note that readers may see"):
            workflow.pin(publication=copy(article, number), by=IMPORT, now=NOW)
    article.refresh_from_db()
    assert article.pinned is None


# Changed works


def studied(**facts: Any) -> int:
    """Change facts of the study in rats and take them in."""
    Reference.objects.filter(key="RATS-1994").update(**facts)
    return len(workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=LATER).published)


def test_a_changed_work_remakes_the_pages_that_cite_it_and_no_others() -> None:
    make_article()
    make_article("about", "---\ntitle: About\nsummary: Who.\n---\n\n## Who {#who}\n\nWe.\n", "page")
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    assert len(workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW).published) == 1
    rendering = Rendering.objects.get(publication__number=2)
    assert "studied in mice, not people" in rendering.sections[1]["html"]
    assert "rats, not people" not in str(rendering.sections)


def test_a_changed_work_makes_a_publication_that_says_what_is_different(article: Article) -> None:
    assert studied(populations=["mice"]) == 1
    article.refresh_from_db()
    new = copy(article, 3)
    assert article.publication == new
    assert (article.published_at, article.changed_at) == (NOW, LATER)
    assert (new.cause, new.significance, new.revision.number, new.by_name) == ("sources", "correction", 2, "system: import")
    assert new.note == "“A study of rats” (RATS-1994), who was studied: rats → mice"
    assert events(article) == [("sources", "system: import", 2, 2)]


def test_a_changed_work_changes_what_is_said_now_and_nothing_of_old_copies(article: Article) -> None:
    studied(populations=["mice"])
    for number, who in ((1, "rats"), (2, "rats"), (3, "mice")):
        publication = copy(article, number)
        assert publication.snapshots.get(reference__key="RATS-1994").facts["populations"] == [who]
        assert publication.claims.get(position=0).said == f"In rats, a high dose did something (studied in {who}, not people)."
        assert publication.claims.get(position=0).populations == [who]
        assert f"studied in {who}, not people" in publication.rendering.sections[1]["html"]
        assert f"studied in {who}, not people" in publication.rendering.key_message


def test_each_changed_fact_has_a_line_of_the_note(article: Article) -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(sample_size=40)
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"], issued="1994")
    workflow.take_in_changed_sources(["PEOPLE-2020", "RATS-1994"], by=IMPORT, now=LATER)
    assert sorted(copy(article, 3).note.splitlines()) == [
        "“A study of people” (PEOPLE-2020), how many were studied: 90 → 40",
        "“A study of rats” (RATS-1994), date: not stated → 1994",
        "“A study of rats” (RATS-1994), who was studied: rats → mice",
    ]


def test_articles_whose_works_are_as_they_were_or_that_cite_others_are_left_alone(article: Article) -> None:
    make_article("about", PAGE, "page")
    make_article("draft", is_published=False)
    before = Publication.objects.count()
    assert workflow.take_in_changed_sources(["RATS-1994", "PEOPLE-2020"], by=IMPORT, now=LATER).published == []
    assert Publication.objects.count() == before
    assert studied(populations=["mice"]) == 1
    assert studied() == 0
    assert Publication.objects.count() == before + 1


def test_a_draft_goes_on_over_changed_works(article: Article) -> None:
    draft = edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    studied(populations=["mice"])
    article.refresh_from_db()
    assert article.draft_revision == draft
    publish(article)
    assert copy(article, 4).revision == draft


def test_a_withdrawn_work_is_said_in_old_copies_too(article: Article) -> None:
    assert studied(noticed_retraction_on=date(2026, 11, 2)) == 1
    for number in (1, 2, 3):
        publication = copy(article, number)
        assert "withdrawn on 2 November 2026" in publication.rendering.key_message
        assert "withdrawn on 2 November 2026" in publication.rendering.sections[1]["html"]
    assert "retracted_on" not in copy(article, 1).snapshots.get(reference__key="RATS-1994").facts
    assert "(RATS-1994): withdrawn by its journal on 2 November 2026" in copy(article, 3).note


def test_a_withdrawal_that_the_list_takes_back_is_no_longer_said_in_old_copies(article: Article) -> None:
    studied(retracted_on=date(2026, 11, 2))
    assert studied(retracted_on=None) == 1
    for number in (1, 2, 4):
        assert "withdrawn" not in copy(article, number).rendering.key_message
    assert "withdrawn on 2 November 2026" in copy(article, 3).rendering.key_message, "readers were told so then"


def test_a_work_withdrawn_since_is_said_in_copies_that_readers_no_longer_see(article: Article) -> None:
    """A text that no longer cites the work leaves nothing to publish anew, and its old copies still change."""
    edit(article, TEXT.replace("@RATS-1994", "@PEOPLE-2020"))
    publish(article)
    assert studied(retracted_on=date(2026, 11, 2)) == 0
    assert "withdrawn on 2 November 2026" in copy(article, 2).rendering.key_message
    assert "withdrawn" not in str(copy(article, 3).rendering.sections)


def test_a_withdrawn_work_stops_the_next_publishing_of_a_text_that_cites_it(article: Article) -> None:
    studied(retracted_on=date(2026, 11, 2))
    edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    with pytest.raises(SourceError, match="RATS-1994 was withdrawn by its journal on 2026-11-02"):
        publish(article)
    edit(article, TEXT.replace("@RATS-1994", "@PEOPLE-2020"))
    publish(article)
    assert copy(article, 4).snapshots.count() == 1


# What is derived


def test_a_changed_word_of_the_glossary_is_explained_anew_where_it_is_used(article: Article) -> None:
    make_article("about", PAGE, "page")
    GlossaryTerm.objects.update(explanation="the sheath of a nerve")
    assert workflow.remake_with_terms(["myelin", "nerve"]) == 2
    assert workflow.remake_with_terms(["nerve"]) == 0
    for number in (1, 2):
        html = copy(article, number).rendering.sections[0]["html"]
        assert "the sheath of a nerve" in html
        assert "the layer around a nerve" not in html
    assert Publication.objects.filter(article=article).count() == 2


def derived(article: Article) -> dict[str, Any]:
    """Give all that is made from an article's publications."""
    return {
        "renderings": [(row.pk, row.title, row.sections, row.sources) for row in Rendering.objects.order_by("pk")],
        "sections": list(Section.objects.order_by("publication__number", "position").values_list("section_id", "answer")),
        "claims": list(Claim.objects.order_by("publication__number", "position").values_list("key", "said", "certainty")),
        "citations": list(
            Citation.objects.order_by("claim__publication__number", "claim__position", "position").values_list("reference__key")
        ),
        "snapshots": sorted((row.publication.number, str(row.facts)) for row in ReferenceSnapshot.objects.all()),
    }


def test_publications_without_anything_derived_get_it(article: Article) -> None:
    before = derived(article)
    for model in (Rendering, Claim, Section, ReferenceSnapshot):
        QuerySet(model).delete()
    assert workflow.remake_stale_renderings() == 2
    assert derived(article) == before
    assert workflow.remake_stale_renderings() == 0


def test_pages_of_an_older_renderer_are_remade_once() -> None:
    make_article()
    Rendering.objects.update(renderer_version=RENDERER_VERSION - 1, summary="")
    assert workflow.remake_stale_renderings() == 1
    assert workflow.remake_stale_renderings() == 0
    assert Rendering.objects.get().summary == "Your nerves need vitamin B12."


def test_what_an_older_version_of_the_site_published_gets_its_letter_its_words_and_its_place_in_the_search() -> None:
    article = make_article()
    Rendering.objects.update(renderer_version=RENDERER_VERSION - 1)
    Article.objects.update(sort_title="")
    GlossaryTerm.objects.update(is_public=False)
    SearchEntry.objects.all().delete()
    workflow.remake_stale_renderings()
    article.refresh_from_db()
    assert article.sort_title == "vitamin b12 and your nerves"
    assert GlossaryTerm.objects.explained().exists()
    assert SearchEntry.objects.filter(article=article).exists()


def test_remaking_the_pages_of_a_withdrawn_article_lets_nobody_find_it() -> None:
    article = make_article()
    Article.objects.update(withdrawn_at=NOW, withdrawn_reason="It was wrong.")
    search.refresh()
    Rendering.objects.update(renderer_version=RENDERER_VERSION - 1)
    workflow.remake_stale_renderings()
    assert not SearchEntry.objects.filter(article=article).exists()


def test_remaking_keeps_works_as_they_were(article: Article) -> None:
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    Rendering.objects.update(renderer_version=RENDERER_VERSION - 1)
    assert workflow.remake_stale_renderings() == 2
    assert "studied in rats, not people" in copy(article, 1).rendering.key_message


def test_an_old_copy_that_can_no_longer_be_read_stays_as_it_is(article: Article) -> None:
    Rendering.objects.update(renderer_version=RENDERER_VERSION - 1)
    QuerySet(Revision).filter(number=1).update(source="---\nold: form\n---\n")
    assert workflow.remake_stale_renderings() == 1
    assert copy(article, 1).rendering.title == "Vitamin B12 and your nerves"
    assert copy(article, 2).rendering.renderer_version == RENDERER_VERSION


def test_what_readers_see_stays_when_it_can_no_longer_be_read_and_the_operator_is_told(
    article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    QuerySet(Revision).filter(number=2).update(source="---\nold: form\n---\n")
    Rendering.objects.update(renderer_version=RENDERER_VERSION - 1)
    assert workflow.remake_stale_renderings() == 1
    assert "publication 2 cannot be read any more" in caplog.text
    assert copy(article, 2).rendering.sections


def test_changed_works_of_other_articles_are_taken_in_past_one_that_cannot_be_read(article: Article) -> None:
    other = make_article("other")
    QuerySet(Revision).filter(number=2, article=article).update(source="---\nold: form\n---\n")
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    taken_in = workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=LATER)
    assert (taken_in.unread, taken_in.published) == ([article], [other])


def test_a_work_that_carries_less_than_the_text_says_is_told_to_editors(article: Article) -> None:
    text = TEXT.replace("very-low", "low").replace("[@RATS-1994].\n\n!!! why", "[@PEOPLE-2020].\n\n!!! why")
    save(article, text)
    publish(article)
    Reference.objects.filter(key="PEOPLE-2020").update(design="animal-experiment", populations=["mice"])
    taken_in = workflow.take_in_changed_sources(["PEOPLE-2020"], by=IMPORT, now=LATER)
    (broken,) = taken_in.broken
    assert "low certainty on works that carry very low certainty at most" in broken.source_problems
    assert broken.publication is not None
    section = broken.publication.rendering.sections[1]
    assert (section["certainty"], section["certainty_words"]) == ("very-low", "Very low certainty")
    save(broken, TEXT)
    publish(broken)
    broken.refresh_from_db()
    assert broken.source_problems == ""


def test_a_work_withdrawn_since_a_text_was_prepared_stops_its_publishing(article: Article) -> None:
    revision = save(article, TEXT + "\nOne more [@PEOPLE-2020].\n")
    prepared = workflow.prepare(workflow.text_of(revision))
    Reference.objects.filter(key="PEOPLE-2020").update(noticed_retraction_on=date(2026, 1, 2))
    with pytest.raises(SourceError, match="withdrawn"):
        workflow.publish(article=article, revision=revision, by=IMPORT, now=LATER, prepared=prepared)


def test_a_check_of_works_is_noted_on_what_is_published(article: Article) -> None:
    draft = make_article("draft", is_published=False)
    workflow.record_source_check()
    article.refresh_from_db()
    assert (article.sources_checked_at, article.sources_unchecked) == (None, 1)
    Reference.objects.filter(doi__isnull=False).update(checked_at=LATER)
    workflow.record_source_check()
    article.refresh_from_db()
    draft.refresh_from_db()
    assert (article.sources_checked_at, article.sources_unchecked, draft.sources_checked_at) == (LATER, 0, None)


def test_a_summary_has_room_for_the_withdrawal_of_all_its_works() -> None:
    work = {"type": "article-journal", "title": "A study", "design": "animal-experiment", "populations": ["rats", "mice"]}
    Reference.objects.create(key="R-1", **work)
    sentences = " ".join(["In rats, pain eased for many long days here now [@R-1]."] * 5)
    article = make_article("long", TEXT.replace("Your nerves need vitamin B12 [@PEOPLE-2020].", sentences))
    Reference.objects.filter(key="R-1").update(noticed_retraction_on=date(2026, 9, 20))
    assert workflow.take_in_changed_sources(["R-1"], by=IMPORT, now=LATER).published == [article]
    article.refresh_from_db()
    assert article.summary.count("this study was withdrawn on 20 September 2026; studied in rats and mice, not people") == 5
    assert len(article.summary) > 600


# Words of withdrawn articles


@pytest.fixture
def named() -> Article:
    """An article that explains a word which no other explains, and one that others explain too."""
    GlossaryTerm.objects.create(key="name", term="name", explanation="who it is")
    make_article()
    return make_article("named", f"{TEXT}\n[So](glossary:name) it is [@PEOPLE-2020].\n")


def explained() -> list[str]:
    return [word.key for word in GlossaryTerm.objects.explained()]


def take_down(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(withdrawn_at=NOW, withdrawn_reason="It was wrong.")
    article.refresh_from_db()
    public_words.hide_words(article)


def test_words_that_only_a_withdrawn_article_explains_go_and_come_back_with_it(named: Article) -> None:
    assert explained() == ["myelin", "name"]
    take_down(named)
    assert explained() == ["myelin"]
    Article.objects.filter(pk=named.pk).update(withdrawn_at=None, withdrawn_reason="")
    public_words.show_words(named)
    assert explained() == ["myelin", "name"]


def test_words_of_a_withheld_text_stay_hidden_when_its_article_comes_back(named: Article) -> None:
    edit(named, TEXT)
    publish(named)
    workflow.withhold(publication=copy(named, 1), reason="A name.", by=IMPORT, now=NOW)
    take_down(named)
    Article.objects.filter(pk=named.pk).update(withdrawn_at=None, withdrawn_reason="")
    public_words.show_words(named)
    assert explained() == ["myelin"]


def test_a_word_that_only_withdrawn_articles_explain_leaves_with_a_withheld_text(named: Article) -> None:
    other = make_article("other", f"{TEXT}\n[So](glossary:name) it is [@PEOPLE-2020].\n")
    edit(other, TEXT)
    publish(other)
    take_down(named)
    assert explained() == ["myelin", "name"], "readers can still read the old copy"
    workflow.withhold(publication=copy(other, 1), reason="A name.", by=IMPORT, now=NOW)
    assert explained() == ["myelin"]


def test_a_withheld_text_of_a_withdrawn_article_is_shown_again_without_its_words(named: Article) -> None:
    edit(named, TEXT)
    publish(named)
    workflow.withhold(publication=copy(named, 1), reason="A name.", by=IMPORT, now=NOW)
    take_down(named)
    workflow.show_again(publication=copy(named, 1), by=IMPORT, now=NOW)
    assert explained() == ["myelin"]


def test_remaking_a_withdrawn_article_brings_no_word_and_no_entry_of_the_search_back(named: Article) -> None:
    take_down(named)
    search.remove(named)
    Rendering.objects.update(renderer_version=0)
    workflow.remake_stale_renderings()
    assert explained() == ["myelin"]
    assert not SearchEntry.objects.filter(article=named).exists()


def test_a_withdrawn_article_is_back_with_its_words_when_a_new_text_is_published(named: Article) -> None:
    take_down(named)
    search.remove(named)
    edit(named, f"{TEXT}\n[So](glossary:name) it still is [@PEOPLE-2020].\n")
    publish(named)
    assert explained() == ["myelin", "name"]
    assert SearchEntry.objects.filter(article=named).exists()
