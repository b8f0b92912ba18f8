"""Readers' pages, kept in memory ready to send, before Django is asked for anything.

- ``marking``: views say which of their answers may be kept, and what these show.
- ``versions``: acts say what changed; ``token`` and ``watching``: each process learns of it.
- ``negotiation``: what a request accepts and has already (RFC 9110).
- ``pages``: one page, ready to send in each encoding (``compressing``).
- ``making``: making them anew, one at a time, ``beside`` readers; ``places``: how many others Django answers meanwhile.
- ``keeping``: many pages, in bounded memory.
- ``serving``: the outermost WSGI layer, which puts these together.
"""

from articles.page_cache.beside import give_way, in_turns
from articles.page_cache.marking import (
    TURNED_AWAY,
    anyone,
    of_article,
    of_record,
    of_related,
    of_title,
    of_titles,
    of_topic,
    shows,
)
from articles.page_cache.pages import CACHE_CONTROL
from articles.page_cache.serving import PageCache
from articles.page_cache.versions import changed, changed_everything

__all__ = [
    "CACHE_CONTROL",
    "TURNED_AWAY",
    "PageCache",
    "anyone",
    "changed",
    "changed_everything",
    "give_way",
    "in_turns",
    "of_article",
    "of_record",
    "of_related",
    "of_title",
    "of_titles",
    "of_topic",
    "shows",
]
