"""The catalogue of positions and the rates of leave cases: dated or editable rows, never constants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people import rules as people_rules
from thongsuot.staffing import events
from thongsuot.staffing.actions.errors import RatesOverlap
from thongsuot.staffing.models import JobPosition, LeaveRate
from thongsuot.staffing.models.posts import Qualification
from thongsuot.staffing.rules import MANAGE, PARTY
from thongsuot.units import queries as units
from thongsuot.units.models import Body


@command
def put_position(
    code: str,
    *,
    name: str,
    group: str,
    body_kind: str,
    title: str,
    applies_to: Collection[str],
    mandatory: bool,
    headcount: int,
    party_managed: bool,
    qualification: str,
    fields: Collection[str],
    in_use: bool = True,
    checked: bool = False,
    actor: Actor,
    at: datetime,
) -> JobPosition:
    """Add a position, or say it anew. What the Party manages leaves its hands by `release_position` alone.

    Raises NotYourDuty, BadInput.
    """
    day = timezone.localdate(at)
    if not actor.trusted:
        actor.must(MANAGE, unit_id=units.default_city(as_of=day).id)
    code, name, title = one_line(code).upper(), one_line(name), one_line(title)
    wanted = {
        "name": name,
        "group": group,
        "body_kind": body_kind,
        "title": title,
        "applies_to": [kind for kind, _label in JobPosition.KINDS if kind in applies_to],
        "mandatory": mandatory,
        "headcount": headcount,
        "party_managed": party_managed,
        "qualification": qualification,
        "fields": [one_line(field)[:60] for field in fields if one_line(field)],
        "in_use": in_use,
        "checked": checked,
    }
    _must_be_good(code, wanted)
    position = JobPosition.objects.select_for_update().filter(code=code).first() or JobPosition(code=code)
    if position.pk is not None and position.party_managed and not party_managed and not actor.trusted:
        actor.must(PARTY, unit_id=units.default_city(as_of=day).id)
    changed = sorted(key for key, value in wanted.items() if position.pk is None or getattr(position, key) != value)
    for key, value in wanted.items():
        setattr(position, key, value)
    position.save()
    record(events.POSITION_PUT, position, actor=actor, at=at, code=code, changed=changed)
    return position


@command
def release_position(position_id: int, *, actor: Actor, at: datetime) -> JobPosition:
    """The Party's side says that it no longer manages this post. Raises NotFound, NotYourDuty."""
    position = must_exist(JobPosition.objects.select_for_update().filter(pk=position_id).first())
    actor.must(PARTY, unit_id=units.default_city(as_of=timezone.localdate(at)).id)
    changed = ["party_managed"] if position.party_managed else []
    position.party_managed = False
    position.save(update_fields=["party_managed"])
    record(events.POSITION_PUT, position, actor=actor, at=at, code=position.code, changed=changed)
    return position


def _must_be_good(code: str, wanted: dict[str, Any]) -> None:
    problems = {}
    if not code or len(code) > 12:
        problems["code"] = _("Mã vị trí có từ 1 đến 12 ký tự. Hãy nhập dạng VT01.")
    if not wanted["name"] or len(wanted["name"]) > 200:
        problems["name"] = _("Chưa có tên vị trí, hoặc tên dài quá 200 chữ.")
    if not wanted["title"] or len(wanted["title"]) > 200:
        problems["title"] = _("Chưa có chức danh, hoặc chức danh dài quá 200 chữ.")
    elif set(people_rules.usual_duties(wanted["title"], wanted["body_kind"], "commune", on=_EVER)) & (
        people_rules.OF_ADMINISTRATORS
    ):
        problems["title"] = _("Chức danh quản trị hệ thống không giao qua bố trí cán bộ. Hãy chọn chức danh khác.")
    if wanted["group"] not in JobPosition.Group.values or wanted["body_kind"] not in Body.Kind.values:
        problems["body_kind"] = _("Hãy chọn nhóm và cơ quan trong danh sách.")
    if wanted["qualification"] not in Qualification.values:
        problems["qualification"] = _("Hãy chọn trình độ trong danh sách.")
    if not wanted["applies_to"]:
        problems["applies_to"] = _("Hãy chọn vị trí này có ở xã, phường hay đặc khu.")
    if not 0 <= wanted["headcount"] <= 999:
        problems["headcount"] = _("Số người là số từ 0 đến 999.")
    if problems:
        raise BadInput(problems)


_EVER = max(title.valid_from for title in people_rules.TITLES)


@command
def put_rate(rate: LeaveRate, *, actor: Actor, at: datetime) -> LeaveRate:
    """A line of the calculation from a day on. From a file that administrators load (loading.py). Raises RatesOverlap."""
    _saved(rate)
    record(events.RATE_PUT, rate, actor=actor, at=at, code=rate.code, factor=str(rate.factor), valid_from=rate.valid_from)
    return rate


@command
def change_rate(rate_id: int, *, valid_to: date | None, checked: bool, basis: str, actor: Actor, at: datetime) -> LeaveRate:
    """A known line ends, or was compared with its text. Its figures stay: other figures are another line, from another day.

    Raises NotFound, RatesOverlap.
    """
    rate = must_exist(LeaveRate.objects.select_for_update().filter(pk=rate_id).first())
    wanted = {"valid_to": valid_to, "checked": checked, "basis": basis}
    changed = sorted(key for key, value in wanted.items() if getattr(rate, key) != value)
    for key, value in wanted.items():
        setattr(rate, key, value)
    _saved(rate)
    record(events.RATE_CHANGED, rate, actor=actor, at=at, code=rate.code, changed=changed, valid_to=valid_to)
    return rate


def _saved(rate: LeaveRate) -> None:
    try:
        with transaction.atomic():
            rate.save()
    except IntegrityError:
        raise RatesOverlap(rate.code) from None
