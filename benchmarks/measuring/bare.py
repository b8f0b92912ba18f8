"""The least that a WSGI application can do: the one answer that it was given, to every request.

``BARE_ANSWER`` names the file of a raw answer; what gunicorn itself adds to each is left out of it.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measuring.answers import read_answer

ADDED = frozenset({"server", "date", "connection"})

_answer = read_answer(Path(os.environ["BARE_ANSWER"]).read_bytes())
STATUS = _answer.status
HEADERS = [(name, value) for name, value in _answer.headers if name.lower() not in ADDED]
BODY = [_answer.body] if _answer.body else []


def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Give the answer."""
    start_response(STATUS, HEADERS)
    return BODY
