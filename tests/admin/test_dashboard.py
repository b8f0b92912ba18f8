"""The admin's first page: what waits for whom, and how little it costs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.admin.dashboard import TaskList, find_tasks
from articles.models import (
    CHECKLIST,
    Article,
    Comment,
    Conflict,
    Feedback,
    Notice,
    Reference,
    Review,
    Revision,
    RevisionState,
    Withdrawal,
)
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
TODAY = date(2026, 11, 22)


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.fixture
def erin() -> Any:
    return make_user("Editors", "Publishers", username="erin")


@pytest.fixture
def rhea() -> Any:
    return make_user("Reviewers", username="rhea")


def tasks(user: Any, today: date = TODAY) -> dict[str, TaskList]:
    return {task.key: task for task in find_tasks(user, today)}


def listed(user: Any, key: str, today: date = TODAY) -> list[tuple[str, str]]:
    task = tasks(user, today).get(key)
    return [(entry.words, entry.note) for entry in task.entries] if task else []


def submit(slug: str, author: Any, reviewer: Any = None, title: str = "") -> Article:
    text = TEXT.replace("Vitamin B12 and your nerves", title or f"On {slug}")
    article = make_article(slug, text, is_published=False)
    revision = edit(article, text.replace("People were asked", f"People ({slug}) were asked"), workflow.Actor.person(author))
    workflow.submit(revision=revision, reviewer=reviewer, by=workflow.Actor.person(author), now=NOW)
    return article


def judge(article: Article, user: Any, decision: Review.Decision) -> None:
    article.refresh_from_db()
    assert article.latest_revision
    verdict = workflow.Verdict(decision, list(CHECKLIST), "Dr Rhea", "neurologist", "MD", "None", "Say how many.")
    workflow.review(revision=article.latest_revision, verdict=verdict, by=workflow.Actor.person(user), now=NOW)


def first_page(user: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get("/admin/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return " ".join(answer.content.decode().split())


def test_a_friendly_word_where_nothing_waits(article: Article, rhea: Any) -> None:
    Article.objects.update(review_due_on=date(2999, 1, 1))
    html = first_page(rhea)
    assert "Nothing waits for you" in html
    assert f'<a href="{LIST}">Open the list of articles</a>' in html
    assert "task-" not in html


def test_who_has_no_rights_is_told_whom_to_ask(article: Article) -> None:
    html = first_page(make_user(username="nina"))
    assert "Ask whoever runs this site" in html
    assert "Vitamin B12 and your nerves" not in html


def test_nobody_sees_it_without_signing_in() -> None:
    answer = Client().get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_a_reviewer_finds_texts_chosen_for_them_first_then_those_for_whoever_is_free(erin: Any, rhea: Any) -> None:
    make_evidence()
    rita = make_user("Reviewers", username="rita")
    both = make_user("Editors", "Reviewers", username="both")
    submit("free", erin)
    submit("for-rita", erin, rita)
    mine = submit("mine", erin, rhea)
    submit("own", both)
    assert listed(rhea, "review") == [
        ("On mine", "You were asked, sent by erin on 22 November 2026"),
        ("On free", "For whoever is free, sent by erin on 22 November 2026"),
        ("On own", "For whoever is free, sent by erin on 22 November 2026".replace("erin", "both")),
    ]
    assert tasks(rhea)["review"].entries[0].url == f"{LIST}{mine.pk}/review/"
    assert [words for words, _note in listed(both, "review")] == ["On free"], "nobody reviews their own text"
    assert "review" not in tasks(erin)
    judge(mine, rhea, Review.Decision.APPROVED)
    assert len(listed(rhea, "review")) == 2


def test_what_was_approved_before_is_no_part_of_what_is_judged() -> None:
    make_evidence()
    both, rhea = make_user("Editors", "Reviewers", username="both"), make_user("Reviewers", username="rhea")
    erin = make_user("Editors", username="erin")
    article = submit("old", both)
    judge(article, rhea, Review.Decision.APPROVED)
    revision = edit(article, TEXT.replace("People were asked", "People were told"), workflow.Actor.person(erin))
    workflow.submit(revision=revision, reviewer=None, by=workflow.Actor.person(erin), now=NOW)
    assert len(listed(both, "review")) == 1


def test_changes_requested_stand_first_for_who_wrote_the_text(erin: Any, rhea: Any) -> None:
    make_evidence()
    edda = make_user("Editors", username="edda")
    for slug, author in (("of-edda", edda), ("of-erin", erin)):
        judge(submit(slug, author), rhea, Review.Decision.CHANGES_REQUESTED)
    assert listed(erin, "changes") == [
        ("On of-erin", "You wrote it, asked by rhea on 22 November 2026"),
        ("On of-edda", "Asked by rhea on 22 November 2026"),
    ]
    assert "changes" not in tasks(rhea)


def test_open_comments_on_my_texts(article: Article, erin: Any) -> None:
    revision = edit(article, TEXT.replace("People were asked", "People were told"), workflow.Actor.person(erin))
    made = [
        Comment.objects.create(revision=revision, words="Why?", made_at=NOW, made_by_name="Rhea"),
        Comment.objects.create(revision=revision, words="How?", made_at=NOW, made_by_name="Rhea"),
    ]
    Comment.objects.create(revision=revision, words="So.", made_at=NOW, made_by_name="Erin", answers_to=made[0])
    assert listed(erin, "comments") == [("Vitamin B12 and your nerves", "2 open comments")]
    Comment.objects.filter(pk=made[0].pk).update(resolved_at=NOW, resolved_by_name="Erin")
    assert listed(erin, "comments") == [("Vitamin B12 and your nerves", "1 open comment")]
    assert "comments" not in tasks(make_user("Editors", username="edda"))


def test_plans_are_told_with_time_and_zone_and_missed_ones_with_their_problem(article: Article, erin: Any, rhea: Any) -> None:
    at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    draft = make_article("soon", TEXT.replace("Vitamin B12 and your nerves", "Soon"), is_published=False)
    assert draft.draft_revision
    workflow.schedule(revision=draft.draft_revision, publish_at=at, by=IMPORT, now=NOW)
    workflow.withdraw(article=article, reason="Old.", by=IMPORT, now=NOW, due_at=at + timedelta(days=1))
    assert listed(erin, "planned") == [
        ("Soon", "To be published on 1 December 2026, 09:30 UTC"),
        ("Vitamin B12 and your nerves", "To be withdrawn on 2 December 2026, 09:30 UTC"),
    ]
    Reference.objects.filter(key="PEOPLE-2020").update(retracted_on=date(2026, 11, 30))
    workflow.publish_due(now=at)
    ((words, note),) = listed(erin, "missed")
    assert words == "Soon"
    assert "PEOPLE-2020" in note
    assert [key for key in tasks(erin) if key in {"missed", "planned"}] == ["missed", "planned"]
    assert "planned" not in tasks(rhea)


def test_reviews_overdue_and_due_within_thirty_days(article: Article, rhea: Any) -> None:
    make_article("about", PAGE, "page")
    Article.objects.update(review_due_on=timezone.localdate() - timedelta(days=1))
    day = timezone.localdate() - timedelta(days=1)
    ((words, note),) = listed(rhea, "due", timezone.localdate())
    assert note == f"Overdue since {day.day} {day:%B %Y}"
    Article.objects.update(review_due_on=timezone.localdate() + timedelta(days=29))
    assert listed(rhea, "due", timezone.localdate())[0][1].startswith("Due on ")
    Article.objects.update(review_due_on=timezone.localdate() + timedelta(days=31))
    assert "due" not in tasks(rhea, timezone.localdate())


def test_open_conflicts(article: Article, erin: Any, rhea: Any) -> None:
    assert article.published_revision
    Conflict.objects.create(article=article, cause="import", kept=article.published_revision, made_at=NOW)
    assert listed(erin, "conflicts") == [
        ("Vitamin B12 and your nerves", "The file and the article were both edited, on 22 November 2026")
    ]
    assert "conflicts" not in tasks(rhea)
    Conflict.objects.update(resolved_at=NOW, resolved_by_name="Erin")
    assert "conflicts" not in tasks(erin)


def test_sources_that_were_withdrawn_changed_or_corrected(article: Article, erin: Any) -> None:
    assert "sources" not in tasks(erin)
    work = Reference.objects.get(key="PEOPLE-2020")
    notice = {"reference": work, "told_by": "Crossref"}
    Notice.objects.create(kind="correction", notice_doi="10.1/old", found_at=NOW - timedelta(days=1), **notice)
    assert "sources" not in tasks(erin), "it was published since"
    Notice.objects.create(kind="correction", notice_doi="10.1/new", found_at=NOW + timedelta(days=1), **notice)
    assert listed(erin, "sources")[0][1].startswith("A source was corrected or doubted since")
    Article.objects.update(source_problems="high certainty; low")
    assert listed(erin, "sources")[0][1].startswith("A source changed")
    Reference.objects.update(noticed_retraction_on=NOW.date())
    assert listed(erin, "sources") == [("Vitamin B12 and your nerves", "Rests on work that its journal withdrew")]
    Article.objects.update(withdrawn_at=NOW, withdrawn_reason="Wrong.")
    assert "sources" not in tasks(erin), "readers do not see it"


def test_feedback_to_read(article: Article, erin: Any) -> None:
    assert article.publication
    told = Feedback.objects.create(
        publication=article.publication, is_helpful=False, comment="Say <b>how</b> many.", received_on=TODAY
    )
    Feedback.objects.create(publication=article.publication, is_helpful=False, received_on=TODAY, is_read=True)
    task = tasks(erin)["feedback"]
    assert (task.count, task.url) == (1, "/admin/articles/feedback/?is_read__exact=0")
    assert task.entries[0].url == f"/admin/articles/feedback/{told.pk}/change/"
    html = first_page(erin)
    assert "Say &lt;b&gt;how&lt;/b&gt; many." in html


def test_each_list_shows_five_and_a_link_to_all_of_them(erin: Any, rhea: Any) -> None:
    make_evidence()
    for number in range(6):
        submit(f"text-{number}", erin)
    Article.objects.update(review_due_on=date(2999, 1, 1))
    html = first_page(rhea)
    assert html.count('/review/">') == 5
    assert f'<a href="{LIST}?attention=review">See all 6' in html
    client = Client()
    client.force_login(rhea)
    assert client.get(f"{LIST}?attention=review").context["cl"].result_count == 6


def fill(number: int) -> None:
    """Make many articles, each with a state, a comment or a plan, and readers' answers."""
    make_evidence()
    pattern = make_article("pattern")
    user = make_user("Editors", "Publishers", "Reviewers", username="all")
    articles = Article.objects.bulk_create(
        Article(slug=f"a-{count}", title=f"Article {count}", summary="x", review_due_on=TODAY) for count in range(number)
    )
    revisions = Revision.objects.bulk_create(
        Revision(article=article, number=1, source="x", digest="x", created_at=NOW, created_by=user, created_by_name="All")
        for article in articles
    )
    stages = [status for status in RevisionState.Status.values if status not in {"scheduled", "withdrawn"}]
    RevisionState.objects.bulk_create(
        RevisionState(
            article=revision.article,
            revision=revision,
            status=stages[count % len(stages)],
            reviewer=user,
            problem="It was late." if count % 7 == 0 else "",
        )
        for count, revision in enumerate(revisions)
    )
    Comment.objects.bulk_create(
        Comment(revision=revision, words="Why?", made_at=NOW, made_by_name="Rhea") for revision in revisions
    )
    Withdrawal.objects.bulk_create(
        Withdrawal(article=article, reason="Old.", due_at=NOW, decided_at=NOW, decided_by_name="Paula") for article in articles
    )
    Conflict.objects.bulk_create(
        Conflict(article=revision.article, cause="desk", kept=revision, made_at=NOW) for revision in revisions
    )
    assert pattern.publication
    Feedback.objects.bulk_create(
        Feedback(publication=pattern.publication, is_helpful=True, received_on=TODAY) for _count in range(number)
    )
    if connection.vendor == "postgresql":  # whose own helper may have seen these tables empty just before
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def queries(path: str) -> int:
    client = Client()
    client.force_login(make_user("Editors", "Publishers", "Reviewers", username=f"one-{timezone.now().timestamp()}"))
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    assert not [query["sql"] for query in captured if '"source"' in query["sql"].split(" FROM ")[0]], "no long text is read"
    return len(captured)


@pytest.mark.parametrize("number", [10, 2000])
def test_the_first_page_asks_the_same_number_of_questions_however_many_articles_there_are(number: int) -> None:
    fill(number)
    assert queries("/admin/") == 14
