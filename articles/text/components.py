"""The HTML of our own components, made from parsed values by escaping: writers' text never brings its own tags into them."""

from collections.abc import Sequence
from html import escape

from articles.grading import CERTAINTY_MEANING, CERTAINTY_WORDS, Certainty
from articles.grading import gettext_noop as _
from articles.text.bibliography import Reference, Translate, day_in_words, full_label, kind_in_words
from articles.text.blocks import BlockKind
from articles.text.glossary import Term
from articles.text.links import path_to

MAX_AUTHORS = 3
"""How many authors the page of a work names; a list of sources names the first."""

DOTS = 100

LEVELS = {
    BlockKind.EMERGENCY: _("Emergency"),
    BlockKind.URGENT: _("Urgent"),
    BlockKind.SEE_DOCTOR: _("See a doctor"),
}


def anchor(number: int) -> str:
    """Give the id of a work in the list of sources, short because a page names it at each use; keys name a work for ever."""
    return f"r{number}"


def cite(reference: Reference, number: int, *, is_label_shown: bool, translate: Translate) -> str:
    """Make the link at a sentence: who was studied, and the number of the work.

    Work on animals or cells, and withdrawn work, always shows its label; for other work it may be left to the ear.
    """
    label = full_label(reference, translate)
    kind = ""
    if reference.retracted_on:
        kind = " gone"
    elif reference.is_without_people:
        kind = " animal"
    elif not is_label_shown:
        kind = " quiet"
    words = f"<span>{escape(label)}, </span>" if kind == " quiet" else f"<span>{escape(label)}</span>&nbsp;"
    return f'<a class="cite{kind}" href="#{anchor(number)}">{words}{number}</a>'


def unknown_cite(key: str) -> str:
    """Make what stands for a citation when the work is not known: its key."""
    return f"[{escape(key)}]"


def term(entry: Term, words: str, punctuation: str = "") -> str:
    """Make a word that explains itself in place, without script; on paper the explanation stands in brackets.

    ``punctuation`` (safe HTML) is what follows the word without a space: inside the button, or else it could begin a line.
    """
    key = escape(f"g-{entry.key}")
    name = escape(entry.term[:1].upper() + entry.term[1:])
    return (
        f'<button type="button" class="term" popovertarget="{key}"><span>{escape(words)}</span>{punctuation}</button>'
        f'<span popover id="{key}" class="gloss"><dfn>{name}: </dfn>{escape(entry.explanation)}</span>'
    )


def certainty_words(certainty: Certainty, translate: Translate) -> str:
    """Give the words of a level of certainty."""
    return translate(CERTAINTY_WORDS[certainty])


def certainty_at_sentence(certainty: Certainty, translate: Translate) -> str:
    """Make the words behind a statement that is graded apart from its section."""
    return f"&nbsp;<small>({escape(certainty_words(certainty, translate).lower())})</small>"


def evidence_box(certainty: Certainty, answer: str, why: str, not_known: str, studied: str, translate: Translate) -> str:
    """Make the box at the head of a section on an effect. ``answer``, ``why`` and ``not_known`` are safe HTML, ``studied``
    is text.
    """
    sure = f"<b>{escape(certainty_words(certainty, translate))}</b> {escape(translate(CERTAINTY_MEANING[certainty]))} {why}"
    rows = (
        (_("How sure are we?"), ' class="sure"', sure),
        (_("Who was studied?"), "", escape(studied)),
        (_("What has nobody measured?"), "", not_known),
    )
    items = "".join(f"<div><dt>{escape(translate(name))}</dt><dd{css}>{html}</dd></div>" for name, css, html in rows)
    return f'<div class="ev"><div class="ans">{answer}</div><dl>{items}</dl></div>'


def care_card(kind: BlockKind, title: str, html: str, translate: Translate) -> str:
    """Make a care card: the level is real text inside the heading, so that what is seen and what is spoken cannot differ."""
    level = escape(translate(LEVELS[kind]))
    heading = escape(title.rstrip(":"))
    return f'<div class="care {kind}"><h3><b>{level}</b> {heading}:</h3>{html}</div>'


def box(kind: BlockKind, title: str, html: str) -> str:
    """Make a plain box with a heading: questions to take along, or harms."""
    css = "ask" if kind is BlockKind.QUESTIONS else kind
    return f'<div class="{css}"><h3>{escape(title)}</h3>{html}</div>'


