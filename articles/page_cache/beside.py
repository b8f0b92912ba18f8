"""Long work beside readers. In a gevent worker all of these share one thread, so it needs another one, of the system's."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

Done = TypeVar("Done")


def _are_greenlets() -> bool:
    return "gevent.monkey" in sys.modules and sys.modules["gevent.monkey"].is_module_patched("threading")


def run_beside(work: Callable[[], Done]) -> Done:
    """Do what leaves Python to others meanwhile, as compressing does, in any thread; gives what comes of it."""
    if not _are_greenlets():
        return work()
    done: Done = sys.modules["gevent"].get_hub().threadpool.apply(work)
    return done


class Beside:
    """Does one thing after another, always in the same thread: the caller's own, or in a gevent worker another.

    It runs Django, so that a page which takes long, or waits for a lock, keeps no reader whose page is ready. What others use at
    the same time stays out of it: gevent's locks are made for greenlets of one thread.
    """

    def __init__(self) -> None:
        self._pool: Any = None

    def run(self, work: Callable[[], Done]) -> Done:
        """Do it, and give what comes of it or raise what it raises."""
        if not _are_greenlets():
            return work()
        if self._pool is None:
            self._pool = sys.modules["gevent"].get_hub().threadpool_class(1)
        done, error = self._pool.apply(_run, (work,))
        if error is not None:
            raise error
        result: Done = done
        return result

    def close(self) -> None:
        """End the thread."""
        if self._pool is not None:
            self._pool.kill()


def _run(work: Callable[[], Done]) -> tuple[Done | None, BaseException | None]:
    """Do it; an error that came out here would be printed by gevent."""
    try:
        return work(), None
    except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
        return None, error
