"""``manage.py export_content``: the database back into files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import content_export
from articles.content_export import Export


class Command(BaseCommand):
    """Compares everything first; writes all or nothing, and never over an edit."""

    help = (
        "Write articles, pages, works and words back into a content folder. Of each article that is not withdrawn the latest "
        "revision is written, draft or published. What nobody edited stays the same to the byte. A file that was edited since "
        "the last sync is told as `path:line: what is wrong; what would be right`, and then nothing is written (exit code 1)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and whether to write."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="default: %(default)s")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="compare and report, write nothing")
        how.add_argument(
            "--check", action="store_true", help="write nothing, say what is out of step; exit code 1 when anything is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, report, and carry the plan out."""
        export = content_export.plan(options["folder"])
        if options["check"]:
            self._check(export)
            return
        self._stop([*export.faults, *export.conflicts], "nothing was written")
        if not options["dry_run"]:
            try:
                content_export.apply(export)
            except ValueError as error:
                raise CommandError(f"{error}. Nothing was written.") from None
            except OSError as error:
                raise CommandError(f"{error.filename} cannot be written ({error.strerror}); run this again.") from None
        self._report(export, is_dry=options["dry_run"], verbosity=options["verbosity"])

    def _check(self, export: Export) -> None:
        if not export.differences and not export.faults:
            self.stdout.write(f"In step: {_count(export.same)}.")
            return
        for difference in export.differences:
            self.stdout.write(str(difference))
        self._stop(export.faults, "what stands there cannot be compared")
        raise CommandError(f"{len(export.differences):,} out of step.")

    def _stop(self, faults: list[str], words: str) -> None:
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            counted = "1 fault" if len(faults) == 1 else f"{len(faults):,} faults"
            raise CommandError(f"{counted}; {words}.")

    def _report(self, export: Export, *, is_dry: bool, verbosity: int) -> None:
        if verbosity > 0:
            for file in export.files:
                self.stdout.write(f"{'created' if file.before is None else 'updated'}: {file.place}")
        self.stdout.write(f"{_count(len(export.files))} {'to write' if is_dry else 'written'}, {export.same:,} unchanged.")
        if is_dry:
            self.stdout.write("A dry run: nothing was changed.")


def _count(files: int) -> str:
    return "1 file" if files == 1 else f"{files:,} files"
