"""What readers may send: whether a page helped, and why."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from articles.models import Article
from articles.text.personal_details import remove_personal_details

MAX_COMMENT = 1_000
MAX_READ = 10_000
"""A longer text is not even cleaned, so that nobody can keep the site busy with it."""

SOONEST = timedelta(seconds=2)
"""Nobody reads the form and answers it faster; programs do."""

LATEST = timedelta(hours=12)
OPEN_FOR_LONG = _("This form was open for a long time. What you wrote is still here. Send it again.")
TOO_FAST = _("That was very fast. What you wrote is still here. Send it again.")
CHOOSE = _("Choose “Yes” or “No”.")


class FeedbackForm(forms.Form):
    """The answer to "Did this page help?", about the copy that was current when the form was first shown.

    ``subject`` is a trap for programs, and stays empty. ``stamp`` says, signed, which copy the form is about and when it was
    shown; it is the same for everybody who opened the form in that second.
    """

    is_helpful = forms.TypedChoiceField(
        label=_("Did this page help?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    comment = forms.CharField(required=False)
    subject = forms.CharField(required=False)
    stamp = forms.CharField(required=False)

    def __init__(self, article: Article, *, now: datetime, data: Any = None) -> None:
        """Make the form of a published article, empty or filled with what was sent."""
        super().__init__(data)
        assert article.publication_id is not None
        self._signer = signing.Signer(salt=f"articles.forms.feedback:{article.pk}")
        self._now = now
        self.publication_id = article.publication_id
        self._shown_at: datetime | None = None
        self._read_stamp(str(self.data.get("stamp", "")))

    def _read_stamp(self, text: str) -> None:
        """Take copy and time from a stamp, unless it is not ours, or another article's."""
        with contextlib.suppress(signing.BadSignature):
            self.publication_id, seconds = self._signer.unsign_object(text)
            self._shown_at = datetime.fromtimestamp(seconds, self._now.tzinfo)

    @property
    def _is_fresh(self) -> bool:
        return self._shown_at is not None and self._now - self._shown_at <= LATEST

    @property
    def stamp_to_show(self) -> str:
        """The stamp for the page: the one that was sent, while it is good; else a new one for the same copy."""
        if self._is_fresh:
            return str(self.data["stamp"])
        return self._signer.sign_object([self.publication_id, int(self._now.timestamp())])

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled in what people do not see."""
        return bool(self.data.get("subject"))

    @sensitive_variables()
    def clean_comment(self) -> str:
        """Give the comment without personal details; it is the length of what is kept that counts."""
        written = str(self.cleaned_data["comment"]).replace("\r\n", "\n")
        cleaned = remove_personal_details(written) if len(written) <= MAX_READ else written
        length = min(len(written), len(cleaned))
        if length > MAX_COMMENT:
            words = gettext("Make your comment shorter: it has %(length)s characters, and may have %(most)s.")
            raise forms.ValidationError(words % {"length": f"{length:,}", "most": f"{MAX_COMMENT:,}"})
        return cleaned

    def clean(self) -> None:
        """Refuse what was sent too fast for a person, or from a form that has been open for too long."""
        if not self._is_fresh:
            self.add_error(None, OPEN_FOR_LONG)
        elif self._shown_at is not None and self._now - self._shown_at < SOONEST:
            self.add_error(None, TOO_FAST)
