"""Copy the database while the site runs, and put a copy back, on SQLite and on PostgreSQL."""

import contextlib
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles.backups.facts import BackupError, Facts, read_facts, read_present
from articles.models import FeedbackCount, FeedbackDay, PageVersion

# What readers were promised to be gone the next day, and what would sign a finder in, are in no copy; nor is what counts in the
# numbers of one database alone.
LEFT_OUT = (FeedbackCount._meta.db_table, FeedbackDay._meta.db_table, PageVersion._meta.db_table, "django_session")
BUSY_SECONDS = 60
BUSY = "another program keeps the database locked: stop the site and run this again"


class _NotReplacedError(BackupError):
    """The database could not be replaced, and is as it was."""


def copy_database(target: Path) -> Facts:
    """Make a consistent copy at ``target``, a new file that its owner alone can read; give what is in it.

    Accounts are in it; sessions and the day's codes of readers are not. Raises BackupError.
    """
    target.touch(mode=0o600, exist_ok=False)
    try:
        return _copy_sqlite(target) if connection.vendor == "sqlite" else _dump_postgresql(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def copy_aside(reason: str) -> Path:
    """Copy the database into DATA_DIR/backups, under a name that says why; give the copy. Raises BackupError."""
    folder = Path(settings.DATA_DIR) / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "sqlite3" if connection.vendor == "sqlite" else "dump"
    target = folder / f"{reason}-{timezone.now():%Y%m%d-%H%M%S-%f}.{suffix}"
    copy_database(target)
    return target


@contextlib.contextmanager
def aside_while(reason: str) -> Iterator[Path | None]:
    """Copy the database aside, and put it back when the block fails. Gives the copy, or None when there was nothing in it.

    A broken SQLite file is moved aside as it is. Raises BackupError.
    """
    broken: list[tuple[Path, Path]] = []
    aside = None
    try:
        if connection.introspection.table_names():
            aside = copy_aside(reason)
    except (DatabaseError, sqlite3.DatabaseError, BackupError):
        if connection.vendor != "sqlite" or not _is_broken():
            raise
        broken = _move_broken(reason)
        aside = broken[0][1]
    try:
        yield aside
    except BaseException as error:
        try:
            if broken:
                _move_back(broken)
            elif aside and not isinstance(error, _NotReplacedError):
                put_database(aside)
        except (BackupError, OSError) as second:
            raise BackupError(f"{error}; and the database could not be put back ({second}): its copy is {aside}") from error
        raise


def put_database(copy: Path) -> None:
    """Replace what the database holds by a copy, in one transaction: others see the old or the new. Raises BackupError."""
    try:
        if connection.vendor == "sqlite":
            _put_sqlite(copy)
        else:
            _put_postgresql(copy)
    except (BackupError, DatabaseError, sqlite3.Error) as error:
        raise _NotReplacedError(f"the database is as it was, because {error}") from None
    finally:
        connection.close()


def check_copy(copy: Path) -> Facts | None:
    """Check that a copy is whole; give what is in it, or None for PostgreSQL's, which tells that only once it is put back.

    Raises BackupError.
    """
    if connection.vendor != "sqlite":
        _run(_find("pg_restore"), "--list", str(copy), failed="the copy of the database in it cannot be read")
        return None
    try:
        with contextlib.closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            return _check_sqlite(opened)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"the copy of the database is damaged ({error})") from None


def _check_sqlite(copy: sqlite3.Connection) -> Facts:
    def query(statement: str) -> list[tuple[object, ...]]:
        return copy.execute(statement).fetchall()

    if (found := query("PRAGMA integrity_check")) != [("ok",)]:
        raise BackupError(f"the copy of the database is damaged ({found[0][0]})")
    return read_facts(query, {str(name) for (name,) in query("SELECT name FROM sqlite_master WHERE type = 'table'")})


