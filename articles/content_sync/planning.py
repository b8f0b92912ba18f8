"""Making a plan: everything is read, compared and checked, and nothing written."""

import hashlib
import os
import re
from pathlib import Path

from articles.content_sync.checking import check_what_is_named, lint
from articles.content_sync.comparing import articles_without_texts, compare_facts, match_articles
from articles.content_sync.planned import Change, Plan, Progress
from articles.content_sync.reading import read_article, read_list
from articles.text import bibliography
from articles.text.folder import find_files, read_file, shown
from articles.text.front_matter import Kind
from articles.text.glossary import parse_glossary


def plan(folder: Path, progress: Progress | None = None, *, for_publishing: bool = False) -> Plan:
    """Read and check everything under ``folder`` against itself and the database, and decide what to do. Writes nothing.

    ``for_publishing`` makes a fault of what would stop publishing, such as a statement without a source, and prepares the texts.
    """
    result = Plan()
    if not os.path.isdir(folder):
        result.faults.append(f"{folder}:1: not a folder; the folder that holds articles/ and references.yaml")
        return result
    found = list(find_files(folder, result.faults))
    result.references = read_list(folder, "references.yaml", bibliography.parse_references, result)
    result.glossary = read_list(folder, "glossary.yaml", parse_glossary, result)
    result.changed_facts = compare_facts(result)
    if not result.faults and _is_untouched(folder, found, result, for_publishing=for_publishing):
        result.untouched = len(found)
        return result
    for done, (path, kind) in enumerate(found, 1):
        if content := read_article(path, folder, kind, result.faults):
            result.files.append(content)
        else:
            result.unread.add((kind, path.name.removesuffix(".md")))
        if progress and not for_publishing:
            progress(done, len(found))
    match_articles(result)
    check_what_is_named(result)
    if for_publishing:
        lint(result, progress)
    result.faults.sort(key=_in_order)
    return result


def _is_untouched(folder: Path, found: list[tuple[Path, Kind]], result: Plan, *, for_publishing: bool) -> bool:
    """Whether no file, work, word or article with a file has changed since an import without faults: nor is there one now."""
    rows = {row.file_path: row for row in articles_without_texts().exclude(file_path="")}
    if len(rows) != len(found) or set(result.changed_facts.values()) - {Change.UNCHANGED, Change.KEPT}:
        return False
    for path, kind in found:
        row = rows.get(shown(path, folder))
        if row is None or (row.kind, row.slug, row.withdrawn_at) != (kind, path.name.removesuffix(".md"), None):
            return False
        try:
            digest = hashlib.sha256(read_file(path, folder)).hexdigest()
        except ValueError:
            return False
        wanted = (row.published_revision, row.latest_revision) if for_publishing else (row.latest_revision,)
        if digest != row.synced_digest or any(revision is None or revision.digest != digest for revision in wanted):
            return False
    return True


def _in_order(fault: str) -> tuple[str, int, str]:
    """What faults are sorted by: their file, and the number of their line."""
    path, line, words = re.split(r":(\d+): ", fault, maxsplit=1)
    return path, int(line), words
