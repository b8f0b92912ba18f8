"""Notices of retraction and correction on the works we cite: asking Crossref, or reading a saved file, and keeping what is found.

What is found is added and nothing is taken away: a work that a notice withdrew stays marked, whatever a later answer says or
fails to say. Each work's result is written on its own, so that an interrupted run can go on where it stopped, and nobody is asked
inside a transaction.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import urllib3
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import Citation, GlossaryTerm, NoticeCheck, Reference, ReferenceSnapshot
from articles.models import Notice as NoticeRow
from articles.text.notice_files import read_list, read_saved
from articles.text.notices import (
    Kind,
    Notice,
    NoticeError,
    read_crossref_updates,
    read_crossref_work,
)

CROSSREF_URL = "https://api.crossref.org"
MAX_ANSWER_BYTES = 20_000_000
UPDATES_AT_ONCE = 100
LONGEST_WAIT = 60
"""Seconds we wait at most before we ask again; who tells us to wait longer is not asked again for that work."""
A_PERSON = "a person here"
SILENT_IN_A_ROW = 5
"""After so many works in a row without an answer that can be read, the others are not asked: the service is down."""

Progress = Callable[[int, int], None]
"""Is told how many works are done, and of how many."""


class CheckError(Exception):
    """A work that could not be asked about. ``notices`` are those found before it failed: they are kept."""

    def __init__(self, detail: str, notices: Iterable[Notice] = ()) -> None:
        self.detail = detail
        self.notices = list(notices)
        super().__init__(detail)


class UnknownWork(CheckError):
    """The service answered, and does not know the DOI."""


class Silence(CheckError):
    """The service gave no answer, or none that can be read."""


class NoticeSource(Protocol):
    """Who can be asked about a work. ``name`` is kept with each check."""

    @property
    def name(self) -> str:
        """Who is asked."""

    def ask(self, doi: str) -> list[Notice]:
        """Give the notices on a work; raise CheckError where that cannot be known."""


class Crossref:
    """Crossref's REST API, asked politely: at most ``rate`` requests a second, with our name and address in the agent string.

    ``tries`` is how often a request is made when there is no answer, 429 or a server's error; between tries it waits as
    Retry-After says, else 1, 2, 4... seconds. ``timeout`` is in seconds, for a whole answer. ``sleep`` and ``clock`` are there
    for tests.
    """

    name = "Crossref"

    def __init__(
        self,
        *,
        agent: str,
        url: str = CROSSREF_URL,
        rate: float = 5,
        timeout: float = 30,
        tries: int = 4,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url.rstrip("/")
        self._pause = 1 / rate
        self._timeout = timeout
        self._tries = tries
        self._sleep = sleep
        self._clock = clock
        self._next = clock()
        self._pool = urllib3.PoolManager(
            headers={"User-Agent": agent, "Accept": "application/json"},
            retries=urllib3.Retry(connect=0, read=0, status=0, other=0, redirect=3, respect_retry_after_header=False),
            timeout=urllib3.Timeout(total=timeout),
        )

    def __enter__(self) -> "Crossref":
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.clear()

    def ask(self, doi: str) -> list[Notice]:
        """Ask in both directions for the notices on a work: what the work says of them, and what they say of it.

        Raises UnknownWork or Silence, with the notices that the other direction told of.
        """
        updates = urlencode({"filter": f"updates:{doi}", "rows": UPDATES_AT_ONCE})
        notices: list[Notice] = []
        failure: CheckError | None = None
        for path, read in (
            (f"/works/{quote(doi, safe='')}", read_crossref_work),
            (f"/works?{updates}", read_crossref_updates),
        ):
            try:
                notices += read(self._get(path), doi)
            except NoticeError as error:
                failure = Silence(f"{path}: {error}")
            except CheckError as error:
                failure = error if failure is None else failure
                if isinstance(error, Silence):
                    failure = error
                    break
        if failure:
            failure.notices = notices
            raise failure
        return notices

    def _get(self, path: str) -> Any:
        problem = ""
        wait = 0.0
        for attempt in range(self._tries):
            if wait:
                self._sleep(wait)
            self._keep_pace()
            wait = 2.0**attempt
            try:
                status, headers, body = self._fetch(path)
            except urllib3.exceptions.HTTPError as error:
                problem = f"no answer ({_in_words(error)})"
                continue
            if status == 200:
                return _read_json(body, path)
            if status == 404:
                raise UnknownWork(f"Crossref does not know this DOI (404 for {path})")
            problem = f"the answer was {status}"
            if status != 429 and status < 500:
                break
            wait = _retry_after(headers.get("Retry-After", ""), wait)
            if wait > LONGEST_WAIT:
                raise Silence(f"{path}: the answer was {status}: not before {wait:.0f} seconds")
        raise Silence(f"{path}: {problem}, at {attempt + 1} of {self._tries} tries")

    def _keep_pace(self) -> None:
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._pause

    def _fetch(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        """Make one request. The deadline is for the whole answer, so that one that drips for ever does not hold us."""
        deadline = time.monotonic() + self._timeout
        answer = self._pool.request("GET", self._url + path, preload_content=False)
        try:
            body = b""
            for part in answer.stream(65_536):
                body += part
                if len(body) > MAX_ANSWER_BYTES:
                    raise urllib3.exceptions.HTTPError(f"more than {MAX_ANSWER_BYTES:,} bytes")
                if time.monotonic() > deadline:
                    raise urllib3.exceptions.HTTPError(f"not whole after {self._timeout} seconds")
            return answer.status, answer.headers, body
        finally:
            answer.close()


def agent_string(version: str, site_url: str, contact: str) -> str:
    """Say who asks, as Crossref wishes: software, the site's address, and a mail address where ``contact`` is one."""
    ways = [site_url]
    if "@" in contact and "/" not in contact:
        ways.append(f"mailto:{contact}")
    elif contact.startswith("http"):
        ways.append(contact)
    return f"neuropathy-site/{version} ({'; '.join(ways)})".encode("ascii", "ignore").decode()


