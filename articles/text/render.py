"""From checked text to safe HTML.

Markdown is parsed by ``articles.text.parser``, which puts placeholders where components belong. The HTML is
sanitised, and only then do components, made from parsed values, take the placeholders' places. A placeholder carries a
random number
made for each rendering, so text that imitates one stays text; and addresses cannot hold one, so components land in text alone.

The pieces of Markdown of a text become HTML one by one, and are sanitised together (``_clean``), which costs half as much.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape, unescape

from articles.grading import STUDIES, Certainty
from articles.grading import gettext_noop as _
from articles.text import components
from articles.text.bibliography import Reference, Translate, label_of_claim, who_in_words, with_label
from articles.text.blocks import CARE_KINDS, EVIDENCE_KINDS, Block, BlockKind, Prose, number_items
from articles.text.citations import CITATION, NO_CITATION, Citation, find_citations, parse_citation
from articles.text.claims import limit_certainty, read_line, works_of
from articles.text.glossary import Term
from articles.text.limits import find_over_limits
from articles.text.parser import to_html
from articles.text.problems import SourceError
from articles.text.sanitize import SafeString, as_safe, sanitize
from articles.text.sections import Ids, slugify
from articles.text.source import ParsedSection, Source, parse_body

RENDERER_VERSION = 7
"""Raised with every change of what is made from a text; ``prepare_database`` remakes what an older version made."""

_CITED = re.compile(r"(?<![ \t])[ \t]*(?:" + CITATION.pattern + "|" + NO_CITATION.pattern + ")")
_PARAGRAPH = re.compile(r"</?p>")
_HEADING = re.compile(r"<(h[34])>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_OUTSIDE = re.compile(r'<a href="(?=https?://)')
_WITHOUT_ADDRESS = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

# Placeholders, once the random number has been looked at and taken away
_CITES = "(?:[ \t\n]*\ue000c\\d+\ue001)"
_BEFORE_STOP = re.compile(f"(?<![ \t\n])({_CITES}+)([.!?…]?)")
_CITE = re.compile("\ue000c(\\d+)\ue001")
_CITE_OR_TAG = re.compile(rf"<(/?)(?:p|li|td|th)(?: [^<>]*)?>|{_CITE.pattern}")
_TERM = re.compile("\ue000i(\\d+)\ue001([.,;:!?)’”]*)")
_COMPONENT_OR_START = re.compile(rf"<(?:p|li|td|th)\b|{_CITE.pattern}|{_TERM.pattern}")
_REMOVED = re.compile("(?<![ \t\n])[ \t\n]*\ue000x\ue001")
_IMITATED = "&#xe000;"  # sanitised HTML has no such number in it
_PIECE = re.compile("\ue000([0-9a-f]{16})p(\\d+)\ue001")


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
    for made in renderer.complete([renderer.section(parsed) for parsed in sections]):
        html += f'<section id="{made.id}">{made.html}</section>' if made.id else made.html
    return as_safe(html)


def render_article(
    source: Source, *, references: Mapping[str, Reference], glossary: Mapping[str, Term], translate: Translate = str
) -> Rendered:
    """Render a checked article or page. ``translate`` turns our own words into the article's language."""
    renderer = _Renderer(references, glossary, translate)
    summary = with_labels(source.front_matter.summary, references, translate)
    key_message = renderer.key_message(source.front_matter.key_message)
    sections = renderer.complete([renderer.section(parsed) for parsed in source.sections])
    return Rendered(
        sections=tuple(sections),
        sources=renderer.sources(),
        key_message=renderer.filled(key_message),
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of Markdown as HTML that is not sanitised yet; ``is_raw`` where something in it was not made by the parser.

    ``section_id`` begins the ids of its headings, ``place`` is the id of the section it stands in.
    """

    html: str
    is_raw: bool
    is_line: bool
    section_id: str
    place: str


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
        self._pieces: list[_Piece] = []
        self._filled: list[str] = []
        self._nonce = secrets.token_hex(8)

    # Placeholders, made while Markdown is parsed

    def hold_citation(self, citation: Citation) -> str:
        """Keep a citation; give its placeholder, which moves behind the full stop."""
        self._citations.append(citation)
        return f"\ue000{self._nonce}c{len(self._citations) - 1}\ue001"

    def hold_nothing(self) -> str:
        """Give a placeholder that goes away with the space before it."""
        return f"\ue000{self._nonce}x\ue001"

    def _place(self, match: re.Match[str]) -> str:
        """Put the links of a citation in its place; each paragraph, list item and cell shows the labels of its works anew.

        A word that explains itself comes with the punctuation right behind it.
        """
        if match[2] is not None:
            entry, words = self._terms[int(match[2])]
            return components.term(entry, words, match[3])
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
        for match in _CITE_OR_TAG.finditer(html):
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

    def prose(self, text: str, section_id: str = "", *, is_line: bool = False) -> str:
        """Turn Markdown into HTML, and give the placeholder of what it will be when it is safe (``complete``)."""
        html, is_raw = to_html(text, self)
        self._pieces.append(_Piece(html, is_raw, is_line, section_id, self._here))
        return f"\ue000{self._nonce}p{len(self._pieces) - 1}\ue001"

    def line(self, text: str) -> str:
        """The same for one line with citations, without a paragraph around it."""
        return self.prose(text, is_line=True)

    def key_message(self, line: str) -> str:
        """The same for the key message, without a paragraph around it."""
        return self.line(line)

    def complete(self, sections: Iterable[RenderedSection]) -> list[RenderedSection]:
        """Sanitise all pieces, put our components into them in the order of the page, and them into the sections."""
        made = list(sections)
        self._filled = []
        for piece, html in zip(self._pieces, _clean(self._pieces), strict=True):
            self._here = piece.place
            self._filled.append(self._dress(html, piece))
        return [replace(section, html=self.filled(section.html)) for section in made]

    def filled(self, html: str) -> str:
        """Give what was made of pieces with the pieces in it, safe and complete."""
        return _PIECE.sub(lambda match: self._filled[int(match[2])] if match[1] == self._nonce else match[0], html)

    def _dress(self, html: str, piece: _Piece) -> str:
        """Put our components into a piece that is clean."""
        parts = html.split(f"\ue000{self._nonce}")
        html = "\ue000".join(part.replace("\ue000", _IMITATED) for part in parts)
        html = html.replace("<table>", components.table_start(self.translate)).replace("</table>", "</table></div>")
        if "<a" in html:
            html = _OUTSIDE.sub('<a rel="external noreferrer" href="', _WITHOUT_ADDRESS.sub(r"\1", html))
        if "<h" in html:
            html = _HEADING.sub(lambda match: self._heading(match, piece.section_id), html)
        if "\ue000x" in html:
            html = _REMOVED.sub("", html)
        if "\ue000c" in html:
            html = _BEFORE_STOP.sub(lambda match: f"{match[2]}\u00a0{match[1].strip()}", html)
            html = self._label_wholes(html)
        html = _COMPONENT_OR_START.sub(self._place, html).replace(_IMITATED, "\ue000")
        return _PARAGRAPH.sub("", html).strip() if piece.is_line else html

    def _heading(self, match: re.Match[str], section_id: str) -> str:
        words = _TAG.sub("", _TERM.sub("", _CITE.sub("", match[2]))).replace(_IMITATED, "")
        made = "-".join(part for part in (section_id, slugify(words)) if part)
        heading_id = self._heading_ids.free(made)
        return f'<{match[1]} id="{heading_id}">{match[2]}</{match[1]}>'

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


def _clean(pieces: list[_Piece]) -> list[str]:
    """Sanitise pieces of HTML. Those that the parser made all by itself, which leave no element open, go through it together.

    What stands between them must come out as it went in; else each goes through it alone.
    """
    boundary = f"<p>\ue000{secrets.token_hex(8)}\ue001</p>"
    closed = [piece.html for piece in pieces if not piece.is_raw]
    together = str(sanitize(boundary.join(closed))).split(boundary)
    if len(together) != len(closed):
        return [str(sanitize(piece.html)) for piece in pieces]
    cleaned = iter(together)
    return [str(sanitize(piece.html)) if piece.is_raw else next(cleaned) for piece in pieces]
