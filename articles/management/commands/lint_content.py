"""``manage.py lint_content``: what stops a content folder's texts from being published, and what a person should look at."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.content_sync import RESERVED_PAGE_SLUGS
from articles.text.bibliography import MAX_REFERENCES_BYTES, Reference, parse_references
from articles.text.fields import MAX_SLUG, SLUG
from articles.text.findings import Check, Verdict, gather
from articles.text.folder import find_files, is_there, read_file, shown
from articles.text.front_matter import Kind
from articles.text.glossary import Term, parse_glossary
from articles.text.limits import MAX_BYTES, decode
from articles.text.lint import lint_source
from articles.text.problems import Problem, shorten
from articles.text.readability import Readability, read_ease
from articles.text.source import Known, Source, find_unknown, read_source
from articles.text.standards import NOT_FOR_MACHINES, check_standards

T = TypeVar("T")

HEADINGS = {
    Verdict.NOT_MET: "Not met",
    Verdict.LOOK: "For a person to look at",
    Verdict.MET: "Met",
    Verdict.NOT_HERE: "Not for this page",
}


@dataclass(slots=True)
class _File:
    """A file's text, what stops it from being published, and the report on it."""

    path: str
    kind: Kind
    slug: str
    source: Source | None
    problems: list[Problem]
    checks: list[Check] = field(default_factory=list)
    ease: Readability | None = None


class Command(BaseCommand):
    """Reads files and nothing else: it needs no database and writes nothing."""

    help = (
        "Check the texts of a content folder. What stops publishing is told as `path:line: what is wrong; what would be "
        "right` and makes the exit code 1; the report of our rules and the figures on readability are advice. "
        "What only the database can tell, such as an address that is taken, import_content tells."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and whether to print JSON."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="default: %(default)s")
        parser.add_argument("--json", action="store_true", help="print the same as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check and report."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder}:1: not a folder; the folder that holds articles/ and references.yaml")
        faults, files = _check_folder(folder)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(faults, files), ensure_ascii=False, indent=2))
        else:
            self._report(faults, files)
        count = len(faults) + sum(len(file.problems) for file in files)
        if count:
            raise CommandError("1 fault stops publishing." if count == 1 else f"{count:,} faults stop publishing.")

    def _report(self, faults: list[str], files: list[_File]) -> None:
        for fault in faults:
            self.stdout.write(fault)
        for file in files:
            self._report_file(file)
        self.stdout.write("\nNo rule can judge, so a person must:")
        for item in NOT_FOR_MACHINES:
            self.stdout.write(f"  {item.words} ({item.standard})")

    def _report_file(self, file: _File) -> None:
        self.stdout.write(f"\n{file.path}")
        if not file.problems:
            self.stdout.write("  Nothing stops publishing.")
        for problem in shorten(file.problems):
            self.stdout.write(f"{file.path}:{problem}")
        for verdict, heading in HEADINGS.items():
            checks = [check for check in file.checks if check.verdict is verdict]
            if not checks or (verdict is Verdict.NOT_HERE and file.kind is Kind.PAGE):
                continue
            self.stdout.write(f"  {heading}:")
            for check in checks:
                self.stdout.write(f"    {check.title}")
                for finding in check.findings:
                    self.stdout.write(f"      {finding}")
        if file.ease:
            self.stdout.write(f"  Readability, as advice: {_in_words(file.ease)}")


def _in_words(ease: Readability) -> str:
    return (
        f"{ease.words:,} words in {ease.sentences:,} sentences, {ease.words_a_sentence} a sentence; school grade (USA) "
        f"{ease.flesch_kincaid} by Flesch-Kincaid, {ease.ari} by the Automated Readability Index"
    )


def _check_folder(folder: Path) -> tuple[list[str], list[_File]]:
    """Read and check a folder: the faults of its lists and of what is out of place, and its files."""
    faults: list[str] = []
    references = _read_list(folder, "references.yaml", parse_references, faults)
    glossary = _read_list(folder, "glossary.yaml", parse_glossary, faults)
    files = [_read(path, folder, kind) for path, kind in find_files(folder, faults)]
    faults += _find_unsourced(folder, glossary, references)
    sections = _sections(files)
    for file in files:
        if file.source:
            language = file.source.front_matter.language
            file.problems += find_unknown(file.source, Known(references, glossary, sections[language]))
            file.problems += lint_source(file.source, references)
            file.checks = list(check_standards(file.source, references, glossary))
            file.ease = read_ease(gather(file.source, references, glossary).sentences)
        file.problems = sorted(set(file.problems))
    return faults, files


def _find_unsourced(folder: Path, glossary: Mapping[str, Term], references: Mapping[str, Reference]) -> Iterator[str]:
    """Find explained words that name a source which is not there."""
    path = folder / "glossary.yaml"
    unsourced = {key: term.source for key, term in glossary.items() if term.source and term.source not in references}
    if unsourced:
        for number, line in enumerate(_decoded(path, folder, MAX_REFERENCES_BYTES)[0].split("\n"), 1):
            key = line.partition(":")[0].strip("\"'")
            if key in unsourced:
                what = f"the source `{unsourced[key]}` of {key} is not known"
                yield f"{shown(path, folder)}:{number}: {what}; a key of references.yaml"


def _read_list(
    folder: Path, name: str, parse: Callable[[str], tuple[dict[str, T], list[Problem]]], faults: list[str]
) -> dict[str, T]:
    path = folder / name
    if not is_there(path):
        return {}
    values: dict[str, T] = {}
    text, problems = _decoded(path, folder, MAX_REFERENCES_BYTES)
    if not problems:
        values, problems = parse(text)
    faults += [f"{shown(path, folder)}:{problem}" for problem in shorten(problems)]
    return values


def _read(path: Path, folder: Path, kind: Kind) -> _File:
    slug = path.name.removesuffix(".md")
    source = None
    text, problems = _decoded(path, folder, MAX_BYTES)
    if not problems:
        source, problems = read_source(text, kind)
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG or (kind is Kind.PAGE and slug in RESERVED_PAGE_SLUGS):
        right = f"small letters, digits and single hyphens, at most {MAX_SLUG}, and no address of the site's own"
        problems = [*problems, Problem(1, "the file's name makes no address", right)]
    return _File(shown(path, folder), kind, slug, source, list(problems))


def _decoded(path: Path, folder: Path, limit: int) -> tuple[str, list[Problem]]:
    try:
        return decode(read_file(path, folder, limit), limit)
    except ValueError as error:
        what, _, right = str(error).partition("; ")
        return "", [Problem(1, what, right)]


def _sections(files: Iterable[_File]) -> Mapping[str, Mapping[tuple[str, str], set[str]]]:
    """Give the section ids of each file, by language, kind and slug."""
    sections: dict[str, dict[tuple[str, str], set[str]]] = {}
    for file in files:
        if file.source:
            in_language = sections.setdefault(file.source.front_matter.language, {})
            in_language[file.kind, file.slug] = {parsed.section.id for parsed in file.source.sections}
    return sections


def _as_json(faults: list[str], files: Iterable[_File]) -> dict[str, Any]:
    return {
        "faults": faults,
        "files": [
            {
                "path": file.path,
                "problems": [asdict(problem) for problem in file.problems],
                "checks": [asdict(check) for check in file.checks],
                "readability": asdict(file.ease) if file.ease else None,
            }
            for file in files
        ],
        "not_for_machines": [asdict(item) for item in NOT_FOR_MACHINES],
    }
