"""Asks axe-core what is wrong with a page."""

from collections.abc import Collection

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_violations(page: Page, *, known: Collection[tuple[str, str]] = ()) -> list[str]:
    """Give each fault as rule, element and reason. ``known`` names faults that are not ours: rule and part of the element."""
    results = Axe().run(
        page,
        options={"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"], "iframes": False},
    )
    return [
        f"{violation['id']}: {node['html']}: {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
        if not any(rule == violation["id"] and part in node["html"] for rule, part in known)
    ]
