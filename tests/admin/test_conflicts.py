"""The second of two saves at once: kept whatever happens next, put together part by part, never written over."""

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from articles import workflow
from articles.admin.conflicts import MAX_TRIES
from articles.models import Article, Conflict, Revision
from articles.text.changes import Significance
from tests.admin.test_rights import ADMIN, form
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db

BODY = TEXT.split("---\n", 2)[2]
SAVED = TEXT.replace("The body needs it", "Your body needs it")
FIRST, SECOND = "section-what-it-does", "section-nerve-regeneration"


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.fixture
def ben() -> Any:
    return make_user("Editors", username="ben")


@pytest.fixture
def editor(client: Client, ben: Any) -> Client:
    client.force_login(ben)
    return client


@pytest.fixture
def anna() -> workflow.Actor:
    return workflow.Actor.person(make_user("Editors", username="anna"))


def send(client: Client, article: Article, **changed: Any) -> Any:
    return client.post(f"{ADMIN}/{article.pk}/change/", form(**{"body": BODY, "based_on": "1", "note": "Plainer.", **changed}))


def clash(client: Client, article: Article, anna: workflow.Actor, body: str = BODY.replace("needs it", "uses it")) -> Conflict:
    """Save twice at once, so that both changed one sentence."""
    edit(article, SAVED, anna)
    assert send(client, article, body=body).status_code == 302
    return Conflict.objects.get()


def page(conflict: Conflict) -> str:
    return f"{ADMIN}/{conflict.article_id}/conflicts/{conflict.pk}/"


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split('id="content-main"')[1]).split())


def latest(article: Article) -> Revision:
    article = Article.objects.get(pk=article.pk)
    assert article.latest_revision
    return article.latest_revision


# The second save


def test_the_second_save_is_kept_at_once_and_leads_to_where_both_are_put_together(
    editor: Client, article: Article, anna: workflow.Actor, ben: Any
) -> None:
    edit(article, SAVED, anna)
    answer = send(editor, article, body=BODY.replace("needs it", "uses it"), significance="correction")
    conflict = Conflict.objects.get()
    assert answer.headers["Location"] == page(conflict)
    assert (conflict.kept.number, conflict.kept.source) == (3, TEXT.replace("needs it", "uses it"))
    assert (conflict.kept.note, conflict.kept.significance, conflict.made_by) == ("Plainer.", "correction", ben)
    assert (conflict.base, latest(article).source) == (article.published_revision, SAVED)
    shown = editor.get(page(conflict)).content.decode()
    assert "nna saved revision 2 while you were writing. Both texts are kept: nothing is lost." in shown
    send(editor, article, body=BODY.replace("needs it", "uses it"))
    assert Conflict.objects.count() == 1, "sent twice"


def test_fields_that_were_not_touched_keep_what_the_other_made_of_them(
    editor: Client, article: Article, anna: workflow.Actor
) -> None:
    edit(article, TEXT.replace("topic: Vitamin B12", "topic:  'Vitamin B12' # as listed\nalso_called: [B-12]"), anna)
    send(editor, article, title="Another title")
    conflict = Conflict.objects.get()
    assert conflict.kept.source == TEXT.replace("title: Vitamin B12 and your nerves", "title: Another title")
    answer = editor.post(page(conflict), {"based_on": "2", "note": "Both.", "significance": "change"})
    assert answer.status_code == 302
    assert "title: Another title\n" in latest(article).source
    assert "topic:  'Vitamin B12' # as listed\nalso_called: [B-12]\n" in latest(article).source


@pytest.mark.parametrize(
    "changed",
    [
        {"note": ""},
        {"significance": "typo"},
        {"significance": "nonsense"},
        {"_publish": "Publish"},
        {"based_on": "1", "review_every": "7"},
    ],
)
def test_what_is_said_of_a_text_never_keeps_it_from_being_kept(
    changed: dict[str, str], editor: Client, article: Article, anna: workflow.Actor
) -> None:
    edit(article, SAVED, anna)
    answer = send(editor, article, **{"body": BODY.replace("needs it", "uses it [@RATS-1994], and it"), **changed})
    assert answer.headers["Location"] == page(Conflict.objects.get())


@pytest.mark.parametrize("based_on", ["", "99", "x", "-1", "9" * 400])
def test_a_text_made_from_nobody_knows_what_is_kept_too(
    based_on: str, editor: Client, article: Article, anna: workflow.Actor
) -> None:
    edit(article, SAVED, anna)
    send(editor, article, based_on=based_on, body=BODY.replace("needs it", "uses it"))
    conflict = Conflict.objects.get()
    assert conflict.base is None
    assert "We do not know what both were made from" in said(editor.get(page(conflict)))


