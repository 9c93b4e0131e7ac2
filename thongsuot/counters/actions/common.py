"""What commands of counters share: whose house it is, who may, locks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters.actions.errors import NotAtPoint, QueueNotCalled
from thongsuot.counters.models import Counter, Queue, Ticket
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.people import queries as people
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.units.models import ServicePoint, Unit


def must_work_in(house_id: int, duty: str, *, actor: Actor, at: datetime) -> int:
    """Whoever runs the point on that day, and the people of it. Returns the unit whose point it is.

    Raises NotYourDuty (NotAtPoint), NotFound.
    """
    if not works_in(house_id, duty, actor=actor, on=timezone.localdate(at)):
        if not actor.units_for(duty):
            raise NotYourDuty(duty)
        point = units.point_of_house(house_id, as_of=timezone.localdate(at))
        body = people.body_of_unit(point.managed_by_name, point.managed_by_unit_id, timezone.localdate(at))
        raise NotAtPoint(duty, body=body)
    return units.unit_of_point(house_id)


def works_in(house_id: int, duty: str, *, actor: Actor, on: date) -> bool:
    """Whether `must_work_in` would let them. The unit alone does not tell: a branch may run the point of a ward."""
    if actor.trusted:
        return True
    if actor.person_id is None or not actor.units_for(duty):
        return False
    return house_id in people.houses_where(actor.person_id, duty, on=on)


def locked_house(house_id: int) -> None:
    """Two people who set up one hall do so one after the other."""
    ServicePoint.objects.select_for_update().get(pk=house_id)


def locked_city(*, on: date) -> int:
    """What holds for all points is set by one after the other; no point waits for it. Returns the unit."""
    city_id = units.default_city(as_of=on).id
    Unit.objects.select_for_update(no_key=True).get(pk=city_id)
    return city_id


def locked_queue(queue_id: int, *, on: date) -> Queue:
    """One that is open on the day. Raises NotFound."""
    found = must_exist(Queue.objects.select_for_update().filter(in_force(on), pk=queue_id).first())
    return found


def must_be_called(queue: Queue, *, on: date) -> None:
    """Raises QueueNotCalled: no counter would call what is taken there."""
    if not queue.counters.filter(in_force(on)).exists():
        raise QueueNotCalled


def locked_counter(counter_id: int, *, on: date) -> Counter:
    """One that is open on the day. Raises NotFound."""
    found = must_exist(Counter.objects.select_for_update().filter(in_force(on), pk=counter_id).first())
    return found


def ticket_at(counter: Counter, *states: str, on: date) -> Ticket | None:
    """What the counter holds on that day: called, or being served."""
    return Ticket.objects.select_for_update().filter(counter=counter, day=on, state__in=states or Ticket.AT_COUNTER).first()


def fields_of(codes: Sequence[str], day: date) -> list[str]:
    """Known ones, in order. Raises BadInput."""
    if not codes:
        return []
    known = {row.code for row in procedures.fields(on=day)}
    if unknown := set(codes) - known:
        raise BadInput({"fields": _("Không có lĩnh vực %(codes)s trong danh mục.") % {"codes": ", ".join(sorted(unknown))}})
    return sorted(set(codes))
