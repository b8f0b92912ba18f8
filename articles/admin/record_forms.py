"""Forms for what people judge: a review, and answers to a standard's questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.models import CHECKLIST, Review
from articles.models.revision import MAX_NAME
from articles.text.rating_questions import STANDARDS
from articles.workflow.actor import tidy

WIDE = {"class": "vTextField"}


class WordsField(forms.CharField):
    """Words as they are recorded: signs that nobody sees are none, so that nothing is recorded under an empty name."""

    def to_python(self, value: Any) -> str:
        """Give the words tidied."""
        return tidy(super().to_python(value) or "")


class ReviewForm(forms.Form):
    """A clinician's verdict. After ``is_valid()`` ``verdict`` holds it."""

    checklist = forms.MultipleChoiceField(
        label=_("What I re-checked"),
        choices=list(CHECKLIST.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("An approval needs all of these. Tick only what you did; the list is shown to readers."),
    )
    decision = forms.ChoiceField(label=_("Decision"), choices=Review.Decision.choices, widget=forms.RadioSelect)
    comment = WordsField(
        label=_("What is to be changed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text=_("Needed when you ask for changes. Only people in the admin see it."),
    )
    printed_name = WordsField(label=_("Your name, as readers see it"), max_length=MAX_NAME, widget=forms.TextInput(attrs=WIDE))
    role = WordsField(
        label=_("Your role"), max_length=MAX_NAME, widget=forms.TextInput(attrs=WIDE), help_text=_("Such as: neurologist.")
    )
    credentials = WordsField(
        label=_("Your credentials"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs=WIDE),
        help_text=_("Degrees and registration, as you want them printed."),
    )
    interests = WordsField(
        label=_("Interests to declare"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_("Money or ties that touch this topic. Write “None” if there are none."),
    )

    def __init__(self, *args: Any, reviewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict: workflow.Verdict
        last = Review.objects.filter(reviewer=reviewer).first()
        self.initial = {
            "printed_name": last.printed_name if last else reviewer.get_full_name(),
            "role": last.role if last else "",
            "credentials": last.credentials if last else "",
        }

    def clean(self) -> dict[str, Any]:
        """See that an approval re-checked everything and that a request says what to change."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        decision = Review.Decision(cleaned["decision"])
        if decision is Review.Decision.APPROVED and set(cleaned["checklist"]) != set(CHECKLIST):
            self.add_error("checklist", gettext("To approve, re-check and tick everything; or ask for changes."))
        elif decision is Review.Decision.CHANGES_REQUESTED and not cleaned["comment"]:
            self.add_error("comment", gettext("Say what is to be changed."))
        else:
            self.verdict = workflow.Verdict(**cleaned | {"decision": decision})
        return cleaned


class RatingForm(forms.Form):
    """All questions of a standard, since each is used whole or not at all. After ``is_valid()`` ``answers`` holds them."""

    def __init__(self, *args: Any, standard: str, rater: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = STANDARDS[standard]
        self.fields["printed_name"] = WordsField(
            label=_("Your name, as readers see it"),
            max_length=MAX_NAME,
            initial=rater.get_full_name(),
            widget=forms.TextInput(attrs=WIDE),
        )
        choices = [("", "–"), *((answer, answer) for answer in self.standard.answers)]
        for question in self.standard.questions:
            self.fields[f"answer_{question.number}"] = forms.ChoiceField(
                label=f"{question.number}. {gettext(question.words)}", choices=choices
            )
            self.fields[f"reason_{question.number}"] = WordsField(
                label=gettext("Reason for %(number)s") % {"number": question.number},
                max_length=400,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def answers(self) -> dict[int, tuple[str, str]]:
        """The answer and its reason by the question's number."""
        numbers = [question.number for question in self.standard.questions]
        return {number: (self.cleaned_data[f"answer_{number}"], self.cleaned_data[f"reason_{number}"]) for number in numbers}
