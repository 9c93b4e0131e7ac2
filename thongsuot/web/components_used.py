"""What this installation is built on: names and licences, as the packages themselves state them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE = re.compile(r"License :: (?:OSI Approved :: )?(.+)")
_MAPS = "xstatic-leaflet"  # a box around Leaflet's files: "the same as Leaflet" is all it says of its licence
_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@dataclass(frozen=True, kw_only=True)
class Package:
    """No version: telling strangers which one runs helps only those who look for its holes."""

    name: str
    licence: str


@cache
def packages() -> list[Package]:
    """The packages this product asks for by name, and htmx and Leaflet, whose files two of them bring."""
    names = {found[0].lower() for line in _asked() if "extra ==" not in line and (found := _NAME.match(line))}
    found_here = [Package(name=name, licence=_licence(name)) for name in names - {_MAPS} if _installed(name)]
    brought = [Package(name="htmx", licence="0BSD"), Package(name="leaflet", licence="BSD-2-Clause")]
    return sorted([*found_here, *brought], key=lambda package: package.name)


def _asked() -> list[str]:
    """From the project file where it runs out of its folder, as `make` sets it up; else from the package that was built."""
    if _PROJECT.is_file():
        return list(tomllib.loads(_PROJECT.read_text())["project"]["dependencies"])
    return metadata.requires("thongsuot") or []


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _licence(name: str) -> str:
    facts = metadata.metadata(name)
    if "License-Expression" in facts:
        return facts["License-Expression"]
    stated = [found[1] for line in facts.get_all("Classifier") or [] if (found := _LICENCE.match(line))]
    # Older packages put the whole text into the field; its first line is the name.
    return ", ".join(stated) or (facts.get_all("License") or [""])[0].strip().partition("\n")[0][:60]
