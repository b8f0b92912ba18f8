"""The form in which two texts of one article are put together: a choice for each part that clashes, and what is said of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.admin.article_form import LIST_FIELDS, ArticleForm, BodyField, LinesField
from articles.models import Article, Conflict, Revision
from articles.text.changes import SIGNIFICANCE_WORDS, Significance, largest
from articles.text.front_matter import Kind, parse_front_matter, split_front_matter
from articles.text.merge import Choice, Merge, Part, PartKind, Side, Typed, weave
from articles.text.plain_faults import say_plainly
from articles.text.problems import Problem, SourceError
from articles.text.sections import split_sections
from articles.text.source import Source

WRITE = "write"


class MergeForm(forms.Form):
    """A choice for each part that clashes. After ``is_valid()`` ``source`` holds the merged text.

    Field names begin with ``choice-`` and ``text-`` and end with the part's key.
    """

    note = forms.CharField(
        label=_("What changed, and why"),
        max_length=workflow.MAX_NOTE,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": _("Say for readers what changed and why, in a sentence.")},
        help_text=_("For readers, compared with what they see now: it stands in the article’s public history."),
    )
    significance = forms.ChoiceField(label=_("Kind of change"), choices=SIGNIFICANCE_WORDS.items())

    def __init__(
        self, *args: Any, article: Article, merged: Merge, labels: dict[Side, str], latest: Revision, conflict: Conflict
    ) -> None:
        super().__init__(*args)
        self.article, self.merged, self.latest = article, merged, latest
        self.source: Source | None = None
        self.initial = _say_of_both(article, latest, conflict.kept)
        for part in merged.conflicts:
            choices = [(side.value, _label(part, side, labels)) for side in Side]
            if may_be_written(part):
                choices.append((WRITE, gettext("Write it myself, in the box below")))
                self.fields[f"text-{part.key}"] = field = _field(part)
                field.initial = _begin(part, latest, conflict.kept)
            self.fields[f"choice-{part.key}"] = forms.ChoiceField(
                label=gettext("Which one stays?"),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Choose what stays here.")},
            )

    def clean(self) -> dict[str, Any]:
        """Put the text together and check it whole."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if any(f"choice-{part.key}" not in cleaned for part in self.merged.conflicts):
            return cleaned
        text = self.merged.compose({part.key: self._choice(part, cleaned) for part in self.merged.conflicts})
        try:
            self.source = workflow.check_source(text, self.article.kind, article=self.article)
        except SourceError as error:
            for words in _place(error.problems, text):
                self.add_error(None, words)
            return cleaned
        try:
            workflow.check_significance(self.article, self.source, Significance(cleaned.get("significance", Significance.CHANGE)))
        except SourceError as error:
            self.add_error("significance", say_plainly(error.problems[0]))
        return cleaned

    def _choice(self, part: Part, cleaned: dict[str, Any]) -> Choice:
        chosen = cleaned[f"choice-{part.key}"]
        return Typed(cleaned.get(f"text-{part.key}", "")) if chosen == WRITE else Side(chosen)


def may_be_written(part: Part) -> bool:
    """Whether a part can be written by hand: a field with a name, or words of the body."""
    return part.kind is not PartKind.ORDER and (part.kind is not PartKind.FIELD or bool(part.name))


def read_value(revision: Revision, name: str) -> str | list[str]:
    """Give the value of a field of a revision's text; "" where it has none or cannot be read any more."""
    split, _problems = split_front_matter(revision.source)
    head = parse_front_matter(split.head, Kind(revision.article.kind))[0] if split else None
    value = getattr(head, name, "")
    return list(value) if isinstance(value, tuple) else str(value)


def name_part(part: Part) -> str:
    """Say what editors call a part."""
    if part.kind is PartKind.ORDER:
        return gettext("Order of the sections")
    if part.kind is PartKind.WHOLE:
        return gettext("The whole text")
    if part.kind is PartKind.SECTION:
        return gettext("Section “%s”") % part.heading if part.name else gettext("Above the first heading")
    if not part.name:
        return gettext("Comments at the top of the file")
    field = ArticleForm.base_fields.get(part.name)
    return str(field.label) if field else part.name


def _field(part: Part) -> forms.Field:
    if part.kind is PartKind.FIELD:
        make = LinesField if part.name in LIST_FIELDS else forms.CharField
        return make(label=gettext("Your own words"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    area = forms.Textarea(attrs={"rows": 14, "class": "markdown-body", "spellcheck": "true"})
    return BodyField(label=gettext("Your own words"), required=False, strip=False, widget=area)


def _begin(part: Part, latest: Revision, kept: Revision) -> Any:
    """Give what stands in the box to begin with: both texts, as far as they go together."""
    if part.kind is not PartKind.FIELD:
        return weave(part)
    ours, theirs = (read_value(revision, part.name) for revision in (latest, kept))
    if isinstance(ours, list) and isinstance(theirs, list):
        return [*ours, *(value for value in theirs if value not in ours)]
    return ours or theirs


def _label(part: Part, side: Side, labels: dict[Side, str]) -> str:
    if part.of(side) is None:
        return gettext("%s: leave this out") % labels[side]
    return labels[side]


def _say_of_both(article: Article, latest: Revision, kept: Revision) -> dict[str, str]:
    """Give what was said of both changes, since readers have seen neither."""
    said = [latest] if latest.pk == article.draft_revision_id else []
    notes = dict.fromkeys(revision.note for revision in (*said, kept) if revision.note)
    significance = largest(*(Significance(revision.significance) for revision in (*said, kept)))
    return {"note": " ".join(notes)[: workflow.MAX_NOTE], "significance": significance}


def _place(problems: tuple[Problem, ...], text: str) -> list[str]:
    """Say problems in plain words, those of a section with its heading."""
    split, _problems = split_front_matter(text)
    sections = split_sections(split.body, split.body_line)[0] if split else []
    said = []
    for problem in problems:
        before = [section.heading for section in sections if section.line - 1 <= problem.line]
        words = say_plainly(problem)
        said.append(gettext("In “%(heading)s”: %(words)s") % {"heading": before[-1], "words": words} if before else words)
    return said
