"""What a program asks for: its parameters, read strictly, with every fault told at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

Reader = Callable[[str], Any]
"""Reads the value of a parameter, or raises ValueError with what would be right."""

MAX_LIMIT = 100
DEFAULT_LIMIT = 50
MAX_SHOWN = 60
"""How much of an odd name is repeated in the answer."""


class Refusal(Exception):
    """What is asked cannot be answered: the status, its name, why, and the fault of each parameter."""

    def __init__(self, status: int, title: str, detail: str, faults: Mapping[str, str] | None = None) -> None:
        self.status, self.title, self.detail, self.faults = status, title, detail, dict(faults or {})
        super().__init__(detail)


class NothingThere(Refusal):
    """No published thing has this address."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, "Not found", detail)


class TakenDown(Refusal):
    """What has this address was withdrawn from readers."""

    def __init__(self, detail: str) -> None:
        super().__init__(410, "Withdrawn", detail)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path, its parameters as typed, and as read."""

    path: str
    typed: Mapping[str, str]
    read: Mapping[str, Any]

    def address(self, **others: str) -> str:
        """Give the whole address of what is asked, some of its parameters replaced."""
        return whole(self.path, **{**self.typed, **others})


def whole(path: str, **parameters: str) -> str:
    """Give the whole address of a path on this site."""
    return settings.SITE["url"] + path + (f"?{urlencode(parameters)}" if parameters else "")


def read_request(request: HttpRequest, readers: Mapping[str, Reader]) -> Asked:
    """Read a request's parameters. Raises Refusal with all that is odd: unknown, repeated and faulty ones."""
    typed, read, faults = {}, {}, {}
    for name, values in request.GET.lists():
        try:
            if name not in readers:
                known = ", ".join(readers)
                raise ValueError(f"unknown; this address knows {known}" if known else "unknown; this address takes no parameter")
            if len(values) > 1:
                raise ValueError("given more than once; give it once")
            typed[name], read[name] = values[0], readers[name](values[0])
        except ValueError as error:
            faults[name[:MAX_SHOWN]] = str(error)
    if faults:
        told = "; ".join(f"“{name}”: {fault}" for name, fault in faults.items())
        raise Refusal(400, "A parameter cannot be read", told, faults)
    return Asked(request.path, typed, read)


def like(shape: str, right: str, longest: int) -> Reader:
    """Make a reader of texts of one shape (a regular expression) up to a length; ``right`` says which."""
    known = re.compile(shape)

    def read(value: str) -> str:
        if len(value) > longest or not known.fullmatch(value):
            raise ValueError(f"not {right}")
        return value

    return read


def one_of(*options: StrEnum) -> Reader:
    """Make a reader of one of some words."""
    words = [str(option) for option in options]

    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"not one of: {', '.join(words)}")
        return value

    return read


def read_limit(value: str) -> int:
    """Read how many items an answer may hold."""
    if not re.fullmatch("[1-9][0-9]{0,2}", value) or int(value) > MAX_LIMIT:
        raise ValueError(f"not a whole number from 1 to {MAX_LIMIT}")
    return int(value)


def read_day(value: str) -> datetime:
    """Read a day; gives when it begins in UTC."""
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("not a day such as 2026-01-31") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