def test_a_faulty_text_is_shown_with_its_faults_and_the_clash(editor: Client, article: Article, anna: workflow.Actor) -> None:
    edit(article, SAVED, anna)
    answer = send(editor, article, body=f"{BODY}\nOdd [@NOBODY-1].\n")
    shown = answer.content.decode()
    assert "anna saved revision 2 while you were writing. Your text is below and not saved yet." in shown
    assert "NOBODY-1" in shown
    assert not Conflict.objects.exists()
    assert send(editor, article, body=f"{BODY}\nMended [@PEOPLE-2020].\n").status_code == 302
    assert Conflict.objects.get().kept.source.endswith("\nMended [@PEOPLE-2020].\n")


def test_a_form_that_is_sent_twice_is_no_clash(editor: Client, article: Article) -> None:
    for _click in range(2):
        answer = send(editor, article, body=BODY.replace("needs it", "uses it"))
        assert answer.headers["Location"] == f"{ADMIN}/{article.pk}/change/"
    assert send(editor, article).status_code == 302, "an old form in which nothing was typed"
    assert Revision.objects.count() == 2
    assert not Conflict.objects.exists()


def test_the_form_says_that_a_text_waits(editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna)
    shown = editor.get(f"{ADMIN}/{article.pk}/change/").content.decode()
    assert "A text is kept beside this one, and waits to be put together with it." in shown
    listed = said(editor.get(f"{ADMIN}/{article.pk}/conflicts/"))
    assert "Two people edited at once . Revision 3 by ben is kept since" in listed
    assert "Put revision 3 and the saved text together" in listed
    workflow.settle(conflict=conflict, source=None, based_on=None, by=IMPORT, now=NOW)
    assert "A text is kept beside" not in editor.get(f"{ADMIN}/{article.pk}/change/").content.decode()


# Putting both together


def test_each_part_shows_both_changes_and_what_stood_before(editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna, BODY.replace("needs it", "uses it").replace("People were", "They were"))
    answer = editor.get(page(conflict))
    shown = said(answer)
    assert "Both changed 1 part of it, each in another way: choose what stays." in shown
    assert "Section “What it does” The text saved by anna on 22 November, 09:30 UTC" in shown
    assert "removed: The , end of removed. added: Your , end of added. body needs it" in shown
    assert "Your text, kept on" in shown
    assert "removed: needs , end of removed. added: uses , end of added. it" in shown
    assert "What stood here before ## What it does {#what-it-does} The body needs it to make" in shown
    assert "Put together already" in shown
    assert "Section “Nerve regeneration: do nerves grow back?”: Your text, kept on" in shown
    html = answer.content.decode()
    assert f'name="choice-{FIRST}"' in html
    assert f'name="choice-{SECOND}"' not in html
    assert "Your body needs it to make [myelin](glossary:myelin) [@PEOPLE-2020].\n\nThe body uses it" in html, (
        "both, to go on from"
    )
    assert 'value="Plainer."' in html


def test_the_choice_becomes_the_new_draft(editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna, BODY.replace("needs it", "uses it").replace("People were", "They were"))
    data = {"based_on": "2", "note": "Both.", "significance": "correction", f"choice-{FIRST}": "ours"}
    answer = editor.post(page(conflict), data, follow=True)
    assert "Saved as a draft." in answer.content.decode()
    made = latest(article)
    assert (made.number, made.note, made.significance) == (4, "Both.", "correction")
    assert made.source == SAVED.replace("People were", "They were")
    conflict.refresh_from_db()
    assert conflict.outcome == made
    assert "Revision 3 went into revision 4: ben" in said(editor.get(page(conflict)))


@pytest.mark.parametrize("written", ["## What it does {#what-it-does}\r\n\r\nBy hand [@PEOPLE-2020].\r\n", ""])
def test_a_part_may_be_written_by_hand_or_left_out(written: str, editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna)
    data = {"based_on": "2", "note": "Both.", "significance": "change", f"choice-{FIRST}": "write", f"text-{FIRST}": written}
    assert editor.post(page(conflict), data).status_code == 302
    source = latest(article).source
    assert "\r" not in source
    assert ("By hand [@PEOPLE-2020].\n\n## Nerve" in source) == bool(written)
    assert ("What it does" in source) == bool(written)


