"""Real processes on the database of the test that starts them, which has to commit what they are to see."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 20


def environment(**variables: str) -> dict[str, str]:
    """Give an environment in which the site runs on the test's database."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = re.sub(r"[^/?]*(\?.*)?$", rf"{name}\1", os.environ["DATABASE_URL"], count=1)
    ours = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings", "DATA_DIR": str(settings.DATA_DIR)}
    return os.environ | ours | {"PYTHONWARNINGS": "default"} | variables


@contextlib.contextmanager
def running(*arguments: str, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """Run Python with ``arguments`` until the block ends; what still runs then is killed."""
    usual: dict[str, Any] = {"env": environment(), "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, text=True, **usual | options) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(is_so: Callable[[], Any], what: str) -> None:
    """Wait until something is so; fail when it takes too long."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.05)
