"""Our rules on substance: what a page rests on, what it owns to not knowing, and what it offers its readers."""

import re
from collections.abc import Iterator
from itertools import pairwise

from articles.grading import Design
from articles.text.bibliography import Reference
from articles.text.blocks import CARE_KINDS, EVIDENCE_KINDS, Block, BlockKind, Prose
from articles.text.citations import find_citations
from articles.text.claims import Kind, Unit, find_uncited, read_unit
from articles.text.findings import Finding, Material, block_sentences, blocks, quote

MAX_KEY_SENTENCES = 3
"""Three short sentences are as much as is read at a glance. Source of the rule that there is one main message: CDC Clear
Communication Index."""

MAX_REVIEW_MONTHS = 36
"""Our choice: publishers of health information in the UK commonly promise a review within three years."""

_UNTREATED = re.compile(
    r"\b(?:untreated|(?:without|stopping|no) treatment|not treated|left alone|if you (?:do nothing|wait))\b", re.IGNORECASE
)


def find_without_source(material: Material) -> Iterator[Finding]:
    """Find statements that name neither a source nor a reason for having none."""
    for problem in find_uncited(material.source):
        yield Finding(problem.line, problem.what, problem.right)


def _cited(material: Material) -> list[tuple[int, Reference]]:
    """Give each work with the line where it is cited first."""
    fields = material.source.front_matter
    texts = [(fields.line(name), getattr(fields, name)) for name in ("summary", "key_message")]
    found = [(line, key) for line, text in texts for _first, citation in find_citations(text) for key in citation.keys]
    found += [(line, key) for line, citation in material.source.citations for key in citation.keys]
    first: dict[str, int] = {}
    for line, key in found:
        first.setdefault(key, line)
    return [(line, material.references[key]) for key, line in first.items() if key in material.references]


def find_undated(material: Material) -> Iterator[Finding]:
    """Find cited works without a date."""
    for line, work in _cited(material):
        if not work.issued:
            yield Finding(line, f"{work.key} has no date", "`issued` in references.yaml, once seen in the source itself")


def find_unreachable(material: Material) -> Iterator[Finding]:
    """Find cited works that a reader cannot go to."""
    for line, work in _cited(material):
        if not work.links:
            yield Finding(line, f"{work.key} has no address", "its DOI, PMID or URL in references.yaml")


def find_single_sources(material: Material) -> Iterator[Finding]:
    """Find answers on an effect that rest on one work; a review of studies stands for several."""
    for parsed, _sentences in material.sections:
        for block in blocks(parsed, BlockKind.ANSWER):
            for sentence in block_sentences(block):
                works = [material.references[key] for key in sentence.keys if key in material.references]
                if len(works) == 1 and works[0].design is not Design.SYSTEMATIC_REVIEW:
                    what = f"an answer on one work alone ({works[0].key}): {quote(sentence.text)}"
                    yield Finding(sentence.line, what, "a second source; or see that the text says it is one")


def find_without_gaps(material: Material) -> Iterator[Finding]:
    """Find sections on an effect that leave out why we are so sure, or what is not known."""
    for parsed, _sentences in material.sections:
        kinds = {block.kind for block in blocks(parsed)}
        if parsed.section.certainty and not kinds.issuperset(EVIDENCE_KINDS):
            missing = ", ".join(kind for kind in EVIDENCE_KINDS if kind not in kinds)
            yield Finding(parsed.section.line - 1, f"certainty without {missing}", "the blocks answer, why and not-known")


def find_harms_faults(material: Material) -> Iterator[Finding]:
    """Find out whether harms are missing, or stand there without a source."""
    found = [block for parsed, _sentences in material.sections for block in blocks(parsed, BlockKind.HARMS)]
    if not found:
        yield Finding(material.source.body_line, "effects are named, and no harms", '`!!! harms "What can go wrong"`')
    for block in found:
        sentences = block_sentences(block)
        for sentence in sentences:
            if sentence.kind is Kind.UNCITED:
                yield Finding(sentence.line, f"a harm without a source: {quote(sentence.text)}", "[@KEY] before its full stop")
        if not any(sentence.keys for sentence in sentences):
            yield Finding(block.line, "harms that rest on no work", "at least one source, also for “none is known”")


