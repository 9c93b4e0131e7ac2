"""Imports go down, news goes up: the contract in pyproject.toml is the one that ARCHITECTURE.md tells."""

from __future__ import annotations

import re
import tomllib

from importlinter import cli

from tests.house import ROOT


def test_nobody_imports_upwards_or_sideways(capsys):
    broken = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert broken == 0, capsys.readouterr().out


def test_the_contract_is_the_one_that_architecture_md_tells():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    told = (ROOT / "ARCHITECTURE.md").read_text().split("```")[1].strip().splitlines()

    assert [re.split(r"\s{2,}", line)[0] for line in told] == contract["layers"]


def test_no_capability_imports_anothers_pages():
    """From another capability: actions, queries, rules, events, models; never its views, forms or api."""
    private = ("views", "api", "urls")
    lent = {"files.views"}  # files has no pages: it lends the one safe way to hand out bytes
    wrong = []
    for path in (ROOT / "thongsuot").rglob("*.py"):
        own = path.relative_to(ROOT / "thongsuot").parts[0]
        if own in {"config", "web"} or "tests" in path.parts:
            continue
        for capability, room in re.findall(r"^\s*(?:from|import) thongsuot\.(\w+)\.(\w+)", path.read_text(), re.M):
            if capability not in {own, "web", "kernel"} and room in private and f"{capability}.{room}" not in lent:
                wrong.append(f"{path.relative_to(ROOT)}: thongsuot.{capability}.{room}")

    assert wrong == []
