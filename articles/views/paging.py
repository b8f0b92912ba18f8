"""Long lists of readers, cut into pages that cost the same however far in they are.

A page begins after a row (``?after=vitamin-b12``), or ends before one, and the database goes straight there. Numbers of pages
would make it walk through all that come before. Addresses with a number (``?page=2``), which these lists once had, lead on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from articles.page_cache import give_way

Row = TypeVar("Row", bound=Model)
Other = TypeVar("Other", bound=Model)

MAX_NUMBERED = 3_000
"""How far in addresses with a number are followed: as many rows as any list had when it had such addresses."""


class Elsewhere(Exception):
    """What is asked for is another page. ``address`` is where it is."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(address)


def paged(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of one that may raise Elsewhere."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Elsewhere as elsewhere:
            return HttpResponseRedirect(elsewhere.address)

    return shown


class _Beyond(Func):
    """Whether some columns, the first half, come after some values, the other half; the first that differ decide."""

    output_field = BooleanField()
    sign = ">"

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:  # type: ignore[override]
        """Compare rows, which both engines look up in an index."""
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        sql, half = [part[0] for part in parts], len(parts) // 2
        compared = f"({', '.join(sql[:half])}) {self.sign} ({', '.join(sql[half:])})"
        return compared, tuple(value for part in parts for value in part[1])


class _Short(_Beyond):
    """The other way round."""

    sign = "<"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: its columns, the last unique, all rising or all falling; ``mark`` names rows in addresses."""

    columns: tuple[str, ...]
    mark: str
    is_falling: bool = False

    def sort(self, rows: QuerySet[Row], *, is_reversed: bool = False) -> QuerySet[Row]:
        """Sort rows."""
        sign = "-" if self.is_falling != is_reversed else ""
        return rows.order_by(*(sign + name for name in self.columns))

    def beyond(self, row: Model, *, is_reversed: bool = False) -> Func:
        """Give the condition that something comes after a row, or before it."""
        compare = _Short if self.is_falling != is_reversed else _Beyond
        return compare(*map(F, self.columns), *(Value(getattr(row, name)) for name in self.columns))


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, the row before them (None on the first page), whether more follow, and what was asked for."""

    rows: list[Row]
    row_before: Row | None
    has_next: bool
    mark: str
    query: str
    label: str

    def __iter__(self) -> Iterator[Row]:
        """Give the rows."""
        return iter(self.rows)

    @property
    def next(self) -> str:
        """Give the query of the next page; "" on the last."""
        return urlencode({"after": getattr(self.rows[-1], self.mark)}) if self.has_next else ""

    @property
    def previous(self) -> str:
        """Give the query of the page before; "" on the first."""
        return urlencode({"before": getattr(self.rows[0], self.mark)}) if self.row_before else ""

    @property
    def has_other_pages(self) -> bool:
        """Whether the list goes on before or after."""
        return self.has_next or self.row_before is not None

    def beside(self, others: QuerySet[Other], moment: str, own: str) -> QuerySet[Other]:
        """Give the rows of another list that stand between those of this one, the newest first; ``moment`` and ``own`` name the
        columns that tell when, there and here.
        """
        if self.has_next:
            others = others.filter(**{f"{moment}__gte": getattr(self.rows[-1], own)})
        if self.row_before:
            others = others.filter(**{f"{moment}__lt": getattr(self.row_before, own)})
        return others

    def address(self, path: str) -> str:
        """Give the address of the page of a list at ``path``."""
        return f"{path}?{self.query}" if self.query else path


def find_page(
    request: HttpRequest, rows: QuerySet[Row], order: Order, size: int, tell: Callable[[Row], str], start: str = ""
) -> Page[Row]:
    """Give the page that is asked for; ``tell`` says of its first row what tells it from other pages.

    ``start`` begins with the first row whose first column is not less. Raises Elsewhere for what is no page, or the first one by
    another name.
    """
    if asked := request.GET.get("before"):
        last = _find(request, rows, order, asked)
        found = list(order.sort(rows.filter(order.beyond(last, is_reversed=True)), is_reversed=True)[: size + 1])[::-1]
        if len(found) <= size:
            raise Elsewhere(request.path)
        return Page(found[1:], found[0], True, order.mark, urlencode({"before": asked}), tell(found[1]))
    query, before, shown = "", None, rows
    if asked := request.GET.get("after"):
        before, query = _find(request, rows, order, asked), urlencode({"after": asked})
        shown = rows.filter(order.beyond(before))
    elif start:
        query, name = urlencode({"from": start}), order.columns[0]
        before = order.sort(rows.filter(**{f"{name}__lt": start}), is_reversed=True).first()
        shown = rows.filter(**{f"{name}__gte": start})
    else:
        _follow_number(request, rows, order, size)
    found = list(order.sort(shown)[: size + 1])
    give_way()  # fifty rows have taken some milliseconds to make
    if before and not found:
        raise Elsewhere(request.path)
    query = query if before else ""
    return Page(found[:size], before, len(found) > size, order.mark, query, tell(found[0]) if query else "")


def _find(request: HttpRequest, rows: QuerySet[Row], order: Order, asked: str) -> Row:
    """Find the row that an address names, among those that readers may see."""
    try:
        row = rows.filter(**{order.mark: asked.replace("\x00", "")}).first()
    except (ValueError, OverflowError):
        row = None
    if row is None:
        raise Elsewhere(request.path)
    return row


def _follow_number(request: HttpRequest, rows: QuerySet[Row], order: Order, size: int) -> None:
    """Raise Elsewhere with the present address of a page that is asked for by its number."""
    number = request.GET.get("page", "")
    if not (number.isascii() and number.isdigit() and len(number) < 6) or int(number) < 2:
        return
    first = (int(number) - 1) * size
    marks = order.sort(rows).values_list(order.mark, flat=True)[first - 1 : first] if first <= MAX_NUMBERED else ()
    for mark in marks:
        raise Elsewhere(f"{request.path}?{urlencode({'after': mark})}")
    raise Elsewhere(request.path)
