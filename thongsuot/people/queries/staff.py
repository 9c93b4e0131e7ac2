"""Who can do a job in a unit, and who does it for them while they are away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from thongsuot.kernel.periods import in_force
from thongsuot.people import rules
from thongsuot.people.models import Appointment, Delegation
from thongsuot.units import queries as units


@dataclass(frozen=True)
class StandIn:
    """Who does the work of someone who is away."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """Someone of a unit who can be given a job. `stand_in`: who does it while they are away, by a delegation that covers it."""

    id: int
    name: str
    post: str
    stand_in: StandIn | None = None

    @property
    def doing(self) -> StaffRow | StandIn:
        """Who does what this person is given today."""
        return self.stand_in or self

    @property
    def label(self) -> str:
        """'Nguyễn Văn Toàn, Chuyên viên'; whoever is away is given the work all the same, and the stand-in gets it."""
        if self.stand_in is None:
            return f"{self.name}, {self.post}"
        return _("%(name)s, %(post)s (đang vắng, có người làm thay)") % {"name": self.name, "post": self.post}


def staff_with_duty(duty: str, unit_id: int, *, on: date) -> list[StaffRow]:
    """Who of the unit's own bodies, or at its points, holds the duty by appointment, in Vietnamese order of names. One query.

    Other people of the city's bodies are not listed for a commune, though their duties reach it: work goes to colleagues.
    """
    passed_on = bool(rules.passed_on([duty], includes_signing=False))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_staff_with_duty(%s, %s, %s, %s)", [duty, unit_id, on, passed_on])
        return [
            StaffRow(id=pk, name=name, post=post, stand_in=StandIn(other, other_name) if other is not None else None)
            for pk, name, post, other, other_name in cursor.fetchall()
        ]


def holders_by_unit(duties: Collection[str], *, on: date) -> dict[tuple[int, str], int]:
    """{(unit, duty): how many active people hold it by a post in one of the unit's own bodies}. One query."""
    rows = Appointment.objects.filter(in_force(on), duties__overlap=list(duties), person__is_active=True)
    found: dict[tuple[int, str], set[int]] = {}
    for unit_id, person_id, held in rows.values_list("body__unit", "person", "duties"):
        for duty in set(held) & set(duties):
            found.setdefault((unit_id, duty), set()).add(person_id)
    return {key: len(people) for key, people in found.items()}


def units_with_holder(duties: Collection[str], *, on: date) -> frozenset[int]:
    """Units where one active person holds all of these duties by posts in the unit's own bodies. One query."""
    rows = Appointment.objects.filter(in_force(on), duties__overlap=list(duties), person__is_active=True)
    held: dict[tuple[int, int], set[str]] = {}
    for unit_id, person_id, of_post in rows.values_list("body__unit", "person", "duties"):
        held.setdefault((unit_id, person_id), set()).update(of_post)
    return frozenset(unit_id for (unit_id, _person), has in held.items() if has.issuperset(duties))


def officers_of_houses(house_ids: Collection[int], duty: str, *, on: date) -> dict[int, list[tuple[int, str]]]:
    """{house: (person, name) of who holds the duty there by a post, in Vietnamese order}: at a point of it, or in the body that
    runs it; then who stands in for one of them, as `houses_where` lets them in. Five queries.
    """
    run: dict[int, list[int]] = {}
    for house_id, point in units.points_of_houses(house_ids, as_of=on).items():
        run.setdefault(point.managed_by_id, []).append(house_id)
    posts = Appointment.objects.filter(in_force(on), duties__contains=[duty], person__is_active=True)
    posts = posts.filter(Q(point=None, body__in=run) | Q(point__isnull=False)).order_by("person__sort_name", "person")
    rows = list(posts.values_list("person", "person__full_name", "body", "point", "body__unit"))
    at_points = units.houses_of([point for *_, point, _unit in rows if point is not None])
    taken_over = _stand_ins({row[0] for row in rows}, duty, on=on)
    rows += [
        (*stand_in, body_id, point_id, unit_id)
        for person_id, _name, body_id, point_id, unit_id in rows
        for stand_in in taken_over.get((person_id, unit_id), ())
    ]
    found: dict[int, list[tuple[int, str]]] = {}
    for person_id, name, body_id, point_id, _unit in rows:
        for house_id in run.get(body_id, []) if point_id is None else [at_points[point_id]]:
            known = found.setdefault(house_id, [])
            if (person_id, name) not in known:
                known.append((person_id, name))
    return found


def _stand_ins(person_ids: Collection[int], duty: str, *, on: date) -> dict[tuple[int, int], list[tuple[int, str]]]:
    """{(who is away, in which unit): (person, name) of who does their work}. One query."""
    own = Appointment.objects.filter(in_force(on), person=OuterRef("to_person"), body__unit=OuterRef("unit"))
    handed = Delegation.objects.filter(in_force(on), Exists(own), from_person__in=person_ids, to_person__is_active=True)
    found: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for row in handed.select_related("to_person").order_by("to_person__sort_name", "to_person"):
        if rules.passed_on([duty], includes_signing=row.includes_signing):
            found.setdefault((row.from_person_id, row.unit_id), []).append((row.to_person_id, row.to_person.full_name))
    return found


@dataclass(frozen=True, kw_only=True)
class AtPoint:
    name: str
    title: str


def people_at(point_id: int, *, on: date) -> list[AtPoint]:
    """Whose post is at the service point on that day, in Vietnamese order of names. One query."""
    rows = Appointment.objects.filter(in_force(on), point=point_id).order_by("person__sort_name", "pk")
    return [AtPoint(name=name, title=title) for name, title in rows.values_list("person__full_name", "title")]
