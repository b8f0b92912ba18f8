"""Puts what a page tells machines into its head, as JSON-LD."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


@register.simple_tag
def json_ld(value: dict[str, Any]) -> SafeString:
    """Write a value as JSON-LD, closed against ``</script>``; browsers run nothing of it, so the strict policy lets it be.

    Django's ``json_script`` does the same, but calls it ``application/json``, where no search engine looks for it.
    """
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(written))
