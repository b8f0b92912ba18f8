"""The form "Did this page help?" as a browser, a program and another site meet it."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from articles import feedback
from articles.forms import FeedbackForm
from articles.models import Article, Feedback, FeedbackCount, FormerSlug
from tests.support import PAGE, TEXT, edit, make_article, make_evidence, make_user, publish, words

pytestmark = pytest.mark.django_db

PATH = "/articles/b12/feedback/"
WRITTEN = "I could not follow the part on “doses”."
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def stamp(article: Article, ago: timedelta = timedelta(seconds=30)) -> str:
    return FeedbackForm(article, now=timezone.now() - ago).stamp_to_show


def send(article: Article, headers: dict[str, str] = OURS, path: str = PATH, client: Client | None = None, **data: str) -> Any:
    said = {"is_helpful": "no", "comment": WRITTEN, "subject": "", "stamp": stamp(article)} | data
    return (client or Client(enforce_csrf_checks=True)).post(path, said, headers=headers, REMOTE_ADDR="203.0.113.7")


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_form_asks_and_warns(article: Article) -> None:
    html = words(PATH)
    assert "Please do not write about yourself." in html
    assert html.index("Please do not write about yourself.") < html.index("<textarea")
    assert 'aria-describedby="warning hint"' in html
    assert "We keep this for 90 days" in html
    assert "<title>Did this page help?: Vitamin B12" in html


@pytest.mark.parametrize("path", [PATH, f"{PATH}thanks/"])
def test_both_pages_are_never_stored_nor_found_by_search_engines(article: Article, path: str) -> None:
    answer = Client().get(path)
    assert answer["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "csrf" not in answer.content.decode()


def test_an_answer_is_kept_beside_the_copy_it_is_about(article: Article) -> None:
    answer = send(article)
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (303, f"{PATH}thanks/", "no-store")
    assert not answer.cookies
    kept = Feedback.objects.get()
    assert (kept.publication, kept.is_helpful, kept.comment) == (article.publication, False, WRITTEN)
    assert (kept.received_on, kept.is_read) == (timezone.localdate(), False)


def test_what_happens_next_is_told(article: Article) -> None:
    html = words(f"{PATH}thanks/")
    for said in (
        "Nobody answers.",
        "An editor reads it",
        "We delete it after 90 days.",
        "We never publish it.",
        "Talk to a doctor.",
    ):
        assert said in html
    assert re.search(r"In an emergency, call .*999.* now\.", html)


def test_yes_alone_is_enough(article: Article) -> None:
    assert send(article, is_helpful="yes", comment="").status_code == 303
    assert Feedback.objects.filter(is_helpful=True, comment="").exists()


def test_pages_about_the_site_and_other_languages_have_the_form_too(article: Article) -> None:
    page = make_article("about", PAGE, "page")
    spanish = make_article("b12-es", TEXT.replace("topic: Vitamin B12", "topic: Vitamin B12\nlanguage: es"))
    for each, path in ((page, "/about/feedback/"), (spanish, "/es/articles/b12-es/feedback/")):
        words(path)
        answer = send(each, path=path)
        assert answer["Location"] == f"{path}thanks/"
        words(answer["Location"])


def test_personal_details_are_taken_out_before_anything_is_kept(article: Article) -> None:
    send(article, comment="I am jane@example.org, 07700 900123. Is 500 micrograms right?")
    assert Feedback.objects.get().comment == "I am [removed], [removed]. Is 500 micrograms right?"


def test_it_is_about_the_copy_that_was_shown_even_when_another_has_come_since(article: Article) -> None:
    shown, sent = article.publication, stamp(article)
    edit(article, TEXT + "\nA sentence more [@PEOPLE-2020].\n")
    publish(article)
    send(article, stamp=sent)
    assert Feedback.objects.get().publication == shown


# What is not filled in as it should be


def test_no_answer_is_told_at_the_top_and_at_the_question(article: Article) -> None:
    answer = send(article, is_helpful="")
    html = text(answer)
    assert answer.status_code == 200
    assert "<title>Error: Did this page help?" in html
    assert html.index('role="alert"') < html.index("<h1>")
    assert '<a href="#is_helpful">Choose “Yes” or “No”.</a>' in html
    assert '<fieldset aria-describedby="is_helpful-error">' in html
    assert WRITTEN in html
    assert not Feedback.objects.exists()


def test_a_comment_that_is_too_long_is_not_cut(article: Article) -> None:
    comment = "word " * 250
    html = text(send(article, comment=comment))
    assert '<a href="#comment">Make your comment shorter: it has 1,249 characters, and may have 1,000.</a>' in html
    assert 'aria-describedby="comment-error warning hint" aria-invalid="true"' in html
    assert comment.strip() in html
    assert 'value="no" checked' in html


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(0), "That was very fast."),
        (timedelta(hours=13), "open for a long time"),
        (timedelta(hours=-3), "very fast"),
    ],
    ids=str,
)
def test_too_fast_and_too_late_are_told_and_nothing_is_lost(article: Article, ago: timedelta, told: str) -> None:
    answer = send(article, stamp=stamp(article, ago))
    html = text(answer)
    assert told in html
    assert WRITTEN in html
    assert not Feedback.objects.exists()


def test_what_was_sent_from_an_old_form_can_be_sent_again_about_the_same_copy(article: Article) -> None:
    shown, old = article.publication, stamp(article, timedelta(hours=13))
    edit(article, TEXT + "\nA sentence more [@PEOPLE-2020].\n")
    publish(article)
    found = re.search(r'name="stamp" value="([^"]+)"', text(send(article, stamp=old)))
    assert found
    later = FeedbackForm(article, now=timezone.now() + timedelta(seconds=5), data={"stamp": found[1], "is_helpful": "yes"})
    assert later.is_valid()
    assert shown
    assert later.publication_id == shown.pk


@pytest.mark.parametrize("forged", ["", "x", "x:y", "\x00", "W10:abc"], ids=ascii)
def test_a_forged_stamp_is_told_and_nothing_is_lost(article: Article, forged: str) -> None:
    html = text(send(article, stamp=forged))
    assert "What you wrote is still here. Send it again." in html
    assert WRITTEN in html


def test_a_stamp_of_another_page_is_not_taken(article: Article) -> None:
    other = make_article("other", TEXT.replace("Vitamin B12 and your nerves", "Another title"))
    send(article, stamp=stamp(other))
    assert not Feedback.objects.exists()


def test_a_program_that_fills_in_everything_is_answered_as_if_it_had_worked(article: Article) -> None:
    answer = send(article, subject="Cheap watches")
    assert (answer.status_code, answer["Location"]) == (303, f"{PATH}thanks/")
    assert not Feedback.objects.exists()


def test_odd_requests_get_one_clear_answer(article: Article) -> None:
    client = Client()
    for content_type, body in [
        ("application/json", b'{"is_helpful": "yes"}'),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%zz&comment=%00%ed%a0%80"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b""),
        ("application/x-www-form-urlencoded", b"a=1&" * 1001),
    ]:
        answer = client.generic("POST", PATH, body, content_type, headers=OURS)
        assert answer.status_code in {200, 400}, content_type
    assert client.put(PATH).status_code == 405
    assert client.post(f"{PATH}thanks/").status_code == 405
    assert client.head(PATH).status_code == 200
    assert not Feedback.objects.exists()


def test_marks_of_html_stay_text(article: Article) -> None:
    html = text(send(article, is_helpful="", comment="</textarea><script>alert(1)</script>"))
    assert "<script>" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;" in html


# Where it was sent from


@pytest.mark.parametrize(
    "headers",
    [
        OURS,
        {"Origin": "http://testserver"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none", "Origin": "http://testserver"},
    ],
    ids=str,
)
def test_a_form_of_ours_is_taken(article: Article, headers: dict[str, str]) -> None:
    assert send(article, headers).status_code == 303
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://blog.testserver"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://testserver"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver.evil.example"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused_and_its_words_are_not_shown(article: Article, headers: dict[str, str]) -> None:
    answer = send(article, headers)
    assert answer.status_code == 403
    assert "Another site sent this." in text(answer)
    assert WRITTEN not in text(answer)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}], ids=str)
def test_a_form_from_nowhere_is_refused_with_what_to_do_and_nothing_is_lost(article: Article, headers: dict[str, str]) -> None:
    answer = send(article, headers)
    assert answer.status_code == 403
    assert "with another browser, or write to the contact address" in text(answer)
    assert WRITTEN in text(answer)
    assert not Feedback.objects.exists()


def test_who_is_signed_in_needs_no_token_either(article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editors"))
    assert send(article, client=client).status_code == 303


# Former addresses


def test_a_form_sent_to_a_former_address_is_sent_on_with_its_words(article: Article) -> None:
    FormerSlug.objects.create(language="en", slug="old", article=article)
    answer = send(article, path="/articles/old/feedback/")
    assert (answer.status_code, answer["Location"]) == (308, PATH)
    answer = Client().get("/articles/old/feedback/")
    assert (answer.status_code, answer["Location"]) == (301, PATH)


def test_what_is_not_published_takes_nothing(article: Article) -> None:
    draft = make_article("draft", TEXT, is_published=False)
    assert Client().post("/articles/draft/feedback/", {"is_helpful": "yes"}, headers=OURS).status_code == 404
    assert draft.publication is None


# Floods


def test_too_many_from_one_network_are_refused_and_nothing_is_lost(article: Article) -> None:
    for number in range(feedback.PER_SENDER_IN_TEN_MINUTES):
        assert send(article, comment=f"Comment {number}").status_code == 303
    answer = send(article)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "Try again in ten minutes." in text(answer)
    assert WRITTEN in text(answer)
    assert Feedback.objects.count() == feedback.PER_SENDER_IN_TEN_MINUTES


def flood(article: Article, **headers: str) -> list[int]:
    """Send more than one sender may, each time with another address in the headers."""
    spoofed = {name: [value.format(n=number) for number in range(6)] for name, value in headers.items()}
    return [
        send(article, OURS | {name: values[n] for name, values in spoofed.items()}, comment=f"Comment {n}").status_code
        for n in range(6)
    ]


def test_a_header_that_a_sender_writes_hides_nobody(article: Article) -> None:
    assert flood(article, **{"X-Forwarded-For": "198.51.100.{n}", "X-Real-IP": "198.51.100.{n}"}) == [303] * 5 + [429]


def test_behind_a_proxy_it_is_the_proxys_entry_that_counts(article: Article, settings: Settings) -> None:
    settings.TRUST_PROXY = True
    assert flood(article, **{"X-Forwarded-For": "198.51.100.{n}, 192.0.2.1"}) == [303] * 5 + [429]
    assert flood(article, **{"X-Forwarded-For": "198.51.100.{n}"}) == [303] * 6


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("fault", [OperationalError("database is locked"), IntegrityError("the day is gone")])
def test_a_database_that_is_locked_and_a_day_that_ends_meanwhile_lose_nothing(article: Article, fault: Exception) -> None:
    def locked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("SELECT"):
            raise fault
        return execute(sql, params, many, context)

    with connection.execute_wrapper(locked):
        answer = send(article)
    assert answer.status_code == 503
    assert WRITTEN in text(answer)


# What is told to nobody


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "django"):  # as with LOG_LEVEL=DEBUG
        yield caplog


def test_neither_the_words_nor_the_address_are_logged(article: Article, log: pytest.LogCaptureFixture) -> None:
    send(article)
    send(article, {"Origin": "https://evil.example"})
    Client().post(PATH, {"comment": WRITTEN}, headers=OURS)
    for number in range(6):
        send(article, comment=f"{WRITTEN} {number}")
    logged = "".join(f"{record.getMessage()} {record.__dict__}" for record in log.records if record.name != "django.db.backends")
    assert "follow the part" not in logged
    assert "203.0.113.7" not in log.text


def test_a_fault_of_ours_tells_nothing_either(article: Article, settings: Settings, log: pytest.LogCaptureFixture) -> None:
    settings.FEEDBACK_DAYS = "many"
    answer = send(article, client=Client(raise_request_exception=False))
    assert answer.status_code == 500
    assert "TypeError" in log.text
    assert "follow the part" not in log.text
    assert "203.0.113.7" not in log.text
    (record,) = [record for record in log.records if record.exc_info]
    assert isinstance(record.__dict__["request"], HttpRequest)
    report = ExceptionReporter(record.__dict__["request"], *record.exc_info).get_traceback_text()  # type: ignore[misc]
    assert "follow the part" not in report.split("Request information:")[0]
    assert "comment = '********************'" in report


def test_codes_of_senders_do_not_show_their_addresses(article: Article) -> None:
    send(article)
    assert all(re.fullmatch("[0-9a-f]{64}", row.key) for row in FeedbackCount.objects.all())
