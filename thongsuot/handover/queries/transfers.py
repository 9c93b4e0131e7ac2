"""What moves, what moved, what waits for a person; and whether it all adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from thongsuot.handover.models import Changeover, Transfer, TransferCount
from thongsuot.handover.planning import PlanHash
from thongsuot.kernel.periods import in_force
from thongsuot.units import queries as units
from thongsuot.units.heirs import Heirs, Rule
from thongsuot.units.models import Decision, PlannedUnit, Succession, Unit
from thongsuot.units.moves import HOLDINGS


def ended_by(decision: Decision) -> list[int]:
    """The units a decision ended: those that have successors by it, and districts that went with their communes."""
    succeeded = Succession.objects.filter(decision=decision).values("old_unit_id")
    ended = Unit.objects.filter(valid_to=decision.effective_on)
    own = ended.filter(Q(pk__in=succeeded) | Q(code__in=_codes(decision)))
    districts = ended.filter(level=Unit.Level.DISTRICT, children__in=succeeded)
    return sorted({*own.values_list("pk", flat=True), *districts.values_list("pk", flat=True)})


def _codes(decision: Decision) -> list[str]:
    return list(decision.planned_units.filter(what=PlannedUnit.What.ENDS).values_list("code", flat=True))


def new_units(changeover: Changeover) -> set[int]:
    """All successors of the units that ended."""
    heirs = Heirs(changeover.effective_on)
    return {one for unit_id in ended_by(changeover.decision) for one in heirs.candidates(unit_id)}


def is_new(changeover: Changeover, unit_id: int) -> bool:
    """Whether it is one of `new_units`. Nearly all are found by their own line: a new city has a hundred and more of them."""
    own = Succession.objects.filter(
        in_force(changeover.effective_on, "new_unit__"),
        decision=changeover.decision_id,
        new_unit=unit_id,
        old_unit__valid_to=changeover.decision.effective_on,
    )
    return own.exclude(extent=Succession.Extent.LAND_ONLY).exists() or unit_id in new_units(changeover)


def heirs_of(unit_id: int, day: date) -> tuple[int, ...]:
    """Who may receive things of an ended unit, the likeliest first."""
    return Heirs(day).candidates(unit_id)


def unplanned(changeover: Changeover, unit_ids: Collection[int]) -> dict[int, int]:
    """{ended unit: things it holds that no preview has seen}; without any it is absent. A query for each kind, and one."""
    held: Counter[int] = Counter()
    for holding in HOLDINGS.values():
        held.update(holding.count(unit_ids))
    waiting = Transfer.objects.filter(changeover=changeover, from_unit__in=list(unit_ids), moved_at=None, gone_at=None)
    held.subtract(dict(waiting.order_by().values_list("from_unit_id").annotate(n=Count("id"))))
    return {unit_id: count for unit_id, count in held.items() if count > 0}


def chosen_by_people(changeover_id: int, kind: str, unit_id: int) -> dict[int, int]:
    """{id of a thing: where a person sent it}. One query, of one unit and kind."""
    rows = Transfer.objects.filter(
        changeover=changeover_id, kind=kind, from_unit=unit_id, rule=Rule.PERSON, moved_at=None, to_unit__isnull=False
    )
    return dict(rows.values_list("subject_id", "to_unit_id"))


_STILL = """
SELECT kind, subject_id, from_unit_id, to_unit_id, rule FROM handover_transfer
 WHERE changeover_id = %s AND moved_at IS NULL AND gone_at IS NULL
 ORDER BY kind COLLATE "C", from_unit_id, subject_id
