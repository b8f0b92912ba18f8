"""The form of an article: fields for the head of the file, a textarea for its body.

What comes out is one text, made from the latest revision by changing single lines of its head and its body, and nothing else.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.content_sync import RESERVED_PAGE_SLUGS
from articles.models import Article, Revision
from articles.text.changes import SIGNIFICANCE_WORDS, Significance
from articles.text.fields import MAX_SLUG, SLUG
from articles.text.front_matter import (
    DEFAULT_LANGUAGE,
    DEFAULT_REVIEW_MONTHS,
    FENCE,
    Kind,
    parse_front_matter,
    replace_field,
    split_front_matter,
)
from articles.text.places import Place, read_layout
from articles.text.plain_faults import say_plainly
from articles.text.problems import Problem, SourceError
from articles.text.source import Source

MAX_TYPED = 5_000
"""How long a field of the head may be here; how long it should be is said by the check of the text."""

EMPTY = f"{FENCE}\ntitle:\n{FENCE}\n"
TEXT_FIELDS = ("title", "summary", "key_message", "topic", "review_every")
LIST_FIELDS = ("also_called", "conditions", "medicines", "former_slugs", "related")


def lines_in_body(problems: Iterable[Problem], body_line: int) -> list[str]:
    """Say problems as an editor sees them: those of the body with the line in the textarea, which begins on ``body_line``."""
    said = []
    for problem in problems:
        words = f"{problem.what}; {problem.right}."
        if problem.line >= body_line:
            words = gettext("Line %(line)s: %(words)s") % {"line": problem.line - body_line + 1, "words": words}
        said.append(words)
    return said


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a place in the form: where it stands, what that place is called, and the words."""

    place: Place
    where: str
    words: str

    @property
    def target(self) -> str:
        """The end of an address that leads there; ``editor.js`` knows the lines of the text."""
        if self.place.line:
            return f"#line-{self.place.line}"
        return f"#id_{self.place.field}" if self.place.field else "#article_form"


