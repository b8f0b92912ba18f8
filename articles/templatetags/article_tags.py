"""What templates need besides the page's own values: the help, the site's facts, dates."""

from datetime import datetime

from django import template
from django.conf import settings
from django.utils.translation import gettext

from articles.grading import CERTAINTY_MEANING, CERTAINTY_WORDS, Certainty
from articles.text.disclaimer import Help

register = template.Library()


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


@register.simple_tag
def certainty_levels() -> list[dict[str, str]]:
    """Give every level of certainty, the highest first: value, words, meaning."""
    return [
        {"value": level, "words": gettext(words), "meaning": gettext(CERTAINTY_MEANING[level])}
        for level, words in CERTAINTY_WORDS.items()
    ]


@register.filter
def key_section(sections: list[dict[str, str]]) -> dict[str, str] | None:
    """Give the section whose certainty stands beside the short answer: the first of the lowest level that studies reach."""
    found = graded(sections)
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
def months_after(moment: datetime, months: int) -> datetime:
    """Give the same day some months later, the last of the month where there is no such day."""
    year, month = divmod(moment.month - 1 + months, 12)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=moment.year + year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")
