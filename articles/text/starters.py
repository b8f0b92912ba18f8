"""What an editor may begin with: blocks, a section, a table, and a whole article, to be filled in.

Each is right in form, so a draft can be saved with it. What is left as it is cannot be published: its sentences have no source,
and the checks lead to each of them.
"""

from dataclasses import dataclass

from articles.grading import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Starter:
    """A piece to put into a text: its name, what it is for, its text, and the words in it that are replaced first."""

    name: str
    purpose: str
    text: str
    first: str


STARTERS = (
    Starter(
        _("Emergency card"),
        _("Call an ambulance if"),
        '!!! emergency "Call 999, 911 or your local number if"\n    - what the reader notices\n',
        "what the reader notices",
    ),
    Starter(
        _("Urgent card"),
        _("Get advice today if"),
        '!!! urgent "Get medical advice today if"\n    - what the reader notices\n',
        "what the reader notices",
    ),
    Starter(
        _("See a doctor card"),
        _("Book a visit if"),
        '!!! see-doctor "Book a visit soon if"\n    - what the reader notices\n',
        "what the reader notices",
    ),
    Starter(
        _("Questions to ask"),
        _("A list to take to the doctor"),
        '!!! questions "Questions for your doctor"\n    - What would you ask?\n    - What would you ask next?\n',
        "What would you ask?",
    ),
    Starter(
        _("Harms"),
        _("What can go wrong"),
        '!!! harms "What can go wrong"\n    - a harm, and how often it happens\n',
        "a harm, and how often it happens",
    ),
    Starter(
        _("Evidence box"),
        _("Answer, why we are this sure, what is not known"),
        "!!! answer\n    The answer in one or two sentences.\n\n"
        "!!! why\n    Why we are this sure.\n\n"
        "!!! not-known\n    What nobody has measured [no-citation: about-this-page].\n",
        "The answer in one or two sentences",
    ),
    Starter(
        _("Section on a treatment"),
        _("A heading with how sure we are, its evidence box, and a paragraph"),
        "## What it does: does it help? {#does-it-help certainty=very-low}\n\n"
        "!!! answer\n    The answer in one or two sentences.\n\n"
        "!!! why\n    Why we are this sure.\n\n"
        "!!! not-known\n    What nobody has measured [no-citation: about-this-page].\n\n"
        "What was done, in whom, and what came of it.\n",
        "What it does: does it help?",
    ),
    Starter(
        _("Picture of a number"),
        _("100 dots, and the same in words"),
        '!!! number "10 of 100 people got better"\n    - 10 of 100 got better\n    - 90 of 100 did not\n\n'
        "    Where the numbers come from.\n",
        "10 of 100 people got better",
    ),
    Starter(
        _("Table"),
        _("Two columns; the names in its first row and column need no source"),
        "| Name | What it is |\n|---|---|\n| One thing | What it is or does. |\n| Another | What it is or does. |\n",
        "One thing",
    ),
)

SKELETON = """\
## What it is {#what-it-is}

Say in plain words what it is. Say what it can feel like.

## The treatment: does it help? {#does-it-help certainty=very-low}

!!! answer
    The answer in one or two sentences.

!!! why
    Why we are this sure.

!!! not-known
    What nobody has measured [no-citation: about-this-page].

What was done, in whom, and what came of it.

## What can go wrong {#what-can-go-wrong}

!!! harms "What can go wrong"
    - a harm, and how often it happens

Without treatment, this may happen.

## When to get help {#when-to-get-help}

!!! emergency "Call 999, 911 or your local number if"
    - what the reader notices

!!! see-doctor "Book a visit soon if"
    - what the reader notices

## Talking to your doctor {#talking-to-your-doctor}

!!! questions "Questions for your doctor"
    - What would you ask?
    - What would you ask next?
"""
"""The body of a new article, with the sections that our own rules look for."""


def find_starters(words: list[str]) -> list[Starter]:
    """Find the pieces whose name and purpose hold all words."""
    return [one for one in STARTERS if all(word.lower() in f"{one.name} {one.purpose}".lower() for word in words)]
