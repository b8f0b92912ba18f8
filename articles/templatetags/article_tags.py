"""What templates need besides the page's own values: the help, the site's facts, words for values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Parser, Token
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
    found = graded(rendering.sections)
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
def graded(sections: list[dict[str, str]]) -> list[dict[str, str]]:
    """Give the sections that have a certainty."""
    return [section for section in sections if section["certainty"]]


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
