"""What a request says its body is, without what Django would trip over.

``charset`` says how to read a body and, with Django, the address too: with ``rot13`` or ``idna`` each page that reads its address
fails. A parameter such as ``x*=a'b'c'd`` fails before any of our code runs. Browsers write forms in UTF-8 and name no charset, so
nothing is lost.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

_BOUNDARY = re.compile(r";\s*boundary=(?:\"[^\"]*\"|[^\s;\"]+)", re.IGNORECASE)


def plain_content_type(application: Application) -> Application:
    """Wrap a WSGI application, so that it sees the kind of a body alone, with the boundary of a form in parts."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        written = environ.get("CONTENT_TYPE", "")
        kind = written.partition(";")[0]
        boundary = _BOUNDARY.search(written) if kind.strip().lower().startswith("multipart/") else None
        if kind != written:
            environ["CONTENT_TYPE"] = kind + (boundary[0] if boundary else "")
        return application(environ, start_response)

    return wrapped
