"""Our rules on wording: each finds the places where a person should look at the words, numbers, lists or links."""

import re
from collections import Counter
from collections.abc import Iterator

from articles.grading import CERTAINTY_WORDS, Certainty
from articles.text.blocks import BlockKind, Prose
from articles.text.findings import Finding, Material, block_sentences, blocks, quote
from articles.text.glossary import Term
from articles.text.lines import is_blank, lines_outside_code, masked_lines
from articles.text.readability import MAX_PARAGRAPH_SENTENCES, MAX_SENTENCE_WORDS, find_long_paragraphs, find_long_sentences

MAX_ITEMS = 7
"""Source: CDC Clear Communication Index, on lists."""

UNSURE = frozenset({Certainty.LOW, Certainty.VERY_LOW, Certainty.NONE_FOUND})


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b", re.IGNORECASE)


_HEDGE = _words(
    *("may", "might", "could", "perhaps", "possibly", "probably", "suggests?", "appears?", "seems?", "unlikely", "unclear"),
    *("uncertain", "uncertainty", "not certain", "not sure", "not clear", "not known", "unknown", "disagree", "too little"),
    *(
        "(?:do|does) not know",
        "don['’]t know",
        "cannot (?:tell|say)",
        "(?:we|they) found no",
        "no (?:good )?(?:study|studies|trials?)",
    ),
    *("not (?:been )?(?:shown|studied|measured|tested)", "nobody (?:has|knows)", "in (?:rats|mice|animals|cells)"),
)
_PROMISE = _words(
    *("cures?", "cured", "curing", "proven", "proof", "miracles?", "miraculous", "breakthroughs?", "guarantees?", "guaranteed"),
    *("amazing", "incredible", "revolutionary", "game[- ]changer", "wonder (?:drug|vitamin)", "magic", "secrets?", "detox"),
    *("(?:completely|perfectly|totally|100%) (?:safe|effective)", "no side effects", "risk-free", "works for everyone"),
)
_ALARM = _words(
    *("deadly", "killers?", "terrifying", "horrific", "devastating", "shocking", "nightmare", "crippling", "ravag(?:es?|ing)"),
    *("time bomb", "(?:before|until) it(?: is|['’]s) too late", "dreaded", "agonising"),
)
_NO_EFFECT = _words(
    *(
        "(?:has|have|had|with) no effect",
        "(?:does|do|did) (?:not|nothing to) (?:work|help)",
        "(?:doesn|don|didn)['’]t (?:work|help)",
    ),
    *("ineffective", "useless", "makes no difference"),
)
_YOU = _words("you", "your", "yours", "yourself")
_EMPTY_LINK = re.compile(
    r"\[(?:here|click(?: on)? (?:here|this)|(?:read|see|find out|learn)? ?more(?: here)?|this(?: (?:page|link|site|article))?"
    r"|(?:the )?link|website|page|details|https?://[^\]]*|www\.[^\]]*)[.:]?\]\(",
    re.IGNORECASE,
)
_BARE_LINK = re.compile(r"<https?://[^<>\s]+>")
_PERCENT = re.compile(r"(?<![\d.,])\d[\d.,]*\s?(?:%|per ?cent\b)")
_ROUND = r"(?P<of>1(?:00|,?000|0,?000|00,?000|,?000,?000))(?![\d,]*\d)"
_RATE = re.compile(rf"(?<![\w.,])\d[\d,.]* (?:of|in|out of|per|for) (?:every |each )?{_ROUND}")
_ONE_IN = re.compile(
    rf"\b(?:1|one) in (?:every )?(?!{_ROUND})(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE
)
_DECIMAL = re.compile(r"(?<![\d.,])\d+\.\d+(?![.\d])")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])[ \t]+\S")
_ADDRESS = re.compile(r"\]\([^()\s]*\)")


def find_unhedged_answers(material: Material) -> Iterator[Finding]:
    """Find answers of low certainty, or of none, that say nothing of doubt."""
    for parsed, _sentences in material.sections:
        if parsed.section.certainty in UNSURE:
            for block in blocks(parsed, BlockKind.ANSWER):
                said = " ".join(sentence.text for sentence in block_sentences(block))
                if not _HEDGE.search(said):
                    level = CERTAINTY_WORDS[parsed.section.certainty].lower()
                    what = f"{level}, and the answer says nothing of it: {quote(said)}"
                    yield Finding(block.text_line, what, "a word such as may, might or uncertain, or “we found no study”")


def find_loud_words(material: Material) -> Iterator[Finding]:
    """Find words that promise or frighten, also in headings."""
    texts = [*material.titles, *((sentence.line, sentence.text) for sentence in material.sentences)]
    for line, text in texts:
        for pattern, does in ((_PROMISE, "promises"), (_ALARM, "frightens")):
            for word in dict.fromkeys(match[0].lower() for match in pattern.finditer(text)):
                yield Finding(line, f"a word that {does} (“{word}”): {quote(text)}", "what was measured, in plain words")


