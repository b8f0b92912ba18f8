"""The watch over the works we cite, against a server that plays Crossref."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles import retractions
from articles.models import GlossaryTerm, Notice, NoticeCheck, Reference
from articles.retractions import Crossref, Outcome, check_from_file, check_references
from articles.text.notices import Kind, NoticeError
from tests.crossref import Answer, PlayedCrossref, played, updates, work
from tests.support import NOW

DATA = Path(__file__).parent / "data/notices"
DOI = "10.1186/1746-1596-8-123"
DAY = date(2016, 11, 2)
LATER = NOW + timedelta(days=2)
FAULTY: Answer = (500, {}, b"down")
AGENT = "neuropathy-site/0 (https://example.org; mailto:editors@example.org)"


@pytest.fixture
def crossref() -> Iterator[PlayedCrossref]:
    with played() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    """How long was slept, in order; nobody sleeps in truth."""
    return []


@pytest.fixture
def client(crossref: PlayedCrossref, waits: list[float]) -> Iterator[Crossref]:
    with make_client(crossref, waits) as made:
        yield made


def make_client(crossref: PlayedCrossref, waits: list[float], **options: Any) -> Crossref:
    def sleep(seconds: float) -> None:
        waits.append(round(seconds, 3))

    given: dict[str, Any] = {"agent": AGENT, "url": crossref.url, "rate": 1000, "timeout": 5, "sleep": sleep}
    return Crossref(**given | options)


def make_work(key: str, doi: str | None, *, is_cited: bool = True, **facts: Any) -> Reference:
    if is_cited:
        GlossaryTerm.objects.create(key=key.lower(), term=key, explanation="e", source=key)
    return Reference.objects.create(key=key, type="article-journal", title=key, design="guideline", doi=doi, **facts)


def check(client: Any, now: datetime = NOW, **options: Any) -> Outcome:
    return check_references(client, now=now, **options)


def flag(key: str) -> date | None:
    return Reference.objects.get(key=key).noticed_retraction_on


def results() -> list[tuple[str, str]]:
    return [(row.reference.key, row.result) for row in NoticeCheck.objects.order_by("pk")]


class TestAsking:
    def test_both_directions_are_asked_with_our_name(self, crossref: PlayedCrossref, client: Crossref) -> None:
        doi = "10.1002/(sici)1097#<1::aid>3.0;2-x"
        crossref.knows(doi)
        assert client.ask(doi) == []
        assert crossref.asked == [f"work {doi}", f"updates {doi}"]
        assert crossref.agents == {AGENT}

    @pytest.mark.parametrize("name", ["constructed_only_update_to.json", "constructed_only_updated_by.json"])
    def test_either_direction_is_enough(self, name: str, crossref: PlayedCrossref, client: Crossref) -> None:
        saved = json.loads((DATA / name).read_text())[DOI]
        for part in ("work", "updates"):
            crossref.answers[f"{part} {DOI}"] = [(200, {}, json.dumps(saved[part]).encode())]
        assert [(notice.kind, notice.noticed_on) for notice in client.ask(DOI)] == [(Kind.RETRACTION, DAY)]

    def test_no_more_than_so_many_requests_a_second(self, crossref: PlayedCrossref) -> None:
        waits: list[float] = []
        for number in range(2):
            crossref.knows(f"10.5555/{number}")
        with make_client(crossref, waits, rate=4, clock=lambda: sum(waits)) as client:
            for number in range(2):
                client.ask(f"10.5555/{number}")
        assert waits == [0.25, 0.25, 0.25]

    @pytest.mark.parametrize(
        ("after", "wait"), [({"Retry-After": "7"}, 7), ({}, 1), ({"Retry-After": "soon"}, 1), ({"Retry-After": "-1"}, 1)]
    )
    def test_who_says_too_many_is_asked_again_when_they_say(
        self, after: dict[str, str], wait: float, crossref: PlayedCrossref, client: Crossref, waits: list[float]
    ) -> None:
        crossref.knows("10.5555/a", "retraction")
        crossref.answers["work 10.5555/a"].insert(0, (429, after, b""))
        assert [notice.kind for notice in client.ask("10.5555/a")] == [Kind.RETRACTION]
        assert [seconds for seconds in waits if seconds >= 1] == [wait]

    def test_a_moment_may_be_named(self, crossref: PlayedCrossref, client: Crossref, waits: list[float]) -> None:
        crossref.knows("10.5555/a")
        moment = format_datetime(timezone.now() + timedelta(seconds=30), usegmt=True)
        crossref.answers["work 10.5555/a"].insert(0, (503, {"Retry-After": moment}, b""))
        assert client.ask("10.5555/a") == []
        assert 25 < max(waits) <= 30

    def test_who_wants_us_much_later_is_left_alone(self, crossref: PlayedCrossref, client: Crossref, waits: list[float]) -> None:
        crossref.answers["work 10.5555/a"] = [(429, {"Retry-After": "3600"}, b"")]
        with pytest.raises(retractions.Silence, match="not before 3600 seconds"):
            client.ask("10.5555/a")
        assert len(crossref.asked) == 1

    def test_a_server_that_fails_for_ever_is_asked_four_times(
        self, crossref: PlayedCrossref, client: Crossref, waits: list[float]
    ) -> None:
        crossref.answers["work 10.5555/a"] = [FAULTY]
        with pytest.raises(retractions.Silence, match="the answer was 500, at 4 of 4 tries"):
            client.ask("10.5555/a")
        assert len(crossref.asked) == 4
        assert [seconds for seconds in waits if seconds >= 1] == [1, 2, 4]

    @pytest.mark.parametrize(
        ("answer", "problem"),
        [
            ((200, {}, b"<html>"), "the answer is not JSON (Expecting value"),
            ((200, {}, b"[" * 100_000), "the answer is not JSON ("),
            ((200, {}, b"\xff\xfe\xff"), "the answer is not JSON ("),
            ((200, {}, b"{}"), "the answer has no `message`"),
            ((200, {}, b"x" * 600), "more than 500 bytes), at 4 of 4 tries"),
            ((200, {"Content-Encoding": "gzip"}, b"no gzip"), "no answer ("),
            ((403, {}, b""), "the answer was 403, at 1 of 4 tries"),
            ((301, {"Location": "/works/10.5555%2Fa"}, b""), "too many redirects"),
        ],
    )
    def test_an_answer_that_cannot_be_read_is_silence(
        self, answer: Answer, problem: str, crossref: PlayedCrossref, client: Crossref, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retractions, "MAX_ANSWER_BYTES", 500 if b"x" in str(answer[2]).encode() else 200_000)
        crossref.answers["work 10.5555/a"] = [answer]
        with pytest.raises(retractions.Silence) as caught:
            client.ask("10.5555/a")
        assert problem in caught.value.detail

    def test_an_answer_that_takes_too_long_is_not_waited_for(self, crossref: PlayedCrossref, waits: list[float]) -> None:
        crossref.answers["work 10.5555/a"] = [(200, {}, 30.0)]
        with make_client(crossref, waits, timeout=0.1, tries=2) as client, pytest.raises(retractions.Silence, match="timed out"):
            client.ask("10.5555/a")
        assert len(crossref.asked) == 2

    def test_nobody_there(self, crossref: PlayedCrossref, waits: list[float]) -> None:
        client = make_client(crossref, waits, url="http://127.0.0.1:9", tries=1)
        with client, pytest.raises(retractions.Silence, match="Connection refused"):
            client.ask("10.5555/a")

    def test_an_unknown_doi_is_said_to_be_unknown_and_the_other_direction_is_heard(
        self, crossref: PlayedCrossref, client: Crossref
    ) -> None:
        crossref.answers["updates 10.5555/a"] = [updates("10.5555/a", "retraction")]
        with pytest.raises(retractions.UnknownWork, match="Crossref does not know this DOI") as caught:
            client.ask("10.5555/a")
        assert [notice.kind for notice in caught.value.notices] == [Kind.RETRACTION]

    @pytest.mark.parametrize(
        ("contact", "ways"),
        [
            ("editors@example.org", "https://e.org; mailto:editors@example.org"),
            ("https://e.org/contact", "https://e.org; https://e.org/contact"),
            ("not set", "https://e.org"),
        ],
    )
    def test_agent_string(self, contact: str, ways: str) -> None:
        assert retractions.agent_string("1.2", "https://e.org", contact) == f"neuropathy-site/1.2 ({ways})"


@pytest.mark.django_db
class TestKeeping:
    def test_a_retraction_marks_the_work_once(self, crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a")
        crossref.knows("10.5555/a", "retraction", "correction")
        outcome = check(client)
        assert [(key, day, notice.kind) for key, day, notice in outcome.withdrawn] == [("A", DAY, Kind.RETRACTION)]
        assert [(key, notice.kind) for key, notice in outcome.notices] == [("A", Kind.CORRECTION)]
        assert (outcome.checked, outcome.failed, outcome.changed) == (["A"], [], ["A"])
        assert outcome.is_complete
        row = Reference.objects.get(key="A")
        assert (row.noticed_retraction_on, row.checked_at, row.retracted_on) == (DAY, NOW, None)
        assert row.value().retracted_on == DAY
        again = check(client, LATER)
        assert (again.withdrawn, again.notices, again.changed, again.checked) == ([], [], [], ["A"])
        assert Notice.objects.count() == 2
        assert results() == [("A", "found"), ("A", "found")]

    def test_the_earliest_day_counts_and_todays_where_none_is_told(self, crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a")
        crossref.knows("10.5555/a")
        crossref.answers["work 10.5555/a"] = [work("10.5555/a", {"type": "retraction"})]
        assert check(client).withdrawn[0][1] == timezone.localdate(NOW)
        crossref.knows("10.5555/a", "retraction")
        outcome = check(client, LATER)
        assert (flag("A"), outcome.changed, outcome.withdrawn) == (DAY, ["A"], [])
        assert [notice.kind for _, notice in outcome.notices] == [Kind.RETRACTION]
        crossref.answers["work 10.5555/a"] = [work("10.5555/a", {"type": "retraction"})]
        check(client, LATER + timedelta(days=2))
        assert flag("A") == DAY

    def test_a_work_the_list_says_is_withdrawn_is_no_news(self, crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a", retracted_on=DAY)
        crossref.knows("10.5555/a", "retraction")
        outcome = check(client)
        assert (outcome.withdrawn, outcome.changed, flag("A")) == ([], [], DAY)

    @pytest.mark.parametrize(
        "then",
        [
            [FAULTY], [(200, {}, b"<html>")], [(404, {}, b"")], [(200, {}, b'{"message": {}}')],
            [work("10.5555/a")], [work("10.5555/other")],
        ],
    )  # fmt: skip
    def test_nothing_clears_a_mark(self, then: list[Answer], crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a")
        crossref.knows("10.5555/a", "retraction")
        check(client)
        crossref.knows("10.5555/a")
        crossref.answers["work 10.5555/a"] = then
        outcome = check(client, LATER)
        assert (flag("A"), outcome.changed) == (DAY, [])
        assert Reference.objects.get().checked_at == (NOW if outcome.failed else LATER)

    def test_a_reinstatement_is_told_and_clears_nothing(self, tmp_path: Path) -> None:
        make_work("A", "10.5555/reinstated", noticed_retraction_on=DAY)
        outcome = check_from_file(DATA / "constructed_retraction_watch.csv", now=NOW)
        assert [(key, notice.kind) for key, notice in outcome.notices] == [("A", Kind.REINSTATEMENT)]
        assert flag("A") == DAY

    def test_a_failed_check_keeps_what_was_heard_before_it_failed(self, crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a")
        crossref.answers["work 10.5555/a"] = [work("10.5555/a", {"DOI": "10.5555/n", "type": "retraction"})]
        crossref.answers["updates 10.5555/a"] = [FAULTY]
        outcome = check(client)
        assert [key for key, _, _ in outcome.withdrawn] == ["A"]
        assert [failure.key for failure in outcome.failed] == ["A"]
        assert results() == [("A", "failed")]
        assert Reference.objects.get().checked_at is None

    def test_an_unknown_work_fails_and_the_day_still_counts(self, crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a")
        make_work("B", "10.5555/b")
        crossref.knows("10.5555/b")
        crossref.answers["updates 10.5555/a"] = [updates("10.5555/a")]
        outcome = check(client)
        assert [(failure.key, failure.is_unknown) for failure in outcome.failed] == [("A", True)]
        assert outcome.is_complete
        assert "does not know this DOI" in NoticeCheck.objects.get(result="failed").detail

    def test_when_nothing_was_known_the_day_does_not_count(self, crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a")
        crossref.answers["updates 10.5555/a"] = [updates("10.5555/a")]
        assert not check(client).is_complete

    def test_cited_works_with_a_doi_are_asked_about(self, crossref: PlayedCrossref, client: Crossref) -> None:
        for number, is_cited in enumerate((True, False)):
            make_work(f"W-{number}", f"10.5555/{number}", is_cited=is_cited)
            make_work(f"N-{number}", None, is_cited=is_cited)
            crossref.knows(f"10.5555/{number}")
        outcome = check(client)
        assert (outcome.checked, outcome.without_doi) == (["W-0"], ["N-0"])
        outcome = check(client, everything=True, newer_than=timedelta(0))
        assert (outcome.checked, outcome.without_doi) == (["W-1", "W-0"], ["N-0", "N-1"])

    def test_an_interrupted_run_goes_on_where_it_stopped(self, crossref: PlayedCrossref, client: Crossref) -> None:
        for letter in "abc":
            make_work(letter.upper(), f"10.5555/{letter}")
            crossref.knows(f"10.5555/{letter}", "retraction")

        def stop(done: int, of: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            check(client, progress=stop)
        assert [flag(key) for key in "ABC"] == [DAY, None, None]
        crossref.answers["work 10.5555/b"] = [FAULTY]
        outcome = check(client, NOW + timedelta(hours=1))
        assert (outcome.fresh, outcome.checked, [failure.key for failure in outcome.failed]) == (["A"], ["C"], ["B"])
        assert not outcome.is_complete
        crossref.asked.clear()
        crossref.knows("10.5555/b")
        outcome = check(client, NOW + timedelta(hours=2))
        assert (outcome.fresh, outcome.checked) == (["A", "C"], ["B"])
        assert outcome.is_complete
        assert crossref.asked == ["work 10.5555/b", "updates 10.5555/b"]
        assert retractions.noticed_keys() == {"A", "C"}

    def test_a_service_that_is_down_is_left_alone(self, crossref: PlayedCrossref, waits: list[float]) -> None:
        for number in range(8):
            make_work(f"W-{number}", f"10.5555/{number}")
            crossref.answers[f"work 10.5555/{number}"] = [FAULTY]
        with make_client(crossref, waits, tries=1) as client:
            outcome = check(client)
            assert len(crossref.asked) == NoticeCheck.objects.count() == 5
            assert len(outcome.failed) == 8
            assert outcome.failed[5].detail == "not asked: no answer on the 5 works before it"
            crossref.asked.clear()
            check(client, LATER)
        assert [question[-1] for question in crossref.asked] == ["5", "6", "7", "0", "1"]

    def test_nobody_is_asked_inside_a_transaction(self) -> None:
        make_work("A", "10.5555/a")
        outside = len(connection.savepoint_ids)  # the test itself runs in a transaction; ours would be one inside it
        seen = []

        class Asked:
            name = "asked"

            def ask(self, doi: str) -> list[Any]:
                seen.append(len(connection.savepoint_ids))
                return []

        check(Asked())
        assert seen == [outside]


@pytest.mark.django_db
class TestFiles:
    @pytest.mark.parametrize("name", ["constructed_only_update_to.json", "constructed_only_updated_by.json", ""])
    def test_saved_answers_and_the_list_mark_the_work(self, name: str) -> None:
        make_work("A", DOI)
        outcome = check_from_file(DATA / (name or "constructed_retraction_watch.csv"), now=NOW)
        assert [(key, day) for key, day, _ in outcome.withdrawn] == [("A", DAY)]
        assert (flag("A"), outcome.checked) == (DAY, ["A"])

    def test_a_folder_of_saved_answers(self, tmp_path: Path) -> None:
        make_work("A", DOI)
        make_work("B", "10.5555/plain-work")
        for name in ("constructed_only_update_to.json", "constructed_no_notice.json"):
            (tmp_path / name).write_text((DATA / name).read_text())
        outcome = check_from_file(tmp_path, now=NOW)
        assert (outcome.changed, outcome.checked) == (["A"], ["A", "B"])

    @pytest.mark.parametrize(
        ("saved", "problem"),
        [
            ("{}", "the file has no answers on this work"),
            ('{"10.5555/a": {}}', "`work`: the answer has no `message`"),
            ('{"10.5555/a": {"work": {"message": {"DOI": "10.5555/a"}}}}', "`updates`: the answer has no `message`"),
            ('{"10.5555/a": {"work": 5, "updates": "x"}}', "`work`: the answer has no `message`"),
        ],
    )  # fmt: skip
    def test_a_work_without_both_answers_is_a_failed_check(self, saved: str, problem: str, tmp_path: Path) -> None:
        make_work("A", "10.5555/a")
        path = tmp_path / "saved.json"
        path.write_text(saved)
        outcome = check_from_file(path, now=NOW)
        assert outcome.failed[0].detail.startswith(problem)
        assert not outcome.is_complete
        assert results() == [("A", "failed")]

    def test_many_works_that_a_file_says_nothing_of_do_not_hide_the_next(self, tmp_path: Path) -> None:
        for number in range(7):
            make_work(f"A-{number}", f"10.5555/{number}")
        make_work("B", DOI)
        assert check_from_file(DATA / "constructed_only_update_to.json", now=NOW).changed == ["B"]

    def test_a_file_does_not_stand_for_asking(self, crossref: PlayedCrossref, client: Crossref) -> None:
        make_work("A", "10.5555/a")
        crossref.knows("10.5555/a")
        assert check_from_file(DATA / "constructed_retraction_watch.csv", now=NOW).checked == ["A"]
        assert check(client).checked == ["A"]
        assert check(client).fresh == ["A"]
        assert check_from_file(DATA / "constructed_retraction_watch.csv", now=NOW).checked == ["A"]

    def test_a_file_that_cannot_be_read_changes_nothing(self, tmp_path: Path) -> None:
        make_work("A", DOI)
        path = tmp_path / "list.csv"
        path.write_text("nonsense")
        with pytest.raises(NoticeError, match=str(path)):
            check_from_file(path, now=NOW)
        assert not NoticeCheck.objects.exists()
