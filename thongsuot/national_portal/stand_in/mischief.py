"""How the stand-in misbehaves when it is asked to: one thing for each call, decided before or after it is recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

# What may go wrong with one call.
#   error          answers with a fault of the server, nothing recorded
#   hang           does not answer in time, nothing recorded
#   hang_stored    records it, but does not answer in time
#   drop           closes the connection before it has read
#   drop_stored    records it, then closes the connection
#   double         records it, and the same call arrives a second time
#   garbage        records it, and answers what nobody can read
WAYS = ("error", "hang", "hang_stored", "drop", "drop_stored", "double", "garbage")
STORED = frozenset({"hang_stored", "drop_stored", "double", "garbage"})


@dataclass
class Mischief:
    """What the stand-in is told to do wrong.

    refuses   dossier code -> (error code, message)
    cut_off   from and to; within it nothing gets through
    script    what happens to the next calls, one each; "" lets a call pass
    roll      asked when the script is empty: "" or one of WAYS
    """

    refuses: dict[str, tuple[str, str]] = field(default_factory=dict)
    cut_off: tuple[datetime, datetime] | None = None
    units_cut_off: set[str] = field(default_factory=set)
    script: deque[str] = field(default_factory=deque)
    roll: Callable[[], str] = lambda: ""
    delay_seconds: float = 0.0
    turned_away: int = 0  # calls that met the cut

    def plan(self, ways: Iterable[str]) -> None:
        for way in ways:
            if way and way not in WAYS:
                raise ValueError(f"unknown mischief {way}")
            self.script.append(way)

    def next(self, *, now: datetime, code: str) -> str:
        """What to do with the call that is there now. `code`: of the dossier it speaks of, or empty."""
        if self.cut_off is not None and self.cut_off[0] <= now < self.cut_off[1]:
            self.turned_away += 1
            return "drop"
        if any(code.startswith(f"{unit}-") for unit in self.units_cut_off):
            return "drop"
        return self.script.popleft() if self.script else self.roll()
