"""A site as it runs in service, and a Chromium that reports what a page should not do."""

import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.accounts import PASSWORD, create_editor

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 30

ARTICLE = "/articles/effects-of-methyl-b12-on-neuropathy/"
PAGES = {
    "home": "/",
    "article": ARTICLE,
    "topic": "/topics/vitamin-b12/",
    "visit": f"{ARTICLE}visit/",
    "glossary": "/glossary/",
    "a to z": "/articles/",
    "changes": "/changes/",
    "search": "/search/?q=pins+and+needles",
    "page": "/editorial-policy/",
    "history": f"{ARTICLE}history/",
    "standards": f"{ARTICLE}standards/",
    "reference": "/references/WATANABE-1994/",
    "404": "/no-such-page/",
    "500": "/fault/",
}
"""One of each kind of page; that of the fault is served by a site that has one (``fault.py``)."""


ACCOUNTS = {"erin": "", "edda": "Editors", "ella": "Editors", "paul": "publishers", "rhea": "Reviewers"}
"""Account and groups; no answer means Editors and Publishers."""

SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Chromium: everything here."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Site:
    """A site that listens. ``at`` gives the whole address of a kind of page or of a path."""

    url: str
    faulty_url: str
    environment: dict[str, str]

    def at(self, page: str) -> str:
        """Give the address of a kind of page, or of a path."""
        return (self.faulty_url if page == "500" else self.url) + PAGES.get(page, page)

    def manage(self, *arguments: str) -> str:
        """Run a command of ``manage.py`` on this site; give what it said."""
        return _run(self.environment, "manage.py", *arguments)


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def _database() -> Iterator[str]:
    """A ``DATABASE_URL`` of our own: a file in DATA_DIR, or a new database of the PostgreSQL that the tests run on."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    server = environ.Env.db_url_config(url)
    name = f"browser_{secrets.token_hex(6)}"
    to_server: dict[str, Any] = {
        "host": server["HOST"] or None,
        "port": server["PORT"] or None,
        "user": server["USER"] or None,
        "password": server["PASSWORD"] or None,
        "dbname": server["NAME"],
    }
    with psycopg.connect(**to_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield re.sub(r"[^/?]*(\?.*)?$", rf"{name}\1", url, count=1)
    finally:
        with psycopg.connect(**to_server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _serve(environment: dict[str, str], log: Path, *arguments: str) -> Iterator[str]:
    """Run gunicorn as the deployment does until the block ends; then it has to stop cleanly."""
    port = _free_port()
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", *arguments],
            cwd=ROOT,
            env=environment | {"PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"},
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(server, f"{url}/readyz", log)
            yield url
        finally:
            server.send_signal(signal.SIGTERM)
            ended = server.wait(timeout=START_SECONDS)
    assert ended == 0, log.read_text()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _attempt in range(START_SECONDS * 20):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=START_SECONDS):
                return
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"the site did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A new site with the shipped content, served by two workers, and beside it one that has a fault."""
    folder = tmp_path_factory.mktemp("site")
    with _database() as database_url:
        environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings",
            "WEB_CONCURRENCY": "2",
            "PYTHONWARNINGS": "default",
        }
        del environment["DJANGO_ALLOW_ASYNC_UNSAFE"]
        _run(environment, "manage.py", "prepare_database")
        _run(environment, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        log, faulty_log = folder / "gunicorn.log", folder / "faulty.log"
        faulty_arguments = ("--workers", "1", "tests.browser.fault:application")
        with (
            _serve(environment, log) as url,
            _serve(environment, faulty_log, *faulty_arguments) as faulty_url,
        ):
            yield Site(url, faulty_url, environment | {"SITE_URL": url})
            assert "Warning" not in log.read_text(), log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests; it finds no way out of this machine."""
    flags = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()


REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.reportFault(`${location.href}: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`));
"""


@dataclass
class Faults:
    """What a context did that no page of ours should do. ``expected`` starts of texts are let pass."""

    home: str
    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        """Note a fault, unless it is expected."""
        if not any(fault.startswith(words) for words in self.expected):
            self.found.append(fault)

    def watch(self, context: BrowserContext) -> None:
        """Note what happens in any page of a context."""
        context.expose_binding("reportFault", lambda _source, fault: self.add(f"policy: {fault}"))
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda said: self.add(f"console: {said.text}") if said.type == "error" else None)
        context.on("weberror", lambda error: self.add(f"error: {error.error}"))
        context.on("request", lambda request: self._see(request.url))

    def _see(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname != urlsplit(self.home).hostname:
            self.add(f"request: {url}")


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def faults(site: Site) -> Iterator[Faults]:
    """What the test's contexts did wrong: nothing, or the test fails."""
    seen = Faults(site.url)
    yield seen
    assert not seen.found, "\n".join(seen.found)


@pytest.fixture
def new_context(browser: Browser, faults: Faults) -> Iterator[NewContext]:
    """Make contexts, each like a browser of its own, with Playwright's options; all are watched."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(service_workers="block", reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        faults.watch(context)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def open_page(site: Site, new_context: NewContext, faults: Faults) -> Callable[..., Page]:
    """Open a kind of page, or a path, in a context of its own."""

    def open_one(kind: str, **options: Any) -> Page:
        if kind in {"404", "500"}:  # which Chromium reports
            faults.expected.append(f"console: Failed to load resource: the server responded with a status of {kind}")
        page = new_context(**options).new_page()
        answer = page.goto(site.at(kind))
        assert answer
        assert answer.status == (int(kind) if kind.isdigit() else 200)
        return page

    return open_one


@pytest.fixture(scope="session")
def accounts(site: Site) -> None:
    """One account for each set of groups."""
    for name, groups in ACCOUNTS.items():
        said = create_editor(site.environment, name, groups)
        assert f"Made the account {name}" in said
        assert PASSWORD not in said


@pytest.fixture
def sign_in(site: Site, accounts: None, new_context: NewContext) -> SignIn:
    """Sign in through the form, in a context of its own."""

    def sign_in_as(name: str, **options: object) -> Page:
        context = new_context(**({"viewport": {"width": 1300, "height": 900}} | options))
        page = context.new_page()
        page.goto(site.at("/admin/"))
        page.get_by_label("Username:").fill(name)
        page.get_by_label("Password:").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Articles").first).to_be_visible()
        return page

    return sign_in_as
