"""Ids that a section may not take.

An element's id becomes a name on ``window``, and some shadow names on ``document`` ("DOM clobbering"), so one-word names
found there
are refused; a browser test compares the list with the browser's own. Ids that our pages use are refused too.
"""

import re

BROWSER_NAMES = frozenset(
    """
    alert all anchors append applets atob blur body btoa caches charset children chrome clear close closed confirm
    console constructor contains cookie credentialless crypto dir doctype document domain embeds escape eval
    evaluate event external fence fetch find focus fonts forms frames fullscreen head hidden history images
    implementation length links location locationbar menubar name navigation navigator normalize open opener origin
    parent performance personalbar plugins prepend prerendering print prompt referrer scheduler screen scripts
    scroll scrollbars self status statusbar stop timeline title toolbar top undefined unescape viewport when window
    write writeln
    """.split()
)

PAGE_IDS = frozenset({"contents", "main", "q", "sources", "talk", "what-changed"})

_PAGE_ID = re.compile(r"(?:r|c|g|n|talk)-.*|[cr]\d+|on[a-z]+")


def is_reserved(section_id: str) -> bool:
    """Whether browsers or our own pages already use ``section_id``."""
    return section_id in BROWSER_NAMES or section_id in PAGE_IDS or bool(_PAGE_ID.fullmatch(section_id))
