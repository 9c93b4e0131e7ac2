"""What lies in the repository: ours, readable anywhere, small enough to read, and speaking only of what is here."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.house import PACKAGE, ROOT, source_files, tracked_files

TEXT = {
    ".py",
    ".md",
    ".html",
    ".txt",
    ".css",
    ".js",
    ".sql",
    ".toml",
    ".yaml",
    ".yml",
    ".sh",
    ".typ",
    ".po",
    ".csv",
    ".json",
    ".svg",
    "",
}
OWN = "tests/house/test_files.py"  # names what it looks for
# Put together here, so that this file is not found by itself.
FOLDERS = re.compile(r"(?<![\w.])/(?:root|work|Users|home/\w+)/[\w.]+")
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"), ("pypi", "python"), ("docker", "io"))
    )
)
ELSEWHERE = re.compile(r"\b(?:domain|design|style|seed-map|anchors)\.md\b")
CAPABILITIES = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def texts() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text(errors="replace"))
        for path in tracked_files()
        if path.suffix in TEXT and path.stat().st_size < 4_000_000 and str(path.relative_to(ROOT)) != OWN
    ]


def found(pattern: re.Pattern[str]) -> list[str]:
    return [f"{name}: {match[0]}" for name, text in texts() if (match := pattern.search(text))]


def test_no_path_of_one_machine():
    assert found(FOLDERS) == []


def test_no_host_of_a_package_registry():
    assert found(REGISTRIES) == []


def test_no_document_is_cited_that_is_not_here():
    assert found(ELSEWHERE) == []


def test_no_key_or_database_is_tracked():
    secret = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.name == ".env" or path.suffix in {".pem", ".key", ".p12", ".sqlite3", ".dump", ".tar"}
    ]

    assert secret == []


def test_no_room_is_longer_than_one_can_read():
    long = [
        f"{path.relative_to(ROOT)}: {lines}" for path in source_files() if (lines := len(path.read_text().splitlines())) > 550
    ]

    assert long == [], "make it a folder with one file per subject"


def test_what_the_type_checker_overlooks_says_why():
    bare = re.compile(r"# type: ignore(?!\[[a-z, -]+\]  # \w)")

    assert [name for name, text in texts() if name.endswith(".py") and bare.search(text)] == []


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_every_capability_introduces_itself_in_a_few_lines(capability):
    readme = PACKAGE / capability / "README.md"

    assert readme.exists(), "purpose, words, what is always true, its events: 15 lines"
    assert 5 <= len(readme.read_text().splitlines()) <= 30


def test_text_is_vietnamese_in_one_form():
    """NFC: the same word is the same bytes. Test data that are meant to be otherwise are written with escapes."""
    wrong = [name for name, text in texts() if not unicodedata.is_normalized("NFC", text)]

    assert wrong == []
