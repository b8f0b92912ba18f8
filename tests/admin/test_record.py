"""What stands beside a text in the admin: reviews, the standards report, ratings, the public history, and what needs somebody."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from articles import workflow
from articles.models import CHECKLIST, Article, Notice, Publication, Rating, Reference, Review, Revision
from articles.text.rating_questions import STANDARDS
from tests.admin.test_article_form import errors, send
from tests.admin.test_rights import ADMIN, RATING, REVIEW
from tests.support import NOW, TEXT, edit, make_article, make_evidence, make_user, publish
from tests.workflow.support import judge, save

pytestmark = pytest.mark.django_db

LONG_AGO, FAR_AHEAD = date(2000, 1, 1), date(9999, 1, 1)


@pytest.fixture
def article() -> Article:
    """An article with two publications and a draft."""
    make_evidence()
    article = make_article()
    save(article, f"{TEXT}\nOne [@PEOPLE-2020].\n", note="One was added.")
    publish(article)
    edit(article, TEXT.replace("People were asked", "People were told") + "\nOne [@PEOPLE-2020].\n")
    return article


@pytest.fixture
def reviewer(client: Client) -> Client:
    client.force_login(make_user("Reviewers", username="rita"))
    return client


@pytest.fixture
def publisher(client: Client) -> Client:
    client.force_login(make_user("Publishers", username="paula"))
    return client


def page(client: Client, article: Article, name: str) -> str:
    answer = client.get(f"{ADMIN}/{article.pk}/{name}/")
    assert answer.status_code == 200
    return words(answer)


def words(answer: Any) -> str:
    """Give an answer's HTML with its characters as they are."""
    return unescape(answer.content.decode())


# All pages


PLACES = ["comments", "revisions", "standards", "publications", "share", "log"]


def places(html: str) -> list[str]:
    """Give the words of the links from one page of an article to the others."""
    row = re.search(r'<nav class="places".*?</nav>', html, re.DOTALL)
    assert row
    return re.findall(r">([^<>]+)</a>", row[0])


@pytest.mark.parametrize("name", ["change", "review", *PLACES])
def test_each_page_of_an_article_leads_to_all_others(name: str, reviewer: Client, article: Article) -> None:
    html = page(reviewer, article, name)
    assert places(html) == [
        "Text",
        "Your review",
        "Comments",
        "Revisions",
        "Standards",
        "Public history",
        "Share this draft",
        "Log",
        "See it on the site",
    ]
    assert f'<a href="{ADMIN}/{article.pk}/{name}/" aria-current="page">' in html


def test_no_page_leads_to_where_an_account_may_not_look(client: Client) -> None:
    make_evidence()
    article = make_article(is_published=False)
    client.force_login(make_user("Editors", username="erin"))
    found = places(page(client, article, "change"))
    assert "Texts to put together" in found
    assert not {"Your review", "See it on the site"} & set(found)


# Reviews


def send_review(client: Client, article: Article, **changed: Any) -> Any:
    return client.post(f"{ADMIN}/{article.pk}/review/", {**REVIEW, "revision": "3", "_confirmed": "", **changed}, follow=True)


def test_a_review_is_recorded_as_it_was_sent(reviewer: Client, article: Article) -> None:
    answer = send_review(reviewer, article)
    assert answer.redirect_chain == [(f"{ADMIN}/{article.pk}/change/", 302)]
    assert "Your review is recorded." in words(answer)
    made = Review.objects.get()
    assert {name: getattr(made, name) for name in REVIEW if name != "revision"} == {
        k: v for k, v in REVIEW.items() if k != "revision"
    }
    assert made.revision.number == 3
    assert made.reviewer is not None
    assert made.reviewer.username == "rita"


@pytest.mark.parametrize("left_out", CHECKLIST)
def test_an_approval_with_one_box_left_is_refused_and_keeps_what_was_typed(
    left_out: str, reviewer: Client, article: Article
) -> None:
    ticked = [key for key in CHECKLIST if key != left_out]
    html = words(send_review(reviewer, article, checklist=ticked, interests="Shares in a maker of pills"))
    assert "To approve, re-check and tick everything; or ask for changes." in html
    assert 'value="neurologist"' in html
    assert "Shares in a maker of pills</textarea>" in html
    boxes = re.findall(r'<input type="checkbox"[^>]*value="(\w+)"[^>]* checked', html)
    assert boxes == ticked
    assert not Review.objects.exists()


