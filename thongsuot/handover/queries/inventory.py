"""Lists, boxes and receipts: what was handed, what was received, what is disputed, and what is missing before minutes close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from thongsuot.handover.models import Changeover, HeadCount, Item, NewSeal, Sheet, SurplusPremises, Transfer
from thongsuot.handover.queries.transfers import heirs_of, label_of, new_units
from thongsuot.handover.rules.classes import COMPUTERS, PREMISES, SEALS, classes
from thongsuot.handover.rules.premises import MOST_SEATS, is_surplus
from thongsuot.units.models import Unit

COUNTED = Q(divided_at=None, struck_at=None)
OPEN_DISPUTE = Q(disputed_at__isnull=False, settled_at=None)
CONFIRMED = Q(received_at__isnull=False) | Q(disputed_at__isnull=False)


def plain(quantity: Decimal) -> str:
    """2.570,5: as numbers are written here."""
    whole, _point, rest = f"{quantity:,.2f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Of one class, or one kind of living things. handed = received + disputed + open, always.

    disputed   settled or not, but for those found since: these are received
    """

    key: str
    label: str
    unit_of_count: str
    handed: int
    quantity: Decimal
    received: int
    disputed: int
    unsettled: int
    quantity_received: Decimal = Decimal(0)
    amount_dong: int | None = None
    remaining_dong: int | None = None

    @property
    def quantity_words(self) -> str:
        return plain(self.quantity)

    @property
    def open(self) -> int:
        return self.handed - self.received - self.disputed


_SUMS: dict[str, Any] = {
    "handed": Count("id"),
    "quantity_sum": Sum("quantity"),
    "quantity_in": Sum("quantity", filter=Q(received_at__isnull=False)),
    "received": Count("id", filter=Q(received_at__isnull=False)),
    "disputed": Count("id", filter=Q(disputed_at__isnull=False, received_at=None)),
    "unsettled": Count("id", filter=OPEN_DISPUTE),
    "amount": Sum("amount_dong"),
    "remaining": Sum("remaining_dong"),
}


def tallies(
    changeover: Changeover, *, from_unit_id: int | None = None, to_unit_id: int | None = None, since: datetime | None = None
) -> list[Tally]:
    """By class, in the order of the classes; those without anything left out. One query."""
    rows = items(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id, since=since)
    summed: Any = rows.order_by().values("klass").annotate(**_SUMS)
    grouped = {row["klass"]: row for row in summed}
    return [
        Tally(
            key=klass.key,
            label=klass.label,
            unit_of_count=klass.unit_of_count,
            handed=row["handed"],
            quantity=row["quantity_sum"],
            quantity_received=row["quantity_in"] or Decimal(0),
            received=row["received"],
            disputed=row["disputed"],
            unsettled=row["unsettled"],
            amount_dong=row["amount"] if klass.money else None,
            remaining_dong=row["remaining"] if klass.remaining else None,
        )
        for klass in classes().values()
        if (row := grouped.get(klass.key)) is not None
    ]


def items(
    changeover: Changeover,
    *,
    from_unit_id: int | None = None,
    to_unit_id: int | None = None,
    klass: str = "",
    since: datetime | None = None,
) -> QuerySet[Item]:
    """What is counted: neither struck nor divided; `since`: listed later than that."""
    wanted = Item.objects.filter(COUNTED, changeover=changeover)
    if since is not None:
        wanted = wanted.filter(listed_at__gt=since)
    if from_unit_id is not None:
        wanted = wanted.filter(unit=from_unit_id)
    if to_unit_id is not None:
        wanted = wanted.filter(to_unit=to_unit_id)
    return wanted.filter(klass=klass) if klass else wanted


def moved(changeover: Changeover, *, from_unit_id: int, to_unit_id: int, since: datetime | None = None) -> QuerySet[Transfer]:
    """Living things that went from one unit to the other; `since`: later than that."""
    rows = Transfer.objects.filter(changeover=changeover, from_unit=from_unit_id, to_unit=to_unit_id, moved_at__isnull=False)
    return rows.filter(moved_at__gt=since) if since is not None else rows


def living(changeover: Changeover, *, from_unit_id: int, to_unit_id: int, since: datetime | None = None) -> list[Tally]:
    """What moved inside the system, by kind. One query."""
    rows = moved(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id, since=since)
    grouped = (
        rows.order_by("kind")
        .values("kind")
        .annotate(
            handed=Count("id"),
            received=Count("id", filter=Q(received_at__isnull=False)),
            disputed=Count("id", filter=Q(disputed_at__isnull=False, received_at=None)),
            unsettled=Count("id", filter=OPEN_DISPUTE),
        )
    )
    return [
        Tally(
            key=row["kind"],
            label=label_of(row["kind"]),
            unit_of_count="",
            handed=row["handed"],
            quantity=Decimal(row["handed"]),
            quantity_received=Decimal(row["received"]),
            received=row["received"],
            disputed=row["disputed"],
            unsettled=row["unsettled"],
        )
        for row in grouped
    ]


def sheets(changeover: Changeover, unit_id: int) -> dict[str, Sheet]:
    """{class: its list}, begun ones. One query."""
    return {one.klass: one for one in Sheet.objects.filter(changeover=changeover, unit=unit_id)}


def undecided_items(changeover: Changeover, unit_id: int) -> int:
    """How many listed things of a unit have no receiver. One query."""
    return items(changeover, from_unit_id=unit_id).filter(to_unit=None).count()


