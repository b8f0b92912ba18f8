"""Makes accounts as an operator does: by answering the prompts of ``manage.py create_editor`` on a terminal."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "willow-harbour-lantern"


def create_editor(environment: Mapping[str, str], name: str, groups: str) -> str:
    """Make an account with ``PASSWORD``, in ``groups`` (parted by commas; empty for the default). Give what was printed."""
    answers = [
        ("Account name: ", name),
        ("(may be empty): ", f"{name.title()} Example"),
        ("(may be empty): ", f"{name}@example.org"),
        ("]: ", groups),
        ("Password: ", PASSWORD),
        ("Password again: ", PASSWORD),
    ]
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        ["setsid", "--ctty", "--wait", sys.executable, "manage.py", "create_editor"],
        cwd=ROOT,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = _converse(ours, answers)
    os.close(ours)
    assert command.wait(timeout=30) == 0, said
    return said


def _converse(terminal: int, answers: Sequence[tuple[str, str]]) -> str:
    said, seen = "", 0
    for prompt, answer in answers:
        while prompt not in said[seen:]:
            said += _read(terminal, said)
        seen = len(said)
        os.write(terminal, f"{answer}\n".encode())
    while True:
        try:
            said += os.read(terminal, 4096).decode()
        except OSError:  # the other end is closed
            return said


def _read(terminal: int, said: str) -> str:
    try:
        return os.read(terminal, 4096).decode()
    except OSError:
        raise AssertionError(f"the command ended early: {said}") from None
