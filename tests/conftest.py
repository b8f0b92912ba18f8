"""What every test may ask for."""

import shutil

import pytest
from hypothesis import settings

# The same examples on every run and machine, and no clock: a slow machine is not a fault.
settings.register_profile("site", deadline=None, derandomize=True)
settings.load_profile("site")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the installed Chromium. Tests that ask for it bear the mark ``browser``."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("There is no Chromium; `make test` installs it where it may, or leaves the browser tests out.")
