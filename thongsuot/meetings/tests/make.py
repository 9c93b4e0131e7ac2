"""Thành phố Ví Dụ holds a conference: An and Bình at the hub, Mai at phường Sông, Đào at phường Đồi; a guest may do neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.meetings import actions
from thongsuot.meetings.models import Conference, Site
from thongsuot.meetings.rules import ATTEND, HOLD
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units.tests.make import MadeCity, make_city

HOUSE = system("cli")
MONDAY = datetime(2025, 10, 6, 9, tzinfo=VIET_NAM)
STARTS = datetime(2025, 10, 20, 8, tzinfo=VIET_NAM)
SECOND = timedelta(seconds=1)
CAST = (
    ("an", "city", "service_centre", [HOLD]),
    ("binh", "city", "service_centre", [HOLD]),
    ("mai", "river", "office", [ATTEND]),
    ("dao", "hill", "office", [ATTEND]),
    ("khach", "river", "office", ["process dossiers"]),
)


@dataclass
class Office:
    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)


def make_office() -> Office:
    office = Office(make_city())
    for name, where, kind, duties in CAST:
        office.people[name] = open_account(
            email=f"{name}@vidu.vn",
            full_name=f"Trần Thị {name.title()}",
            body_id=office.city.body(getattr(office.city, where), kind).pk,
            title="Chuyên viên",
            duties=duties,
            valid_from=date(2025, 7, 1),
            actor=HOUSE,
            at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
        )
    return office


def planned(office: Office, **changes: object) -> Conference:
    said: dict[str, object] = {
        "title": "Giao ban tháng 10",
        "starts_at": STARTS,
        "hub_phone": "024 3825 3536",
        "link": "https://hop.vidu.vn/1",
    }
    said |= changes
    made = actions.plan_conference(office.city.city.pk, **said, actor=office.actor("an"), at=MONDAY)
    assert isinstance(made, Conference)
    return made


def running(office: Office, *, at: datetime = STARTS, **changes: object) -> Conference:
    return actions.start_conference(planned(office, **changes).pk, actor=office.actor("an"), at=at)


def site_of(conference: Conference, unit_id: int) -> Site:
    return Site.objects.get(conference=conference, unit_id=unit_id)
