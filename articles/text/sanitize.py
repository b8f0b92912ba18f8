"""The last word on HTML made from writers' text: a narrow list of elements, checked by two libraries and our own look at
addresses.

nh3 goes first: it is maintained and drops what is not allowed together with its content. bleach goes second: it is the
owner's choice
and a second, independent parser. Neither knows that an address must be printable ASCII of a known form, so that is checked here.
"""

import re
import threading

import bleach
import nh3
from django.utils.safestring import SafeString, mark_safe

__all__ = ["SafeString", "as_safe", "is_address", "sanitize"]

TAGS = frozenset("a blockquote br code em h3 h4 hr li ol p pre strong table tbody td th thead tr ul".split())
ALIGNMENTS = frozenset({"ta-left", "ta-center", "ta-right"})
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_ADDRESS = re.compile(r"(?:https?://[a-z0-9.-]|mailto:|tel:|#|/(?![/\\]))[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]*", re.IGNORECASE)

DROPPED_WITH_CONTENT = (
    frozenset(
        """
        abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink body button canvas
        caption center
        cite col colgroup command content data datalist dd del details dfn dialog dir div dl dt element embed fieldset
        figcaption figure
        font footer form frame frameset h1 h2 h5 h6 head header hgroup html i iframe image img input ins isindex kbd keygen
        label legend
        link listing main map mark marquee math menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object
        optgroup option output param picture plaintext portal progress q rb rbc rp rt rtc ruby s samp script search section
        select shadow
        slot small source spacer span strike style sub summary sup svg template textarea tfoot time title track tt u var
        video wbr xmp
        """.split()
    )
    - TAGS
)


def is_address(value: str) -> bool:
    """Whether ``value`` may stand in a link: http, https, mailto, tel, a path of this site or a place on the page, in
    plain ASCII.
    """
    return bool(_ADDRESS.fullmatch(value))


def _is_allowed(tag: str, name: str, value: str) -> bool:
    if tag == "a":
        return name == "href" and is_address(value)
    if tag in {"td", "th"}:
        return name == "class" and value in ALIGNMENTS
    return tag == "ol" and name == "start" and value.isascii() and value.isdigit()


class _Cleaner(threading.local):
    """bleach's cleaner, one for each thread: its parser keeps what it works on."""

    def __init__(self) -> None:
        self.cleaner = bleach.Cleaner(tags=TAGS, attributes=_is_allowed, protocols=SCHEMES, strip=True, strip_comments=True)


_HERE = _Cleaner()
_FIRST = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    attributes={"a": {"href"}, "ol": {"start"}},
    allowed_classes={"td": set(ALIGNMENTS), "th": set(ALIGNMENTS)},
    url_schemes=set(SCHEMES),
    link_rel=None,
)


def sanitize(html: str) -> SafeString:
    """Give ``html`` with nothing left but the allowed elements, their few attributes and text.

    Whatever else there is goes away with its content: scripts, styles, frames, forms, pictures, unknown attributes and addresses.
    """
    cleaned = _FIRST.clean(html)
    return as_safe(_HERE.cleaner.clean(cleaned))


def as_safe(html: str) -> SafeString:
    """Mark HTML whose every part has been sanitised or escaped. This is the one place where text becomes HTML."""
    return mark_safe(html)  # noqa: S308
