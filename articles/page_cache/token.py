"""A few bytes that all processes of a host share: they change when something that readers see has changed.

Looking at them costs a tenth of a microsecond, so each request can. Processes on other hosts learn of it from the database.
"""

import logging
import mmap
import time
from functools import cache
from pathlib import Path

from django.conf import settings

NAME = "page_version"
LENGTH = 8

logger = logging.getLogger(__name__)


class Token:
    """The bytes in a file that is mapped into memory. Where the file cannot be written they never change."""

    def __init__(self, path: Path) -> None:
        shared: mmap.mmap | bytearray
        try:
            with path.open("a+b") as file:
                if path.stat().st_size < LENGTH:
                    file.write(bytes(LENGTH))  # real bytes: a full disk is met here, and not when the first change is told
                    file.flush()
                shared = mmap.mmap(file.fileno(), LENGTH)
        except (OSError, ValueError) as error:
            logger.warning("%s cannot be used (%s): changes show after a moment instead of at once", path, error)
            shared = bytearray(LENGTH)
        self._words = memoryview(shared).cast("Q")

    def value(self) -> int:
        """Give the bytes as they are now, as a number."""
        return self._words[0]

    def move(self) -> None:
        """Tell the others that something has changed."""
        self._words[0] = time.time_ns()


@cache
def host_token() -> Token:
    """Give the token of this host, in DATA_DIR."""
    return Token(Path(settings.DATA_DIR) / NAME)
