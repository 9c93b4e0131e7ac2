"""When a point opens, days that differ, and what else each place settles for itself; numbers that were not called in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.calling_off import call_off_outside
from thongsuot.counters.actions.common import locked_city, locked_house, must_work_in
from thongsuot.counters.models import HallSettings, OpeningException, OpeningHours, Ticket
from thongsuot.counters.queries.opening import open_times, opens_words
from thongsuot.counters.queries.touched import said_by_week
from thongsuot.counters.rules import ARRANGE, CITY
from thongsuot.counters.rules.opening import Week, as_json, of_json
from thongsuot.counters.rules.settings import RANGES, Settings
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import Shift
from thongsuot.units import queries as units

REASON_AT_MOST = 200
NEW_HOURS = "Điểm đổi giờ mở cửa"  # as a letter says it, always in Vietnamese


@command
def set_hours(
    point_id: int, *, week: Sequence[Sequence[Shift]], valid_from: date, told: int = 0, actor: Actor, at: datetime
) -> OpeningHours:
    """From that day on, today at the earliest. What people booked for other hours is called off.

    told  see `call_off_outside`. Raises NotFound, NotYourDuty, BadInput, HoursTouch.
    """
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    must_be_a_week(week, valid_from, at=at)
    made = put_hours(house_id, unit_id, week=week, valid_from=valid_from, actor=actor, at=at)
    said = said_by_week(house_id, _week(made), first=valid_from, until=made.valid_to)
    call_off_outside(house_id, said, reason=NEW_HOURS, told=told, actor=actor, at=at)
    return made


@command
def withdraw_hours(hours_id: int, *, told: int = 0, actor: Actor, at: datetime) -> OpeningHours:
    """Announced for a later day, and not to be: those before go on. Raises NotFound, NotYourDuty, HoursTouch."""
    house_id = must_exist(OpeningHours.objects.filter(pk=hours_id).first()).point_id
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    standing = OpeningHours.objects.select_for_update().filter(point=house_id).exclude(valid_to=F("valid_from"))
    found = must_exist(standing.filter(pk=hours_id, valid_from__gt=timezone.localdate(at)).first())
    first, until, closed = found.valid_from, found.valid_to, ((),) * 7
    found.valid_to = first
    found.save(update_fields=["valid_to"])
    before = standing.filter(valid_to=first).first()
    if before is not None:
        before.valid_to = until
        before.save(update_fields=["valid_to"])
    record(events.HOURS_WITHDRAWN, found, actor=actor, at=at, unit_id=unit_id, valid_from=str(first))
    said = said_by_week(house_id, _week(before) if before else closed, first=first, until=until)
    call_off_outside(house_id, said, reason=NEW_HOURS, told=told, actor=actor, at=at)
    return found


def _week(hours: OpeningHours) -> Week:
    return tuple(of_json(spans) for spans in hours.week)


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
    point_id: int, *, day: date, spans: Sequence[Shift], reason: str, told: int = 0, actor: Actor, at: datetime
) -> OpeningException:
    """On that day the point opens at these hours, or not at all; what was said of the day before is replaced.

    What people booked for other hours is called off. Raises NotFound, NotYourDuty, BadInput, HoursTouch.
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
    call_off_outside(house_id, {day: spans}, reason=reason, told=told, actor=actor, at=at)
    return made


@command
def withdraw_exception(exception_id: int, *, told: int = 0, actor: Actor, at: datetime) -> OpeningException:
    """The day is like others again; what people booked for its own hours is called off.

    Raises NotFound, NotYourDuty, HoursTouch.
    """
    standing = OpeningException.objects.filter(pk=exception_id, withdrawn_at=None)
    house_id = must_exist(standing.first()).point_id
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    found = must_exist(standing.first())
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    record(events.EXCEPTION_WITHDRAWN, found, actor=actor, at=at, unit_id=unit_id, day=str(found.day))
    usual = open_times(house_id, on=found.day).spans(found.day)
    call_off_outside(house_id, {found.day: usual}, reason=NEW_HOURS, told=told, actor=actor, at=at)
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
        locked_city(on=day)
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


@command
def follow_city_settings(point_id: int, *, actor: Actor, at: datetime) -> HallSettings:
    """What the point settled for itself ends today: it follows those for all points. Raises NotFound, NotYourDuty."""
    house_id, day = units.house_of(point_id), timezone.localdate(at)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    found = must_exist(HallSettings.objects.filter(in_force(day), point=house_id).first())
    found.valid_to = day
    found.save(update_fields=["valid_to"])
    record(events.SETTINGS_ENDED, found, actor=actor, at=at, unit_id=unit_id)
    return found


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
