"""Long work beside readers. In a gevent worker all of these share one thread, so it gives way to them now and then."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

Done = TypeVar("Done")
TURN = 0.001
"""Seconds for which a page is made at a stretch."""

LONGEST_REST = 0.05
"""Seconds of rest after a page at most."""


class _Turn:
    ends_at = 0.0


def _is_thread_shared() -> bool:
    return "gevent.monkey" in sys.modules and sys.modules["gevent.monkey"].is_module_patched("threading")


def run_beside(work: Callable[[], Done]) -> Done:
    """Do what leaves Python to others meanwhile, as compressing does, in a thread of the system; gives what comes of it."""
    if not _is_thread_shared():
        return work()
    done: Done = sys.modules["gevent"].get_hub().threadpool.apply(work)
    return done


def give_way() -> None:
    """Let those be served who ask for pages that are ready, where this thread has worked on another for some time."""
    if _is_thread_shared() and time.monotonic() > _Turn.ends_at:
        time.sleep(TURN / 10)  # not 0: it would go on before anyone new is noticed
        _Turn.ends_at = time.monotonic() + TURN


def in_turns(items: Iterable[Done]) -> Iterator[Done]:
    """Go through items that each take a while to make, and give way after each."""
    for item in items:
        yield item
        give_way()


def give_way_after(execute: Callable[..., Any], *query: Any) -> Any:
    """Give way after each query: Django calls it for those of a connection (``execute_wrapper``)."""
    try:
        return execute(*query)
    finally:
        give_way()


def rest(seconds: float) -> None:
    """Rest for as long as a page took to make, so that the threads of others get as much time; who gave way did so meanwhile."""
    time.sleep(TURN if _is_thread_shared() else min(seconds, LONGEST_REST))
