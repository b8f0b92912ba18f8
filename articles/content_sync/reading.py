"""Files off the disk: articles, pages and lists, each fault told by its place."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from articles.content_sync.planned import ContentFile, Plan
from articles.text import bibliography
from articles.text.fields import MAX_SLUG, SLUG
from articles.text.folder import is_there, read_file, shown
from articles.text.front_matter import Kind
from articles.text.limits import decode
from articles.text.problems import Problem, shorten
from articles.text.source import read_source

RESERVED_PAGE_SLUGS = frozenset(
    "admin api articles changes glossary healthz preview readyz references search static topics".split()
)
T = TypeVar("T")


def tell(path: str, problems: Iterable[Problem]) -> list[str]:
    """Give the faults of a file, each ``path:line: what; right``."""
    return [f"{path}:{problem}" for problem in shorten(problems)]


def read_list(folder: Path, name: str, parse: Callable[[str], tuple[dict[str, T], list[Problem]]], result: Plan) -> dict[str, T]:
    """Read a list of works or words, and note its faults and the line of each key; {} where it is not there."""
    path = folder / name
    if not is_there(path):
        return {}
    place = shown(path, folder)
    try:
        data = read_file(path, folder, bibliography.MAX_REFERENCES_BYTES)
    except ValueError as error:
        result.faults.append(f"{place}:1: {error}")
        return {}
    text, problems = decode(data, bibliography.MAX_REFERENCES_BYTES)
    values: dict[str, T] = {}
    if not problems:
        values, problems = parse(text)
    result.faults += tell(place, problems)
    for number, line in enumerate(text.split("\n"), 1):
        key = line.partition(":")[0].strip("\"'")
        if key in values:
            result.places[name, key] = f"{place}:{number}"
    return values


def read_article(path: Path, folder: Path, kind: Kind, faults: list[str]) -> ContentFile | None:
    """Read an article's file, and note its faults; None where no sense can be made of it."""
    place = shown(path, folder)
    slug = path.name.removesuffix(".md")
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG or (kind is Kind.PAGE and slug in RESERVED_PAGE_SLUGS):
        right = f"small letters, digits and single hyphens, at most {MAX_SLUG}, and no address of the site's own"
        faults.append(f"{place}:1: the file's name makes no address; {right}")
    try:
        data = read_file(path, folder)
    except ValueError as error:
        faults.append(f"{place}:1: {error}")
        return None
    text, problems = decode(data)
    source = None
    if not problems:
        source, problems = read_source(text, kind)
    faults += tell(place, problems)
    return ContentFile(place, kind, slug, source) if source else None
