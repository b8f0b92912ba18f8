"""A server on this machine that plays Crossref."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = tuple[int, dict[str, str], bytes | float]
"""Status, headers, and the body, or how many seconds to keep silent."""


def ok(value: Any) -> Answer:
    """Answer with JSON."""
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


def work(doi: str, *updated_by: dict[str, Any]) -> Answer:
    """Answer as ``/works/<doi>`` does."""
    return ok({"status": "ok", "message-type": "work", "message": {"DOI": doi, "updated-by": list(updated_by)}})


def updates(doi: str, *kinds: str, notice: str = "10.5555/notice") -> Answer:
    """Answer as ``/works?filter=updates:<doi>`` does, with a notice for each of ``kinds``."""
    items = [
        {"DOI": notice, "update-to": [{"DOI": doi, "type": kind, "updated": {"date-parts": [[2016, 11, 2]]}}]} for kind in kinds
    ]
    return ok({"status": "ok", "message-type": "work-list", "message": {"total-results": len(items), "items": items}})


class PlayedCrossref:
    """What it answers, by ``work <doi>`` and ``updates <doi>``: in turn, the last again and again; and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.url = ""
        self.stopping = threading.Event()

    def knows(self, doi: str, *kinds: str) -> None:
        """Answer on a work, in both directions, with these kinds of notices in ``update-to``."""
        self.answers |= {f"work {doi}": [work(doi)], f"updates {doi}": [updates(doi, *kinds)]}

    def answer(self, question: str) -> Answer:
        """Give the next answer to a question."""
        self.asked.append(question)
        answers = self.answers.get(question, [(404, {}, b"Resource not found.")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _question(path: str) -> str:
    parts = urlsplit(path)
    if parts.path == "/works":
        return "updates " + parse_qs(parts.query)["filter"][0].removeprefix("updates:")
    assert "/" not in parts.path.removeprefix("/works/"), "the DOI is to be one part of the path"
    return "work " + unquote(parts.path.removeprefix("/works/"))


@contextmanager
def played() -> Iterator[PlayedCrossref]:
    """Serve until the end of the block."""
    crossref = PlayedCrossref()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # an answer in one piece, else each waits for an acknowledgement

        def do_GET(self) -> None:  # noqa: N802 - the name is the library's
            crossref.agents.add(self.headers["User-Agent"])
            status, headers, body = crossref.answer(_question(self.path))
            if isinstance(body, float):
                crossref.stopping.wait(body)
                body = b"{}"
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # the client had enough
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    crossref.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield crossref
    finally:
        crossref.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
