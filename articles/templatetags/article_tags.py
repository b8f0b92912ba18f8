"""What templates need besides the page's own values: the help, the site's facts, words for values."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from articles.grading import CERTAINTY_MEANING, CERTAINTY_WORDS, Certainty
from articles.models import Rendering
from articles.text.bibliography import Reference
from articles.text.citations import KEY, NoCitation
from articles.text.diff import LineDiff, Unchanged, fold_unchanged
from articles.text.disclaimer import Help
from articles.text.findings import Check, Verdict
from articles.text.links import path_to

register = template.Library()

_KEY = re.compile(f"({KEY.pattern})")
_CITED = re.compile(r'href="#r\d+"')

VERDICT_WORDS = {
    Verdict.NOT_MET: _("Not met"),
    Verdict.LOOK: _("To be looked at"),
    Verdict.MET: _("Met"),
    Verdict.NOT_HERE: _("Not for this page"),
}
REASON_WORDS = {
    NoCitation.DEFINITION: _("it explains a word"),
    NoCitation.ADVICE: _("it is advice"),
    NoCitation.ABOUT_THIS_PAGE: _("it says what we looked for, or found"),
    NoCitation.SIGNPOST: _("it introduces the next point"),
}


@register.simple_tag
def help_words() -> Help:
    """Give the words of the help that stands on every page; they are read when the site starts."""
    words: Help = settings.DISCLAIMER
    return words


@register.simple_tag
def site() -> dict[str, str]:
    """Give the site's name, address, publisher, funding and contact."""
    facts: dict[str, str] = settings.SITE
    return facts


@register.filter
def day(moment: datetime | date) -> SafeString:
    """Give the day of a moment, in the site's zone, as an element that people and machines read."""
    return _day(_local(moment), get_language())


@lru_cache(maxsize=4096)
def _day(on: date, _language: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), date_format(on, "j F Y"))


@register.filter
def is_on_day_of(moment: datetime, other: datetime) -> bool:
    """Whether two moments are on the same day in the site's zone."""
    return _local(moment) == _local(other)


def _local(moment: datetime | date) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


# What an article is made of is put together here: a template would take a dozen times as long for so many small pieces.


@register.simple_tag
def contents(sections: list[dict[str, str]]) -> SafeString:
    """Give the entries of the list of contents, each with how sure we are."""
    return SafeString("".join(_entry(section) for section in sections))


def _entry(section: dict[str, str]) -> str:
    sure = f" <span>{escape(section['certainty_words'].lower())}</span>" if section["certainty"] else ""
    return f'<li><a href="#{escape(section["id"])}">{escape(section["short_heading"])}</a>{sure}</li>\n'


@register.simple_tag
def sections(rendering: Rendering) -> SafeString:
    """Give the sections, whose HTML was made when the text was published, with the help after each."""
    again = escape(settings.DISCLAIMER.repeat)
    return SafeString("".join(_section(section, again) for section in rendering.sections))


def _section(section: dict[str, str], again: str) -> str:
    sure = f' data-certainty="{escape(section["certainty"])}"' if section["certainty"] else ""
    return f'<section id="{escape(section["id"])}"{sure}>\n{section["html"]}\n</section>\n<p class="again">{again}</p>\n'


@register.simple_tag
def sources(rendering: Rendering) -> SafeString:
    """Give the entries of the list of sources, whose HTML was made when the text was published."""
    return SafeString("".join(f"{source}\n" for source in rendering.sources))


class FixedNode(template.Node):
    """Words that are the same on every page: rendered once, as long as the site's facts and language stay the same."""

    def __init__(self, nodes: template.NodeList) -> None:
        self._nodes = nodes
        self._known: tuple[tuple[Any, ...], SafeString] | None = None

    def render(self, context: template.Context) -> SafeString:
        """Give the words."""
        made_of = *settings.SITE.values(), settings.DISCLAIMER, get_language()
        known = self._known  # other threads may put another in its place meanwhile
        if known is None or known[0] != made_of:
            self._known = known = made_of, self._nodes.render(context)
        return known[1]


@register.tag
def fixed(parser: Parser, token: Token) -> FixedNode:
    """Render what stands up to ``endfixed`` once. Nothing in it may come from the page that is shown."""
    nodes = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodes)


@register.simple_tag
def certainty_levels() -> list[dict[str, str]]:
    """Give every level of certainty, the highest first: value, words, meaning."""
    return [
        {"value": level, "words": gettext(words), "meaning": gettext(CERTAINTY_MEANING[level])}
        for level, words in CERTAINTY_WORDS.items()
    ]


@register.filter
def key_section(rendering: Rendering) -> dict[str, str] | None:
    """Give the section whose certainty stands beside the short answer.

    The one whose answer rests on the work the short answer names first; else the first of the lowest level that studies reach.
    """
    found = [section for section in rendering.sections if section["certainty"]]
    for work in _CITED.findall(rendering.key_message):
        for section in found:
            if work in section["html"].partition('class="ans"')[2].partition("</div>")[0]:
                return section
    levels = [level for level in reversed(CERTAINTY_WORDS) if level is not Certainty.NONE_FOUND] + [Certainty.NONE_FOUND]
    return next((section for level in levels for section in found if section["certainty"] == level), None)


@register.filter
def lower_first(words: str) -> str:
    """Give the words with a small first letter, unless the first word is an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


@register.filter
def fold(lines: Iterable[LineDiff]) -> list[LineDiff | Unchanged]:
    """Count the sentences of each long run of unchanged ones."""
    return fold_unchanged(lines)


@register.filter
def worst_first(checks: Iterable[Check]) -> list[Check]:
    """Put what is not kept first, then what a person should look at; rules that are not for the page come last."""
    return sorted(checks, key=lambda check: list(VERDICT_WORDS).index(check.verdict))


@register.filter
def not_here(checks: Iterable[Check]) -> list[str]:
    """Give the titles of the rules that are not for the page."""
    return [check.title for check in checks if check.verdict is Verdict.NOT_HERE]


@register.filter
def count_of(checks: Iterable[Check], verdict: str) -> int:
    """Count the rules with a verdict."""
    return sum(check.verdict == verdict for check in checks)


@register.filter
def with_titles(words: str, works: Mapping[str, Reference] | None) -> SafeString:
    """Put a link to each work, by its title, in the place of its key; other words stay words."""
    parts = [
        format_html('<a href="{}">{}</a>', path_to("reference", part), works[part].title) if works and part in works else part
        for part in _KEY.split(words)
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def verdict_in_words(verdict: str) -> str:
    """Say the verdict of one of our rules."""
    return gettext(VERDICT_WORDS[Verdict(verdict)])


@register.filter
def reason_in_words(reason: str) -> str:
    """Say why a sentence needs no source."""
    return gettext(REASON_WORDS[NoCitation(reason)])
