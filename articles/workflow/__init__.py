"""The one door for every change of state. One function per act: keyword-only, ``by=`` and ``now=``, one transaction.

Rights follow from the act, and are checked here, whoever calls. Rendering happens before a transaction begins, so that writes
stay short.
"""

from articles.workflow.actor import Actor, ConflictError
from articles.workflow.approval import find_approval, require_reviewer
from articles.workflow.checking import check_source, section_ids, text_of
from articles.workflow.evidence import (
    ChangedMeanwhileError,
    InUseError,
    Use,
    delete_reference,
    delete_term,
    find_uses_of_term,
    find_uses_of_work,
    save_reference,
    save_term,
)
from articles.workflow.preparing import Prepared, prepare, preview, preview_body
from articles.workflow.preview_links import LINK_DAYS, make_preview_link, revoke_preview_link
from articles.workflow.public_history import (
    TakenIn,
    hide_words,
    pin,
    record_source_check,
    remake_stale_renderings,
    remake_with_terms,
    show_again,
    show_words,
    take_in_changed_sources,
    unpin,
    withhold,
)
from articles.workflow.publishing import publish
from articles.workflow.reviewing import Verdict, rate, review
from articles.workflow.saving import MAX_NOTE, check_significance, create_article, rename, save_revision

__all__ = [
    "LINK_DAYS",
    "MAX_NOTE",
    "Actor",
    "ChangedMeanwhileError",
    "ConflictError",
    "InUseError",
    "Prepared",
    "TakenIn",
    "Use",
    "Verdict",
    "check_significance",
    "check_source",
    "create_article",
    "delete_reference",
    "delete_term",
    "find_approval",
    "make_preview_link",
    "find_uses_of_term",
    "find_uses_of_work",
    "hide_words",
    "pin",
    "prepare",
    "preview",
    "preview_body",
    "publish",
    "rate",
    "record_source_check",
    "remake_stale_renderings",
    "remake_with_terms",
    "rename",
    "require_reviewer",
    "review",
    "revoke_preview_link",
    "save_reference",
    "save_revision",
    "save_term",
    "section_ids",
    "show_again",
    "show_words",
    "take_in_changed_sources",
    "text_of",
    "unpin",
    "withhold",
]
