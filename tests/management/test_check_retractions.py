"""The command that looks after the works we cite."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles import workflow
from articles.management.commands.check_retractions import Command
from articles.models import Article, GlossaryTerm, NoticeCheck, Reference
from tests.crossref import PlayedCrossref, played, work
from tests.support import make_article, make_evidence

DATA = Path(__file__).parent.parent / "data/notices"
DOI = "10.1186/1746-1596-8-123"

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossref() -> Iterator[PlayedCrossref]:
    with played() as server:
        yield server


@pytest.fixture
def taken_in(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the workflow was told: the works whose pages are to be remade, and that a whole check was made."""
    told: list[Any] = []

    def take_in(keys: Collection[str], *, by: workflow.Actor, now: datetime) -> workflow.TakenIn:
        assert by == workflow.Actor.command("check_retractions")
        told.append(sorted(keys))
        return workflow.TakenIn(published=[Article()] * len(keys))

    monkeypatch.setattr(workflow, "take_in_changed_sources", take_in, raising=False)
    monkeypatch.setattr(workflow, "record_source_check", lambda: told.append("whole"), raising=False)
    return told


def make_work(key: str, doi: str | None) -> None:
    Reference.objects.create(key=key, type="article-journal", title=key, design="guideline", doi=doi)
    GlossaryTerm.objects.create(key=key.lower(), term=key, explanation="e", source=key)


def run(capsys: pytest.CaptureFixture[str], *args: str, is_whole: bool = True) -> list[str]:
    if is_whole:
        call_command("check_retractions", *args)
    else:
        with pytest.raises(CommandError) as caught:
            call_command("check_retractions", *args)
        assert caught.value.returncode == 1
        return [*capsys.readouterr().out.splitlines(), str(caught.value)]
    return capsys.readouterr().out.splitlines()


