"""Thành phố Ví Dụ receives citizens: Hạnh leads phường Sông, Viết keeps its register, Đào phường Đồi's, Phụng the city's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.facts import DayFacts, PartyFacts, VisitorFacts
from thongsuot.citizen_reception.models import OnlineSession, ReceptionDay, ReceptionEntry
from thongsuot.citizen_reception.rules import DUTY, LEAD
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units.actions import set_up_agency
from thongsuot.units.queries import clear_caches
from thongsuot.units.tests.make import MadeCity, make_city

HOUSE = system("cli")
# After the law on online receptions; a Monday, and the week has no holiday.
MONDAY = datetime(2026, 8, 3, 9, tzinfo=VIET_NAM)
STARTS = datetime(2026, 8, 17, 14, tzinfo=VIET_NAM)
CAST = (
    ("hanh", "river", "people_committee", [DUTY, LEAD]),
    ("viet", "river", "office", [DUTY]),
    ("thu", "river", "office", [DUTY]),
    ("dao", "hill", "office", [DUTY]),
    ("phung", "city", "service_centre", [DUTY, "see figures"]),
    ("khach", "river", "office", ["process dossiers"]),
)
# Nobody living has this number.
WHO = VisitorFacts(name="Lò Thị Đến", address="3 phố Bến", id_number="001431000077", phone="0912 000 077", email="den@vidu.vn")


@dataclass
class Office:
    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)

    @property
    def river(self) -> int:
        return self.city.river.pk

    @property
    def hill(self) -> int:
        return self.city.hill.pk


def make_office() -> Office:
    office = Office(make_city())
    for name, where, kind, duties in CAST:
        office.people[name] = open_account(
            email=f"{name}@vidu.vn",
            full_name=f"Trần Thị {name.title()}",
            body_id=office.city.body(getattr(office.city, where), kind).pk,
            title="Phó Chủ tịch" if name == "hanh" else "Chuyên viên",
            duties=duties,
            valid_from=date(2025, 7, 1),
            actor=HOUSE,
            at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
        )
    actions.load_settings(actor=HOUSE, at=MONDAY)
    return office


def an_agency(office: Office, name: str = "Sở Ví Dụ") -> int:
    """A department of the city, whose officer Sơn receives. Its unit."""
    says = {"code": "98D01", "kind": "department", "identifier": "H98.61", "valid_from": date(2025, 7, 1)}
    opened_at = datetime(2025, 7, 1, 8, tzinfo=VIET_NAM)
    body = set_up_agency(office.city.city.pk, name=name, **says, actor=HOUSE, at=opened_at)
    office.people["son"] = open_account(
        email="son@vidu.vn",
        full_name="Trần Thị Son",
        body_id=body.pk,
        title="Chuyên viên",
        duties=[DUTY],
        valid_from=date(2025, 7, 1),
        actor=HOUSE,
        at=opened_at,
    )
    clear_caches()
    return body.unit_id


def a_day(office: Office, *, unit_id: int | None = None, by: str = "hanh", **changes: Any) -> ReceptionDay:
    """Every Thursday morning, by the chair."""
    said: dict[str, Any] = {
        "weekday": 4,
        "week": 0,
        "starts": time(8),
        "ends": time(11, 30),
        "receiver": "Chủ tịch Ủy ban nhân dân",
        "by_head": True,
        "valid_from": MONDAY.date(),
        "place": "Phòng 102, trụ sở",
    }
    return actions.put_day(unit_id or office.river, DayFacts(**(said | changes)), actor=office.actor(by), at=MONDAY)


def came(office: Office, *, by: str = "viet", at: datetime = MONDAY, **changes: Any) -> ReceptionEntry:
    """A complaint of phường Sông's own."""
    said: dict[str, Any] = {
        "visitor": WHO,
        "matter": "Không đồng ý với quyết định xử phạt.",
        "kind": "complaint",
        "competence": "ours",
    }
    unit_id = changes.pop("unit_id", office.river)
    return actions.register_visit(unit_id, **(said | changes), actor=office.actor(by, at), at=at)


def a_session(office: Office, *, by: str = "viet", at: datetime = MONDAY, **changes: Any) -> OnlineSession:
    said: dict[str, Any] = {"title": "Tiếp đoàn hộ dân phố Bến", "starts_at": STARTS, "heard_by": "Chủ tịch UBND"}
    made = actions.plan_session(office.river, **(said | changes), actor=office.actor(by, at), at=at)
    actions.add_party(made.pk, PartyFacts(name="Lò Văn Diện", role="Người đại diện", people=12), actor=HOUSE, at=at)
    actions.add_site(made.pk, unit_id=office.river, actor=HOUSE, at=at)
    actions.add_site(made.pk, name="Trụ sở thành phố", actor=HOUSE, at=at)
    return made


def told(office: Office, session: OnlineSession, at: datetime = MONDAY) -> int:
    return actions.notify_parties(session.pk, how="Giấy mời số 1", actor=office.actor("viet", at), at=at)
