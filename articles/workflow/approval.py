"""Who may judge a text, and how it was judged."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext

from articles.models import Conflict, Review, Revision
from articles.workflow.actor import Actor


def require_reviewer(revision: Revision, by: Actor) -> None:
    """Raise PermissionDenied, in words, for who may not review or wrote part of what is to be judged."""
    if by.user is None:
        raise PermissionDenied(gettext("A review is made by a person who is signed in."))
    by.require("review_article")
    accounts, names = find_authors(revision)
    if by.user.pk in accounts or by.name in names:
        raise PermissionDenied(gettext("You wrote part of this text, so somebody else has to review it."))


def find_authors(revision: Revision) -> tuple[set[int], set[str]]:
    """Find who wrote what an approval of ``revision`` would approve: accounts, and names of those whose account is gone.

    Texts up to the last one before it that stands approved have been judged already. A text that was kept beside the draft
    counts where it went into one that counts, whoever put the two together, and a text that was taken up again has the authors
    it had.
    """
    older = Review.objects.filter(revision__article=revision.article_id, revision__number__lt=revision.number)
    approved = max((review.revision.number for review in standing_approvals(older)), default=0)
    texts = list(Revision.objects.filter(article=revision.article_id).defer("source"))
    kept = dict(Conflict.objects.filter(article=revision.article_id).values_list("kept", "outcome"))
    judged = {text.pk for text in texts if approved < text.number <= revision.number and text.pk not in kept}
    while True:
        digests = {text.digest for text in texts if text.pk in judged}
        same = {text.pk for text in texts if text.digest in digests}
        went_in = {pk for pk, outcome in kept.items() if outcome in judged}
        if same | went_in <= judged:
            break
        judged |= same | went_in
    authors = [(text.created_by_id, text.created_by_name) for text in texts if text.pk in judged]
    return {pk for pk, _name in authors if pk is not None}, {name for pk, name in authors if pk is None}


def standing_approvals(reviews: QuerySet[Review]) -> list[Review]:
    """Give the approvals among reviews that no later review of the same revision has overturned."""
    last = {review.revision_id: review for review in reviews.select_related("revision").order_by("decided_at", "pk")}
    return [review for review in last.values() if review.is_approval]


def find_last_review(revision: Revision) -> Review | None:
    """Find the last review of a revision, whatever its decision."""
    last: Review | None = Review.objects.filter(revision=revision).order_by("-decided_at", "-pk").first()
    return last


def find_approval(revision: Revision) -> Review | None:
    """Find the last review of a revision, where it approves it."""
    last = find_last_review(revision)
    return last if last and last.is_approval else None
