"""Long work beside readers: who makes a page gives way, again and again, to those who ask for pages that are ready."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db import connection

Item = TypeVar("Item")
TURN = 0.0005
"""Seconds for which a page is made at a stretch."""
PAUSE = 0.004
"""Seconds for which others have Python to themselves then."""
PAUSE_OF_GREENLETS = 0.003
"""The same where greenlets share one thread: each that has something to do then has its turn in any case."""

_turn = threading.local()


def _is_thread_shared() -> bool:
    return "gevent.monkey" in sys.modules and sys.modules["gevent.monkey"].is_module_patched("threading")


def run_beside(work: Callable[[], Item]) -> Item:
    """Do what leaves Python to others meanwhile, as compressing does; gives what comes of it.

    Greenlets share one thread, so in a gevent worker it takes another.
    """
    if not _is_thread_shared():
        return work()
    done: Item = sys.modules["gevent"].get_hub().threadpool.apply(work)
    return done


@contextlib.contextmanager
def giving_way() -> Iterator[None]:
    """Give way in this block after each query, and wherever ``give_way`` is called; elsewhere that does nothing."""
    _turn.pause = PAUSE_OF_GREENLETS if _is_thread_shared() else PAUSE
    _turn.ends_at = time.monotonic() + TURN
    try:
        with connection.execute_wrapper(_give_way_after):
            yield
    finally:
        del _turn.pause, _turn.ends_at


def give_way() -> None:
    """Let those be served who ask for pages that are ready, where another has been made here for some time."""
    ends_at = getattr(_turn, "ends_at", None)
    if ends_at is not None and time.monotonic() > ends_at:
        time.sleep(_turn.pause)
        _turn.ends_at = time.monotonic() + TURN


def in_turns(items: Iterable[Item]) -> Iterator[Item]:
    """Go through items that each take a while to make, and give way after each."""
    for item in items:
        yield item
        give_way()


def _give_way_after(execute: Callable[..., Any], *query: Any) -> Any:
    try:
        return execute(*query)
    finally:
        give_way()