def test_fields_are_chosen_or_written_by_their_values(editor: Client, article: Article, anna: workflow.Actor) -> None:
    edit(article, TEXT.replace("topic:", "also_called: [B-12]\ntopic:").replace("and your nerves", "and nerves"), anna)
    send(editor, article, also_called="B12\r\ncobalamin", title="B12 and you")
    conflict = Conflict.objects.get()
    html = editor.get(page(conflict)).content.decode()
    assert ">\nB-12\nB12\ncobalamin</textarea>" in html
    assert "Vitamin B12 and nerves</textarea>" in html
    data = {
        "based_on": "2",
        "note": "Both.",
        "significance": "change",
        "choice-field-title": "theirs",
        "choice-field-also_called": "write",
        "text-field-also_called": "B-12\r\ncobalamin",
    }
    assert editor.post(page(conflict), data).status_code == 302
    assert "title: B12 and you\n" in latest(article).source
    assert "also_called: [B-12, cobalamin]\n" in latest(article).source


def test_a_part_that_one_side_took_out_says_so(editor: Client, article: Article, anna: workflow.Actor) -> None:
    without = TEXT.replace(TEXT.split("\n\n## ")[1].join(["## ", "\n\n"]), "")
    edit(article, without, anna)
    send(editor, article, body=BODY.replace("needs it", "uses it"))
    shown = said(editor.get(page(Conflict.objects.get())))
    assert re.search(r"The text saved by anna on 22 November, 09:30 UTC: leave this out Your text", shown)


def test_everything_that_clashes_has_to_be_chosen_and_choices_stay(
    editor: Client, article: Article, anna: workflow.Actor
) -> None:
    conflict = clash(editor, article, anna)
    answer = editor.post(page(conflict), {"based_on": "2", "note": "", "significance": "typo"})
    shown = said(answer)
    assert "Not saved yet. Your choices are still below." in shown
    assert "Section “What it does” : Choose what stays here." in shown
    assert "Say for readers what changed and why, in a sentence." in shown
    data = {"based_on": "2", "note": "Both.", "significance": "typo", f"choice-{FIRST}": "write"}
    data[f"text-{FIRST}"] = "## What it does {#what-it-does}\n\nMy own [@NOBODY-1].\n"
    answer = editor.post(page(conflict), data)
    assert "In “What it does”: There is no work with the key NOBODY-1." in said(answer)
    assert "My own [@NOBODY-1]." in answer.content.decode()
    assert 'value="write" required id="id_choice-section-what-it-does_2" checked' in answer.content.decode().replace("\n", " ")
    data[f"text-{FIRST}"] = data[f"text-{FIRST}"].replace("NOBODY-1", "RATS-1994")
    answer = editor.post(page(conflict), data)
    assert "This change touches" in said(answer)
    assert Revision.objects.count() == 3


def test_texts_that_go_together_are_shown_and_saved_with_one_click(
    editor: Client, article: Article, anna: workflow.Actor
) -> None:
    conflict = clash(editor, article, anna, BODY.replace("People were", "They were"))
    shown = said(editor.get(page(conflict)))
    assert "They changed different parts, so they go together by themselves." in shown
    assert "The whole text as it will be saved" in shown
    assert "Which one stays?" not in shown
    assert editor.post(page(conflict), {"based_on": "2", "note": "Both.", "significance": "change"}).status_code == 302
    assert latest(article).source == SAVED.replace("People were", "They were")


def test_a_kept_text_that_is_in_the_saved_one_already_can_only_go(editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna, BODY.replace("People were", "They were"))
    edit(article, SAVED.replace("People were", "They were"), anna)
    shown = said(editor.get(page(conflict)))
    assert "Everything in the second one is in the first already." in shown
    assert "Save as the new draft" not in editor.get(page(conflict)).content.decode()


# Whatever happens in between


def test_a_save_while_choosing_is_met_the_same_way(editor: Client, article: Article, anna: workflow.Actor) -> None:
    first = clash(editor, article, anna)
    newer = edit(article, SAVED.replace("People were", "They were"), anna)
    data = {"based_on": "2", "note": "Both.", "significance": "change", f"choice-{FIRST}": "write"}
    data[f"text-{FIRST}"] = "## What it does {#what-it-does}\n\nBy hand [@PEOPLE-2020].\n"
    answer = editor.post(page(first), data)
    second = Conflict.objects.open().get()
    assert answer.headers["Location"] == page(second)
    assert second.base
    assert (second.base.number, second.kept.number, latest(article)) == (2, 5, newer)
    assert "By hand [@PEOPLE-2020]." in second.kept.source
    first.refresh_from_db()
    assert first.outcome == second.kept
    assert editor.post(page(first), data).headers["Location"] == page(first), "sent twice"
    assert "They changed different parts" in said(editor.get(page(second)))
    assert editor.post(page(second), {"based_on": "4", "note": "Both.", "significance": "change"}).status_code == 302
    assert "By hand [@PEOPLE-2020]." in latest(article).source
    assert "They were asked" in latest(article).source


