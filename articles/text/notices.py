"""Notices of publishers on works: the answers of Crossref's REST API, and the public list of Retraction Watch.

An answer that cannot be read raises ``NoticeError``; it never counts as "no notice".

Crossref says a thing in two places, and either may be missing: the notice names the work it is about (``update-to``, found by
``/works?filter=updates:<DOI>``), and the work names its notices (``updated-by``, in ``/works/<DOI>``). Source of the field names:
Crossref, "Metadata API JSON Format", type Update (``updated``, ``DOI``, ``type``, ``label``); answers of today also
have ``source`` (publisher or retraction-watch).
"""

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

UPDATE_TO = "Crossref update-to"
UPDATED_BY = "Crossref updated-by"
RETRACTION_WATCH = "Retraction Watch"
MAX_DETAIL = 400
MAX_DOI = 220


class Kind(StrEnum):
    """What a notice does to a work."""

    RETRACTION = "retraction"
    CONCERN = "concern"
    CORRECTION = "correction"
    REINSTATEMENT = "reinstatement"


class NoticeError(ValueError):
    """An answer or a list that cannot be read: what is wrong with it and what would be right."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice on a work.

    ``noticed_on`` is None where the service gives no whole day; ``notice_doi`` is in small letters, "" where there is none;
    ``detail`` is what else the service says, in its words.
    """

    kind: Kind
    noticed_on: date | None
    notice_doi: str
    told_by: str
    detail: str = ""


KINDS = {
    "retraction": Kind.RETRACTION,
    "withdrawal": Kind.RETRACTION,
    "removal": Kind.RETRACTION,
    "partial_retraction": Kind.CONCERN,
    "expression_of_concern": Kind.CONCERN,
    "correction": Kind.CORRECTION,
    "corrigendum": Kind.CORRECTION,
    "erratum": Kind.CORRECTION,
    "addendum": Kind.CORRECTION,
    "clarification": Kind.CORRECTION,
}
"""Crossref's types of update. A type that is not here counts as a correction, told in its own words."""

NATURES = {
    "retraction": Kind.RETRACTION,
    "correction": Kind.CORRECTION,
    "expression of concern": Kind.CONCERN,
    "reinstatement": Kind.REINSTATEMENT,
}
COLUMNS = ("RetractionDate", "RetractionDOI", "OriginalPaperDOI", "RetractionNature", "Reason")
"""The columns we read of Retraction Watch's list; it has others."""


def read_crossref_work(answer: Mapping[str, Any], doi: str) -> list[Notice]:
    """Read the notices in the answer of ``GET /works/<doi>`` (``message["updated-by"]``).

    Raises NoticeError for an answer that is malformed, or is about another work.
    """
    message = _message(answer)
    about = _doi(message.get("DOI"), "`message.DOI`")
    if about != doi.lower():
        raise NoticeError(f"the answer is about the work {about}; one about {doi}")
    updates = _list(message.get("updated-by"), "`message.updated-by`")
    return _unique(_notice(update, _optional_doi(update), UPDATED_BY) for update in _mappings(updates, "`message.updated-by`"))


def read_crossref_updates(answer: Mapping[str, Any], doi: str) -> list[Notice]:
    """Read the notices in the answer of ``GET /works?filter=updates:<doi>`` (``update-to`` of each item).

    Entries about other works are passed over. Raises NoticeError for an answer that is malformed or does not hold all the items.
    """
    message = _message(answer)
    if "items" not in message:
        raise NoticeError("the answer has no `message.items`; a list of works, be it empty")
    items = list(_mappings(_list(message["items"], "`message.items`"), "`message.items`"))
    total = message.get("total-results")
    if not isinstance(total, int) or isinstance(total, bool):
        raise NoticeError("`message.total-results` is not a number; how many works there are")
    if total > len(items):
        raise NoticeError(f"the answer holds {len(items)} of {total} works; all of them")
    notices = []
    for item in items:
        notice_doi = _doi(item.get("DOI"), "the `DOI` of an item")
        for update in _mappings(_list(item.get("update-to"), "`update-to`"), "`update-to`"):
            if _doi(update.get("DOI"), "the `DOI` of an entry of `update-to`") == doi.lower():
                notices.append(_notice(update, notice_doi, UPDATE_TO))
    return _unique(notices)


def read_retraction_watch(lines: str | Iterable[str], dois: Collection[str]) -> dict[str, list[Notice]]:
    """Read Retraction Watch's list (CSV, its first line naming the columns): the notices on each of ``dois`` that has any.

    The keys are DOIs in small letters. Raises NoticeError, naming every faulty line (100 at most), for a list without our columns
    or without entries, for a line cut short, and for an entry on one of ``dois`` that cannot be read.
    """
    rows = csv.reader(lines.splitlines(keepends=True) if isinstance(lines, str) else lines, strict=True)
    wanted = {doi.lower() for doi in dois}
    found: dict[str, list[Notice]] = {}
    faults: list[str] = []
    entries = 0
    try:
        places = _places(next(rows, []))
        for row in rows:
            entries += bool(row)
            try:
                doi, notice = _row(row, places, wanted)
            except NoticeError as error:
                faults.append(f"line {rows.line_num}: {error}")
                continue
            if notice and notice not in found.setdefault(doi, []):
                found[doi].append(notice)
    except csv.Error as error:
        faults.append(f"line {rows.line_num}: not CSV ({error}); the list as Retraction Watch gives it")
    if faults:
        raise NoticeError("\n".join(faults[:100]))
    if not entries:
        raise NoticeError("the list has no entries; the list as Retraction Watch gives it")
    return found


