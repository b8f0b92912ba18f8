"""What the open data says of each thing, in plain values. ``openapi.json`` describes every field."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from articles import history
from articles.api.asking import whole
from articles.grading import CERTAINTY_MEANING, CERTAINTY_WORDS, DESIGN_WORDS, Certainty
from articles.models import Article, Claim, GlossaryTerm, Notice, Publication, Reference, Review, Section
from articles.text import bibliography
from articles.text.bibliography import full_label
from articles.text.claims import claim_key
from articles.text.csl import to_csl

Shape = dict[str, Any]


def article_link(article: Article) -> Shape:
    """Say which article it is, and where its page and its data are."""
    in_language = {} if article.language == settings.LANGUAGE_CODE else {"language": article.language}
    return {
        "slug": article.slug,
        "language": article.language,
        "title": article.title,
        "url": whole(article.get_absolute_url()),
        "data_url": whole(reverse("api-article", args=[article.slug]), **in_language),
    }


def article_row(article: Article) -> Shape:
    """Give what lists say of an article, fetched with its publication and last review."""
    publication, review = article.publication, article.last_review
    assert publication is not None
    return article_link(article) | {
        "summary": article.summary,
        "topic": {"slug": article.topic_slug, "name": article.topic},
        "publication": publication.number,
        "published_at": _moment(article.published_at),
        "changed_at": _moment(article.changed_at),
        "is_reviewed": bool(review and review.is_approval and not article.is_changed_since_review),
        "last_review": review and _review(review),
        "review_due_on": article.review_due_on and article.review_due_on.isoformat(),
        "is_overdue": article.is_overdue,
        "sources_checked_at": _moment(article.sources_checked_at),
    }


def article_whole(article: Article, related: Iterable[Article]) -> Shape:
    """Give what an article says, fetched as it is shown, with the evidence of its publication."""
    publication, pinned = article.publication, article.pinned
    assert publication is not None
    page = whole(article.get_absolute_url())
    with override(article.language):
        return article_row(article) | {
            "key_message": history.key_message(publication),
            "correction": pinned and {"note": pinned.note, "published_at": _moment(pinned.published_at)},
            "sections": [_section(section, page) for section in publication.sections.all()],
            "works": [_work(work) for work in history.works(publication).values()],
            "related": [article_link(other) for other in related],
            "history_url": f"{page}history/",
            "claims_url": whole(reverse("api-claims"), article=article.slug, language=article.language),
            "changes_url": whole(reverse("api-changes"), article=article.slug, language=article.language),
        }


def _section(section: Section, page: str) -> Shape:
    return {
        "id": section.section_id,
        "heading": section.heading,
        "certainty": _certainty(section.certainty),
        "answer": section.answer or None,
        "why": section.why or None,
        "url": f"{page}#{section.section_id}",
    }


def claim(row: Claim) -> Shape:
    """Give a claim as it is said now, who was studied at the sentence, fetched with its article, its section and its works."""
    article, section = row.publication.article, row.section
    page = whole(article.get_absolute_url())
    with override(article.language):
        history.as_said_now([row])
        return {
            "key": row.key,
            "text": row.said,
            "article": article_link(article) | {"publication": row.publication.number},
            "place": _place(row),
            "section": section and {"id": section.section_id, "heading": section.heading},
            "certainty": _certainty(row.certainty),
            "populations": row.populations,
            "works": [_work(citation.reference.value()) for citation in row.citations.all()],
            "url": f"{page}#{section.section_id}" if section else page,
        }


def _place(row: Claim) -> str:
    if row.section_id:
        return "section"
    return "key-message" if row.key == claim_key("key_message", row.text) else "summary"


def _work(work: bibliography.Reference) -> Shape:
    """Say of a work what every place says that rests on it."""
    return {
        "key": work.key,
        "title": work.title,
        "design": {"code": str(work.design), "words": gettext(DESIGN_WORDS[work.design].name)},
        "populations": [str(population) for population in work.populations],
        "sample_size": work.sample_size,
        "studies": work.studies,
        "label": full_label(work, gettext),
        "doi": work.doi or None,
        "retracted_on": work.retracted_on and work.retracted_on.isoformat(),
        "url": whole(reverse("reference", args=[work.key])),
        "data_url": whole(reverse("api-reference", args=[work.key])),
    }


def reference(row: Reference) -> Shape:
    """Give all that is known of a work, fetched with its notices."""
    value = row.value()
    return _work(value) | {
        "csl": to_csl([value])[0],
        "checked_at": _moment(row.checked_at),
        "notices": [_notice(notice) for notice in row.notices.all()],
        "claims_url": whole(reverse("api-claims"), work=row.key),
    }


def _notice(notice: Notice) -> Shape:
    return {
        "kind": {"code": notice.kind, "words": notice.get_kind_display()},
        "noticed_on": notice.noticed_on and notice.noticed_on.isoformat(),
        "notice_doi": notice.notice_doi or None,
        "told_by": notice.told_by,
    }


def term(row: GlossaryTerm) -> Shape:
    """Give a word and what it means."""
    return {
        "key": row.key,
        "term": row.term,
        "medical": row.medical or None,
        "explanation": row.explanation,
        "source": row.source or None,
        "synonyms": row.synonyms,
        "misspellings": row.misspellings,
        "data_url": whole(reverse("api-term", args=[row.key])),
    }


def change(publication: Publication, previous: Publication | None) -> Shape:
    """Give an entry of the public history, its ``judged_by`` set; a withheld one keeps its entry with the reason, no text."""
    article, is_withheld = publication.article, publication.withheld_at is not None
    page = whole(article.get_absolute_url())
    compare = f"{page}history/compare/?from={previous.number}&to={publication.number}" if previous else None
    with override(article.language):
        return {
            "article": article_link(article),
            "publication": publication.number,
            "published_at": _moment(publication.published_at),
            "kind": {"code": _kind(publication), "words": publication.kind_in_words},
            "note": None if is_withheld else publication.note or None,
            "withheld": {"at": _moment(publication.withheld_at), "reason": publication.withheld_reason} if is_withheld else None,
            "reviews": [_review(review) for review in publication.judged_by],
            "copy_url": None if is_withheld else whole(publication.get_absolute_url()),
            "compare_url": None if is_withheld else compare,
        }


def _kind(publication: Publication) -> str:
    if publication.number == 1:
        return "new"
    return "sources" if publication.cause == Publication.Cause.SOURCES else publication.significance


def _review(review: Review) -> Shape:
    """Give a review as the page prints it; what is to be changed stays between reviewer and writer."""
    return {
        "decision": review.decision,
        "name": review.printed_name,
        "role": review.role,
        "credentials": review.credentials,
        "interests": review.interests,
        "decided_at": _moment(review.decided_at),
    }


def _certainty(code: str) -> Shape | None:
    if not code:
        return None
    level = Certainty(code)
    return {"code": code, "words": gettext(CERTAINTY_WORDS[level]), "meaning": gettext(CERTAINTY_MEANING[level])}


def _moment(when: datetime | None) -> str | None:
    """Write a time in UTC, as RFC 3339 does."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None