@pytest.mark.parametrize("name", ["settle", "keep_text"])
def test_a_database_that_is_locked_loses_nothing(
    name: str, editor: Client, article: Article, anna: workflow.Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, tries = getattr(workflow, name), []

    def locked_at_first(**arguments: Any) -> Any:
        tries.append(1)
        if len(tries) < MAX_TRIES:
            raise OperationalError("database is locked")
        return act(**arguments)

    monkeypatch.setattr(workflow, name, locked_at_first)
    conflict = clash(editor, article, anna)
    data = {"based_on": "2", "note": "Both.", "significance": "change", f"choice-{FIRST}": "theirs"}
    assert editor.post(page(conflict), data).headers["Location"] == f"{ADMIN}/{article.pk}/change/"
    assert len(tries) == MAX_TRIES


def test_what_somebody_else_settled_meanwhile_loses_no_choice(editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna)
    workflow.settle(conflict=conflict, source=None, based_on=None, by=anna, now=NOW)
    data = {"based_on": "2", "note": "Both.", "significance": "change", f"choice-{FIRST}": "theirs"}
    answer = editor.post(page(conflict), data)
    kept = Conflict.objects.open().get()
    assert answer.headers["Location"] == page(kept)
    assert kept.kept.source == TEXT.replace("needs it", "uses it")
    assert Conflict.objects.get(pk=conflict.pk).outcome == kept.kept, "whose words it holds is an author of it"
    editor.post(page(kept), {"based_on": "2", "note": "Both.", "significance": "change"})
    assert editor.post(page(kept), {"based_on": "2", "note": "Both.", "significance": "change"}).status_code == 302
    assert not Conflict.objects.open().exists(), "sent twice"


def test_letting_go_asks_once_more_and_keeps_the_revision(editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna)
    html = editor.get(page(conflict)).content.decode()
    assert "<details><summary>Let the second text go…" in html
    for words in ("Let go. The text stays among the revisions, as number 3.", "Somebody settled this already."):
        answer = editor.post(f"{ADMIN}/{article.pk}/conflicts/", {"_let_go": conflict.pk}, follow=True)
        assert words in answer.content.decode()
    assert "Revision 3 was let go, with nothing of it taken: ben" in said(answer)
    assert Revision.objects.filter(number=3).exists()
    assert latest(article).source == SAVED


@pytest.mark.parametrize("number", ["", "x", "99", "-1", "9" * 400, "1; DROP TABLE"])
def test_odd_numbers_are_not_found(number: str, editor: Client, article: Article, anna: workflow.Actor) -> None:
    clash(editor, article, anna)
    assert editor.post(f"{ADMIN}/{article.pk}/conflicts/", {"_let_go": number}).status_code == 404
    assert Conflict.objects.open().count() == 1


def test_conflicts_are_found_under_their_article_alone(editor: Client, article: Article, anna: workflow.Actor) -> None:
    conflict = clash(editor, article, anna)
    other = make_article("other")
    assert editor.get(f"{ADMIN}/{other.pk}/conflicts/{conflict.pk}/").status_code == 404
    assert editor.post(f"{ADMIN}/{other.pk}/conflicts/", {"_let_go": conflict.pk}).status_code == 404


def test_a_publisher_may_look_and_not_settle(client: Client, article: Article, anna: workflow.Actor, ben: Any) -> None:
    kept = workflow.keep_text(
        article=article,
        source=checked(TEXT.replace("needs it", "uses it"), article=article),
        based_on=article.published_revision,
        by=workflow.Actor.person(ben),
        now=NOW,
        significance=Significance.CHANGE,
    )
    edit(article, SAVED, anna)
    client.force_login(make_user("Publishers"))
    html = client.get(page(kept)).content.decode()
    assert "The text by ben, kept on" in html
    assert "Save as the new draft" not in html
    assert "_let_go" not in html
    assert "_let_go" not in client.get(f"{ADMIN}/{article.pk}/conflicts/").content.decode()
    data = {"based_on": "3", "note": "Both.", "significance": "change", f"choice-{FIRST}": "theirs"}
    assert client.post(page(kept), data).status_code == 403
    assert client.post(f"{ADMIN}/{article.pk}/conflicts/", {"_let_go": kept.pk}).status_code == 403
    client.force_login(make_user("Reviewers"))
    for address in (page(kept), f"{ADMIN}/{article.pk}/conflicts/"):
        assert client.get(address).status_code == 403
