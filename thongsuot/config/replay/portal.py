"""The national portal beside a replay: a stand-in server of its own, told over HTTP, out of reach for the busiest hour.

The stand-in's clock is the play's. The worker tells it by the job that cron asks for each minute; here it is asked for all the
while, because a minute of the machine is more than an hour of the play.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

from procrastinate.exceptions import AlreadyEnqueued

from thongsuot.config.replay.arrivals import ONLINE, Arrival
from thongsuot.config.replay.proof import Check
from thongsuot.national_portal.collecting import collect
from thongsuot.national_portal.models import Lane
from thongsuot.national_portal.stand_in import StandIn, data_file
from thongsuot.national_portal.stand_in.judge import verdict
from thongsuot.national_portal.tasks import sync

KEPT = "replay-portal.json"
SECONDS_BETWEEN = 2.0
MOST_STILL = 120


@dataclass
class Cut:
    """When nothing got through, how many calls met that, and how many dossiers waited when it ended."""

    begins: datetime
    ends: datetime
    turned_away: int = 0
    waiting: int | None = None


class PortalBeside:
    def __init__(self, folder: Path, port: int, cut: Cut | None) -> None:
        self.port, self.cut, self._kept, self._asked = port, cut, folder / KEPT, 0.0
        if cut is not None and self._kept.is_file():  # an earlier run of this replay saw it
            seen = json.loads(self._kept.read_text())
            cut.turned_away, cut.waiting = seen["turned_away"], seen["waiting"]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def announce(self) -> None:
        """Tell the stand-in when it will be out of reach."""
        if self.cut is not None:
            body = {"cut_off": [self.cut.begins.isoformat(), self.cut.ends.isoformat()]}
            self._asks("/mischief", json.dumps(body).encode())

    def turn(self, playing: datetime) -> None:
        """Called while it is played."""
        now = time.monotonic()
        if now - self._asked < SECONDS_BETWEEN:
            return
        self._asked = now
        with suppress(AlreadyEnqueued):
            sync.configure().defer(timestamp=0)
        if self.cut is not None and self.cut.waiting is None and playing >= self.cut.ends:
            self.cut.waiting = Lane.objects.filter(state=Lane.State.WAITING).count()
            self.cut.turned_away = self._asks("/")["counts"]["turned_away"]
            seen = asdict(self.cut)
            self._kept.write_text(json.dumps({name: seen[name] for name in ("turned_away", "waiting")}) + "\n")

    def drain(self, at: datetime, tell_time: Callable[[datetime], None], say: Callable[[str], None]) -> float:
        """Until everything is told, or nothing has moved for two minutes. The time goes on: a ladder may be waited out."""
        began = time.monotonic()
        calm, still, before = 0, 0, -1
        while calm < 3 and still < MOST_STILL:
            at += timedelta(seconds=30)
            tell_time(at)
            self.turn(at)
            new = collect(at=at)
            waiting = Lane.objects.filter(state=Lane.State.WAITING).count()
            calm = calm + 1 if not (new or waiting) else 0
            still = still + 1 if waiting == before else 0
            before = waiting
            say(f"{waiting} hồ sơ (dossiers)")
            time.sleep(1)
        return time.monotonic() - began

    def check(self) -> Check:
        """After the stand-in has stopped: what it has against the history."""
        found = verdict(StandIn(data_file()))
        left = Lane.objects.exclude(state=Lane.State.IDLE).count()
        text = f"{found.dossiers} dossiers by {found.messages} messages, {left} not told, {found.doubled} messages doubled, "
        text += f"{found.differing} dossiers differ {[*found.lost, *found.out_of_order, *found.otherwise] or ''}".strip()
        good = found.good and not left
        if self.cut is not None:
            text += f"; cut off from {self.cut.begins:%d/%m %H:%M} to {self.cut.ends:%H:%M}: "
            text += f"{self.cut.turned_away} calls turned away, {self.cut.waiting} dossiers waiting at its end"
            good = good and self.cut.turned_away > 0
        return Check("portal", good, text)

    def _asks(self, path: str, body: bytes | None = None) -> dict[str, dict[str, int]]:
        request = Request(f"{self.address}{path}", body, {"Content-Type": "application/json"})  # noqa: S310 - loopback
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            found: dict[str, dict[str, int]] = json.load(answer)
        return found


def busiest_hour(found: Sequence[Arrival], minutes: int) -> Cut | None:
    """The time from the hour in which most people come to the counters; None for no minutes."""
    if not minutes:
        return None
    hours = Counter(
        arrival.at.replace(minute=0, second=0, microsecond=0) for arrival in found if arrival.channel != ONLINE
    ) or Counter(arrival.at.replace(minute=0, second=0, microsecond=0) for arrival in found)
    begins = max(hours, key=lambda hour: (hours[hour], hour))
    return Cut(begins, begins + timedelta(minutes=minutes))


__all__ = ["Cut", "PortalBeside", "busiest_hour"]
