"""The words of a piece of Markdown as the page shows them, and where its sentences end."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import unescape

from articles.text.citations import CITATION, NO_CITATION, Citation, NoCitation, parse_citation, parse_no_citation
from articles.text.lines import SPAN_OR_ESCAPE
from articles.text.links import ADDRESS

MARK = "\ue000"
"""What stands in the place of a citation or mark in the words of a text."""


STOPS = ".!?…。।؟۔‽"
"""Signs that end a sentence."""

CLOSING = frozenset("\"'”’“‘»›)]}」』】〉》′")
"""Signs that may stand behind a stop."""

_SHIELD = "\ue001"  # keeps what code or an escape shows from being read as part of a citation
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_HIDE = {ord(sign): chr(0xF0000 + ord(sign)) for sign in r"[]()*_`&<>\@"}
_REVEAL = {ord(hidden): chr(sign) for sign, hidden in _HIDE.items()}
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
_CITED = re.compile(CITATION.pattern + "|" + NO_CITATION.pattern)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_LOOKED_AT = re.compile(f"[^\n -~{MARK}]")  # all others are what they look like
_BRACKET = re.compile(r"[\[\]]")
_EMPHASIS = re.compile(r"[*_`]+")
_BEFORE_MARK = re.compile(rf"(?<!\s)\s*{MARK}")
_STOP = re.compile(rf"([{STOPS}]+)[{re.escape(''.join(sorted(CLOSING)))}]*")
_GAP = re.compile(r"[^\w\s.-]+")
_ABBREVIATION = re.compile(r"(?<![\w.])(?:al|approx|Approx|Dr|[Ee]\.g|[Ii]\.e|Mr|Mrs|Ms|Prof|vs)$")


def read_words(text: str) -> tuple[str, list[Citation | NoCitation]]:
    """Give the words of a piece of Markdown as the page shows them, lines kept, and its citations and marks in order.

    Each citation or mark leaves one ``MARK`` behind. Links are their words; code and what is escaped shows itself.
    """
    marks: list[Citation | NoCitation] = []

    def shield(match: re.Match[str]) -> str:
        if match[0] == match[1]:  # backticks without a second one
            return match[0]
        shown = match[0][len(match[1]) : -len(match[1])].strip() if match[1] else match[0][1:]
        return f"{_SHIELD}{shown.translate(_HIDE)}{_SHIELD}"

    def take_mark(match: re.Match[str]) -> str:
        mark = parse_citation(match[1]) if match[1] else parse_no_citation(match[2])
        if mark is None:
            return match[0]
        marks.append(mark)
        return "\n" * match[0].count("\n") + MARK

    def unescape_entity(match: re.Match[str]) -> str:
        return _PRIVATE.sub("\ufffd", unescape(match[0])).replace("\n", " ").translate(_HIDE)

    words = text if text.isascii() else _PRIVATE.sub("\ufffd", text)
    is_hidden = "`" in words or "\\" in words
    if is_hidden:
        words = SPAN_OR_ESCAPE.sub(shield, words)
    if "[" in words:
        words = _CITED.sub(take_mark, words)
    if "&" in words:
        words, is_hidden = _ENTITY.sub(unescape_entity, words), True
    words = _EMPHASIS.sub("", _AUTOLINK.sub(r"\1", _without_addresses(words)))
    return (words.replace(_SHIELD, "").translate(_REVEAL) if is_hidden else words), marks


def plain_words(text: str) -> str:
    """Give the words of a piece of Markdown on one line, without citations and marks."""
    return squeeze(read_words(text)[0])


def has_sentence_end(text: str) -> bool:
    """Whether a full stop or an exclamation mark ends a sentence in a piece of Markdown; question marks do not count."""
    judged, _places = judge(read_words(text)[0])
    return any(set(stop) - set("?؟") for _end, stop in find_sentence_ends(judged))


def _without_addresses(text: str) -> str:
    """Put the words of each link in its place."""
    if "](" not in text:
        return text
    opened: list[int] = []
    gone: list[tuple[int, int]] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            opened.append(match.start())
        elif opened:
            first = opened.pop()
            if address := ADDRESS.match(text, match.end()):
                gone += [(first, first + 1), (match.start(), address.end())]
    kept, after = [], 0
    for first, last in sorted(gone):
        kept.append(text[after:first])
        after = max(after, last)
    return "".join([*kept, text[after:]])


def judge(words: str) -> tuple[str, Sequence[int]]:
    """Give what the form of sentences is told from, and where each of its signs stands in ``words``.

    Full-width letters and their like are plain ones, all white space but line ends is a space, and what is not seen is gone.
    """
    judged: list[str] = []
    places: list[int] = []
    after = 0
    for match in _LOOKED_AT.finditer(words):
        place = match.start()
        judged.append(words[after:place])
        places.extend(range(after, place))
        after = place + 1
        for one in unicodedata.normalize("NFKC", match[0]):
            category = unicodedata.category(one)
            if category == "Cf" or category[0] == "M" or one in _UNSEEN:
                continue
            judged.append(" " if one != "\n" and one.isspace() else one)
            places.append(place)
    if not judged:
        return words, range(len(words) + 1)
    return "".join([*judged, words[after:]]), [*places, *range(after, len(words) + 1)]


def find_sentence_ends(judged: str) -> Iterator[tuple[int, str]]:
    """Go through the stops that end sentences: the place behind each and its closing marks, and the stop itself."""
    last = len(judged.rstrip())
    for match in _STOP.finditer(judged):
        end = match.end()
        if set(match[1]) <= {"."}:
            if end < last and match[1] == "." and _ABBREVIATION.search(judged, max(0, match.start() - 10), match.start()):
                continue
            if end < len(judged) and not judged[end].isspace() and not _begins_sentence(judged, match.start(), end):
                continue
        yield end, match[1]


def _begins_sentence(judged: str, stop: int, end: int) -> bool:
    """Whether what stands right behind a full stop and its closing marks begins a sentence."""
    gap = _GAP.match(judged, end)
    following = gap.end() if gap else end
    between = judged[end:following]
    if any(sign == MARK or unicodedata.category(sign)[0] in "SC" for sign in between):
        return True
    if between and between[0] not in ",;:" and judged[following : following + 1].strip() == "":
        return True
    letter, before = judged[following : following + 1], judged[max(0, stop - 1) : stop]
    if not letter.isalpha() or letter.islower():
        return False
    is_word = judged[following + 1 : following + 2].islower()
    if before.isupper():  # the end of a word such as DNA, and not an initial
        return is_word and judged[max(0, stop - 2) : stop - 1].isalnum()
    if before.isspace():
        return is_word
    return before.isalnum() or before == MARK or before in CLOSING


def squeeze(words: str) -> str:
    """Give words on one line, without what ``MARK`` stands for."""
    return " ".join(_BEFORE_MARK.sub("", words).split())
