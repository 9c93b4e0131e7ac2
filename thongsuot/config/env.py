"""Settings from the environment, typed. A secret may also come from a file named in NAME_FILE."""

from __future__ import annotations

import os
from pathlib import Path


def text(name: str, default: str = "") -> str:
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text().strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def whole(name: str, default: int) -> int:
    return int(text(name, str(default)))


def words(name: str, default: str = "") -> list[str]:
    """Parted by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def read_file(path: Path) -> None:
    """Put the NAME=value lines of a file into the environment; what is set already wins. No file: nothing happens."""
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))
