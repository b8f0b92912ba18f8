"""What must not get into the log: the secrets of links to drafts, which stand in the address of a page that failed."""

import logging
import re

LINK = re.compile(r"(?<=/preview/)[\w%~.-]+")


def hide_links(text: str) -> str:
    """Give a text without the secrets of links to drafts."""
    return LINK.sub("...", text)


class HideLinks(logging.Filter):
    """Takes the secrets of links to drafts out of every message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, its message without secrets."""
        message = record.getMessage()
        if "/preview/" in message:
            record.msg, record.args = hide_links(message), ()
        return True
