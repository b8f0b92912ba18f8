"""Files in ``content/`` and rows in the database: make a plan, look at it, carry it out whole or not at all.

Three digests decide what happens to an article: the one both sides had at the last sync (base), the file's and the database's. A
side that still has the base has not been edited. Nothing is written while any file has a fault.
"""

from articles.content_sync.applying import apply
from articles.content_sync.collecting import rare_collections
from articles.content_sync.planned import Change, ContentFile, Plan, Progress
from articles.content_sync.planning import plan
from articles.content_sync.reading import RESERVED_PAGE_SLUGS

__all__ = ["RESERVED_PAGE_SLUGS", "Change", "ContentFile", "Plan", "Progress", "apply", "plan", "rare_collections"]
