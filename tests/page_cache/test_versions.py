"""What a process learns of changes, and when."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from articles.page_cache.keeping import Change
from articles.page_cache.versions import Watch, changed

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