"""


def stored_hash(changeover: Changeover) -> str:
    """Of what is still to move, as it is stored: equals that of a preview made now when nothing changed."""
    digest = PlanHash(due_days=changeover.due_days)
    # Rows one after the other, without having them all in memory.
    with connection.cursor() as cursor, cursor.copy(f"COPY ({_STILL}) TO STDOUT", [changeover.pk]) as copy:
        copy.set_types(["varchar", "int8", "int8", "int8", "varchar"])
        for kind, subject_id, from_unit, to_unit, rule in copy.rows():
            digest.add(kind, subject_id, from_unit, to_unit, rule)
    return digest.value


def changeable() -> list[Decision]:
    """Approved decisions that were drafted here and end units, the latest first."""
    approved = Decision.objects.filter(state=Decision.State.APPROVED, drafted_at__isnull=False)
    ends = PlannedUnit.objects.filter(what=PlannedUnit.What.ENDS).values("decision_id")
    return list(approved.filter(pk__in=ends).order_by("-effective_on", "number"))


def label_of(kind: str) -> str:
    """What things of a kind are called; its key where the capability is gone."""
    return str(HOLDINGS[kind].label) if kind in HOLDINGS else kind


@dataclass(frozen=True, kw_only=True)
class Line:
    """Of one kind: how many things were held, and where they are now."""

    kind: str
    label: str
    held: int
    waiting: int
    undecided: int
    moved: int
    gone: int

    @property
    def adds_up(self) -> bool:
        return self.held == self.waiting + self.undecided + self.moved + self.gone


_WAITING = Q(moved_at=None, gone_at=None, to_unit__isnull=False)
_UNDECIDED = Q(moved_at=None, gone_at=None, to_unit=None)


def lines(changeover_id: int) -> list[Line]:
    """A line for each kind, those that nothing is held of left out. Two queries."""
    held: dict[str, int] = {}
    for kind, count in TransferCount.objects.filter(changeover=changeover_id).values_list("kind", "held"):
        held[kind] = held.get(kind, 0) + count
    rows = (
        Transfer.objects.filter(changeover=changeover_id)
        .values("kind")
        .annotate(
            all=Count("id"),
            waiting=Count("id", filter=_WAITING),
            undecided=Count("id", filter=_UNDECIDED),
            moved=Count("id", filter=Q(moved_at__isnull=False)),
            gone=Count("id", filter=Q(gone_at__isnull=False)),
        )
    )
    return [
        Line(
            kind=row["kind"],
            label=label_of(row["kind"]),
            held=held.get(row["kind"], row["all"]),
            waiting=row["waiting"],
            undecided=row["undecided"],
            moved=row["moved"],
            gone=row["gone"],
        )
        for row in sorted(rows, key=lambda row: str(row["kind"]))
    ]


@dataclass(frozen=True, kw_only=True)
class RuleCount:
    kind: str
    from_unit_id: int
    to_unit_id: int | None
    rule: str
    count: int


def by_rule(changeover_id: int, *, from_unit_id: int | None = None) -> list[RuleCount]:
    """The preview: how many of each kind go from which unit to which, by which rule. One query."""
    rows = Transfer.objects.filter(changeover=changeover_id, gone_at=None)
    if from_unit_id is not None:
        rows = rows.filter(from_unit=from_unit_id)
    grouped = rows.order_by("kind", "from_unit_id", "to_unit_id", "rule").values_list(
        "kind", "from_unit_id", "to_unit_id", "rule"
    )
    return [
        RuleCount(kind=kind, from_unit_id=old, to_unit_id=new, rule=rule, count=count)
        for kind, old, new, rule, count in grouped.annotate(n=Count("id"))
    ]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A thing that is not where its transfer says."""

    transfer_id: int
    kind: str
    label: str
    expected_unit_id: int
    found_unit_id: int | None


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """`lines` count what transfers say; `still_held` what the ended units really hold; `elsewhere` what is at a third place."""

    lines: list[Line]
    still_held: dict[str, int]
    ended_since: int
    elsewhere: list[Difference]

    @property
    def good(self) -> bool:
        left = {line.kind: line.waiting + line.undecided for line in self.lines}
        return (
            all(line.adds_up for line in self.lines)
            and not self.elsewhere
            and all(self.still_held.get(kind, 0) == left.get(kind, 0) for kind in {*self.still_held, *left})
        )


_SLICE = 2_000


def reconcile(changeover: Changeover) -> Reconciliation:
    """Hold the transfers against the things themselves: every one counted, each where it was said to go.

    A thing that its successor finished since is held by nobody; one that went on to a third unit by a later changeover is fine.
    """
    ended = ended_by(changeover.decision)
    still = {key: sum(holding.count(ended).values()) for key, holding in HOLDINGS.items()}
    elsewhere: list[Difference] = []
    ended_since = 0
    for key, holding in HOLDINGS.items():
        after = 0
        moved = Transfer.objects.filter(changeover=changeover, kind=key, moved_at__isnull=False).order_by("pk")
        while rows := list(moved.filter(pk__gt=after).values_list("pk", "subject_id", "to_unit_id", "label")[:_SLICE]):
            after = rows[-1][0]
            now = holding.whereabouts([row[1] for row in rows])
            later = _moved_on(key, [row[1] for row in rows], changeover)
            for pk, subject_id, to_unit, label in rows:
                found = now.get(subject_id)
                if found is None:
                    ended_since += 1
                elif found != to_unit and later.get(subject_id) != found:
                    elsewhere.append(
                        Difference(transfer_id=pk, kind=key, label=label, expected_unit_id=to_unit or 0, found_unit_id=found)
                    )
    return Reconciliation(
        lines=lines(changeover.pk),
        still_held={kind: count for kind, count in still.items() if count},
        ended_since=ended_since,
        elsewhere=elsewhere,
    )


def _moved_on(kind: str, subject_ids: list[int], changeover: Changeover) -> dict[int, int]:
    """Where a later changeover took things: {id: unit}."""
    rows = Transfer.objects.filter(
        kind=kind, subject_id__in=subject_ids, moved_at__isnull=False, changeover__effective_on__gt=changeover.effective_on
    )
    return {subject_id: to for subject_id, to in rows.order_by("moved_at").values_list("subject_id", "to_unit_id") if to}


def names(unit_ids: set[int], day: date) -> dict[int, str]:
    """What the units are called, ended ones by their last name."""
    return {unit_id: row.full_name for unit_id, row in units.unit_rows(unit_ids, as_of=day).items()}
