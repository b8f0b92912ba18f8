"""Raw answers of a server: getting one over a socket, reading it, and comparing two to the byte."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TIMEOUT = 30
HOPS = frozenset({"date"})
"""What may differ between two answers that are the same: when they were given."""


@dataclass(frozen=True)
class Answer:
    """An answer as it came: the status line without the protocol, all headers in their order, and the body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Give the value of a header, or ""."""
        return next((value for found, value in self.headers if found.lower() == name.lower()), "")


def read_answer(raw: bytes) -> Answer:
    """Read an answer with a ``Content-Length`` or without a body. Raises ValueError for one that is cut short or no HTTP."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    protocol, _space, status = first.partition(" ")
    if not gap or not protocol.startswith("HTTP/1."):
        raise ValueError(f"this is no answer: {raw[:80]!r}")
    headers = tuple((name, value.strip()) for name, _colon, value in (line.partition(":") for line in lines))
    answer = Answer(status, headers, body)
    if body and len(body) != int(answer.header("Content-Length") or -1):
        raise ValueError(f"a body of {len(body)} bytes, and Content-Length: {answer.header('Content-Length')}")
    return answer


def find_differences(one: Answer, other: Answer, *, but_for: frozenset[str] = frozenset()) -> list[str]:
    """Say how two answers differ: status, body, and each header but ``Date``, those named in ``but_for``, and their order."""
    differences = []
    if one.status != other.status:
        differences.append(f"status {one.status!r} and {other.status!r}")
    passed_over = HOPS | but_for
    mine, theirs = (
        sorted((name.lower(), value) for name, value in answer.headers if name.lower() not in passed_over)
        for answer in (one, other)
    )
    differences += [f"only in the first: {name}: {value}" for name, value in mine if (name, value) not in theirs]
    differences += [f"only in the second: {name}: {value}" for name, value in theirs if (name, value) not in mine]
    if not differences and mine != theirs:
        differences.append("a header is sent more often by one")
    if one.body != other.body:
        differences.append(f"bodies of {len(one.body)} and {len(other.body)} bytes")
    return differences


def ask(port: int, path: str, headers: dict[str, str] | None = None, *, is_https: bool = False) -> bytes:
    """Ask a server on this machine, keeping the connection as a browser does; gives the raw answer. Raises OSError."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    raw = b""
    with _connect(port, is_https=is_https) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        while not _is_whole(raw):
            part = client.recv(65_536)
            if not part:
                break
            raw += part
    return raw


@contextlib.contextmanager
def _connect(port: int, *, is_https: bool) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as plain:
        if not is_https:
            yield plain
            return
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # a certificate that the benchmark made for itself
        with context.wrap_socket(plain) as wrapped:
            yield wrapped


def save(raw: bytes, path: Path) -> Path:
    """Keep a raw answer in a file; gives the file."""
    path.write_bytes(raw)
    return path


def _is_whole(raw: bytes) -> bool:
    head, gap, body = raw.partition(b"\r\n\r\n")
    if not gap:
        return False
    if head.split(b" ", 2)[1] == b"304":
        return True
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return bool(lengths) and len(body) >= int(lengths[0])
