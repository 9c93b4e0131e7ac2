"""Which open dossiers a change of partners, or the end of an agency, touches: for the page that asks before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from thongsuot.dossiers.models import Dossier, Leg
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.units.facts import AgencyEnd, ServingChange

MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class TouchedRow:
    """An open dossier, where it is resolved, and by when the result is due."""

    id: int
    code: str
    procedure: str
    unit: str
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Touched:
    """`count` of them; `first` are some, the soonest due first."""

    count: int
    first: list[TouchedRow]


@dataclass(frozen=True, kw_only=True)
class ServingEffect:
    """`here`: dossiers whose leg is open, which stay with who has them; `ahead`: those that come to the leg later."""

    here: Touched
    ahead: Touched


@dataclass(frozen=True, kw_only=True)
class EndEffect:
    """What the agency has open: dossiers it resolves, legs of others' dossiers, dossiers it received for others."""

    resolving: Touched
    legs: Touched
    receiving: Touched

    @property
    def count(self) -> int:
        return self.resolving.count + self.legs.count + self.receiving.count


def of_serving(change: ServingChange, *, city_id: int, now: datetime) -> ServingEffect:
    """Five queries, and one for each version that is not remembered."""
    served = units.served_by(change.role, unit_id=change.unit_id, city_id=city_id, on=change.day)
    open_ones = Dossier.objects.filter(ended_at=None, resolved_at=None, resolving_unit_id__in=served)
    at_partner = Leg.objects.filter(finished_at=None, role=change.role, dossier__in=open_ones)
    here = open_ones.filter(pk__in=at_partner.values("dossier_id"))
    return ServingEffect(
        here=_touched(here, now),
        ahead=_touched(
            open_ones.filter(_ahead_of(change.role, open_ones)).exclude(pk__in=at_partner.values("dossier_id")), now
        ),
    )


def of_end(end: AgencyEnd, *, now: datetime) -> EndEffect:
    """Six queries."""
    open_ones = Dossier.objects.filter(ended_at=None)
    return EndEffect(
        resolving=_touched(open_ones.filter(resolving_unit_id=end.unit_id), now),
        legs=_touched(open_ones.filter(step_unit_id=end.unit_id).exclude(resolving_unit_id=end.unit_id), now),
        receiving=_touched(open_ones.filter(receiving_unit_id=end.unit_id).exclude(resolving_unit_id=end.unit_id), now),
    )


def _ahead_of(role: str, open_ones: QuerySet[Dossier]) -> Q:
    """Not yet past the last step of that role. What waits for its reception has every step ahead."""
    found = Q(pk__in=[])
    for version_id in open_ones.order_by().values_list("version_id", flat=True).distinct():
        places = [place for place, step in enumerate(procedures.version(version_id).steps) if step.agency == role]
        if places:
            found |= Q(version_id=version_id) & (Q(step_no=None) | Q(step_no__lt=places[-1]))
    return found


def _touched(rows: QuerySet[Dossier], now: datetime) -> Touched:
    first = list(
        rows.annotate(shown=Coalesce("code", "submission_code"))
        .order_by(F("due_at").asc(nulls_last=True), "id")
        .values_list("id", "shown", "version_id", "resolving_unit_id", "due_at")[:MOST_SHOWN]
    )
    names = units.unit_rows({row[3] for row in first}, as_of=timezone.localdate(now))
    return Touched(
        count=len(first) if len(first) < MOST_SHOWN else rows.count(),
        first=[
            TouchedRow(
                id=row[0], code=row[1], procedure=procedures.version(row[2]).name, unit=names[row[3]].full_name, due_at=row[4]
            )
            for row in first
        ],
    )