class LinesField(forms.CharField):
    """A list, one value a line."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def clean(self, value: Any) -> list[str]:
        """Give the lines that are not empty."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class BodyField(forms.CharField):
    """Markdown. Browsers send lines that end with CR LF; ours end with LF, and no other character is touched."""

    def to_python(self, value: Any) -> str:
        """Give the text with LF alone."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class ArticleForm(forms.ModelForm):
    """An article's latest revision, taken apart for editing and put together again.

    After ``is_valid()`` ``text`` holds the whole file, ``markdown`` what follows its head, ``source`` the checked text (None
    when faulty) and ``problems`` its faults.
    """

    slug = forms.CharField(
        label=_("Address"),
        max_length=MAX_SLUG,
        help_text=_("Small letters, digits and hyphens, such as b12-basics. It is the end of the web address and stays."),
    )
    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"}))
    summary = forms.CharField(
        label=_("Summary"),
        max_length=MAX_TYPED,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("One or two sentences for lists and search engines, up to 300 characters, with citations."),
    )
    key_message = forms.CharField(
        label=_("Key message"),
        required=False,
        max_length=MAX_TYPED,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("The short answer: up to three sentences and 500 characters, with citations. Articles need one."),
    )
    topic = forms.CharField(
        label=_("Topic"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "vTextField", "list": "topics"}),
        help_text=_("The topic's name, spelt as in the topic's other articles. Articles need one."),
    )
    body = BodyField(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "markdown-body", "spellcheck": "true"}),
    )
    also_called = LinesField(
        label=_("Also called"), required=False, help_text=_("Other names people search for, one a line; misspellings too.")
    )
    conditions = LinesField(
        label=_("Conditions"), required=False, help_text=_("Conditions the article is about, for search engines, one a line.")
    )
    medicines = LinesField(
        label=_("Medicines"), required=False, help_text=_("Medicines the article is about, for search engines, one a line.")
    )
    former_slugs = LinesField(
        label=_("Former addresses"), required=False, help_text=_("Old addresses, one a line; they lead here for ever.")
    )
    related = LinesField(label=_("Related"), required=False, help_text=_("Addresses of articles to read next, one a line."))
    review_every = forms.IntegerField(
        label=_("Review every"),
        min_value=1,
        max_value=60,
        initial=DEFAULT_REVIEW_MONTHS,
        help_text=_("Months between two reviews."),
    )
    note = forms.CharField(
        label=_("What changed, and why"),
        max_length=workflow.MAX_NOTE,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": _("Say for readers what changed and why, in a sentence.")},
        help_text=_("For readers, compared with what they see now: it stands in the article’s public history."),
    )
    significance = forms.ChoiceField(
        label=_("Kind of change"),
        choices=SIGNIFICANCE_WORDS.items(),
        initial=Significance.CHANGE,
        help_text=_(
            "A changed statement, source, certainty, number or “not” is never only spelling or clearer words. "
            "An urgent correction stands as a banner on the article until it is taken down."
        ),
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = ("kind",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = self.markdown = ""
        self.source: Source | None = None
        self.problems: tuple[Problem, ...] = ()
        self._lines: dict[str, int] = {}
        self.latest: Revision | None = self.instance.latest_revision if self.instance.pk else None
        self.base = self._find_base() or self.latest
        if self.base:
            for name in ("slug", "kind"):
                self.fields.pop(name, None)
            self._show(self.base)
        else:
            self.fields.pop("significance")
            self.initial.setdefault("note", gettext("First publication."))

    def _find_base(self) -> Revision | None:
        """Give the revision that what was typed was made from; None where that is not said."""
        number = self.data.get("based_on", "")
        if not self.latest or not (number.isascii() and number.isdigit() and len(number) < 9):
            return None
        return self.instance.revisions.filter(number=int(number)).first()

    def _show(self, revision: Revision) -> None:
        """Fill the fields from a revision's text."""
        split, _problems = split_front_matter(revision.source)
        assert split is not None, "a revision's text has passed every check"
        head, _problems = parse_front_matter(split.head, Kind(self.instance.kind))
        assert head is not None, "a revision's text has passed every check"
        self.initial.update({name: getattr(head, name) for name in (*TEXT_FIELDS, *LIST_FIELDS)})
        self.initial.update({"body": split.body, "based_on": revision.number})
        if revision.pk == self.instance.draft_revision_id:
            self.initial.update({"note": revision.note, "significance": revision.significance})

    def clean_slug(self) -> str:
        """Refuse an address that is none, or that another article has."""
        slug: str = self.cleaned_data["slug"]
        if not SLUG.fullmatch(slug):
            raise ValidationError(gettext("Small letters, digits and single hyphens only, such as b12-basics."))
        if self.cleaned_data.get("kind") == Article.Kind.PAGE and slug in RESERVED_PAGE_SLUGS:
            raise ValidationError(gettext("The site itself has something at this address; choose another."))
        if Article.objects.filter(slug=slug, language=DEFAULT_LANGUAGE).exists():
            raise ValidationError(gettext("There is an article at this address already; choose another."))
        return slug

    def clean(self) -> dict[str, Any]:
        """Put the text together and check it whole, each fault at its field and line."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "body" not in cleaned:
            return cleaned
        kind = self.instance.kind if self.base else cleaned.get("kind", Article.Kind.ARTICLE)
        self.markdown = cleaned["body"]
        self.text = self._compose(cleaned)
        try:
            self.source = workflow.check_source(self.text, kind, article=self.instance if self.base else None)
        except SourceError as error:
            self.problems = error.problems
        else:
            if "_publish" in self.data:
                self.problems = workflow.prepare(self.source).problems
            self._check_significance(self.source, cleaned.get("significance"))
        self._place(self.problems)
        if self.latest and cleaned.get("based_on") != self.latest.number:
            self.add_error(None, self._clash(self.latest))
        return cleaned

    def _check_significance(self, source: Source, said: str | None) -> None:
        """Refuse to call a change small that touches what the text means."""
        if self.base and said:
            try:
                workflow.check_significance(self.instance, source, Significance(said))
            except SourceError as error:
                self.add_error("significance", lines_in_body(error.problems, 2)[0])

    def _compose(self, cleaned: dict[str, Any]) -> str:
        text = self.base.source if self.base else EMPTY
        for name in (*TEXT_FIELDS, *LIST_FIELDS):
            is_typed = name in cleaned and (name in self.changed_data or not self.base)
            if is_typed and not self._is_same(name, cleaned[name]):
                value = cleaned[name]
                try:
                    text = replace_field(text, name, value if isinstance(value, list) else str(value))
                except ValueError:  # the field before holds what no head may; the check of the whole says what
                    return text
        split, _problems = split_front_matter(text)
        if split is None:  # too much for a head, which the check says too
            return text
        return text[: len(text) - len(split.body)] + cleaned["body"]

    def _is_same(self, name: str, value: Any) -> bool:
        """Whether a field says what the text says already, so that its line is left as it is written."""
        if not self.base:
            return name == "review_every" and value == DEFAULT_REVIEW_MONTHS
        initial = self.initial[name]
        return value == list(initial) if isinstance(value, list) else " ".join(str(value).split()) == str(initial)

    def _place(self, problems: tuple[Problem, ...]) -> None:
        """Show each fault at its field; those of the body with the line in the textarea."""
        for remark in self.remark_on(problems):
            words, name = remark.words, remark.place.field
            if name == "body":
                words = gettext("Line %(line)s: %(words)s") % {"line": remark.place.line, "words": words}
                self._lines[words] = remark.place.line
                self.add_error("body", words)
            elif not name:
                self.add_error(None, words)
            elif not self.has_error(name):
                self.add_error(name, words)

    def remark_on(self, problems: Iterable[Problem]) -> list[Remark]:
        """Say problems of ``text`` in plain words, each with its place in the form."""
        layout = read_layout(self.text)
        remarks = []
        for problem in problems:
            place = layout.place(problem.line)
            named = next((name for name in problem.what.split("`")[1::2] if name in self.fields), None)
            if not place.line and named:
                place = Place(named)
            if not place.line and place.field not in self.fields:
                place = Place("")
            remarks.append(Remark(place, self.name_of(place), say_plainly(problem)))
        return remarks

    def name_of(self, place: Place) -> str:
        """Say what editors call a place in the form."""
        if place.line:
            return gettext("Line %s") % place.line
        return str(self.fields[place.field].label) if place.field in self.fields else ""

    @property
    def remarks(self) -> list[Remark]:
        """Everything that is wrong, in the order of the form: what stands at no field first."""
        said = [Remark(Place(""), "", str(words)) for words in self.non_field_errors()]
        for name in self.fields:
            for words in map(str, self.errors.get(name, [])):
                place = Place(name, self._lines.get(words, 0))
                where = self.name_of(place)
                said.append(Remark(place, where, words.removeprefix(f"{where}: ")))
        return said

    def _clash(self, latest: Revision) -> str:
        return gettext(
            "%(name)s saved revision %(number)s while you were writing. Your text is below and not saved yet. Mend what is "
            "wrong and save it: it is then kept beside theirs, and you choose section by section."
        ) % {"name": latest.created_by_name, "number": latest.number}


def find_problems(revision: Revision) -> list[Problem]:
    """Find what keeps a saved text from readers, at the lines of its file: what it points at and is gone, what breaks a rule."""
    problems: list[Problem] = []
    with contextlib.suppress(SourceError):  # a form that is no longer read: the check below says so
        problems += workflow.prepare(workflow.text_of(revision)).problems
    try:
        workflow.check_source(revision.source, revision.article.kind, article=revision.article)
    except SourceError as error:
        problems += error.problems
    return sorted(problems)


def find_stops(revision: Revision) -> list[Remark]:
    """Say what keeps a saved text from readers in plain words, each with its place in the form; nothing: it may be published."""
    form = ArticleForm(instance=revision.article)
    form.text = revision.source
    return form.remark_on(find_problems(revision))
