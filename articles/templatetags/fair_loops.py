"""Loops that give way to readers: a list of a hundred rows takes so long to write that others would have to wait for it.

It stands in the place of Django's ``{% for %}`` (``builtins`` in the settings).
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import ForNode, do_for

from articles.page_cache import give_way

register = template.Library()


class GiveWay(template.Node):
    """Writes nothing, and gives way."""

    def render(self, context: template.Context) -> str:
        """Give way."""
        give_way()
        return ""


@register.tag("for")
def fair_for(parser: Parser, token: Token) -> ForNode:
    """Read Django's ``{% for %}``; each of its rows gives way first."""
    loop = do_for(parser, token)
    rows: Any = loop.nodelist_loop
    rows.insert(0, GiveWay())
    return loop