def find_no_effect(material: Material) -> Iterator[Finding]:
    """Find sections without a study of an effect that speak as if there were none."""
    for parsed, sentences in material.sections:
        if parsed.section.certainty is Certainty.NONE_FOUND:
            for sentence in sentences:
                if _NO_EFFECT.search(sentence.text):
                    what = f"no study was found, yet this speaks of no effect: {quote(sentence.text)}"
                    yield Finding(sentence.line, what, "“we found no study”: nobody has measured it")


def find_long(material: Material) -> Iterator[Finding]:
    """Find sentences of more than 20 words."""
    for sentence, count in find_long_sentences(material.sentences):
        yield Finding(sentence.line, f"{count} words: {quote(sentence.text)}", f"at most {MAX_SENTENCE_WORDS}; cut it in two")


def find_long_blocks_of_text(material: Material) -> Iterator[Finding]:
    """Find paragraphs of more than 3 sentences."""
    for found in find_long_paragraphs(material.source.sections):
        yield Finding(found.line, f"a paragraph of {found.sentences} sentences", f"at most {MAX_PARAGRAPH_SENTENCES}")


def find_long_lists(material: Material) -> Iterator[Finding]:
    """Find lists of more than seven items; what is nested in an item is not counted."""
    for parsed, _sentences in material.sections:
        for part in parsed.parts:
            first = part.line if isinstance(part, Prose) else part.text_line
            for line, count in _list_lengths(part.text, first):
                if count > MAX_ITEMS:
                    yield Finding(line, f"a list of {count} items", f"at most {MAX_ITEMS}, or two lists with headings")


def _list_lengths(text: str, first_line: int) -> Iterator[tuple[int, int]]:
    """Give the first line of each list and how many items it has."""
    start = count = 0
    is_after_blank = False
    for number, line, is_text in lines_outside_code(text, first_line):
        if is_text and _ITEM.match(line):
            start, count = (start, count + 1) if count else (number, 1)
        elif count and (not is_text or line.startswith("#") or (is_after_blank and line[:1] not in {"", " ", "\t"})):
            yield start, count
            count = 0
        is_after_blank = is_blank(line)
    if count:
        yield start, count


def find_medical_before_plain(material: Material) -> Iterator[Finding]:
    """Find medical words of the glossary that stand in a section before their plain word, and are not explained there."""
    for parsed, _sentences in material.sections:
        text = parsed.section.text
        shown = _ADDRESS.sub(lambda match: "]" + " " * (len(match[0]) - 1), text)
        for term in material.glossary.values():
            position = _first_medical(term, shown)
            if position is not None and f"](glossary:{term.key})" not in text:
                plain = _phrase(term.term).search(shown)
                if plain is None or plain.start() > position:
                    line = parsed.section.line + text.count("\n", 0, position)
                    what = f"“{term.medical}” before its plain word"
                    yield Finding(line, what, f"“{term.term}” first, or the word linked to glossary:{term.key}")


def _first_medical(term: Term, text: str) -> int | None:
    """Give where a term's medical word first stands; None where it does not, or holds the plain word within it."""
    words = [word for word in term.medical.split(" or ") if word and term.term.lower() not in word.lower()]
    return min((match.start() for word in words if (match := _phrase(word).search(text))), default=None)


def _phrase(words: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s+".join(re.escape(word) for word in words.split()) + r"(?!\w)", re.IGNORECASE)


def find_mixed_rates(material: Material) -> Iterator[Finding]:
    """Find percentages, "1 in N" and rates out of another number than most: a page keeps to one.

    What was counted in a study ("49 of 57 people") is no rate and stays as it was counted.
    """
    texts = [*material.titles, *((sentence.line, sentence.text) for sentence in material.sentences)]
    rates = [(line, match[0], match["of"].replace(",", "")) for line, text in texts for match in _RATE.finditer(text)]
    (most, _count) = next(iter(Counter(of for _line, _words, of in rates).most_common(1)), ("100", 0))
    right = f"“N of {int(most):,}”, as everywhere on the page; a study's count stays as it was counted"
    for line, words, of in rates:
        if of != most:
            yield Finding(line, f"another denominator than {int(most):,}: “{words}”", right)
    for line, text in texts:
        for match in _PERCENT.finditer(text):
            yield Finding(line, f"a percentage: “{match[0]}”", right)
        for match in _ONE_IN.finditer(text):
            yield Finding(line, f"a rate of its own: “{match[0]}”", right)


def find_decimals(material: Material) -> Iterator[Finding]:
    """Find numbers with decimals."""
    for sentence in material.sentences:
        for match in _DECIMAL.finditer(sentence.text):
            yield Finding(sentence.line, f"a decimal: “{match[0]}”", "a whole number, where that is still true")


def find_empty_links(material: Material) -> Iterator[Finding]:
    """Find links whose words do not say where they lead."""
    for line, text in masked_lines(material.source.body, material.source.body_line):
        for match in [*_EMPTY_LINK.finditer(text), *_BARE_LINK.finditer(text)]:
            yield Finding(
                line,
                f"a link that does not say where it leads: {quote(match[0].rstrip('('))}",
                "the name of the page it leads to",
            )


def find_not_to_reader(material: Material) -> Iterator[Finding]:
    """Find out whether the page never says "you"."""
    if not any(_YOU.search(sentence.text) for sentence in material.sentences):
        yield Finding(material.source.body_line, "the page never says “you”", "sentences that speak to the reader")