def _places(header: list[str]) -> dict[str, int]:
    names = [name.strip().removeprefix("\ufeff") for name in header]
    if missing := [name for name in COLUMNS if name not in names]:
        raise NoticeError(f"the first line names no column {', '.join(missing)}; the list as Retraction Watch gives it")
    return {name: names.index(name) for name in COLUMNS}


def _row(row: list[str], places: Mapping[str, int], wanted: Collection[str]) -> tuple[str, Notice | None]:
    if not row:
        return "", None
    if len(row) <= max(places.values()):
        raise NoticeError(f"{len(row)} values; one for each column")
    values = {name: row[place].strip() for name, place in places.items()}
    doi = values["OriginalPaperDOI"].lower()
    if doi not in wanted:
        return doi, None
    nature = " ".join(values["RetractionNature"].split())
    if not nature:
        raise NoticeError(f"the entry on {doi} has no RetractionNature; one of: {', '.join(NATURES)}")
    day = values["RetractionDate"]
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: [\d:]+(?: [AP]M)?)?", day)
    noticed_on = _day([int(found[3]), int(found[1]), int(found[2])]) if found else None
    if day and not noticed_on:
        raise NoticeError(f"the entry on {doi} has the RetractionDate {day[:40]!r}; month/day/year, such as 11/2/2016 0:00")
    reasons = [reason.strip().removeprefix("+").strip() for reason in values["Reason"].split(";")]
    said = [nature if nature.lower() not in NATURES else "", *reasons]
    kind = NATURES.get(nature.lower(), Kind.CORRECTION)
    notice_doi = values["RetractionDOI"].lower()
    notice_doi = notice_doi[:MAX_DOI] if notice_doi.startswith("10.") and notice_doi.isprintable() else ""  # "unavailable"
    return doi, Notice(kind, noticed_on, notice_doi, RETRACTION_WATCH, _join(said))


def _message(answer: object) -> Mapping[str, Any]:
    message = answer.get("message") if isinstance(answer, Mapping) else None
    if not isinstance(message, Mapping):
        raise NoticeError("the answer has no `message`; an answer of Crossref's REST API")
    return message


def _list(value: object, what: str) -> list[Any]:
    """Give a list; a field that is absent or null is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise NoticeError(f"{what} is not a list; a list, be it empty")
    return value


def _mappings(values: list[Any], what: str) -> Iterable[Mapping[str, Any]]:
    for value in values:
        if not isinstance(value, Mapping):
            raise NoticeError(f"an entry of {what} is not an object; one with `DOI`, `type` and `updated`")
        yield value


def _doi(value: object, what: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"10\.\S+", value.strip()) or not value.strip().isprintable():
        raise NoticeError(f"{what} is not a DOI; one such as 10.3390/nu12082221")
    return value.strip().lower()


def _optional_doi(update: Mapping[str, Any]) -> str:
    return _doi(update["DOI"], "the `DOI` of an entry of `updated-by`")[:MAX_DOI] if update.get("DOI") else ""


def _notice(update: Mapping[str, Any], notice_doi: str, told_by: str) -> Notice:
    said = update.get("type")
    if not isinstance(said, str) or not said.strip():
        raise NoticeError("an update has no `type`; one such as retraction")
    kind = KINDS.get(re.sub(r"[\s-]+", "_", said.strip().lower()))
    parts = _date_parts(update.get("updated"))
    day = _day(parts)
    detail = [
        _text(update, "label") or ("" if kind else said),
        f"type: {said}" if not kind else "",
        f"source: {_text(update, 'source')}" if _text(update, "source") else "",
        "dated " + "-".join(f"{part:02}" for part in parts) if parts and not day else "",
    ]
    return Notice(kind or Kind.CORRECTION, day, notice_doi[:MAX_DOI], told_by, _join(detail))


def _date_parts(updated: object) -> list[int]:
    """Give year, month and day as far as they are told. A date is no reason to lose a notice: an odd one counts as none."""
    parts = updated.get("date-parts") if isinstance(updated, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(first, list) or not all(isinstance(part, int) and not isinstance(part, bool) for part in first):
        return []
    return first[:3]


def _day(parts: list[int]) -> date | None:
    try:
        return date(*parts) if len(parts) == 3 else None
    except (ValueError, OverflowError):
        return None


def _text(update: Mapping[str, Any], name: str) -> str:
    value = update.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _join(parts: Iterable[str]) -> str:
    text = "; ".join(part for part in parts if part)
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:MAX_DETAIL]


def _unique(notices: Iterable[Notice]) -> list[Notice]:
    return list(dict.fromkeys(notices))
