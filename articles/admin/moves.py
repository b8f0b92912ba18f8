"""Moves of a text between people and before readers: one page for each, which says what will happen before it does.

Which moves there are, and who may make them when, is data of ``workflow``; here are the words and fields of their pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.admin.article_form import find_stops
from articles.admin.record import find_latest, show_page
from articles.models import Article, Review, Revision, RevisionState
from articles.text.problems import SourceError
from articles.workflow import MOVES, MoveName, Shown, Stage

TIME_FORMAT = "%Y-%m-%dT%H:%M"
"""How browsers send what is chosen in a field of the type ``datetime-local``."""

STAGES: Mapping[Stage, Promise | str] = {
    Stage.DRAFT: _("draft"),
    Stage.IN_REVIEW: _("in review"),
    Stage.CHANGES_REQUESTED: _("changes requested"),
    Stage.APPROVED: _("approved"),
    Stage.SCHEDULED: _("scheduled"),
    Stage.AT_REST: _("empty"),
}
SHOWN: Mapping[Shown, Promise | str] = {
    Shown.NEVER: _("never published"),
    Shown.PUBLIC: _("published"),
    Shown.WITHDRAWN: _("withdrawn"),
}

Act = Callable[[Article, Revision, workflow.Actor, datetime, dict[str, Any]], str]
"""Carries a move out; gives what is said when it is done."""


class TimeField(forms.DateTimeField):
    """A date and time in the site's zone, chosen with the browser's own means."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TIME_FORMAT)
        super().__init__(widget=widget, input_formats=[TIME_FORMAT, f"{TIME_FORMAT}:%S"], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """Give the moment; refuse the first and last days of the calendar, which not every zone has."""
        moment = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MoveForm(forms.Form):
    """The fields of a move; none, but for those of its subclasses."""

    def __init__(self, *args: Any, article: Article, revision: Revision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime()
        zone = gettext("In the site’s time zone, %(zone)s (now %(now)s).") % {
            "zone": timezone.get_current_timezone_name(),
            "now": workflow.in_site_zone(now),
        }
        for field in self.fields.values():
            if isinstance(field, TimeField):
                field.help_text = zone
                field.widget.attrs["min"] = now.strftime(TIME_FORMAT)


class ReviewerField(forms.ModelChoiceField):
    """An account that may review, by the name it has in histories."""

    def label_from_instance(self, obj: Any) -> str:
        """Give the account's name."""
        return workflow.Actor.person(obj).name


class SubmitForm(MoveForm):
    """Whom to ask for a review, and what to tell them."""

    reviewer = ReviewerField(
        label=_("Reviewer"),
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label=_("Whoever is free"),
        help_text=_("They find it on their first page, and get an e-mail with a link where we know their address."),
    )
    words = forms.CharField(
        label=_("What to look at"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("For the reviewer’s e-mail, such as: please look at the section on balance. You may leave it empty."),
    )

    def __init__(self, *args: Any, article: Article, revision: Revision, **kwargs: Any) -> None:
        super().__init__(*args, article=article, revision=revision, **kwargs)
        field = self.fields["reviewer"]
        assert isinstance(field, ReviewerField)
        field.queryset = workflow.find_reviewers(revision)
        field.initial = getattr(getattr(article, "open_state", None), "reviewer_id", None)


class ScheduleForm(MoveForm):
    """When to publish."""

    publish_at = TimeField(label=_("Publish at"))

    def __init__(self, *args: Any, article: Article, revision: Revision, **kwargs: Any) -> None:
        super().__init__(*args, article=article, revision=revision, **kwargs)
        self.fields["publish_at"].initial = getattr(getattr(article, "open_state", None), "publish_at", None)


class WithdrawForm(MoveForm):
    """Why to withdraw, and when."""

    reason = forms.CharField(
        label=_("Why (readers see this)"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("In a sentence that readers understand, and with what to do instead where there is something."),
    )
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("Now")), ("later", _("Later, at the time below"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    due_at = TimeField(label=_("At"), required=False)

    def clean(self) -> dict[str, Any]:
        """See that "later" has a time, and that a time means "later"."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned["when"] == "later" and cleaned["due_at"] is None:
            self.add_error("due_at", gettext("Choose a date and time, or choose “Now” above."))
        elif cleaned["when"] == "now" and cleaned["due_at"] is not None:
            self.add_error("when", gettext("You chose a time below. Choose “Later”, or empty the time."))
        return cleaned


class BringBackForm(MoveForm):
    """Why readers see an article again."""

    note = forms.CharField(
        label=_("Why it is back (readers see this)"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("It stands in the article’s public history."),
    )


def _submit(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    reviewer = values["reviewer"]
    workflow.submit(revision=revision, reviewer=reviewer, words=values["words"], by=by, now=now)
    if reviewer is None:
        return gettext("Sent for review. It stands on the first page of everybody who may review it.")
    name = workflow.Actor.person(reviewer).name
    if not reviewer.email:
        return gettext("Sent to %s for review. We know no e-mail address of theirs, so please tell them.") % name
    return gettext("Sent to %s for review. They get an e-mail with a link.") % name


def _call_back(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    workflow.call_back(revision=revision, by=by, now=now)
    return gettext("Taken back from review.")


def _publish(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    workflow.publish(article=article, revision=revision, by=by, now=now)
    return gettext("Published. Readers see this text from now on.")


def _schedule(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    state = workflow.schedule(revision=revision, publish_at=values["publish_at"], by=by, now=now)
    assert state.publish_at is not None
    return gettext("Scheduled. Readers see this text from %s on.") % workflow.in_site_zone(state.publish_at)


def _unschedule(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    workflow.unschedule(revision=revision, by=by, now=now)
    return gettext("Taken out of the schedule.")


def _withdraw(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    plan = workflow.withdraw(article=article, reason=values["reason"], due_at=values["due_at"], by=by, now=now)
    if values["due_at"] is None:
        return gettext("Withdrawn. At its address readers find your reason, and help.")
    return gettext("Planned. Readers see this article until %s.") % workflow.in_site_zone(plan.due_at)


def _cancel(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    workflow.cancel_withdrawal(article=article, by=by, now=now)
    return gettext("Cancelled. Readers go on seeing this article.")


def _bring_back(article: Article, revision: Revision, by: workflow.Actor, now: datetime, values: dict[str, Any]) -> str:
    workflow.bring_back(article=article, note=values["note"], by=by, now=now)
    return gettext("Back. Readers see this article again.")


@dataclass(frozen=True, slots=True)
class MovePage:
    """The page of a move: what it says will happen, its fields, and what carries it out.

    ``is_checked`` is for moves that a fault of the text stops.
    """

    explanation: Promise | str
    form: type[MoveForm]
    carry_out: Act
    is_checked: bool = False


PAGES: Mapping[MoveName, MovePage] = {
    MoveName.SUBMIT: MovePage(
        _("A clinician reads this text and approves it or asks for changes. A change you save meanwhile makes a new draft."),
        SubmitForm,
        _submit,
        is_checked=True,
    ),
    MoveName.CALL_BACK: MovePage(_("The reviewer no longer finds it on their first page."), MoveForm, _call_back),
    MoveName.PUBLISH: MovePage(_("Readers see this text from now on."), MoveForm, _publish, is_checked=True),
    MoveName.SCHEDULE: MovePage(
        _("Readers see this text from the time you choose on. A change you save before takes it out of the schedule."),
        ScheduleForm,
        _schedule,
        is_checked=True,
    ),
    MoveName.UNSCHEDULE: MovePage(_("It is published only when somebody does so."), MoveForm, _unschedule),
    MoveName.WITHDRAW: MovePage(
        _("At its address readers find that it is withdrawn, why, help, and other articles. You can bring it back."),
        WithdrawForm,
        _withdraw,
    ),
    MoveName.CANCEL_WITHDRAWAL: MovePage(_("Readers go on seeing this article."), MoveForm, _cancel),
    MoveName.BRING_BACK: MovePage(
        _("Readers see the text again that they saw last, with its sources as they are now."),
        BringBackForm,
        _bring_back,
        is_checked=True,
    ),
}


def move(admin: ModelAdmin, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Show what a move will do, and make it; what is in the way is said in words, and nothing typed is lost."""
    page = PAGES.get(MoveName(name)) if name in list(MoveName) else None
    if page is None:
        raise Http404
    article, revision = find_latest(admin, request, pk)
    if name == MoveName.BRING_BACK and article.published_revision:
        revision = article.published_revision
    by = workflow.Actor.person(request.user)
    by.require(*MOVES[MoveName(name)].rights)
    form = page.form(request.POST if request.method == "POST" else None, article=article, revision=revision)
    if request.method == "POST" and form.is_valid() and (done := _carry_out(request, page, form, article, revision, by)):
        admin.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    label = str(MOVES[MoveName(name)].label)
    context = {
        "form": form,
        "label": label,
        "page": page,
        "refusals": workflow.find_refusals(MoveName(name), article, by),
        "stops": find_stops(revision) if page.is_checked else [],
        "is_unreviewed": MOVES[MoveName(name)].is_for_readers and workflow.find_approval(revision) is None,
    }
    return show_page(admin, request, article, revision, "move", label, **context)


def _carry_out(
    request: HttpRequest, page: MovePage, form: MoveForm, article: Article, revision: Revision, by: workflow.Actor
) -> str:
    """Make a move; gives what to say of it, or "" with the reason among the form's errors."""
    newer = gettext("There is a newer text than the one you looked at. Look at it first; then send again.")
    if request.POST.get("revision") != str(revision.number):
        form.add_error(None, newer)
        return ""
    try:
        return page.carry_out(article, revision, by, timezone.now(), form.cleaned_data)
    except workflow.ConflictError:
        form.add_error(None, newer)
    except SourceError:
        form.add_error(None, gettext("Not done. The text has faults; they are listed above."))
    except (workflow.MoveRefusedError, ValueError) as refusal:
        form.add_error(None, str(refusal))
    return ""


def name_stage(article: Article) -> str:
    """Say in a few words where an article stands: what readers get, and its draft where there is one."""
    shown, stage = workflow.shown_of(article), workflow.stage_of(article)
    if shown is Shown.NEVER:
        return str(STAGES[stage])
    if stage is Stage.AT_REST:
        return str(SHOWN[shown])
    words = {"shown": SHOWN[shown], "stage": STAGES[stage]}
    if article.draft_revision_id is None:
        return gettext("%(shown)s, %(stage)s") % words
    return gettext("%(shown)s; newer text: %(stage)s") % words


def show_moves(article: Article | None, by: workflow.Actor) -> dict[str, Any]:
    """Give what the form of an article shows of its moves: where it stands, the buttons, and why there is no "Publish"."""
    if article is None:
        return {"described": [], "moves": [], "why_not": []}
    is_asking = article.draft_revision_id is not None and (by.may("change_article") or by.may("publish_article"))
    why_not = workflow.find_refusals(MoveName.PUBLISH, article, by) if is_asking else []
    return {"described": _describe(article), "moves": _offer(article, by), "why_not": why_not}


def _describe(article: Article) -> list[str]:
    """Say what a text waits for, what is planned, and what readers get, a sentence each."""
    said = []
    state = getattr(article, "open_state", None)
    if state is not None:
        said += _describe_state(state)
    said += _describe_request(article)
    for plan in article.withdrawals.planned():
        when = {"when": workflow.in_site_zone(plan.due_at), "name": plan.decided_by_name}
        said.append(gettext("%(name)s planned to withdraw it from readers on %(when)s.") % when)
    if article.withdrawn_at:
        when = {"when": workflow.in_site_zone(article.withdrawn_at), "reason": article.withdrawn_reason}
        said.append(gettext("Withdrawn from readers since %(when)s: “%(reason)s”") % when)
    return said


def _describe_request(article: Article) -> list[str]:
    """Say what the last review asked to be changed, for as long as a draft is open and nobody has reviewed again."""
    last = Review.objects.filter(revision__article=article).select_related("revision").order_by("revision__number", "pk").last()
    if article.draft_revision_id is None or last is None or last.is_approval:
        return []
    words = gettext("%(name)s asked for changes to revision %(number)s on %(when)s: “%(words)s”")
    when = workflow.in_site_zone(last.decided_at)
    return [words % {"name": last.printed_name, "number": last.revision.number, "when": when, "words": last.comment}]


def _describe_state(state: RevisionState) -> list[str]:
    said = []
    if state.status == Stage.IN_REVIEW:
        said.append(gettext("Waiting for a review by %s.") % (state.reviewer_name or gettext("whoever is free")))
    if state.publish_at:
        when = {"when": workflow.in_site_zone(state.publish_at), "name": state.moved_by_name}
        said.append(gettext("%(name)s scheduled it to be published on %(when)s. A change you save takes it out.") % when)
    if state.problem:
        said.append(gettext("It could not be published at its time: %s") % "; ".join(state.problem.splitlines()))
    return said


def _offer(article: Article, by: workflow.Actor) -> list[tuple[str, str]]:
    """Give the moves that somebody may make now: the button's words and the address of its page."""
    offered = []
    for name, allowed in workflow.find_moves(article, by).items():
        page = "review" if name is MoveName.REVIEW else "move"
        arguments = [article.pk] if name is MoveName.REVIEW else [article.pk, name.value]
        is_again = name is MoveName.SCHEDULE and workflow.stage_of(article) is Stage.SCHEDULED
        label = gettext("Choose another time") if is_again else str(allowed.label)
        offered.append((label, reverse(f"admin:articles_article_{page}", args=arguments)))
    return offered
