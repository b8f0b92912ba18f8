"""``manage.py check_retractions``: which works we cite were withdrawn, corrected or doubted since."""

import tomllib
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import retractions, workflow
from articles.retractions import Crossref, Outcome
from articles.text.bibliography import day_in_words
from articles.text.notices import Kind, Notice, NoticeError


class Command(BaseCommand):
    """Asks about each cited work with a DOI, keeps what is told, and has the pages remade."""

    help = (
        "Ask Crossref for notices of retraction, concern and correction on the works that pages cite. A work that is withdrawn "
        "is marked on every page at once; nothing takes the mark away again, neither a failed check nor a later answer. An "
        "interrupted run goes on where it stopped. Exit code 0 when every work could be asked about, 1 when some could not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to ask, and about which works."""
        parser.add_argument(
            "--file",
            type=Path,
            help="read this instead of asking: Retraction Watch's list (.csv), or saved answers of Crossref (.json or a folder: "
            'an object of DOI to {"work": answer of /works/DOI, "updates": answer of /works?filter=updates:DOI})',
        )
        parser.add_argument("--url", default=retractions.CROSSREF_URL, help="where to ask; default: %(default)s")
        parser.add_argument("--all", action="store_true", help="ask about works that no page cites, too")
        parser.add_argument("--newer-than", type=_positive, default=24, metavar="HOURS", help=_NEWER)
        parser.add_argument("--again", action="store_true", help="ask about every work, however lately it was checked")
        parser.add_argument("--reinstate", metavar="KEY", help="take the mark of a work back, for the --reason; nothing is asked")
        parser.add_argument("--reason", default="", help="why, for readers; with --reinstate")
        parser.add_argument("--rate", type=_positive, default=5, help="requests a second at most; default: %(default)s")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, have the pages remade, report."""
        now = timezone.now()
        if options["reinstate"]:
            self._reinstate(options["reinstate"], options["reason"], now)
            return
        try:
            outcome = self._check(options, now)
        except KeyboardInterrupt:
            remade = self._remake(set(), now)
            raise CommandError(f"Stopped. What was found is kept, {_anew(remade)}; the next run goes on from here.") from None
        workflow.record_notices(found=_found(outcome), by=workflow.Actor.command("check_retractions"), now=now)
        remade = self._remake(set(outcome.changed), now)
        if outcome.is_complete:
            workflow.record_source_check()
        self._report(outcome, remade)
        if outcome.failed:
            raise CommandError(f"{_works(len(outcome.failed))} could not be asked about.")

    def _reinstate(self, key: str, reason: str, now: datetime) -> None:
        try:
            retractions.reinstate(key, reason, now=now)
        except ValueError as error:
            raise CommandError(f"{error}. Nothing was changed.") from None
        found = [(key, f"the mark was taken back: {reason}")]
        workflow.record_notices(found=found, by=workflow.Actor.command("check_retractions"), now=now)
        self.stdout.write(f"{key} is no longer marked; {_anew(self._remake({key}, now))}.")

    def _remake(self, changed: set[str], now: datetime) -> int:
        """Have the pages remade that rest on any work a notice withdrew, be it in an earlier run that was stopped too soon."""
        by = workflow.Actor.command("check_retractions")
        taken_in = workflow.take_in_changed_sources(changed | retractions.noticed_keys(), by=by, now=now)
        for article in taken_in.broken:
            self.stdout.write(f"needs an editor: {article.get_absolute_url()}: {'; '.join(article.source_problems.splitlines())}")
        for article in taken_in.unread:
            self.stdout.write(
                f"NOT MARKED: {article.get_absolute_url()}: its text is in a form that is no longer read; publish it anew"
            )
        return len(taken_in.published)

    def _check(self, options: dict[str, Any], now: datetime) -> Outcome:
        if options["file"]:
            try:
                return retractions.check_from_file(options["file"], now=now, everything=options["all"], progress=self._progress)
            except NoticeError as error:
                raise CommandError(f"{error}\nNothing was changed.") from None
        agent = retractions.agent_string(_version(), settings.SITE["url"], settings.SITE["contact"])
        with Crossref(agent=agent, url=options["url"], rate=options["rate"]) as crossref:
            return retractions.check_references(
                crossref,
                now=now,
                newer_than=timedelta(hours=0 if options["again"] else options["newer_than"]),
                everything=options["all"],
                progress=self._progress,
            )

    def _progress(self, done: int, of: int) -> None:
        if of >= 25 and (done % 25 == 0 or done == of):
            self.stderr.write(f"{done} of {of} works asked about")

    def _report(self, outcome: Outcome, remade: int) -> None:
        say = self.stdout.write
        for key, day, notice in outcome.withdrawn:
            say(f"WITHDRAWN: {key}, on {day_in_words(day)} ({_source(notice)})")
        for key, notice in outcome.notices:
            say(f"{_WORDS[notice.kind]}: {key}{_on(notice)} ({_source(notice)})")
        for failure in outcome.failed:
            say(f"not asked: {failure.key}: {failure.detail}")
        if outcome.failed:
            say("What was known of these works still stands.")
        if outcome.without_doi:
            say(f"No DOI, so a person has to check: {', '.join(outcome.without_doi)}")
        if outcome.fresh:
            say(f"{_works(len(outcome.fresh))} checked lately and not asked about again (--again asks).")
        notices = len(outcome.notices)
        say(
            f"{_works(len(outcome.checked))} checked; {len(outcome.withdrawn)} newly withdrawn, "
            f"{notices} other new notice{'' if notices == 1 else 's'}; {_anew(remade)}."
        )
        if not outcome.is_complete:
            say("The day of the last check, as pages show it, stays as it was.")


_NEWER = "pass over works that were checked within so many hours; default: %(default)s"
_WORDS = {
    Kind.RETRACTION: "another notice of retraction",
    Kind.CONCERN: "expression of concern",
    Kind.CORRECTION: "correction",
    Kind.REINSTATEMENT: "REINSTATED, for you to decide (the mark stays until then)",
}


def _found(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Give what was found as the audit log keeps it."""
    for key, day, notice in outcome.withdrawn:
        yield key, f"withdrawn on {day_in_words(day)} ({_source(notice)})"
    for key, notice in outcome.notices:
        yield key, f"{notice.kind}{_on(notice)} ({_source(notice)})"


def _source(notice: Notice) -> str:
    parts = [f"notice {notice.notice_doi}" if notice.notice_doi else "", f"told by {notice.told_by}", notice.detail]
    return ", ".join(part for part in parts if part)


def _on(notice: Notice) -> str:
    return f", on {day_in_words(notice.noticed_on)}" if notice.noticed_on else ""


def _works(number: int) -> str:
    return "1 work" if number == 1 else f"{number:,} works"


def _anew(number: int) -> str:
    return f"{number} article{'' if number == 1 else 's'} published anew"


def _positive(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0
    if not 0 < number < 100_000:
        raise ArgumentTypeError(f"{value!r} is no number above 0")
    return number


def _version() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
