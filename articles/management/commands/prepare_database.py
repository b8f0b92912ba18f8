"""``manage.py prepare_database``: what has to be done before the site starts."""

import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from articles import search, workflow
from articles.models import Article


class Command(BaseCommand):
    """Safe to run at every start: it does nothing that is not needed."""

    help = (
        "Copy an existing database aside and migrate it, if there is anything to migrate; import and publish the content "
        "folder into a new one; remake pages that an older version of the renderer made; index for the search what is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to date."""
        executor = MigrationExecutor(connection)
        is_new = not executor.loader.applied_migrations
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            if not is_new:
                self.stdout.write(f"The database was copied to {self._copy_aside()}")
            call_command("migrate", verbosity=0, interactive=False)
        if not Article.objects.exists():
            call_command("import_content", publish=True, verbosity=0, stdout=self.stdout, stderr=self.stderr)
        if remade := workflow.remake_stale_renderings():
            self.stdout.write(f"{remade} pages were remade by the new renderer.")
        if indexed := search.refresh():
            self.stdout.write(f"{indexed} articles and words were indexed for the search.")

    def _copy_aside(self) -> Path:
        folder = Path(settings.DATA_DIR) / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        stamp = f"before-migration-{timezone.now():%Y%m%d-%H%M%S}"
        if connection.vendor == "sqlite":
            return self._copy_sqlite(folder / f"{stamp}.sqlite3")
        return self._dump_postgresql(folder / f"{stamp}.dump")

    def _copy_sqlite(self, target: Path) -> Path:
        """Use SQLite's online backup: a plain copy could miss what is still in the write-ahead log."""
        connection.ensure_connection()
        with sqlite3.connect(target) as copy:
            connection.connection.backup(copy)
        copy.close()
        return target

    def _dump_postgresql(self, target: Path) -> Path:
        program = shutil.which("pg_dump")
        if program is None:
            raise CommandError("pg_dump is missing, so the database cannot be copied aside; apt-get install postgresql-client")
        values = connection.settings_dict
        named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        environment = {name: str(values[key]) for name, key in named.items() if values[key]}
        done = subprocess.run(  # noqa: S603 - a fixed program, its arguments made here
            [program, "--format=custom", f"--file={target}"], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandError(f"the database could not be copied aside, nothing was changed: {done.stderr.strip()}")
        return target
