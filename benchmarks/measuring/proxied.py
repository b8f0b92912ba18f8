"""A cached article through nginx's cache, as deploy/nginx.conf sets it up, against nginx with the same answer as a file."""

import contextlib
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
TLS = re.compile(r"^ *(ssl_(?!certificate)[^#\n]*;)", re.MULTILINE)
"""What deploy/nginx.conf says of https; both sides are told the same."""
CHANGING = frozenset({"cache-status"})
"""What nginx says of its cache is another word each ten seconds, when it asks whether the page is still the same."""


@dataclass(frozen=True)
class Ports:
    """Where a server listens: for what is not encrypted, and for https."""

    plain: int
    https: int


def measure(site: Site, options: Options) -> list[Figure]:
    """Give the ratios of capacity, over https and without; the CPU time of nginx and gunicorn together."""
    require("wrk")
    nginx = require("nginx")
    certificate = _make_certificate(site.folder)
    pairs: defaultdict[str, Pair] = defaultdict(lambda: Pair([], []))
    for start in range(options.rounds(STARTS)):
        with _cached(site, nginx, certificate) as ours:
            for encoding, headers in ENCODINGS.items():
                answer = read_answer(fetch(replace(ours[0], headers=headers)))
                with _static(site, nginx, certificate, answer) as base:
                    for one, other in zip(ours, base, strict=True):
                        variant = f"{encoding}, {'https' if one.is_https else 'http'}"
                        with options.timed(f"nginx, {variant}, start {start + 1}"):
                            pairs[variant] += _compare(one, other, headers, options)
    return [Figure("nginx", pair.words()[0], pair.capacity(), pair.words()[1], variant) for variant, pair in pairs.items()]


def _compare(ours: Target, base: Target, headers: tuple[str, ...], options: Options) -> Pair:
    ours, base = replace(ours, headers=headers), replace(base, headers=headers)
    require_same(ours, base, but_for=CHANGING)
    return compare(ours, base, rounds=2, seconds=options.seconds(2))


def for_this_machine(text: str, ports: Ports, behind: int, folder: Path, certificate: str) -> str:
    """Give the first server of deploy/nginx.conf, listening without https too: that costs both sides the same, and hides some of
    what they differ by. ``certificate`` is what nginx is told of it. Raises Fault when the file does not look as expected.
    """
    ours, gap, _others = text.partition("\nserver {\n    listen 80;")
    changes = {
        r"127\.0\.0\.1:8000": f"127.0.0.1:{behind}",
        r"listen 443 ssl http2;": _listen(ports),
        r" *listen \[::\]:443.*\n": "",
        r" *ssl_certificate  .*\n": "",
        r" *ssl_certificate_key .*\n": certificate,
        r"server_name example\.org;": "server_name 127.0.0.1;",
        r"/var/lib/nginx/neuropathy\b": f"{folder}/cache",
        r"/var/log/nginx/neuropathy\.log": f"{folder}/nginx.log",
    }
    for written, meant in changes.items():
        ours, count = re.subn(written, meant, ours)
        if not (gap and count):
            raise Fault(f"deploy/nginx.conf has no {written} before its second server")
    return ours


def _listen(ports: Ports) -> str:
    return f"listen 127.0.0.1:{ports.plain};\n    listen 127.0.0.1:{ports.https} ssl http2;"


def _make_certificate(folder: Path) -> str:
    """Make a certificate as sites have them; gives what nginx is told of it."""
    key, chain = folder / "key.pem", folder / "chain.pem"
    made = [require("openssl"), *"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1".split()]
    subprocess.run([*made, "-keyout", key, "-out", chain], check=True, capture_output=True)  # noqa: S603
    return f"    ssl_certificate {chain};\n    ssl_certificate_key {key};\n"


def _targets(ports: Ports, *pids: int) -> tuple[Target, Target]:
    return Target(pids, ports.https, ARTICLE, is_https=True), Target(pids, ports.plain, ARTICLE)


@contextlib.contextmanager
def _cached(site: Site, nginx: str, certificate: str) -> Iterator[tuple[Target, Target]]:
    ports = Ports(free_port(), free_port())
    with site.served(WORKER_CLASS="gthread", SITE_URL=f"http://127.0.0.1:{ports.plain}") as behind:
        fetch(behind)  # so that nginx is told of a page from memory
        text = for_this_machine((ROOT / "deploy/nginx.conf").read_text(), ports, behind.port, site.folder, certificate)
        with _nginx(nginx, site.folder / "proxy", text, ports) as pid:
            yield _targets(ports, pid, *behind.pids)


@contextlib.contextmanager
def _static(site: Site, nginx: str, certificate: str, answer: Answer) -> Iterator[tuple[Target, Target]]:
    folder = site.folder / "static-file"
    folder.mkdir(exist_ok=True)
    (folder / "page").write_bytes(answer.body)
    ports = Ports(free_port(), free_port())
    with _nginx(nginx, folder, _static_server(answer, folder, ports, certificate), ports) as pid:
        yield _targets(ports, pid)


def _static_server(answer: Answer, folder: Path, ports: Ports, certificate: str) -> str:
    added = [(name, value) for name, value in answer.headers if name.lower() not in OWN]
    headers = "".join(f"    add_header {name} {_quote(value)};\n" for name, value in added)
    return f"""
server {{
    {_listen(ports)}
{certificate}    {" ".join(TLS.findall((ROOT / "deploy/nginx.conf").read_text().partition("access_log")[0]))}
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
def _nginx(nginx: str, folder: Path, servers: str, ports: Ports) -> Iterator[int]:
    """Run nginx with one worker for one core, as whoever runs this."""
    folder.mkdir(exist_ok=True)
    kinds = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # else its worker could not read the folder
    first = f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/nginx.log crit;\nevents {{}}\n"
    configuration.write_text(f"{first}http {{\nsendfile on;\ntcp_nopush on;\n{kinds}{servers}\n}}\n")
    with running(
        [nginx, "-p", folder, "-e", folder / "nginx.log", "-c", configuration], {}, ports.plain, folder / "out.log"
    ) as pid:
        yield pid
