"""Queries that are compiled once: for the few that each article's page asks. Django compiles a query anew each time it is asked,
and that costs ten times as much as the database's answer.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)


class Place(str):
    """A name in a prepared query, in whose place a value comes when it is asked. It goes wherever a text can be compared."""

    __slots__ = ()


class Prepared(Generic[Row]):
    """A query for rows of a model, those that ``select_related`` names with them; ``build`` gives it, with places in it."""

    def __init__(self, build: Callable[[], "QuerySet[Row]"]) -> None:
        self._build = build
        self._compiled: tuple[Any, str, tuple[Any, ...]] | None = None

    def find(self, **values: str) -> list[Row]:
        """Give the rows, each place filled with the value of its name. Raises KeyError where one is missing."""
        compiler, sql, params = self._compiled or self._compile()
        compiler = copy(compiler)  # threads share what was compiled, and have connections of their own
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        with compiler.connection.cursor() as cursor:
            cursor.execute(sql, [values[param] if isinstance(param, Place) else param for param in params])
            rows = cursor.fetchall()
        return [self._make(compiler, row) for row in compiler.results_iter(results=[rows])]

    def _compile(self) -> tuple[Any, str, tuple[Any, ...]]:
        compiler: Any = self._build().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        self._compiled = compiler, sql, tuple(params)
        return self._compiled

    def _make(self, compiler: Any, row: Any) -> Row:
        """Make what Django's ``ModelIterable`` would make of a row."""
        first, last = compiler.klass_info["select_fields"][0], compiler.klass_info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:last]]
        made: Row = compiler.klass_info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        populators = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        for populator in populators:
            populator.populate(row, made)
        return made