@pytest.mark.parametrize("comment", ["", "  \n "])
def test_a_request_for_changes_that_names_none_is_refused(comment: str, reviewer: Client, article: Article) -> None:
    answer = send_review(reviewer, article, decision="changes_requested", comment=comment, checklist=["sources"])
    assert answer.context["form"].errors == {"comment": ["Say what is to be changed."]}
    assert not Review.objects.exists()


def test_a_request_for_changes_is_recorded_and_shown_to_editors(reviewer: Client, article: Article) -> None:
    send_review(reviewer, article, decision="changes_requested", comment="Say how many.", checklist=["sources"])
    made = Review.objects.get()
    assert (made.decision, made.comment, made.checklist) == ("changes_requested", "Say how many.", ["sources"])
    assert "published; newer text: changes requested" in words(reviewer.get(f"{ADMIN}/"))
    reviewer.force_login(make_user("Editors", username="erin"))
    asked = f"{made.printed_name} asked for changes to revision 3 on "
    assert asked in page(reviewer, article, "change")
    assert "UTC: “Say how many.”" in page(reviewer, article, "change")
    assert ": “Say how many.”</li>" in page(reviewer, article, "revisions")
    edit(article, f"{TEXT}\nOne of 40 [@PEOPLE-2020].\n")
    assert asked in page(reviewer, article, "change"), "while it is worked on, the request stays in sight"
    judge(article, make_user("Reviewers", username="ruth"))
    assert asked not in page(reviewer, article, "change")


@pytest.mark.parametrize("field", ["decision", "printed_name", "role", "credentials", "interests"])
def test_a_review_that_leaves_something_out_is_refused(field: str, reviewer: Client, article: Article) -> None:
    assert list(send_review(reviewer, article, **{field: " "}).context["form"].errors) == [field]
    assert not Review.objects.exists()


def test_an_author_is_told_why_they_may_not_review(client: Client, article: Article) -> None:
    user = make_user("Editors", "Reviewers", username="anna")
    edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n", workflow.Actor.person(user))
    client.force_login(user)
    html = page(client, article, "review")
    assert "You wrote part of this text, so somebody else has to review it." in html
    assert "Record my review" not in html
    assert send_review(client, article, revision="4").status_code == 403
    assert not Review.objects.exists()


def test_a_text_that_was_saved_meanwhile_is_not_judged_unseen(reviewer: Client, article: Article) -> None:
    edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    html = words(send_review(reviewer, article))
    assert "There is a newer text than the one you judged. Look at it first; then send again." in html
    assert 'value="neurologist"' in html
    assert '<input type="hidden" name="revision" value="4">' in html
    assert not Review.objects.exists()
    send_review(reviewer, article, revision="4")
    assert Review.objects.get().revision.number == 4


def test_the_reviewer_sees_what_the_draft_changes_of_what_readers_see(reviewer: Client, article: Article) -> None:
    html = page(reviewer, article, "review")
    assert "What this text changes of what readers see" in html
    assert re.search(r"<del>.*?asked.*?</del>", html)
    assert re.search(r"<ins>.*?told.*?</ins>", html)
    assert "What it does</h3>" not in html, "a section that is the same is left out"
    publish(article)
    assert "What this text changes" not in page(reviewer, article, "review")


def test_a_first_draft_has_nothing_to_be_compared_with(reviewer: Client) -> None:
    make_evidence()
    article = make_article(is_published=False)
    html = page(reviewer, article, "review")
    assert "What this text changes" not in html
    assert "Record my review" in html


def test_the_form_remembers_who_the_reviewer_is_and_not_their_interests(reviewer: Client, article: Article) -> None:
    send_review(reviewer, article, interests="Shares in a maker of pills")
    html = page(reviewer, article, "review")
    for value in ("Dr Ada Example", "neurologist", "MD"):
        assert f'value="{value}"' in html
    assert "Shares in a maker of pills" not in html


# Standards and ratings


