"""The schedule of a unit: recurring days, their end, single days that differ; the settings of the law."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events, rules
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import checked_texts
from thongsuot.citizen_reception.facts import DayFacts
from thongsuot.citizen_reception.models import DayChange, ReceptionDay, ReceptionSetting
from thongsuot.citizen_reception.numbers import KEYS
from thongsuot.citizen_reception.queries.access import must_receive
from thongsuot.citizen_reception.queries.schedule import as_pattern, change_of, stands_on
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from, missing_settings
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

_SETTINGS = Path(__file__).parent.parent / "data" / "settings.csv"


def load_settings(*, actor: Actor, at: datetime) -> int:
    """Put each dated setting of `data/settings.csv` in place unless its key has a row from that day. Returns how many came."""
    missing = missing_settings(ReceptionSetting, _SETTINGS)
    for row in missing:
        _put_setting(row, actor=actor, at=at)
    return len(missing)


@command
def _put_setting(row: ReceptionSetting, *, actor: Actor, at: datetime) -> ReceptionSetting:
    row.save()
    record(events.SETTING_PUT, row, actor=actor, at=at, key=row.key, value=row.value, valid_from=row.valid_from)
    return row


@command
def set_number(
    key: str, value: int, *, basis: str, valid_from: date, checked: bool = False, actor: Actor, at: datetime
) -> ReceptionSetting:
    """A number of the law from a day on. Raises NotFound, NotYourDuty, BadInput."""
    today = local_day(at)
    city = units.default_city(as_of=today)
    actor.must(rules.MANAGE, unit_id=city.id)
    number = must_exist(KEYS.get(key))
    Unit.objects.select_for_update(no_key=True).get(pk=city.id)  # changes of the numbers come one after the other
    problems = {}
    if not number.least <= value <= number.most:
        problems["value"] = _("Số phải từ %(least)s đến %(most)s. Hãy sửa lại.") % number._asdict()
    if not today <= valid_from <= today + rules.LONGEST_AHEAD:
        problems["valid_from"] = _("Chọn từ hôm nay trở đi, không quá một năm: việc đã nhận theo số của ngày đó.")
    if problems:
        raise BadInput(problems)
    texts = checked_texts(ReceptionSetting, {"basis": basis}, needed={"basis": _("Hãy ghi căn cứ: văn bản nào, điều nào.")})
    if checked and "cần đối chiếu" in texts["basis"].lower():
        raise BadInput({"basis": _("Đã đối chiếu thì ghi điều, khoản đã đọc và bỏ lời “cần đối chiếu” trong căn cứ.")})
    values = {"value": value, "checked": checked, **texts}
    row = change_from(ReceptionSetting.objects.filter(key=key), valid_from, {"key": key}, values)
    record(events.SETTING_PUT, row, actor=actor, at=at, key=key, value=value, valid_from=valid_from, checked=checked)
    transaction.on_commit(forget_all)
    return row


@command
def put_day(unit_id: int, facts: DayFacts, *, actor: Actor, at: datetime) -> ReceptionDay:
    """Announce a recurring day from a day on, which is not past. Raises NotYourDuty, BadInput, NotFound."""
    today = local_day(at)
    must_receive(actor, unit_id, on=today)
    texts = checked_texts(
        ReceptionDay,
        {"receiver": facts.receiver, "place": facts.place},
        needed={"receiver": _("Hãy ghi ai tiếp, ví dụ: Chủ tịch Ủy ban nhân dân.")},
    )
    problems = {}
    if facts.ends <= facts.starts:
        problems["ends"] = _("Giờ kết thúc phải sau giờ bắt đầu.")
    if facts.point_id is None and not texts["place"]:
        problems["place"] = _("Hãy chọn điểm phục vụ, hoặc ghi địa chỉ nơi tiếp.")
    if facts.point_id is not None and units.unit_of_point(facts.point_id) != unit_id:
        problems["point"] = _("Điểm phục vụ này không của đơn vị. Hãy chọn điểm khác, hoặc ghi địa chỉ.")
    if not today <= facts.valid_from <= today + rules.LONGEST_AHEAD:
        problems["valid_from"] = _("Lịch bắt đầu từ hôm nay trở đi, không quá một năm. Hãy xem lại ngày.")
    if facts.weekday not in ReceptionDay.Weekday or facts.week not in ReceptionDay.Week:
        problems["weekday"] = _("Hãy chọn thứ và tuần trong danh sách.")
    if problems:
        raise BadInput(problems)
    own = ReceptionDay.objects.filter(Q(valid_to=None) | Q(valid_to__gt=facts.valid_from), unit=unit_id)
    same = {"weekday": facts.weekday, "week": facts.week, "starts": facts.starts, "receiver": texts["receiver"]}
    if own.filter(**same).exists():
        raise BadInput({"weekday": _("Lịch này đã có. Hãy thôi lịch cũ trước khi ghi lại.")})
    day = ReceptionDay.objects.create(
        unit_id=unit_id,
        ends=facts.ends,
        point_id=facts.point_id,
        place=texts["place"],
        by_head=facts.by_head,
        valid_from=facts.valid_from,
        **same,
    )
    facts_told = {"weekday": day.weekday, "week": day.week, "by_head": day.by_head, "valid_from": day.valid_from}
    record(events.DAY_PUT, day, actor=actor, at=at, unit_id=unit_id, **facts_told)
    return day


def _locked_day(day_id: int, actor: Actor, at: datetime, *, held: date | None = None) -> ReceptionDay:
    """Not over; or over, but that day of it was moved to one still to come. Raises NotFound, NotYourDuty, DayHasEnded."""
    day, today = must_exist(ReceptionDay.objects.select_for_update(of=("self",)).filter(pk=day_id).first()), local_day(at)
    must_receive(actor, day.unit_id, on=today)
    if day.valid_to is not None and day.valid_to <= today:
        stands = stands_on(day, held) if held is not None else None
        if stands is None or stands < today:
            raise errors.DayHasEnded
    return day


@command
def end_day(day_id: int, *, on: date, actor: Actor, at: datetime) -> ReceptionDay:
    """Not held any more from that day on. Raises NotFound, NotYourDuty, DayHasEnded, BadInput."""
    day = _locked_day(day_id, actor, at)
    if not max(local_day(at), day.valid_from) <= on <= local_day(at) + rules.LONGEST_AHEAD:
        raise BadInput({"on": _("Ngày thôi phải từ hôm nay, không trước ngày lịch bắt đầu, không quá một năm.")})
    day.valid_to = on
    day.save(update_fields=["valid_to"])
    record(events.DAY_ENDED, day, actor=actor, at=at, unit_id=day.unit_id, valid_to=on)
    return day


@command
def change_day(day_id: int, *, day: date, moved_to: date | None, reason: str, actor: Actor, at: datetime) -> DayChange:
    """One day is held on another, or not at all; said again it is put right. The register of days keeps each in its history.

    Raises NotFound, NotYourDuty, DayHasEnded, DayIsPast, NotThatDay, BadInput.
    """
    pattern, today = _locked_day(day_id, actor, at, held=day), local_day(at)
    held_on = stands_on(pattern, day)
    if max(held_on or day, day) < today:
        raise errors.DayIsPast
    if held_on is None:
        raise errors.NotThatDay
    reason = one_line(reason)
    problems = {}
    if not reason:
        problems["reason"] = _("Hãy ghi lý do, người dân đọc được.")
    elif len(reason) > 300:
        problems["reason"] = _("Lý do dài quá 300 chữ. Hãy viết ngắn lại.")
    if moved_to is not None:
        if moved_to == day or not today <= moved_to <= today + rules.LONGEST_AHEAD:
            problems["moved_to"] = _("Ngày mới phải từ hôm nay, khác ngày cũ, không quá một năm.")
        elif not units.working_calendar(pattern.unit_id, on=moved_to).works(moved_to):
            problems["moved_to"] = _("Ngày mới là ngày nghỉ. Hãy chọn ngày làm việc.")
        elif rules.is_own(as_pattern(pattern), moved_to):
            problems["moved_to"] = _("Ngày mới vốn đã có trong lịch này. Hãy chọn ngày khác.")
    if problems:
        raise BadInput(problems)
    said = {"moved_to": moved_to, "reason": reason, "made_at": at, "made_by_name": actor.name}
    change, _new = DayChange.objects.update_or_create(day_of=pattern, day=day, defaults=said)
    record(events.DAY_CHANGED, pattern, actor=actor, at=at, unit_id=pattern.unit_id, day=day, moved_to=moved_to)
    return change


@command
def restore_day(day_id: int, *, day: date, actor: Actor, at: datetime) -> ReceptionDay:
    """As usual again. Raises NotFound, NotYourDuty, DayHasEnded, DayIsPast."""
    pattern = _locked_day(day_id, actor, at)
    change = must_exist(change_of(pattern.pk, day))
    if day < local_day(at):
        raise errors.DayIsPast
    change.delete()
    record(events.DAY_RESTORED, pattern, actor=actor, at=at, unit_id=pattern.unit_id, day=day)
    return pattern
