"""What the worst accepted text costs, as a ratio to an ordinary text of its size.

Run as ``python benchmarks/render.py [BYTES...]`` (100,000 and 190,000 unless said otherwise; some twenty minutes). Signs and
combinations of them are repeated as densely as ``articles.text.limits`` accepts, in paragraphs, lists, quotations, tables and
blocks, and each such text is read and rendered. Prints the dearest by CPU time a byte, as ratios to the shipped article
repeated to the same size, and exits 1 when one is above 5.
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
MEASURED_AGAIN = 40
SHOWN = 10
HEAD = "---\ntitle: t\nsummary: s\nkey_message: k\ntopic: T\n---\n\n"
REFERENCES = parse_references((ROOT / "content/references.yaml").read_text(encoding="utf-8"))[0]
GLOSSARY = parse_glossary((ROOT / "content/glossary.yaml").read_text(encoding="utf-8"))[0]
SIGNS = [
    *"[ ![ [^ ]( [a]( [a](< [a][ [a] []() [a](b) [@A] [@A;@B] [@ [@SCD-2006] [a](article:x) [a](#x) [[ ]] [* [` &[".split(),
    *"[a](glossary:myelin) [*a*](b) *[a](b)* [a](b)[c](d) [a](http://b.c) [a](((( [glossary".split(),
    *"* ** *** _ __ *a a* **a* *a** _* *_a_* ***a**b* (* *. *( é* a*.* ` `` `a a` `a` a`` **` *`".split(),
    *"< </ <a <!-- <!--a--> <![CDATA[ <?a?> <a> <em> <b>x</b> <http://a.bc> <a@b.cd> *< <*".split(),
    *"& &a &a; &#1; &amp; &* \" ' \\ \\[ \\` \\\\ \\*a | |a ( ) (a) ! !!! ~ ~~~ ``` ```a > - + = # ### #### -- ---".split(),
    *"{#a} {: http://a.b a@b.c . a é 😀 \ue000 \ue001 1. 12345678901234567890.".split(),
    *("*a ", "_a ", "*a* ", "*a **b***", "`a` ", "[a](b) ", "[a] [b]", '[a](b "c") ', "[a]: b", "[no-citation: advice]"),
    *("  ", "\t", "\n", "a  ", "    a", "- a", "1. a", "> a", "### a", '!!! harms "a"', "<a ", '<a b="', "* * *", "12. a"),
]
WORDS = "a few plain words and "
SHAPES: dict[str, Callable[[str, int], str]] = {
    "a run": lambda sign, count: sign * count,
    "a run before words": lambda sign, count: sign * count + _wrapped(WORDS * ((18_000 - len(sign) * count) // len(WORDS))),
    "a run behind words": lambda sign, count: _wrapped(WORDS * ((18_000 - len(sign) * count) // len(WORDS))) + sign * count,
    "white space": lambda sign, count: sign + " " * 4_800 + sign,
    "among words": lambda sign, count: WORDS.join([sign] * count),
    "lines": lambda sign, count: "\n".join([sign] * count),
    "items": lambda sign, count: "\n".join([f"- {sign}"] * count),
    "items of words": lambda sign, count: "\n".join([f"- {WORDS}{sign}"] * count),
    "nested items": lambda sign, count: "\n".join("    " * min(index % 6, 5) + f"- {sign}" for index in range(count)),
    "a quotation": lambda sign, count: "\n".join([f"> {sign}"] * count),
    "deep quotations": lambda sign, count: "\n".join([f"> > > > {sign}"] * count),
    "a table": lambda sign, count: "| a | b |\n|---|---|\n" + "\n".join([f"| {sign} | {sign} |"] * count),
    "a wide table": lambda sign, count: "|a" * 20 + "\n" + "|-" * 20 + "\n" + "\n".join([sign] * count),
    "a block": lambda sign, count: '!!! harms "a b"\n' + "\n".join([f"    {sign}"] * count),
}


def _wrapped(words: str) -> str:
    return "".join(f"{words[start : start + 4_800]}\n" for start in range(0, len(words), 4_800))


def ordinary(size: int) -> str:
    """Repeat the shipped article's body to about ``size`` bytes, its ids made different."""
    text = (ROOT / "content/articles/effects-of-methyl-b12-on-neuropathy.md").read_text(encoding="utf-8")
    split, _problems = split_front_matter(text)
    assert split is not None
    copies = range(max(1, round(size / len(split.body))))
    return "".join(split.body.replace("{#", f"{{#n{copy}-") for copy in copies)


def cost(text: str, rounds: int) -> float:
    """Give the least CPU seconds a byte of reading and rendering ``text`` in a few rounds."""
    seconds = []
    for _round in range(rounds):
        start = time.process_time()
        read_source(HEAD + text, Kind.ARTICLE)
        render_markdown(text, references=REFERENCES, glossary=GLOSSARY)
        seconds.append(time.process_time() - start)
    return min(seconds) / len(text.encode())


def worst_texts(size: int) -> Iterator[tuple[str, str]]:
    """Go through the densest accepted texts of about ``size`` bytes: a name and the text, each text once."""
    seen = set()
    for sign in SIGNS:
        for name, shape in SHAPES.items():
            for count in {_most(shape, sign), 5}:
                text = _densest(shape(sign, count), size) if count else ""
                if text and text not in seen:
                    seen.add(text)
                    yield f"{name}: {sign!r}, {count} in a paragraph", text


def _most(shape: Callable[[str, int], str], sign: str) -> int:
    """How often a sign may stand in one paragraph of this shape."""
    low, high = 0, 8_000 // len(sign)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if not find_over_limits(f"## S\n\n{shape(sign, middle)}") else (low, middle - 1)
    return low


def _densest(paragraph: str, size: int) -> str:
    """Repeat a paragraph, with as few words between as are accepted; "" where it is refused with many."""
    words = 0
    while words < 2_000:
        made = f"{paragraph}\n\n{WORDS * words}\n\n" if words else f"{paragraph}\n\n"
        text = "## S {#s}\n\n" + made * max(1, size // len(made.encode()))
        if not find_over_limits(text):
            return text
        words = words * 3 // 2 + 1
    return ""


def main(size: int) -> float:
    """Measure and print; gives the worst ratio. The dearest are measured again, since a busy machine makes single ones dear."""
    base = cost(ordinary(size), 3)
    print(f"ordinary: {base * 1e9:,.0f} ns of CPU a byte, at {size:,} bytes", flush=True)
    ratios = [(cost(text, 1) / base, name, text) for name, text in worst_texts(size)]
    ratios.sort(reverse=True)
    again = [(min(ratio, cost(text, 2) / base), name) for ratio, name, text in ratios[:MEASURED_AGAIN]]
    again.sort(reverse=True)
    for ratio, name in again[:SHOWN]:
        print(f"{ratio:6.2f}  {name}")
    print(f"{len(ratios):,} texts; the worst may cost {MOST} times as much", flush=True)
    return again[0][0]


if __name__ == "__main__":
    raise SystemExit(int(max([main(int(size)) for size in sys.argv[1:] or (100_000, 190_000)]) > MOST))
