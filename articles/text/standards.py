"""The report on a page: what our own rules find, and which questions of which standards that helps a person to answer.

Standards are answered by people. A rule here has our name and our verdict, never a standard's, and no verdicts are added up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from articles.grading import gettext_noop as _
from articles.text.bibliography import Reference
from articles.text.findings import Check, Finding, Material, Verdict, gather
from articles.text.front_matter import Kind
from articles.text.glossary import Term
from articles.text.rating_questions import STANDARDS
from articles.text.source import Source
from articles.text.substance import (
    find_card_faults,
    find_harms_faults,
    find_key_message_faults,
    find_missing_cards,
    find_missing_options,
    find_missing_questions,
    find_missing_summary,
    find_review_faults,
    find_single_sources,
    find_undated,
    find_unreachable,
    find_untreated_missing,
    find_without_gaps,
    find_without_source,
)
from articles.text.wording import (
    find_decimals,
    find_empty_links,
    find_long,
    find_long_blocks_of_text,
    find_long_lists,
    find_loud_words,
    find_medical_before_plain,
    find_mixed_rates,
    find_no_effect,
    find_not_to_reader,
    find_unhedged_answers,
)

NHS = "NHS content rules"
EFFECTS = "Checklist for effects of treatments"


@dataclass(frozen=True, slots=True)
class NotForMachines:
    """What only a person can judge, and the standard that asks it."""

    words: str
    standard: str


NOT_FOR_MACHINES = (
    NotForMachines(_("Whether the page does what it set out to do."), "DISCERN 2"),
    NotForMachines(_("Whether it answers what readers ask."), "DISCERN 3"),
    NotForMachines(_("Whether the sources are the right ones, and say what the page says they say."), "JAMA benchmarks 2"),
    NotForMachines(_("Whether the page as a whole is fair, and not only each sentence."), "DISCERN 6"),
    NotForMachines(_("Whether it explains well how a treatment works and what it does for you."), "DISCERN 9 and 10"),
    NotForMachines(_("Whether it says what a treatment means for daily life."), "DISCERN 13"),
    NotForMachines(_("Whether the page is, all in all, a good guide to treatment choices."), "DISCERN 16"),
    NotForMachines(_("Whether what is declared of owners, money and interests is true and complete."), "JAMA benchmarks 3"),
    NotForMachines(_("Whether the headings fit the text below them."), "CDC Clear Communication Index 9"),
    NotForMachines(_("Whether a reader comes away with a right idea of the risk."), "CDC Clear Communication Index 18"),
    NotForMachines(_("Whether nothing leads the reader away from what matters."), "PEMAT-P 2"),
    NotForMachines(_("Whether the order of the page makes sense to somebody new to it."), "PEMAT-P 10"),
    NotForMachines(_("Whether the pictures help to understand or to act."), "PEMAT-P 15, 16 and 26"),
    NotForMachines(_("Whether a reader feels respected."), NHS),
    NotForMachines(_("Whether the page fits what experts agree on today."), EFFECTS),
)
"""Shown beside every report, so that nobody takes the rules for the whole."""


def _always(_material: Material) -> bool:
    return True


def _is_article(material: Material) -> bool:
    return material.source.kind is Kind.ARTICLE


def _speaks_of_effects(material: Material) -> bool:
    graded = (parsed.section.certainty for parsed, _sentences in material.sections)
    return any(graded) or any(sentence.certainty for sentence in material.sentences)


@dataclass(frozen=True, slots=True)
class Rule:
    """One of our rules: its name and title, the questions it helps to answer, how it looks, its verdict when it finds something,
    and when it applies.
    """

    name: str
    title: str
    helps: tuple[str, ...]
    find: Callable[[Material], Iterable[Finding]]
    if_found: Verdict
    applies: Callable[[Material], bool] = _is_article


def _helps(*also: str, **numbers: tuple[int, ...]) -> tuple[str, ...]:
    """Name questions by their numbers, such as ``discern=(4, 5)``, in our words; ``also`` are those of other standards."""
    asked = [(STANDARDS[key], number) for key in STANDARDS for number in numbers.pop(key, ())]
    assert not numbers, f"no such standard: {numbers}"
    return (*(f"{standard.name} {number}: {standard.words(number)}" for standard, number in asked), *also)


RULES = (
    Rule(
        "statements-have-sources",
        _("Every statement has a source, or says why it needs none"),
        _helps(f"{NHS}: does it rest on good evidence?", discern=(4,), jama=(2,)),
        find_without_source,
        Verdict.NOT_MET,
    ),
    Rule(
        "sources-have-dates",
        _("Every source shows its date"),
        _helps(discern=(5,)),
        find_undated,
        Verdict.LOOK,
    ),
    Rule(
        "sources-can-be-reached",
        _("Every source has a link to it"),
        _helps(discern=(4, 7), jama=(2,)),
        find_unreachable,
        Verdict.LOOK,
    ),
    Rule(
        "several-sources",
        _("No answer on an effect rests on one work alone"),
        _helps(discern=(6,)),
        find_single_sources,
        Verdict.LOOK,
        _speaks_of_effects,
    ),
    Rule(
        "gaps-are-named",
        _("Each section on an effect says how sure we are, why, and what is not known"),
        _helps(f"{EFFECTS}: is it said how sure we are of each effect?", discern=(8,), cdc=(11,)),
        find_without_gaps,
        Verdict.NOT_MET,
        _speaks_of_effects,
    ),
    Rule(
        "doubt-is-heard",
        _("Where certainty is low, the answer itself says so"),
        _helps(f"{EFFECTS}: do the words fit how sure we are?", discern=(8,)),
        find_unhedged_answers,
        Verdict.LOOK,
        _speaks_of_effects,
    ),
    Rule(
        "no-study-is-not-no-effect",
        _("“We found no study” is never told as “it has no effect”"),
        _helps(f"{EFFECTS}: is missing evidence kept apart from evidence of no effect?", discern=(8,), cdc=(11,)),
        find_no_effect,
        Verdict.LOOK,
        _speaks_of_effects,
    ),
    Rule(
        "calm-words",
        _("No word promises or frightens"),
        _helps(discern=(6,)),
        find_loud_words,
        Verdict.LOOK,
        _always,
    ),
    Rule(
        "harms-are-told",
        _("Harms are told, with their sources"),
        _helps(f"{EFFECTS}: are harms told beside benefits?", discern=(11,), cdc=(19,)),
        find_harms_faults,
        Verdict.NOT_MET,
        _speaks_of_effects,
    ),
    Rule(
        "no-treatment-is-told",
        _("The page says what may happen without treatment"),
        _helps(discern=(12,)),
        find_untreated_missing,
        Verdict.LOOK,
        _speaks_of_effects,
    ),
    Rule(
        "other-options",
        _("Other treatments or choices are named"),
        _helps(discern=(14,)),
        find_missing_options,
        Verdict.LOOK,
        _speaks_of_effects,
    ),
    Rule(
        "questions-to-take-along",
        _("There are questions to take to the doctor"),
        _helps(discern=(15,), pemat=(23,)),
        find_missing_questions,
        Verdict.NOT_MET,
    ),
    Rule(
        "when-to-get-help",
        _("Cards say when to get help"),
        _helps(cdc=(5, 12, 14), pemat=(20,)),
        find_missing_cards,
        Verdict.NOT_MET,
    ),
    Rule(
        "care-cards-say-when",
        _("Care cards say what to do if what, and nothing runs on behind them"),
        _helps(f"{NHS}: are care cards headed by what to do, and when?", pemat=(22,)),
        find_card_faults,
        Verdict.LOOK,
    ),
    Rule(
        "key-message",
        _("The key message is short and comes first"),
        _helps(f"{EFFECTS}: do key messages come first?", cdc=(1, 2, 3)),
        find_key_message_faults,
        Verdict.NOT_MET,
    ),
    Rule("summary", _("There is a summary"), _helps(pemat=(11,)), find_missing_summary, Verdict.NOT_MET, _always),
    Rule(
        "short-sentences",
        _("Sentences have at most 20 words (advice)"),
        _helps(f"{NHS}: are sentences at most 20 words long?"),
        find_long,
        Verdict.LOOK,
        _always,
    ),
    Rule(
        "short-paragraphs",
        _("Paragraphs have at most 3 sentences (advice)"),
        _helps(f"{NHS}: are paragraphs at most 3 sentences long?", pemat=(8,)),
        find_long_blocks_of_text,
        Verdict.LOOK,
        _always,
    ),
    Rule("short-lists", _("Lists have at most 7 items"), _helps(cdc=(8,)), find_long_lists, Verdict.LOOK, _always),
    Rule(
        "plain-word-first",
        _("A plain word comes before its medical word"),
        _helps(f"{NHS}: does the plain word come before the medical one?", cdc=(7,), pemat=(3, 4)),
        find_medical_before_plain,
        Verdict.LOOK,
        _always,
    ),
    Rule(
        "one-denominator",
        _("Rates keep to one denominator, as “N of 100”"),
        _helps(f"{EFFECTS}: are numbers told in one way?", cdc=(17,), pemat=(6, 7)),
        find_mixed_rates,
        Verdict.LOOK,
    ),
    Rule("whole-numbers", _("Numbers are whole"), _helps(cdc=(15,), pemat=(6,)), find_decimals, Verdict.LOOK),
    Rule(
        "links-say-where",
        _("The words of a link say where it leads"),
        _helps(f"{NHS}: do the words of a link say where it leads?"),
        find_empty_links,
        Verdict.NOT_MET,
        _always,
    ),
    Rule("speaks-to-you", _("The page speaks to its reader"), _helps(pemat=(21,)), find_not_to_reader, Verdict.LOOK),
    Rule(
        "review-is-planned",
        _("The file says how often it is reviewed"),
        _helps(f"{NHS}: is there a set time for review?", discern=(5,), jama=(4,)),
        find_review_faults,
        Verdict.LOOK,
    ),
)
"""All rules, in the order of the report: what the page rests on, what it offers, how it is worded, how it is kept."""


def check_standards(source: Source, references: Mapping[str, Reference], glossary: Mapping[str, Term]) -> Iterator[Check]:
    """Hold a text against our rules, in the order of ``RULES``; works and words that are not known are passed over."""
    material = gather(source, references, glossary)
    for rule in RULES:
        yield _check(rule, material)


def _check(rule: Rule, material: Material) -> Check:
    if not rule.applies(material):
        return Check(rule.name, rule.title, rule.helps, Verdict.NOT_HERE, ())
    findings = tuple(sorted(set(rule.find(material))))
    return Check(rule.name, rule.title, rule.helps, rule.if_found if findings else Verdict.MET, findings)