def test_the_report_lists_what_stops_publishing_with_its_lines(reviewer: Client, article: Article) -> None:
    assert "<p>Nothing.</p>" in page(reviewer, article, "standards")
    edit(article, TEXT.replace(" injected [@RATS-1994].", " injected.").replace("certainty=very-low", "certainty=high"))
    Reference.objects.filter(key="PEOPLE-2020").update(retracted_on=date(2026, 11, 2))
    html = page(reviewer, article, "standards")
    assert "Line 23 of the file: a sentence without a source: “The rats were injected.”" in html
    assert "Line 12 of the file: high certainty on works that carry very low certainty at most" in html
    assert "Line 10 of the file: PEOPLE-2020 was withdrawn by its journal on 2026-11-02" in html
    assert "<p>Nothing.</p>" not in html


def test_the_report_shows_each_of_our_rules_with_lines_and_what_no_machine_can_judge(reviewer: Client, article: Article) -> None:
    html = page(reviewer, article, "standards")
    assert "Every statement has a source, or says why it needs none" in html
    assert re.search(r'<li><a href="[^"]+/change/#file-line-\d+">Line \d+:</a> ', html)
    assert "Whether a reader feels respected." in html
    assert "Nobody has rated this revision yet." in html


def test_the_report_offers_ratings_to_those_who_may_rate(client: Client, article: Article) -> None:
    for groups, count in ((["Reviewers"], len(STANDARDS)), (["Editors", "Publishers"], 0)):
        client.force_login(make_user(*groups))
        html = page(client, article, "standards")
        assert html.count(f"{ADMIN}/{article.pk}/rate/") == count


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_question_of_a_standard_is_asked(standard: str, reviewer: Client, article: Article) -> None:
    html = page(reviewer, article, f"rate/{standard}")
    for question in STANDARDS[standard].questions:
        assert f"{question.number}. {question.words}" in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("answer_3", ""), ("reason_3", ""), ("reason_3", " "), ("answer_3", "7"), ("printed_name", ""), ("reason_3", "x" * 401)],
)
def test_a_rating_needs_every_question(field: str, value: str, reviewer: Client, article: Article) -> None:
    answer = reviewer.post(f"{ADMIN}/{article.pk}/rate/jama/", {**RATING, field: value})
    assert list(answer.context["form"].errors) == [field]
    assert "It says so." in words(answer)
    assert not Rating.objects.exists()


def test_a_rating_stands_in_the_report_of_its_revision_alone(reviewer: Client, article: Article) -> None:
    answer = reviewer.post(f"{ADMIN}/{article.pk}/rate/jama/", {**RATING, "reason_2": "All but one."}, follow=True)
    assert answer.redirect_chain == [(f"{ADMIN}/{article.pk}/standards/", 302)]
    assert "Your rating is recorded." in words(answer)
    assert "<td>All but one.</td>" in words(answer)
    assert Rating.objects.count() == len(STANDARDS["jama"].questions)
    edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    assert "Nobody has rated this revision yet." in page(reviewer, article, "standards")


@pytest.mark.parametrize("path", ["rate/nobody", "rate/JAMA"])
def test_an_unknown_standard_is_not_found(path: str, reviewer: Client, article: Article) -> None:
    assert reviewer.get(f"{ADMIN}/{article.pk}/{path}/").status_code == 404
    assert reviewer.post(f"{ADMIN}/{article.pk}/{path}/", RATING).status_code == 404


@pytest.mark.parametrize("name", ["review", "standards", "rate/jama", "publications"])
def test_an_article_that_is_not_there_is_not_found(name: str, reviewer: Client, article: Article) -> None:
    assert reviewer.get(f"{ADMIN}/{article.pk + 1000}/{name}/").status_code == 404


# The public history


def act(client: Client, article: Article, **data: str) -> str:
    return words(client.post(f"{ADMIN}/{article.pk}/publications/", data, follow=True))


def test_the_history_shows_what_readers_were_told_and_drafts_are_no_part_of_it(publisher: Client, article: Article) -> None:
    html = page(publisher, article, "publications")
    assert html.index("One was added.") < html.index("First publication.")
    assert html.count("(what readers see now)") == 1
    assert "history/compare/?from=1&to=2" in html
    assert html.count('<li value="') == 2


def test_a_note_is_pinned_and_taken_down(publisher: Client, article: Article) -> None:
    banner = "The note of copy 1 stands as a banner on the article."
    Publication.objects.filter(number=1).update(significance="correction")
    html = act(publisher, article, number="1", _pin="")
    assert "The note of copy 1 stands on the article." in html
    assert banner in html
    assert html.count('name="_unpin"') == 1
    html = act(publisher, article, number="1", _unpin="")
    assert "The banner is down (copy 1)." in html
    assert banner not in html
    assert 'name="_unpin"' not in html


