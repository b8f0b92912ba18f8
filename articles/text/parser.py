"""Python-Markdown with our syntax: citations, marks and explained words, whose places placeholders hold; HTML not safe yet."""

import re
import threading
from html import escape
from typing import Protocol
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import LINK_RE, InlineProcessor, LinkInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX

from articles.text.citations import CITATION, NO_CITATION, Citation, parse_citation, parse_no_citation
from articles.text.lines import code_blocks
from articles.text.links import ADDRESS, parse_inside, path_to

_EXPLAINED = r"\[([^\[\]]+)\]\(glossary:([a-z0-9-]+)\)"


class Holder(Protocol):
    """What keeps the parsed values of components, and gives the placeholders that stand for them in the HTML."""

    def hold_citation(self, citation: Citation) -> str:
        """Keep a citation."""

    def hold_nothing(self) -> str:
        """Give a placeholder that goes away with the space before it."""

    def hold_term(self, words: str, key: str) -> str | None:
        """Keep a word that explains itself; None where it is to stay a word."""


class _Parser(Markdown):
    """The parser with our syntax; ``holder`` keeps what it finds."""

    holder: Holder

    def __init__(self) -> None:
        super().__init__(extensions=[TableExtension(), SaneListExtension(), _OurSyntax()], output_format="html")


_HERE = threading.local()


def to_html(text: str, holder: Holder) -> tuple[str, bool]:
    """Turn Markdown into HTML that is not safe yet; says whether something in it was not made by the parser, such as a tag.

    Each thread has a parser. One that failed halfway is not used again.
    """
    parser: _Parser = getattr(_HERE, "parser", None) or _Parser()
    _HERE.parser = None
    parser.holder = holder
    parser.reset()
    html = parser.convert(text)
    is_raw = bool(parser.htmlStash.rawHtmlBlocks)
    _HERE.parser = parser
    return html, is_raw


class _OurSyntax(Extension):
    """Fenced code; citations, marks and explained words, found after code and escapes and before links; alignment by class.

    What is no part of the format is taken out: it costs time (the parser of HTML blocks more than linear time), link definitions
    would hold for one part of a section alone, and the sanitiser drops HTML and images anyway.
    """

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(_Fences(md), "fences", 25)
        md.parser.blockprocessors.deregister("reference")
        md.parser.blockprocessors.deregister("code")  # the checks read what is indented as text, and so it is shown
        for name in ("reference", "image_link", "image_reference", "short_reference", "short_image_ref"):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_CitationPattern(CITATION.pattern, md), "citation", 175)
        md.inlinePatterns.register(_NoCitationPattern(NO_CITATION.pattern, md), "no_citation", 174)
        md.inlinePatterns.register(_TermPattern(_EXPLAINED, md), "term", 173)
        md.inlinePatterns.register(_LinkPattern(LINK_RE, md), "link", 160)
        md.treeprocessors.register(_AlignByClass(md), "align_by_class", 5)


class _Fences(Preprocessor):
    """Code between fences. The extension that comes with the parser reads white space in more than linear time."""

    def run(self, lines: list[str]) -> list[str]:
        kept: list[str] = []
        after = 0
        for first, last in code_blocks("\n".join(lines)):
            code = escape("\n".join(lines[first + 1 : last]), quote=False)
            kept += [*lines[after:first], "", self.md.htmlStash.store(f"<pre><code>{code}\n</code></pre>"), ""]
            after = last + 1
        return kept + lines[after:]


class _Pattern(InlineProcessor):
    md: _Parser

    @property
    def holder(self) -> Holder:
        return self.md.holder


class _CitationPattern(_Pattern):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]
        citation = parse_citation(m[1])
        return (self.holder.hold_citation(citation), m.start(0), m.end(0)) if citation else (None, None, None)


class _NoCitationPattern(_Pattern):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]
        if parse_no_citation(m[1]):
            return self.holder.hold_nothing(), m.start(0), m.end(0)
        return None, None, None


class _TermPattern(_Pattern):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]
        held = None if STX in m[1] else self.holder.hold_term(m[1], m[2])  # code or a citation among the words
        return (held, m.start(0), m.end(0)) if held else (None, None, None)


class _LinkPattern(LinkInlineProcessor):
    """Links, those inside the site by slug. The built-in one reads an address in more than linear time, and knows titles."""

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802 - the name the parser calls
        match = ADDRESS.match(data, index)
        if not match:
            return "", None, index, False
        inside = parse_inside(match[1])
        if inside is None or inside[0] == "glossary":
            return self.unescape(match[1]), None, match.end(), True
        kind, slug, section = inside
        return f"#{section}" if kind == "section" else path_to(kind, slug, section), None, match.end(), True


class _AlignByClass(Treeprocessor):
    """Python-Markdown aligns cells by ``style``, which a strict content security policy blocks."""

    def run(self, root: Element) -> None:
        for cell in root.iter():
            if cell.tag in {"td", "th"} and (style := cell.attrib.pop("style", "")):
                cell.set("class", "ta-" + style.removeprefix("text-align: ").rstrip(";"))
