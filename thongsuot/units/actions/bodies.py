"""Bodies and identifiers of a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.units import events, queries
from thongsuot.units.facts import BodyFact
from thongsuot.units.models import Body, Unit

# One letter and two digits for the first level, then numbers (QĐ 20/2020/QĐ-TTg).
IDENTIFIER = re.compile(r"^[A-Z][0-9]{2}(\.[0-9]{1,5}){0,4}$")


class BodiesAlreadySetUp(TellPerson):
    code = "units.bodies_already_set_up"
    says = _("Đơn vị này đã có các cơ quan. Hãy sửa từng cơ quan thay vì lập lại.")


@command
def set_up_bodies(unit_id: int, bodies: Sequence[BodyFact], *, actor: Actor, at: datetime) -> list[Body]:
    """Give a unit its bodies, once. `rules.commune_bodies` knows those of a commune.

    Raises NotYourDuty, BodiesAlreadySetUp, BadInput when a body is part of one that is not among them.
    """
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    actor.must("manage units", unit_id=unit_id)
    if unit.bodies.exists():
        raise BodiesAlreadySetUp
    above: dict[str, Body] = {}
    created: list[Body] = []
    waiting = list(bodies)
    while waiting:  # one round per storey: a body can only be part of one that is there
        ready = [fact for fact in waiting if not fact.part_of or fact.part_of in above]
        if not ready:
            raise BadInput({"part_of": _("Không có cơ quan “%(name)s” để trực thuộc.") % {"name": waiting[0].part_of}})
        storey = Body.objects.bulk_create(
            Body(
                unit=unit,
                kind=fact.kind,
                name=fact.name,
                is_example=fact.is_example,
                part_of=above[fact.part_of] if fact.part_of else None,
                valid_from=fact.valid_from or unit.valid_from,
                valid_to=fact.valid_to,
            )
            for fact in ready
        )
        for body in storey:
            above.setdefault(body.kind, body)
            above.setdefault(body.name, body)
        created += storey
        waiting = [fact for fact in waiting if fact not in ready]
    record(events.BODIES_SET_UP, unit, actor=actor, at=at, unit_id=unit_id, bodies=[body.pk for body in created])
    transaction.on_commit(queries.clear_caches)
    return created


@command
def give_identifiers(city_id: int, identifiers: Mapping[str, str], *, are_examples: bool, actor: Actor, at: datetime) -> int:
    """Set agency identifiers of units of a city, by unit code. Returns how many were set.

    Dossier codes begin with the identifier: a given one stays; only an example gives way, and only to a real one.
    Raises NotYourDuty, BadInput.
    """
    city = Unit.objects.select_for_update().get(pk=city_id)
    actor.must("manage units", unit_id=city_id)
    bad = [identifier for identifier in identifiers.values() if not IDENTIFIER.match(identifier)]
    if bad:
        raise BadInput(
            {
                "identifier": _("Mã định danh “%(identifier)s” sai dạng. Dạng đúng: H26 hoặc H26.107.")
                % {"identifier": bad[0][:35]}
            }
        )
    open_ones = Q(agency_identifier="") if are_examples else Q(agency_identifier="") | Q(identifier_is_example=True)
    units = list(
        Unit.objects.select_for_update(of=("self",)).filter(
            open_ones,
            Q(pk=city_id) | Q(parent_id=city_id) | Q(parent__parent_id=city_id),
            code__in=identifiers,
            valid_to=None,
        )
    )
    for unit in units:
        unit.agency_identifier = identifiers[unit.code]
        unit.identifier_is_example = are_examples
    Unit.objects.bulk_update(units, ["agency_identifier", "identifier_is_example"])
    record(
        events.IDENTIFIED,
        city,
        actor=actor,
        at=at,
        unit_id=city_id,
        examples=are_examples,
        identifiers={unit.code: unit.agency_identifier for unit in units},
    )
    transaction.on_commit(queries.clear_caches)
    return len(units)
