"""What a database holds, in numbers: enough to tell whether a copy is whole, and whether another one is newer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model

from articles.models import Article, AuditEvent, Feedback, GlossaryTerm, Publication, Reference, Review, Revision

Query = Callable[[str], list[tuple[Any, ...]]]

_COUNTED: tuple[type[Model], ...] = (
    Article,
    Revision,
    Publication,
    Review,
    AuditEvent,
    Reference,
    GlossaryTerm,
    Feedback,
    get_user_model(),
)
# Answers of readers bear no time, only a day: the order of their keys tells which came later.
_GROWING: tuple[tuple[type[Model], str, str], ...] = (
    (AuditEvent, "at", "entries of the audit log"),
    (Publication, "published_at", "publications"),
    (Feedback, "id", "answers of readers"),
    (LogEntry, "action_time", "changes in the admin"),
    (get_user_model(), "date_joined", "accounts"),
)


class BackupError(Exception):
    """A backup cannot be made, read or put back. The message is one line that says why, and what to do where that helps."""


@dataclass(frozen=True)
class Facts:
    """The last migration of each app, how many rows the main tables have, and the latest row of those that grow."""

    migrations: dict[str, str]
    counts: dict[str, int]
    newest: dict[str, str | int | None]

    def differs_from(self, other: "Facts") -> str:
        """Name what differs in tables that both know; nothing when they agree."""
        if self.migrations != other.migrations:
            return "migrations"
        for mine, theirs in ((self.counts, other.counts), (self.newest, other.newest)):
            for table in mine.keys() & theirs.keys():
                if mine[table] != theirs[table]:
                    return table
        return ""


def read_facts(query: Query, tables: Collection[str]) -> Facts:
    """Read the facts by ``query``, which takes a statement and gives its rows. Raises BackupError without a site in it."""
    if "django_migrations" not in tables:
        raise BackupError("there is no site in this database yet")
    counted = [model._meta.db_table for model in _COUNTED if model._meta.db_table in tables]
    growing = [(model._meta.db_table, field) for model, field, _words in _GROWING if model._meta.db_table in tables]
    return Facts(
        # of several rows of one app the last one counts
        migrations={str(app): str(name) for app, name in query("SELECT app, name FROM django_migrations ORDER BY id")},
        counts={table: int(query(f'SELECT count(*) FROM "{table}"')[0][0]) for table in counted},  # noqa: S608 - our names
        newest={
            table: _plain(query(f'SELECT max("{field}") FROM "{table}"')[0][0])  # noqa: S608 - our names
            for table, field in growing
        },
    )


def _plain(value: datetime | str | int | None) -> str | int | None:
    """Give a moment in UTC as text, whichever engine it comes from; SQLite keeps moments as text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def read_present() -> Facts:
    """Read the facts of the database that the site uses. Raises BackupError when there is no site in it."""

    def query(statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    return read_facts(query, connection.introspection.table_names())


def find_newer(newest: dict[str, str | int | None]) -> list[str]:
    """Say what the present database holds beyond a backup: such as "publications (3)"; none when nothing would be lost."""
    lines = []
    tables = connection.introspection.table_names()
    for model, field, words in _GROWING:
        table = model._meta.db_table
        if table in tables and table in newest:
            last = newest[table]
            rows = model._base_manager.all()
            if last is not None:
                rows = rows.filter(**{f"{field}__gt": datetime.fromisoformat(last) if isinstance(last, str) else last})
            if number := rows.count():
                lines.append(f"{words} ({number:,})")
    return lines
