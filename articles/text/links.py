"""Addresses in a text: out of the site, and inside it by slug (``article:slug#section``, ``page:slug``, ``glossary:entry``)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.text.fields import SLUG
from articles.text.problems import Problem
from articles.text.sections import lines_outside_code, mask_code

TARGET = re.compile(r"\]\([ \t]*<?([^)\s>]*)")
_LINK_DEFINITION = re.compile(r" {0,3}\[(?!@)[^\]]+\]:[ \t]*<?([^\s>]*)")
_INSIDE = re.compile(r"(article|page|glossary):([^#]*)(?:#(.*))?$")
_OUTSIDE = re.compile(r"https?://[^\s/?#]+\.[^\s]+$|mailto:[^\s@]+@[^\s@]+$|tel:\+?[\d-]+$")
_HTML = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^<>\s]+>)")
_IMAGE = re.compile(r"!\[")


@dataclass(frozen=True, slots=True)
class InsideLink:
    """An address inside the site: its kind (article, page, glossary or section), the slug or entry, the section ("" for none)."""

    line: int
    kind: str
    slug: str
    section: str = ""


def path_to(kind: str, slug: str, section: str = "") -> str:
    """Give the path of an ``article`` or ``page`` in the site's main language; the same as ``articles.urls`` makes."""
    path = f"/articles/{slug}/" if kind == "article" else f"/{slug}/"
    return f"{path}#{section}" if section else path


def parse_inside(target: str) -> tuple[str, str, str] | None:
    """Read ``article:slug#section`` and its like as (kind, slug, section); None where it is no address inside the site."""
    if target.startswith("#"):
        return ("section", "", target[1:]) if SLUG.fullmatch(target[1:]) else None
    match = _INSIDE.match(target)
    if not match or not SLUG.fullmatch(match[2]):
        return None
    section = match[3] or ""
    if match[3] is not None and (match[1] == "glossary" or not SLUG.fullmatch(section)):
        return None
    return match[1], match[2], section


def find_inside_links(text: str, first_line: int = 1) -> Iterator[InsideLink]:
    """Find the well-formed addresses inside the site, to be checked against what there is."""
    for number, target in _targets(text, first_line):
        if inside := parse_inside(target):
            yield InsideLink(number, *inside)


def find_link_problems(text: str, first_line: int = 1) -> list[Problem]:
    """Find addresses of a form the format does not know, images and raw HTML."""
    problems = []
    for number, target in _targets(text, first_line):
        if not parse_inside(target) and not _OUTSIDE.match(target):
            what = f"a link to `{target[:60]}`"
            problems.append(Problem(number, what, "https://..., mailto:..., article:slug, page:slug, glossary:entry or #section"))
    for number, line in _lines(text, first_line):
        if _HTML.search(line):
            problems.append(Problem(number, "raw HTML", "Markdown only; write &lt; for a less-than sign before a letter"))
        if _IMAGE.search(line):
            problems.append(Problem(number, "an image", "words; images are not part of the format"))
    return problems


def _targets(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    for number, line in _lines(text, first_line):
        for match in TARGET.finditer(line):
            yield number, match[1]
        if definition := _LINK_DEFINITION.match(line):
            yield number, definition[1]


def _lines(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    for number, line, is_text in lines_outside_code(text, first_line):
        if is_text:
            yield number, mask_code(line)
