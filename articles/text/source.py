"""The one door for a text: a whole file in, a checked Source or every fault out. Import and admin both come through here."""

import hashlib
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from articles.text.bibliography import Reference
from articles.text.blocks import EVIDENCE_KINDS, Block, BlockKind, Prose, split_blocks
from articles.text.citations import CITATION, NO_CITATION, Citation, find_citation_problems, find_citations
from articles.text.front_matter import FrontMatter, Kind, parse_front_matter, split_front_matter
from articles.text.glossary import Term
from articles.text.limits import find_forbidden_characters, find_over_limits, find_too_large
from articles.text.links import InsideLink, find_inside_links, find_link_problems
from articles.text.problems import Problem, SourceError
from articles.text.sections import Section, split_sections

WORDS_A_MINUTE = 200
"""Reading speed behind "about 6 minutes to read": a round figure below adults' mean silent rate, since readers here may be
unwell.
"""

MAX_SUMMARY_WORKS = 5
_LIKE_A_BLOCK = re.compile(r"#|>|\||!!!|```|~~~|(?:[-*+]|\d+\.) |(?:=+|-+)$")


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A section and its parts, in order."""

    section: Section
    parts: tuple[Prose | Block, ...]

    def block(self, kind: BlockKind) -> Block | None:
        """Give the section's first block of ``kind``."""
        return next((part for part in self.parts if isinstance(part, Block) and part.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that has passed every check of form.

    ``text`` is the whole file, ``body`` what follows the front matter; ``citations`` and ``links`` are those of the body.
    """

    kind: Kind
    text: str
    front_matter: FrontMatter
    body: str
    body_line: int
    sections: tuple[ParsedSection, ...]
    citations: tuple[tuple[int, Citation], ...]
    links: tuple[InsideLink, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 of the whole text."""
        return digest(self.text)

    @property
    def reading_minutes(self) -> int:
        """How long it takes to read, in whole minutes, at least one."""
        words = NO_CITATION.sub("", CITATION.sub("", self.body))
        return max(1, math.ceil(len(re.findall(r"\w+", words)) / WORDS_A_MINUTE))

    @property
    def cited_keys(self) -> tuple[str, ...]:
        """The keys of the works cited, in the order of first use, the summary and key message last."""
        texts = (self.front_matter.key_message, self.front_matter.summary)
        found = [*self.citations, *(pair for text in texts for pair in find_citations(text))]
        return tuple(dict.fromkeys(key for _, citation in found for key in citation.keys))

    @property
    def term_keys(self) -> frozenset[str]:
        """The keys of the words that are explained."""
        return frozenset(link.slug for link in self.links if link.kind == "glossary")


@dataclass(frozen=True, slots=True)
class Known:
    """What a text may point at: works, words, and the section ids of each (kind, slug) in its language."""

    references: Mapping[str, Reference]
    glossary: Mapping[str, Term]
    sections: Mapping[tuple[str, str], Collection[str]]


def digest(text: str) -> str:
    """Give the SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def parse_source(text: str, kind: Kind, path: str = "") -> Source:
    """Read a whole file that must be without fault.

    ``path`` names it in messages. Raises SourceError with every problem of form. What the text points at is checked apart, by
    ``find_unknown``.
    """
    source, problems = read_source(text, kind)
    if source is None or problems:
        raise SourceError(problems, path)
    return source


def read_source(text: str, kind: Kind) -> tuple[Source | None, list[Problem]]:
    """Read a whole file as well as may be, and find every problem of characters, size, front matter, sections, citations
    and links.

    The Source is None where there is no making sense of the file; where there are problems it is fit for finding more, no more.
    """
    problems = find_forbidden_characters(text) or find_too_large(text)
    if problems:
        return None, problems
    split, problems = split_front_matter(text)
    if split is None:
        return None, problems
    front_matter, problems = parse_front_matter(split.head, kind)
    if over := find_over_limits(split.body, split.body_line):
        return None, problems + over
    sections, found = parse_body(split.body, split.body_line)
    problems += found
    if front_matter is None:
        return None, problems
    problems += _find_inline_problems(front_matter)
    citations = tuple(find_citations(split.body, split.body_line))
    links = tuple(find_inside_links(split.body, split.body_line))
    return Source(kind, text, front_matter, split.body, split.body_line, tuple(sections), citations, links), problems


def parse_body(body: str, first_line: int = 1) -> tuple[list[ParsedSection], list[Problem]]:
    """Cut a body into sections and parts, as well as may be, and find every fault of form."""
    sections, problems = split_sections(body, first_line)
    problems += find_citation_problems(body, first_line) + find_link_problems(body, first_line)
    parsed = []
    for section in sections:
        parts, found = split_blocks(section.text, section.line)
        problems += found
        parsed.append(ParsedSection(section, tuple(parts)))
        problems += _find_evidence_problems(parsed[-1])
    return parsed, problems


def _find_evidence_problems(parsed: ParsedSection) -> Iterator[Problem]:
    section, parts = parsed.section, parsed.parts
    line = section.line - 1
    kinds = [part.kind for part in parts if isinstance(part, Block) and part.kind in EVIDENCE_KINDS]
    if section.certainty is None:
        if kinds:
            yield Problem(line, f"an evidence box in a section without certainty ({kinds[0]})", "`certainty=` on its heading")
        return
    for kind in EVIDENCE_KINDS:
        if kinds.count(kind) != 1:
            what = f"{kinds.count(kind)} blocks `{kind}` in a section with certainty"
            yield Problem(line, what, "one each of " + ", ".join(f"`!!! {name}`" for name in EVIDENCE_KINDS))
    head = parts[: len(kinds)]
    if not all(isinstance(part, Block) and part.kind in EVIDENCE_KINDS for part in head):
        yield Problem(line, "an evidence box that is not at the head of its section", "move it under the heading")
    if not any(char.isalnum() for part in parts[len(kinds) :] for char in part.text):
        yield Problem(line, "a section with an evidence box and no text", "a paragraph after the box")


def _find_inline_problems(front_matter: FrontMatter) -> list[Problem]:
    """Check the texts that hold citations, and else no markup."""
    problems = []
    for name in ("summary", "key_message"):
        text = getattr(front_matter, name)
        found = find_citation_problems(text) + find_link_problems(text)
        if _LIKE_A_BLOCK.match(text):
            found.append(Problem(1, "begins like a heading, list, quotation or table", "plain words"))
        if not found and "](" in text:
            found.append(Problem(1, "a link", "plain words"))
        if name == "summary" and sum(len(citation.keys) for _, citation in find_citations(text)) > MAX_SUMMARY_WORKS:
            found.append(Problem(1, "too many works", f"at most {MAX_SUMMARY_WORKS}; each may bring words on who was studied"))
        problems += [Problem(front_matter.line(name), f"`{name}`: {problem.what}", problem.right) for problem in found]
    return problems


def find_unknown(source: Source, known: Known) -> list[Problem]:
    """Find what ``source`` points at and is not there: works, words, articles, pages and sections."""
    own = {parsed.section.id for parsed in source.sections}
    fields = source.front_matter
    problems = []
    for name in ("summary", "key_message"):
        for _, citation in find_citations(getattr(fields, name)):
            problems += _unknown_keys(fields.line(name), citation.keys, known, f"`{name}`: ")
    for line, citation in source.citations:
        problems += _unknown_keys(line, citation.keys, known)
    for link in source.links:
        problems += _find_dead(link, own, known)
    for slug in fields.related:
        if ("article", slug) not in known.sections:
            what = f"`related` names `{slug}`, which is no article"
            problems.append(Problem(fields.line("related"), what, "the slug of one that is there"))
    return problems


def _find_dead(link: InsideLink, own: Collection[str], known: Known) -> Iterator[Problem]:
    if link.kind == "glossary":
        if link.slug not in known.glossary:
            yield Problem(link.line, f"the word `{link.slug}` is not explained", "an entry of glossary.yaml")
        return
    sections = own if link.kind == "section" else known.sections.get((link.kind, link.slug))
    if sections is None:
        yield Problem(link.line, f"there is no {link.kind} `{link.slug}`", "the slug of one that is there")
    elif link.section and link.section not in sections:
        yield Problem(link.line, f"there is no section `{link.section}` there", "the id of one that is there")


def _unknown_keys(line: int, keys: Collection[str], known: Known, where: str = "") -> list[Problem]:
    right = "a key of references.yaml"
    return [Problem(line, f"{where}the work `{key}` is not known", right) for key in keys if key not in known.references]
