"""Backup and restore, on real databases of their own in fresh processes; the original is destroyed in between."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
import psycopg
import pytest

ROOT = Path(__file__).parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
IS_POSTGRESQL = SERVER.startswith("postgres")
KEY = "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
COUNTS = "SELECT (SELECT count(*) FROM articles_publication), (SELECT count(*) FROM articles_searchentry)"
ADD_ACT = (
    "INSERT INTO articles_auditevent (at, actor_name, act, article_id) "
    "SELECT '2999-01-01 00:00:00+00:00', 'Erin', 'pin', min(id) FROM articles_article"
)
ADD_SESSION = "INSERT INTO django_session VALUES ('SECRETSESSION', 'x', '2999-01-01 00:00:00+00:00')"
DAY = "INSERT INTO articles_feedbackday (day, salt) VALUES ('2026-11-22', '\\x53414c54')"

sqlite_only = pytest.mark.skipif(IS_POSTGRESQL, reason="is about SQLite's file")
postgresql_only = pytest.mark.skipif(not IS_POSTGRESQL, reason="is about PostgreSQL's programs")


@dataclass
class Site:
    """An installation: its folder, its content and its database (a file in the folder, or one of PostgreSQL's)."""

    data: Path
    content: Path
    database: str = ""

    @property
    def file(self) -> Path:
        return self.data / "site.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(self.data),
            "CONTENT_DIR": str(self.content),
            "SECRET_KEY": KEY,
            "DATABASE_URL": re.sub(r"[^/?]*(\?.*)?$", rf"{self.database}\1", SERVER, count=1) if self.database else "",
        }

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def manage(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fail(self, *arguments: str, **variables: str) -> str:
        """Run what has to fail with one line, and leave no file behind."""
        done = self.run(*arguments, **variables)
        assert done.returncode == 1, done.stdout
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert not list(self.data.glob(".backup-*"))
        return done.stderr

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        if self.database:
            with psycopg.connect(**to_server(self.database)) as connection:
                cursor = connection.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        with contextlib.closing(sqlite3.connect(self.file)) as file, file:
            return file.execute(statement.replace("+00:00'", "'")).fetchall()

    def destroy(self) -> None:
        """Lose the database and the content."""
        if self.database:
            drop(self.database)
            create(self.database)
        else:
            for path in self.data.glob("site.sqlite3*"):
                path.unlink()
        for name in ("articles", "pages"):
            shutil.rmtree(self.content / name)


def to_server(database: str = "") -> dict[str, Any]:
    server = environ.Env.db_url_config(SERVER)
    known = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    return {name: value or None for name, value in known.items()} | {"dbname": database or server["NAME"]}


def create(database: str, template: str = "template0") -> None:
    with psycopg.connect(**to_server(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


def drop(database: str) -> None:
    with psycopg.connect(**to_server(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


@contextlib.contextmanager
def installation(folder: Path, like: Site | None = None) -> Iterator[Site]:
    """A new installation, or a copy of one."""
    site = Site(folder / "data", folder / "content", f"backup_{secrets.token_hex(6)}" if IS_POSTGRESQL else "")
    shutil.copytree(like.content if like else ROOT / "content", site.content)
    if like:
        shutil.copytree(like.data, site.data)
    if site.database:
        create(site.database, like.database if like else "template0")
    try:
        yield site
    finally:
        if site.database:
            drop(site.database)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the shipped content, a session and the day's key of its senders; nothing changes it."""
    with installation(tmp_path_factory.mktemp("prepared")) as site:
        site.manage("prepare_database")
        site.sql(ADD_SESSION)
        site.sql(DAY if IS_POSTGRESQL else DAY.replace("'\\x53414c54'", "X'53414c54'"))
        yield site


@pytest.fixture(scope="module")
def backup(prepared: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the prepared site; nothing changes it."""
    file = tmp_path_factory.mktemp("backup") / "site.tar.gz"
    prepared.manage("backup", str(file))
    return file


@pytest.fixture
def site(prepared: Site, tmp_path: Path) -> Iterator[Site]:
    with installation(tmp_path, prepared) as copy:
        yield copy


Members = dict[str, bytes]


def read(backup: Path) -> Members:
    with tarfile.open(backup) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr] # regular files


def write(file: Path, members: Members, spoil: Callable[[tarfile.TarInfo], None] = lambda member: None) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            spoil(member)
            tar.addfile(member, io.BytesIO(data))
    return file


def change_manifest(members: Members, **values: Any) -> Members:
    return members | {"manifest.json": json.dumps(json.loads(members["manifest.json"]) | values).encode()}


def test_a_destroyed_site_is_brought_back(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "site.tar.gz"
    (site.content / "pages/own.txt").write_text("Ours.")
    before = site.sql(COUNTS)
    said = site.manage("backup", str(file))
    assert hashlib.sha256(file.read_bytes()).hexdigest() in said
    assert "The secret key and the settings are not in it" in said
    site.destroy()
    said = site.manage("restore", str(file), "--content", str(tmp_path / "again"))
    assert "(re)start the site" in said
    assert "copied to" not in said
    assert site.sql(COUNTS) == before
    assert (tmp_path / "again/pages/own.txt").read_text() == "Ours."
    shipped = {path.relative_to(ROOT / "content") for path in (ROOT / "content").rglob("*")}
    assert shipped <= {path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*")}
    assert site.manage("prepare_database") == ""
    site.manage("migrate", "--check")
    # new rows get keys of their own: the sequences came along
    site.sql(ADD_ACT)


def test_only_its_owner_can_read_a_backup_and_no_secret_of_the_day_is_in_it(backup: Path, site: Site) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert KEY.encode() not in gzip.decompress(backup.read_bytes())
    members = read(backup)
    assert not [name for name in members if "secret" in name]
    assert b"SECRETSESSION" not in members["database"]
    manifest = json.loads(members["manifest.json"])
    assert manifest["members"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != "manifest.json"
    }
    assert manifest["made_at"].endswith("+00:00")
    site.manage("restore", str(backup))
    assert site.sql("SELECT (SELECT count(*) FROM django_session), (SELECT count(*) FROM articles_feedbackday)") == [(0, 0)]


def test_links_in_the_content_are_not_followed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "private").write_text("private")
    (site.content / "link.txt").symlink_to(tmp_path / "private")
    (site.content / "folder").symlink_to(tmp_path)
    site.manage("backup", str(tmp_path / "site.tar.gz"))
    assert not [name for name in read(tmp_path / "site.tar.gz") if "link" in name or "folder" in name]


def test_a_file_that_is_there_is_not_replaced_unless_forced(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "site.tar.gz"
    file.write_text("mine")
    assert "is there already" in site.fail("backup", str(file))
    assert file.read_text() == "mine"
    site.manage("backup", str(file), "--force")
    assert "manifest.json" in read(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"content", "data", "site.tar.gz"}


def test_a_backup_that_cannot_be_written_says_why(site: Site, tmp_path: Path) -> None:
    assert "no backup was made: No such file or directory: " in site.fail("backup", str(tmp_path / "none/site.tar.gz"))
    assert "name a file" in site.fail("backup", str(tmp_path))
    assert "lies in CONTENT_DIR" in site.fail("backup", str(site.content / "site.tar.gz"))
    site.destroy()
    assert "no site in this database yet" in site.fail("backup", str(tmp_path / "site.tar.gz"))
    assert not (tmp_path / "site.tar.gz").exists()


def test_newer_things_are_named_and_kept_unless_forced(backup: Path, site: Site) -> None:
    site.sql(ADD_ACT)
    acts = "SELECT count(*) FROM articles_auditevent"
    before = site.sql(acts)
    assert "Restoring it would lose entries of the audit log (1)." in site.manage("restore", str(backup), "--check")
    error = site.fail("restore", str(backup))
    assert "nothing was restored: this would lose entries of the audit log (1); --force" in error
    assert site.sql(acts) == before
    assert not (site.data / "backups").exists()
    said = site.manage("restore", str(backup), "--force")
    assert site.sql(acts) == [(before[0][0] - 1,)]
    (aside,) = (site.data / "backups").iterdir()
    assert str(aside) in said
    assert aside.stat().st_mode & 0o777 == 0o600


def test_a_check_changes_nothing(backup: Path, site: Site) -> None:
    site.destroy()
    said = site.manage("restore", str(backup), "--check")
    assert "It is whole, and was made on" in said
    assert "would lose nothing" in said
    assert "no site in this database yet" in site.fail("backup", str(site.data / "x"))


SPOILED: dict[str, tuple[Callable[[Members], Members], str]] = {
    "content": (
        lambda members: members | {"content/disclaimer.yaml": b"other"},
        "content/disclaimer.yaml was changed: its SHA-256 is not the one in manifest.json",
    ),
    "database": (lambda members: members | {"database": members["database"][:-1] + b"\xff"}, "database was changed"),
    "missing": (lambda members: {name: members[name] for name in list(members)[:-1]}, "is not whole"),
    "added": (lambda members: members | {"content/more.md": b""}, "content/more.md stands in the backup but not"),
    "absolute": (lambda members: members | {"/tmp/evil": b""}, "has no place in a backup"),
    "upwards": (lambda members: members | {"content/../../evil": b""}, "has no place in a backup"),
    "elsewhere": (lambda members: members | {"secret_key": b""}, "has no place in a backup"),
    "format": (lambda members: change_manifest(members, format=2), "format 2; this version of the site reads format 1"),
    "vendor": (lambda members: change_manifest(members, vendor="oracle"), "of the kind 'oracle'; this site uses"),
    "not json": (lambda members: members | {"manifest.json": b"{"}, "manifest.json is not one that this site writes"),
    "odd": (lambda members: change_manifest(members, facts=[]), "manifest.json is not one that this site writes"),
    "empty": (lambda members: {}, "manifest.json is missing"),
    "headless": (lambda members: {"database": members["database"]}, "does not begin with manifest.json"),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_what_was_changed_is_refused_before_anything_is_touched(
    spoiled: str, backup: Path, prepared: Site, tmp_path: Path
) -> None:
    spoil, words = SPOILED[spoiled]
    file = write(tmp_path / "spoiled.tar.gz", spoil(read(backup)))
    assert words in prepared.fail("restore", str(file), "--force")
    assert not (prepared.data / "backups").exists()


def test_a_link_in_a_backup_is_refused(backup: Path, prepared: Site, tmp_path: Path) -> None:
    def make_link(member: tarfile.TarInfo) -> None:
        if member.name == "content/disclaimer.yaml":
            member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0

    file = write(tmp_path / "spoiled.tar.gz", read(backup), make_link)
    assert "has no place in a backup" in prepared.fail("restore", str(file), "--force")


def test_a_file_cut_short_or_of_another_kind_is_refused(backup: Path, prepared: Site, tmp_path: Path) -> None:
    file = tmp_path / "cut.tar.gz"
    whole = backup.read_bytes()
    for length in (0, 5, 500, len(whole) // 2, len(whole) - 4):
        file.write_bytes(whole[:length])
        error = prepared.fail("restore", str(file), "--force")
        assert "is no whole backup" in error or "is not whole" in error
    file.write_text("Not a backup.")
    assert "is no whole backup (Not a gzipped file" in prepared.fail("restore", str(file))
    assert "cannot be read (No such file or directory)" in prepared.fail("restore", str(tmp_path / "none"))
    assert "cannot be read (Is a directory)" in prepared.fail("restore", str(tmp_path))


def test_a_backup_of_a_newer_version_is_refused(backup: Path, prepared: Site, tmp_path: Path) -> None:
    members = read(backup)
    if IS_POSTGRESQL:
        facts = json.loads(members["manifest.json"])["facts"]
        members = change_manifest(members, facts=facts | {"migrations": facts["migrations"] | {"articles": "0999_later"}})
        file = write(tmp_path / "newer.tar.gz", members)
    else:
        with installation(tmp_path, prepared) as newer:
            newer.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '0999_later', '2026-01-01')")
            file = tmp_path / "newer.tar.gz"
            newer.manage("backup", str(file))
    assert "of a newer version of the site (articles 0999_later); update the site first" in prepared.fail("restore", str(file))


def test_a_backup_of_an_older_version_is_migrated(site: Site, tmp_path: Path, backup: Path) -> None:
    file = tmp_path / "older.tar.gz"
    before = site.sql(COUNTS)
    last = "SELECT name FROM django_migrations WHERE app = 'articles' ORDER BY id DESC LIMIT 1"
    newest = site.sql(last)
    site.manage("migrate", "articles", "0005")  # before there was feedback: its tables are in the present database alone
    site.manage("backup", str(file))
    site.manage("restore", str(backup))
    assert site.sql(last) == newest
    assert "The backup is of an older version: migrating" in site.manage("restore", str(file))
    assert site.sql(last) == newest
    assert site.sql(COUNTS) == before


def test_when_a_restore_fails_the_database_is_as_it_was(site: Site, backup: Path, tmp_path: Path) -> None:
    """The copy is sound, but tells of other rows than it has: found, at the latest, once it is put back."""
    site.sql(ADD_ACT)
    before = site.sql("SELECT count(*) FROM articles_auditevent")
    members = read(backup)
    facts = json.loads(members["manifest.json"])["facts"]
    counts = facts["counts"] | {"articles_article": 1_000}
    file = write(tmp_path / "other.tar.gz", change_manifest(members, facts=facts | {"counts": counts}))
    assert "(articles_article)" in site.fail("restore", str(file), "--force")
    assert site.sql("SELECT count(*) FROM articles_auditevent") == before


def test_when_the_migration_of_an_older_backup_fails_the_database_is_put_back(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "older.tar.gz"
    state = "SELECT (SELECT max(name) FROM django_migrations WHERE app = 'articles'), (SELECT count(*) FROM articles_searchentry)"
    before = site.sql(state)
    site.manage("migrate", "articles", "0005")
    site.sql("CREATE TABLE articles_feedback (id integer)")  # in the way of the next migration
    site.manage("backup", str(file))
    site.sql("DROP TABLE articles_feedback")
    site.manage("migrate")
    error = site.fail("restore", str(file))
    assert "nothing was restored" in error
    assert "articles_feedback" in error
    assert site.sql(state) == before
    site.manage("migrate", "--check")


def test_what_a_killed_run_left_is_deleted_after_a_day(site: Site, tmp_path: Path) -> None:
    old, new = site.data / ".backup-old", site.data / ".backup-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "database").write_text("accounts")
    os.utime(old, (0, 0))
    site.manage("backup", str(tmp_path / "site.tar.gz"))
    assert not old.exists()
    assert new.exists()


def test_content_is_never_written_over(site: Site, backup: Path) -> None:
    article = site.content / "articles/effects-of-methyl-b12-on-neuropathy.md"
    article.write_text("Edited.")
    assert "is not empty; choose a new folder" in site.fail("restore", str(backup), "--content", str(site.content))
    site.manage("restore", str(backup))
    assert article.read_text() == "Edited."


def test_a_writer_does_not_disturb_a_backup(site: Site, tmp_path: Path) -> None:
    """What is not committed is not in it; what was committed just before is, be it in the write-ahead log alone."""
    file = tmp_path / "site.tar.gz"
    site.sql(ADD_ACT)
    (acts,) = site.sql("SELECT count(*) FROM articles_auditevent")[0]
    if IS_POSTGRESQL:
        writer: Any = psycopg.connect(**to_server(site.database))
    else:
        writer = sqlite3.connect(site.file, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
    with contextlib.closing(writer):
        writer.execute(ADD_ACT)
        site.manage("backup", str(file))
        writer.rollback()
    assert json.loads(read(file)["manifest.json"])["facts"]["counts"]["articles_auditevent"] == acts


def test_a_locked_database_is_left_as_it_is_after_a_while(site: Site, backup: Path) -> None:
    site.sql(ADD_ACT)
    before = site.sql("SELECT count(*) FROM articles_auditevent")
    program = (
        "import django; django.setup(); from django.core.management import call_command; from articles.backups import database; "
        f"database.BUSY_SECONDS = 1; call_command('restore', {str(backup)!r}, force=True)"
    )
    if IS_POSTGRESQL:
        writer: Any = psycopg.connect(**to_server(site.database))
    else:
        writer = sqlite3.connect(site.file, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
    with contextlib.closing(writer):
        writer.execute(ADD_ACT)
        environment = site.environment | {"DJANGO_SETTINGS_MODULE": "neuropathy_site.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        writer.rollback()
    assert "the database is as it was, because" in done.stderr
    assert "another program keeps the database locked: stop the site and run this again" in done.stderr
    assert "could not be put back" not in done.stderr
    assert site.sql("SELECT count(*) FROM articles_auditevent") == before


@sqlite_only
def test_a_broken_database_is_moved_aside_and_replaced_when_forced(site: Site, backup: Path, prepared: Site) -> None:
    for path in site.data.glob("site.sqlite3*"):
        path.unlink()
    site.file.write_bytes(b"lost " * 5_000)
    assert "which cannot be read (file is not a database)" in site.fail("restore", str(backup))
    site.manage("restore", str(backup), "--force")
    assert site.sql(COUNTS) == prepared.sql(COUNTS)
    (aside,) = (site.data / "backups").iterdir()
    assert aside.read_bytes() == b"lost " * 5_000
    assert site.sql("PRAGMA journal_mode") == [("wal",)]


@sqlite_only
def test_readers_see_the_old_or_the_new_while_it_is_restored(site: Site, backup: Path) -> None:
    site.sql(ADD_ACT)
    acts = "SELECT count(*) FROM articles_auditevent"
    with contextlib.closing(sqlite3.connect(site.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        (before,) = reader.execute(acts).fetchone()
        site.manage("restore", str(backup), "--force")
        assert reader.execute(acts).fetchone() == (before,)
        reader.execute("COMMIT")
        assert reader.execute(acts).fetchone() == (before - 1,)
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@postgresql_only
def test_missing_programs_are_named_with_their_package(site: Site, backup: Path, tmp_path: Path) -> None:
    empty = str(tmp_path / "bin")
    words = "is missing: apt-get install postgresql-client"
    assert f"pg_dump {words}" in site.fail("backup", str(tmp_path / "site.tar.gz"), PATH=empty)
    assert f"pg_restore {words}" in site.fail("restore", str(backup), PATH=empty)
