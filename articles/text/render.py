"""From checked text to safe HTML.

Markdown is parsed by Python-Markdown with our own inline patterns, which put placeholders where components belong. The HTML is
sanitised, and only then do components, made from parsed values, take the placeholders' places. A placeholder carries a
random number
made for each rendering, so text that imitates one stays text; and addresses cannot hold one, so components land in text alone.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import LINK_RE, InlineProcessor, LinkInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX

from articles.grading import STUDIES, Certainty
from articles.grading import gettext_noop as _
from articles.text import components
from articles.text.bibliography import Reference, Translate, label_of_claim, who_in_words, with_label
from articles.text.blocks import CARE_KINDS, EVIDENCE_KINDS, Block, BlockKind, Prose, number_items
from articles.text.citations import CITATION, NO_CITATION, Citation, find_citations, parse_citation, parse_no_citation
from articles.text.claims import limit_certainty, read_line, works_of
from articles.text.glossary import Term
from articles.text.limits import find_over_limits
from articles.text.lines import code_blocks
from articles.text.links import ADDRESS, parse_inside, path_to
from articles.text.problems import SourceError
from articles.text.sanitize import SafeString, as_safe, sanitize
from articles.text.sections import Ids, slugify
from articles.text.source import ParsedSection, Source, parse_body

RENDERER_VERSION = 6
"""Raised with every change of what is made from a text; ``prepare_database`` remakes what an older version made."""

_EXPLAINED = r"\[([^\[\]]+)\]\(glossary:([a-z0-9-]+)\)"
_CITED = re.compile(r"(?<![ \t])[ \t]*(?:" + CITATION.pattern + "|" + NO_CITATION.pattern + ")")
_PARAGRAPH = re.compile(r"</?p>")
_HEADING = re.compile(r"<(h[34])>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_OUTSIDE = re.compile(r'<a href="(?=https?://)')
_WITHOUT_ADDRESS = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RenderedSection:
    """A section ready to be shown: ``html`` is what stands inside its element, the heading included."""

    id: str
    heading: str
    short_heading: str
    certainty: str
    certainty_words: str
    html: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article ready to be shown. All HTML is safe; ``summary`` is plain text with the labels of work on animals."""

    sections: tuple[RenderedSection, ...]
    sources: tuple[str, ...]
    key_message: str
    summary: str
    cited_keys: tuple[str, ...]


def render_markdown(
    text: str, *, references: Mapping[str, Reference] | None = None, glossary: Mapping[str, Term] | None = None
) -> SafeString:
    """Turn any Markdown text into safe HTML: a piece, or a whole body with sections and blocks.

    Without ``references`` a citation shows its key, and without ``glossary`` a word stays plain. Faults of form are shown
    as well as
    may be. Raises SourceError with all its problems when the text is over the limits.
    """
    shown = _NOT_SHOWN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if problems := find_over_limits(shown):
        raise SourceError(problems)
    renderer = _Renderer(references or {}, glossary or {}, str)
    sections, _problems = parse_body(shown)
    html = ""
    for parsed in sections:
        made = renderer.section(parsed)
        html += f'<section id="{made.id}">{made.html}</section>' if made.id else made.html
    return as_safe(html)


def render_article(
    source: Source, *, references: Mapping[str, Reference], glossary: Mapping[str, Term], translate: Translate = str
) -> Rendered:
    """Render a checked article or page. ``translate`` turns our own words into the article's language."""
    renderer = _Renderer(references, glossary, translate)
    summary = with_labels(source.front_matter.summary, references, translate)
    key_message = renderer.key_message(source.front_matter.key_message)
    sections = tuple(renderer.section(parsed) for parsed in source.sections)
    return Rendered(
        sections=sections,
        sources=renderer.sources(),
        key_message=key_message,
        summary=summary,
        cited_keys=tuple(renderer.numbers),
    )


