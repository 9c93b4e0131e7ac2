"""The deadline bar: what a page needs to draw it. One block is one working day, or one working hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DRAWN_AT_MOST = 10
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

    @property
    def width(self) -> int:
        end = self.drawn * BLOCK
        return {"ok": end + 1, "near": end + 14, "hold": end + 11, "late": end + 5 + 8 * self.drawn_over}[self.state]
