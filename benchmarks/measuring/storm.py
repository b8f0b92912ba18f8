"""Readers' 99th percentile while an article is published ten times a second, against the same without."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import IO, Any, TypeVar

from benchmarks.import_content import write_content
from benchmarks.measuring.answers import ask, read_answer
from benchmarks.measuring.cached import WORKERS
from benchmarks.measuring.figures import Fault, Figure, middle_ratio
from benchmarks.measuring.options import Options
from benchmarks.measuring.servers import CLIENT_CORE, ROOT, free_port, pinned, take_turns
from benchmarks.measuring.sites import ARTICLE, Site

Result = TypeVar("Result")
PAGES = 200
ARTICLES = 40
KEY = "[A-Z][A-Z0-9-]*"
RATE = 300
"""Requests a second: a tenth of what one core answers."""


def measure(site: Site, options: Options) -> list[Figure]:
    """Give the ratio of the percentiles and the number of faults, for both kinds of worker."""
    many = _with_many_articles(site, options)
    return [figure for worker in WORKERS for figure in _measure(_copy(many, worker), worker, options)]


def _measure(site: Site, worker: str, options: Options) -> list[Figure]:
    port = free_port()
    seconds = 3 if options.is_quick else 5
    figures = []
    with site.served(PORT=str(port), WORKER_CLASS=worker) as article, _writer(site, port) as writer:
        paths = _find_paths(port)
        many = replace(article, paths=tuple(paths))
        many.load(2)  # each page is made
        for what, target in (("the article", article), (f"{len(paths)} pages", many)):
            with options.timed(f"{what}, ten publishes a second and none, {worker}"):
                loaded, unloaded = take_turns(
                    lambda: _while_publishing(writer, seconds, lambda: target.load(seconds)),  # noqa: B023 - called at once
                    lambda: _after_a_rest(lambda: target.load(seconds)),  # noqa: B023
                    rounds=options.rounds(7),
                )
            marks = [[load.p99 for load in loads] for loads in (loaded, unloaded)]
            stormy, calm = (f"{median(times):.1f} ms" for times in marks)
            figures.append(Figure("storm", stormy, middle_ratio(*marks), calm, f"{what}, {worker}"))
        with options.timed(f"{RATE} requests a second, each answer looked at, {worker}"):
            read = _while_publishing(writer, seconds, lambda: _read(port, paths, seconds))
    faults = "".join(f"; {fault}" for fault in read["shown"][:2])
    said = f"{read['errors']} of {len(read['times']):,}{faults}"
    return [*figures, Figure("storm-errors", said, read["errors"], variant=worker)]


def _copy(site: Site, name: str) -> Site:
    """Give a copy of a site: what was published for one kind of worker is no history that the other has to show."""
    folder = site.folder.with_name(f"{site.folder.name}-{name}")
    shutil.copytree(site.folder, folder)
    return Site(folder)


def _with_many_articles(site: Site, options: Options) -> Site:
    """Make a site with so many articles beside the shipped one that there are 200 pages to read."""
    folder = site.folder / "storm"
    content = folder / "content"
    write_content(content, ARTICLES)
    give_own_works(content)
    for kind in ("articles", "pages"):
        (content / kind).mkdir(exist_ok=True)
        for path in (ROOT / "content" / kind).glob("*.md"):
            (content / kind / path.name).write_bytes(path.read_bytes())
    many = Site(folder)
    with options.timed("importing articles"):
        many.manage("prepare_database", CONTENT_DIR=str(content), LOG_LEVEL="ERROR")
        many.manage("collectstatic", "--noinput", "--verbosity", "0")
    return many


def give_own_works(content: Path) -> None:
    """Have each article cite works of its own, as on different subjects; else all pages of works show all articles."""
    library = content / "references.yaml"
    works = {block.partition(":")[0]: block for block in re.split(rf"(?m)^(?={KEY}:$)", library.read_text())}
    added = []
    for number, path in enumerate(sorted((content / "articles").glob("*.md"))):
        text = path.read_text()
        cited = [key for key in dict.fromkeys(re.findall(f"@({KEY})", text)) if key in works]
        path.write_text(re.sub(f"@({KEY})", rf"@\1-N{number}", text))
        for key in cited:
            work = re.sub(r"(?m)^  (?:DOI|PMID|PMCID): .*\n", "", works[key])  # each belongs to one work
            added.append(work.replace(f"{key}:", f"{key}-N{number}:", 1).rstrip() + "\n")
    library.write_text("\n".join([library.read_text().rstrip() + "\n", *added]))


def _find_paths(port: int) -> list[str]:
    """Find pages to read, by the links of pages: the shipped article first, then what lies nearest to the home page."""
    found = dict.fromkeys([ARTICLE, "/"])
    for path in list(found):
        found |= _links(port, path)
    for path in [each for each in found if each.startswith("/topics/") or each == "/a-to-z/"]:
        found |= _links(port, path)
    for path in [each for each in found if each.startswith("/articles/")]:
        if len(found) >= 2 * PAGES:
            break
        found |= _links(port, path)
    good = [path for path in found if _is_page(port, path)]
    return good[:PAGES]


def _links(port: int, path: str) -> dict[str, None]:
    body = read_answer(ask(port, path)).body.decode()
    return dict.fromkeys(re.findall(r'href="(/(?!static|admin|search|api|feeds?/)[^"#?.]*/)"', body))


def _is_page(port: int, path: str) -> bool:
    answer = read_answer(ask(port, path))
    return answer.status == "200 OK" and f'<link rel="canonical" href="http://127.0.0.1:{port}{path}">'.encode() in answer.body


def _read(port: int, paths: list[str], seconds: float) -> dict[str, Any]:
    command = pinned(CLIENT_CORE, [sys.executable, "-m", "benchmarks.measuring.reader", port, RATE, seconds])
    done = subprocess.run(command, cwd=ROOT, input="\n".join(paths), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Fault(f"reading failed: {done.stderr[-400:]}")
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def _while_publishing(writer: "subprocess.Popen[str]", seconds: int, ask: Callable[[], Result]) -> Result:
    """Ask while texts are published; gives what came of it."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    _tell(writer.stdin, str(seconds))
    _expect(writer.stdout, "ready")
    _tell(writer.stdin, "go")
    asked = ask()
    _expect(writer.stdout, str(seconds * 10))
    return asked


def _after_a_rest(ask: Callable[[], Result]) -> Result:
    """Ask when what the last publishing left to do is done."""
    time.sleep(2)
    return ask()


@contextlib.contextmanager
def _writer(site: Site, port: int) -> Iterator["subprocess.Popen[str]"]:
    """Start what publishes, beside the readers. It runs only while these wait: its own work is not what is measured."""
    command = ["chrt", "--idle", "0", *pinned(CLIENT_CORE, [sys.executable, "-m", "benchmarks.measuring.writer"])]
    environment = site.environment(PORT=str(port), CONTENT_DIR=str(site.folder / "content"), LOG_LEVEL="ERROR")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]  # noqa: S603
        try:
            yield process
        finally:
            process.kill()


def _tell(pipe: IO[str], line: str) -> None:
    pipe.write(f"{line}\n")
    pipe.flush()


def _expect(pipe: IO[str], wanted: str) -> None:
    said = pipe.readline().strip()
    if said != wanted:
        raise Fault(f"the process that publishes said {said!r} instead of {wanted!r}")
