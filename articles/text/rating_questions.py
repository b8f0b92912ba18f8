"""The questions of the standards that people rate a page by, numbered as in each, in our own short words.

They are asked of a person, and answered by none of our rules. The questionnaires belong to their makers: DISCERN is used in whole
or not at all, so each standard is held here with all its questions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from articles.grading import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its number in the standard, and our words for it."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard: its name, where it is described, the answers one may give, and its questions."""

    name: str
    source: str
    answers: tuple[str, ...]
    questions: tuple[Question, ...]

    def words(self, number: int) -> str:
        """Give our words for the question of this ``number``; raises KeyError where there is none."""
        return {question.number: question.words for question in self.questions}[number]


def _numbered(*words: str, leave_out: Iterable[int] = ()) -> tuple[Question, ...]:
    left_out = set(leave_out)
    numbers = (number for number in range(1, len(words) + len(left_out) + 1) if number not in left_out)
    return tuple(Question(number, word) for number, word in zip(numbers, words, strict=True))


_DISCERN = _numbered(
    _("Does it say what it is about and who it is for?"),
    _("Does it do what it set out to do?"),
    _("Does it answer what readers ask?"),
    _("Is it clear where each main statement comes from?"),
    _("Is it clear how old the sources and the page are?"),
    _("Is it balanced, calm, and drawn from several sources?"),
    _("Does it say where to find more help and information?"),
    _("Does it name what is uncertain or unknown?"),
    _("Does it explain how each treatment works?"),
    _("Does it tell the benefits of each treatment?"),
    _("Does it tell the risks of each treatment?"),
    _("Does it say what may happen without treatment?"),
    _("Does it say what each treatment means for daily life?"),
    _("Does it make clear that there may be several choices?"),
    _("Does it help readers to decide together with others?"),
    _("All in all, how good is it as a guide to treatment choices?"),
)

_JAMA = _numbered(
    _("Authorship: are authors named, with where they work and what qualifies them?"),
    _("Attribution: are the sources and the copyright of all content named?"),
    _("Disclosure: are owner, funding, interests and advertising open?"),
    _("Currency: are the days of publication and update shown?"),
)

_CDC = _numbered(
    _("Is there one main message?"),
    _("Does the main message stand at the top?"),
    _("Is the main message set off to the eye?"),
    _("Does a picture with a caption carry the main message?"),
    _("Is the reader asked to do something?"),
    _("Are message and request in the active voice?"),
    _("Are the words those of readers, and others explained where first used?"),
    _("Are there lists, and none of more than seven items in one piece?"),
    _("Is the text cut into parts whose headings fit?"),
    _("Does the most important information come first?"),
    _("Does it say what experts know and what they do not?"),
    _("Does it recommend something to do?"),
    _("Does it say why that matters to the reader?"),
    _("Does it say how to do it, and when to ask a professional?"),
    _("Are the numbers of a kind that readers know?"),
    _("Is it said what each number means?"),
    _("Are readers spared arithmetic?"),
    _("Is it explained what the risk is?"),
    _("Do risks stand beside the benefits of what is recommended?"),
    _("Are chances given in words or a picture too?"),
)

_PEMAT = _numbered(
    _("Is it plain at once what it is for?"),
    _("Is there nothing that leads away from that?"),
    _("Are the words everyday ones?"),
    _("Are medical words few, and explained?"),
    _("Is it in the active voice?"),
    _("Are the numbers clear?"),
    _("Does it leave no sums to the reader?"),
    _("Is it cut into short sections?"),
    _("Do the headings tell what follows?"),
    _("Is the order sensible?"),
    _("Is there a summary?"),
    _("Do boxes, bullets or larger type point out what matters?"),
    _("Are there pictures where they would help?"),
    _("Do the pictures support the text?"),
    _("Do pictures have clear titles or captions?"),
    _("Are the pictures clear and free of clutter?"),
    _("Do tables have short, clear headings?"),
    _("Does it name at least one thing the reader can do?"),
    _("Does it speak to the reader directly?"),
    _("Are actions broken into steps one can follow?"),
    _("Is there something to use, such as a checklist?"),
    _("Is it shown how to do a sum, where one is needed?"),
    _("Is it explained how to use charts and tables for acting?"),
    _("Are there pictures where they would make acting easier?"),
    leave_out=(13, 14),  # for films and sound alone
)

_NOT_APPLICABLE = _("not applicable")

STANDARDS: Mapping[str, Standard] = {
    "discern": Standard(
        "DISCERN", "Charnock and others 1999, J Epidemiol Community Health 53:105", ("1", "2", "3", "4", "5"), _DISCERN
    ),
    "jama": Standard("JAMA benchmarks", "Silberg and others 1997, JAMA 277:1244", (_("yes"), _("no")), _JAMA),
    "cdc": Standard(
        "CDC Clear Communication Index", "Centers for Disease Control and Prevention", (_("yes"), _("no"), _NOT_APPLICABLE), _CDC
    ),
    "pemat": Standard(
        "PEMAT-P", "Agency for Healthcare Research and Quality", (_("agree"), _("disagree"), _NOT_APPLICABLE), _PEMAT
    ),
}
"""Each standard by its key, in the order editors see them. Answers to different standards are never added up."""
