"""What the city set and what each person chose: quiet hours, the order of ways, what is declined."""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db.models import Q

from thongsuot.kernel.periods import in_force
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import kinds, rules
from thongsuot.notices.models import LetterRoute, Notice, OptOut, QuietHours
from thongsuot.units import queries as units

_SHIPPED = Path(__file__).parent.parent / "data" / "quiet_hours.csv"


@cache
def _shipped_quiet() -> list[QuietHours]:
    """The latest first. Not seen in a text: each row says so, and the city sets its own."""
    with _SHIPPED.open(newline="") as file:
        rows = [
            QuietHours(
                valid_from=date.fromisoformat(row["valid_from"]),
                starts=time.fromisoformat(row["starts"]),
                ends=time.fromisoformat(row["ends"]),
                ways=row["ways"].split(),
                basis=row["basis"],
            )
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda row: row.valid_from, reverse=True)


def quiet_on(city_id: int, *, on: date) -> QuietHours:
    """The city's own hours, else what is shipped. One query."""
    found = QuietHours.objects.filter(in_force(on), city_id=city_id).order_by("-valid_from").first()
    return found or next((row for row in _shipped_quiet() if row.valid_from <= on), _shipped_quiet()[-1])


def quiet_hours(city_id: int) -> list[QuietHours]:
    """All that the city ever set, the latest first."""
    return list(QuietHours.objects.filter(city_id=city_id).order_by("-valid_from"))


def held_until(notice: Notice, way: str, *, at: datetime) -> datetime | None:
    """Until when a notice waits before it goes by this way. None: it goes now."""
    if kinds.LETTERS[notice.key].at_once:
        return None
    row = quiet_on(units.city_of(notice.unit_id), on=local_day(at))
    return rules.Quiet(starts=row.starts, ends=row.ends, ways=frozenset(row.ways)).holds(way, at)


def route_of(city_id: int, key: str, *, on: date) -> str:
    """In which order the ways of a letter are tried. One query."""
    rows = LetterRoute.objects.filter(in_force(on), city_id=city_id, key=key).order_by("-valid_from")
    return rows.values_list("route", flat=True).first() or kinds.LETTERS[key].route


def routes_to_come(city_id: int, key: str, *, on: date) -> list[LetterRoute]:
    """What was set for one letter and does not hold yet. One query."""
    return list(LetterRoute.objects.filter(city_id=city_id, key=key, valid_from__gt=on).order_by("valid_from"))


def routes_of(city_id: int, *, on: date) -> dict[str, str]:
    """Of every letter. One query."""
    rows = LetterRoute.objects.filter(in_force(on), city_id=city_id).order_by("valid_from").values_list("key", "route")
    return {key: kind.route for key, kind in kinds.LETTERS.items()} | {
        key: route for key, route in rows if key in kinds.LETTERS
    }


def declined_ways(notice: Notice) -> frozenset[str]:
    """By which ways its recipient does not want such a letter, now: by account, or by address. No query unless optional."""
    kind = kinds.LETTERS[notice.key].optional if notice.key in kinds.LETTERS else ""
    if not kind:
        return frozenset()
    person_id = owner_of(notice)
    whose = by_address(notice) | (Q(person_id=person_id) if person_id else Q(pk=None))
    return frozenset(OptOut.objects.filter(whose, kind=kind, ended_at=None).values_list("way", flat=True))


def by_address(notice: Notice) -> Q:
    """The choices of whoever reads at the addresses it goes to, made without an account."""
    mail = Q(address=notice.email, way=rules.SMTP) if notice.email else Q(pk=None)
    phone = rules.mobile(notice.phone)
    return mail | (Q(address=phone, way__in=rules.BY_PHONE) if phone else Q(pk=None))


def owner_of(notice: Notice) -> int | None:
    """The account it was told to, else the one that has proven the mail address to be its own."""
    if notice.to_person_id or not notice.email:
        return notice.to_person_id
    proven = EmailAddress.objects.filter(email=notice.email, verified=True)
    person_id: int | None = proven.values_list("user_id", flat=True).first()
    return person_id


def choices_of(person_id: int) -> Q:
    """What an account chose, and what was chosen by a link at a mail address before the account had proven it."""
    proven = EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True)
    return Q(person_id=person_id) | Q(address__in=[email.lower() for email in proven], way=rules.SMTP)


def my_choices(person_id: int) -> set[tuple[str, str]]:
    """(kind, way) of what an account declined. Two queries."""
    return set(OptOut.objects.filter(choices_of(person_id), ended_at=None).values_list("kind", "way"))


def declined_by_link(notice: Notice) -> list[str]:
    """Ways by which whoever reads at its addresses does not want such a letter. One query."""
    kind = kinds.LETTERS[notice.key].optional
    rows = OptOut.objects.filter(by_address(notice), kind=kind, ended_at=None).values_list("way", flat=True)
    return sorted(rows, key=list(rules.WAYS).index)
