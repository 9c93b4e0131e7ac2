"""A town with a stand-in portal beside it, on a clock that tests turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import MONDAY, PDF, Town, make_town
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.history import history_of
from thongsuot.national_portal.collecting import collect
from thongsuot.national_portal.models import Lane, Message
from thongsuot.national_portal.sending import Round, send_due
from thongsuot.national_portal.stand_in import NearPortal, StandIn
from thongsuot.national_portal.stand_in.judge import lines


@dataclass
class Clock:
    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def on(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@dataclass
class Wired:
    """The town, its portal, and the time."""

    town: Town
    clock: Clock = field(default_factory=Clock)
    stand_in: StandIn = field(init=False)
    portal: NearPortal = field(init=False)

    def __post_init__(self) -> None:
        self.stand_in = StandIn(clock=self.clock)
        self.portal = NearPortal(self.stand_in)

    def turn(self) -> Round:
        """What the worker does each minute."""
        collect(at=self.clock())
        return send_due(self.portal, clock=self.clock, luck=lambda: 0.5)

    def settle(self, turns: int = 300) -> None:
        """Minute after minute until nothing waits."""
        for _number in range(turns):
            self.turn()
            if not Lane.objects.filter(state=Lane.State.WAITING).exists():
                return
            self.clock.on(minutes=1)
        raise AssertionError("something waits for ever")


def wired() -> Wired:
    return Wired(make_town())


def states(dossier_id: int) -> list[tuple[int, str]]:
    return list(Message.objects.filter(dossier_id=dossier_id).order_by("number").values_list("number", "state"))


def filed(town: Town, *, at: datetime = MONDAY) -> Dossier:
    """Filed online, not yet looked at."""
    draft = dossiers.start_draft("9.000001", unit_id=town.river, actor=ANYONE, at=at)
    dossiers.add_draft_file(draft.code, "giay-chung-nhan", PDF, name="giấy.pdf", actor=ANYONE, at=at)
    contact = {"owner": {"name": "Hoàng Văn Minh", "phone": "0912345678"}, "return_by": "counter"}
    dossiers.save_page(draft.code, "lien-he", contact, actor=ANYONE, at=at)
    return dossiers.submit_draft(draft.code, actor=ANYONE, at=at)


def expected(dossier: Dossier) -> list[tuple[int, int]]:
    """(number of the event, status after it) of every line of progress the portal should have, in order."""
    return lines((row.number, row.name.split(".")[1]) for row in history_of(dossier))


def what_came(wire: Wired, dossier: Dossier) -> list[tuple[int, int]]:
    code = dossier.code or dossier.submission_code
    found = [row for row in wire.stand_in.arrivals(code) if row[1] == "progress"]
    return [(int(reference.split("/")[1]), status) for reference, _service, status in found]
