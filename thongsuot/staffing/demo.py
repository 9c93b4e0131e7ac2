"""Staff of a demo city: a plan for its first units, most places filled, some empty, people who wait, some who ask to leave.

Everyone is made up; nobody here has an account, so nobody can log in. Production never has them: `load_demo` refuses.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count, islice

from django.conf import settings
from django.utils import timezone

from thongsuot.files.tables import Column
from thongsuot.kernel.actor import Actor, system
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.staffing import actions, sheets
from thongsuot.staffing.models import JobPosition, StaffingPlan, StaffMember
from thongsuot.staffing.models.persons import State
from thongsuot.units import queries as units

HOUSE = system("cli")
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLES = ("Văn", "Thị", "Minh", "Thu", "Đức", "Ngọc", "Quang", "Hồng", "Thanh", "Xuân", "Anh")
GIVENS = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khôi", "Lam", "My", "Nam", "Oanh", "Phúc", "Quyên", "Sơn", "Thảo")
WAITING, EMPTY_EVERY = 12, 9  # people in the pool; every ninth post is empty
FIELDS = ("luật; hành chính", "tài chính", "xây dựng", "đất đai", "giáo dục", "y tế", "công nghệ thông tin", "nội vụ")


def load_demo(city_id: int, *, at: datetime) -> int:
    """Make them all, once; how many persons came. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    if StaffingPlan.objects.exists() or StaffMember.objects.exists():
        return 0
    chosen = demo_units(city_id, at=at)
    if not chosen:
        return 0
    posts = _plan(city_id, chosen, at=at)
    names = _names()
    _present(city_id, posts, names, at=at)
    _pool(city_id, chosen, names, at=at)
    _cases(chosen, at=at)
    _shares(city_id, chosen, at=at)
    return StaffMember.objects.count()


def _names() -> Iterator[str]:
    """All different for a long while: the three lists have no common divisor."""
    for number in count():
        yield (
            f"{FAMILIES[number % len(FAMILIES)]} {MIDDLES[number % len(MIDDLES)]} "
            f"{GIVENS[(number // len(MIDDLES) + number) % len(GIVENS)]}"
        )


def _file(columns: Sequence[Column], rows: Sequence[dict[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=",")
    writer.writerow([str(column.heading) for column in columns])
    writer.writerows([[row.get(column.key, "") for column in columns] for row in rows])
    return text.getvalue().encode()


def _plan(city_id: int, chosen: Sequence[units.UnitRow], *, at: datetime) -> list[dict[str, object]]:
    """The usual headcount of every mandatory position."""
    positions = list(JobPosition.objects.filter(mandatory=True, in_use=True).order_by("code"))
    rows: list[dict[str, object]] = [
        {"unit": unit.code, "position": position.code, "persons": position.headcount}
        for unit in chosen
        for position in positions
        if unit.kind in position.applies_to and position.headcount
    ]
    plan = actions.make_plan(
        city_id=city_id,
        title="Phương án mẫu",
        decision_number="MẪU-01/QĐ-UBND",
        total_persons=sum(int(str(row["persons"])) for row in rows),
        total_units=len(chosen),
        effective_on=max(unit.valid_from for unit in chosen),
        actor=HOUSE,
        at=at,
    )
    actions.fill_plan(plan.pk, _file(sheets.PLAN, rows), name="phuong-an-mau.csv", actor=HOUSE, at=at)
    actions.accept_plan(plan.pk, actor=HOUSE, at=at)
    return rows


def _present(city_id: int, posts: Sequence[dict[str, object]], names: Iterator[str], *, at: datetime) -> None:
    rows: list[dict[str, object]] = []
    for place, post in enumerate(posts):
        filled = int(str(post["persons"])) - (1 if place % EMPTY_EVERY == 4 else 0)
        rows += [
            {
                "full_name": next(names),
                "unit": post["unit"],
                "position": post["position"],
                "state": str(State.ASSIGNED.label),
                "fields": FIELDS[place % len(FIELDS)],
                "years": place % 20,
            }
            for _one in range(filled)
        ]
    _import(city_id, rows, counted=timezone.localdate(at), at=at)


def _pool(city_id: int, chosen: Sequence[units.UnitRow], names: Iterator[str], *, at: datetime) -> None:
    """Of the units from which the first ones were made, where that is known."""
    origins = [change.unit for found in units.origins_of([unit.id for unit in chosen]).values() for change in found]
    codes = [unit.code for unit in origins if unit.valid_to] or [unit.code for unit in chosen]
    counted = min((unit.valid_to for unit in origins if unit.valid_to), default=None)
    rows: list[dict[str, object]] = [
        {
            "full_name": name,
            "email": f"cho-bo-tri-{place + 1}@demo.thongsuot.vn",
            "unit": codes[place % len(codes)],
            "old_title": "Công chức",
            "fields": FIELDS[place % len(FIELDS)],
            "years": 2 + place,
            "wish": chosen[place % len(chosen)].code if place % 2 else "",
        }
        for place, name in enumerate(islice(names, WAITING))
    ]
    day = counted - timedelta(days=1) if counted else timezone.localdate(at)
    _import(city_id, rows, counted=day, at=at)


def _import(city_id: int, rows: Sequence[dict[str, object]], *, counted: date, at: datetime) -> None:
    actions.import_members(city_id, _file(sheets.MEMBERS, rows), name="can-bo-mau.csv", counted=counted, actor=HOUSE, at=at)


def _actor(who: str, at: datetime) -> Actor:
    person = Person.objects.filter(email=email_of(who, None)).first()
    return actor_for(person, at=at) if person else HOUSE


def _cases(chosen: Sequence[units.UnitRow], *, at: datetime) -> None:
    """Two proposals, one of them of the Party's, and three applications at different desks."""
    day, first = timezone.localdate(at), chosen[0]
    waiting = list(StaffMember.objects.filter(state=State.WAITING).order_by("pk"))
    for member, code in zip(waiting, ("VT17", "VT08"), strict=False):
        position = JobPosition.objects.get(code=code)
        body = units.body(first.id, position.body_kind, as_of=day)
        if body is not None:
            actions.propose(
                member.pk,
                becomes=State.ASSIGNED,
                to_body_id=body.id,
                position_id=position.pk,
                effective_on=day + timedelta(days=14),
                note="Phương án mẫu",
                actor=_actor("hanh", at),
                at=at,
            )
    staying = StaffMember.objects.filter(state=State.ASSIGNED, unit_id=first.id).order_by("-pk")[:3]
    for place, member in enumerate(staying):
        case = actions.apply_for_leave(
            member.pk,
            kind="early_retirement" if place else "leaving",
            applied_on=day - timedelta(days=9 + 25 * place),
            leaves_on=day + timedelta(days=30),
            reorganised_on=first.valid_from,
            facts=actions.PayFacts(
                pay_dong=14_000_000 + 1_500_000 * place, months_insured=260, retires_on=day + timedelta(days=30 + 365 * 3)
            ),
            actor=HOUSE,
            at=at,
        )
        for stage in ("unit_head", "council")[:place]:
            actions.pass_on(case.pk, stage=stage, actor=_actor("hanh" if stage == "unit_head" else "noivu", at), at=at)


def _shares(city_id: int, chosen: Sequence[units.UnitRow], *, at: datetime) -> None:
    shares = {unit.id: 10 + place for place, unit in enumerate(chosen)}
    actions.distribute(
        city_id,
        title="Người hoạt động không chuyên trách (mẫu)",
        group="non_specialised",
        total=sum(shares.values()),
        shares=shares,
        actor=HOUSE,
        at=at,
    )