def find_missing_options(material: Material) -> Iterator[Finding]:
    """Find out whether no heading names other treatments or choices."""
    headings = [f"{parsed.section.id.replace('-', ' ')} {parsed.section.heading}".lower() for parsed, _ in material.sections]
    if not any(word in heading for heading in headings for word in ("other", "option", "alternative", "choice", "instead")):
        yield Finding(material.source.body_line, "no heading names other treatments or choices", "`## Other treatments`")


def find_missing_cards(material: Material) -> Iterator[Finding]:
    """Find out whether no card says when to get help."""
    if not _has_block(material, *CARE_KINDS):
        yield Finding(
            material.source.body_line, "no card on when to get help", '`!!! emergency "Call 999 or 911 if"` and its like'
        )


def find_missing_questions(material: Material) -> Iterator[Finding]:
    """Find out whether there are no questions to take along."""
    if not _has_block(material, BlockKind.QUESTIONS):
        yield Finding(material.source.body_line, "no questions to take along", '`!!! questions "Questions to take with you"`')


def find_untreated_missing(material: Material) -> Iterator[Finding]:
    """Find out whether nothing is said of what may happen without treatment."""
    if not any(_UNTREATED.search(sentence.text) for sentence in material.sentences):
        yield Finding(material.source.body_line, "no word on what may happen without treatment", "a sentence, with its source")


def _has_block(material: Material, *kinds: BlockKind) -> bool:
    return any(True for parsed, _sentences in material.sections for _block in blocks(parsed, *kinds))


def find_card_faults(material: Material) -> Iterator[Finding]:
    """Find care cards that do not say when to act, and text that runs on behind one."""
    for parsed, _sentences in material.sections:
        for block in blocks(parsed, *CARE_KINDS):
            if block.title.rstrip(":").split()[-1:] != ["if"]:
                yield Finding(block.line, f"a card headed {quote(block.title)}", "what to do, then “if”: “Book a visit soon if”")
        for part, following in pairwise(parsed.parts):
            is_card = isinstance(part, Block) and part.kind in CARE_KINDS
            if is_card and isinstance(following, Prose) and not following.text.lstrip().startswith("#"):
                line = following.line + len(following.text) - len(following.text.lstrip("\n"))
                yield Finding(line, "text behind a card without a heading of its own", "a heading (`###`) before it")


def find_key_message_faults(material: Material) -> Iterator[Finding]:
    """Find a key message that is missing or long. It always comes first: the page puts it under the title."""
    fields = material.source.front_matter
    line = fields.line("key_message")
    count = sum(1 for _sentence in read_unit(Unit(fields.key_message, line)))
    if not count:
        yield Finding(line, "no key message", "one to three short sentences")
    elif count > MAX_KEY_SENTENCES:
        yield Finding(line, f"a key message of {count} sentences", f"at most {MAX_KEY_SENTENCES}")


def find_missing_summary(material: Material) -> Iterator[Finding]:
    """Find out whether there is no summary."""
    fields = material.source.front_matter
    if not fields.summary.strip():
        yield Finding(fields.line("summary"), "no summary", "one or two sentences")


def find_review_faults(material: Material) -> Iterator[Finding]:
    """Find out whether the file does not say itself how often it is reviewed, or says too seldom."""
    fields = material.source.front_matter
    if "review_every" not in fields.lines:
        what = f"the file does not say how often it is reviewed; {fields.review_every} months are taken"
        yield Finding(1, what, f"`review_every: {fields.review_every}`")
    elif fields.review_every > MAX_REVIEW_MONTHS:
        what = f"reviewed every {fields.review_every} months"
        yield Finding(fields.line("review_every"), what, f"at most {MAX_REVIEW_MONTHS}")
