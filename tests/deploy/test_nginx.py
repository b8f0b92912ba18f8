"""deploy/nginx.conf in a real nginx, with certificate, ports and folders of the test, before a real gunicorn of ours."""

import contextlib
import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest

from tests.processes import ROOT, wait_until

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(
    not os.environ.get("CI") and not (NGINX and shutil.which("openssl")), reason="nginx or openssl is not installed"
)

ARTICLE = "/articles/effects-of-methyl-b12-on-neuropathy/"
SITE = "example.org"


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def way(self) -> str:
        """What nginx says of its cache, which stands behind what the site says of its own."""
        return self.headers.get("cache-status", "").rpartition("nginx; ")[2]


@dataclass
class Site:
    """The site behind nginx."""

    folder: Path
    ports: tuple[int, int]
    start_gunicorn: Callable[[], "subprocess.Popen[bytes]"]
    gunicorn: "subprocess.Popen[bytes]"

    def ask(self, path: str, *, method: str = "GET", source: str = "127.0.0.1", **headers: str) -> Answer:
        """Ask over https. Underscores in the names of headers stand for hyphens."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        plain = socket.create_connection(("127.0.0.1", self.ports[0]), timeout=20, source_address=(source, 0))
        connection = http.client.HTTPConnection(SITE)
        connection.sock = trusted.wrap_socket(plain, server_hostname=SITE)
        return self._ask(connection, method, path, headers)

    def ask_plainly(self, path: str, **headers: str) -> Answer:
        """Ask over http."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[1], timeout=20)
        return self._ask(connection, "GET", path, {"Host": SITE, **headers})

    def _ask(self, connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str]) -> Answer:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in {**headers, "Connection": "close"}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        lines: dict[str, str] = {}
        for name, value in answer.getheaders():
            lines[name.lower()] = ", ".join(filter(None, [lines.get(name.lower()), value]))
        found = Answer(answer.status, lines, answer.read())
        connection.close()
        return found


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def configure(folder: Path, ports: list[int]) -> Path:
    """Write nginx's own configuration around ours, with what the test has in place of the lines that each site changes."""
    https, plain, behind = ports
    ours = (ROOT / "deploy" / "nginx.conf").read_text()
    ours = re.sub(r"^ *listen \[::\].*\n", "", ours, flags=re.MULTILINE)
    for written, meant in {
        "listen 443": f"listen 127.0.0.1:{https}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
        "/etc/ssl/example.org.pem": f"{folder}/cert.pem",
        "/etc/ssl/example.org.key": f"{folder}/key.pem",
        "/var/lib/nginx/neuropathy": f"{folder}/cache",
        "/var/log/nginx/neuropathy.log": f"{folder}/nginx.log",
    }.items():
        assert written in ours, written
        ours = ours.replace(written, meant)
    (folder / "neuropathy.conf").write_text(ours)
    kinds = "client_body proxy fastcgi uwsgi scgi".split()
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""  # else the workers could not read the test's folder
    main = folder / "nginx.conf"
    main.write_text(
        f"{user}\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log warn;\nevents {{}}\n"
        f"http {{\n{temporary}include {folder}/neuropathy.conf;\n}}\n"
    )
    return main


