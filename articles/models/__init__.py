"""Rows, their constraints and their querysets."""

from articles.models.article import Article, FormerSlug
from articles.models.evidence import Reference
from articles.models.glossary import GlossaryTerm
from articles.models.revision import AuditEvent, Publication, Rendering, Revision, RevisionState

__all__ = [
    "Article",
    "AuditEvent",
    "FormerSlug",
    "GlossaryTerm",
    "Publication",
    "Reference",
    "Rendering",
    "Revision",
    "RevisionState",
]
