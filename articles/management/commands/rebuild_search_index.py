"""``manage.py rebuild_search_index``: what the search finds, made anew."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import search


class Command(BaseCommand):
    """Needed only where somebody doubts the index: publishing and importing keep it right."""

    help = "Make the search's index anew from what readers see, one article after the other; readers go on searching."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild."""
        self.stdout.write(f"{search.rebuild()} articles and words were indexed.")