def make_certificate(folder: Path) -> None:
    subject = ["-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE}"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", *kind, *subject, *files], check=True, capture_output=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    ports = free_ports(3)
    make_certificate(folder)
    environment = os.environ | {
        "DATA_DIR": str(folder / "var"),
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings",
        "PORT": str(ports[2]),
        "SCHEDULER": "false",
        "SITE_URL": f"https://{SITE}",
        "TRUST_PROXY": "true",
        "WEB_CONCURRENCY": "2",
        "WORKER_CLASS": "gthread",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    for command in (["prepare_database"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    assert NGINX is not None
    log = folder / "gunicorn.log"
    with log.open("w") as written, contextlib.ExitStack() as stack:

        def start(*command: str) -> "subprocess.Popen[bytes]":
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=subprocess.STDOUT)
            stack.enter_context(process)
            stack.callback(process.send_signal, signal.SIGINT)
            return process

        def start_gunicorn() -> "subprocess.Popen[bytes]":
            before = log.read_text().count("The site is at")
            process = start(
                sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "tests.slow_application:application"
            )
            wait_until(lambda: log.read_text().count("The site is at") > before, "gunicorn starts")
            return process

        start(NGINX, "-c", str(configure(folder, ports)), "-p", str(folder), "-e", str(folder / "nginx.log"))
        found = Site(folder, (ports[0], ports[1]), start_gunicorn, start_gunicorn())
        wait_until(lambda: _answers(found), "nginx starts")
        yield found
    assert "Traceback" not in log.read_text()


def _answers(site: Site) -> bool:
    with contextlib.suppress(OSError):
        return site.ask("/healthz").status == 200
    return False


def test_the_configuration_is_as_nginx_likes_it(site: Site) -> None:
    said = (site.folder / "nginx.log").read_text()
    assert not [line for line in said.splitlines() if "http2" not in line], "newer versions want HTTP/2 asked for otherwise"


def test_a_page_comes_over_https_with_its_own_headers(site: Site) -> None:
    answer = site.ask(ARTICLE)
    assert answer.status == 200
    assert answer.headers["strict-transport-security"]
    assert "default-src" in answer.headers["content-security-policy"]
    assert answer.headers["server"] == "nginx"
    assert b"<h1" in answer.body


def test_http_2_is_spoken(site: Site) -> None:
    trusted = ssl.create_default_context(cafile=str(site.folder / "cert.pem"))
    trusted.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", site.ports[0]), timeout=20) as plain,
        trusted.wrap_socket(plain, server_hostname=SITE) as wrapped,
    ):
        assert wrapped.selected_alpn_protocol() == "h2"
        assert wrapped.version() == "TLSv1.3"


def test_http_leads_to_https(site: Site) -> None:
    answer = site.ask_plainly("/articles/?page=2")
    assert (answer.status, answer.headers["location"]) == (301, f"https://{SITE}/articles/?page=2")


def test_the_second_request_is_answered_from_the_cache(site: Site) -> None:
    first, second = site.ask("/glossary/"), site.ask("/glossary/")
    assert (first.way, second.way) == ("fwd=uri-miss", "hit")
    assert first.body == second.body
    assert second.headers["cache-control"] == "max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=60"
    assert second.headers["etag"].startswith('"')


def test_each_encoding_is_kept_apart(site: Site) -> None:
    path = "/references/"
    plain = site.ask(path)
    for _again in range(2):
        for accepted, encoding in {
            "gzip, deflate, br, zstd": "br",
            "br;q=0, gzip": "gzip",
            "gzip;q=1.0, br;q=0.00": "gzip",
            "br;q=0": "",
            "identity": "",
            "gzip;q=0.5": "gzip",
            "embroidery": "",
            "gzip, identity;q=0": "gzip",
        }.items():
            answer = site.ask(path, Accept_Encoding=accepted)
            assert answer.headers.get("content-encoding", "") == encoding, accepted
            unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
            assert unpack(answer.body) == plain.body, accepted
    assert site.ask(path, Accept_Encoding="gzip").way == "hit"
    assert site.ask(path, Accept_Encoding="br").way == "hit"
    assert site.ask(path, Accept_Encoding="gzip, identity;q=0").way == "fwd=bypass"


def test_an_address_that_ends_like_an_encoding_is_another(site: Site) -> None:
    assert site.ask("/topics/", Accept_Encoding="br").status == 200
    assert site.ask("/topics/br").status != 200


def test_people_who_are_signed_in_get_past_the_cache(site: Site) -> None:
    site.ask("/articles/")
    assert site.ask("/articles/").way == "hit"
    signed_in = site.ask("/articles/", Cookie="a=b; sessionid=abc")
    assert signed_in.way == "fwd=bypass"
    assert "s-maxage" not in signed_in.headers["cache-control"]
    assert site.ask("/articles/").way == "hit"


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    tag = site.ask(ARTICLE).headers["etag"]
    answer = site.ask(ARTICLE, If_None_Match=tag)
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == tag


def test_head_is_answered_without_a_body(site: Site) -> None:
    answer = site.ask(ARTICLE, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) == len(site.ask(ARTICLE).body)


def test_searches_are_kept_nowhere(site: Site) -> None:
    for _again in range(2):
        answer = site.ask("/search/?q=unmistakable")
        assert (answer.status, answer.headers["cache-control"], answer.way) == (200, "no-store", "fwd=uri-miss")
    assert not [path for path in (site.folder / "cache").rglob("*") if path.is_file() and b"unmistakable" in path.read_bytes()]
    assert "unmistakable" not in (site.folder / "nginx.log").read_text()


def test_what_a_reader_says_of_the_way_here_does_not_get_through(site: Site) -> None:
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "http", "X_Forwarded_Host": "evil.example"}
    told = json.loads(site.ask("/forwarded", **forged, Forwarded="for=203.0.113.9").body)
    assert told == {"HTTP_HOST": SITE, "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}
    assert site.ask("/", **forged).status == 200


def test_other_hosts_get_nothing(site: Site) -> None:
    assert site.ask("/", Host="evil.example").status == 421
    assert site.ask_plainly("/", Host="evil.example").status == 421
    stranger = ssl.create_default_context()
    with socket.create_connection(("127.0.0.1", site.ports[0]), timeout=20) as plain, pytest.raises(ssl.SSLError):
        stranger.wrap_socket(plain, server_hostname="evil.example")


def test_static_files_last_and_come_compressed(site: Site) -> None:
    style = re.search(rb'href="(/static/site\.[0-9a-f]+\.css)"', site.ask("/").body)
    assert style is not None
    for encoding in ("br", "gzip", ""):
        answers = [site.ask(style[1].decode(), Accept_Encoding=encoding) for _again in range(2)]
        assert answers[1].way == "hit"
        assert answers[1].headers.get("content-encoding", "") == encoding
        assert "immutable" in answers[1].headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        *("/var/site.sqlite3", "/static/../site.sqlite3", "/static/%2e%2e/secret_key", "/static/..%2fsecret_key", "/.git/config"),
        *("/static/staticfiles.json/", "/static//../../manage.py", "/manage.py", "/static/", "/deploy/nginx.conf"),
    ],
)
def test_nothing_internal_is_served(site: Site, path: str) -> None:
    assert site.ask(path).status in {400, 404}


