"""Helpers of a demo city: agents, volunteers, lawyers in its first wards, a roster, days of a campaign. Never in production."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from thongsuot.assistance import actions
from thongsuot.assistance.facts import AgentFacts, HelperFacts
from thongsuot.assistance.models import Agent, Helper
from thongsuot.assistance.queries.shifts import monday_of
from thongsuot.kernel.actor import system
from thongsuot.people.actions import register_citizen
from thongsuot.people.demo import PASSWORD, DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units import queries as units

HOUSE = system("cli")
DAY = timedelta(days=1)
DAYS_GONE = 6  # of the campaign
# (mailbox, name); giup, tinhnguyen and luatsu are the ones to log in with.
AGENT_PEOPLE = (("giup", "Lục Thị Giúp"), ("giup2", "Lỗ Văn Đỡ"), ("giup3", "Khổng Thị Trợ"))
VOLUNTEERS = (("tinhnguyen", "Ngụy Minh Nguyện"), ("tinhnguyen2", "Tiêu Hải Thanh"), ("tinhnguyen3", "Thạch Thị Xuân"))
LAWYERS = (("luatsu", "Ông Thị Luật"), ("luatsu2", "Viên Văn Lý"), ("luatsu3", "Giản Thị Biện"))


def load_demo(city_id: int, *, at: datetime) -> int:
    """Once; how many helpers came. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    if Agent.objects.exists():
        return 0
    begins = at - DAYS_GONE * DAY
    first, day = timezone.localdate(begins), timezone.localdate(at)
    campaign = actions.start_campaign(
        city_id,
        name="30 ngày cao điểm hỗ trợ chuyển đổi số (mẫu)",
        starts_on=first,
        days=30,
        targets={"people": 600, "accounts": 200, "dossiers": 150},
        actor=HOUSE,
        at=begins,
    )
    made: list[Helper] = []
    for place, unit in enumerate(demo_units(city_id, at=at)):
        point = next(iter(units.points_of([unit.id], as_of=day).get(unit.id, [])), None)
        made.append(_agent_with_person(unit, place, at=begins))
        if point is None:
            continue
        volunteer = _helper(
            unit.id, "volunteer", VOLUNTEERS[place], at=begins, organisation=f"Đoàn thanh niên {unit.full_name}"
        )
        lawyer = _helper(city_id, "lawyer", LAWYERS[place], at=begins, bar_number=f"0000{place + 1}/MẪU")
        made += [volunteer, lawyer]
        team = actions.form_team(
            campaign.pk, point_id=point.id, name=f"Đội tình nguyện {unit.full_name}", actor=HOUSE, at=begins
        )
        for gone in range(DAYS_GONE + 3):
            put: dict[str, Any] = {"point_id": point.id, "day": first + gone * DAY, "actor": HOUSE, "at": begins}
            shift = actions.put_shift(volunteer.number, starts=time(8), ends=time(11, 30), team_id=team.pk, **put)
            if gone < DAYS_GONE:
                came = (gone + place) % 5 != 4
                people, accounts = (8 + 3 * gone + place, 2 + gone) if came else (0, 0)
                whose, then = actor_for(volunteer.person, at=begins), begins + gone * DAY
                actions.count_shift(shift.pk, came=came, people=people, accounts=accounts, actor=whose, at=then)
        for n in range(2):
            when = monday_of(day) + (7 * n + 1 + place) * DAY
            if when >= first:
                actions.put_shift(
                    lawyer.number, point_id=point.id, day=when, starts=time(14), ends=time(16, 30), actor=HOUSE, at=begins
                )
    Person.objects.filter(pk__in=[one.person_id for one in made]).update(password=make_password(PASSWORD))
    return len(made)


def _agent_with_person(unit: units.UnitRow, place: int, *, at: datetime) -> Helper:
    facts = AgentFacts(
        name=f"Bưu cục {unit.name} (mẫu)",
        address=f"{place + 1} phố Mẫu",
        hours="8:00-17:00, thứ hai đến thứ bảy",
        phone=f"024000001{place:02}",
        decision_number=f"{place + 1}/QĐ-MẪU",
        decided_on=timezone.localdate(at),
    )
    agent = actions.register_agent(unit.id, facts, valid_from=timezone.localdate(at), actor=HOUSE, at=at)
    said = {"training": f"{place + 1}/CN-MẪU", "trained_on": timezone.localdate(at), "may_scan": True, "may_submit": True}
    return _helper(unit.id, "agent", AGENT_PEOPLE[place], at=at, agent_id=agent.pk, is_head=True, **said)


def _helper(unit_id: int, kind: str, who: tuple[str, str], *, at: datetime, **said: Any) -> Helper:
    email, name = email_of(who[0], None), who[1]
    if not Person.objects.filter(email=email).exists():
        register_citizen(email=email, full_name=name, password=None, email_verified=True, is_demo=True, actor=HOUSE, at=at)
    may = {"may_scan": True} if kind == "volunteer" else {}
    facts = HelperFacts(kind=kind, full_name=name, email=email, **(may | said))
    return actions.add_helper(unit_id, facts, valid_from=timezone.localdate(at), actor=HOUSE, at=at)
