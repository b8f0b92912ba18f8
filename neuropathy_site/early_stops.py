"""Signals to stop that reach a worker before it listens for them.

A worker begins as a copy of gunicorn's own process, which puts signals into a queue; a worker never looks there. One that is told
to stop in its first milliseconds would so go on, and be killed half a minute later.
"""

import os
import signal
import sys
from typing import Any

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


def hold() -> None:
    """Keep the signals waiting. To be called right before a worker is forked, which lets go of them in gunicorn's own process."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)


def heed() -> None:
    """Have the signals end this worker until it has its own ways. To be called in a worker; raises SystemExit for what waited."""
    for number in STOPS:
        signal.signal(number, _end)
    _let_go()


def _let_go() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def _end(_number: int, _frame: Any) -> None:
    sys.exit(0)


os.register_at_fork(after_in_parent=_let_go)