def test_too_much_is_refused(site: Site) -> None:
    body = b"x" * (2 * 1024 * 1024 + 1)
    assert site.ask(f"{ARTICLE}feedback/", method="POST", Content_Length=str(len(body))).status == 413


@pytest.mark.parametrize("status", ["503 Service Unavailable", "410 Gone"])
def test_what_the_site_shows_no_more_is_shown_as_long_as_it_said_and_no_longer(site: Site, status: str) -> None:
    file = site.folder / "var" / "status"
    try:
        assert {site.ask(path).status for path in ("/brief?60", "/brief?0")} == {200}
        time.sleep(2.1)  # nginx counts whole seconds
        file.write_text(status)
        answers = [site.ask("/brief?60") for _again in range(2)]
        assert {(answer.status, answer.way) for answer in answers} == {(200, "hit; detail=stale")}
        assert site.ask("/brief?0").status == int(status[:3])
    finally:
        file.unlink(missing_ok=True)
    time.sleep(2.1)  # nginx counts whole seconds


def test_who_asks_too_often_is_refused(site: Site) -> None:
    statuses = [site.ask("/admin/login/", source="127.0.0.2").status for _again in range(15)]
    assert statuses[:10] == [200] * 10
    assert 429 in statuses
    assert site.ask("/", source="127.0.0.2").status == 200
    assert site.ask("/admin/login/").status == 200
    assert 429 in [site.ask("/search/?q=b12", source="127.0.0.2").status for _again in range(60)]


def test_pages_are_shown_while_gunicorn_is_away(site: Site) -> None:
    assert {site.ask(path).status for path in ("/brief?90", "/brief?0", ARTICLE)} == {200}
    time.sleep(2.1)  # nginx counts whole seconds
    site.gunicorn.send_signal(signal.SIGTERM)
    assert site.gunicorn.wait(timeout=20) == 0
    try:
        for _again in range(2):
            answer = site.ask("/brief?90")
            assert (answer.status, answer.body, answer.way) == (200, b"200 OK", "hit; detail=stale")
        assert site.ask(ARTICLE).status == 200
        assert [site.ask(path).status for path in ("/brief?0", "/no-such-page/")] == [502, 502]
        assert "127.0.0.1" not in (site.folder / "nginx.log").read_text()
    finally:
        site.gunicorn = site.start_gunicorn()
