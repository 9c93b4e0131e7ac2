"""Who can do a job in a unit, and who does it for them while they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from thongsuot.kernel.periods import in_force
from thongsuot.people import rules
from thongsuot.people.models import Appointment


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


# Who stands in is looked up like in `actors`: one with an account and a post of their own there.
_STAFF = """
SELECT p.id, p.full_name, string_agg(DISTINCT a.title || ', ' || b.name, '; '), s.id, s.full_name
  FROM people_appointment a
  JOIN units_body b ON b.id = a.body_id
  JOIN people_person p ON p.id = a.person_id AND p.is_active
  LEFT JOIN people_delegation d ON d.from_person_id = p.id AND d.unit_id = b.unit_id
       AND d.valid_from <= %(day)s AND d.valid_to > %(day)s AND (d.includes_signing OR %(passed_on)s)
       AND EXISTS (SELECT FROM people_appointment own JOIN units_body ob ON ob.id = own.body_id
                    WHERE own.person_id = d.to_person_id AND ob.unit_id = d.unit_id
                      AND own.valid_from <= %(day)s AND (own.valid_to IS NULL OR own.valid_to > %(day)s))
  LEFT JOIN people_person s ON s.id = d.to_person_id AND s.is_active
 WHERE (b.unit_id = %(unit)s OR a.point_id IS NOT NULL AND a.point_id IN (SELECT units_points_of(%(unit)s)))
   AND a.duties @> ARRAY[%(duty)s]::varchar[]
   AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)
   AND b.valid_from <= %(day)s AND (b.valid_to IS NULL OR b.valid_to > %(day)s)
 GROUP BY p.id, s.id ORDER BY p.sort_name, p.id
"""


def staff_with_duty(duty: str, unit_id: int, *, on: date) -> list[StaffRow]:
    """Who of the unit's own bodies, or at its points, holds the duty by appointment, in Vietnamese order of names. One query.

    Other people of the city's bodies are not listed for a commune, though their duties reach it: work goes to colleagues.
    """
    passed_on = bool(rules.passed_on([duty], includes_signing=False))
    with connection.cursor() as cursor:
        cursor.execute(_STAFF, {"duty": duty, "unit": unit_id, "day": on, "passed_on": passed_on})
        return [
            StaffRow(id=pk, name=name, post=post, stand_in=StandIn(other, other_name) if other is not None else None)
            for pk, name, post, other, other_name in cursor.fetchall()
        ]


@dataclass(frozen=True, kw_only=True)
class AtPoint:
    name: str
    title: str


def people_at(point_id: int, *, on: date) -> list[AtPoint]:
    """Whose post is at the service point on that day, in Vietnamese order of names. One query."""
    rows = Appointment.objects.filter(in_force(on), point=point_id).order_by("person__sort_name", "pk")
    return [AtPoint(name=name, title=title) for name, title in rows.values_list("person__full_name", "title")]
