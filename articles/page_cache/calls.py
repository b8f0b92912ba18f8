"""Telling other hosts at once that something changed. Without it they find out from the database within a quarter of a second."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


class Calls:
    """What is used where no Redis is named: nobody is called."""

    def call(self) -> None:
        """Tell all processes on all hosts that something has changed. What goes wrong is logged: they find out by themselves."""

    def listen(self, on_call: Callable[[], None]) -> None:
        """Have ``on_call`` called, in a thread of its own, each time that somebody calls or may have called."""

    def close(self) -> None:
        """Stop listening."""


def make_calls() -> Calls:
    """Make the way to other hosts that ``settings.PAGE_CALLS`` names, to listen."""
    made: Calls = import_string(settings.PAGE_CALLS)()
    return made


@cache
def calls() -> Calls:
    """Give the one way by which this process calls others."""
    return make_calls()
