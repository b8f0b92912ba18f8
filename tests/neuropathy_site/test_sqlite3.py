"""A kept connection to SQLite is given up when the file it reads is no longer the database."""

import shutil
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from neuropathy_site.sqlite3.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(tmp_path: Path) -> DatabaseWrapper:
    (tmp_path / "there").mkdir()
    values = connection.settings_dict | {
        "ENGINE": "neuropathy_site.sqlite3",
        "OPTIONS": {},
        "NAME": str(tmp_path / "there/site.sqlite3"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    made = DatabaseWrapper(values, "kept")
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE said (words text)")
        cursor.execute("INSERT INTO said VALUES ('old')")
    return made


def ask(kept: DatabaseWrapper) -> str:
    """Ask as the next request does."""
    kept.close_if_unusable_or_obsolete()
    with kept.cursor() as cursor:
        cursor.execute("SELECT words FROM said")
        return str(cursor.fetchone()[0])


def test_it_is_kept_as_long_as_its_file_is_there(kept: DatabaseWrapper) -> None:
    opened = kept.connection
    assert ask(kept) == "old"
    assert kept.connection is opened
    kept.close()


def test_it_follows_a_file_that_was_replaced_or_moved_away(kept: DatabaseWrapper, tmp_path: Path) -> None:
    file = tmp_path / "there/site.sqlite3"
    with kept.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, tmp_path / "copy.sqlite3")
    (tmp_path / "copy.sqlite3").replace(file)
    opened = kept.connection
    assert ask(kept) == "old"
    assert kept.connection is not opened
    (tmp_path / "there").rename(tmp_path / "away")
    with pytest.raises(OperationalError):
        ask(kept)
    (tmp_path / "away").rename(tmp_path / "there")
    assert ask(kept) == "old"
    kept.close()
