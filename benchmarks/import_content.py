"""CPU time and memory of ``import_content --publish``: 1,000 new articles of about 11 kB, then the same again unchanged.

Run as ``python benchmarks/import_content.py [ARTICLES] [--whole] [--json]``. The articles are the shipped one without some
sections, or ``--whole``, and have another number at each citation, mark and question: hardly a paragraph stands in two, so that
nothing is gained by keeping what was made of one. Each import is a process of its own on a new SQLite database; an import of the
folder without articles is measured beside it and taken away. Prints milliseconds of CPU an article and the peak memory, with
``--json`` as ``{"new_ms": ..., "unchanged_ms": ..., "peak_mb": ...}``.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "content/articles/effects-of-methyl-b12-on-neuropathy.md"
LEFT_OUT = ("improved-balance", "improved-leg-strength", "methyl-form")
NUMBERED = re.compile(r"(?=\s\[(?:@|no-citation))|(?=\?\n)")


def without_sections(text: str, ids: tuple[str, ...]) -> str:
    """Give an article's text without the sections of these ids."""
    head, *sections = re.split(r"(?m)^(?=## )", text)
    return head + "".join(section for section in sections if not any(f"{{#{name}" in section for name in ids))


def write_content(folder: Path, articles: int, *, is_whole: bool = False) -> float:
    """Write ``articles`` variants of the shipped article; gives the size of one in bytes, on average."""
    (folder / "articles").mkdir(parents=True)
    for name in ("references.yaml", "glossary.yaml"):
        (folder / name).write_bytes((ROOT / "content" / name).read_bytes())
    (folder / "disclaimer.yaml").write_bytes((ROOT / "content/disclaimer.yaml").read_bytes())
    text = without_sections(SHIPPED.read_text(encoding="utf-8"), () if is_whole else LEFT_OUT)
    size = 0
    for number in range(articles):
        changed = NUMBERED.sub(f" {number}", text).replace("title: The effects", f"title: Number {number}, the effects", 1)
        size += (folder / f"articles/number-{number}.md").write_bytes(changed.encode())
    return size / max(1, articles)


def run(data: Path, content: Path, *arguments: str) -> tuple[float, float]:
    """Run a management command; gives its CPU seconds and its peak memory in MB."""
    environment = {**os.environ, "DATA_DIR": str(data), "CONTENT_DIR": str(content), "LOG_LEVEL": "ERROR"}
    program = [sys.executable, str(ROOT / "manage.py"), *arguments]
    process = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{arguments[0]} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def main(articles: int, *, is_whole: bool, is_json: bool) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = write_content(folder / "content", articles, is_whole=is_whole)
        write_content(folder / "empty", 0)
        for data in ("data", "base"):
            run(folder / data, folder / "empty", "migrate", "--verbosity=0")
        base, _memory = run(folder / "base", folder / "empty", "import_content", "--publish")
        first, memory = run(folder / "data", folder / "content", "import_content", "--publish")
        second, _memory = run(folder / "data", folder / "content", "import_content", "--publish")
    new, unchanged = 1000 * (first - base) / articles, 1000 * (second - base) / articles
    if is_json:
        print(json.dumps({"new_ms": round(new, 2), "unchanged_ms": round(unchanged, 2), "peak_mb": round(memory)}))
        return
    print(f"{articles} articles of {size:,.0f} bytes")
    print(f"new:       {new:6.1f} ms of CPU an article, {memory:.0f} MB at most")
    print(f"unchanged: {unchanged:6.1f} ms of CPU an article")


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(counts[0] if counts else 1000, is_whole="--whole" in sys.argv, is_json="--json" in sys.argv)
