"""The house keeps its shape."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path for folder in ("articles", "neuropathy_site") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
)
MAX_MODULE_LINES = 430
MAX_FUNCTION_LINES = 45


def test_layers_import_downwards_only() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_are_short_and_import_at_the_top(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAX_MODULE_LINES
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= MAX_FUNCTION_LINES, node.name
            hidden = [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
            assert not hidden, f"imports hidden in {node.name}, line {hidden}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_public_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if tree.body:
        assert ast.get_docstring(tree), "the module has no docstring"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not silent


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "helpers", "common", "core", "base", "managers", "services"}
    named_by_django = {ROOT / "neuropathy_site/sqlite3/base.py"}  # what it looks for in a database backend
    assert not [path for path in MODULES if path.stem in drawers and ROOT / path not in named_by_django]


def test_nothing_listens_to_signals() -> None:
    assert not [path for path in MODULES if "django.dispatch" in path.read_text(encoding="utf-8")]
