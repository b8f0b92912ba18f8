"""Notices of publishers, as Crossref and Retraction Watch tell them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from articles.text.notices import (
    KINDS,
    RETRACTION_WATCH,
    UPDATE_TO,
    UPDATED_BY,
    Kind,
    Notice,
    NoticeError,
    read_crossref_updates,
    read_crossref_work,
    read_retraction_watch,
)

DATA = Path(__file__).parent.parent / "data/notices"
DOI = "10.1186/1746-1596-8-123"
NOTICE = "10.5555/constructed-notice"
DAY = date(2016, 11, 2)
CSV = (DATA / "constructed_retraction_watch.csv").read_text()


def saved(name: str) -> tuple[Any, Any]:
    answers = json.loads((DATA / name).read_text())[DOI]
    return answers["work"], answers["updates"]


def work(**update: Any) -> dict[str, Any]:
    return {"message": {"DOI": DOI, "updated-by": [update]}}


def updates(*items: Any, total: Any = None) -> dict[str, Any]:
    return {"message": {"total-results": len(items) if total is None else total, "items": list(items)}}


def test_a_retraction_that_only_the_notice_tells_of() -> None:
    of_work, of_updates = saved("constructed_only_update_to.json")
    assert read_crossref_work(of_work, DOI) == []
    assert read_crossref_updates(of_updates, DOI) == [
        Notice(Kind.RETRACTION, DAY, NOTICE, UPDATE_TO, "Retraction; source: publisher")
    ]


def test_a_retraction_that_only_the_work_tells_of() -> None:
    of_work, of_updates = saved("constructed_only_updated_by.json")
    assert read_crossref_updates(of_updates, DOI) == []
    expected = Notice(Kind.RETRACTION, DAY, NOTICE, UPDATED_BY, "Retraction; source: retraction-watch")
    assert read_crossref_work(of_work, DOI) == [expected]


def test_doi_in_capitals_is_the_same_doi() -> None:
    answer = updates({"DOI": "10.5555/N", "update-to": [{"DOI": "10.5555/WORK", "type": "retraction"}]})
    assert read_crossref_updates(answer, "10.5555/work") == [Notice(Kind.RETRACTION, None, "10.5555/n", UPDATE_TO)]
    assert read_crossref_work({"message": {"DOI": "10.5555/WORK"}}, "10.5555/work") == []


def test_an_entry_about_another_work_is_passed_over() -> None:
    answer = updates({"DOI": "10.5555/n", "update-to": [{"DOI": DOI + "4", "type": "retraction"}]}, {"DOI": "10.5555/m"})
    assert read_crossref_updates(answer, DOI) == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("retraction", Kind.RETRACTION), ("withdrawal", Kind.RETRACTION), ("removal", Kind.RETRACTION),
        ("partial_retraction", Kind.CONCERN), ("expression_of_concern", Kind.CONCERN), ("Expression of concern", Kind.CONCERN),
        ("expression-of-concern", Kind.CONCERN), ("correction", Kind.CORRECTION), ("corrigendum", Kind.CORRECTION),
        ("erratum", Kind.CORRECTION), ("addendum", Kind.CORRECTION), ("clarification", Kind.CORRECTION),
    ],
)  # fmt: skip
def test_kinds(said: str, kind: Kind) -> None:
    assert [notice.kind for notice in read_crossref_work(work(DOI="10.5555/n", type=said), DOI)] == [kind]
    assert Kind.REINSTATEMENT not in KINDS.values()


@pytest.mark.parametrize(
    ("update", "detail"),
    [
        ({"type": "new_version", "label": "New version"}, "New version; type: new_version"),
        ({"type": "new_version"}, "new_version; type: new_version"),
        ({"type": "new_version", "label": 5}, "new_version; type: new_version"),
        ({"type": "new_version", "label": "a\x00b\ud800c\nd"}, "a?b?c d; type: new_version"),
    ],
)
def test_an_unknown_type_is_a_correction_in_its_own_words(update: dict[str, Any], detail: str) -> None:
    assert read_crossref_work(work(**update), DOI) == [Notice(Kind.CORRECTION, None, "", UPDATED_BY, detail)]


@pytest.mark.parametrize(
    ("updated", "day", "detail"),
    [
        ({"date-parts": [[2016, 11, 2]]}, DAY, ""),
        ({"date-parts": [[2016, 11]]}, None, "dated 2016-11"),
        ({"date-parts": [[2016]]}, None, "dated 2016"),
        ({"date-parts": [[2016, 13, 40]]}, None, "dated 2016-13-40"),
        ({"date-parts": [[None]]}, None, ""),
        ({"date-parts": []}, None, ""),
        ({"date-parts": ["2016"]}, None, ""),
        ({}, None, ""),
        ("2016", None, ""),
    ],
)
def test_an_odd_date_never_loses_a_notice(updated: Any, day: date | None, detail: str) -> None:
    found = read_crossref_work(work(DOI="10.5555/n", type="retraction", updated=updated), DOI)
    assert found == [Notice(Kind.RETRACTION, day, "10.5555/n", UPDATED_BY, detail)]


def test_a_notice_told_twice_is_one() -> None:
    update = {"DOI": "10.5555/n", "type": "retraction", "record-id": "1"}
    assert len(read_crossref_work({"message": {"DOI": DOI, "updated-by": [update, update | {"record-id": "2"}]}}, DOI)) == 1


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ([], "the answer has no `message`; an answer of Crossref's REST API"),
        ({}, "the answer has no `message`"),
        ({"message": []}, "the answer has no `message`"),
        ({"message": {}}, "`message.DOI` is not a DOI; one such as 10.3390/nu12082221"),
        ({"message": {"DOI": "10.5555/other"}}, f"the answer is about the work 10.5555/other; one about {DOI}"),
        ({"message": {"DOI": DOI, "updated-by": {}}}, "`message.updated-by` is not a list"),
        ({"message": {"DOI": DOI, "updated-by": ["x"]}}, "an entry of `message.updated-by` is not an object"),
        (work(DOI="10.5555/n"), "an update has no `type`"),
        (work(DOI="10.5555/n", type=" "), "an update has no `type`"),
        (work(DOI=5, type="retraction"), "the `DOI` of an entry of `updated-by` is not a DOI"),
        (work(DOI="10.5555/\x00", type="retraction"), "the `DOI` of an entry of `updated-by` is not a DOI"),
    ],
)
def test_a_malformed_work_is_an_error_and_never_no_notice(answer: Any, problem: str) -> None:
    with pytest.raises(NoticeError) as caught:
        read_crossref_work(answer, DOI)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("x", "the answer has no `message`"),
        ({"message": {"total-results": 0}}, "the answer has no `message.items`"),
        ({"message": {"items": "x", "total-results": 0}}, "`message.items` is not a list"),
        ({"message": {"items": []}}, "`message.total-results` is not a number"),
        (updates(total=3), "the answer holds 0 of 3 works; all of them"),
        (updates(5), "an entry of `message.items` is not an object"),
        (updates({"update-to": []}), "the `DOI` of an item is not a DOI"),
        (updates({"DOI": "10.5555/n", "update-to": "x"}), "`update-to` is not a list"),
        (updates({"DOI": "10.5555/n", "update-to": [5]}), "an entry of `update-to` is not an object"),
        (
            updates({"DOI": "10.5555/n", "update-to": [{"type": "retraction"}]}),
            "the `DOI` of an entry of `update-to` is not a DOI",
        ),
        (updates({"DOI": "10.5555/n", "update-to": [{"DOI": DOI}]}), "an update has no `type`"),
    ],
)
def test_a_malformed_list_of_updates_is_an_error_and_never_no_notice(answer: Any, problem: str) -> None:
    with pytest.raises(NoticeError) as caught:
        read_crossref_updates(answer, DOI)
    assert str(caught.value).startswith(problem)


def test_the_list_of_retraction_watch() -> None:
    dois = [DOI, "10.5555/concern", "10.5555/corrected", "10.5555/reinstated", "10.5555/plain-work"]
    assert read_retraction_watch(CSV, dois) == {
        DOI: [Notice(Kind.RETRACTION, DAY, NOTICE, RETRACTION_WATCH, "A made-up reason; Another")],
        "10.5555/concern": [Notice(Kind.CONCERN, date(2020, 3, 4), "", RETRACTION_WATCH)],
        "10.5555/corrected": [
            Notice(Kind.CORRECTION, date(2021, 5, 6), "10.5555/notice-3", RETRACTION_WATCH, "A made-up reason")
        ],
        "10.5555/reinstated": [Notice(Kind.REINSTATEMENT, date(2021, 7, 8), "10.5555/notice-4", RETRACTION_WATCH)],
    }
    assert read_retraction_watch(iter(("\ufeff" + CSV + "\n").splitlines()), []) == {}


def test_an_unknown_nature_is_a_correction_in_its_own_words() -> None:
    found = read_retraction_watch(CSV.replace("0,Retraction,", "0,Lament,"), [DOI])
    assert found[DOI][0].kind is Kind.CORRECTION
    assert found[DOI][0].detail == "Lament; A made-up reason; Another"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (CSV, "", "the first line names no column RetractionDate, RetractionDOI, OriginalPaperDOI, RetractionNature, Reason"),
        ("OriginalPaperDOI", "DOI", "the first line names no column OriginalPaperDOI; the list as Retraction Watch gives it"),
        (CSV[CSV.index("\n") :], "\n", "the list has no entries"),
        ("11/2/2016 0:00", "2/11/16", f"line 2: the entry on {DOI} has the RetractionDate '2/11/16'; month/day/year"),
        ("11/2/2016 0:00", "13/2/2016 0:00", f"line 2: the entry on {DOI} has the RetractionDate '13/2/2016 0:00'"),
        ("0,Retraction,+A", "0,,+A", f"line 2: the entry on {DOI} has no RetractionNature; one of: retraction"),
        ("unavailable,0,Retraction,,No,,\n", "", "line 6: 15 values; one for each column"),
        ('a comma"', "a comma", "line 6: not CSV ("),
    ],
)
def test_a_list_that_cannot_be_read_is_an_error(old: str, new: str, problem: str) -> None:
    assert old in CSV
    with pytest.raises(NoticeError) as caught:
        read_retraction_watch(CSV.replace(old, new), [DOI])
    assert str(caught.value).startswith(problem)


def test_all_faults_of_a_list_are_told_at_once_and_a_day_that_is_not_told_is_none() -> None:
    text = CSV.replace("11/2/2016 0:00", "soon").replace("5/6/2021 0:00", "never").replace("3/4/2020 0:00", "")
    with pytest.raises(NoticeError) as caught:
        read_retraction_watch(text, [DOI, "10.5555/corrected"])
    assert [line[:7] for line in str(caught.value).splitlines()] == ["line 2:", "line 4:"]
    assert read_retraction_watch(text, ["10.5555/concern"])["10.5555/concern"][0].noticed_on is None
