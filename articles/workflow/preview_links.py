"""Links that show a draft to people without an account: made for some days, and taken back."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from articles.models import Article, AuditEvent, PreviewLink, Revision
from articles.models.preview_link import digest_of
from articles.workflow.actor import Actor, ConflictError, record

LINK_DAYS = (1, 7, 30)
SECRET_BYTES = 32


def make_preview_link(*, revision: Revision, days: int, by: Actor, now: datetime) -> tuple[PreviewLink, str]:
    """Make a link to an article's draft for one of LINK_DAYS; gives it with its secret, which is not to be had again.

    Raises PermissionDenied, ValueError for another number of days or an article that was withdrawn, and ConflictError for a
    revision that is not the article's draft.
    """
    by.require("add_previewlink")
    if days not in LINK_DAYS:
        raise ValueError(f"a link works for one of {LINK_DAYS} days")
    token = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=revision.article_id)
        if article.withdrawn_at:
            raise ValueError("the article was withdrawn")
        if article.draft_revision_id != revision.pk:
            raise ConflictError(article.latest_revision)
        link = PreviewLink.objects.create(
            revision=revision,
            token_digest=digest_of(token),
            made_at=now,
            made_by=by.user,
            made_by_name=by.name,
            expires_at=now + timedelta(days=days),
        )
        record(AuditEvent.Act.SHARE, article, by, now, None, revision)
    return link, token


def revoke_preview_link(*, link: PreviewLink, by: Actor, now: datetime) -> None:
    """Take a link back: from now on it shows nothing. Raises PermissionDenied, and ValueError where that was done already."""
    by.require("change_previewlink")
    with transaction.atomic():
        is_open = PreviewLink.objects.filter(pk=link.pk, revoked_at__isnull=True)
        if not is_open.update(revoked_at=now, revoked_by_name=by.name):
            raise ValueError("the link was taken back already")
        record(AuditEvent.Act.UNSHARE, link.revision.article, by, now, link.revision, None)
