"""The repository keeps its own promises: commands, documents, what must not be in it."""

import hashlib
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
AGREED = "manage.py neuropathy_site articles templates static content tests requirements.txt README.md".split()
REQUIREMENTS = ("requirements", "requirements-dev", "requirements-build", "requirements-fast")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_the_agreed_names_are_there() -> None:
    assert not [name for name in AGREED if not (ROOT / name).exists()]


def test_every_make_command_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md")]
    named = {name for path in documents for name in re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)`", path.read_text())}
    assert {"serve", "test"} <= targets
    assert named <= targets


def test_every_link_between_documents_leads_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md")]:
        text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|#|article:|page:|glossary:)([^)#]+)", re.sub(r"`[^`]*`", "", text)):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_package_says_why_it_is_here() -> None:
    for name in REQUIREMENTS:
        for line in (ROOT / f"{name}.in").read_text().splitlines():
            assert not line or line.startswith(("#", "-c")) or re.search(r"\S +# \S", line), f"{name}: {line}"


def test_every_pinned_package_has_its_hashes() -> None:
    for name in REQUIREMENTS:
        text = (ROOT / f"{name}.txt").read_text()
        pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==[^\n]*", text, re.MULTILINE)
        assert pins
        assert all(pin.endswith("\\") for pin in pins)
        assert "index-url" not in text
        assert "find-links" not in text


def test_vendored_files_are_the_ones_recorded() -> None:
    folder = ROOT / "static/editor/vendor"
    digest = hashlib.sha256((folder / "markdown-toolbar-element.js").read_bytes()).hexdigest()
    assert digest in (folder / "README.md").read_text()
    assert "MIT" in (folder / "README.md").read_text()


def test_nothing_secret_or_built_is_kept() -> None:
    suffixes = {".sqlite3", ".pyc", ".log", ".pem", ".key", ".dump"}
    assert not [path for path in tracked() if path.suffix in suffixes or {"var", ".venv", "node_modules"} & set(path.parts)]
