"""``manage.py import_content``: files into the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from articles import content_sync, workflow
from articles.content_sync import Change, ContentFile, Plan


def _say(content: ContentFile) -> str:
    """Say what becomes of a file whose article was edited too; "" for all others."""
    if content.change not in {Change.KEPT, Change.MERGED, Change.CONFLICT}:
        return ""
    assert content.article is not None
    desk = reverse("admin:articles_article_conflicts", args=[content.article.pk])
    if content.change is Change.MERGED:
        return f"merged: {content.path} (edited here and in the admin; both edits are in a draft, which readers do not see)"
    if content.change is Change.CONFLICT:
        return f"conflict: {content.path} (edited here and in the admin; both texts are kept, to be put together at {desk})"
    if content.waiting:
        return f"waiting: {content.path} (both texts wait to be put together at {desk}; the file has not changed)"
    return f"kept: {content.path} (edited in the admin since; the file has not changed)"


class Command(BaseCommand):
    """Checks every file first; writes all or nothing."""

    help = (
        "Bring the files of a content folder into the database. All faults are reported at once, each as "
        "`path:line: what is wrong; what would be right`, and then nothing is written (exit code 1). A file and an article that "
        "were both edited since the last import are put together by section: into a draft, or by a person at the desk."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and whether to write and publish."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="default: %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
        parser.add_argument("--check", action="store_true", help="the same, with exit code 1 where anything is out of step")
        parser.add_argument("--publish", action="store_true", help="put what is imported before readers")
        parser.add_argument("--note", default="", help="what changed and why, for the public history; one or two sentences")

    @content_sync.rare_collections()
    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, report, and carry the plan out."""
        if len(options["note"]) > workflow.MAX_NOTE:
            raise CommandError(f"--note has {len(options['note'])} characters; at most {workflow.MAX_NOTE}.")
        plan = content_sync.plan(options["folder"], self._progress("checked"), for_publishing=options["publish"])
        if plan.faults:
            for fault in plan.faults:
                self.stderr.write(fault)
            counted = "1 fault" if len(plan.faults) == 1 else f"{len(plan.faults):,} faults"
            raise CommandError(f"{counted}; nothing was changed.")
        published, is_dry = 0, options["dry_run"] or options["check"]
        if not is_dry:
            published = self._apply(plan, options)
        self._report(plan, options["verbosity"])
        if options["check"] and not plan.is_in_step:
            raise CommandError("Files and database are out of step. Nothing was changed.")
        if is_dry:
            self.stdout.write("A dry run: nothing was changed.")
        elif options["publish"]:
            self.stdout.write(f"{published} published.")

    def _apply(self, plan: Plan, options: dict[str, Any]) -> int:
        """Carry a plan out; gives how many articles were published."""
        try:
            return content_sync.apply(
                plan,
                by=workflow.Actor.command("import"),
                now=timezone.now(),
                publish=options["publish"],
                note=options["note"],
                progress=self._progress("published" if options["publish"] else "saved"),
            )
        except (workflow.ConflictError, workflow.SettledError):
            raise CommandError("An article was saved in the admin just now; run this again. Nothing was changed.") from None

    def _report(self, plan: Plan, verbosity: int) -> None:
        for content in plan.files:
            if words := _say(content):
                self.stdout.write(words)
            elif content.change is not Change.UNCHANGED and verbosity > 0:
                self.stdout.write(f"{content.change}: {content.path}")
        for (what, key), change in plan.changed_facts.items():
            if change is Change.KEPT:
                self.stdout.write(f"kept: the {what} {key} (edited in the admin since; the file has not changed)")
        for article in plan.missing:
            self.stdout.write(f"missing: {article.file_path} (the article stays; withdraw it in the admin)")
        for article in plan.broken:
            problems = "; ".join(article.source_problems.splitlines())
            self.stdout.write(f"needs an editor: {article.get_absolute_url()}: {problems}")
        changes = [content.change for content in plan.files] + [Change.UNCHANGED] * plan.untouched
        facts = list(plan.changed_facts.values())
        for what, counted in (("articles and pages", changes), ("works and words", facts)):
            counts = [f"{counted.count(change)} {change}" for change in (Change.CREATED, Change.UPDATED, Change.UNCHANGED)]
            for change, words in ((Change.MERGED, "merged into a draft"), (Change.CONFLICT, "in conflict")):
                counts += [f"{counted.count(change)} {words}"] if change in counted else []
            self.stdout.write(f"{what}: {', '.join(counts)}")

    def _progress(self, act: str) -> content_sync.Progress | None:
        """Show progress on a terminal, a line that rewrites itself; nothing for a few files."""
        if not self.stderr.isatty():
            return None

        def show(done: int, of: int) -> None:
            if of >= 50 and (done % 25 == 0 or done == of):
                self.stderr.write(f"\r{done} of {of} {act}", ending="\n" if done == of else "")

        return show
