"""Questions that are written once: for ten rows, Django takes longer to write one than the database to answer it."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

Rows = Callable[[RawSQL], "QuerySet[Any, tuple[Any, ...]]"]
"""Gives the rows of the values that are put into it: ``lambda ids: Article.objects.filter(pk__in=ids).values_list("title")``."""


def read(rows: Rows, values: Sequence[int] | Sequence[str]) -> list[tuple[Any, ...]]:
    """Give the rows of some values, as the database has them: a JSON field is text.

    ``rows`` is called once and has to be the same function each time; it takes no other values.
    """
    if not values:
        return []
    is_sqlite = connection.vendor == "sqlite"
    statement = _write(rows, "sqlite" if is_sqlite else "bigint" if isinstance(values[0], int) else "text")
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values) if is_sqlite else list(values)])
        return cursor.fetchall()


@cache
def _write(rows: Rows, kind: str) -> str:
    """Write the statement, in which all values are one parameter, however many they are."""
    value = "SELECT value FROM json_each(%s)" if kind == "sqlite" else f"SELECT unnest(%s::{kind}[])"
    statement, parameters = rows(RawSQL(value, ["values"])).query.sql_with_params()  # noqa: S611 - nothing of a reader's
    if parameters != ("values",):
        raise ValueError("a question that is written once has no other values")
    return statement
