"""When a point opens, days that differ, and what else each place settles for itself; numbers that were not called in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import locked_house, must_work_in
from thongsuot.counters.models import HallSettings, OpeningException, OpeningHours, Ticket
from thongsuot.counters.queries.opening import open_times, opens_words
from thongsuot.counters.rules import ARRANGE, CITY
from thongsuot.counters.rules.opening import as_json
from thongsuot.counters.rules.settings import RANGES, Settings
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import Shift
from thongsuot.units import queries as units

REASON_AT_MOST = 200


@command
def set_hours(point_id: int, *, week: Sequence[Sequence[Shift]], valid_from: date, actor: Actor, at: datetime) -> OpeningHours:
    """From that day on, today at the earliest. Raises NotFound, NotYourDuty, BadInput."""
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    must_be_a_week(week, valid_from, at=at)
    return put_hours(house_id, unit_id, week=week, valid_from=valid_from, actor=actor, at=at)


def must_be_a_week(week: Sequence[Sequence[Shift]], valid_from: date, *, at: datetime) -> None:
    """Raises BadInput."""
    if valid_from < timezone.localdate(at):
        raise BadInput({"valid_from": _("Ngày bắt đầu đã qua. Hãy chọn hôm nay hoặc một ngày sau.")})
    if len(week) != 7 or not any(week):
        raise BadInput({"week": _("Điểm phải mở cửa ít nhất một buổi trong tuần. Hãy ghi giờ của buổi đó.")})


def put_hours(
    house_id: int, unit_id: int, *, week: Sequence[Sequence[Shift]], valid_from: date, actor: Actor, at: datetime
) -> OpeningHours:
    """Inside a command that holds the house."""
    values = {"week": [as_json(spans) for spans in week]}
    made = change_from(OpeningHours.objects.filter(point=house_id), valid_from, {"point_id": house_id}, values)
    record(events.HOURS_SET, made, actor=actor, at=at, unit_id=unit_id, week=made.week, valid_from=str(valid_from))
    return made


@command
def put_exception(
    point_id: int, *, day: date, spans: Sequence[Shift], reason: str, actor: Actor, at: datetime
) -> OpeningException:
    """On that day the point opens at these hours, or not at all; what was said of the day before is replaced.

    Raises NotFound, NotYourDuty, BadInput.
    """
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    reason, problems = one_line(reason), {}
    if day < timezone.localdate(at):
        problems["day"] = _("Ngày này đã qua. Hãy chọn hôm nay hoặc một ngày sau.")
    if not reason or len(reason) > REASON_AT_MOST:
        problems["reason"] = _("Chưa ghi lý do. Người dân đọc lý do này, ví dụ: Sửa điện.")
    if problems:
        raise BadInput(problems)
    OpeningException.objects.filter(point=house_id, day=day, withdrawn_at=None).update(withdrawn_at=at)
    made = OpeningException.objects.create(point_id=house_id, day=day, spans=as_json(spans), reason=reason)
    record(events.EXCEPTION_PUT, made, actor=actor, at=at, unit_id=unit_id, day=str(day), spans=made.spans, reason=reason)
    return made


@command
def withdraw_exception(exception_id: int, *, actor: Actor, at: datetime) -> OpeningException:
    """The day is like others again. Raises NotFound, NotYourDuty."""
    found = must_exist(OpeningException.objects.select_for_update().filter(pk=exception_id, withdrawn_at=None).first())
    unit_id = must_work_in(found.point_id, ARRANGE, actor=actor, at=at)
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    record(events.EXCEPTION_WITHDRAWN, found, actor=actor, at=at, unit_id=unit_id, day=str(found.day))
    return found


@command
def set_settings(
    settings: Settings, *, point_id: int | None = None, city_id: int | None = None, actor: Actor, at: datetime
) -> HallSettings:
    """From today on, of one point; or of all that have none of their own, by who manages the units of the city.

    Raises NotFound, NotYourDuty, BadInput.
    """
    day, house_id = timezone.localdate(at), None
    if point_id is not None:
        house_id = units.house_of(point_id)
        unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
        locked_house(house_id)
    else:
        unit_id = city_id or units.default_city(as_of=day).id
        actor.must(CITY, unit_id=unit_id)
    said = {name: getattr(settings, name) for name in RANGES}
    problems = {
        name: _("Hãy ghi một số từ %(least)s đến %(most)s.") % {"least": least, "most": most}
        for name, (least, most) in RANGES.items()
        if not least <= said[name] <= most
    }
    if problems:
        raise BadInput(problems)
    values = {**said, "basis": one_line(settings.basis)[:REASON_AT_MOST]}
    made = change_from(HallSettings.objects.filter(point=house_id), day, {"point_id": house_id}, values)
    record(events.SETTINGS_SET, made, actor=actor, at=at, unit_id=unit_id, **said)
    return made


def must_be_open(house_id: int, *, at: datetime) -> None:
    """Raises PointClosed."""
    times = open_times(house_id, on=timezone.localdate(at))
    if not times.is_open(at):
        raise errors.PointClosed(opens_words(times, at))


@command
def expire_ticket(ticket_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """The point closed and nobody called it; `call_one` still can on that day. Or its day is over and it stands at a counter.

    Raises NotFound, NotWaiting.
    """
    ticket = must_exist(Ticket.objects.select_for_update().filter(pk=ticket_id).first())
    over = ticket.day < timezone.localdate(at) and ticket.state in Ticket.AT_COUNTER
    if ticket.state != Ticket.State.WAITING and not over:
        raise errors.NotWaiting(ticket.code)
    served = ticket.state == Ticket.State.SERVING
    ticket.state = Ticket.State.DONE if served else Ticket.State.LEFT
    ticket.ended_at, ticket.expired, ticket.mark, ticket.reserved_for = at, True, None, None
    ticket.save(update_fields=["state", "ended_at", "expired", "mark", "reserved_for"])
    unit_id = units.unit_of_point(ticket.point_id)
    record(events.EXPIRED, ticket, actor=actor, at=at, unit_id=unit_id, code=ticket.code, queue=ticket.queue_id)
    return ticket
