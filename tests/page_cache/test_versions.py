"""What a process learns of changes, and when."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from articles.page_cache.keeping import Change
from articles.page_cache.versions import Watch, changed
from neuropathy_site.sqlite3.base import DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def _another_is_at_work() -> Iterator[None]:
    """Have a transaction go on that began before all others; on PostgreSQL what comes after is read again until it is over."""
    if connection.vendor == "sqlite":
        yield
        return
    other: Any = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        yield
    other.rollback()
    other.close()


@pytest.mark.usefixtures("_another_is_at_work")
def test_who_begins_to_watch_hears_once_of_everything_and_then_of_what_is_new() -> None:
    changed("article:1")
    watch = Watch(connection)
    assert watch.look() == [Change(None)]
    assert watch.look() == [], "it happened before"
    changed("article:2", "lists")
    changed("article:3", is_gone=True)
    assert watch.look() == [Change(("article:2", "lists")), Change(("article:3",), is_gone=True)]
    assert watch.look() == []


def test_who_watches_a_file_of_sqlite_that_is_replaced_hears_of_everything(tmp_path: Path) -> None:
    file, copy = tmp_path / "site.sqlite3", tmp_path / "copy.sqlite3"
    own = DatabaseWrapper(
        connection.settings_dict | {"ENGINE": "neuropathy_site.sqlite3", "NAME": str(file), "OPTIONS": {}}, "own"
    )
    with own.cursor() as cursor:
        cursor.execute("CREATE TABLE articles_pageversion (id integer PRIMARY KEY, keys text, is_gone bool)")
        cursor.execute("INSERT INTO articles_pageversion (keys, is_gone) VALUES ('article:1', 0)")
    watch = Watch(own)
    assert watch.look() == [Change(None)]
    shutil.copy(file, copy)
    copy.replace(file)
    assert watch.look() == [Change(None)]
    with own.cursor() as cursor:
        cursor.execute("INSERT INTO articles_pageversion (keys, is_gone) VALUES ('article:2', 1)")
    assert watch.look() == [Change(("article:2",), is_gone=True)]
    own.close()
