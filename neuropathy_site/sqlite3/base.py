"""A connection to SQLite that notices when its file has been moved away or replaced, as a repair may do.

Opening one takes as long as the rest of a page's queries. One that is kept would go on reading a file that is no longer the
database, and write into it.
"""

import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper; ``CONN_HEALTH_CHECKS`` asks it before each request whether a kept connection may be used."""

    _file: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """Open the file, and remember which it is."""
        opened = super().get_new_connection(conn_params)
        self._file = self._find_file()
        return opened

    def is_usable(self) -> bool:
        """Whether the path still leads to the file that was opened."""
        return self._file == self._find_file()

    def _find_file(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino
