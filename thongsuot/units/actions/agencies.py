"""Agencies: bodies of a city that receive or resolve in their own name, and which of them plays a partner's role for whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line, search_key, sort_key
from thongsuot.units import events, queries
from thongsuot.units.actions.bodies import IDENTIFIER
from thongsuot.units.files import role_names
from thongsuot.units.models import Body, Serving, Unit, UnitName


class AgencyAlreadySetUp(TellPerson):
    code = "units.agency_already_set_up"

    def message(self) -> str:
        return _("Cơ quan này đã được lập. Hãy mở trang của cơ quan để sửa, thay vì lập lại.")


@command
def set_up_agency(
    city_id: int,
    *,
    code: str,
    kind: str,
    name: str,
    identifier: str,
    identifier_is_example: bool = False,
    is_example: bool = False,
    valid_from: date,
    actor: Actor,
    at: datetime,
) -> Body:
    """Let a body of the city receive or resolve in its own name; a body of that name is there already or is made.

    code         two digits of the city and three signs: 01D07. Never an administrative code
    identifier   what codes of its dossiers begin with: H26.7
    From then on duties of the body's people hold there alone, no longer in the whole city.
    Raises NotYourDuty, AgencyAlreadySetUp, BadInput.
    """
    city = Unit.objects.select_for_update().get(pk=city_id)
    actor.must("manage units", unit_id=city_id)
    name = one_line(name)[:120]
    if kind not in Body.Kind.values or not name:
        raise BadInput({"name": _("Hãy ghi tên và loại cơ quan.")})
    if not IDENTIFIER.match(identifier):
        raise BadInput(
            {
                "identifier": _("Mã định danh “%(identifier)s” sai dạng. Dạng đúng: H26 hoặc H26.107.")
                % {"identifier": identifier}
            }
        )
    if len(code) != 5 or code.isdigit() or not code.isalnum():
        raise BadInput({"code": _("Mã cơ quan gồm mã thành phố và ba ký tự, ví dụ 01D07.")})
    if Unit.objects.filter(code=code, valid_to=None).exists():
        raise AgencyAlreadySetUp
    body = Body.objects.filter(in_force(valid_from), unit=city, kind=kind, name=name).first()
    if body is None:
        body = Body(kind=kind, name=name, is_example=is_example, valid_from=valid_from)
    unit = Unit.objects.create(
        code=code,
        level=Unit.Level.AGENCY,
        parent=city,
        agency_identifier=identifier,
        identifier_is_example=identifier_is_example,
        valid_from=valid_from,
    )
    UnitName.objects.create(
        unit=unit,
        kind=UnitName.Kind.AGENCY,
        name=name,
        full_name=name,
        search_name=search_key(name)[:120],
        sort_name=sort_key(name)[:260],
        valid_from=valid_from,
    )
    body.unit = unit
    body.save()
    record(
        events.AGENCY_SET_UP,
        unit,
        actor=actor,
        at=at,
        unit_id=city_id,
        body=body.pk,
        body_kind=kind,
        identifier=identifier,
        code=code,
    )
    transaction.on_commit(queries.clear_caches)
    return body


@command
def put_serving(
    role: str,
    *,
    body_id: int,
    city_id: int,
    unit_id: int | None = None,
    valid_from: date,
    actor: Actor,
    at: datetime,
) -> Serving:
    """From a day on the body plays the role for the unit, or for every unit of the city; who did so before ends then.

    Raises NotYourDuty, BadInput.
    """
    city = Unit.objects.select_for_update().get(pk=city_id)
    actor.must("manage units", unit_id=city_id)
    if role not in role_names():
        raise BadInput({"role": _("Không có vai trò này. Hãy chọn trong danh sách.")})
    body = Body.objects.filter(pk=body_id).first()
    if body is None or queries.city_of(body.unit_id) != city_id:
        raise BadInput({"body": _("Cơ quan này không thuộc thành phố. Hãy chọn cơ quan khác.")})
    same = Serving.objects.filter(role=role, city=city)
    same = same.filter(unit__isnull=True) if unit_id is None else same.filter(unit_id=unit_id)
    if same.filter(valid_from__gte=valid_from).exists():
        raise BadInput({"valid_from": _("Đã có cơ quan được giao từ ngày đó hoặc sau đó. Hãy chọn ngày khác.")})
    same.filter(in_force(valid_from)).update(valid_to=valid_from)
    serving = Serving.objects.create(role=role, city=city, unit_id=unit_id, body=body, valid_from=valid_from)
    record(
        events.SERVING_PUT,
        city,
        actor=actor,
        at=at,
        unit_id=city_id,
        role=role,
        body=body_id,
        serves=unit_id,
        valid_from=valid_from,
        before_until=valid_from - timedelta(days=1),
    )
    transaction.on_commit(queries.clear_caches)
    return serving
