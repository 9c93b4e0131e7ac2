"""Accounts of made-up officers, opened by the real commands, each with a key of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from thongsuot.config.replay.arrivals import Arrival, per_place
from thongsuot.config.replay.facts import City
from thongsuot.config.replay.lives import PORTAL, Officer, Staff, staffing
from thongsuot.config.replay.people import name
from thongsuot.kernel.actor import system
from thongsuot.people.actions import create_token, open_account
from thongsuot.people.models import Person
from thongsuot.units import queries as units

DOMAIN = "dien-tap.vidu.vn"
POSTS = {
    "desk": ("service_centre", "Công chức tiếp nhận", ("receive dossiers", "hand back results")),
    "specialist": ("office", "Chuyên viên", ("process dossiers",)),
    "head": ("office", "Chánh Văn phòng", ("assign dossiers", "review dossiers", "see figures")),
    "leader": ("people_committee", "Phó Chủ tịch", ("review dossiers", "sign results", "see figures")),
    "clerk": ("office", "Văn thư", ("issue results",)),
}
PIN = "260705"  # of everybody who signs
HOUSE = system("cli")


@dataclass
class Keys:
    """Who is who: by the address of an officer the id in the database and the secret of the key; who signs with a PIN."""

    person_ids: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    signers: set[str] = field(default_factory=set)


def planned(city: City, found: list[Arrival]) -> Staff:
    """Who works where, by the load that is coming."""
    working_days = sum(1 for start in city.axis.starts if start.date() <= city.until) / len(city.calendar.shifts)
    counted = per_place(found)
    numbers = staffing({place.unit_id: counted.get(place.unit_id, 0) / working_days for place in city.places})
    codes = {place.unit_id: place.code for place in city.places}
    return {
        unit_id: {
            role: [Officer(f"{role}{number}.{codes[unit_id]}@{DOMAIN}", role) for number in range(1, how_many + 1)]
            for role, how_many in roles.items()
        }
        for unit_id, roles in numbers.items()
    }


def open_accounts(
    city: City, staff: Staff, *, at: datetime, lasts: timedelta, seed: int, progress: Callable[[int, int], None]
) -> Keys:
    """Make who is missing; give everybody a new key: a secret is nowhere kept."""
    random, keys = Random(f"staff {seed}"), Keys()  # noqa: S311
    wanted = [(unit_id, officer) for unit_id, roles in staff.items() for group in roles.values() for officer in group]
    known = dict(Person.objects.filter(email__endswith=DOMAIN).values_list("email", "pk"))
    for done, (unit_id, officer) in enumerate(wanted):
        progress(done, len(wanted))
        kind, title, duties = POSTS[officer.role]
        _one(keys, known, officer.email, name(random), unit_id, kind, title, duties, at=at, lasts=lasts)
    _one(
        keys,
        known,
        f"{PORTAL}@{DOMAIN}",
        "Phần mềm Cổng dịch vụ công",
        city.id,
        "service_centre",
        "Chuyên viên",
        ("submit dossiers",),
        at=at,
        lasts=lasts,
    )
    keys.secrets[PORTAL] = keys.secrets.pop(f"{PORTAL}@{DOMAIN}")
    return keys


def _one(
    keys: Keys,
    known: dict[str, int],
    email: str,
    full_name: str,
    unit_id: int,
    kind: str,
    title: str,
    duties: tuple[str, ...],
    *,
    at: datetime,
    lasts: timedelta,
) -> None:
    person_id = known.get(email)
    if person_id is None:
        body = units.body(unit_id, kind, as_of=timezone.localdate(at))
        assert body is not None, (unit_id, kind)
        person_id = open_account(
            email=email,
            full_name=full_name,
            body_id=body.id,
            title=title,
            duties=duties,
            valid_from=timezone.localdate(at),
            is_demo=True,
            actor=HOUSE,
            at=at,
        ).pk
    keys.person_ids[email] = person_id
    keys.secrets[email] = create_token(
        person_id, name="dien-tap", duties=duties, expires_at=at + lasts, actor=HOUSE, at=at
    ).secret
