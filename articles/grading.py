"""The words of evidence: study design, population, certainty, and what each is called.

Values are what writers type in ``references.yaml`` and in attribute lists. The words readers see are marked for
translation here and
translated where they are shown, because this layer imports nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


def gettext_noop(message: str) -> str:
    """Mark words for ``makemessages`` (which knows this name); whoever shows them translates them."""
    return message


_ = gettext_noop


class Certainty(StrEnum):
    """How sure we are of a statement of a treatment's effect, in the levels of GRADE, and one for "we found no study".

    Source: Guyatt and others, GRADE, the four levels high, moderate, low and very low. It never speaks of the size of an effect.
    """

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"
    NONE_FOUND = "none-found"


CERTAINTY_WORDS = {
    Certainty.HIGH: _("High certainty"),
    Certainty.MODERATE: _("Moderate certainty"),
    Certainty.LOW: _("Low certainty"),
    Certainty.VERY_LOW: _("Very low certainty"),
    Certainty.NONE_FOUND: _("No study found"),
}

CERTAINTY_MEANING = {
    Certainty.HIGH: _("New studies are unlikely to change this."),
    Certainty.MODERATE: _("New studies could change this."),
    Certainty.LOW: _("New studies may well change this."),
    Certainty.VERY_LOW: _("We cannot tell."),
    Certainty.NONE_FOUND: _("That does not mean “no effect”."),
}


class Population(StrEnum):
    """Who or what was studied."""

    PEOPLE = "people"
    RATS = "rats"
    MICE = "mice"
    OTHER_ANIMALS = "other-animals"
    CELLS = "cells"


POPULATION_WORDS = {
    Population.PEOPLE: _("people"),
    Population.RATS: _("rats"),
    Population.MICE: _("mice"),
    Population.OTHER_ANIMALS: _("animals"),
    Population.CELLS: _("cells"),
}


class Design(StrEnum):
    """What kind of work a reference is."""

    CELL_STUDY = "cell-study"
    ANIMAL_EXPERIMENT = "animal-experiment"
    CASE_REPORT = "case-report"
    CASE_SERIES = "case-series"
    UNCONTROLLED_TRIAL = "uncontrolled-trial"
    OBSERVATIONAL_STUDY = "observational-study"
    RANDOMISED_TRIAL = "randomised-trial"
    SYSTEMATIC_REVIEW = "systematic-review"
    NARRATIVE_REVIEW = "narrative-review"
    GUIDELINE = "guideline"
    OFFICIAL_PAGE = "official-page"
    PRODUCT_LABEL = "product-label"
    TEACHING_PAGE = "teaching-page"


@dataclass(frozen=True, slots=True)
class DesignWords:
    """What a design is called: in the list of sources, and at the sentence behind who was studied."""

    name: str
    at_sentence: str


DESIGN_WORDS = {
    Design.CELL_STUDY: DesignWords(_("Study of cells"), _("study of cells")),
    Design.ANIMAL_EXPERIMENT: DesignWords(_("Animal experiment"), _("animal experiment")),
    Design.CASE_REPORT: DesignWords(_("Report on one patient"), _("one patient’s story")),
    Design.CASE_SERIES: DesignWords(_("Patients, no comparison group"), _("no comparison group")),
    Design.UNCONTROLLED_TRIAL: DesignWords(_("Trial, no comparison group"), _("no comparison group")),
    Design.OBSERVATIONAL_STUDY: DesignWords(_("People observed, not a trial"), _("observed, not a trial")),
    Design.RANDOMISED_TRIAL: DesignWords(_("Randomised trial"), _("randomised trial")),
    Design.SYSTEMATIC_REVIEW: DesignWords(_("Review of studies"), _("review of studies")),
    Design.NARRATIVE_REVIEW: DesignWords(_("Experts’ review"), _("experts’ review")),
    Design.GUIDELINE: DesignWords(_("Guideline for doctors"), _("guideline")),
    Design.OFFICIAL_PAGE: DesignWords(_("Health service page"), _("health service page")),
    Design.PRODUCT_LABEL: DesignWords(_("Product label"), _("product label")),
    Design.TEACHING_PAGE: DesignWords(_("Teaching page"), _("teaching page")),
}

STUDIES = frozenset(
    {
        Design.CELL_STUDY,
        Design.ANIMAL_EXPERIMENT,
        Design.CASE_REPORT,
        Design.CASE_SERIES,
        Design.UNCONTROLLED_TRIAL,
        Design.OBSERVATIONAL_STUDY,
        Design.RANDOMISED_TRIAL,
        Design.SYSTEMATIC_REVIEW,
    }
)
"""Designs that study somebody or something: these must name a population."""


def is_without_people(populations: Iterable[Population]) -> bool:
    """Whether animals or cells, and no people, were studied. An empty ``populations`` (a guideline, a label) gives False."""
    studied = set(populations)
    return bool(studied) and Population.PEOPLE not in studied