def _copy_sqlite(target: Path) -> Facts:
    """Use SQLite's online backup: a plain copy could miss what is still in the write-ahead log."""
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
        connection.connection.backup(copy, progress=_give_up_when_busy())
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
        copy.execute("PRAGMA secure_delete = ON")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
        for table in LEFT_OUT:
            if table in there:
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our names
        return _check_sqlite(copy)


def _put_sqlite(copy: Path) -> None:
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as source:
        source.backup(connection.connection, progress=_give_up_when_busy())


def _give_up_when_busy() -> Callable[[int, int, int], None]:
    """Bound the wait: Python's ``backup`` tries again for ever while the database is locked."""
    end = time.monotonic() + BUSY_SECONDS

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > end:
            raise BackupError(BUSY)

    return progress


def _is_broken() -> bool:
    """Whether the SQLite file is one that SQLite cannot make sense of."""
    try:
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as present:
            return present.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except sqlite3.OperationalError:  # locked, or not to be opened
        return False
    except sqlite3.DatabaseError:
        return True


def _move_broken(reason: str) -> list[tuple[Path, Path]]:
    """Move the SQLite file and its companions aside; give where each was and is."""
    connection.close()
    folder = Path(settings.DATA_DIR) / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    name = connection.settings_dict["NAME"]
    stamp = f"{reason}-{timezone.now():%Y%m%d-%H%M%S-%f}-broken.sqlite3"
    moves = [(Path(f"{name}{end}"), folder / f"{stamp}{end}") for end in ("", "-wal", "-shm")]
    there = [(old, new) for old, new in moves if old.exists()]
    for old, new in there:
        shutil.move(old, new)
    return there


def _move_back(moves: list[tuple[Path, Path]]) -> None:
    connection.close()
    for end in ("", "-wal", "-shm"):
        Path(f"{connection.settings_dict['NAME']}{end}").unlink(missing_ok=True)
    for old, new in moves:
        shutil.move(new, old)


def _dump_postgresql(target: Path) -> Facts:
    """Let ``pg_dump`` see the very state that the facts are read from."""
    program = _find("pg_dump")
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        facts = read_present()
        arguments = ("--format=custom", f"--file={target}", f"--snapshot={snapshot}", *left_out)
        _run(program, *arguments, failed="the database could not be copied")
    return facts


def _put_postgresql(copy: Path) -> None:
    """Drop our tables and run the dump, in one transaction.

    ``pg_restore`` alone would drop only what the dump has, and fail at tables that a newer version has added since.
    """
    program, runner = _find("pg_restore"), _find("psql")
    ours = {*connection.introspection.django_table_names(only_existing=True, include_views=False), "django_migrations"}
    names = ", ".join(connection.ops.quote_name(name) for name in sorted(ours))
    connection.close()
    script = copy.with_name(f"{copy.name}.sql")
    script.touch(mode=0o600)
    try:
        arguments = ("--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={script}", str(copy))
        _run(program, *arguments, failed="the copy of the database cannot be read")
        drop = f"SET lock_timeout = '{BUSY_SECONDS}s'; DROP TABLE IF EXISTS {names} CASCADE"
        orders = ("--command", drop, "--file", str(script))
        options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run(runner, *options, *orders, failed="the database could not be replaced")
    finally:
        script.unlink(missing_ok=True)


def _find(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is missing: apt-get install postgresql-client")
    return program


def _run(program: str, *arguments: str, failed: str) -> None:
    """Run a program of PostgreSQL on our database; the password goes through the environment, which others cannot read."""
    values = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {name: str(values[key]) for name, key in named.items() if values[key]}
    options = {"PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert"}
    environment |= {name: str(values["OPTIONS"][key]) for name, key in options.items() if key in values.get("OPTIONS", {})}
    environment |= {"PGOPTIONS": "-c client_min_messages=warning", "LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603 - a fixed program, its arguments made here
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = BUSY if "lock timeout" in done.stderr else " ".join(done.stderr.split())
        raise BackupError(f"{failed} ({said})")
