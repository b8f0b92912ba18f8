"""``manage.py rebuild_search_index``: what the search finds, made anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles import search


class Command(BaseCommand):
    """Needed only where somebody doubts the index: publishing and importing keep it right."""

    help = "Make the search's index anew from what readers see. Until it is done, readers search the old one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, whole or not at all."""
        with transaction.atomic():
            count = search.rebuild()
        self.stdout.write(f"{count} articles and words were indexed.")
