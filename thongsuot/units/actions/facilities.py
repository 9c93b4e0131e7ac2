"""Facilities: taken into the register, described anew. What they are changes by conversions alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, NotFound, TellPerson, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.units import events, queries
from thongsuot.units.actions.points import PHONE, in_viet_nam
from thongsuot.units.facts import FacilityDetailsFact, FacilityFact
from thongsuot.units.models import Facility, FacilityDetails, FacilityStanding, Unit


class FacilityCodeTaken(TellPerson):
    """A facility of that code is in the register already."""

    code = "units.facility_code_taken"

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)

    def message(self) -> str:
        return _("Mã cơ sở %(codes)s đã có trong danh mục. Hãy bỏ các dòng ấy, hoặc sửa ở trang của cơ sở.") % {
            "codes": ", ".join(self.codes[:10])
        }

    def details(self) -> dict[str, object]:
        return {"codes": self.codes[:100]}


class FacilityStillNeeded(TellPerson):
    """It has points that would be left without their station, or something is planned for it."""

    code = "units.facility_still_needed"

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)

    def message(self) -> str:
        if not self.codes:
            return _("Cơ sở này còn thay đổi đã duyệt từ ngày đó hoặc sau đó. Hãy rút thay đổi ấy trước.")
        return _(
            "Trạm còn điểm y tế: %(codes)s. Hãy chuyển các điểm ấy sang trạm khác bằng một quyết định chuyển đổi trước."
        ) % {"codes": ", ".join(self.codes[:10])}

    def details(self) -> dict[str, object]:
        return {"codes": self.codes[:100]}


@command
def add_facilities(facts: Sequence[FacilityFact], *, city_id: int, actor: Actor, at: datetime) -> list[Facility]:
    """Take facilities into the register, stations before their points. All or none.

    Raises NotYourDuty, BadInput, FacilityCodeTaken.
    """
    actor.must("manage units", unit_id=city_id)
    taken = Facility.objects.filter(code__in=[one.code for one in facts]).order_by("code").values_list("code", flat=True)
    if taken:
        raise FacilityCodeTaken(list(taken))
    for one in facts:
        _check(one, city_id)
    try:
        with transaction.atomic():
            facilities = Facility.objects.bulk_create(Facility(code=one.code, valid_from=one.valid_from) for one in facts)
    except IntegrityError:  # another took it in a moment ago, or it stands here twice
        raise FacilityCodeTaken([one.code for one in facts]) from None
    ids = dict(Facility.objects.filter(code__in={one.parent_code for one in facts} - {""}).values_list("code", "pk"))
    missing = sorted({one.parent_code for one in facts} - {""} - set(ids))
    if missing:
        raise BadInput({"parent": _("Không có trạm mã %(codes)s trong danh mục.") % {"codes": ", ".join(missing[:10])}})
    FacilityStanding.objects.bulk_create(
        FacilityStanding(
            facility=facility,
            kind=one.kind,
            name=one_line(one.name),
            unit_id=one.unit_id,
            parent_id=ids.get(one.parent_code),
            valid_from=one.valid_from,
        )
        for facility, one in zip(facilities, facts, strict=True)
    )
    FacilityDetails.objects.bulk_create(
        FacilityDetails(facility=facility, valid_from=one.valid_from, **checked(one.details))
        for facility, one in zip(facilities, facts, strict=True)
    )
    for facility, one in zip(facilities, facts, strict=True):
        record(
            events.FACILITY_ADDED,
            facility,
            actor=actor,
            at=at,
            unit_id=one.unit_id,
            what=one.kind,
            valid_from=one.valid_from,
        )
    transaction.on_commit(queries.clear_caches)
    return facilities


@command
def change_facility(
    facility_id: int, details: FacilityDetailsFact, *, valid_from: date, actor: Actor, at: datetime
) -> FacilityDetails:
    """From a day on the facility is found so. Raises NotYourDuty, NotFound, BadInput."""
    facility = must_exist(Facility.objects.select_for_update().filter(pk=facility_id).first())
    standing = FacilityStanding.objects.filter(in_force(valid_from), facility=facility).first()
    if standing is None:
        raise BadInput(
            {
                "valid_from": _("Cơ sở hoạt động từ ngày %(day)s. Hãy chọn ngày đó hoặc sau đó.")
                % {"day": f"{facility.valid_from:%d/%m/%Y}"}
            }
        )
    _must_keep(standing, actor, at)
    values = checked(details)
    row = change_from(FacilityDetails.objects.filter(facility=facility), valid_from, {"facility": facility}, values)
    record(events.FACILITY_CHANGED, facility, actor=actor, at=at, unit_id=standing.unit_id, valid_from=valid_from, **values)
    transaction.on_commit(queries.clear_caches)
    return row


@command
def end_facility(facility_id: int, *, valid_to: date, reason: str, actor: Actor, at: datetime) -> Facility:
    """From a day on it is no more; what it was stays. Raises NotYourDuty, NotFound, BadInput, FacilityStillNeeded."""
    facility = Facility.objects.select_for_update().filter(pk=facility_id).first()
    standing = FacilityStanding.objects.filter(facility=facility_id).order_by("valid_from").last()
    if facility is None or standing is None:
        raise NotFound
    _must_keep(standing, actor, at)
    reason = one_line(reason)[:500]
    problems: dict[str, str] = {}
    if facility.valid_to is not None or valid_to <= facility.valid_from:
        problems["valid_to"] = _("Cơ sở đã ngừng hoạt động, hoặc chưa hoạt động vào ngày đó.")
    if not reason:
        problems["reason"] = _("Hãy ghi lý do hoặc căn cứ.")
    if problems:
        raise BadInput(problems)
    if standing.valid_from >= valid_to:
        raise FacilityStillNeeded([])
    points = FacilityStanding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=valid_to), parent=facility)
    if codes := sorted(set(points.values_list("facility__code", flat=True))):
        raise FacilityStillNeeded(codes)
    facility.valid_to = valid_to
    facility.save(update_fields=["valid_to"])
    FacilityStanding.objects.filter(facility=facility, valid_to=None).update(valid_to=valid_to)
    FacilityDetails.objects.filter(facility=facility, valid_from__gte=valid_to).delete()  # announced, and never to be
    FacilityDetails.objects.filter(Q(valid_to=None) | Q(valid_to__gt=valid_to), facility=facility).update(valid_to=valid_to)
    record(events.FACILITY_ENDED, facility, actor=actor, at=at, unit_id=standing.unit_id, valid_to=valid_to, reason=reason)
    transaction.on_commit(queries.clear_caches)
    return facility


def _must_keep(standing: FacilityStanding, actor: Actor, at: datetime) -> None:
    """Its unit's, or the city's that holds the unit today: no duty covers a unit that has ended, whose station still waits."""
    if not actor.may("manage units", unit_id=standing.unit_id):
        day = timezone.localtime(at).date()
        actor.must("manage units", unit_id=queries.keeper_of(queries.city_of(standing.unit_id), on=day))


def _check(one: FacilityFact, city_id: int) -> None:
    problems: dict[str, str] = {}
    if not one.code or len(one.code) > 20:
        problems["code"] = _("Hãy ghi mã cơ sở, không quá 20 ký tự.")
    if not one_line(one.name) or len(one_line(one.name)) > 200:
        problems["name"] = _("Hãy ghi tên cơ sở, không quá 200 ký tự.")
    if one.kind not in Facility.Kind.values:
        problems["kind"] = _("Loại cơ sở là trạm y tế hoặc điểm y tế.")
    if (one.kind == Facility.Kind.HEALTH_POINT) != bool(one.parent_code):
        problems["parent"] = _("Điểm y tế thuộc một trạm y tế; trạm y tế không thuộc trạm nào.")
    if not _exists(one.unit_id, one.valid_from, city_id):
        problems["unit"] = _("Đơn vị của cơ sở không hoạt động vào ngày đó, hoặc không thuộc thành phố này.")
    if problems:
        raise BadInput(problems)


def _exists(unit_id: int, day: date, city_id: int) -> bool:
    try:
        row = queries.unit_row(unit_id, as_of=day)
        return (
            row.exists_on(day)
            and row.level == Unit.Level.COMMUNE
            and queries.city_of(unit_id) in queries.provinces_into(city_id)
        )
    except queries.UnitNotFound:
        return False


def checked(details: FacilityDetailsFact) -> dict[str, object]:
    """As they are stored. Raises BadInput."""
    values = {name: one_line(value) if isinstance(value, str) else value for name, value in asdict(details).items()}
    problems: dict[str, str] = {}
    for name, most in (("address", 300), ("opening_hours", 200)):
        if len(str(values[name])) > most:
            problems[name] = _("Phần này quá dài. Hãy viết gọn lại.")
    if values["phone"] and not PHONE.match(str(values["phone"])):
        problems["phone"] = _("Số điện thoại chỉ gồm chữ số, dấu cách, dấu + và dấu ngoặc, từ 3 đến 20 ký tự.")
    if (details.latitude is None) != (details.longitude is None):
        problems["latitude"] = _("Hãy ghi cả vĩ độ và kinh độ, hoặc để trống cả hai.")
    elif not in_viet_nam(details.latitude, details.longitude):
        problems["latitude"] = _("Tọa độ này nằm ngoài Việt Nam. Vĩ độ từ 6 đến 24, kinh độ từ 102 đến 118.")
    if problems:
        raise BadInput(problems)
    return values
