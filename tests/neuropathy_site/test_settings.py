"""What the settings refuse, and what they turn on, seen from a fresh process."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHOWN = """
import django, json
from django.conf import settings
django.setup()
names = "ALLOWED_HOSTS DEBUG SECURE_HSTS_SECONDS SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE".split()
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def start(data: Path, **variables: str) -> subprocess.Popen[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings",
        "DATA_DIR": str(data),
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-c", SHOWN],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def refuse(data: Path, **variables: str) -> list[str]:
    process = start(data, **variables)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    return err.splitlines()


def accept(data: Path, **variables: str) -> dict[str, object]:
    process = start(data, **variables)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    return dict(json.loads(out))


def test_it_starts_with_nothing_set_and_is_meant_for_this_machine(tmp_path: Path) -> None:
    settings = accept(tmp_path)

    assert settings["DEBUG"] is False
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert "127.0.0.1" in str(settings["ALLOWED_HOSTS"])


def test_a_public_site_starts_and_insists_on_https(tmp_path: Path) -> None:
    settings = accept(tmp_path, SITE_URL="https://example.org", SECRET_KEY=KEY)

    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] == 31_536_000
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert "example.org" in str(settings["ALLOWED_HOSTS"])


@pytest.mark.parametrize(
    ("variables", "faults"),
    [
        ({"DEBUG": "true"}, {"DEBUG='true'": "DEBUG=false"}),
        ({"ALLOWED_HOSTS": "*"}, {"ALLOWED_HOSTS='*'": "the names of the site's hosts"}),
        ({"ALLOWED_HOSTS": "a.org,.org"}, {"ALLOWED_HOSTS='a.org,.org'": "the names of the site's hosts"}),
        ({"SITE_URL": "http://example.org"}, {"SITE_URL='http://example.org'": "https://example.org"}),
        (
            {"DEBUG": "on", "ALLOWED_HOSTS": "*"},
            {"DEBUG='true'": "DEBUG=false", "ALLOWED_HOSTS='*'": "the names of the site's hosts"},
        ),
    ],
)
def test_a_public_site_refuses_what_is_unsafe(tmp_path: Path, variables: dict[str, str], faults: dict[str, str]) -> None:
    lines = refuse(tmp_path, **{"SITE_URL": "https://example.org", "SECRET_KEY": KEY} | variables)

    assert lines == [
        f"{fault} is unsafe where others can reach the site; right would be {right}" for fault, right in faults.items()
    ]


@pytest.mark.parametrize(("name", "value"), [("DEBUG", "true"), ("ALLOWED_HOSTS", "*")])
def test_a_site_that_listens_on_a_network_refuses_them_too(tmp_path: Path, name: str, value: str) -> None:
    (line,) = refuse(tmp_path, HOST="0.0.0.0", **{name: value})

    assert line.startswith(f"{name}='{value}' is unsafe where others can reach the site; ")


@pytest.mark.parametrize("address", ["https://example.org", "http://127.0.0.1:8000"])
@pytest.mark.parametrize("key", ["hunter2", "abcd" * 20, "django-insecure-" + KEY])
def test_a_weak_key_is_refused_everywhere_and_not_shown(tmp_path: Path, key: str, address: str) -> None:
    (line,) = refuse(tmp_path, SITE_URL=address, SECRET_KEY=key)

    assert line.startswith("SECRET_KEY=(not shown) is ")
    assert key not in line


def test_the_host_of_the_site_is_always_allowed(tmp_path: Path) -> None:
    settings = accept(tmp_path, HOST="0.0.0.0", ALLOWED_HOSTS="nerves.lan")

    assert settings["ALLOWED_HOSTS"] == ["nerves.lan", "127.0.0.1"]


def test_an_address_of_version_6_is_allowed_as_browsers_send_it(tmp_path: Path) -> None:
    settings = accept(tmp_path, HOST="fd00::5", SITE_URL="https://[fd00::6]")
    named = accept(tmp_path, ALLOWED_HOSTS="fd00::7,[fd00::8]")

    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]", "[fd00::5]", "[fd00::6]"]
    assert named["ALLOWED_HOSTS"] == ["[fd00::7]", "[fd00::8]", "127.0.0.1"]


def test_faults_of_all_kinds_are_told_together(tmp_path: Path) -> None:
    lines = refuse(tmp_path, PORT="http", LOG_LEVEL="loud", TIME_ZONE="Mars", REGION="nowhere")

    assert [line.partition(" is ")[0] for line in lines[:3]] == ["PORT='http'", "LOG_LEVEL='loud'", "TIME_ZONE='Mars'"]
    assert len(lines) == 4
    assert "REGION" in lines[3]
    assert "'nowhere'" in lines[3]


def test_missing_words_of_the_help_stop_the_start(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()

    (line,) = refuse(tmp_path, CONTENT_DIR=str(content))

    assert line.startswith(f"{content}/disclaimer.yaml:1: ")


def test_processes_that_start_together_make_one_key(tmp_path: Path) -> None:
    processes = [start(tmp_path / "data") for _ in range(6)]
    for process in processes:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")

    key = tmp_path / "data" / "secret_key"
    assert len(key.read_text().strip()) == 64
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert sorted(file.name for file in key.parent.iterdir()) == ["secret_key"]
