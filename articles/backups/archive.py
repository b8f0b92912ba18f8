"""The file of a backup: a compressed tar of ``manifest.json``, the copy of the database, and the content folder."""

import contextlib
import dataclasses
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import connection

from articles.backups.database import check_copy, copy_database
from articles.backups.facts import BackupError, Facts

FORMAT = 1
MANIFEST, DATABASE, CONTENT = "manifest.json", "database", "content"
MAX_MANIFEST_BYTES = 10_000_000
CHUNK = 1024 * 1024
DAY = 86_400


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``members`` gives the SHA-256 of each file in it, by its name."""

    format: int
    made_at: datetime
    vendor: str
    facts: Facts
    members: dict[str, str]

    def as_json(self) -> bytes:
        """Give it as it stands in the file."""
        values = dataclasses.asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(values, indent=1, sort_keys=True).encode()


@dataclass(frozen=True)
class Contents:
    """What was read from a backup: its manifest, and where its files lie for now."""

    manifest: Manifest
    database: Path
    content: Path


@contextlib.contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder for the time of the block, on the disk of DATA_DIR, which nobody else can look into.

    What a killed run left there is deleted after a day.
    """
    for old in Path(settings.DATA_DIR).glob(".backup-*"):
        if time.time() - old.stat().st_mtime > DAY:
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA_DIR) as folder:
        yield Path(folder)


def write_backup(file: Path, *, now: datetime, is_forced: bool = False) -> Manifest:
    """Write a backup of the database and CONTENT_DIR to ``file``, which appears only when it is whole.

    A file that is there is replaced only when ``is_forced``. Raises BackupError.
    """
    file = file.absolute()
    content = Path(settings.CONTENT_DIR).resolve()
    if file.resolve().is_relative_to(content):
        raise BackupError(f"{file} lies in CONTENT_DIR, which is itself backed up; choose another folder")
    _stop_if_there(file, is_forced)
    temporary = ""
    try:
        with _private_folder() as folder:
            facts = copy_database(folder / DATABASE)
            files = {f"{CONTENT}/{path.relative_to(content).as_posix()}": path.read_bytes() for path in _files_of(content)}
            digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
            with (folder / DATABASE).open("rb") as copy:
                digests[DATABASE] = hashlib.file_digest(copy, "sha256").hexdigest()
            manifest = Manifest(FORMAT, now.astimezone(UTC), connection.vendor, facts, digests)
            # Its owner alone can read it. It ends like the others: what deletes old backups finds it after a killed run.
            descriptor, temporary = tempfile.mkstemp(prefix=".half-", suffix=f"-{file.name}", dir=file.parent)
            with open(descriptor, "wb") as raw:
                _write_tar(raw, manifest, folder / DATABASE, files)
                raw.flush()
                os.fsync(raw.fileno())
        _stop_if_there(file, is_forced)
        os.replace(temporary, file)
        temporary = ""
    except OSError as error:
        raise BackupError(f"{error.strerror}: {error.filename or file}") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
    return manifest


def _stop_if_there(file: Path, is_forced: bool) -> None:
    if file.is_dir():
        raise BackupError(f"{file} is a folder; name a file")
    if os.path.lexists(file) and not is_forced:
        raise BackupError(f"{file} is there already; choose another name, or replace it with --force")


def _files_of(folder: Path) -> Iterator[Path]:
    """Give the regular files in a folder; links are left out, because they may lead anywhere."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _write_tar(raw: IO[bytes], manifest: Manifest, database: Path, files: dict[str, bytes]) -> None:
    def add(name: str, data: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(manifest.made_at.timestamp())
        tar.addfile(member, data)

    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as tar:
        text = manifest.as_json()
        add(MANIFEST, io.BytesIO(text), len(text))
        with database.open("rb") as copy:
            add(DATABASE, copy, database.stat().st_size)
        for name, data in files.items():
            add(name, io.BytesIO(data), len(data))


@contextlib.contextmanager
def read_backup(file: Path) -> Iterator[Contents]:
    """Read a backup into a folder of its own and check all that is in it; the folder goes when the block ends.

    Raises BackupError for a file that is missing, cut short, changed, of another kind, or for another kind of database.
    """
    with _private_folder() as folder:
        try:
            with gzip.open(file) as stream:
                with tarfile.open(fileobj=stream, mode="r|") as tar:
                    manifest = _read_members(tar, folder)
                while stream.read(CHUNK):  # to the end, where gzip keeps its own checksum
                    pass
        except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise BackupError(f"{file} is no whole backup ({error})") from None
        except OSError as error:
            raise BackupError(f"{file} cannot be read ({error.strerror})") from None
        facts = check_copy(folder / DATABASE)
        if facts and (different := facts.differs_from(manifest.facts)):
            raise BackupError(f"the copy of the database is not the one that {MANIFEST} tells of ({different})")
        yield Contents(manifest, folder / DATABASE, folder / CONTENT)


def _read_members(tar: tarfile.TarFile, folder: Path) -> Manifest:
    (folder / CONTENT).mkdir()
    manifest = None
    left: dict[str, str] = {}
    for member in tar:
        _check_name(member)
        data = tar.extractfile(member)
        assert data is not None  # regular files have data
        if manifest is None:
            if member.name != MANIFEST or member.size > MAX_MANIFEST_BYTES:
                raise BackupError(f"this is no backup of this site: it does not begin with {MANIFEST}")
            manifest = _read_manifest(data.read())
            left = dict(manifest.members)
        else:
            if member.name not in left:
                raise BackupError(f"{member.name} stands in the backup but not, or only once, in its {MANIFEST}")
            if _extract(data, folder / member.name) != left.pop(member.name):
                raise BackupError(f"{member.name} was changed: its SHA-256 is not the one in {MANIFEST}")
    if manifest is None or left:
        raise BackupError(f"the backup is not whole: {', '.join(sorted(left)[:5]) or MANIFEST} is missing")
    return manifest


def _check_name(member: tarfile.TarInfo) -> None:
    """Only regular files in the places we give them, so that nothing is ever written beside the folder."""
    parts = PurePosixPath(member.name).parts
    is_ours = member.name in {MANIFEST, DATABASE} or (len(parts) > 1 and parts[0] == CONTENT)
    if not member.isreg() or not is_ours or ".." in parts:
        raise BackupError(f"{member.name!r} has no place in a backup: it was not made by this site, or was changed")


def _extract(data: IO[bytes], target: Path) -> str:
    """Write one member; give its SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while chunk := data.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _read_manifest(text: bytes) -> Manifest:
    try:
        values: dict[str, Any] = json.loads(text)
        number, vendor = values["format"], values["vendor"]
    except (ValueError, KeyError, TypeError):
        raise BackupError(f"{MANIFEST} is not one that this site writes") from None
    if number != FORMAT:
        raise BackupError(f"the backup has format {number!r}; this version of the site reads format {FORMAT}")
    if vendor != connection.vendor:
        raise BackupError(f"the backup is of a database of the kind {vendor!r}; this site uses {connection.vendor}")
    try:
        members = {str(name): str(digest) for name, digest in values["members"].items()}
        manifest = Manifest(number, datetime.fromisoformat(values["made_at"]), vendor, Facts(**values["facts"]), members)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(f"{MANIFEST} is not one that this site writes") from None
    if DATABASE not in members:
        raise BackupError(f"{MANIFEST} names no copy of the database")
    return manifest