def test_it_says_what_it_found(crossref: PlayedCrossref, taken_in: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    make_work("GONE", DOI)
    make_work("DOUBTED", "10.5555/doubted")
    make_work("PLAIN", "10.5555/plain")
    make_work("BOOK", None)
    crossref.knows(DOI, "retraction")
    crossref.knows("10.5555/doubted", "expression_of_concern")
    crossref.knows("10.5555/plain")
    assert run(capsys, "--url", crossref.url, "--rate", "1000") == [
        "WITHDRAWN: GONE, on 2 November 2016 (notice 10.5555/notice, told by Crossref update-to)",
        "expression of concern: DOUBTED, on 2 November 2016 (notice 10.5555/notice, told by Crossref update-to)",
        "No DOI, so a person has to check: BOOK",
        "3 works checked; 1 newly withdrawn, 1 other new notice; 1 article published anew.",
    ]
    assert taken_in == [["GONE"], "whole"]
    assert crossref.agents == {"neuropathy-site/0.1.0 (http://127.0.0.1:8000)"}
    assert run(capsys, "--url", crossref.url) == [
        "No DOI, so a person has to check: BOOK",
        "3 works checked lately and not asked about again (--again asks).",
        "0 works checked; 0 newly withdrawn, 0 other new notices; 1 article published anew.",
    ]
    assert len(crossref.asked) == 6
    run(capsys, "--url", crossref.url, "--again", "--rate", "1000")
    run(capsys, "--url", crossref.url, "--newer-than", "0.000001", "--rate", "1000")
    assert len(crossref.asked) == 18


def test_a_work_that_could_not_be_asked_about_keeps_its_mark(
    crossref: PlayedCrossref, taken_in: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    make_work("GONE", DOI)
    Reference.objects.update(noticed_retraction_on=date(2016, 11, 2))
    crossref.answers[f"work {DOI}"] = [(200, {}, b"{}")]
    crossref.answers[f"updates {DOI}"] = [work(DOI)]
    said = run(capsys, "--url", crossref.url, "--rate", "1000", is_whole=False)
    assert said[0].startswith("not asked: GONE: /works?filter=updates")
    assert said[1:] == [
        "What was known of these works still stands.",
        "0 works checked; 0 newly withdrawn, 0 other new notices; 1 article published anew.",
        "The day of the last check, as pages show it, stays as it was.",
        "1 work could not be asked about.",
    ]
    assert Reference.objects.get().noticed_retraction_on == date(2016, 11, 2)
    assert taken_in == [["GONE"]]


def test_without_the_network(taken_in: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    make_work("GONE", DOI)
    make_work("BACK", "10.5555/reinstated")
    said = run(capsys, "--file", str(DATA / "constructed_retraction_watch.csv"))
    assert said[0] == (
        "WITHDRAWN: GONE, on 2 November 2016 "
        "(notice 10.5555/constructed-notice, told by Retraction Watch, A made-up reason; Another)"
    )
    assert said[1].startswith("REINSTATED, for you to decide (the mark stays until then): BACK, on 8 July 2021 (notice ")
    assert taken_in == [["GONE"], "whole"]


def test_uncited_works_are_asked_about_when_told_to(taken_in: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    Reference.objects.create(key="A", type="book", title="A", design="guideline", doi="10.5555/a")
    path = str(DATA / "constructed_retraction_watch.csv")
    assert run(capsys, "--file", path)[-1].startswith("0 works checked")
    assert run(capsys, "--file", path, "--all")[-1].startswith("1 work checked")


def test_long_work_shows_how_far_it_is(taken_in: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(30):
        make_work(f"W-{number}", f"10.5555/{number}")
    call_command("check_retractions", "--file", str(DATA / "constructed_retraction_watch.csv"))
    assert capsys.readouterr().err.splitlines() == ["25 of 30 works asked about", "30 of 30 works asked about"]


def test_a_run_that_is_stopped_shows_readers_what_it_found(
    crossref: PlayedCrossref, taken_in: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_work("A", "10.5555/a")
    make_work("B", "10.5555/b")
    crossref.knows("10.5555/a", "retraction")

    def stop(command: Command, done: int, of: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Command, "_progress", stop)
    with pytest.raises(CommandError, match=r"^Stopped\. What was found is kept, 1 article published anew; the next run goes on"):
        call_command("check_retractions", "--url", crossref.url)
    assert taken_in == [["A"]]


def test_a_file_that_cannot_be_read_changes_nothing(taken_in: list[Any], tmp_path: Path) -> None:
    make_work("A", DOI)
    with pytest.raises(CommandError, match=r"neither \.csv nor \.json(.|\n)*Nothing was changed\."):
        call_command("check_retractions", "--file", str(tmp_path / "x.txt"))
    assert taken_in == []
    assert not NoticeCheck.objects.exists()


@pytest.mark.parametrize("rate", ["0", "-1", "x", "nan"])
def test_an_odd_rate_is_refused(rate: str) -> None:
    with pytest.raises(CommandError, match="--rate: '.*' is no number above 0"):
        call_command("check_retractions", f"--rate={rate}")


def test_a_person_takes_a_wrong_mark_back_and_the_same_notice_does_not_set_it_again(
    capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    make_evidence()
    make_article()
    Reference.objects.filter(key="PEOPLE-2020").update(doi=DOI)
    saved = str(DATA / "constructed_only_update_to.json")
    run(capsys, "--file", saved)
    assert "this study was withdrawn" in client.get("/articles/b12/history/1/").content.decode()
    told = run(capsys, "--reinstate", "PEOPLE-2020", "--reason", "The notice is about another paper.")
    assert told == ["PEOPLE-2020 is no longer marked; 1 article published anew."]
    for path in ("/articles/b12/", "/articles/b12/history/1/", "/articles/b12/history/3/"):
        assert "this study was withdrawn" not in client.get(path).content.decode()
    assert "this study was withdrawn" in client.get("/articles/b12/history/2/").content.decode()
    assert "The notice is about another paper." in client.get("/references/PEOPLE-2020/").content.decode()
    run(capsys, "--file", saved)
    assert Reference.objects.get(key="PEOPLE-2020").value().retracted_on is None


@pytest.mark.parametrize(
    ("key", "reason", "words"),
    [
        ("PEOPLE-2020", "It is right.", "no notice withdrew a work with the key PEOPLE-2020. Nothing was changed."),
        ("PEOPLE-2020", " ", "a mark is taken back for a reason that readers are told. Nothing was changed."),
    ],
)
def test_only_a_mark_is_taken_back_and_for_a_reason(
    key: str, reason: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_evidence()
    assert run(capsys, "--reinstate", key, "--reason", reason, is_whole=False) == [words]


def test_readers_are_told_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    make_evidence()
    Reference.objects.filter(key="PEOPLE-2020").update(doi=DOI)
    article = make_article()
    run(capsys, "--file", str(DATA / "constructed_only_update_to.json"))
    article.refresh_from_db()
    assert article.sources_checked_at is not None
    publication = article.publication
    assert publication is not None
    assert publication.number == 2
    assert {row.facts["key"]: row.facts.get("retracted_on") for row in publication.snapshots.all()} == {
        "PEOPLE-2020": "2016-11-02",
        "RATS-1994": None,
    }
    assert any("2 November 2016" in source for source in publication.rendering.sources)
    assert run(capsys, "--file", str(DATA / "constructed_only_update_to.json"))[-1].endswith("0 articles published anew.")