def receivers(changeover: Changeover, unit_id: int) -> list[int]:
    """Successors of an ended unit, and who else gets anything of it. Three queries."""
    got = set(items(changeover, from_unit_id=unit_id).exclude(to_unit=None).values_list("to_unit_id", flat=True))
    moved = Transfer.objects.filter(changeover=changeover, from_unit=unit_id, to_unit__isnull=False, gone_at=None)
    got |= set(moved.order_by().values_list("to_unit_id", flat=True).distinct())
    first = heirs_of(unit_id, changeover.effective_on)
    return [*first, *sorted(one for one in got if one is not None and one not in first)]


def givers(changeover: Changeover, unit_id: int) -> list[int]:
    """Ended units that hand something over to a unit. Two queries."""
    got = set(items(changeover, to_unit_id=unit_id).values_list("unit_id", flat=True))
    moved = Transfer.objects.filter(changeover=changeover, to_unit=unit_id, gone_at=None)
    return sorted(got | set(moved.order_by().values_list("from_unit_id", flat=True).distinct()))


@dataclass(frozen=True, kw_only=True)
class Heads:
    """What both heads say of people and their computers. None: not said yet."""

    handing: HeadCount | None
    receiving: HeadCount | None
    listed: int

    @property
    def needed(self) -> bool:
        return bool(self.listed or self.handing or self.receiving)

    @property
    def agree(self) -> bool:
        if self.handing is None or self.receiving is None:
            return not self.needed
        same = (self.handing.people, self.handing.computers) == (self.receiving.people, self.receiving.computers)
        return same and self.handing.computers == self.listed


def heads(changeover: Changeover, from_unit_id: int, to_unit_id: int) -> Heads:
    """Two queries."""
    said = {
        one.side: one for one in HeadCount.objects.filter(changeover=changeover, from_unit=from_unit_id, to_unit=to_unit_id)
    }
    listed = items(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id, klass=COMPUTERS)
    return Heads(
        handing=said.get(HeadCount.Side.HANDING),
        receiving=said.get(HeadCount.Side.RECEIVING),
        listed=int(listed.aggregate(n=Sum("quantity"))["n"] or 0),
    )


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Premises of one new unit."""

    unit_id: int
    seats: int
    surplus: int

    @property
    def good(self) -> bool:
        return 1 <= self.seats <= MOST_SEATS


@dataclass(frozen=True, kw_only=True)
class PremisesPlan:
    """All premises by new unit; `surplus` each with its plan, or None while the six are not clear."""

    units: list[Seats]
    surplus: list[tuple[Item, SurplusPremises | None]]
    without_receiver: int

    @property
    def total(self) -> int:
        return sum(one.seats for one in self.units)

    def with_seats(self, count: int) -> int:
        return sum(one.seats == count for one in self.units)


def premises_plan(changeover: Changeover, new_unit_ids: Iterable[int]) -> PremisesPlan:
    """Two queries."""
    seats: dict[int, int] = dict.fromkeys(new_unit_ids, 0)
    over: dict[int, int] = {}
    left, lost = [], 0
    for item in items(changeover, klass=PREMISES).order_by("code"):
        if item.to_unit_id is None:
            lost += 1
        elif is_surplus(item.klass, item.details):
            over[item.to_unit_id] = over.get(item.to_unit_id, 0) + 1
            left.append(item)
        else:
            seats[item.to_unit_id] = seats.get(item.to_unit_id, 0) + 1
    plans = {one.item_id: one for one in SurplusPremises.objects.filter(item__in=left)}
    return PremisesPlan(
        units=[Seats(unit_id=unit_id, seats=count, surplus=over.get(unit_id, 0)) for unit_id, count in seats.items()],
        surplus=[(item, plans.get(item.pk)) for item in left],
        without_receiver=lost,
    )


def begins(changeover: Changeover) -> set[int]:
    """New units that begin with the changeover and need a seal; a successor that was there before goes on with its own."""
    return set(
        Unit.objects.filter(pk__in=new_units(changeover), valid_from=changeover.effective_on).values_list("pk", flat=True)
    )


def without_seal(changeover: Changeover, unit_ids: Iterable[int]) -> set[int]:
    """Those of them that have none yet: of units that begin, these block the go. One query."""
    return set(unit_ids) - set(NewSeal.objects.filter(changeover=changeover).values_list("unit_id", flat=True))


@dataclass(frozen=True, kw_only=True)
class SealsBoard:
    """Which new units have their seal, and how many of each old unit's seals went back."""

    new: dict[int, list[NewSeal]]
    listed: dict[int, int]
    returned: dict[int, int]


def seals(changeover: Changeover, new_unit_ids: Iterable[int]) -> SealsBoard:
    """Two queries."""
    new: dict[int, list[NewSeal]] = {unit_id: [] for unit_id in new_unit_ids}
    for seal in NewSeal.objects.filter(changeover=changeover).order_by("received_on", "pk"):
        new.setdefault(seal.unit_id, []).append(seal)
    grouped = (
        items(changeover, klass=SEALS)
        .order_by()
        .values("unit_id")
        .annotate(n=Count("id"), back=Count("id", filter=Q(received_at__isnull=False)))
    )
    rows = list(grouped)
    return SealsBoard(
        new=new, listed={row["unit_id"]: row["n"] for row in rows}, returned={row["unit_id"]: row["back"] for row in rows}
    )
