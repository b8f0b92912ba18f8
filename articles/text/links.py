"""Addresses in a text: out of the site, and inside it by slug (``article:slug#section``, ``page:slug``, ``glossary:entry``)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.text.fields import SLUG
from articles.text.lines import MASK, masked_lines
from articles.text.problems import Problem
from articles.text.sanitize import is_address

ADDRESS = re.compile(r"\(([^()\s\"'<>]*(?:\([^()\s\"'<>]*\)[^()\s\"'<>]*)*)\)")
"""The address of a link in its brackets: no space, quotation mark or ``<>``, and brackets only in pairs."""

_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_LINK_DEFINITION = re.compile(r"(?:[ \t>]|[*+-][ \t]|\d+[.)][ \t])*\[(?!@)[^\[\]]+\]:")
_INSIDE = re.compile(r"(article|page|glossary):([^#]*)(?:#(.*))?")
_OUTSIDE = re.compile(r"https?://[^\s/?#]+\.\S+|mailto:[^\s@]+@[^\s@]+|tel:\+?[\d-]+")
_HTML = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^<>\s]+>)")
_MARKUP = re.compile(rf"[*_`&\\\]{MASK}]")
_IMAGE = re.compile(r"!\[")


@dataclass(frozen=True, slots=True)
class InsideLink:
    """An address inside the site: its kind (article, page, glossary or section), the slug or entry, the section ("" for none)."""

    line: int
    kind: str
    slug: str
    section: str = ""


def path_to(kind: str, slug: str, section: str = "") -> str:
    """Give the path of an ``article`` or ``page`` in the site's main language, or of a ``reference``.

    The same as ``articles.urls`` makes.
    """
    path = {"article": f"/articles/{slug}/", "reference": f"/references/{slug}/"}.get(kind, f"/{slug}/")
    return f"{path}#{section}" if section else path


def parse_inside(target: str) -> tuple[str, str, str] | None:
    """Read ``article:slug#section`` and its like as (kind, slug, section); None where it is no address inside the site."""
    if target.startswith("#"):
        return ("section", "", target[1:]) if SLUG.fullmatch(target[1:]) else None
    match = _INSIDE.fullmatch(target)
    if not match or not SLUG.fullmatch(match[2]):
        return None
    section = match[3] or ""
    if match[3] is not None and (match[1] == "glossary" or not SLUG.fullmatch(section)):
        return None
    return match[1], match[2], section


def find_inside_links(text: str, first_line: int = 1) -> Iterator[InsideLink]:
    """Find the well-formed addresses inside the site, to be checked against what there is."""
    for number, line in masked_lines(text, first_line):
        for _words, target in _links(line):
            if inside := parse_inside(target or ""):
                yield InsideLink(number, *inside)


def find_link_problems(text: str, first_line: int = 1) -> list[Problem]:
    """Find addresses of a form the format does not know, link definitions, images and raw HTML."""
    return [problem for number, line in masked_lines(text, first_line) for problem in _find_in_line(number, line)]


def _find_in_line(number: int, line: str) -> Iterator[Problem]:
    if "]" not in line and "<" not in line and "![" not in line:
        return
    for words, target in _links(line):
        if target is None:
            right = "[words](address) on one line, the address without spaces, quotation marks or <>"
            yield Problem(number, "a link whose address cannot be read", right)
        elif not parse_inside(target) and not (_OUTSIDE.fullmatch(target) and is_address(target)):
            right = "https://..., mailto:..., article:slug, page:slug, glossary:entry or #section"
            yield Problem(number, f"a link to `{target[:60]}`", right)
        elif target.startswith("glossary:") and _MARKUP.search(words):
            yield Problem(number, "markup in a word that is explained", "[plain words](glossary:entry)")
    if _LINK_DEFINITION.match(line):
        yield Problem(number, "a link definition", "the address in the link itself, [words](https://...)")
    if _HTML.search(line):
        yield Problem(number, "raw HTML", "Markdown only; write &lt; for a less-than sign before a letter")
    if _IMAGE.search(line):
        yield Problem(number, "an image", "words; images are not part of the format")


def _links(line: str) -> Iterator[tuple[str, str | None]]:
    """Give the words on this line and the address of each link, None for an address that cannot be read."""
    end = line.find("](")
    while end >= 0:
        address = ADDRESS.match(line, end + 1)
        yield line[line.rfind("[", 0, end) + 1 : end], address[1] if address else None
        end = line.find("](", end + 1)
    for match in _AUTOLINK.finditer(line):
        yield match[1], match[1]
