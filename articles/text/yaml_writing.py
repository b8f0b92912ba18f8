"""Writing into YAML files that people keep: an entry is added, and what stands there is not touched."""

import json
import re
from collections.abc import Iterable

_BEFORE_PLAIN = "-?:,[]{}#&*!|>'\"%@`~="
_WORDS = re.compile(r"(?:true|false|yes|no|on|off|null|y|n)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+.\d][\d_.,:eE+]*")


def add_entries(text: str, entries: Iterable[str]) -> str:
    """Give the text of a list with ``entries`` added at its end, a blank line before each. It begins with ``text`` as it is, byte
    for byte.

    Nothing is checked here: read the answer before it is written anywhere.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    added = "".join(f"\n{entry}" for entry in entries)
    if not text:
        return added.removeprefix("\n")
    start = "" if text.endswith("\n") else "\n"
    return text + (start + added).replace("\n", newline)


def write_scalar(value: str, *, is_inside: bool = False) -> str:
    """Write a value without quotes where YAML reads it as that text, else in quotes; ``is_inside`` brackets, commas need them."""
    is_plain = (
        value[:1] not in _BEFORE_PLAIN
        and value == value.strip()
        and not _WORDS.fullmatch(value)
        and not _NUMBER.fullmatch(value)
        and ": " not in value
        and " #" not in value
        and not value.endswith(":")
        and value.isprintable()
        and not (is_inside and re.search(r"[,\[\]{}:#]", value))
    )
    return value if is_plain and value else json.dumps(value, ensure_ascii=False)
