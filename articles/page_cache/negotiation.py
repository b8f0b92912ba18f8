"""What a request accepts, and what it has already (RFC 9110, sections 8.8, 12.5.3 and 13)."""

import re
from functools import lru_cache

BROTLI, GZIP, IDENTITY = "br", "gzip", ""
BEST_FIRST = (BROTLI, GZIP, IDENTITY)
"""Encodings we have, the smallest first."""

NAMES = {"br": BROTLI, "gzip": GZIP, "x-gzip": GZIP, "identity": IDENTITY}
MAX_ACCEPT = 500
"""Longer headers are none that a browser sends; they get what everyone can read."""

_CODING = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?")
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@lru_cache(maxsize=512)
def choose_encoding(accepted: str | None) -> str | None:
    """Choose the encoding that an ``Accept-Encoding`` header likes best, of these the smallest; None where it takes none of ours.

    Parts that cannot be read are passed over. Without a header, and with an empty one, it is no encoding at all.
    """
    if not accepted or len(accepted) > MAX_ACCEPT:
        return IDENTITY
    said: dict[str, float] = {}
    for part in accepted.split(","):
        if found := _CODING.fullmatch(part):
            name = found[1].lower()
            said.setdefault(NAMES.get(name, name), float(found[2] or 1))
    others = said.get("*", 0.0)
    weights = {name: said.get(name, others) for name in (BROTLI, GZIP)}
    # It is taken unless it is refused, but whoever names others likes those better.
    weights[IDENTITY] = said.get(IDENTITY, said.get("*", 0.0001))
    best = max(BEST_FIRST, key=lambda name: weights[name])
    return best if weights[best] > 0 else None


def has_already(if_none_match: str, tag: str) -> bool:
    """Whether an ``If-None-Match`` header names an entity tag, compared weakly."""
    return if_none_match == tag or if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)


def is_wanted(if_match: str, tag: str) -> bool:
    """Whether an ``If-Match`` header allows the answer with this strong entity tag."""
    return if_match.strip() == "*" or tag in (part.strip() for part in if_match.split(","))
