"""``manage.py import_csl``: works from Zotero and its like into ``references.yaml``."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.text.bibliography import MAX_REFERENCES_BYTES, Reference, as_facts, parse_references
from articles.text.bibliography_writing import add_references
from articles.text.csl import from_csl

MAX_CSL_BYTES = 50_000_000


class Command(BaseCommand):
    """Adds at the end of the list, all works or none; what stands there is not touched."""

    help = (
        "Add the works of a CSL-JSON file (Zotero: Export, CSL JSON) to the list of works. Each needs a line `design: ...` in "
        "its field Extra, and studies a line `populations: people`; `sample_size:`, `studies:` and `note:` may follow. Works "
        "that are in the list already are named and left as they are. With any fault nothing is written (exit code 1)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and the list to add to."""
        parser.add_argument("file", type=Path, help="CSL-JSON")
        default = settings.CONTENT_DIR / "references.yaml"
        parser.add_argument("--into", type=Path, default=default, help="the list of works; default: %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read both files, report, and add."""
        into = options["into"].resolve()
        before = _read(into, MAX_REFERENCES_BYTES)
        known, faults = parse_references(before)
        self._stop(into, faults)
        works, problems = from_csl(_read(options["file"], MAX_CSL_BYTES).removeprefix("\ufeff"), known)
        self._stop(options["file"], problems)
        new = []
        for work in works.values():
            same = _find(work, known)
            if same:
                self.stdout.write(_already(work, same))
            else:
                new.append(work)
        after = add_references(before, new)
        self._check(into, after, known, new)
        for work in new:
            self.stdout.write(f"{'would be added' if options['dry_run'] else 'added'}: {work.key} ({work.title})")
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was changed.")
        elif not new:
            self.stdout.write("Nothing to add.")
        else:
            _replace(into, before, after)
            counted = "1 work" if len(new) == 1 else f"{len(new):,} works"
            self.stdout.write(f"{counted} added to {into}. `manage.py import_content` brings them into the database.")

    def _stop(self, path: Path, problems: Iterable[object]) -> None:
        told = list(dict.fromkeys(str(problem) for problem in problems))
        for problem in told[:100]:
            self.stderr.write(f"{path}:{problem}" if problem[:1].isdigit() else f"{path}: {problem}")
        if told:
            counted = "1 fault" if len(told) == 1 else f"{len(told):,} faults"
            raise CommandError(f"{counted}; nothing was changed.")

    def _check(self, into: Path, after: str, known: Mapping[str, Reference], new: list[Reference]) -> None:
        """Make sure that the list, as it would be written, reads as what was meant."""
        if len(after.encode()) > MAX_REFERENCES_BYTES:
            raise CommandError(f"{into} would be larger than {MAX_REFERENCES_BYTES:,} bytes; nothing was changed.")
        read, faults = parse_references(after)
        self._stop(into, faults)
        meant = {**known, **{work.key: work for work in new}}
        if read != meant:
            wrong = ", ".join(sorted(key for key in meant if read.get(key) != meant[key]))
            raise CommandError(f"{into} would not read as what was meant ({wrong}); nothing was changed.")


def _read(path: Path, limit: int) -> str:
    try:
        data = path.read_bytes()
        if len(data) > limit:
            raise CommandError(f"{path} is larger than {limit:,} bytes; nothing was changed.")
        return data.decode("utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror}); nothing was changed.") from None
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 (byte {error.start:,}); nothing was changed.") from None


def _find(work: Reference, known: Mapping[str, Reference]) -> Reference | None:
    """Find the entry of the list that is this work: by DOI, by PMID, or by key."""
    for entry in known.values():
        if (work.doi and entry.doi == work.doi) or (work.pmid and entry.pmid == work.pmid):
            return entry
    return known.get(work.key)


def _already(work: Reference, same: Reference) -> str:
    mine, theirs = as_facts(work), as_facts(same)
    names = [name for name in {**theirs, **mine} if name != "key" and mine.get(name) != theirs.get(name)]
    name = work.key if work.key == same.key else f"{work.key}, as {same.key}"
    if not names:
        return f"already there: {name}"
    return f"already there and left as it is: {name}; the file differs in {', '.join(names)}"


def _replace(path: Path, before: str, after: str) -> None:
    """Put a new file in place of the old one at once, unless somebody changed that in the meantime."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(handle, "wb") as file:
            file.write(after.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, name)
        if _read(path, MAX_REFERENCES_BYTES) != before:
            raise CommandError(f"{path} was changed by somebody else just now; nothing was changed. Run this again.")
        os.replace(name, path)
        name = ""
    except OSError as error:
        raise CommandError(f"{path} cannot be written ({error.strerror}); nothing was changed.") from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)