def with_labels(text: str, references: Mapping[str, Reference], translate: Translate = str) -> str:
    """Give a line of text with "(studied in rats, not people)" in the places of citations of work on animals or cells alone.

    For lists and descriptions, where there is no list of sources to link to, but the label must not be lost.
    """
    if any(citation.is_whole_paragraph for _line, citation in find_citations(text)):
        return " ".join(with_label(said.text, works_of(said.keys, references), translate) for said in read_line(text))

    def label(match: re.Match[str]) -> str:
        citation = parse_citation(match[1]) if match[1] else None
        works = [references[key] for key in citation.keys if key in references] if citation else []
        words = label_of_claim(works, translate)
        return f" ({words})" if words else ""

    return _CITED.sub(label, text).strip()


def _before_covered(label: str) -> str:
    """Make what stands at the beginning of what a citation elsewhere covers."""
    return f'<b class="animal">{escape(label)}</b>: ' if label else ""


class _Renderer:
    """One rendering: numbers works in the order of first use and keeps the components until the text is clean."""

    def __init__(self, references: Mapping[str, Reference], glossary: Mapping[str, Term], translate: Translate) -> None:
        self.references = references
        self.glossary = glossary
        self.translate = translate
        self.numbers: dict[str, int] = {}
        self._first_used: dict[str, str] = {}
        self._here = "main"
        self.pictures = 0
        self._explained: set[str] = set()
        self._heading_ids = Ids()
        self._labelled: set[str] = set()
        self._terms: list[tuple[Term, str]] = []
        self._citations: list[Citation] = []
        self._nonce = secrets.token_hex(8)
        self._markdown = Markdown(
            extensions=[TableExtension(), SaneListExtension(), _OurSyntax(self)],
            output_format="html",
        )
        cite = f"\ue000{self._nonce}c(\\d+)\ue001"
        cites = f"(?:[ \t\n]*\ue000{self._nonce}c\\d+\ue001)"
        self._before_stop = re.compile(f"(?<![ \t\n])({cites}+)([.!?…]?)")
        self._cite = re.compile(cite)
        self._cite_or_start = re.compile(rf"<(?:p|li|td|th)\b|{cite}")
        self._cite_or_tag = re.compile(rf"<(/?)(?:p|li|td|th)(?: [^<>]*)?>|{cite}")
        self._placeholder = re.compile(f"\ue000{self._nonce}i(\\d+)\ue001([.,;:!?)’”]*)")
        self._removed = re.compile(f"(?<![ \t\n])[ \t\n]*\ue000{self._nonce}x\ue001")

    # Placeholders, made while Markdown is parsed

    def hold_citation(self, citation: Citation) -> str:
        """Keep a citation; give its placeholder, which moves behind the full stop."""
        self._citations.append(citation)
        return f"\ue000{self._nonce}c{len(self._citations) - 1}\ue001"

    def hold_nothing(self) -> str:
        """Give a placeholder that goes away with the space before it."""
        return f"\ue000{self._nonce}x\ue001"

    def _place_term(self, match: re.Match[str]) -> str:
        """Put a word that explains itself in its place, with the punctuation right behind it."""
        entry, words = self._terms[int(match[1])]
        return components.term(entry, words, match[2])

    def _place(self, match: re.Match[str]) -> str:
        """Put the links of a citation in its place; each paragraph, list item and cell shows the labels of its works anew."""
        if match[1] is None:
            self._labelled = set()
            return match[0]
        citation = self._citations[int(match[1])]
        html = "\u00a0".join(self._cite_one(key) for key in citation.keys)
        if certainty := limit_certainty(citation.certainty, works_of(citation.keys, self.references)):
            html += components.certainty_at_sentence(certainty, self.translate)
        return html

    def _label_wholes(self, html: str) -> str:
        """Say at the beginning of a paragraph, list item or cell who was studied, where one citation of work without people
        covers it: else its other sentences would stand without the words.
        """
        opened: list[int] = []
        labels: list[tuple[int, str]] = []
        for match in self._cite_or_tag.finditer(html):
            if match[2] is None:
                if not match[1]:
                    opened.append(match.end())
                elif opened:
                    opened.pop()
                continue
            citation = self._citations[int(match[2])]
            label = self._label_without_people(works_of(citation.keys, self.references))
            if citation.is_whole_paragraph and label:
                labels.append((opened[-1] if opened else 0, _before_covered(label)))
        made, after = [], 0
        for place, label in sorted(dict.fromkeys(labels)):
            made += [html[after:place], label]
            after = place
        return "".join([*made, html[after:]])

    def _cite_one(self, key: str) -> str:
        reference = self.references.get(key)
        if reference is None:
            return components.unknown_cite(key)
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        self._first_used.setdefault(key, self._here)
        is_label_shown = reference.design in STUDIES and key not in self._labelled
        self._labelled.add(key)
        return components.cite(reference, number, is_label_shown=is_label_shown, translate=self.translate)

    def hold_term(self, words: str, key: str) -> str | None:
        """Keep a word that explains itself, give its placeholder; None where it is not known, or has been explained already."""
        if key not in self.glossary or key in self._explained:
            return None
        self._explained.add(key)
        self._terms.append((self.glossary[key], unescape(words)))
        return f"\ue000{self._nonce}i{len(self._terms) - 1}\ue001"

    # Text to HTML

    def prose(self, text: str, section_id: str = "") -> str:
        """Turn Markdown into safe HTML with our components in place."""
        self._markdown.reset()
        html = str(sanitize(self._markdown.convert(text)))
        html = html.replace("<table>", components.table_start(self.translate)).replace("</table>", "</table></div>")
        html = _WITHOUT_ADDRESS.sub(r"\1", html)
        html = _OUTSIDE.sub('<a rel="external noreferrer" href="', html)
        html = _HEADING.sub(lambda match: self._heading(match, section_id), html)
        return self._fill(html)

    def line(self, text: str) -> str:
        """Turn one line with citations into safe HTML, without a paragraph around it."""
        return _PARAGRAPH.sub("", self.prose(text)).strip()

    def key_message(self, line: str) -> str:
        """Turn the key message into safe HTML, without a paragraph around it."""
        return self.line(line)

    def _heading(self, match: re.Match[str], section_id: str) -> str:
        words = _TAG.sub("", self._placeholder.sub("", self._cite.sub("", match[2])))
        made = "-".join(part for part in (section_id, slugify(words)) if part)
        heading_id = self._heading_ids.free(made)
        return f'<{match[1]} id="{heading_id}">{match[2]}</{match[1]}>'

    def _fill(self, html: str) -> str:
        html = self._removed.sub("", html)
        html = self._before_stop.sub(lambda match: f"{match[2]}\u00a0{match[1].strip()}", html)
        html = self._cite_or_start.sub(self._place, self._label_wholes(html))
        return self._placeholder.sub(self._place_term, html)

    # Sections and their parts

    def section(self, parsed: ParsedSection) -> RenderedSection:
        """Render one section."""
        section = parsed.section
        self._here = section.id or "main"
        heading = escape(section.heading)
        html = f"<h2>{heading}</h2>" if section.id else ""
        parts = list(parsed.parts)
        if section.certainty and (evidence := self._evidence_box(parsed, section.certainty)):
            html += evidence
            parts = [part for part in parts if isinstance(part, Prose) or part.kind not in EVIDENCE_KINDS]
        html += "".join(self._part(part, section.id) for part in parts)
        certainty = components.certainty_words(section.certainty, self.translate) if section.certainty else ""
        return RenderedSection(section.id, section.heading, section.short_heading, section.certainty or "", certainty, html)

    def _part(self, part: Prose | Block, section_id: str) -> str:
        if isinstance(part, Prose):
            return self.prose(part.text, section_id)
        if part.kind is BlockKind.NUMBER:
            return self._number(part)
        html = self.prose(part.text, section_id)
        if part.kind in CARE_KINDS:
            return components.care_card(part.kind, part.title, html, self.translate)
        return components.box(part.kind, part.title, html) if part.title else html

    def _evidence_box(self, parsed: ParsedSection, certainty: Certainty) -> str:
        texts = []
        for kind in EVIDENCE_KINDS:
            block = parsed.block(kind)
            if block is None:
                return ""
            texts.append(self.line(block.text))
        answer, why, not_known = texts
        return components.evidence_box(certainty, answer, why, not_known, self._studied(parsed, certainty), self.translate)

    def _studied(self, parsed: ParsedSection, certainty: Certainty) -> str:
        """Say who was studied in the works a section rests on."""
        keys = [key for part in parsed.parts for _line, citation in find_citations(part.text) for key in citation.keys]
        works = [self.references[key] for key in dict.fromkeys(keys) if key in self.references]
        studies = [work for work in works if work.design in STUDIES and work.retracted_on is None]
        if certainty is Certainty.NONE_FOUND or not studies:
            return self.translate(_("Nobody, for this question."))
        labels = dict.fromkeys(who_in_words(work, self.translate) for work in studies)
        said = "; ".join(labels)
        withdrawn = self.translate(_(" A study that was withdrawn is not counted."))
        return f"{said[0].upper()}{said[1:]}.{withdrawn if any(work.retracted_on for work in works) else ''}"

    def _number(self, block: Block) -> str:
        items, note = number_items(block.text)
        counts = [count for count, _words in items]
        if not 2 <= len(items) <= 3 or None in counts or sum(count or 0 for count in counts) != components.DOTS:
            return self.prose(block.text)
        self.pictures += 1
        keys = dict.fromkeys(key for _line, citation in find_citations(block.text) for key in citation.keys)
        label = self._label_without_people(works_of(keys, self.references))
        title = f"{block.title} ({label})" if label else block.title
        start = _before_covered(label)
        drawn = [(count or 0, start + self.line(words)) for count, words in items]
        return components.number_picture(self.pictures, title, drawn, self.prose(note) if note else "", self.translate)

    def _label_without_people(self, works: list[Reference]) -> str:
        """Give the label that is due of works, where one of them studied no people; publishing refuses these, but a work's
        facts may change later.
        """
        return label_of_claim(works, self.translate) if any(work.is_without_people for work in works) else ""

    def sources(self) -> tuple[str, ...]:
        """Make the entries of the list of sources, in the order of their numbers."""
        return tuple(
            components.source_item(self.references[key], number, self._first_used[key], self.translate)
            for key, number in self.numbers.items()
        )


