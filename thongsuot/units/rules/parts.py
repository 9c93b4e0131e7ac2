"""Which part of a split unit an address speaks of, by the streets, villages and groups each part has. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from thongsuot.units.rules.words import words_of


def part_named(text: str, parts: Mapping[int, Iterable[str]]) -> tuple[int, str] | None:
    """(part, the name in it that the address bears). The longest name decides; two parts with one of that length: nobody knows.

    parts   {part: names of places}
    """
    written = _keys(text)
    best: dict[int, dict[int, str]] = {}
    for part, names in parts.items():
        for name in names:
            keys = _keys(name)
            if keys and any(written[start : start + len(keys)] == keys for start in range(len(written) - len(keys) + 1)):
                best.setdefault(len(keys), {})[part] = name
    longest = best[max(best)] if best else {}
    return next(iter(longest.items())) if len(longest) == 1 else None


def _keys(text: str) -> list[str]:
    return [word.key.lstrip("0") or "0" if word.key.isdigit() else word.key for word in words_of(text)]
