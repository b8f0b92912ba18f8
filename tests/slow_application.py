"""The site for tests of what serves it, with three addresses more.

``/connection`` tells which connection to the database a request has while others wait, ``/forwarded`` what a proxy says of one.
``/brief`` is fresh for a second and may be shown for as many more as its query says; it answers with the status in the file
``status`` of DATA_DIR, if there is one.
"""

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from neuropathy_site.wsgi import application as site

TOLD = {"HTTP_HOST", "HTTP_FORWARDED", "HTTP_ACCEPT_ENCODING"}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    answer = {"/connection": _connection, "/forwarded": _forwarded, "/brief": _brief}.get(environ["PATH_INFO"])
    if answer is None:
        return site(environ, start_response)
    status, headers, body = answer(environ)
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), *headers])
    return [body.encode()]


def _connection(environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        time.sleep(0.5)  # the other request comes now
        found = id(connection.connection)
    connection.close()
    return "200 OK", [], f"{os.getpid()} {found}"


def _forwarded(environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
    told = {name: value for name, value in environ.items() if name in TOLD or name.startswith("HTTP_X_")}
    return "200 OK", [], json.dumps(told)


def _brief(environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
    file = Path(settings.DATA_DIR) / "status"
    status = file.read_text() if file.exists() else "200 OK"
    longer = environ["QUERY_STRING"]
    kept = f"max-age=0, s-maxage=1, stale-while-revalidate={longer}, stale-if-error={longer}"
    return status, [("Cache-Control", kept if status.startswith("200") else "no-store")], status
