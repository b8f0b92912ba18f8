"""Rows of the database back into the files of ``content/``: see what is out of step, and write all of it or nothing.

What nobody edited stays the same to the byte, and so does a file that differs by its line ends or a byte-order mark alone. A file
that a person has edited since the last sync is never written over: it is imported first. An entry of a list that differs from its
row stays as it is, whether it was edited in the file or the row in the admin.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import transaction

from articles.models import Article, Conflict, GlossaryTerm, Reference
from articles.text.bibliography import MAX_REFERENCES_BYTES, parse_references
from articles.text.bibliography_writing import add_references
from articles.text.folder import FOLDERS, find_files, is_there, leads_out, read_file, shown
from articles.text.front_matter import Kind
from articles.text.glossary import parse_glossary
from articles.text.glossary_writing import add_terms
from articles.text.limits import decode
from articles.text.problems import Problem, shorten

T = TypeVar("T")
BOM = b"\xef\xbb\xbf"
IMPORT_IT = "import_content brings it in"


class State(StrEnum):
    """How a file, or an entry of a list, stands to the database where they are out of step."""

    MISSING = "missing"
    DATABASE_NEWER = "database newer"
    FILE_NEWER = "file newer"
    BOTH_EDITED = "both edited"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is out of step: where, how, and in words what it is."""

    place: str
    state: State
    words: str

    def __str__(self) -> str:
        return f"{self.state}: {self.place} ({self.words})"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is to be written: ``before`` is what stands there (None: nothing), ``after`` what is going to."""

    path: Path
    place: str
    before: bytes | None
    after: bytes


@dataclass(slots=True)
class Export:
    """What an export would write, what is out of step, and what keeps it from being written (each ``path:line: what; right``).

    ``faults`` are places that cannot be read or written, ``conflicts`` edits that would be lost, each of them a difference too.
    ``same`` counts the files that stay as they are; ``synced`` holds, by the article's key, the place and digest of the text that
    its file has once the export is carried out.
    """

    folder: Path
    files: list[Written] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    same: int = 0
    synced: dict[int, tuple[str, str]] = field(default_factory=dict)


def plan(folder: Path) -> Export:
    """Compare the latest text of each article that is not withdrawn, and all works and words, with ``folder``. Writes nothing."""
    result = Export(folder)
    if is_there(folder) and not os.path.isdir(folder):
        result.faults.append(f"{folder}:1: not a folder; the folder that holds articles/ and references.yaml")
        return result
    texts = ("published_revision__source", "draft_revision__source")
    rows = Article.objects.select_related("published_revision", "draft_revision").defer(*texts).order_by("kind", "slug", "pk")
    waiting = set(Conflict.objects.open().filter(cause=Conflict.Cause.IMPORT).values_list("article", flat=True))
    places: dict[Path, Article] = {}
    for article in rows:
        path = _path(article, folder)
        if article.withdrawn_at is not None or article.latest_revision is None:
            places.setdefault(path, article)
        elif (other := places.setdefault(path, article)) != article:
            what = f"the file of two articles, in the languages {other.language} and {article.language}"
            result.faults.append(f"{shown(path, folder)}:1: {what}; give one another address")
        else:
            _plan_article(article, path, result, is_waiting=article.pk in waiting)
    for path, _kind in find_files(folder, []):
        if path not in places:
            words = f"no article has this address; {IMPORT_IT}"
            result.differences.append(Difference(shown(path, folder), State.FILE_NEWER, words))
    works = {row.key: row.listed() for row in Reference.objects.order_by("key")}
    terms = {row.key: row.value() for row in GlossaryTerm.objects.order_by("key")}
    _plan_list("references.yaml", works, parse_references, add_references, result)
    _plan_list("glossary.yaml", terms, parse_glossary, add_terms, result)
    return result


def _path(article: Article, folder: Path) -> Path:
    names = {kind: name for name, kind in FOLDERS.items()}
    return folder / names[Kind(article.kind)] / f"{article.slug}.md"


def _plan_article(article: Article, path: Path, result: Export, *, is_waiting: bool) -> None:
    latest = article.latest_revision
    assert latest is not None
    place = shown(path, result.folder)
    try:
        before = _read(path, result.folder)
    except ValueError as error:
        result.faults.append(f"{place}:1: {error}")
        return
    by = f"revision {latest.number} by {latest.created_by_name}"
    digest = hashlib.sha256(_plain(before)).hexdigest() if before is not None else ""
    if digest == latest.digest:
        result.same += 1
    elif before is None:
        result.differences.append(Difference(place, State.MISSING, by))
    elif is_waiting:
        what = f"the file and the article ({by}) were both edited, and both texts wait at the desk"
        _refuse(place, State.BOTH_EDITED, what, "put them together in the admin", result)
        return
    elif not article.is_file_edited(digest):
        result.differences.append(Difference(place, State.DATABASE_NEWER, by))
    elif latest.digest == article.synced_digest:
        _refuse(place, State.FILE_NEWER, "the file was edited since the last sync", IMPORT_IT, result)
        return
    else:
        what = f"the file and the article were both ({by}) edited since the last sync"
        _refuse(place, State.BOTH_EDITED, what, "import_content puts them together", result)
        return
    result.synced[article.pk] = place, latest.digest
    if digest != latest.digest:
        _add_file(path, before, latest.source, result)


def _refuse(place: str, state: State, what: str, right: str, result: Export) -> None:
    """Note a file that must not be written over."""
    result.differences.append(Difference(place, state, f"{what}; {right}"))
    result.conflicts.append(f"{place}:1: {what}; {right}")


def _plan_list(
    name: str,
    rows: Mapping[str, T],
    parse: Callable[[str], tuple[dict[str, T], list[Problem]]],
    add: Callable[[str, Iterable[T]], str],
    result: Export,
) -> None:
    """Add the entries that the file lacks at its end; an entry that differs is a fault, one that has no row is left alone."""
    path = result.folder / name
    place = shown(path, result.folder)
    text = ""
    listed: dict[str, T] = {}
    try:
        before = _read(path, result.folder)
    except ValueError as error:
        result.faults.append(f"{place}:1: {error}")
        return
    if before is not None:
        text, problems = decode(_plain(before), MAX_REFERENCES_BYTES)
        if not problems:
            listed, problems = parse(text)
        if problems:
            result.faults += [f"{place}:{problem}" for problem in shorten(problems)]
            return
    _compare_lists(place, text, listed, rows, result)
    new = [row for key, row in rows.items() if key not in listed]
    if not new:
        result.same += before is not None
        return
    missing = ", ".join(key for key in rows if key not in listed)
    result.differences.append(Difference(place, State.MISSING, missing if before is not None else "the whole file"))
    after = add(text, new)
    read, problems = parse(after)
    if len(after.encode()) > MAX_REFERENCES_BYTES or problems or read != {**rows, **listed}:
        result.faults.append(f"{place}:1: entries cannot be added at its end ({missing}); add them by hand")
    else:
        _add_file(path, before, after, result)


def _compare_lists(place: str, text: str, listed: Mapping[str, T], rows: Mapping[str, T], result: Export) -> None:
    lines = {line.partition(":")[0].strip("\"'"): number for number, line in enumerate(text.split("\n"), 1)}
    for key, value in listed.items():
        if value == rows.get(key):
            continue
        what = "differs from the database" if key in rows else "is not in the database"
        result.differences.append(Difference(place, State.FILE_NEWER, f"{key} {what}; {IMPORT_IT}"))
        if key in rows:
            right = f"{IMPORT_IT}, if it was edited here; delete the entry here, to get the database's"
            result.conflicts.append(f"{place}:{lines.get(key, 1)}: {key} {what}; {right}")


def _add_file(path: Path, before: bytes | None, text: str, result: Export) -> None:
    """Add a file, written as the one before it was: with its line ends, and its byte-order mark."""
    place = shown(path, result.folder)
    if path.is_symlink():
        result.faults.append(f"{place}:1: a link; a plain file")
    else:
        after = text.encode()
        if before is not None:
            if 0 < before.count(b"\n") == before.count(b"\r\n"):
                after = after.replace(b"\n", b"\r\n")
            after = (BOM if before.startswith(BOM) else b"") + after
        result.files.append(Written(path, place, before, after))


def _plain(data: bytes) -> bytes:
    return data.removeprefix(BOM).replace(b"\r\n", b"\n")


def _read(path: Path, folder: Path) -> bytes | None:
    """Read what stands at ``path``: None for nothing. Raises ValueError ("what; right") for what is no plain file in here."""
    if leads_out(path, folder):
        raise ValueError("a link that leads out of the folder; a plain file")
    return read_file(path, folder, MAX_REFERENCES_BYTES) if is_there(path) else None


def apply(result: Export) -> None:
    """Carry out an export without faults and conflicts: all files are written beside their places, then put there one by one.

    In the folder that imports read (the setting CONTENT_DIR) the articles also learn which file is theirs, and its text; another
    folder holds a copy, and the next import of the first one must not take its older text for an edit. Raises ValueError, in
    words, when a file was changed meanwhile, and OSError when one cannot be written: no file has been touched then, unless the
    folder itself fails while the finished ones are put in place, and running it again goes on from there.
    """
    if result.faults or result.conflicts:
        raise ValueError("an export with faults or conflicts cannot be carried out")
    made: list[tuple[Path, Written]] = []
    try:
        for file in result.files:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            made.append((file.path.with_name(f".{secrets.token_hex(8)}.part"), file))
            _write(made[-1][0], file)
        for file in result.files:
            if _read(file.path, result.folder) != file.before:
                raise ValueError(f"{file.place} was changed by somebody else just now; run this again")
        for path, file in made:
            os.replace(path, file.path)
    finally:
        for path, _file in made:
            path.unlink(missing_ok=True)
    if result.folder.resolve() == settings.CONTENT_DIR.resolve():
        with transaction.atomic():
            for pk, (place, digest) in result.synced.items():
                rows = Article.objects.filter(pk=pk).exclude(file_path=place, synced_digest=digest)
                rows.update(file_path=place, synced_digest=digest)


def _write(path: Path, file: Written) -> None:
    """Write a file's bytes to the disk at ``path``, with the rights of the file that it is going to replace."""
    with open(path, "xb") as target:
        target.write(file.after)
        target.flush()
        os.fsync(target.fileno())
        if file.before is not None:
            os.fchmod(target.fileno(), file.path.stat().st_mode & 0o777)