class _OurSyntax(Extension):
    """Fenced code; citations, marks and explained words, found after code and escapes and before links; alignment by class.

    What is no part of the format is taken out: it costs time (the parser of HTML blocks more than linear time), link definitions
    would hold for one part of a section alone, and the sanitiser drops HTML and images anyway.
    """

    def __init__(self, renderer: _Renderer) -> None:
        super().__init__()
        self.renderer = renderer

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(_Fences(md), "fences", 25)
        md.parser.blockprocessors.deregister("reference")
        md.parser.blockprocessors.deregister("code")  # the checks read what is indented as text, and so it is shown
        for name in ("reference", "image_link", "image_reference", "short_reference", "short_image_ref"):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_CitationPattern(CITATION.pattern, self.renderer), "citation", 175)
        md.inlinePatterns.register(_NoCitationPattern(NO_CITATION.pattern, self.renderer), "no_citation", 174)
        md.inlinePatterns.register(_TermPattern(_EXPLAINED, self.renderer), "term", 173)
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
    def __init__(self, pattern: str, renderer: _Renderer) -> None:
        super().__init__(pattern)
        self.renderer = renderer


class _CitationPattern(_Pattern):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]
        citation = parse_citation(m[1])
        return (self.renderer.hold_citation(citation), m.start(0), m.end(0)) if citation else (None, None, None)


class _NoCitationPattern(_Pattern):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]
        if parse_no_citation(m[1]):
            return self.renderer.hold_nothing(), m.start(0), m.end(0)
        return None, None, None


class _TermPattern(_Pattern):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]
        held = None if STX in m[1] else self.renderer.hold_term(m[1], m[2])  # code or a citation among the words
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
