"""The site for tests of its workers: ``/connection`` tells which connection to the database a request has while others wait."""

import os
import time
from collections.abc import Iterable
from typing import Any

from django.db import connection

from neuropathy_site.wsgi import application as site


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    if environ["PATH_INFO"] != "/connection":
        return site(environ, start_response)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        time.sleep(0.5)  # the other request comes now
        found = id(connection.connection)
    connection.close()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {found}".encode()]
