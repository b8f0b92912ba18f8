"""Acts that tests of the workflow and of the admin share."""

from datetime import datetime
from typing import Any

from articles import workflow
from articles.models import CHECKLIST, Article, Review, Revision
from articles.text.changes import Significance
from tests.support import IMPORT, NOW, checked

WHO = {"printed_name": "Dr Ada Example", "role": "neurologist", "credentials": "MD", "interests": "None"}


def save(article: Article, text: str, significance: str = "change", note: str = "", by: workflow.Actor = IMPORT) -> Revision:
    """Save a text as an article's draft, with what is said of the change."""
    article.refresh_from_db()
    return workflow.save_revision(
        article=article,
        source=checked(text, article.kind, article),
        based_on=article.latest_revision,
        note=note,
        significance=Significance(significance),
        by=by,
        now=NOW,
    )


def verdict(decision: Any = Review.Decision.APPROVED) -> workflow.Verdict:
    """Give a verdict with all that it needs."""
    comment = "" if decision == Review.Decision.APPROVED else "Say how many."
    return workflow.Verdict(decision=Review.Decision(decision), checklist=list(CHECKLIST), comment=comment, **WHO)


def judge(article: Article, user: Any, decision: Any = Review.Decision.APPROVED, now: datetime = NOW) -> Review:
    """Review an article's latest revision."""
    article.refresh_from_db()
    revision = article.latest_revision
    assert revision is not None
    made = workflow.review(revision=revision, verdict=verdict(decision), by=workflow.Actor.person(user), now=now)
    article.refresh_from_db()
    return made
