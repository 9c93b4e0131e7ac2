"""Agencies: bodies of a city that receive or resolve in their own name, and which of them plays a partner's role for whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, NotFound, TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line, search_key, sort_key
from thongsuot.units import events, queries
from thongsuot.units.actions.bodies import IDENTIFIER
from thongsuot.units.facts import ServingChange
from thongsuot.units.files import role_names
from thongsuot.units.models import Body, Serving, Unit, UnitName


class AgencyAlreadySetUp(TellPerson):
    code = "units.agency_already_set_up"
    says = gettext_lazy("Cơ quan này đã được lập. Hãy mở trang của cơ quan để sửa, thay vì lập lại.")


class AgencyStillServes(TellPerson):
    """An agency may not end while units count on it as their partner."""

    code = "units.agency_still_serves"

    def __init__(self, roles: list[str]) -> None:
        self.roles = roles

    def message(self) -> str:
        roles = ", ".join(dict.fromkeys(role_names().get(role, role) for role in self.roles))
        return _("Từ ngày đó cơ quan này vẫn được giao phối hợp: %(roles)s. Hãy giao cơ quan khác hoặc thôi giao trước.") % {
            "roles": roles
        }

    def details(self) -> dict[str, object]:
        return {"roles": self.roles}


class ServingNotThere(TellPerson):
    """Nobody plays the role for the unit on that day, so there is nothing to end."""

    code = "units.serving_not_there"
    says = gettext_lazy("Vào ngày đó không có cơ quan nào được giao việc này. Hãy xem lại danh sách và chọn ngày khác.")


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
    part_of_id: int | None = None,
    valid_from: date,
    actor: Actor,
    at: datetime,
) -> Body:
    """Let a body of the city receive or resolve in its own name; a body of that name is there already or is made.

    code         two digits of the city and three signs: 01D07. Never an administrative code
    identifier   what codes of its dossiers begin with: H26.7; no other unit of now has it
    part_of_id   the body of the city above it; of a body that is there already it stays as it is when None
    From then on duties of the body's people hold there alone, no longer in the whole city.
    Raises NotYourDuty, AgencyAlreadySetUp, BadInput.
    """
    city = Unit.objects.select_for_update().get(pk=city_id)
    actor.must("manage units", unit_id=city_id)
    name = one_line(name)[:120]
    if kind not in Body.Kind.values or not name:
        raise BadInput({"name": _("Hãy ghi tên và loại cơ quan.")})
    if len(code) != 5 or code.isdigit() or not code.isalnum():
        raise BadInput({"code": _("Mã cơ quan gồm mã thành phố và ba ký tự, ví dụ 01D07.")})
    if Unit.objects.filter(code=code, valid_to=None).exists():
        raise AgencyAlreadySetUp
    _check_identifier(identifier)
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
    if part_of_id is not None:
        body.part_of = _above(part_of_id, city_id)
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
def change_agency(
    unit_id: int,
    *,
    name: str,
    part_of_id: int | None,
    identifier: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
) -> Unit:
    """The agency's name from a day on that has come, its place in the city's tree, and its real identifier for an example.

    Names of before stay with their days; lists, letters and certificates of now show the one of now.
    Raises NotYourDuty, NotFound, BadInput.
    """
    unit, body = _agency(unit_id)
    city_id = queries.city_of(unit_id)
    actor.must("manage units", unit_id=city_id)
    name = one_line(name)[:120]
    if not name:
        raise BadInput({"name": _("Hãy ghi tên cơ quan.")})
    named = unit.names.order_by("valid_from").last()
    assert named is not None  # set up with a name
    renamed = name != named.name
    if renamed and not named.valid_from <= valid_from <= timezone.localtime(at).date():
        raise BadInput(
            {
                "valid_from": _(
                    "Tên mới áp dụng từ một ngày không sớm hơn %(first)s và không muộn hơn hôm nay. Hãy chọn ngày khác."
                )
                % {"first": f"{named.valid_from:%d/%m/%Y}"}
            }
        )
    if identifier != unit.agency_identifier:
        if not unit.identifier_is_example:
            raise BadInput({"identifier": _("Mã định danh thật đã có trong mã hồ sơ nên không đổi được. Hãy ghi lại mã cũ.")})
        _check_identifier(identifier)
        unit.agency_identifier, unit.identifier_is_example = identifier, False
        unit.save(update_fields=["agency_identifier", "identifier_is_example"])
    if renamed:
        values = {
            "kind": UnitName.Kind.AGENCY,
            "name": name,
            "full_name": name,
            "search_name": search_key(name)[:120],
            "sort_name": sort_key(name)[:260],
        }
        change_from(unit.names.all(), valid_from, {"unit": unit}, values)
        body.name = name
    body.part_of = None if part_of_id is None else _above(part_of_id, city_id, below=body)
    body.save(update_fields=["name", "part_of"])
    record(
        events.AGENCY_CHANGED,
        unit,
        actor=actor,
        at=at,
        unit_id=city_id,
        name=name,
        name_before=named.name,
        valid_from=valid_from if renamed else None,
        part_of=part_of_id,
        identifier=unit.agency_identifier,
    )
    transaction.on_commit(queries.clear_caches)
    return unit


@command
def end_agency(unit_id: int, *, valid_to: date, actor: Actor, at: datetime) -> Unit:
    """From `valid_to` on there is no such agency: it can be given nothing. What it has open it finishes.

    Raises NotYourDuty, NotFound, BadInput, AgencyStillServes.
    """
    unit, body = _agency(unit_id)
    city_id = queries.city_of(unit_id)
    actor.must("manage units", unit_id=city_id)
    check_end(unit_id, valid_to)
    unit.valid_to = body.valid_to = valid_to
    unit.save(update_fields=["valid_to"])
    body.save(update_fields=["valid_to"])
    unit.names.filter(in_force(valid_to)).update(valid_to=valid_to)
    record(events.AGENCY_ENDED, unit, actor=actor, at=at, unit_id=city_id, valid_to=valid_to, body=body.pk)
    transaction.on_commit(queries.clear_caches)
    return unit


def check_end(unit_id: int, valid_to: date) -> None:
    """Can the agency end on that day? Raises NotFound, BadInput, AgencyStillServes."""
    unit, body = _agency(unit_id)
    if unit.valid_to is not None:
        raise BadInput({"valid_to": _("Cơ quan này đã kết thúc từ ngày %(day)s.") % {"day": f"{unit.valid_to:%d/%m/%Y}"}})
    named = unit.names.order_by("valid_from").last()
    if valid_to <= max(unit.valid_from, body.valid_from, named.valid_from if named else unit.valid_from):
        raise BadInput({"valid_to": _("Ngày kết thúc phải sau ngày bắt đầu. Hãy chọn ngày khác.")})
    serving = Serving.objects.filter(body=body).filter(Q(valid_to=None) | Q(valid_to__gt=valid_to))
    if roles := list(serving.order_by("role").values_list("role", flat=True)):
        raise AgencyStillServes(roles)


def _agency(unit_id: int) -> tuple[Unit, Body]:
    unit = Unit.objects.filter(pk=unit_id, level=Unit.Level.AGENCY).select_for_update().first()
    body = Body.objects.filter(unit_id=unit_id).order_by("id").first()
    if unit is None or body is None:
        raise NotFound
    return unit, body


def _above(body_id: int, city_id: int, *, below: Body | None = None) -> Body:
    """The body of the city that another is part of; never the other itself nor one of its parts."""
    above = Body.objects.filter(pk=body_id).first()
    if above is None or queries.city_of(above.unit_id) != city_id:
        raise BadInput({"part_of": _("Cơ quan cấp trên này không thuộc thành phố. Hãy chọn cơ quan khác.")})
    step: Body | None = above
    while step is not None:
        if step == below:
            raise BadInput({"part_of": _("Một cơ quan không thể trực thuộc chính nó. Hãy chọn cơ quan khác.")})
        step = step.part_of
    return above


def _check_identifier(identifier: str) -> None:
    if not IDENTIFIER.match(identifier):
        raise BadInput(
            {
                "identifier": _("Mã định danh “%(identifier)s” sai dạng. Dạng đúng: H26 hoặc H26.107.")
                % {"identifier": identifier[:35]}
            }
        )
    if Unit.objects.filter(agency_identifier=identifier, valid_to=None).exists():
        raise BadInput({"identifier": _("Mã định danh này đã là của một đơn vị khác. Hãy ghi mã khác.")})


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
    check_serving(ServingChange(role=role, unit_id=unit_id, body_id=body_id, day=valid_from), city_id=city_id)
    _same(role, city_id, unit_id).filter(in_force(valid_from)).update(valid_to=valid_from)
    serving = Serving.objects.create(role=role, city=city, unit_id=unit_id, body_id=body_id, valid_from=valid_from)
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


@command
def end_serving(role: str, *, city_id: int, unit_id: int | None = None, valid_to: date, actor: Actor, at: datetime) -> Serving:
    """From `valid_to` on nobody plays the role for the unit; one unit's own partner gone, the city's serves it again.

    Raises NotYourDuty, BadInput, ServingNotThere.
    """
    city = Unit.objects.select_for_update().get(pk=city_id)
    actor.must("manage units", unit_id=city_id)
    check_serving(ServingChange(role=role, unit_id=unit_id, body_id=None, day=valid_to), city_id=city_id)
    serving = _same(role, city_id, unit_id).filter(in_force(valid_to)).get()
    serving.valid_to = valid_to
    serving.save(update_fields=["valid_to"])
    record(
        events.SERVING_ENDED,
        city,
        actor=actor,
        at=at,
        unit_id=city_id,
        role=role,
        body=serving.body_id,
        serves=unit_id,
        valid_to=valid_to,
    )
    transaction.on_commit(queries.clear_caches)
    return serving


def check_serving(change: ServingChange, *, city_id: int) -> None:
    """Would the change be made? Raises what would refuse it: BadInput, ServingNotThere."""
    if change.role not in role_names():
        raise BadInput({"role": _("Không có vai trò này. Hãy chọn trong danh sách.")})
    if change.unit_id is not None and change.unit_id not in queries.unit_ids_under(city_id, as_of=change.day):
        raise BadInput({"unit": _("Đơn vị này không thuộc thành phố vào ngày đó. Hãy chọn đơn vị khác.")})
    same = _same(change.role, city_id, change.unit_id)
    if change.body_id is None:
        if not same.filter(in_force(change.day), valid_from__lt=change.day).exists():
            raise ServingNotThere
        return
    body = Body.objects.filter(pk=change.body_id).first()
    if body is None or queries.city_of(body.unit_id) != city_id:
        raise BadInput({"body": _("Cơ quan này không thuộc thành phố. Hãy chọn cơ quan khác.")})
    if body.valid_from > change.day or (body.valid_to is not None and body.valid_to <= change.day):
        raise BadInput({"body": _("Vào ngày đó không có cơ quan này. Hãy chọn cơ quan khác hoặc ngày khác.")})
    if same.filter(valid_from__gte=change.day).exists():
        raise BadInput({"valid_from": _("Đã có cơ quan được giao từ ngày đó hoặc sau đó. Hãy chọn ngày khác.")})


def _same(role: str, city_id: int, unit_id: int | None) -> QuerySet[Serving]:
    """The periods of one role for one unit, or for the city."""
    same = Serving.objects.filter(role=role, city_id=city_id)
    return same.filter(unit__isnull=True) if unit_id is None else same.filter(unit_id=unit_id)
