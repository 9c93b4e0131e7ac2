"""Shifts: arranged by who manages volunteers or leads legal aid, counted by who was there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.assistance import events, rules
from thongsuot.assistance.actions import errors
from thongsuot.assistance.actions.common import refuse, words_of
from thongsuot.assistance.actions.registering import duty_for
from thongsuot.assistance.models import Helper, HelpShift, Team
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.units import queries as units

WEEK = timedelta(days=7)


@command
def put_shift(
    helper_number: str,
    *,
    point_id: int,
    day: date,
    starts: time,
    ends: time,
    team_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> HelpShift:
    """A volunteer or a lawyer is there from then until then. Raises NotFound, NotYourDuty, BadInput, ShiftTaken.

    team_id   volunteers of a campaign: the team's point and days
    """
    house_id, unit_id = units.house_of(point_id), units.unit_of_point(point_id)
    named = Helper.objects.select_for_update().filter(in_force(day), number=rules.typed_number(helper_number))
    helper = named.exclude(kind=Helper.Kind.AGENT).first()
    if helper is None:
        actor.must_somewhere(rules.ARRANGE, rules.LEAD_AID)
        raise BadInput({"helper": _("Không có tình nguyện viên, luật sư nào mang số này vào ngày đó. Hãy xem lại số thẻ.")})
    _must_arrange(helper, unit_id, actor)
    _fitting(day, starts, ends, at)
    team = Team.objects.select_related("campaign").filter(pk=team_id or 0).first()
    if team_id and not _fits(team, helper, house_id, day):
        raise BadInput({"team": _("Đội này không trực ở điểm đó trong ngày đó. Hãy xem lại đợt cao điểm.")})
    if _is_taken(helper.pk, day, starts, ends):
        raise errors.ShiftTaken
    return _put(helper, house_id, unit_id, day, starts, ends, team, actor, at)


def _fitting(day: date, starts: time, ends: time, at: datetime) -> None:
    problems: dict[str, str] = {}
    today = timezone.localdate(at)
    if not today <= day <= today + timedelta(days=366):
        problems["day"] = _("Xếp ca từ hôm nay đến một năm tới. Hãy chọn ngày khác.")
    if not rules.DAY_BEGINS <= starts < ends <= rules.DAY_ENDS:
        problems["ends"] = _("Ca bắt đầu trước khi kết thúc, trong khoảng 6:00 đến 22:00.")
    refuse(problems)


def _fits(team: Team | None, helper: Helper, house_id: int, day: date) -> bool:
    if team is None or helper.kind != Helper.Kind.VOLUNTEER or team.point_id != house_id:
        return False
    return team.campaign.starts_on <= day <= team.campaign.last_day


def _is_taken(helper_id: int, day: date, starts: time, ends: time) -> bool:
    there = HelpShift.objects.filter(helper=helper_id, day=day, cancelled_at=None).values_list("starts", "ends")
    return any(rules.overlaps((starts, ends), one) for one in there)


def _put(
    helper: Helper,
    house_id: int,
    unit_id: int,
    day: date,
    starts: time,
    ends: time,
    team: Team | None,
    actor: Actor,
    at: datetime,
) -> HelpShift:
    shift = HelpShift.objects.create(helper=helper, point_id=house_id, team=team, day=day, starts=starts, ends=ends)
    record(events.SHIFT_PUT, shift, actor=actor, at=at, unit_id=unit_id, helper=helper.number, day=day)
    return shift


@command
def take_off_shift(shift_id: int, *, actor: Actor, at: datetime) -> HelpShift:
    """One that is still to come, or of today with nothing noted in it. Raises NotFound, ShiftNotThere, ShiftAdvised."""
    shift, unit_id = _arranged(shift_id, actor)
    if shift.cancelled_at is not None or shift.counted_at is not None or shift.day < timezone.localdate(at):
        raise errors.ShiftNotThere
    if shift.consultations.exists():
        raise errors.ShiftAdvised
    shift.cancelled_at = at
    shift.save(update_fields=["cancelled_at"])
    record(events.SHIFT_TAKEN_OFF, shift, actor=actor, at=at, unit_id=unit_id)
    return shift


@command
def copy_week(kind: str, *, first: date, house_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """The shifts of the seven days from `first` at these houses once more a week later, where nobody has another one then.

    How many came. Raises NotYourDuty, NothingToCopy.
    """
    duty = duty_for(kind)
    actor.must_somewhere(duty)
    shifts = HelpShift.objects.filter(helper__kind=kind, cancelled_at=None, day__gte=first, day__lt=first + WEEK)
    shifts = shifts.filter(point__in=house_ids)
    helpers = {one.pk: one for one in Helper.objects.select_for_update().filter(shifts__in=shifts).order_by("pk")}
    copied, today, unit_of = 0, timezone.localdate(at), dict[int, int]()
    for shift in shifts.select_related("team__campaign").order_by("day", "pk"):
        helper, day = helpers[shift.helper_id], shift.day + WEEK
        if shift.point_id not in unit_of:
            unit_of[shift.point_id] = units.unit_of_point(shift.point_id)
        unit_id = unit_of[shift.point_id]
        there = helper.valid_from <= day and (helper.valid_to is None or day < helper.valid_to) and day >= today
        if not there or not _may_arrange(helper, unit_id, actor) or _is_taken(helper.pk, day, shift.starts, shift.ends):
            continue
        team = shift.team if _fits(shift.team, helper, shift.point_id, day) else None
        _put(helper, shift.point_id, unit_id, day, shift.starts, shift.ends, team, actor, at)
        copied += 1
    if not copied:
        raise errors.NothingToCopy
    return copied


@command
def count_shift(shift_id: int, *, came: bool, people: int, accounts: int, actor: Actor, at: datetime) -> HelpShift:
    """By the helper whose shift it was: on its day as often as needed, in the week after it once.

    Raises NotFound, ShiftNotThere, WeekOver, BadInput.
    """
    shift = must_exist(HelpShift.objects.select_for_update().filter(pk=shift_id, helper__person=actor.person_id or 0).first())
    if (timezone.localdate(at) - shift.day).days > rules.COUNTED_WITHIN:
        raise errors.WeekOver
    if not may_count(shift, at):
        raise errors.ShiftNotThere
    _counted(shift, came, people, accounts, actor, at)
    shift.save(update_fields=["came", "people", "accounts", "counted_at", "counted_by_name"])
    unit_id = units.unit_of_point(shift.point_id)
    record(events.SHIFT_COUNTED, shift, actor=actor, at=at, unit_id=unit_id, came=came, people=people, accounts=accounts)
    return shift


def may_count(shift: HelpShift, at: datetime) -> bool:
    """Its helper may enter, or enter anew, what came of it."""
    today = timezone.localdate(at)
    fresh = shift.counted_at is None or timezone.localdate(shift.counted_at) == today
    return shift.cancelled_at is None and 0 <= (today - shift.day).days <= rules.COUNTED_WITHIN and fresh


@command
def correct_shift(
    shift_id: int, *, came: bool, people: int, accounts: int, reason: str, actor: Actor, at: datetime
) -> HelpShift:
    """By who arranges it, with the reason; what was said before stays in the history. Raises NotFound, BadInput."""
    shift, unit_id = _arranged(shift_id, actor)
    if shift.cancelled_at is not None or shift.day > timezone.localdate(at):
        raise errors.ShiftNotThere
    problems: dict[str, str] = {}
    reason = words_of(reason, "reason", problems, most=300)
    refuse(problems)
    before = {"came_before": shift.came, "people_before": shift.people, "accounts_before": shift.accounts}
    _counted(shift, came, people, accounts, actor, at)
    shift.correction = reason
    shift.save(update_fields=["came", "people", "accounts", "counted_at", "counted_by_name", "correction"])
    facts = {"came": came, "people": people, "accounts": accounts, **before}
    record(events.SHIFT_CORRECTED, shift, actor=actor, at=at, unit_id=unit_id, **facts)
    return shift


def _counted(shift: HelpShift, came: bool, people: int, accounts: int, actor: Actor, at: datetime) -> None:
    problems = {
        name: _("Ghi một số từ 0 đến %(most)s.") % {"most": rules.MOST_HELPED}
        for name, value in (("people", people), ("accounts", accounts))
        if not 0 <= value <= rules.MOST_HELPED
    }
    if not came and (people or accounts):
        problems["people"] = _("Đã ghi là không đến thì số người và số tài khoản là 0.")
    refuse(problems)
    shift.came, shift.people, shift.accounts = came, people, accounts
    shift.counted_at, shift.counted_by_name = at, actor.name


def _may_arrange(helper: Helper, unit_id: int, actor: Actor) -> bool:
    """Lawyers in the whole city or not at all; volunteers where the point is."""
    place = helper.unit_id if helper.kind == Helper.Kind.LAWYER else unit_id
    return actor.may(duty_for(helper.kind), unit_id=place)


def _must_arrange(helper: Helper, unit_id: int, actor: Actor) -> None:
    actor.must(duty_for(helper.kind), unit_id=helper.unit_id if helper.kind == Helper.Kind.LAWYER else unit_id)


def _arranged(shift_id: int, actor: Actor) -> tuple[HelpShift, int]:
    rows = HelpShift.objects.select_for_update(of=("self",)).select_related("helper")
    shift = must_exist(rows.filter(pk=shift_id).first())
    unit_id = units.unit_of_point(shift.point_id)
    if not _may_arrange(shift.helper, unit_id, actor):
        raise NotFound
    return shift, unit_id
