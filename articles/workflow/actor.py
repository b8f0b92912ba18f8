"""Who acts, what stands in the way, and the log of it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from articles.models import Article, AuditEvent, Revision
from articles.models.audit import MAX_ABOUT, MAX_DETAIL


class ConflictError(Exception):
    """Somebody saved the article since the text at hand was taken from it. ``latest`` is their revision."""

    def __init__(self, latest: Revision | None) -> None:
        self.latest = latest
        super().__init__(f"saved meanwhile: {latest}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with an account, or a command. ``name`` is printed in histories and outlives the account."""

    name: str
    user: Any = None

    @classmethod
    def person(cls, user: Any) -> "Actor":
        """Make the actor of a signed-in account."""
        return cls(user.get_full_name() or user.get_username(), user)

    @classmethod
    def command(cls, name: str) -> "Actor":
        """Make the actor of a management command; commands are run by the operator and may do everything."""
        return cls(f"system: {name}")

    def may(self, *permissions: str) -> bool:
        """Whether the actor has the permissions."""
        return self.user is None or self.user.has_perms([f"articles.{name}" for name in permissions])

    def require(self, *permissions: str) -> None:
        """Raise PermissionDenied, in words, when the actor lacks one of the permissions."""
        missing = [name for name in permissions if self.user is not None and not self.user.has_perm(f"articles.{name}")]
        if missing:
            rights = ", ".join(name.replace("_", " ") for name in missing)
            raise PermissionDenied(gettext("Your account may not do this (it lacks the right: %s).") % rights)


def tidy(words: str) -> str:
    """Give words for readers without what no page and no feed can hold: control characters become spaces, lines stay."""

    def is_odd(sign: str) -> bool:
        return unicodedata.category(sign) in {"Cc", "Cf", "Cs"} or sign in "\ufffe\uffff"  # of the latter XML knows nothing

    return "".join(" " if is_odd(sign) and sign != "\n" else sign for sign in words).strip()


def record(
    act: str,
    article: Article | None,
    by: Actor,
    now: datetime,
    before: Revision | None = None,
    after: Revision | None = None,
    *,
    detail: str = "",
    about: str = "",
) -> None:
    """Write an act into the audit log; ``about`` names what it was done to where that is no article."""
    AuditEvent.objects.create(
        at=now,
        actor_name=by.name,
        act=act,
        article=article,
        about=about[:MAX_ABOUT],
        from_revision=before,
        to_revision=after,
        detail=tidy(detail)[:MAX_DETAIL],
    )


def record_all(act: str, texts: Iterable[tuple[Article, Revision | None, Revision, str]], by: Actor, now: datetime) -> None:
    """Write an act on many articles into the audit log: each with the revision before, the one after, and a detail."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=now,
            actor_name=by.name,
            act=act,
            article=article,
            from_revision=before,
            to_revision=after,
            detail=tidy(detail)[:MAX_DETAIL],
        )
        for article, before, after, detail in texts
    )
