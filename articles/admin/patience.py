"""Asking a database again that was locked, or that ended one of two acts which waited for each other (PostgreSQL: a deadlock).

The act was not done then, and nothing of it is left; what somebody typed must not be lost to somebody else's import.
"""

import contextlib
from collections.abc import Callable
from functools import wraps

from django.db import OperationalError
from django.http.response import HttpResponseBase

MAX_TRIES = 4

View = Callable[..., HttpResponseBase]


def patient(view: View) -> View:
    """Make a view that is tried up to ``MAX_TRIES`` times while it raises OperationalError. It acts in one transaction."""

    @wraps(view)
    def tried(*args: object, **kwargs: object) -> HttpResponseBase:
        for _attempt in range(MAX_TRIES - 1):
            with contextlib.suppress(OperationalError):
                return view(*args, **kwargs)
        return view(*args, **kwargs)

    return tried