def _in_words(error: Exception) -> str:
    cause = getattr(error, "reason", None) or error
    return str(cause).rsplit(": ", 1)[-1][:200] or type(cause).__name__


def _retry_after(value: str, default: float) -> float:
    """Read a Retry-After header: seconds, or a moment."""
    if value.isascii() and value.strip().isdigit():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - timezone.now()).total_seconds(), 0) if value else default
    except (TypeError, ValueError):
        return default


def _read_json(body: bytes, path: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Silence(f"{path}: the answer is not JSON ({str(error)[:80]})") from None


@dataclass(frozen=True, slots=True)
class Saved:
    """Answers of Crossref that were saved, by DOI: ``{"work": ..., "updates": ...}`` each."""

    name: str
    answers: Mapping[str, Mapping[str, Any]]

    def ask(self, doi: str) -> list[Notice]:
        """Give the notices on a work; raise CheckError where the file does not have both answers."""
        saved = self.answers.get(doi)
        if saved is None:
            raise CheckError("the file has no answers on this work")
        notices: list[Notice] = []
        faults = []
        for name, read in (("work", read_crossref_work), ("updates", read_crossref_updates)):
            try:
                notices += read(saved.get(name) or {}, doi)
            except NoticeError as error:
                faults.append(f"`{name}`: {error}")
        if faults:
            raise CheckError("; ".join(faults), notices)
        return notices


@dataclass(frozen=True, slots=True)
class Listed:
    """Retraction Watch's list, which holds all it knows: a work that is not in it has no notice there."""

    name: str
    notices: Mapping[str, list[Notice]]

    def ask(self, doi: str) -> list[Notice]:
        """Give the notices on a work."""
        return self.notices.get(doi, [])


@dataclass(frozen=True, slots=True)
class Failure:
    """A work that could not be asked about, and why. ``is_unknown``: the service answered that it does not know the DOI."""

    key: str
    detail: str
    is_unknown: bool = False


@dataclass(slots=True)
class Outcome:
    """What a check found, by the works' keys.

    ``withdrawn``: works that readers were not told were withdrawn, with the date they will be told, and a notice.
    ``notices``: other notices seen for the first time. ``checked``: works that were asked about. ``failed``: works that were not,
    and why. ``fresh``: works that were checked not long ago. ``without_doi``: works that cannot be checked by a machine.
    ``changed``: works whose facts changed for readers.
    """

    withdrawn: list[tuple[str, date, Notice]] = field(default_factory=list)
    notices: list[tuple[str, Notice]] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    without_doi: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether every work got its answer, be it "unknown" for some: then the day counts as the day of the last check."""
        return all(failure.is_unknown for failure in self.failed) and bool(self.checked or self.fresh or not self.failed)


def check_references(
    source: NoticeSource,
    *,
    now: datetime,
    newer_than: timedelta = timedelta(hours=24),
    everything: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Ask ``source`` about the cited works (all works with ``everything``) that have a DOI, and keep what it tells.

    Those asked longest ago come first; those that it answered on within ``newer_than`` are passed over. Each result is committed
    on its own. When the service falls silent, the rest is reported as failed without being asked.
    """
    works = Reference.objects.all() if everything else Reference.objects.filter(_is_cited())
    outcome = Outcome(without_doi=list(works.filter(doi__isnull=True).order_by("key").values_list("key", flat=True)))
    due = []
    for pk, key, doi, answered_at in _oldest_first(works, source.name):
        if answered_at and answered_at > now - newer_than:
            outcome.fresh.append(key)
        else:
            due.append((pk, key, doi))
    silent = 0
    for number, (pk, key, doi) in enumerate(due, start=1):
        if silent >= SILENT_IN_A_ROW:
            outcome.failed.append(Failure(key, f"not asked: no answer on the {SILENT_IN_A_ROW} works before it"))
            continue
        failure: CheckError | None = None
        try:
            notices = source.ask(doi)
        except CheckError as error:
            notices, failure = error.notices, error
        silent = silent + 1 if isinstance(failure, Silence) else 0
        _keep(pk, source.name, notices, failure, now, outcome)
        if failure:
            outcome.failed.append(Failure(key, failure.detail, isinstance(failure, UnknownWork)))
        else:
            outcome.checked.append(key)
        if progress:
            progress(number, len(due))
    return outcome


def check_from_file(path: Path, *, now: datetime, everything: bool = False, progress: Progress | None = None) -> Outcome:
    """Do the same from a file, without the network: every work, however lately it was checked.

    A ``.csv`` file is Retraction Watch's list. A ``.json`` file, or each in a folder, is an object of DOI to ``{"work": answer of
    /works/<DOI>, "updates": answer of /works?filter=updates:<DOI>}``. Raises NoticeError, naming the file, where it cannot be
    read; an answer on one work that cannot be read is a failed check of that work.
    """
    dois = Reference.objects.filter(doi__isnull=False).values_list("doi", flat=True)
    name = path.resolve().name[:40]
    source: NoticeSource
    if path.suffix.lower() == ".csv":
        source = Listed(name, read_list(path, [doi for doi in dois if doi]))
    else:
        source = Saved(name, read_saved(path))
    return check_references(source, now=now, newer_than=timedelta(0), everything=everything, progress=progress)


def reinstate(key: str, reason: str, *, now: datetime) -> None:
    """Take a mark back that notices set, as a person decided for ``reason``; the notices stay, and only a new one sets it again.

    Raises ValueError for a work that no notice withdrew, or without a reason.
    """
    if not reason.strip():
        raise ValueError("a mark is taken back for a reason that readers are told")
    with transaction.atomic():
        work = Reference.objects.select_for_update().filter(key=key, noticed_retraction_on__isnull=False).first()
        if work is None:
            raise ValueError(f"no notice withdrew a work with the key {key}")
        NoticeRow.objects.create(
            reference=work,
            kind=str(Kind.REINSTATEMENT),
            noticed_on=timezone.localdate(now),
            notice_doi=f"decided {now:%Y-%m-%d %H:%M:%S}",
            told_by=A_PERSON,
            detail=reason.strip()[:400],
            found_at=now,
        )
        work.noticed_retraction_on = None
        work.save(update_fields=["noticed_retraction_on"])


def noticed_keys() -> set[str]:
    """Give the keys of all works that a notice withdrew."""
    return set(Reference.objects.filter(noticed_retraction_on__isnull=False).values_list("key", flat=True))


def _is_cited() -> Q:
    """Whether a publication, be it an old one that can still be read, or the glossary rests on a work."""
    mine = OuterRef("pk")
    shown = Exists(ReferenceSnapshot.objects.filter(reference=mine)) | Exists(Citation.objects.filter(reference=mine))
    return Q(shown | Exists(GlossaryTerm.objects.filter(source=OuterRef("key"))))


def _oldest_first(works: QuerySet[Reference], name: str) -> Iterable[tuple[int, str, Any, datetime | None]]:
    asked = Q(checks__asked=name)
    rows = works.filter(doi__isnull=False).annotate(
        tried_at=Max("checks__checked_at", filter=asked),
        answered_at=Max("checks__checked_at", filter=asked & ~Q(checks__result=NoticeCheck.Result.FAILED)),
    )
    return rows.order_by(F("tried_at").asc(nulls_first=True), "key").values_list("pk", "key", "doi", "answered_at")


@transaction.atomic
def _keep(pk: int, asked: str, notices: list[Notice], failure: CheckError | None, now: datetime, outcome: Outcome) -> None:
    """Write one work's result. Nothing here sets a flag back."""
    work = Reference.objects.select_for_update().get(pk=pk)
    before = work.value().retracted_on
    new = [notice for notice in notices if _add(work, notice, now)]
    result = NoticeCheck.Result.FAILED if failure else NoticeCheck.Result.FOUND if notices else NoticeCheck.Result.NOTHING
    detail = failure.detail[:400] if failure else ""
    NoticeCheck.objects.create(reference=work, checked_at=now, asked=asked, result=result, detail=detail)
    told = new if work.notices.filter(told_by=A_PERSON).exists() else notices
    retractions = [notice for notice in told if notice.kind is Kind.RETRACTION]
    if retractions:
        days = [day for day in (work.noticed_retraction_on, *(notice.noticed_on for notice in retractions)) if day]
        work.noticed_retraction_on = min(days, default=timezone.localdate(now))
    if not failure:
        work.checked_at = now
    work.save(update_fields=["noticed_retraction_on", "checked_at"])
    after = work.value().retracted_on
    if after and not before:
        outcome.withdrawn.append((work.key, after, min(retractions, key=lambda notice: notice.noticed_on or date.max)))
        new = [notice for notice in new if notice.kind is not Kind.RETRACTION]
    if after != before:
        outcome.changed.append(work.key)
    outcome.notices += [(work.key, notice) for notice in new]


def _add(work: Reference, notice: Notice, now: datetime) -> bool:
    rows: Any = NoticeRow.objects
    _row, is_new = rows.get_or_create(
        reference=work,
        kind=str(notice.kind),
        notice_doi=notice.notice_doi,
        told_by=notice.told_by,
        defaults={"noticed_on": notice.noticed_on, "detail": notice.detail, "found_at": now},
    )
    return is_new
