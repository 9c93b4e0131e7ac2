"""Phường Sông's point: Hồng heads the ward's centre, Lan and Hoa receive. An heads the city's centre, Bảo receives there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from thongsuot.counters import actions
from thongsuot.counters.models import Counter, Queue, Ticket
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units import actions as units
from thongsuot.units.models import ServicePoint
from thongsuot.units.tests.make import MadeCity, make_city

HOUSE = system("cli")
MONDAY = datetime(2025, 10, 6, 8, tzinfo=VIET_NAM)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SINCE = date(2025, 7, 1)
CAST = (
    ("hong", "river", [SERVE, ARRANGE]),
    ("lan", "river", [SERVE]),
    ("hoa", "river", [SERVE]),
    ("an", "city", [SERVE, ARRANGE]),
    ("bao", "city", [SERVE]),
    ("dao", "hill", [SERVE, ARRANGE]),
)


@dataclass
class Office:
    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def point(self) -> ServicePoint:
        return self.city.point(self.city.river)

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)

    def give_point_to_city(self, day: date, *, at: datetime = MONDAY) -> None:
        body = self.city.body(self.city.city, "service_centre")
        units.move_point(self.point.pk, to_body_id=body.pk, valid_from=day, basis="9/QĐ", actor=HOUSE, at=at)


def make_office() -> Office:
    office = Office(make_city())
    for name, where, duties in CAST:
        office.people[name] = open_account(
            email=f"{name}@vidu.vn",
            full_name=f"Trần Thị {name.title()}",
            body_id=office.city.body(getattr(office.city, where), "service_centre").pk,
            title="Chuyên viên",
            duties=duties,
            valid_from=SINCE,
            actor=HOUSE,
            at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
        )
    return office


def a_queue(office: Office, letter: str = "A", name: str = "Chứng thực", *, fields: list[str] | None = None) -> Queue:
    queue = actions.open_queue(
        office.point.pk, letter=letter, name=name, fields=fields or [], actor=office.actor("hong"), at=MONDAY
    )
    assert isinstance(queue, Queue)
    return queue


def a_counter(office: Office, *queues: Queue, number: int = 1) -> Counter:
    counter = actions.open_counter(
        office.point.pk, number=number, name="", queues=[one.pk for one in queues], actor=office.actor("hong"), at=MONDAY
    )
    assert isinstance(counter, Counter)
    return counter


def taken(queue: Queue, office: Office, *, at: datetime = MONDAY, priority: str = "", by: str = "lan") -> Ticket:
    ticket = actions.take_ticket(queue.pk, priority=priority, actor=office.actor(by, at), at=at)
    assert isinstance(ticket, Ticket)
    return ticket
