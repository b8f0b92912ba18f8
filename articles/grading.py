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


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The highest certainty that works of one kind can carry for people, and the rule that says so."""

    certainty: Certainty
    rule: str


_OBSERVATIONAL = "GRADE: studies that compare no groups by chance begin at low"
_OPINION = "GRADE: opinion is not evidence of an effect; what it rests on is graded"

CEILINGS = {
    Design.CELL_STUDY: Ceiling(Certainty.VERY_LOW, "GRADE, indirectness: cells are not people"),
    Design.ANIMAL_EXPERIMENT: Ceiling(Certainty.VERY_LOW, "GRADE, indirectness: animals are not people"),
    Design.CASE_REPORT: Ceiling(Certainty.VERY_LOW, "GRADE: one patient shows that something can happen, not why"),
    Design.CASE_SERIES: Ceiling(Certainty.LOW, _OBSERVATIONAL),
    Design.UNCONTROLLED_TRIAL: Ceiling(Certainty.LOW, _OBSERVATIONAL),
    Design.OBSERVATIONAL_STUDY: Ceiling(Certainty.MODERATE, "GRADE: observation begins at low and is seldom rated up"),
    Design.RANDOMISED_TRIAL: Ceiling(Certainty.HIGH, "GRADE: randomised trials begin at high"),
    Design.SYSTEMATIC_REVIEW: Ceiling(Certainty.HIGH, "GRADE: a review carries what its studies carry"),
    Design.NARRATIVE_REVIEW: Ceiling(Certainty.LOW, _OPINION),
    Design.GUIDELINE: Ceiling(Certainty.LOW, _OPINION),
    Design.OFFICIAL_PAGE: Ceiling(Certainty.VERY_LOW, _OPINION),
    Design.PRODUCT_LABEL: Ceiling(Certainty.VERY_LOW, _OPINION),
    Design.TEACHING_PAGE: Ceiling(Certainty.VERY_LOW, _OPINION),
}
"""Source: Guyatt and others, the GRADE series: randomised trials begin at high certainty, observational studies at low,
and evidence
that is not from people like the readers is rated down for indirectness. We hold each design to at most its level, and
never rate up."""


def is_above(certainty: Certainty, other: Certainty) -> bool:
    """Whether ``certainty`` is higher than ``other``."""
    levels = list(CERTAINTY_WORDS)
    return levels.index(certainty) < levels.index(other)


def find_ceiling(works: Iterable[tuple[Design, Iterable[Population]]]) -> Ceiling:
    """Give the ceiling of a statement that rests on ``works``, each a design and who was studied: that of the strongest
    among them.

    Work in which no people were studied counts as work on animals or cells, whatever its design.
    """
    ceilings = [CEILINGS[Design.ANIMAL_EXPERIMENT if is_without_people(populations) else design] for design, populations in works]
    nothing = Ceiling(Certainty.VERY_LOW, "a level of certainty rests on at least one work")
    return min(ceilings, key=lambda ceiling: list(CERTAINTY_WORDS).index(ceiling.certainty), default=nothing)
