"""A cached article through nginx's cache, as deploy/nginx.conf sets it up, against nginx with the same answer as a file."""

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.measuring.answers import Answer, read_answer
from benchmarks.measuring.figures import Fault, Figure
from benchmarks.measuring.options import Options
from benchmarks.measuring.servers import ROOT, Pair, Target, compare, free_port, require, running
from benchmarks.measuring.sites import ARTICLE, Site, fetch, require_same

ENCODINGS = {"identity": (), "gzip": ("Accept-Encoding: gzip",)}
OWN = frozenset({"server", "date", "connection", "content-length", "content-type"})
"""Headers that nginx writes by itself for a file."""
STARTS = 6
"""So often both are started anew: of two nginx that are told the same, one takes a tenth more than the other until it ends."""
CHANGING = frozenset({"cache-status"})
"""What nginx says of its cache is another word each ten seconds, when it asks whether the page is still the same."""


def measure(site: Site, options: Options) -> list[Figure]:
    """Give the ratios of capacity; the CPU time of nginx and gunicorn together, over plain http on both sides."""
    require("wrk")
    nginx = require("nginx")
    pairs = {encoding: Pair([], []) for encoding in ENCODINGS}
    for start in range(options.rounds(STARTS)):
        with _cached(site, nginx) as ours:
            for encoding, headers in ENCODINGS.items():
                target = replace(ours, headers=headers)
                with _static(site, nginx, read_answer(fetch(target))) as static:
                    base = replace(static, headers=headers)
                    require_same(target, base, but_for=CHANGING)
                    with options.timed(f"nginx, {encoding}, start {start + 1}"):
                        pairs[encoding] += compare(target, base, rounds=2, seconds=options.seconds(2))
    return [Figure("nginx", pair.words()[0], pair.capacity(), pair.words()[1], encoding) for encoding, pair in pairs.items()]


def without_https(text: str, port: int, behind: int, folder: Path) -> str:
    """Give deploy/nginx.conf for a plain port on this machine: TLS would cost both sides the same and hide what they differ by.

    Raises Fault when it does not look as expected.
    """
    ours, gap, _others = text.partition("\nserver {\n    listen 80;")
    changes = {
        r"127\.0\.0\.1:8000": f"127.0.0.1:{behind}",
        r"listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        r" *listen \[::\]:443.*\n": "",
        r" *ssl_.*\n": "",
        r"server_name example\.org;": "server_name 127.0.0.1;",
        r"/var/lib/nginx/neuropathy\b": f"{folder}/cache",
        r"/var/log/nginx/neuropathy\.log": f"{folder}/nginx.log",
    }
    for written, meant in changes.items():
        ours, count = re.subn(written, meant, ours)
        if not (gap and count):
            raise Fault(f"deploy/nginx.conf has no {written} before its second server")
    return ours


@contextlib.contextmanager
def _cached(site: Site, nginx: str) -> Iterator[Target]:
    port = free_port()
    with site.served(WORKER_CLASS="gthread", SITE_URL=f"http://127.0.0.1:{port}") as behind:
        fetch(behind)  # so that nginx is told of a page from memory
        text = without_https((ROOT / "deploy/nginx.conf").read_text(), port, behind.port, site.folder)
        with _nginx(nginx, site.folder / "proxy", text, port) as pid:
            yield Target((pid, *behind.pids), port, ARTICLE)


@contextlib.contextmanager
def _static(site: Site, nginx: str, answer: Answer) -> Iterator[Target]:
    folder = site.folder / "static-file"
    folder.mkdir(exist_ok=True)
    (folder / "page").write_bytes(answer.body)
    port = free_port()
    with _nginx(nginx, folder, _static_server(answer, folder, port), port) as pid:
        yield Target((pid,), port, ARTICLE)


def _static_server(answer: Answer, folder: Path, port: int) -> str:
    added = [(name, value) for name, value in answer.headers if name.lower() not in OWN]
    headers = "".join(f"    add_header {name} {_quote(value)};\n" for name, value in added)
    return f"""
server {{
    listen 127.0.0.1:{port};
    server_tokens off;
    access_log off;
    error_log {folder}/nginx.log crit;
    etag off;
    max_ranges 0;
    default_type "{answer.header("Content-Type")}";
    add_header Last-Modified "";
{headers}
    location / {{ root {folder}; try_files /page =404; }}
}}
"""


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextlib.contextmanager
def _nginx(nginx: str, folder: Path, servers: str, port: int) -> Iterator[int]:
    """Run nginx with one worker for one core, as whoever runs this."""
    folder.mkdir(exist_ok=True)
    kinds = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # else its worker could not read the folder
    first = f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/nginx.log crit;\nevents {{}}\n"
    configuration.write_text(f"{first}http {{\nsendfile on;\ntcp_nopush on;\n{kinds}{servers}\n}}\n")
    with running([nginx, "-p", folder, "-e", folder / "nginx.log", "-c", configuration], {}, port, folder / "out.log") as pid:
        yield pid
