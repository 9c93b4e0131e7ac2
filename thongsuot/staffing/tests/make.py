"""Thành phố Ví Dụ with its catalogue of positions, and those who place people: the head, Home Affairs, the Organisation board.

Persons come as lists do, plans as files; everything by the commands that make the real ones. Everyone is made up.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import xlsxwriter
from django.test import override_settings

from thongsuot.files.tables import Column
from thongsuot.kernel.actor import Actor
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import MONDAY, make_officer, with_second_factor
from thongsuot.staffing import actions, loading, sheets
from thongsuot.staffing.models import (
    JobPosition,
    LeaveCase,
    Placement,
    StaffingPlan,
    StaffMember,
)
from thongsuot.units.models import Body, Unit
from thongsuot.units.tests.make import THE_DAY, MadeCity, make_city

_numbers = itertools.count(1)
DAY = MONDAY.date()
LATER = MONDAY + timedelta(days=7)


@dataclass
class Office:
    """`people`: hanh heads river's office, doan hill's; nga is of Home Affairs, dung of the Organisation board; tam a colleague
    of Nga who decides."""

    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def river(self) -> Unit:
        return self.city.river

    @property
    def hill(self) -> Unit:
        return self.city.hill

    def actor(self, who: str, at: datetime = MONDAY) -> Actor:
        return actor_for(Person.objects.get(pk=self.people[who].pk), at=at)

    def body(self, unit: Unit, kind: str = "office") -> Body:
        return self.city.body(unit, kind)


@override_settings(CITY_CODE="98")
def make_office() -> Office:
    city = make_city()
    loading.load(at=MONDAY)
    home_affairs, board = "Quản lý cán bộ (nội vụ)", "Phụ trách cán bộ diện cấp ủy quản lý"
    people = {
        "hanh": make_officer(city.river, name="Lê Thị Hạnh", kind="office", title="Chánh Văn phòng"),
        "doan": make_officer(city.hill, name="Vũ Văn Đoàn", kind="office", title="Chánh Văn phòng"),
        "nga": make_officer(city.city, name="Dương Thúy Nga", kind="people_committee", title=home_affairs),
        "tam": make_officer(city.city, name="Lò Minh Tâm", kind="people_committee", title=home_affairs),
        "dung": make_officer(city.city, name="Cao Tiến Dũng", kind="people_committee", title=board),
        "lan": make_officer(city.river, name="Nguyễn Thị Lan"),
    }
    for who in ("nga", "tam", "dung"):
        with_second_factor(people[who])
    return Office(city=city, people=people)


def position(code: str) -> JobPosition:
    return JobPosition.objects.get(code=code)


# Of the catalogue: of what tests speak.
JUSTICE, CHAIR, RECEPTION, DRIVER, TOWN_PLANNING, FARMING = "VT17", "VT07", "VT51", "VT56", "VT28", "VT33"


def csv_of(columns: Sequence[Column], rows: Sequence[dict[str, object]]) -> bytes:
    lines = [";".join(str(column.heading) for column in columns)]
    lines += [";".join(str(row.get(column.key, "")) for column in columns) for row in rows]
    return "\n".join(lines).encode()


def xlsx_of(columns: Sequence[Column], rows: Sequence[dict[str, object]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, column in enumerate(columns):
        sheet.write(0, place, str(column.heading))
        for line, row in enumerate(rows, start=1):
            if column.key in row:
                sheet.write(line, place, row[column.key])
    book.close()
    return target.getvalue()


def make_plan(
    office: Office,
    rows: Sequence[dict[str, object]],
    *,
    persons: int,
    units: int,
    accept: bool = True,
    effective_on: date = THE_DAY,
    at: datetime = MONDAY,
) -> StaffingPlan:
    """A plan of a decision that says `persons` over `units`, filled from a file."""
    nga = office.actor("nga", at)
    plan = actions.make_plan(
        city_id=office.city.city.pk,
        title="Phương án bố trí cán bộ, công chức",
        decision_number="1/QĐ-VD",
        total_persons=persons,
        total_units=units,
        effective_on=effective_on,
        actor=nga,
        at=at,
    )
    actions.fill_plan(plan.pk, csv_of(sheets.PLAN, rows), name="phuong-an.csv", actor=nga, at=at)
    return actions.accept_plan(plan.pk, actor=nga, at=at) if accept else plan


def make_member(office: Office, *, at: datetime = MONDAY, counted: date = DAY, **said: str) -> StaffMember:
    """A person who waits for a place, of phường Sông unless said otherwise: keys of sheets.MEMBERS."""
    number = next(_numbers)
    cells = {
        "full_name": "Hoàng Thị Mai",
        "email": f"mai-{number}@vidu.vn",
        "unit": "98001",
        "qualification": "đại học",
        "fields": "luật",
        "years": "6",
        **said,
    }
    return actions.add_member(office.city.city.pk, said=cells, counted=counted, actor=office.actor("nga", at), at=at)


def propose(office: Office, member: StaffMember, *, by: str = "hanh", code: str = JUSTICE, **changes: object) -> Placement:
    """To a position of phường Sông from LATER's day on."""
    wanted = position(code)
    facts: dict[str, object] = {
        "becomes": "assigned",
        "to_body_id": office.body(office.river, wanted.body_kind).pk,
        "position_id": wanted.pk,
        "effective_on": LATER.date(),
        "actor": office.actor(by),
        "at": MONDAY,
        **changes,
    }
    return actions.propose(member.pk, **facts)


def approved(office: Office, placement: Placement) -> Placement:
    placement = actions.approve(placement.pk, side="government", actor=office.actor("nga"), at=MONDAY)
    if placement.party_managed:
        placement = actions.approve(placement.pk, side="party", actor=office.actor("dung"), at=MONDAY)
    return placement


def decided(office: Office, placement: Placement, *, at: datetime = MONDAY) -> Placement:
    approved(office, placement)
    return actions.decide(
        placement.pk,
        decision_number="12/QĐ-UBND",
        decided_by="UBND Thành phố Ví Dụ",
        decided_on=at.date(),
        actor=office.actor("tam"),
        at=at,
    )


def in_effect(office: Office, placement: Placement, *, at: datetime = LATER) -> Placement:
    decided(office, placement)
    return actions.take_effect(placement.pk, actor=office.actor("tam", at), at=at)


PAY = actions.PayFacts(pay_dong=15_000_000, months_insured=240, months_served=240, retires_on=date(2028, 12, 1))


def make_leave(
    office: Office, member: StaffMember, *, by: str = "hanh", kind: str = "early_retirement", **changes: object
) -> LeaveCase:
    facts: dict[str, object] = {
        "kind": kind,
        "applied_on": DAY,
        "leaves_on": date(2025, 12, 1),
        "reorganised_on": THE_DAY,
        "facts": PAY,
        "actor": office.actor(by),
        "at": MONDAY,
        **changes,
    }
    return actions.apply_for_leave(member.pk, **facts)


def at_decision(office: Office, case: LeaveCase) -> LeaveCase:
    for who, stage in (("hanh", "unit_head"), ("nga", "council"), ("nga", "home_affairs")):
        case = actions.pass_on(case.pk, stage=stage, actor=office.actor(who), at=MONDAY)
    return case


def decide_leave(office: Office, case: LeaveCase, *, dong: int = 900_000_000) -> LeaveCase:
    return actions.decide_leave(
        case.pk,
        decision_number="34/QĐ-UBND",
        decided_by="UBND Thành phố Ví Dụ",
        decided_on=DAY,
        decided_dong=dong,
        actor=office.actor("tam"),
        at=MONDAY,
    )
