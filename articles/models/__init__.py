"""Rows, their constraints and their querysets."""

from articles.models.article import Article, FormerSlug, find_related, find_shown
from articles.models.audit import AuditEvent
from articles.models.claim import Citation, Claim, Section
from articles.models.comment import Comment
from articles.models.conflict import Conflict
from articles.models.evidence import Reference
from articles.models.feedback import Feedback, FeedbackCount, FeedbackDay
from articles.models.glossary import GlossaryTerm
from articles.models.inside_link import InsideLink
from articles.models.lease import Lease
from articles.models.notice import Notice, NoticeCheck
from articles.models.page_version import CurrentTransaction, PageVersion
from articles.models.prepared import Place, Prepared
from articles.models.preview_link import PreviewLink
from articles.models.publication import Publication, ReferenceSnapshot, Rendering
from articles.models.review import CHECKLIST, Rating, Review
from articles.models.revision import Revision, RevisionState
from articles.models.search import SearchEntry, SearchSpelling
from articles.models.topic import Topic
from articles.models.withdrawal import Withdrawal
from articles.models.word_use import WordUse

__all__ = [
    "CHECKLIST",
    "Article",
    "AuditEvent",
    "Citation",
    "Claim",
    "Comment",
    "Conflict",
    "CurrentTransaction",
    "Feedback",
    "FeedbackCount",
    "FeedbackDay",
    "FormerSlug",
    "GlossaryTerm",
    "InsideLink",
    "Lease",
    "Notice",
    "NoticeCheck",
    "PageVersion",
    "Place",
    "Prepared",
    "PreviewLink",
    "Publication",
    "Rating",
    "Reference",
    "ReferenceSnapshot",
    "Rendering",
    "Review",
    "Revision",
    "RevisionState",
    "SearchEntry",
    "SearchSpelling",
    "Section",
    "Topic",
    "Withdrawal",
    "WordUse",
    "find_related",
    "find_shown",
]
