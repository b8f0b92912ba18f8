"""``manage.py prepare_database``: what has to be done before the site starts."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles import backups, search, workflow
from articles.models import Article


class Command(BaseCommand):
    """Safe to run at every start: it does nothing that is not needed."""

    help = (
        "Copy an existing database aside and migrate it, if there is anything to migrate; import and publish the content "
        "folder into a new one; remake pages that an older version of the renderer made; index for the search what is not; "
        "put right what old code does not keep."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to date."""
        executor = MigrationExecutor(connection)
        is_new = not executor.loader.applied_migrations
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            if not is_new:
                self._copy_aside()
            call_command("migrate", verbosity=0, interactive=False)
        if not Article.objects.exists():
            call_command("import_content", publish=True, verbosity=0, stdout=self.stdout, stderr=self.stderr)
        if remade := workflow.remake_stale_renderings():
            self.stdout.write(f"{remade} pages were remade by the new renderer.")
        workflow.store_missing_uses()
        workflow.recount_topics()
        if indexed := search.refresh():
            self.stdout.write(f"{indexed} articles and words were indexed for the search.")

    def _copy_aside(self) -> None:
        try:
            self.stdout.write(f"The database was copied to {backups.copy_aside('before-migration')}")
        except backups.BackupError as error:
            raise CommandError(f"the database could not be copied aside, nothing was changed: {error}") from None
