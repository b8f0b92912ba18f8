"""What readers see of an article's past."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from articles import workflow
from articles.models import CHECKLIST, Article, FormerSlug, Publication, Reference, Review, Withdrawal
from articles.text.changes import Significance
from tests.support import (
    IMPORT,
    NOW,
    PAGE,
    TEXT,
    bring_back,
    checked,
    edit,
    make_article,
    make_evidence,
    make_user,
    publish,
    take_down,
    words,
)

pytestmark = pytest.mark.django_db

CHANGED = TEXT.replace("People were asked [@PEOPLE-2020].", "People were not asked [@RATS-1994].").replace(
    "## What it does", "## What is it"
)


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def change(
    article: Article, text: str, note: str = "Because.", days: int = 1, significance: Significance = Significance.CORRECTION
) -> Publication:
    article.refresh_from_db()
    now = NOW + timedelta(days=days)
    workflow.save_revision(
        article=article,
        source=checked(text, article.kind, article),
        based_on=article.latest_revision,
        by=IMPORT,
        now=now,
        note=note,
        significance=significance,
    )
    return publish(article, now=now)


def approve(article: Article) -> Review:
    article.refresh_from_db()
    verdict = workflow.Verdict(Review.Decision.APPROVED, list(CHECKLIST), "Printed Name", "neurologist", "MD", "None")
    by = workflow.Actor.person(make_user("Reviewers", username=f"reviewer-{Review.objects.count()}"))
    assert article.latest_revision is not None
    return workflow.review(revision=article.latest_revision, verdict=verdict, by=by, now=NOW)


def test_an_article_leads_to_its_history_and_its_checks(article: Article) -> None:
    html = words("/articles/b12/")
    assert 'href="/articles/b12/history/"' in html
    assert 'href="/articles/b12/standards/"' in html


def test_the_history_tells_when_what_and_why(article: Article) -> None:
    change(article, CHANGED, "The answer was wrong.\nNow it is right.")
    html = words("/articles/b12/history/")
    assert html.index("The answer was wrong.<br>Now it is right.") < html.index("First publication.")
    assert "Correction of a mistake" in html
    assert html.count("Not reviewed by a clinician.") == 2
    assert '<a href="compare/?from=1&amp;to=2">' in html
    assert '<select name="from">' in html


def test_a_history_of_one_entry_has_nothing_to_compare(article: Article) -> None:
    assert "<select" not in words("/articles/b12/history/")
    assert "has not changed since it was published" in words("/articles/b12/history/compare/?from=1&to=1")


def test_a_long_history_goes_on_page_after_page(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.views.history.ENTRIES_PER_PAGE", 2)
    change(article, CHANGED, "Second.", days=1)
    bring_back(take_down(article, now=NOW + timedelta(days=2)), NOW + timedelta(days=3))
    for number in range(4, 7):
        text = CHANGED.replace("People were not asked", f"{number} people were not asked")
        change(article, text, f"Text {number}.", days=number)
    newest = [publication.number for publication in article.publications.order_by("-number")]
    found, taken_down, address = [], [], "/articles/b12/history/"
    while address:
        html = Client().get(address).content.decode()
        found += [int(number) for number in re.findall(r'<li id="n(\d+)">', html)]
        taken_down.append(html.count("Taken down"))
        onward = re.search(r'rel="next" href="([^"]+)"', html)
        address = f"/articles/b12/history/{onward[1]}" if onward else ""
    assert found == newest
    assert taken_down == [0, 1, 0], "it stands with the publications of its time"


def test_pages_about_the_site_have_a_history_too(article: Article) -> None:
    make_article("about", PAGE, "page")
    assert 'href="/about/history/"' in words("/about/")
    assert "First publication." in words("/about/history/")
    assert "We are the publisher." in words("/about/history/1/")


def test_a_copy_is_for_ever_and_says_that_it_is_old(article: Article) -> None:
    change(article, CHANGED.replace("Vitamin B12 and your nerves", "Another title"))
    html = words("/articles/b12/history/1/")
    assert "This is an old copy (number 1)." in html
    assert "Readers saw it from" in html
    assert "<h1>Vitamin B12 and your nerves</h1>" in html
    assert "People were asked." in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'compare/?from=1&amp;to=2">What has changed since' in html
    assert "Copy 2: what readers see now." in words("/articles/b12/history/2/")
    assert "noindex" not in words("/articles/b12/")
    words("/articles/b12/history/3/", 404)


def test_a_copy_keeps_what_was_said_of_its_sources(article: Article) -> None:
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW)
    assert "studied in rats, not people" in words("/articles/b12/history/1/")
    assert "studied in mice, not people" in words("/articles/b12/history/2/")
    assert "studied in mice, not people" in words("/articles/b12/")
    html = words("/articles/b12/history/")
    assert "A source changed" in html
    assert "“A study of rats” (RATS-1994), who was studied: rats → mice" in html


def test_a_withdrawn_study_is_told_on_old_copies_too(article: Article) -> None:
    change(article, CHANGED.replace("@PEOPLE-2020", "@RATS-1994"))
    Reference.objects.filter(key="PEOPLE-2020").update(noticed_retraction_on="2016-11-02")
    workflow.take_in_changed_sources(["PEOPLE-2020"], by=IMPORT, now=NOW)
    html = words("/articles/b12/history/1/")
    assert "this study was withdrawn on 2 November 2016; 90 people, randomised trial" in html
    assert "Withdrawn by the journal on 2 November 2016" in html
    assert "withdrawn" not in words("/articles/b12/history/2/").split('<section id="sources"')[0]


def test_two_copies_compared(article: Article) -> None:
    surer = CHANGED.replace("certainty=very-low", "certainty=low").replace(
        "sooner [@RATS-1994]", "sooner [@RATS-1994; @PEOPLE-2020]"
    )
    change(article, surer, "A reason.")
    html = words("/articles/b12/history/compare/?from=1&to=2")
    assert "A reason." in html
    assert "<h3>Statements added</h3> <ul><li>People were not asked (studied in rats, not people)." in html
    assert "<h3>Statements removed</h3> <ul><li>People were asked." in html
    assert "<b>Very low certainty → Low certainty</b>" in html
    assert '<del><span class="vh">removed:' in html
    assert '<ins><span class="vh">added: </span>' in html
    assert "sentences unchanged" in html


def test_copies_are_compared_from_the_old_to_the_new(article: Article) -> None:
    change(article, CHANGED)
    assert words("/articles/b12/history/compare/?from=2&to=1") == words("/articles/b12/history/compare/?from=1&to=2")


@pytest.mark.parametrize(
    "query", ["", "?from=1", "?from=1&to=9", "?from=x&to=y", "?from=-1&to=²", "?from=1&to=99999999999999999999", "?since=review"]
)
def test_what_cannot_be_compared_is_told_in_words(article: Article, query: str) -> None:
    change(article, CHANGED)
    html = words(f"/articles/b12/history/compare/{query}", 404)
    assert "Choose two:" in html or "no page at this address" in html


def test_every_pair_of_copies_can_be_compared_even_when_only_sources_changed(article: Article) -> None:
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW)
    html = words("/articles/b12/history/compare/?from=1&to=2")
    assert "What we say of a source changed" in html
    assert "What these statements rest on has changed" in html


def test_a_withheld_copy_is_left_out_of_comparisons(article: Article) -> None:
    second = change(article, CHANGED)
    change(article, TEXT.replace("were injected", "were given it"))
    workflow.withhold(publication=second, reason="It named somebody.", by=IMPORT, now=NOW)
    html = words("/articles/b12/history/")
    assert "The text is withheld.</b> It named somebody." in html
    assert "from=1&amp;to=3" in html
    assert "Because." in html.split('id="n2"')[0]
    words("/articles/b12/history/compare/?from=1&to=2", 404)
    assert "It named somebody." in words("/articles/b12/history/2/", 410)
    workflow.show_again(publication=second, by=IMPORT, now=NOW)
    words("/articles/b12/history/2/")


def test_a_review_is_told_near_the_title_and_in_the_history(article: Article) -> None:
    assert "Not yet reviewed by a clinician" in words("/articles/b12/")
    review = approve(article)
    html = words("/articles/b12/")
    assert "Reviewed by a clinician" in html
    assert "Printed Name, neurologist" in html
    assert "Changed since" not in html
    html = words("/articles/b12/history/")
    assert f'id="review-{review.pk}"' in html
    assert "Printed Name, neurologist (MD)" in html
    assert str(CHECKLIST["urgent"]) in html


def test_a_change_after_a_review_is_told_with_the_difference(article: Article) -> None:
    approve(article)
    change(article, CHANGED)
    html = words("/articles/b12/")
    assert "Changed since a clinician reviewed it" in html
    assert "Reviewed by a clinician" not in html
    assert "Changed since a clinician reviewed it" in words("/")
    answer = Client().get("/articles/b12/history/compare/?since=review")
    assert (answer.status_code, answer["Location"]) == (302, "/articles/b12/history/compare/?from=1&to=2")


def test_a_review_is_not_told_of_sources_that_changed_after_it(article: Article) -> None:
    approve(article)
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW + timedelta(days=1))
    assert "Changed since a clinician reviewed it" in words("/articles/b12/")
    assert "Not reviewed by a clinician" in words("/articles/b12/history/2/")
    html = words("/articles/b12/history/")
    assert html.count('id="review-') == 1
    assert "not reviewed since the source changed" in html.split('id="n1"')[0]
    answer = Client().get("/articles/b12/history/compare/?since=review")
    assert answer["Location"].endswith("?from=1&to=2")


def test_a_text_that_a_clinician_sent_back_says_so(article: Article) -> None:
    approve(article)
    edit(article, CHANGED)
    publish(article)
    article.refresh_from_db()
    comment = workflow.Verdict(Review.Decision.CHANGES_REQUESTED, [], "Other Name", "neurologist", "MD", "None", "Say how many.")
    by = workflow.Actor.person(make_user("Reviewers", username="other"))
    assert article.published_revision is not None
    workflow.review(revision=article.published_revision, verdict=comment, by=by, now=NOW)
    html = words("/articles/b12/")
    assert "A clinician asked for changes" in html
    assert "Other Name" in html
    assert "Say how many." not in html


def test_a_withdrawn_study_is_told_near_the_title(article: Article) -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(noticed_retraction_on="2016-11-02")
    workflow.take_in_changed_sources(["PEOPLE-2020"], by=IMPORT, now=NOW)
    html = words("/articles/b12/")
    assert "One study this page uses has been withdrawn by its journal." in html.split('id="what-it-does"')[0]
    assert "ask your doctor" in html


def test_an_overdue_review_is_told_near_the_title_and_in_lists(article: Article) -> None:
    Article.objects.update(review_due_on="2026-01-02")
    html = words("/articles/b12/")
    assert "Review overdue since" in html
    assert "Ask a doctor before you rely on this page." in html
    assert "Review overdue" in words("/")


def test_an_urgent_correction_stands_on_the_article_until_it_is_taken_down(article: Article) -> None:
    change(article, CHANGED, "Stop reading copy 1.", significance=Significance.URGENT)
    html = words("/articles/b12/")
    assert html.index("<h1>") < html.index("Important correction,") < html.index("The short answer")
    assert "Stop reading copy 1." in html
    change(article, TEXT.replace("were injected", "were given it"), days=2)
    assert "Stop reading copy 1." in words("/articles/b12/")
    article.refresh_from_db()
    workflow.unpin(article=article, by=IMPORT, now=NOW)
    assert "Important correction" not in words("/articles/b12/")


def test_a_former_address_leads_to_the_same_page_of_the_record(article: Article) -> None:
    FormerSlug.objects.create(language="en", slug="old", article=article)
    answer = Client().get("/articles/old/history/compare/?from=1&to=2")
    assert (answer.status_code, answer["Location"]) == (301, "/articles/b12/history/compare/?from=1&to=2")


def test_other_languages_have_their_record(article: Article) -> None:
    make_article("b12-es", TEXT.replace("topic: Vitamin B12", "topic: Vitamin B12\nlanguage: es"))
    for path in ("history/", "history/1/", "standards/", "references.json", "history/feed/"):
        assert words(f"/es/articles/b12-es/{path}")
        words(f"/en/articles/b12/{path}", 404)


def test_a_draft_is_no_part_of_the_history(article: Article) -> None:
    edit(article, CHANGED)
    assert "Copy 2" not in words("/articles/b12/history/")
    words("/articles/b12/history/2/", 404)


def test_the_history_tells_between_the_publications_when_an_article_was_taken_down_and_came_back(article: Article) -> None:
    gone = take_down(article, "A <study> was made up.", NOW + timedelta(days=1))
    bring_back(gone, NOW + timedelta(days=2))
    change(article, CHANGED, "Mended.", days=3)
    html = words("/articles/b12/history/")
    newest, between, first = html.split('<li id="')[1:]
    assert newest.startswith("n2")
    assert first.startswith("n1")
    assert between.startswith(f"w{gone.pk}")
    assert "Taken down, " in between
    assert "23 November 2026, 09:30" in between
    assert "<p>A &lt;study&gt; was made up.</p>" in between
    assert 'Back on <time datetime="2026-11-24T09:30' in between
    assert "Paula" not in html, "who decided it is for the record in the admin"


def test_a_plan_to_withdraw_is_no_part_of_the_public_history(article: Article) -> None:
    Withdrawal.objects.create(article=article, reason="zqplan", due_at=NOW, decided_at=NOW, decided_by_name="Paula")
    assert "zqplan" not in words("/articles/b12/history/")