def test_a_text_is_withheld_and_shown_again(publisher: Client, article: Article) -> None:
    html = act(publisher, article, number="1", reason="It named a patient.")
    assert "The text of copy 1 is withheld. Readers see your reason." in html
    assert "<strong>Withheld:</strong> It named a patient." in html
    assert "history/1/" not in html
    assert "history/compare/" not in html
    html = act(publisher, article, number="1", _show="")
    assert "It named a patient." not in html
    assert "history/1/" in html


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ({"number": "2", "reason": "A name."}, "Not done: what readers see now cannot be withheld; publish another text first."),
        ({"number": "1", "reason": " "}, "Not done: an old text is withheld for a reason that readers are told."),
        ({"number": "1"}, "Not done: an old text is withheld for a reason that readers are told."),
    ],
)
def test_what_cannot_be_withheld_is_refused_in_words(
    data: dict[str, str], refusal: str, publisher: Client, article: Article
) -> None:
    html = act(publisher, article, **data)
    assert refusal in html
    assert "Readers see your reason." not in html
    assert not Publication.objects.filter(withheld_at__isnull=False).exists()


def test_a_withheld_note_is_not_pinned(publisher: Client, article: Article) -> None:
    act(publisher, article, number="1", reason="It named a patient.")
    html = act(publisher, article, number="1", _pin="")
    assert "Not done: a publication with a note that readers may see can be pinned." in html
    article.refresh_from_db()
    assert article.pinned is None


@pytest.mark.parametrize("number", ["", "x", "99", "-1", "²", "9" * 30])
def test_an_odd_publication_is_not_found(number: str, publisher: Client, article: Article) -> None:
    assert publisher.post(f"{ADMIN}/{article.pk}/publications/", {"number": number, "_pin": ""}).status_code == 404


def test_another_article_s_publication_is_not_reached(publisher: Client, article: Article) -> None:
    other = make_article("other")
    assert publisher.post(f"{ADMIN}/{other.pk}/publications/", {"number": "2", "reason": "A name."}).status_code == 404


def test_those_who_may_only_look_are_offered_nothing_to_press(client: Client, article: Article) -> None:
    client.force_login(make_user("Editors", "Reviewers"))
    html = page(client, article, "publications")
    assert "One was added." in html
    assert "Withhold this text" not in html
    assert 'name="_pin"' not in html


# What the form of an article refuses


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("Editors", "Publishers", username="edith"))
    return client


BODY = TEXT.split("---\n", 2)[2]


def test_a_change_of_meaning_called_small_is_refused_at_its_field(editor: Client, article: Article) -> None:
    body = f"{BODY}\nOne [@PEOPLE-2020].\n"
    answer = send(editor, article, based_on="3", significance="typo", body=body.replace("were asked", "were told"))
    refusal = (
        "This change touches a statement that has a source; "
        "choose “Changed content”, “Correction of a mistake” or “Urgent correction”."
    )
    assert errors(answer) == {"significance": [refusal]}
    assert refusal in words(answer)
    assert Revision.objects.count() == 3
    assert send(editor, article, based_on="3", significance="typo", body=body, title="B12 and nerves").status_code == 302


def test_what_is_said_of_a_saved_draft_can_still_be_changed_when_it_is_published(editor: Client, article: Article) -> None:
    first = {"title": "B12 and nerves", "body": f"{BODY}\nOne [@PEOPLE-2020].\n"}
    send(editor, article, based_on="3", note="A slip.", **first)
    send(editor, article, based_on="4", note="We were wrong.", significance="urgent", _publish="Publish", **first)
    article.refresh_from_db()
    assert article.pinned is not None
    assert article.pinned.note == "We were wrong."


STOPS = {
    "a sentence without a source": (
        "asked [@PEOPLE-2020]",
        "asked",
        "Line 17: A sentence without a source: “People were asked.”",
    ),
    "a statement above its works": (
        "asked [@PEOPLE-2020]",
        "asked [@RATS-1994, low certainty]",
        "Line 17: low certainty on works that carry very low certainty at most; `very low certainty`, or a stronger work",
    ),
    "a section above its works": (
        "certainty=very-low",
        "certainty=high",
        "Line 6: high certainty on works that carry very low certainty at most; certainty=very-low, or a stronger work",
    ),
}


