"""What gunicorn does before it forks its workers, so that they share the memory of an application that has worked already."""

import ctypes
import gc
import logging
import re
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

M_ARENA_MAX = -8
"""The option's number in glibc's ``malloc.h``."""

MAX_PAGES = 30
logger = logging.getLogger(__name__)

_LINK = re.compile(rb'href="(/[^"#?]*)')


def use_one_heap() -> None:
    """Have all threads take memory from one heap, where the C library can (glibc's ``mallopt``).

    It makes a heap for each thread otherwise, and gives back what they have left over to nobody: five megabytes a worker. One
    thread at a time runs Python, so none waits for the other.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


def warm(application: Application) -> None:
    """Have ``application`` make the first page and those it links to, and set what it has loaded apart from what comes.

    Templates are then compiled and addresses resolved once and not in each worker. What is set apart (``gc.freeze``) is not
    looked at again by the garbage collector, which would copy the memory that the processes share. No connection to a database
    stays open. A fault is logged and keeps nobody from starting: requests will meet it again and be answered.
    """
    try:
        status, body = _ask(application, "/")
        if status.startswith("200 "):
            for path in sorted(set(_LINK.findall(body)))[:MAX_PAGES]:
                _ask(application, path.decode())
    except Exception as fault:
        logger.error("No page could be made before the start: %s", fault)
    connections.close_all()  # a connection is no use to two processes
    gc.collect()
    gc.freeze()


def _ask(application: Application, path: str) -> tuple[str, bytes]:
    statuses = []
    answer = application(_request(path), lambda status, *_: statuses.append(status))
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return statuses[-1], body


def _request(path: str) -> dict[str, Any]:
    site = urlsplit(settings.SITE_URL)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or {"http": 80, "https": 443}[site.scheme]),
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,  # read where a proxy is trusted
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=none",  # past the pages kept in memory, to what is to be warmed
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
