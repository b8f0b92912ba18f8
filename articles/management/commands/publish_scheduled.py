"""``manage.py publish_scheduled``: publish and withdraw what was planned for now. For a timer, or going on by itself."""

import contextlib
import logging
import os
import select
import signal
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections
from django.utils import timezone

from articles import leases, workflow

LEASE = "publish_scheduled"
BEATS_OF_A_LEASE = 3
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """May run anywhere, any number of times at once; each plan is carried out by one."""

    help = (
        "Publish the texts and withdraw the articles whose time has come, those too that it came for while nothing ran. Says "
        "what it did, and nothing where nothing was due. Exit code 1 when a text could not be published; the others are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to go on for ever, and how often to look."""
        parser.add_argument("--forever", action="store_true", help="go on until stopped, one process at a time on all hosts")
        parser.add_argument("--every", type=_positive, default=30.0, metavar="SECONDS", help="with --forever; default: 30")
        parser.add_argument("--until-eof", action="store_true", help="with --forever: stop when standard input ends, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is due, once or for ever."""
        if options["forever"]:
            self._go_on(options["every"], sys.stdin.fileno() if options["until_eof"] else None)
        elif missed := self._publish():
            raise CommandError(f"{missed} text{'' if missed == 1 else 's'} could not be published at the time set.")

    def _publish(self) -> int:
        """Do what is due and say so; gives how many texts could not be published."""
        missed = 0
        for due in workflow.publish_due(now=timezone.now()):
            if due.problem:
                missed += 1
                self.stderr.write(
                    f"not published: {due.article} (article {due.article.pk}): {'; '.join(due.problem.splitlines())}"
                )
            else:
                done = "withdrawn" if due.move is workflow.MoveName.WITHDRAW else "published"
                self.stdout.write(f"{done}: {due.article} ({due.article.get_absolute_url()})")
        self.stdout.flush()
        return missed

    def _go_on(self, every: float, parent: int | None) -> None:
        """Look at every beat of the clock (each half minute, if ``every`` is 30), until told to stop."""
        holder, lasts = leases.name_holder(), timedelta(seconds=BEATS_OF_A_LEASE * every)
        with _stop_signs() as signs:
            watched = [signs] if parent is None else [signs, parent]
            while True:
                with _whatever_happens():
                    if leases.hold(LEASE, holder, lasts=lasts):
                        self._publish()
                connections.close_all()  # a database that is restarted or restored meanwhile is met anew
                if select.select(watched, [], [], every - time.time() % every)[0]:
                    break
        with _whatever_happens():
            leases.give_back(LEASE, holder)
        connections.close_all()


@contextlib.contextmanager
def _stop_signs() -> Iterator[int]:
    """Give a file that can be read once this process is asked to stop: work under way ends first, and a wait at once."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave_it_to_the_file)
    yield readable


def _leave_it_to_the_file(_number: int, _frame: Any) -> None:
    """Do nothing: what waits for the file is told."""


@contextlib.contextmanager
def _whatever_happens() -> Iterator[None]:
    """Log what goes wrong: the next beat may find a database that is free, or back."""
    try:
        yield
    except DatabaseError as error:
        logger.warning("publish_scheduled tries again: %s", " ".join(str(error).split()))
    except Exception:
        logger.exception("publish_scheduled tries again")


def _positive(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0
    if not 0 < number <= 3600:
        raise ArgumentTypeError(f"{value!r} is no number of seconds from 0 to 3600")
    return number
