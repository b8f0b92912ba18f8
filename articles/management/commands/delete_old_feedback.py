"""``manage.py delete_old_feedback``: what readers said, once it has been kept long enough. For a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import feedback


class Command(BaseCommand):
    """Deletes old answers, and the codes that yesterday's senders were counted under."""

    help = (
        "Delete what readers said of pages more than FEEDBACK_DAYS ago, and yesterday's codes of senders with the random key "
        "they were made with. Each answer that is sent does this too; a daily run does it on days without one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete and report."""
        number = feedback.delete_old(today=timezone.localdate())
        self.stdout.write(f"{number} answer{'' if number == 1 else 's'} to “Did this page help?” deleted.")
