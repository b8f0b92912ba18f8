"""Full text search of what readers see, on FTS5 (SQLite) or PostgreSQL, with the same results on both.

``articles.text.search_terms`` makes tokens, the database finds which entries have them in which column, and everything else
(order, snippets, spelling) is decided here, once for both.
"""

from articles.search.finding import MAX_PAGES, PER_PAGE, Found, Hit, Way, search
from articles.search.indexing import index_article, index_terms, make_entries, rebuild, refresh, remove, store_entries

__all__ = [
    "MAX_PAGES",
    "PER_PAGE",
    "Found",
    "Hit",
    "Way",
    "index_article",
    "index_terms",
    "make_entries",
    "rebuild",
    "refresh",
    "remove",
    "search",
    "store_entries",
]
