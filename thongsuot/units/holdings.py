"""What a unit that ends holds of this capability: the points where people went, its health stations (units.moves)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F, ForeignObjectRel, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.periods import in_force
from thongsuot.units import events, queries
from thongsuot.units.heirs import Choice, Clue, Heirs, Rule
from thongsuot.units.models import (
    Body,
    FacilityDetails,
    FacilityStanding,
    PointDetails,
    PointManagement,
    ServicePoint,
)
from thongsuot.units.moves import Held, Holding, Moved, Rows, register, stays


class Points(Rows):
    """Service points of the last day. The same house goes on as a point of the unit in which it stands; figures and codes of
    the old point stay with it. Whom the city gave it to runs it on, or will from the day decided for that.
    """

    key = "units.points"
    label = _("Điểm phục vụ")
    columns = ("units.ServicePoint.unit", "units.PointManagement.managed_by")
    unit_path = "unit_id"
    moved, moved_back = events.POINT_CONTINUED, events.POINT_TAKEN_BACK

    def rows(self) -> QuerySet[ServicePoint]:
        return ServicePoint.objects.filter(unit__valid_to__isnull=False, continued_by=None)

    def found(self, ids: Any) -> QuerySet[ServicePoint]:
        return ServicePoint.objects.filter(pk__in=list(ids)).select_related("unit")

    def thing(self, row: Any, unit_id: int) -> Held:
        details = PointDetails.objects.filter(point=row).order_by("valid_from").last()
        if details is None:
            return Held(id=row.pk, unit_id=unit_id, label=str(row))
        point = None
        if details.latitude is not None and details.longitude is not None and not details.is_example:
            point = (details.latitude, details.longitude)
        return Held(id=row.pk, unit_id=unit_id, label=details.name[:80], clue=Clue(addresses=(details.address,), point=point))

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        """Where the house stands; whose place nobody can tell goes to the one that keeps what is not divided."""
        found = [heirs.choose(thing.unit_id, thing.clue) for thing in things]
        return [
            heirs.keeper(thing.unit_id) if choice.rule == Rule.NOBODY else choice
            for thing, choice in zip(things, found, strict=True)
        ]

    def unit_of(self, row: Any) -> int | None:
        following = ServicePoint.objects.filter(continues=row.pk).first()
        unit_id: int = following.unit_id if following is not None else row.unit_id
        return unit_id

    def can_go_back(self, row: Any, one: Moved) -> bool:
        """Not once its new point went on itself: was continued, ended, given to another body, or named by a conversion."""
        following = ServicePoint.objects.filter(pk=one.was["following"], valid_to=None)
        details = PointDetails.objects.filter(point=one.was["following"])
        managed = _managers(one.was["following"])
        as_given = managed == one.was["managed"] if "managed" in one.was else len(managed) <= 1
        untouched = as_given and details.count() <= 1
        return untouched and following.exists() and not _is_named(one.was["following"])

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        day = row.unit.valid_to
        details = PointDetails.objects.filter(point=row).order_by("valid_from").last()
        following = ServicePoint.objects.create(unit_id=to_unit_id, valid_from=day, continues=row)
        if details is not None:
            PointDetails.objects.create(
                point=following,
                valid_from=day,
                name=details.name,
                address=details.address,
                opening_hours=details.opening_hours,
                phone=details.phone,
                latitude=details.latitude,
                longitude=details.longitude,
                is_example=details.is_example,
            )
        _manage(row, following, day)
        return {"following": following.pk, "managed": _managers(following.pk)}

    def restore(self, row: Any, one: Moved) -> None:
        following = ServicePoint.objects.get(pk=one.was["following"])
        following.details.all().delete()
        following.managements.all().delete()
        following.delete()


def _is_named(point_id: Any) -> bool:
    """By a conversion, by a point that continues it, by a post that works there."""
    own = (PointDetails, PointManagement)
    links = (link for link in ServicePoint._meta.get_fields(include_hidden=True) if isinstance(link, ForeignObjectRel))
    others = (link.field for link in links if link.related_model not in own)
    return any(field.model._base_manager.filter(**{field.name: point_id}).exists() for field in others)


def _managers(point_id: Any) -> list[list[object]]:
    """Who runs a point, and since when, as it can be remembered."""
    rows = PointManagement.objects.filter(point=point_id).order_by("valid_from")
    return [[body_id, since.isoformat()] for body_id, since in rows.values_list("managed_by_id", "valid_from")]


def _manage(old: ServicePoint, following: ServicePoint, day: date) -> None:
    """The successor's centre runs the point, unless a body of the city ran the old one on the eve, or is to from a later day.

    What was decided for a body that ended with its unit is the successor's.
    """
    bodies = Body.objects.filter(in_force(day), unit=following.unit_id).order_by("pk")
    own = bodies.filter(kind=Body.Kind.SERVICE_CENTRE).first() or bodies.first()
    city_id = queries.city_of(following.unit_id)
    by_day: dict[date, tuple[Body | None, str]] = {day: (own, "")}
    last = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    for was in PointManagement.objects.filter(last, point=old).order_by("valid_from").select_related("managed_by__unit"):
        since, body = max(was.valid_from, day), was.managed_by
        if (
            queries.belongs_to_city(body, city_id)
            and body.valid_from <= since
            and (body.valid_to is None or since < body.valid_to)
        ):
            by_day[since] = (body, was.basis)
        else:
            by_day[since] = (own, was.basis if was.valid_from >= day else "")
    rows: list[PointManagement] = []
    for since, (manager, basis) in sorted(by_day.items(), key=lambda item: item[0]):
        if manager is None or (rows and rows[-1].managed_by_id == manager.pk):
            continue
        if rows:
            rows[-1].valid_to = since
        rows.append(PointManagement(point=following, managed_by=manager, basis=basis, valid_from=since))
    PointManagement.objects.bulk_create(rows)


class Facilities(Rows):
    """Health stations and points of the last day. The facility goes on, under the unit in which it stands; what it was stays.

    A row is what it was in the ended unit; a planned conversion after that day has a row of its own.
    """

    key = "units.facility"
    label = _("Trạm y tế, điểm y tế")
    columns = ("units.FacilityStanding.unit",)
    unit_path = "unit_id"
    moved, moved_back = events.FACILITY_CONTINUED, events.FACILITY_TAKEN_BACK

    def rows(self) -> QuerySet[FacilityStanding]:
        lasts = Q(valid_to__isnull=True) | Q(valid_to__gt=F("unit__valid_to"))
        return FacilityStanding.objects.filter(lasts, unit__valid_to__isnull=False)

    def found(self, ids: Any) -> QuerySet[FacilityStanding]:
        return FacilityStanding.objects.filter(pk__in=list(ids)).select_related("unit", "facility")

    def subject(self, row: Any) -> Model:
        facility: Model = row.facility
        return facility

    def thing(self, row: Any, unit_id: int) -> Held:
        details = FacilityDetails.objects.filter(facility=row.facility_id).order_by("valid_from").last()
        point = None
        if details is not None and details.latitude is not None and details.longitude is not None:
            point = (details.latitude, details.longitude)
        clue = Clue(addresses=(details.address,) if details is not None else (), point=point)
        return Held(id=row.pk, unit_id=unit_id, label=row.name[:80], about=row.get_kind_display(), clue=clue)

    choose = Holding.choose  # where the house stands; nobody guesses where people go when they are ill

    def unit_of(self, row: Any) -> int | None:
        own: int = row.unit_id
        ends = row.unit.valid_to
        if ends is None or row.valid_to != ends:
            return own
        following = self._following(row)
        return following.unit_id if following is not None else own

    def can_go_back(self, row: Any, one: Moved) -> bool:
        """Not once something was decided about it since: another name, another kind, a conversion."""
        if one.was.get("planned"):
            return True
        following = FacilityStanding.objects.filter(pk=one.was["following"]).first()
        if following is None:
            return False
        ends = following.valid_to.isoformat() if following.valid_to else None
        return bool(ends == one.was["ends"])

    def _following(self, row: Any) -> FacilityStanding | None:
        return FacilityStanding.objects.filter(facility=row.facility_id, valid_from=row.unit.valid_to).first()

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        day = row.unit.valid_to
        if row.valid_from >= day:  # planned for later, when its unit will be no more
            row.unit_id = to_unit_id
            row.save(update_fields=["unit"])
            return {"planned": True}
        ends, row.valid_to = row.valid_to, day
        row.save(update_fields=["valid_to"])
        following = FacilityStanding.objects.create(
            facility=row.facility,
            kind=row.kind,
            name=row.name,
            unit_id=to_unit_id,
            parent_id=row.parent_id,
            conversion_id=row.conversion_id,
            valid_from=day,
            valid_to=ends,
        )
        return {"following": following.pk, "ends": ends.isoformat() if ends else None}

    def restore(self, row: Any, one: Moved) -> None:
        if one.was.get("planned"):
            row.unit_id = one.from_unit_id
            row.save(update_fields=["unit"])
            return
        FacilityStanding.objects.get(pk=one.was["following"]).delete()
        row.valid_to = date.fromisoformat(str(one.was["ends"])) if one.was["ends"] else None
        row.save(update_fields=["valid_to"])


register(Points())
register(Facilities())
stays(("units.Body.unit", "units.UnitName.unit", "units.Boundary.unit"), "part of the unit: it ends with it and stays its own")
stays(("units.Unit.parent", "units.Decision.province"), "what lay above it then")
stays(("units.Succession.old_unit", "units.Succession.new_unit"), "the succession itself")
stays(
    ("units.Serving.city", "units.Serving.unit", "units.Serving.body"),
    "a partner's role for an ended unit ends with it; the city decides for the new one",
)
stays(
    ("units.Body.part_of", "units.PointDetails.point", "units.ServicePoint.continues", "units.PointManagement.point"),
    "parts of one thing",
)
stays(
    (
        "units.FacilityConversion.city",
        "units.ConversionLine.unit",
        "units.ConversionLine.point",
        "units.ConversionLine.managed_by",
    ),
    "what a decision says; a draft that names what has ended is told so by its check",
)
stays("units.WorkingHours.city", "hours of a city go on with the city")
