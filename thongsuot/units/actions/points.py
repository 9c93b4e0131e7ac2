"""Service points: opened, described anew, moved to another body."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.units import events, queries
from thongsuot.units.facts import PointFact
from thongsuot.units.models import Body, PointDetails, PointManagement, ServicePoint
from thongsuot.units.rules.outlines import EAST, NORTH, SOUTH, WEST

PHONE = re.compile(r"^[0-9+() .-]{3,20}$")


class NotAManager(TellPerson):
    """The body is of another city, or does not exist on that day: it cannot run the point."""

    code = "units.not_a_manager"
    says = gettext_lazy(
        "Cơ quan này không quản lý được điểm phục vụ từ ngày đã chọn. Hãy chọn cơ quan đang hoạt động của xã, phường "
        "hoặc của thành phố."
    )


@command
def open_point(
    unit_id: int, details: PointFact, *, managed_by_id: int, valid_from: date, basis: str = "", actor: Actor, at: datetime
) -> ServicePoint:
    """Raises NotYourDuty, BadInput, NotAManager."""
    actor.must("manage units", unit_id=unit_id)
    point = ServicePoint.objects.create(unit_id=unit_id, valid_from=valid_from)
    PointDetails.objects.create(point=point, valid_from=valid_from, **_checked(details))
    _check_manager(point, managed_by_id, valid_from)
    PointManagement.objects.create(point=point, managed_by_id=managed_by_id, basis=basis, valid_from=valid_from)
    record(events.POINT_OPENED, point, actor=actor, at=at, unit_id=unit_id, managed_by=managed_by_id, valid_from=valid_from)
    transaction.on_commit(queries.clear_caches)
    return point


@command
def change_point(point_id: int, details: PointFact, *, valid_from: date, actor: Actor, at: datetime) -> PointDetails:
    """From a day on the point is found so. Raises NotYourDuty, NotFound, BadInput."""
    point = _locked(point_id)
    actor.must("manage units", unit_id=point.unit_id)
    if valid_from < point.valid_from:
        raise BadInput(
            {
                "valid_from": _("Điểm phục vụ mở từ ngày %(day)s. Hãy chọn ngày đó hoặc sau đó.")
                % {"day": f"{point.valid_from:%d/%m/%Y}"}
            }
        )
    values = _checked(details)
    row = change_from(PointDetails.objects.filter(point=point), valid_from, {"point": point}, values)
    record(events.POINT_CHANGED, point, actor=actor, at=at, unit_id=point.unit_id, valid_from=valid_from, **values)
    transaction.on_commit(queries.clear_caches)
    return row


@command
def move_point(point_id: int, *, to_body_id: int, valid_from: date, basis: str, actor: Actor, at: datetime) -> PointManagement:
    """Another body runs the point from a day on; the point, its dossiers and its figures of before stay as they are.

    Raises NotYourDuty, NotFound, NotAManager.
    """
    point = _locked(point_id)
    # The city decides where its points belong: a commune could not take one from another.
    actor.must("manage units", unit_id=queries.city_of(point.unit_id))
    _check_manager(point, to_body_id, valid_from)
    row = change_from(
        PointManagement.objects.filter(point=point),
        valid_from,
        {"point": point},
        {"managed_by_id": to_body_id, "basis": one_line(basis)},
    )
    record(
        events.POINT_MOVED,
        point,
        actor=actor,
        at=at,
        unit_id=point.unit_id,
        managed_by=to_body_id,
        valid_from=valid_from,
        basis=row.basis,
    )
    transaction.on_commit(queries.clear_caches)
    return row


def _locked(point_id: int) -> ServicePoint:
    point = must_exist(ServicePoint.objects.select_for_update().filter(pk=point_id).first())
    return point


def _check_manager(point: ServicePoint, body_id: int, day: date) -> None:
    body = Body.objects.filter(in_force(day), pk=body_id).select_related("unit").first()
    if body is None or day < point.valid_from:
        raise NotAManager
    if body.unit_id != point.unit_id and not queries.belongs_to_city(body, queries.city_of(point.unit_id)):
        raise NotAManager


def _checked(details: PointFact) -> dict[str, object]:
    values = {name: one_line(value) if isinstance(value, str) else value for name, value in asdict(details).items()}
    problems: dict[str, str] = {}
    for name, said in (
        ("name", _("Hãy ghi tên điểm phục vụ.")),
        ("address", _("Hãy ghi địa chỉ để người dân tìm đến.")),
        ("opening_hours", _("Hãy ghi giờ mở cửa.")),
    ):
        if not values[name]:
            problems[name] = said
        elif len(str(values[name])) > (300 if name == "address" else 200):
            problems[name] = _("Phần này quá dài. Hãy viết gọn lại.")
    if not PHONE.match(str(values["phone"])):
        problems["phone"] = _("Số điện thoại chỉ gồm chữ số, dấu cách, dấu + và dấu ngoặc, từ 3 đến 20 ký tự.")
    if (details.latitude is None) != (details.longitude is None):
        problems["latitude"] = _("Hãy ghi cả vĩ độ và kinh độ, hoặc để trống cả hai.")
    elif not in_viet_nam(details.latitude, details.longitude):
        problems["latitude"] = _("Tọa độ này nằm ngoài Việt Nam. Vĩ độ từ 6 đến 24, kinh độ từ 102 đến 118.")
    if problems:
        raise BadInput(problems)
    return values


def in_viet_nam(latitude: float | None, longitude: float | None) -> bool:
    """Within the box around the country and its islands. Nothing given is nothing wrong."""
    return latitude is None or longitude is None or (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST)
