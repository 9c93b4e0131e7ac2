"""The deadline bar: what a page needs to draw it. One block is one working day, or one working hour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.utils.safestring import SafeString, mark_safe

DRAWN_AT_MOST = 10
ON = ' class="on"'
BLOCK = 12  # one block and the gap after it, in units of the drawing


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline as people read it.

    blocks  working days (or hours) of the whole limit; more than ten are drawn as ten
    used    how many of them are over
    state   ok, near (70 % used or the last day), late, hold (the clock stands)
    text    what is left: "Còn 2 ngày"; the words carry the meaning, the blocks only help
    small   the promised instant: "Hẹn 25/11/2026 17:00"
    over    how many blocks late; drawn as at most five
    """

    blocks: int
    used: int
    state: Literal["ok", "near", "late", "hold"]
    text: str
    small: str = ""
    over: int = 1

    @property
    def drawn(self) -> int:
        return max(1, min(self.blocks, DRAWN_AT_MOST))

    @property
    def filled(self) -> int:
        """Rounded down, yet something begun shows one block and something unfinished keeps one empty."""
        if self.state == "late" or self.used >= self.blocks:
            return self.drawn
        if self.used <= 0:
            return 0
        scaled = self.used * self.drawn // max(1, self.blocks)
        return min(max(1, scaled), max(1, self.drawn - 1))

    @property
    def drawn_over(self) -> int:
        return max(1, min(self.over, 5))

    def shapes(self, *, calm: bool = False) -> SafeString:
        """The blocks as SVG. `calm`: a near deadline is drawn as any other."""
        state = "ok" if calm and self.state == "near" else self.state
        return _shapes(self.drawn, self.filled, state, self.drawn_over)


@cache
def _shapes(drawn: int, filled: int, state: str, over: int) -> SafeString:
    """There are a few hundred different ones at most; an inbox shows fifty at a time."""
    end = drawn * BLOCK
    parts = [
        f'<rect{ON if place < filled else ""} x="{1 + place * BLOCK}" y="2" width="9" height="10"/>' for place in range(drawn)
    ]
    width = end + 1
    if state == "near":
        width = end + 14
        parts.append(f'<path class="over" d="M{end + 2} 13l5.5-11 5.5 11z"/>')
    elif state == "late":
        width = end + 5 + 8 * over
        parts.append(f'<path d="M{end + 1} 0v14"/>')
        parts += [f'<rect class="over" x="{end + 5 + 8 * place}" y="0" width="6" height="14"/>' for place in range(over)]
    elif state == "hold":
        width = end + 11
        parts.append(f'<path d="M{end + 3} 1v12M{end + 8} 1v12"/>')
    opening = f'<svg viewBox="0 0 {width} 14" width="{width}" height="14" aria-hidden="true" focusable="false">'
    return mark_safe(f"{opening}{''.join(parts)}</svg>")  # noqa: S308 - numbers only
