"""Files that machines ask for by name."""

import re
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from articles.views import machine_files

ROOT = Path(__file__).parent.parent.parent
CSS = (ROOT / "static/site.css").read_text()


def lines(path: str) -> list[str]:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert not answer.cookies
    text = answer.content.decode("ascii")
    assert text.endswith("\n")
    return text.splitlines()


def set_contact(settings: LazySettings, contact: str) -> None:
    settings.SITE = settings.SITE | {"contact": contact}


def side_of(data: bytes) -> int:
    """Give how wide and high a picture is; an ``.ico`` holds a PNG."""
    start = data.index(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", data[start + 16 : start + 24])
    assert width == height
    return int(width)


def security(settings: LazySettings, contact: str = "security@example.org") -> dict[str, str]:
    set_contact(settings, contact)
    return dict(line.split(": ", 1) for line in lines("/.well-known/security.txt"))


def test_crawlers_may_read_all_but_the_desk_and_what_has_no_end() -> None:
    robots = RobotFileParser()
    robots.parse(lines("/robots.txt"))
    assert robots.site_maps() == ["http://127.0.0.1:8000/sitemap.xml"]
    for path in ("/", "/articles/b12/", "/articles/b12/history/", "/references/RATS-1994/", "/changes/feed/", "/static/site.css"):
        assert robots.can_fetch("anybody", path)
    for path in ("/admin/", "/admin/login/", "/search/?q=feet"):
        assert not robots.can_fetch("anybody", path)
    assert "Disallow: /*/history/compare/" in lines("/robots.txt")  # Python's parser knows no stars; RFC 9309 does


def test_security_txt_says_whom_to_tell_and_until_when(settings: LazySettings) -> None:
    said = security(settings)
    assert said["Contact"] == "mailto:security@example.org"
    assert said["Preferred-Languages"] == "en"
    assert said["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    assert re.fullmatch(r"\d{4}-\d\d-01T00:00:00Z", said["Expires"])
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert 150 < left.days < 190


@pytest.mark.parametrize(("month", "expires"), [(1, "2026-07-01"), (6, "2026-12-01"), (7, "2027-01-01"), (12, "2027-06-01")])
def test_security_txt_changes_once_a_month(settings: LazySettings, monkeypatch: Any, month: int, expires: str) -> None:
    for day in (1, 28):
        monkeypatch.setattr(machine_files.timezone, "now", lambda day=day: datetime(2026, month, day, 23, tzinfo=UTC))
        assert security(settings)["Expires"] == f"{expires}T00:00:00Z"


def test_security_txt_takes_a_web_address_that_the_rules_allow(settings: LazySettings) -> None:
    assert security(settings, "https://example.org/contact@us")["Contact"] == "https://example.org/contact@us"


@pytest.mark.parametrize("contact", ["not set", "http://example.org/contact"])
def test_security_txt_is_not_found_without_a_contact(settings: LazySettings, contact: str) -> None:
    set_contact(settings, contact)
    assert Client().get("/.well-known/security.txt").status_code == 404


def test_the_manifest_names_the_site_and_icons_that_are_there() -> None:
    answer = Client().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert said["name"] == "Neuropathy, plainly"
    assert said["start_url"] == said["scope"] == "/"
    assert {icon.get("purpose") for icon in said["icons"]} == {None, "maskable"}
    for icon in said["icons"]:
        data = (ROOT / "static/root" / icon["src"].lstrip("/")).read_bytes()
        assert icon["sizes"] == "{0}x{0}".format(side_of(data))


def test_its_colours_are_those_of_the_pages_and_of_the_icon() -> None:
    said = Client().get("/manifest.webmanifest").json()
    assert f"--paper:{said['background_color']};" in CSS
    assert f"--deep:{said['theme_color']};" in CSS
    assert f'fill="{said["theme_color"]}"' in (ROOT / "static/icon.svg").read_text()


@pytest.mark.parametrize(
    ("name", "size"), [("favicon.ico", 32), ("apple-touch-icon.png", 180), ("icon-192.png", 192), ("icon-512.png", 512)]
)
def test_icons_stand_where_browsers_ask_for_them(name: str, size: int) -> None:
    answer = Client().get(f"/{name}")
    assert answer.status_code == 200
    data = b"".join(answer)
    assert len(data) < 4_000
    assert side_of(data) == size


def test_machines_that_ask_to_write_are_told_no() -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/manifest.webmanifest", "/changes/new/feed/"):
        assert Client().post(path).status_code == 405
