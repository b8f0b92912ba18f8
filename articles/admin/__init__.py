"""The editor's desk: Django's admin, with workflow as its only way to change anything."""

from articles.admin import article, audit, evidence, feedback

__all__ = ["article", "audit", "evidence", "feedback"]
