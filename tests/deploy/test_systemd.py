"""The units in deploy/ are right and closed, as systemd itself judges them; it need not run for that."""

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
MOST_EXPOSED = 20
"""What ``systemd-analyze security`` may say at most, of 100; a unit without a sandbox has 96."""

PYTHON = "/srv/neuropathy/.venv/bin/python"
SANDBOX = "# What it may reach"
WRITTEN = re.compile(r"^ReadWritePaths=.*$", re.MULTILINE)
needs_systemd = pytest.mark.skipif(
    not os.environ.get("CI") and not shutil.which("systemd-analyze"), reason="systemd is not installed"
)


def analyse(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SYSTEMD_PAGER": "", "LC_ALL": "C.UTF-8"}
    return subprocess.run(["systemd-analyze", *arguments], env=environment, capture_output=True, text=True, check=False)


def commands(unit: Path) -> list[str]:
    return re.findall(r"^Exec\w+=(.+)$", unit.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the units as they would be here: another Python, and the user and folder of this machine."""
    folder = tmp_path_factory.mktemp("units")
    for unit in UNITS:
        text = unit.read_text().replace(PYTHON, sys.executable).replace("/srv/neuropathy", str(ROOT))
        (folder / unit.name).write_text(text)
    return folder


@needs_systemd
def test_systemd_finds_nothing_to_say_against_a_unit(copies: Path) -> None:
    told = analyse("verify", "--man=no", *(str(copies / unit.name) for unit in UNITS))
    assert not [line for line in (told.stdout + told.stderr).splitlines() if "neuropathy" in line]  # others are not ours to mend
    assert told.returncode == 0


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_reaches_little(copies: Path, unit: Path) -> None:
    told = analyse("security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(copies / unit.name))
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Overall exposure level" in told.stdout


def test_there_are_the_units_that_the_guide_names() -> None:
    guide = (DEPLOY / "README.md").read_text()
    for unit in UNITS:
        assert unit.stem in guide
    assert set(re.findall(r"\bneuropathy-[a-z]+\.(?:service|timer)\b", guide)) <= {unit.name for unit in UNITS}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_each_command_is_one_that_there_is(unit: Path) -> None:
    assert commands(unit)
    for command in commands(unit):
        for name in re.findall(r"manage\.py (\w+)", command):
            assert get_commands()[name] == "articles"
        for file in re.findall(r" -c (\S+\.py)", command):
            assert (ROOT / file).is_file()
        program = command.split()[0]
        assert program == PYTHON or shutil.which(program)


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".timer"], ids=lambda unit: unit.name)
def test_each_timer_has_its_service_which_ends(unit: Path) -> None:
    assert "Type=oneshot" in unit.with_suffix(".service").read_text()
    assert "WantedBy=timers.target" in unit.read_text()


def test_all_services_have_the_same_sandbox() -> None:
    ways = {WRITTEN.sub("", unit.read_text().partition(SANDBOX)[2]).partition("\n\n[")[0].rstrip() for unit in SERVICES}
    assert len(ways) == 1
    assert all(ways)


def test_what_is_written_to_is_what_the_guide_makes() -> None:
    """A folder that is missing stops the start of a unit."""
    guide = (DEPLOY / "README.md").read_text()
    for unit in SERVICES:
        folders = WRITTEN.findall(unit.read_text())[0].partition("=")[2].split()
        assert set(folders) <= {"/srv/neuropathy/var", "/var/backups/neuropathy"}
    assert "install -d -o neuropathy -g neuropathy -m 700 /var/backups/neuropathy" in guide


def test_the_timers_of_days_catch_up() -> None:
    for name in ("sources", "backup"):
        parser = ConfigParser(strict=False)
        parser.read(DEPLOY / f"neuropathy-{name}.timer")
        assert dict(parser["Timer"]) == {"oncalendar": "daily", "randomizeddelaysec": "1h", "persistent": "true"}
