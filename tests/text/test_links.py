"""Addresses, out of the site and inside it."""

import pytest

from articles.text.links import InsideLink, find_inside_links, find_link_problems, parse_inside, path_to

FORMS = "https://..., mailto:..., article:slug, page:slug, glossary:entry or #section"
UNREADABLE = (
    "a link whose address cannot be read; [words](address) on one line, the address without spaces, quotation marks or <>"
)
HTML = "raw HTML; Markdown only; write &lt; for a less-than sign before a letter"
IMAGE = "an image; words; images are not part of the format"
DEFINITION = "a link definition; the address in the link itself, [words](https://...)"
MARKUP = "markup in a word that is explained; [plain words](glossary:entry)"


def problems(text: str) -> list[str]:
    return [str(problem) for problem in find_link_problems(text)]


@pytest.mark.parametrize(
    ("target", "parsed"),
    [
        ("article:b12-basics", ("article", "b12-basics", "")),
        ("article:b12#grow-back", ("article", "b12", "grow-back")),
        ("page:about", ("page", "about", "")),
        ("glossary:myelin", ("glossary", "myelin", "")),
        ("#grow-back", ("section", "", "grow-back")),
        ("article:B12", None),
        ("article:../x", None),
        ("article:", None),
        ("article:a#", None),
        ("article:a#B", None),
        ("article:a#b#c", None),
        ("article:a\n", None),
        ("glossary:a#b", None),
        ("#", None),
        ("#A", None),
        ("topic:a", None),
        ("https://example.org", None),
    ],
)
def test_addresses_inside_the_site(target: str, parsed: tuple[str, str, str] | None) -> None:
    assert parse_inside(target) == parsed


def test_links_inside_the_site_are_found_with_their_lines() -> None:
    text = "[a](article:b#c) and [d](glossary:e)\n`[f](page:g)`\n[two\nlines](#h)\n```\n[i](page:j)\n```\n\\[k](page:l)"
    assert list(find_inside_links(text, 5)) == [
        InsideLink(5, "article", "b", "c"),
        InsideLink(5, "glossary", "e"),
        InsideLink(8, "section", "", "h"),
        InsideLink(12, "page", "l"),
    ]


def test_paths() -> None:
    assert path_to("article", "b12", "x") == "/articles/b12/#x"
    assert path_to("page", "about") == "/about/"


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://example.org/) [b](http://example.org/x?y=z&w=%20#v)",
        "[a](https://en.wikipedia.org/wiki/Cobalamin_(B12))",
        "[a](mailto:a@example.org) [b](tel:+44-111) <https://example.org/a>",
        "[*a* **b**](article:c) [`d`](#e) [a](glossary:b)",
        "1 < 2, p<0.05, a <- b, `<b>`, &lt;b>",
        "```\n<b> ![a](b) [c]: d\n```",
        "text [a]: b",
        "!important",
    ],
)
def test_what_is_allowed(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *((f"[a]({target})", f"1: a link to `{target}`; {FORMS}") for target in (
            "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
            "//example.org", "/articles/x/", "x.html", "HTTPS://example.org", "https://localhost", "https://exämple.org",
            "https://example.org/é", "ftp://example.org", "article:A", "article:a#B", "glossary:", "#A", "mailto:a", "tel:x",
            "https://e.org/\\x", "&#106;avascript:x",
        )),
        ("[a](https://" + "e" * 80 + ")", f"1: a link to `https://{'e' * 52}`; {FORMS}"),
        *((text, f"1: {UNREADABLE}") for text in (
            '[a](https://e.org "title")', "[a]( https://e.org )", "[a](<https://e.org>)", "[a](https://e.org x)", "[a](\nhttps://e.org)",
            "[a](b", "[a](https://e.org/'x')", "[a](((b)))", "[a](java script:x)",
        )),
        ("<https://localhost>", f"1: a link to `https://localhost`; {FORMS}"),
        *((text, f"1: {HTML}") for text in (
            "<b>", "a <br/> b", "</p>", "<!-- a -->", "<?php", "<a@example.org>", "<javascript:x>", r"\<b>", "x<y", "`a` <b> `c`",
            r"\`<b>\`", "``a` <b> `c``d <b>",
        )),
        *((text, f"1: {IMAGE}") for text in ("![a](https://e.org/b.png)", "![a][b]", "a![b")),
        *((text, f"1: {DEFINITION}") for text in (
            "[a]: https://e.org", "  [a]:", "- [a]: b", "> [a]: b", "    [a]: b", "1. [a b]: c",
        )),
        *((f"[{words}](glossary:b)", f"1: {MARKUP}") for words in ("*a*", "`a`", "a_b", "a&amp;b", r"a\*b")),
    ],
)  # fmt: skip
def test_what_is_not(text: str, problem: str) -> None:
    assert problem in problems(text)


def test_every_line_is_named() -> None:
    assert [problem.line for problem in find_link_problems("<b>\n\n[a](b) [c](d)\n<i>", 7)] == [7, 9, 9, 10]
