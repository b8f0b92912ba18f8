"""Queries that are compiled once: for the few that each article's page asks. Django compiles a query anew each time it is asked,
and that costs ten times as much as the database's answer.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)


class Place(str):
    """A name in a prepared query, in whose place a value comes when it is asked. It goes wherever a text can be compared."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query as the database gets it, and how its rows become those of models."""

    compiler: Any
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]
    names: list[str]
    fields: slice
    populators: list[Any]
    annotations: dict[str, int]


class Prepared(Generic[Row]):
    """A query for rows of a model, with annotations and what ``select_related`` names; ``build`` gives it, with places in it."""

    def __init__(self, build: Callable[[], "QuerySet[Row]"]) -> None:
        self._build = build
        self._compiled: Compiled | None = None

    def find(self, **values: str) -> list[Row]:
        """Give the rows, each place filled with the value of its name. Raises KeyError where one is missing."""
        known = self._compiled or self._compile()
        compiler = copy(known.compiler)  # threads share what was compiled, and have connections of their own
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        with compiler.connection.cursor() as cursor:
            cursor.execute(known.sql, [values[param] if isinstance(param, Place) else param for param in known.params])
            rows = cursor.fetchall()
        return [self._make(known, row) for row in compiler.apply_converters(rows, known.converters)]

    def _compile(self) -> Compiled:
        compiler: Any = self._build().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        info = compiler.klass_info
        fields = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        self._compiled = Compiled(
            compiler,
            sql,
            tuple(params),
            compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]]),
            [column[0].target.attname for column in compiler.select[fields]],
            fields,
            get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
            compiler.annotation_col_map,
        )
        return self._compiled

    def _make(self, known: Compiled, row: Any) -> Row:
        """Make what Django's ``ModelIterable`` would make of a row."""
        made: Row = known.compiler.klass_info["model"].from_db(DEFAULT_DB_ALIAS, known.names, row[known.fields])
        for populator in known.populators:
            populator.populate(row, made)
        for name, place in known.annotations.items():
            setattr(made, name, row[place])
        return made
