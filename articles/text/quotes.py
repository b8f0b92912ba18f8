"""Words that somebody quotes of a rendered text: where they stand in its HTML, and the HTML with them marked.

A quotation is found by its letters and digits alone, so blanks, signs, links and emphasis do not matter. It may be copied from
the page, with or without the labels and numbers of its sources, or from the Markdown.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from html import unescape

from articles.text.words import plain_words

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
_SIGN = re.compile(r"&(?:#?\w+);|.", re.DOTALL)
_VOID = frozenset({"br", "hr", "img", "wbr"})


class _Place(IntEnum):
    """Where a letter stands: in the text itself, in the label and number of a source, in the explanation of a word."""

    TEXT = 0
    SOURCE = 1
    EXPLANATION = 2


@dataclass(frozen=True, slots=True)
class _Run:
    """Some HTML between two tags, where it begins, and where it stands."""

    html: str
    start: int
    place: _Place


def has_words(quote: str) -> bool:
    """Whether a quotation has a letter or digit by which it can be found."""
    return any(sign.isalnum() for sign in quote)


def is_quoted(html: str, quote: str) -> bool:
    """Whether the words of ``quote`` stand in ``html``, which our renderer has made."""
    return _find(list(_runs(html)), quote) is not None


def mark_quotes(html: str, quotes: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Mark quotations in HTML that our renderer has made.

    ``quotes`` are by name, in the form of an id; gives the HTML, and the id of the mark of each that was found.
    """
    runs = list(_runs(html))
    spans = {name: span for name, quote in quotes.items() if (span := _find(runs, quote))}
    cuts = sorted({place for span in spans.values() for place in span})
    marked: list[str] = []
    anchors: dict[str, str] = {}
    done = 0
    for run in runs:
        for start, end in _pieces(run, cuts):
            within = [name for name, span in spans.items() if span[0] <= start and end <= span[1]]
            if not within or not html[start:end].strip():
                continue
            new = [name for name in within if name not in anchors]
            anchors |= dict.fromkeys(new, *new[:1])
            marked += [html[done:start], f'<mark id="{new[0]}">' if new else "<mark>", html[start:end], "</mark>"]
            done = end
    return "".join([*marked, html[done:]]), anchors


def _pieces(run: _Run, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """Cut a run where a quotation begins or ends."""
    end = run.start + len(run.html)
    places = [run.start, *(cut for cut in cuts if run.start < cut < end), end]
    yield from zip(places, places[1:], strict=False)


def _runs(html: str) -> Iterator[_Run]:
    """Give what stands between the tags, in order."""
    places: list[_Place] = []
    done = 0
    for tag in _TAG.finditer(html):
        if tag.start() > done:
            yield _Run(html[done : tag.start()], done, max(places, default=_Place.TEXT))
        done = tag.end()
        if tag[1]:
            places[-1:] = []
        elif tag[2] not in _VOID:
            places.append(_place_in(tag[3]))
    if done < len(html):
        yield _Run(html[done:], done, max(places, default=_Place.TEXT))


def _place_in(attributes: str) -> _Place:
    if 'class="gloss"' in attributes:
        return _Place.EXPLANATION
    return _Place.SOURCE if 'class="cite' in attributes else _Place.TEXT


def _find(runs: list[_Run], quote: str) -> tuple[int, int] | None:
    """Find where the words of a quotation begin and end, as what is looked at grows: with sources, without, with explanations."""
    wanted = dict.fromkeys(_letters(form) for form in (quote, plain_words(quote)))
    for places in ({_Place.TEXT, _Place.SOURCE}, {_Place.TEXT}, set(_Place)):
        text, spans = _read(runs, places)
        for letters in wanted:
            at = text.find(letters) if letters else -1
            if at >= 0:
                return spans[at][0], spans[at + len(letters) - 1][1]
    return None


def _read(runs: list[_Run], places: set[_Place]) -> tuple[str, list[tuple[int, int]]]:
    """Give the letters of the runs in some places, and where in the HTML each stands."""
    text: list[str] = []
    spans: list[tuple[int, int]] = []
    for run in runs:
        if run.place in places:
            for sign in _SIGN.finditer(run.html):
                letters = _letters(unescape(sign[0]))
                text += letters
                spans += [(run.start + sign.start(), run.start + sign.end())] * len(letters)
    return "".join(text), spans


def _letters(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())
