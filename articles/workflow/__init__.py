"""The one door for every change of state. One function per act: keyword-only, ``by=`` and ``now=``, one transaction.

Rights follow from the act, and are checked here, whoever calls. Rendering happens before a transaction begins, so that writes
stay short.
"""

from articles.workflow.actor import Actor, ConflictError
from articles.workflow.answers import delete_answers, mark_answers_read
from articles.workflow.approval import find_approval, require_reviewer
from articles.workflow.checking import check_source, find_missing, section_ids, text_of
from articles.workflow.commenting import Part, answer, close_comment, comment, parts_of, reopen_comment
from articles.workflow.evidence import (
    ChangedMeanwhileError,
    InUseError,
    Use,
    delete_reference,
    delete_term,
    find_uses_of_term,
    find_uses_of_work,
    record_import,
    save_reference,
    save_term,
)
from articles.workflow.merging import SettledError, keep_text, replace_kept, settle
from articles.workflow.moves import (
    MOVES,
    Move,
    MoveName,
    MoveRefusedError,
    Shown,
    Stage,
    find_moves,
    find_refusals,
    shown_of,
    stage_of,
)
from articles.workflow.preparing import Prepared, prepare, preview, preview_body
from articles.workflow.preview_links import LINK_DAYS, make_preview_link, revoke_preview_link
from articles.workflow.public_history import (
    TakenIn,
    lock_articles,
    pin,
    record_notices,
    record_source_check,
    remake_stale_renderings,
    remake_with_terms,
    show_again,
    take_in_changed_sources,
    unpin,
    withhold,
)
from articles.workflow.publishing import publish, publish_all
from articles.workflow.reviewing import Verdict, rate, review
from articles.workflow.saving import (
    MAX_NOTE,
    check_significance,
    create_all,
    create_article,
    rename,
    restore_revision,
    save_revision,
)
from articles.workflow.scheduling import Due, in_site_zone, publish_due, schedule, unschedule
from articles.workflow.submitting import call_back, find_reviewers, submit
from articles.workflow.topics import lock_topics, recount_topics
from articles.workflow.withdrawing import bring_back, cancel_withdrawal, withdraw
from articles.workflow.word_uses import store_missing_uses

__all__ = [
    "Actor",
    "ChangedMeanwhileError",
    "ConflictError",
    "Due",
    "InUseError",
    "LINK_DAYS",
    "MAX_NOTE",
    "MOVES",
    "Move",
    "MoveName",
    "MoveRefusedError",
    "Part",
    "Prepared",
    "SettledError",
    "Shown",
    "Stage",
    "TakenIn",
    "Use",
    "Verdict",
    "answer",
    "bring_back",
    "call_back",
    "cancel_withdrawal",
    "check_significance",
    "check_source",
    "close_comment",
    "comment",
    "create_all",
    "create_article",
    "delete_answers",
    "delete_reference",
    "delete_term",
    "find_approval",
    "find_missing",
    "find_moves",
    "find_refusals",
    "find_reviewers",
    "find_uses_of_term",
    "find_uses_of_work",
    "in_site_zone",
    "keep_text",
    "lock_articles",
    "lock_topics",
    "make_preview_link",
    "mark_answers_read",
    "parts_of",
    "pin",
    "prepare",
    "preview",
    "preview_body",
    "publish",
    "publish_all",
    "publish_due",
    "rate",
    "record_import",
    "record_notices",
    "record_source_check",
    "recount_topics",
    "remake_stale_renderings",
    "remake_with_terms",
    "rename",
    "reopen_comment",
    "replace_kept",
    "require_reviewer",
    "restore_revision",
    "review",
    "revoke_preview_link",
    "save_reference",
    "save_revision",
    "save_term",
    "schedule",
    "section_ids",
    "settle",
    "show_again",
    "shown_of",
    "stage_of",
    "store_missing_uses",
    "submit",
    "take_in_changed_sources",
    "text_of",
    "unpin",
    "unschedule",
    "withdraw",
    "withhold",
]
