"""Notices in files: Retraction Watch's list, and answers of Crossref that were saved.

Saved answers are JSON: one object of DOI to ``{"work": ..., "updates": ...}``, the answers of ``GET /works/<DOI>`` and
``GET /works?filter=updates:<DOI>`` as they came. They may be spread over the ``.json`` files of a folder.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from articles.text.notices import Notice, NoticeError, read_retraction_watch

MAX_FILE_BYTES = 500_000_000
_RIGHT = 'one entry a DOI, {"work": ..., "updates": ...}'


def read_list(path: Path, dois: Collection[str]) -> dict[str, list[Notice]]:
    """Read Retraction Watch's list from a CSV file: the notices on each of ``dois`` that has any, by DOI in small letters.

    Raises NoticeError, each line of which names the file.
    """
    text = _read_text(path, errors="replace")  # the public list holds bytes that are no UTF-8
    try:
        return read_retraction_watch(text, dois)
    except NoticeError as error:
        raise NoticeError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from None


def read_saved(path: Path) -> dict[str, Mapping[str, Any]]:
    """Read saved answers from a JSON file, or from each in a folder: both answers on a work, by DOI in small letters.

    Raises NoticeError with all faults, each line naming its file. A DOI that is given twice is one: an answer would hide another.
    What the answers say is not looked at.
    """
    if not path.is_dir() and path.suffix.lower() != ".json":
        raise NoticeError(f"{path}: neither .csv nor .json; Retraction Watch's list, or saved answers of Crossref")
    paths = sorted(path.glob("*.json")) if path.is_dir() else [path]
    answers: dict[str, Mapping[str, Any]] = {}
    faults = [] if paths else [f"{path}: no .json file; saved answers of Crossref"]
    for file in paths:
        try:
            entries = json.loads(_read_text(file), object_pairs_hook=_Pairs)
        except NoticeError as error:
            faults.append(str(error))
            continue
        except (ValueError, RecursionError) as error:
            faults.append(f"{file}: not JSON ({str(error)[:80]}); an object of DOI to saved answers")
            continue
        for doi, saved in entries if isinstance(entries, _Pairs) else [("", entries)]:
            if not doi.startswith("10.") or not isinstance(saved, _Pairs):
                faults.append(f"{file}: the entry {doi[:80]!r} is not of a DOI and its answers; {_RIGHT}")
            elif doi.lower() in answers:
                faults.append(f"{file}: the DOI {doi[:80]} is given twice; {_RIGHT}")
            else:
                answers[doi.lower()] = _plain(saved)
    if faults:
        raise NoticeError("\n".join(faults))
    return answers


def _read_text(path: Path, errors: str = "strict") -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise NoticeError(f"{path}: more than {MAX_FILE_BYTES:,} bytes; a smaller file")
        return path.read_text(encoding="utf-8-sig", errors=errors)
    except OSError as error:
        raise NoticeError(f"{path}: cannot be read ({error.strerror}); a file that may be read") from None
    except UnicodeDecodeError as error:
        raise NoticeError(f"{path}: not UTF-8 (byte {error.start:,}); a text file in UTF-8") from None


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it is written, repeated names and all."""


def _plain(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {name: _plain(item) for name, item in value}
    return [_plain(item) for item in value] if isinstance(value, list) else value
