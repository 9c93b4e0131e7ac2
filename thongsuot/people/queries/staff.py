"""Who can do a job in a unit, and who does it for them while they are away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from thongsuot.kernel.periods import in_force
from thongsuot.people.models import Delegation, Person


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """Someone of a unit who can be given a job. `stand_in_id`: who does their work while they are away."""

    id: int
    name: str
    post: str
    stand_in_id: int | None


_STAFF = """
SELECT p.id, p.full_name, string_agg(DISTINCT a.title || ', ' || b.name, '; '), min(d.to_person_id)
  FROM people_appointment a
  JOIN units_body b ON b.id = a.body_id
  JOIN people_person p ON p.id = a.person_id AND p.is_active
  LEFT JOIN people_delegation d ON d.from_person_id = p.id AND d.unit_id = b.unit_id
       AND d.valid_from <= %(day)s AND d.valid_to > %(day)s
       AND EXISTS (SELECT FROM people_person s WHERE s.id = d.to_person_id AND s.is_active)
 WHERE b.unit_id = %(unit)s AND a.duties @> ARRAY[%(duty)s]::varchar[]
   AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)
   AND b.valid_from <= %(day)s AND (b.valid_to IS NULL OR b.valid_to > %(day)s)
 GROUP BY p.id ORDER BY p.sort_name, p.id
"""


def staff_with_duty(duty: str, unit_id: int, *, on: date) -> list[StaffRow]:
    """Who of the unit's own bodies holds the duty by appointment, in Vietnamese order of names. One query.

    People of the city's bodies are not listed for a commune, though their duties reach it: work goes to colleagues.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAFF, {"duty": duty, "unit": unit_id, "day": on})
        return [StaffRow(id=row[0], name=row[1], post=row[2], stand_in_id=row[3]) for row in cursor.fetchall()]


def stand_in_for(person_id: int, *, unit_id: int, on: date) -> int | None:
    """Who does the person's work in that unit on that day; None when nobody was named."""
    rows = Delegation.objects.filter(in_force(on), from_person_id=person_id, unit_id=unit_id, to_person__is_active=True)
    return rows.order_by("valid_from", "id").values_list("to_person_id", flat=True).first()


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """For lists of officers' work: {id: full name}. One query. Never for citizens: their data passes a check first."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "full_name"))
