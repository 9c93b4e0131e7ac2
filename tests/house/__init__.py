"""The rules of the house, as tests: they fail when a new room breaks what all others keep."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "thongsuot"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Everything that is the project's own text or data; without a git history: everything but what is built."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode == 0 and listed.stdout:
        return tuple(path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())
    built = {".venv", ".data", "__pycache__", ".git", ".hypothesis", ".mypy_cache", ".ruff_cache", "build"}
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not built & set(path.relative_to(ROOT).parts))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of a source file, read once for all tests."""
    return ast.parse(path.read_text())


def source_files() -> list[Path]:
    """Our Python, without tests and migrations."""
    return sorted(path for path in PACKAGE.rglob("*.py") if not {"tests", "migrations"} & set(path.parts))
