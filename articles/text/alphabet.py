"""The order of titles in a list from A to Z."""

import re
import unicodedata

MAX_SORT_KEY = 120
_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)")


def sort_key(title: str) -> str:
    """Give what a title is sorted by: small letters without accents, without "the" or "a" in front, at most 120 characters."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    words = "".join(character for character in plain if not unicodedata.combining(character)).lstrip("\"'“‘(¿¡ ")
    return _ARTICLE.sub("", words, count=1)[:MAX_SORT_KEY] if _ARTICLE.match(words) else words[:MAX_SORT_KEY]


def letter_of(key: str) -> str:
    """Give the capital letter that a sort key stands under; "#" for numbers and signs."""
    return key[0].upper() if key[:1].isalpha() else "#"
