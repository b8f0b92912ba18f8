"""What is done before each start, on real databases of its own in a fresh process."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def manage(data: Path, *arguments: str, content: Path | None = None) -> str:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "CONTENT_DIR": str(content or ROOT / "content")}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def query(file: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    manage(data, "prepare_database")
    return data


def test_a_new_database_gets_the_content_published(prepared: Path) -> None:
    published = query(prepared / "site.sqlite3", "SELECT slug FROM articles_article WHERE published_revision_id IS NOT NULL")
    assert ("effects-of-methyl-b12-on-neuropathy",) in published
    assert not (prepared / "backups").exists()


def test_a_second_run_changes_nothing_and_says_nothing(prepared: Path) -> None:
    before = query(prepared / "site.sqlite3", "SELECT count(*) FROM articles_revision")
    assert manage(prepared, "prepare_database") == ""
    assert query(prepared / "site.sqlite3", "SELECT count(*) FROM articles_revision") == before


def test_what_the_search_does_not_find_yet_is_indexed(prepared: Path) -> None:
    before = query(prepared / "site.sqlite3", "SELECT count(*) FROM articles_searchentry")
    connection = sqlite3.connect(prepared / "site.sqlite3")
    connection.execute("DELETE FROM articles_searchentry WHERE article_id IS NOT NULL")
    connection.commit()
    connection.close()
    assert "articles and words were indexed for the search." in manage(prepared, "prepare_database")
    assert query(prepared / "site.sqlite3", "SELECT count(*) FROM articles_searchentry") == before


def test_an_existing_database_is_copied_aside_before_it_is_migrated(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "articles", "0001")
    said = manage(tmp_path, "prepare_database")
    (copy,) = (tmp_path / "backups").iterdir()
    assert str(copy) in said
    migrations = "SELECT name FROM django_migrations WHERE app = 'articles' ORDER BY id"
    assert query(copy, migrations) == [("0001_initial",)]
    assert ("0002_groups",) in query(tmp_path / "site.sqlite3", migrations)
    assert query(copy, "PRAGMA integrity_check") == [("ok",)]


def test_the_database_is_kept_in_write_ahead_mode(prepared: Path) -> None:
    assert query(prepared / "site.sqlite3", "PRAGMA journal_mode") == [("wal",)]
