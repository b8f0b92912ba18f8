"""Whatever goes in, only a few elements come out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.problems import SourceError
from articles.text.render import render_markdown
from articles.text.sanitize import TAGS, is_address, sanitize
from tests.data.hostile_markdown import HOSTILE

ELEMENT = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)>")
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>a <em>b</em> &amp; &lt;c&gt;</p>", "<p>a <em>b</em> &amp; &lt;c&gt;</p>"),
        ('<a href="https://e.org/x?y=1&amp;z=2">a</a>', '<a href="https://e.org/x?y=1&amp;z=2">a</a>'),
        ('<ol start="3"><li>a</li></ol>', '<ol start="3"><li>a</li></ol>'),
        ('<ol start="x"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        (
            '<table><tr><td class="ta-right">a</td></tr></table>',
            '<table><tbody><tr><td class="ta-right">a</td></tr></tbody></table>',
        ),
        ('<table><tr><td class="care" style="x">a</td></tr></table>', "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ("a<script>hit()</script>b", "ab"),
        ("a<style>b</style>c", "ac"),
        ("a<svg><script>b</script></svg>c", "ac"),
        ("a<iframe>b</iframe>c", "ac"),
        ("a<form><input>b</form>c", "ac"),
        ("a<button>b</button>c", "ac"),
        ("a<details open><summary>b</summary></details>c", "ac"),
        ("a<img src=x onerror=hit()>c", "ac"),
        ("a<!-- b -->c", "ac"),
        ('<p onclick="hit()" id="x" class="y" style="z" data-a="b" aria-label="c">a</p>', "<p>a</p>"),
        ('<a href="javascript:hit()">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ('<a href="https://e.org" target="_blank" onclick="x" rel="opener">a</a>', '<a href="https://e.org">a</a>'),
        ("<h1>a</h1>b", "b"),
    ],
)
def test_what_is_left(html: str, clean: str) -> None:
    assert sanitize(html) == clean


@pytest.mark.parametrize(
    "address",
    ["https://e.org", "http://e.org/a(b)?c=d&e=f#g", "mailto:a@e.org", "tel:+44-1", "/about/", "#a", "/", "HTTPS://E.ORG/%C3%A9"],
)
def test_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "javascript:x", "data:x", "//e.org", "/\\e.org", "https:e.org", "https://", "a.html", " https://e.org",
     "https://e.org/ x", "https://e.org/\n", "https://e.org/é", "https://é.org", "java\tscript:x", "blob:x",
     "vbscript:x", "file:///x", "ftp://e.org"],
)  # fmt: skip
def test_no_addresses(address: str) -> None:
    assert not is_address(address)


def check(html: str) -> None:
    """See that ``html`` is text and allowed elements alone."""
    assert "<" not in ELEMENT.sub("", html)
    for closing, tag, attributes in ELEMENT.findall(html):
        assert tag in TAGS
        for name, value in ATTRIBUTE.findall(attributes):
            assert not closing
            assert (tag, name) in {("a", "href"), ("td", "class"), ("th", "class"), ("ol", "start")}
            assert name != "href" or is_address(value.replace("&amp;", "&"))


PIECES = """< > </ /> <a  <script> </script> <svg> <p> </p> <table> <td  <!-- --> <![CDATA[ ]]> href= " ' = `
    javascript:hit() onclick=hit() style= class=ta-left &lt; &#60; & a <math> <mtext> <style> <plaintext> <textarea> <noscript>
    <template>""".split()


@given(st.lists(st.sampled_from([*PIECES, " ", "\n", "\0", "\u2028", "\ue000"]), max_size=24).map("".join))
def test_any_html_is_cleaned(html: str) -> None:
    check(sanitize(html))


OURS = TAGS | set("b button dd dfn div dl dt figcaption figure h2 path section span svg title".split())


@pytest.mark.parametrize("technique", HOSTILE)
def test_hostile_pieces_leave_text_and_known_elements_alone(technique: str) -> None:
    for piece in HOSTILE[technique]:
        check(sanitize(piece))
        try:
            html = render_markdown(piece)
        except SourceError:
            continue
        for tag, attributes in re.findall(r"<\/?([^\s>/]*)([^>]*)>", html):
            assert tag in OURS
            for name, value in ATTRIBUTE.findall(attributes):
                assert not name.startswith("on")
                assert name != "style"
                assert name != "href" or is_address(value.replace("&amp;", "&"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>hit()</script>",
        "a\n\n<script>\n\nhit()\n\n</script>\n\nb",
        "*<script>hit()</script>*",
        "- <script>\n  hit()\n  </script>",
    ],
)
def test_the_text_of_a_removed_script_does_not_come_out(text: str) -> None:
    assert "hit" not in render_markdown(text)
