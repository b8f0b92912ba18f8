"""The forms of a work and of a word. The rules are those of the files; what breaks one is told at its field."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.article_form import LinesField
from articles.grading import POPULATION_WORDS
from articles.models import GlossaryTerm, Reference
from articles.text import bibliography
from articles.text.entries import enter_term, enter_work
from articles.text.glossary import Term

TYPE_WORDS = {
    bibliography.WorkType.ARTICLE_JOURNAL: _("article in a journal"),
    bibliography.WorkType.BOOK: _("book"),
    bibliography.WorkType.CHAPTER: _("chapter of a book"),
    bibliography.WorkType.REPORT: _("report"),
    bibliography.WorkType.WEBPAGE: _("page on the web"),
    bibliography.WorkType.PAMPHLET: _("leaflet"),
}
FILE_NAMES = {"container_title": "container-title", "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "url": "URL"}
"""What fields are called in the file, where that is not their name here."""


def as_lines(reference: bibliography.Reference) -> list[str]:
    """Give a work's authors as they are typed: an organisation in braces."""
    return [f"{{{author.literal}}}" if author.literal else str(author) for author in reference.author]


def _read_work(row: Reference) -> tuple[bibliography.Reference, Any]:
    work = row.listed()
    return work, bibliography.as_facts(work)


def _read_term(row: GlossaryTerm) -> tuple[Term, Any]:
    return row.value(), GlossaryTerm.columns(row.value())


class EntryForm(forms.ModelForm):
    """An entry of a list. After ``is_valid()`` ``value`` holds it; ``was`` is what it was before, or None.

    ``enter`` reads what was typed by the rules of the file; ``read`` gives a stored row as a value, and as facts.
    """

    based_on = forms.CharField(required=False, widget=forms.HiddenInput)
    enter: Callable[..., tuple[Any, dict[str, list[str]]]]
    read: Callable[[Any], tuple[Any, Any]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the form from the entry."""
        super().__init__(*args, **kwargs)
        self.value: Any = None
        self.was: Any = None
        if self.instance.pk:
            self.was, facts = type(self).read(self.instance)
            self.initial["based_on"] = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        """Read the entry by the rules of its file, and see that nobody has changed it meanwhile."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.was is not None and cleaned.get("based_on") != self.initial["based_on"]:
            words = gettext("Somebody changed this entry while you were writing. Copy what you wrote, and open the entry again.")
            raise ValidationError(words)
        if any(field.required and name not in cleaned for name, field in self.fields.items()):
            return cleaned  # that is told already, and without it there is nothing to read
        key = self.instance.key if self.was else cleaned.get("key", "")
        entry = {
            FILE_NAMES.get(name, name): [str(one) for one in value] if isinstance(value, list) else str(value)
            for name, value in cleaned.items()
            if name not in {"key", "based_on"} and value not in ("", None, [])
        }
        if "populations" in self.fields:
            entry.setdefault("populations", [])  # what is wrong with having none is told there
        self.value, faults = type(self).enter(key, entry)
        mine = {theirs: ours for ours, theirs in FILE_NAMES.items()}
        for name, told in faults.items():
            field = mine.get(name, name)
            if not self.errors.get(field):
                self.add_error(field if field in self.fields else None, told)
        return cleaned


class ReferenceForm(EntryForm):
    """A work, field by field."""

    enter = staticmethod(enter_work)
    read = staticmethod(_read_work)

    type = forms.ChoiceField(label=_("Form"), choices=[(kind.value, words) for kind, words in TYPE_WORDS.items()])
    author = LinesField(
        label=_("Authors"),
        required=False,
        help_text=_("One a line: Watanabe T. An organisation stands in braces: {World Health Organization}."),
    )
    populations = forms.MultipleChoiceField(
        label=_("Who was studied"),
        required=False,
        choices=[(population.value, words) for population, words in POPULATION_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of studies: all that apply. Readers see it at each sentence that cites the work."),
    )
    retracted_on = forms.DateField(
        label=_("Withdrawn by the journal on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Readers are told at each sentence that cites the work."),
    )

    class Meta:
        """Fields, and what helps to fill them in."""

        model = Reference
        fields = [
            *("key", "type", "title", "author", "container_title", "publisher", "issued", "volume", "issue", "page"),
            *("doi", "pmid", "pmcid", "url", "design", "populations", "sample_size", "studies", "note", "retracted_on"),
        ]
        help_texts = {
            "key": _("Capital letters, digits and hyphens, such as SMITH-2020. It is the end of a web address and stays."),
            "issued": _("1994, 2024-03 or 2016-11-02."),
            "doi": _("The bare DOI, such as 10.3390/nu12082221. Without one the work cannot be checked for withdrawals."),
            "pmid": _("The number alone, such as 25175124."),
            "pmcid": _("Such as PMC4283280."),
            "url": _("The whole address, https://..."),
            "note": _("Such as: number of rats not confirmed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the form, authors one a line."""
        super().__init__(*args, **kwargs)
        if self.was is not None:
            self.initial["author"] = as_lines(self.was)

    def clean_doi(self) -> str | None:
        """Give the DOI in small letters, as all are kept."""
        return (self.cleaned_data["doi"] or "").lower() or None


class GlossaryTermForm(EntryForm):
    """A word, field by field."""

    enter = staticmethod(enter_term)
    read = staticmethod(_read_term)

    synonyms = LinesField(label=_("Synonyms"), required=False, help_text=_("Other names people search for, one a line."))
    misspellings = LinesField(label=_("Misspellings"), required=False, help_text=_("As people type it by mistake, one a line."))

    class Meta:
        """Fields, and what helps to fill them in."""

        model = GlossaryTerm
        fields = ["key", "term", "medical", "explanation", "source", "synonyms", "misspellings"]
        help_texts = {
            "key": _("Small letters, digits and hyphens, such as romberg-sign. Texts name the word by it, and it stays."),
            "medical": _("The word a doctor may use. Two are joined by “or”."),
            "explanation": _("One phrase without a full stop, such as: the layer that insulates a nerve."),
            "source": _("The key of the work that says so, such as SMITH-2020."),
        }
        widgets = {"explanation": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def clean_source(self) -> str:
        """Give the key of the source, which must be among the works."""
        key = str(self.cleaned_data["source"])
        if key and not Reference.objects.filter(key=key).exists():
            raise ValidationError(gettext("No work has this key."))
        return key
