"""One person on the roll: added, changed, handed to another unit, stopped, looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.models import Beneficiary, PayRun
from thongsuot.allowances.queries.keeping import earliest_open_month, must_keep, paying_city
from thongsuot.allowances.queries.roll import group_facts, has_failed_line, has_stopped
from thongsuot.allowances.rules import first_of
from thongsuot.allowances.rules.roll import COLUMNS, LENGTHS, TO_CORRECT, read
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Person
from thongsuot.units import queries as units

SEEN = ("full_name", "birth_date", "id_number", "address", "account")
# Where the form shows what `read` found wrong.
_BESIDE = {"receiver": "receiver_id_number", "no_amount": "amount"}
_VALUES = (
    "full_name", "name_key", "id_number", "born", "address", "group_id", "coefficient", "amount_dong", "start_month", "payer",
    "bank", "account", "cash_point", "receiver_name", "receiver_id_number", "receiver_paper",
)  # fmt: skip
# What a change may touch: another person or another group is another right, stopped here and added there.
CHANGEABLE = tuple(name for name in _VALUES if name not in {"id_number", "group_id", "start_month"})
# Where the money goes: may be put right as long as a line could not be paid, whatever else has ended.
PLACES = frozenset({"payer", "bank", "account", "cash_point", "receiver_name", "receiver_id_number", "receiver_paper"})


@command
def add_beneficiary(said: Mapping[str, str], *, unit_id: int, actor: Actor, at: datetime) -> Beneficiary:
    """From a month that is not frozen yet. `said`: texts by the columns of the list.

    Raises NotYourDuty, BadInput, AlreadyReceives, MonthIsFrozen.
    """
    must_keep(actor, unit_id)
    today = timezone.localtime(at).date()
    if not units.unit_row(unit_id, as_of=today).exists_on(today):
        raise NotFound
    values = _values(said)
    start = date.fromisoformat(str(values["start_month"]))
    earliest = lock_open_month(paying_city(unit_id, on=today))
    if earliest is not None and start < earliest:
        raise errors.MonthIsFrozen(earliest)
    made = Beneficiary(unit_id=unit_id, added_at=at, **{**values, "start_month": start})
    before = Beneficiary.objects.filter(id_number=made.id_number, group_id=made.group_id)
    if before.filter(stop_month=None).exists() or before.filter(stop_month__gt=start).exists():
        raise errors.AlreadyReceives
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise errors.AlreadyReceives from None  # another officer was first, maybe in another unit
    record(events.ADDED, made, actor=actor, at=at, unit_id=unit_id, group=made.group_id, start_month=start)
    return made


@command
def change_beneficiary(beneficiary_id: int, said: Mapping[str, str], *, actor: Actor, at: datetime) -> Beneficiary:
    """Name, address, account, receiver, own amount: counts from the next list that is frozen, and for what is paid again.

    Who has stopped and has a line that failed: only where the money goes. Raises NotFound, NotYourDuty, HasStopped, BadInput.
    """
    one, earliest = _locked(beneficiary_id, actor, at)
    stopped = has_stopped(one, earliest)
    if stopped and not has_failed_line(one):
        raise errors.HasStopped
    kept = {"id_number": one.id_number, "group": one.group.code, "start": f"{one.start_month:%m/%Y}"}
    values = _values({**said, **kept})
    changed = []
    for name in CHANGEABLE:
        new = Decimal(str(values[name])) if name == "coefficient" and values[name] else values[name]
        if getattr(one, name) != new:
            setattr(one, name, new)
            changed.append(name)
    if stopped and not PLACES.issuperset(changed):
        raise errors.HasStopped
    if not changed:
        raise BadInput({"full_name": _("Chưa có gì thay đổi. Hãy sửa phần cần điều chỉnh rồi lưu.")})
    one.save(update_fields=changed)
    fields = [name for name in changed if name != "name_key"]
    record(
        events.CHANGED,
        one,
        actor=actor,
        at=at,
        unit_id=one.unit_id,
        fields=fields,
        from_month=earliest or first_of(timezone.localdate(at)),
    )
    return one


@command
def hand_to_unit(beneficiary_id: int, *, to_unit_id: int, actor: Actor, at: datetime) -> Beneficiary:
    """The person lives in another commune of the city now: that one's list from the next month frozen. Never on both.

    Raises NotFound, NotYourDuty, HasStopped, BadInput.
    """
    one, earliest = _locked(beneficiary_id, actor, at)
    if has_stopped(one, earliest):
        raise errors.HasStopped
    today = timezone.localtime(at).date()
    city_id = paying_city(one.unit_id, on=today)
    others = {row.id for row in units.units_under(city_id, as_of=today)} - {one.unit_id}
    if to_unit_id not in others:
        raise BadInput({"unit": _("Đơn vị nhận phải là một phường, xã khác của thành phố, đang hoạt động.")})
    from_unit_id, one.unit_id = one.unit_id, to_unit_id
    one.save(update_fields=["unit"])
    record(events.HANDED, one, actor=actor, at=at, unit_id=to_unit_id, from_unit=from_unit_id, to_unit=to_unit_id)
    return one


@command
def stop_beneficiary(
    beneficiary_id: int, *, stop_month: date, reason: Beneficiary.Stop, actor: Actor, at: datetime
) -> Beneficiary:
    """Not paid any more from `stop_month` on, which is not frozen yet; a stop that has not taken effect may be moved.

    Raises NotFound, NotYourDuty, HasStopped, MonthIsFrozen, BadInput, AlreadyReceives.
    """
    one, earliest = _locked(beneficiary_id, actor, at)
    if has_stopped(one, earliest):
        raise errors.HasStopped
    stop_month = first_of(stop_month)
    if earliest is not None and stop_month < earliest:
        raise errors.MonthIsFrozen(earliest)
    if stop_month < one.start_month:
        raise BadInput({"stop_month": _("Tháng thôi hưởng trước tháng bắt đầu hưởng. Hãy xem lại tháng.")})
    if one.stop_month is not None and stop_month > one.stop_month and _stands_again(one, before=stop_month):
        raise errors.AlreadyReceives
    one.stop_month, one.stop_reason = stop_month, reason
    one.save(update_fields=["stop_month", "stop_reason"])
    record(events.STOPPED, one, actor=actor, at=at, unit_id=one.unit_id, stop_month=stop_month, reason=reason)
    return one


@command
def resume_beneficiary(beneficiary_id: int, *, actor: Actor, at: datetime) -> Beneficiary:
    """Take back a stop that has not taken effect: no month is frozen without the person. Until then nothing was lost.

    Raises NotFound, NotYourDuty, HasStopped, NotStopping, AlreadyReceives.
    """
    one, earliest = _locked(beneficiary_id, actor, at)
    if one.stop_month is None:
        raise errors.NotStopping
    if has_stopped(one, earliest):
        raise errors.HasStopped
    if _stands_again(one):
        raise errors.AlreadyReceives
    was, one.stop_month, one.stop_reason = one.stop_month, None, ""
    one.save(update_fields=["stop_month", "stop_reason"])
    record(events.RESUMED, one, actor=actor, at=at, unit_id=one.unit_id, stop_month=was)
    return one


def _stands_again(one: Beneficiary, *, before: date | None = None) -> bool:
    """From the month of the stop on (up to a later one) another row pays for the same right, or the group that it became."""
    others = Beneficiary.objects.filter(id_number=one.id_number, group_id=one.group_id).exclude(pk=one.pk)
    others = others.filter(Q(stop_month=None) | Q(stop_month__gt=one.stop_month))
    if before is not None:
        others = others.filter(start_month__lt=before)
    return one.followers.exists() or others.exists()


@command
def open_beneficiary(beneficiary_id: int, *, reason: str, actor: Actor, at: datetime) -> Beneficiary:
    """Note why the data are shown in full; a person with an account sees that. Raises NotFound, NotYourDuty, BadInput."""
    one = must_exist(Beneficiary.objects.filter(pk=beneficiary_id).first())
    must_keep(actor, one.unit_id)
    about = Person.objects.filter(id_number=one.id_number).values_list("pk", flat=True).first()
    log_look_up(one, fields=SEEN, reason=reason, about_id=about, actor=actor, at=at)
    return one


def lock_open_month(city_id: int) -> date | None:
    """The first month whose list is not frozen, held so until the end: who freezes waits, and whoever froze is waited for.

    None while no list ever was frozen. Before any row of the roll is locked: freezing locks in that order too.
    """
    runs = PayRun.objects.filter(city_id=city_id).order_by("-month")
    while (last := runs.values_list("pk", flat=True).first()) is not None:
        run = PayRun.objects.select_for_update(no_key=True).filter(pk=last).first()
        if run is not None and runs.values_list("pk", flat=True).first() == last:
            return earliest_open_month(city_id)
    return None


def _locked(beneficiary_id: int, actor: Actor, at: datetime) -> tuple[Beneficiary, date | None]:
    """The person, and the first month that is not frozen: both stay so until the end. Raises NotFound, NotYourDuty."""
    unit_id = must_exist(Beneficiary.objects.filter(pk=beneficiary_id).values_list("unit_id", flat=True).first())
    must_keep(actor, unit_id)
    earliest = lock_open_month(paying_city(unit_id, on=timezone.localdate(at)))
    one = Beneficiary.objects.select_for_update(of=("self",)).select_related("group").get(pk=beneficiary_id)
    must_keep(actor, one.unit_id)
    return one, earliest


def _values(said: Mapping[str, str]) -> dict[str, object]:
    """Raises BadInput with every wrong field."""
    texts = {column.key: one_line(said.get(column.key, "")) for column in COLUMNS}
    wrong, values = read(texts, group_facts())
    problems = {_BESIDE.get(code, code): str(TO_CORRECT[code]) for code in wrong}
    for key, most in LENGTHS.items():
        if len(texts[key]) > most:
            problems[key] = _("Dài quá %(most)s chữ. Hãy viết ngắn lại.") % {"most": most}
    if problems:
        raise BadInput(problems)
    return values