@pytest.mark.parametrize("what", STOPS)
def test_what_may_not_be_published_is_refused_in_words_at_the_text(what: str, editor: Client, article: Article) -> None:
    old, new, refusal = STOPS[what]
    body = BODY.replace(old, new).replace(" People were asked [@PEOPLE-2020].", "")
    answer = send(editor, article, based_on="3", body=body, _publish="Publish")
    assert errors(answer)["body"][0].startswith(refusal)
    assert refusal in words(answer)
    assert Publication.objects.count() == 2
    assert Revision.objects.count() == 3


def test_a_withdrawn_source_is_refused_in_words_wherever_it_stands(editor: Client, article: Article) -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(noticed_retraction_on=date(2026, 11, 2))
    answer = send(editor, article, based_on="3", _publish="Publish")
    refusal = "PEOPLE-2020 was withdrawn by its journal on 2026-11-02; another source, or the sentence taken out."
    found = errors(answer)
    assert refusal in found["summary"]
    assert f"Line 4: {refusal}" in found["body"]
    assert refusal in words(answer)
    assert Publication.objects.count() == 2


# What needs somebody


def test_the_list_finds_overdue_reviews_and_says_since_when(editor: Client, article: Article) -> None:
    later = make_article("later")
    draft = make_article("draft", is_published=False)
    Article.objects.filter(pk=article.pk).update(review_due_on=LONG_AGO)
    Article.objects.filter(pk=later.pk).update(review_due_on=FAR_AHEAD)
    Article.objects.filter(pk=draft.pk).update(review_due_on=LONG_AGO)
    answer = editor.get(f"{ADMIN}/?attention=due")
    assert [row.slug for row in answer.context["cl"].result_list] == ["b12"]
    assert "never reviewed; overdue since 1 January 2000" in words(answer)
    assert "never reviewed; due 1 January 9999" in words(editor.get(f"{ADMIN}/"))


def test_the_list_says_what_came_of_the_last_review(editor: Client, article: Article) -> None:
    publish(article)
    judge(article, make_user("Reviewers"))
    assert "approved; " in words(editor.get(f"{ADMIN}/"))


@pytest.mark.parametrize("field", ["retracted_on", "noticed_retraction_on"])
def test_the_list_finds_what_rests_on_withdrawn_work(field: str, editor: Client, article: Article) -> None:
    make_article("other", TEXT.replace("@RATS-1994", "@PEOPLE-2020"))
    make_article("draft", is_published=False)
    listed = lambda: [row.slug for row in editor.get(f"{ADMIN}/?attention=sources").context["cl"].result_list]  # noqa: E731
    assert listed() == []
    Reference.objects.filter(key="RATS-1994").update(**{field: date(2026, 11, 2)})
    assert listed() == ["b12"]
    edit(article, TEXT.replace("@RATS-1994", "@PEOPLE-2020"))
    assert listed() == ["b12"], "a draft mends nothing for readers"
    publish(article)
    assert listed() == [], "old copies need nobody"


def test_the_list_of_works_is_filtered_by_notices(editor: Client) -> None:
    make_evidence()
    rats, people = Reference.objects.get(key="RATS-1994"), Reference.objects.get(key="PEOPLE-2020")
    listed = lambda query: [row.key for row in editor.get(f"/admin/articles/reference/?{query}").context["cl"].result_list]  # noqa: E731
    assert listed("notices=unchecked") == ["PEOPLE-2020", "RATS-1994"]
    Reference.objects.filter(pk=people.pk).update(checked_at=NOW)
    for doi in ("10.1000/n", "10.1000/m"):
        Notice.objects.create(reference=people, kind="correction", notice_doi=doi, told_by="Crossref", found_at=NOW)
    assert listed("notices=unchecked") == ["RATS-1994"]
    assert listed("notices=any") == ["PEOPLE-2020"]
    assert listed("notices=withdrawn") == []
    Reference.objects.filter(pk=rats.pk).update(noticed_retraction_on=date(2026, 11, 2))
    assert listed("notices=withdrawn") == ["RATS-1994"]
    assert "2 November 2026" in words(editor.get("/admin/articles/reference/"))
