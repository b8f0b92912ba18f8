"""``manage.py restore``: bring the database back from a backup, after everything in it has been checked."""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles import backups, feedback, page_cache
from articles.backups.facts import read_present


class Command(BaseCommand):
    """Changes nothing before all is checked, and leaves the database as it was when anything fails."""

    help = (
        "Put the database of a backup in place of the present one, which is copied to DATA_DIR/backups first. The file is "
        "checked from end to end before anything is touched. Refused when the present database holds anything newer, unless "
        "forced. The content folder is left alone; --content writes that of the backup to a new folder. Stop the site first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the backup, and what to do with it."""
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")
        parser.add_argument("--check", action="store_true", help="check the file and say what would be lost; change nothing")
        parser.add_argument("--force", action="store_true", help="restore although newer things are lost")
        parser.add_argument("--content", type=Path, metavar="DIR", help="write the content to this folder, new or empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, restore, and say what to do next."""
        self.stdout.write(f"Checking {options['file']} ...")
        try:
            with backups.read_backup(options["file"]) as contents:
                self._restore(contents, options)
        except (backups.BackupError, DatabaseError, sqlite3.Error, OSError) as error:
            raise CommandError(f"nothing was restored: {_line(error)}") from None

    def _restore(self, contents: backups.Contents, options: dict[str, Any]) -> None:
        manifest = contents.manifest
        _check_migrations(manifest.facts.migrations)
        self.stdout.write(f"It is whole, and was made on {manifest.made_at:%Y-%m-%d at %H:%M} UTC.")
        lost = _find_lost(manifest)
        if options["check"]:
            self.stdout.write(f"Restoring it would lose {lost}." if lost else "Restoring it would lose nothing that is newer.")
            return
        if lost and not options["force"]:
            raise backups.BackupError(f"this would lose {lost}; --force restores all the same")
        if options["content"]:
            _check_folder(options["content"])
        with backups.aside_while("before-restore") as aside:
            if aside:
                self.stdout.write(f"The present database was copied to {aside}")
            self.stdout.write("Restoring the database ...")
            backups.put_database(contents.database)
            if different := read_present().differs_from(manifest.facts):
                raise backups.BackupError(f"what was restored is not what the backup tells of ({different})")
            self._finish()
        if options["content"]:
            self._put_content(contents.content, options["content"])
        self.stdout.write(
            "The database is restored. Next: (re)start the site (`make serve`, or systemctl), which must run with its own "
            "SECRET_KEY or DATA_DIR/secret_key; editors have to sign in again."
        )

    def _finish(self) -> None:
        """Bring an older database up to date, and delete what readers sent when it has been kept long enough."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("The backup is of an older version: migrating ...")
            call_command("migrate", verbosity=0, interactive=False)
        feedback.delete_old(today=timezone.localdate())
        page_cache.changed_everything(is_gone=True)

    def _put_content(self, source: Path, target: Path) -> None:
        try:
            shutil.copytree(source, target, dirs_exist_ok=True)
        except OSError as error:  # shutil's own error is one too
            raise CommandError(f"the database is restored, but the content could not be written to {target} ({error})") from None
        self.stdout.write(f"The content was written to {target}; the site reads {settings.CONTENT_DIR}.")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


def _find_lost(manifest: backups.Manifest) -> str:
    try:
        return ", ".join(backups.find_newer(manifest.facts.newest))
    except DatabaseError as error:
        return f"what is in the present database, which cannot be read ({_line(error)})"


def _check_migrations(applied: dict[str, str]) -> None:
    known = set(MigrationLoader(None).disk_migrations or {})
    for app, name in applied.items():
        if (app, name) not in known:
            raise backups.BackupError(f"the backup is of a newer version of the site ({app} {name}); update the site first")


def _check_folder(folder: Path) -> None:
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise backups.BackupError(f"{folder} is not empty; choose a new folder for the content")
