"""Faults said to people who write in a form, and know no code: what is wrong, and what to do.

Commands print a fault as ``what; right``, which fits a file and a line number. Those that editors meet most often are said here
in a sentence or two; all others are said as commands say them.
"""

import re

from articles.text.problems import Problem

_FIELD = re.compile(r"`\w+`(?::| has) ")
_NO_SOURCE = "Give its source before the full stop, as [@KEY], or say why it needs none, as [no-citation: advice]."

PLAIN = {
    r"a citation after the full stop": "The source stands after the full stop. Put it before: ... in rats [@KEY].",
    r"a sentence without a source: (“.*)": rf"A sentence without a source: \1 {_NO_SOURCE}",
    r"a citation and a no-citation mark in one sentence": (
        "This sentence names a source and says that it needs none. Keep one of the two, or make two sentences."
    ),
    r"a heading says a sentence": "A heading should name or ask something. Put what it says into the text, with its source.",
    r"text before the first section": "There is text above the first heading. Put it under a heading such as ## What it is.",
    r"no section": "The text has no heading yet. Begin with one such as ## What it is {#what-it-is}.",
    r"a section without a heading": "There are no words after ##. Write the heading there.",
    r"the section id `([^`]*)` is used twice": r"Two headings have the address {#\1}. Give each its own.",
    r"the block `([\w-]+)` without text": r"The \1 card is empty. Write its text below it, indented by four spaces.",
    r"the block `([\w-]+)` without a heading of its own": (
        r'The \1 card needs a heading of its own in straight quotation marks, such as !!! \1 "Do this if".'
    ),
    r"a line of a block that is not indented by four spaces": (
        "This line is part of a card and needs four spaces at its start. If it is not part of it, leave a blank line above."
    ),
    r"an evidence box in a section without certainty .*": (
        "This section has an evidence box but does not say how sure we are. Add it to the heading, such as {#id certainty=low}."
    ),
    r"an evidence box that is not at the head of its section": "Move the evidence box up, right under the heading.",
    r"a section with an evidence box and no text": "Write at least one paragraph below the evidence box.",
    r"the work `([^`]*)` is not known": r"There is no work with the key \1. Find it with “Source”, or add the work first.",
    r"the word `([^`]*)` is not explained": r"The glossary has no word \1. Find it with “Word”, or add the word first.",
    r"there is no (article|page) `([^`]*)`": r"There is no \1 at the address \2. Find it with “Link inside”.",
    r"there is no section `([^`]*)` there": r"That page has no section \1. Find it with “Link inside”.",
    r"a link whose address cannot be read": "This link cannot be read. Write it as [words](address), on one line.",
    r"raw HTML": "HTML cannot be used here. If you mean a less-than sign, write &lt;.",
    r"an image": "Pictures cannot be put into the text. Say it in words.",
    r"an escape makes a character no text may hold": (
        "Something invisible was pasted here with the words. Delete them and type them anew."
    ),
    r"front matter of [\d,]+ characters": "The fields around the text hold too much in all. Make the longest one shorter.",
    r"`\w+` is empty": "Please fill this in.",
    r"front matter has no `\w+`": "Please fill this in.",
}
"""Sentences by the words of a fault, as a pattern of the whole; the groups stand in the sentence."""

_PLAIN = [(re.compile(pattern, re.DOTALL), said) for pattern, said in PLAIN.items()]


def say_plainly(problem: Problem) -> str:
    """Say a fault in a sentence or two; the field it names at its beginning is left off, since it is said at that field."""
    what = problem.what
    if named := _FIELD.match(what):
        what = what[named.end() :]
    for pattern, said in _PLAIN:
        if match := pattern.fullmatch(what):
            return match.expand(said)
    return f"{problem.what}; {problem.right}."
