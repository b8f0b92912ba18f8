"""What the worst accepted text costs, as a ratio to an ordinary text of its size.

Run as ``python benchmarks/render.py [BYTES]`` (two minutes). Signs and combinations of them are repeated as often as the limits
of ``articles.text.limits`` let them be, in paragraphs, lists, quotations and tables, and each such text is read and
rendered. Prints
the dearest ones by CPU time a byte, as ratios to the shipped article repeated to the same size, and exits 1 when one is above 5.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from articles.text.bibliography import parse_references  # noqa: E402
from articles.text.front_matter import Kind, split_front_matter  # noqa: E402
from articles.text.glossary import parse_glossary  # noqa: E402
from articles.text.limits import find_over_limits  # noqa: E402
from articles.text.render import render_markdown  # noqa: E402
from articles.text.source import read_source  # noqa: E402

MOST = 5.0
ROUNDS = 3
HEAD = "---\ntitle: t\nsummary: s\nkey_message: k\ntopic: T\n---\n\n"
REFERENCES = parse_references((ROOT / "content/references.yaml").read_text(encoding="utf-8"))[0]
GLOSSARY = parse_glossary((ROOT / "content/glossary.yaml").read_text(encoding="utf-8"))[0]
SIGNS = [
    *"[[ ]] [* [` &[".split(),
    *"[ ![ [^ ]( [a]( [a](< [a][ [a] []() [a](b) [@A] [@A;@B] [@ [a](article:x) [a](#x) [a](glossary:myelin)".split(),
    *"* ** *** _ __ *a a* **a* *a** _* *_a_* ***a**b* ` `` `a a` `a` < </ <a <!-- <![CDATA[ <?a?> <http://a.bc> <a@b.cd>".split(),
    *"& &a; &#1; &amp; \" ' \\ \\[ \\` \\\\ | ( ) ! !!! ~ ~~~ > - = # {#a} {: http://a.b a@b.c . é 😀 \ue000 a".split(),
    *("*a ", "**a** ", "`a` ", "[a](b) ", "[no-citation: advice]", '[a](b "c") ', "[a]: b", "  ", "    a"),
]
SHAPES: dict[str, Callable[[str, int], str]] = {
    "run": lambda sign, count: sign * count,
    "spread": lambda sign, count: " some words ".join([sign] * count),
    "lines": lambda sign, count: "\n".join([sign] * count),
    "items": lambda sign, count: "\n".join([f"- {sign}"] * count),
    "nested": lambda sign, count: "\n".join("    " * min(index % 6, 5) + f"- {sign}" for index in range(count)),
    "quotation": lambda sign, count: "\n".join([f"> {sign}"] * count),
    "table": lambda sign, count: "| a | b |\n|---|---|\n" + "\n".join([f"| {sign} | {sign} |"] * count),
}


def ordinary(size: int) -> str:
    """Repeat the shipped article's body to about ``size`` bytes, its ids made different."""
    text = (ROOT / "content/articles/effects-of-methyl-b12-on-neuropathy.md").read_text(encoding="utf-8")
    split, _problems = split_front_matter(text)
    assert split is not None
    copies = range(max(1, round(size / len(split.body))))
    return "".join(split.body.replace("{#", f"{{#n{copy}-") for copy in copies)


def cost(text: str) -> float:
    """Give the least CPU seconds a byte of reading and rendering ``text`` in a few rounds."""
    rounds = []
    for _round in range(ROUNDS):
        start = time.process_time()
        read_source(HEAD + text, Kind.ARTICLE)
        render_markdown(text, references=REFERENCES, glossary=GLOSSARY)
        rounds.append(time.process_time() - start)
    return min(rounds) / len(text.encode())


def worst_texts(size: int) -> Iterator[tuple[str, str]]:
    """Go through the densest accepted texts of about ``size`` bytes: a name and the text."""
    for sign in SIGNS:
        for name, shape in SHAPES.items():
            for filler in ("", " and a few plain words" * 4, " and a few plain words" * 40):
                text = _densest(lambda count: shape(sign, count) + filler, size)  # noqa: B023 - used at once
                if text:
                    yield f"{name} of {sign!r}{', diluted' if filler else ''}", text
                    break


def _densest(paragraph: Callable[[int], str], size: int) -> str:
    """Repeat a sign in a paragraph, and the paragraph in a text, as often as is accepted; "" where not even once is."""
    for count in (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1):
        made = paragraph(count) + "\n\n"
        text = "## S {#s}\n\n" + made * max(1, size // len(made.encode()))
        if not find_over_limits(text):
            return text
    return ""


def main(size: int) -> int:
    """Measure and print; gives the exit code."""
    base = cost(ordinary(size))
    print(f"ordinary: {base * 1e9:,.0f} ns of CPU a byte, at {size:,} bytes")
    ratios = sorted(((cost(text) / base, name) for name, text in worst_texts(size)), reverse=True)
    for ratio, name in ratios[:12]:
        print(f"{ratio:6.2f}  {name}")
    print(f"{len(ratios)} texts; the worst must be at most {MOST}")
    return int(ratios[0][0] > MOST)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
