"""``manage.py backup``: one file with all that is needed to bring the site back. For a daily timer."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from articles import backups


class Command(BaseCommand):
    """Works while the site runs, and writes the whole file or none."""

    help = (
        "Write a compressed tar with a consistent copy of the database, the content folder and their checksums. It holds the "
        "accounts, so only its owner can read it; keep it safe. Not in it: the secret key and the settings, which have to be "
        "kept apart, sessions, and what is kept for a day only to count senders of feedback."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", type=Path, help="such as /var/backups/site.tar.gz")
        parser.add_argument("--force", action="store_true", help="replace a file that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup and say what is in it."""
        file: Path = options["file"]
        self.stdout.write("Copying the database and the content ...")
        try:
            manifest = backups.write_backup(file, now=timezone.now(), is_forced=options["force"])
        except (backups.BackupError, DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"no backup was made: {' '.join(str(error).split())}") from None
        with file.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        counts = manifest.facts.counts
        self.stdout.write(
            f"{file}: {file.stat().st_size:,} bytes; {counts['articles_article']:,} articles and pages, "
            f"{counts['articles_publication']:,} publications, {len(manifest.members) - 1:,} files of content."
        )
        self.stdout.write(f"SHA-256: {digest}")
        self.stdout.write("The secret key and the settings are not in it: keep a copy of them in another place.")