def number_picture(index: int, title: str, items: Sequence[tuple[int, str]], note: str, translate: Translate) -> str:
    """Make a picture of 100 dots with its text twin.

    ``items`` are two or three counts that add up to 100, each with its words as safe HTML; ``note`` is safe HTML. The
    first count is
    drawn as full dots, the last as small ones, one between as rings: by shape, not colour.
    """
    full, rest = items[0][0], items[-1][0]
    large = DOTS - rest
    shapes = [_("full"), _("with a hole"), _("small")] if len(items) == 3 else [_("full"), _("small")]
    drawn = ", ".join(f"{count} {translate(shape)}" for (count, _words), shape in zip(items, shapes, strict=True))
    spoken = escape(translate(_("100 dots: %(drawn)s")) % {"drawn": drawn})
    svg = (
        f'<svg viewBox="0 0 100 100" role="img" aria-labelledby="n-{index}"><title id="n-{index}">{spoken}</title>'
        f'<path class="d1" d="{_dots(0, large)}"/><path class="d2" d="{_dots(full, large)}"/>'
        f'<path class="d3" d="{_dots(large, DOTS)}"/></svg>'
    )
    keys = ["k1", "k2", "k3"] if len(items) == 3 else ["k1", "k3"]
    listed = "".join(f'<li class="{key}">{html}</li>' for key, (_count, html) in zip(keys, items, strict=True))
    return f'<figure class="num">{svg}<figcaption><p><b>{escape(title)}</b></p><ul>{listed}</ul>{note}</figcaption></figure>'


def _dots(start: int, end: int) -> str:
    """Draw dots ``start`` to ``end`` of a field of ten by ten, as a path for a round-capped dashed stroke."""
    path = ""
    while start < end:
        row, column = divmod(start, 10)
        count = min(10 - column, end - start)
        path += f"M{column * 10 + 5} {row * 10 + 5}h{(count - 1) * 10}.1"
        start += count
    return path


def table_start(translate: Translate) -> str:
    """Make the start of a table that scrolls inside itself, also by keyboard; ``</div>`` goes behind its end."""
    name = escape(translate(_("Table; it can be scrolled sideways")))
    return f'<div class="scroll" role="group" aria-label="{name}" tabindex="0"><table>'


def source_item(reference: Reference, number: int, place: str, translate: Translate) -> str:
    """Make one entry of the list of sources. ``place`` is the id of the section that first rests on it.

    It leads to the best place to read the work. The work's own page, behind its title, names all places, all authors and each
    statement that rests on it.
    """
    links = " ".join(
        f'<a rel="external noreferrer" href="{escape(address)}">{escape(translate(_("Read at %(site)s")) % {"site": site})}</a>'
        for site, address in reference.links[:1]
    )
    kind = escape(kind_in_words(reference, translate))
    css = ' class="animal"' if reference.is_without_people else ""
    facts = f"<b{css}>{kind}</b>"
    item = ""
    if reference.retracted_on:
        withdrawn = escape(
            translate(_("Withdrawn by the journal on %(day)s")) % {"day": day_in_words(reference.retracted_on, translate)}
        )
        facts = f"<b>{withdrawn}</b> {facts}"
        item = ' class="withdrawn"'
    if reference.note:
        facts += f"; {escape(reference.note)}"
    facts += "."
    return (
        f'<li id="{anchor(number)}"{item}><p>{describe(reference, translate)} {links}</p>'
        f'<p class="kind">{facts} <a href="#{escape(place)}">{escape(translate(_("Back to the text")))}</a></p></li>'
    )


def authors_in_words(reference: Reference, translate: Translate, limit: int = MAX_AUTHORS) -> str:
    """Name the first authors: "Watanabe T, Kaji R, Oka N, and others"; "" where they are not confirmed."""
    authors = ", ".join(str(author) for author in reference.author[:limit])
    if len(reference.author) <= limit:
        return authors
    return f"{authors}{',' if limit > 1 else ''} {translate(_('and others'))}"


def describe(reference: Reference, translate: Translate) -> str:
    """Describe a work as HTML: first author, title (which leads to the work's own page), where it was printed, and the year."""
    authors = authors_in_words(reference, translate, limit=1)
    by = f"{escape(authors)}. " if authors else ""
    printed = escape(" ".join(part for part in (_printed_where(reference), reference.issued[:4]) if part))
    page = path_to("reference", reference.key)
    title = f'<a href="{page}"><cite>{escape(reference.title.rstrip("."))}</cite></a>.'
    return f"{by}{title}" + (f" {printed}." if printed else "")


def printed_in(reference: Reference) -> str:
    """Say where and when a work was printed: journal, publisher, date, volume, pages; "" where nothing is confirmed."""
    volume = reference.volume + (f"({reference.issue})" if reference.issue else "")
    place = ":".join(part for part in (volume, reference.page.replace("-", "–")) if part)
    when = ";".join(part for part in (reference.issued, place) if part)
    return " ".join(part for part in (_printed_where(reference), when) if part)


def _printed_where(reference: Reference) -> str:
    return ". ".join(part for part in (reference.container_title, reference.publisher) if part)
