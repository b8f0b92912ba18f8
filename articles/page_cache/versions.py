"""Telling all processes, on this host and on others, which readers' pages are to be made anew."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from articles.models import CurrentTransaction, PageVersion
from articles.page_cache.calls import calls
from articles.page_cache.keeping import Change
from articles.page_cache.token import host_token

EVERYTHING = "*"
MAX_AT_ONCE = 2_000
"""After so many changes at once, everything counts as changed."""
KEPT = timedelta(days=3)
TIDIED_EVERY = 200
"""After so many changes, old ones are deleted."""

_START_POSTGRESQL = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_START_SQLITE = "SELECT coalesce(max(id), 0) FROM articles_pageversion"

# On PostgreSQL a change can become visible after others that began later. All that belongs to transactions older than the oldest
# still under way is there; what came since is read again until that is over.
_POSTGRESQL = """
SELECT edge.oldest, version.id, version.keys, version.is_gone
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest) AS edge
LEFT JOIN articles_pageversion AS version ON version.version >= %s ORDER BY version.id LIMIT %s
"""
_SQLITE = """
SELECT latest.id, version.id, version.keys, version.is_gone
FROM (SELECT coalesce(max(id), 0) AS id FROM articles_pageversion) AS latest
LEFT JOIN articles_pageversion AS version ON version.id > %s ORDER BY version.id LIMIT %s
"""


def changed(*keys: str, is_gone: bool = False) -> None:
    """Have the pages that show one of some keys made anew, inside of the transaction that changes what they show.

    ``is_gone`` says that something was taken from readers: its pages are not shown while new ones are made.
    """
    if not keys:
        return
    words = " ".join(sorted(set(keys)))
    now = timezone.now()
    row = PageVersion.objects.create(keys=words, is_gone=is_gone, at=now, version=CurrentTransaction())
    if row.pk % TIDIED_EVERY == 0:
        PageVersion.objects.filter(at__lt=now - KEPT).delete()
    transaction.on_commit(_tell, robust=True)


def _tell() -> None:
    host_token().move()
    calls().call()


def changed_everything(*, is_gone: bool = False) -> None:
    """Have all pages made anew, inside of a transaction."""
    changed(EVERYTHING, is_gone=is_gone)


class Watch:
    """Where one process stands in the row of changes, read by a connection. It is used by one thread at a time."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._edge: int | None = None
        self._seen: frozenset[int] = frozenset()
        self._looked_at = timezone.now()

    def look(self) -> list[Change]:
        """Give what has changed since the last look, the oldest first; at the first look, everything. Raises DatabaseError."""
        now = timezone.now()
        if self._edge is None or now - self._looked_at > KEPT / 2 or self._has_lost_its_file():
            return self._start_anew()
        rows = self._find_since()
        if len(rows) == MAX_AT_ONCE or rows[0][0] < self._edge:  # the latter in a database that was put back
            return self._start_anew()
        self._looked_at, self._edge = now, rows[0][0]
        there = [row for row in rows if row[1] is not None]
        new = [row for row in there if row[1] not in self._seen]
        self._seen = frozenset(row[1] for row in there)
        return [_read(keys, is_gone) for _edge, _id, keys, is_gone in new]

    def _has_lost_its_file(self) -> bool:
        """Whether another file has taken the place of SQLite's since the last look; the next question goes to that one."""
        is_lost = self._connection.vendor == "sqlite" and bool(self._connection.connection) and not self._connection.is_usable()
        if is_lost:
            self._connection.close()
        return is_lost

    def _start_anew(self) -> list[Change]:
        self._looked_at = timezone.now()
        self._edge = self._ask(_START_SQLITE if self._connection.vendor == "sqlite" else _START_POSTGRESQL)[0][0]
        self._seen = frozenset(row[1] for row in self._find_since())  # what is there already is no change
        return [Change(None)]

    def _find_since(self) -> list[tuple[Any, ...]]:
        assert self._edge is not None
        return self._ask(_SQLITE if self._connection.vendor == "sqlite" else _POSTGRESQL, self._edge, MAX_AT_ONCE)

    def _ask(self, sql: str, *parameters: int) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()


def _read(keys: str, is_gone: bool) -> Change:
    return Change(None if keys == EVERYTHING else tuple(keys.split(" ")), bool(is_gone))
