"""What the pages for people say of commands, files and settings is so."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house import ROOT, tracked_files
from thongsuot.config.cli import parser

PAGES = [path for path in tracked_files() if path.suffix == ".md"]
# A path inside backticks: with a folder, or a file at the top. Patterns, commands and addresses are none.
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[A-Z]\w+\.(?:md|toml)|Makefile|manage\.py)`")
TOPS = {"thongsuot", "tests", "docs", "scripts", "locale"}


def page_name(path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_path_that_is_named_exists(page):
    missing = [
        name
        for name in PATH.findall(page.read_text())
        if (name.split("/")[0] in TOPS or "/" not in name) and not (ROOT / name).exists() and not (page.parent / name).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_leads_somewhere(page):
    broken = [
        target
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
        if not re.match(r"\w+:", target) and not (page.parent / target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_command_that_is_named_exists(page):
    text = page.read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    (subparsers,) = [action for action in parser()._actions if hasattr(action, "choices") and action.choices]
    makes = set(re.findall(r"(?:`|^\s*)make ([a-z]+)", text, re.M))
    runs = set(re.findall(r"(?:`|bin/|^\s*)thongsuot (?:--data \S+ )?([a-z][a-z-]+)", text, re.M))

    assert makes - targets == set()
    assert runs - set(subparsers.choices) == set()


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_setting_that_is_named_exists(page):
    known = set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))
    named = {name.removesuffix("_FILE") for name in re.findall(r"\bTHONGSUOT_[A-Z_]+\b", page.read_text())}

    assert named - known == set()


def test_every_library_has_its_line_in_the_decision_on_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    told = (ROOT / "docs" / "adr" / "0002-dependencies.md").read_text().lower()
    names = [re.split(r"[\[<>=]", line)[0].lower() for line in wanted]

    assert [name for name in names if name not in told and not name.startswith("types-")] == []
