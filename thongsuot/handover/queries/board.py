"""The board: every ended unit, what is to do for it and who owes it; every successor, what it has received."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q

from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.kernel.errors import must_exist
from thongsuot.units import queries as units
from thongsuot.units.heirs import Heirs


@dataclass(frozen=True, kw_only=True)
class OldUnit:
    """A unit that ended, and its things: moved, to move, and those that wait for a person's word."""

    id: int
    code: str
    full_name: str
    level: str
    all: int
    moved: int
    waiting: int
    undecided: int
    gone: int
    successors: tuple[str, ...]

    @property
    def done(self) -> bool:
        return not (self.waiting or self.undecided)


@dataclass(frozen=True, kw_only=True)
class NewUnit:
    """A successor and what came to it."""

    id: int
    code: str
    full_name: str
    received: int
    coming: int


@dataclass(frozen=True, kw_only=True)
class Board:
    old: list[OldUnit]
    new: list[NewUnit]


_NONE = {"all": 0, "moved": 0, "waiting": 0, "undecided": 0, "gone": 0}
_WAITS = Q(moved_at=None, gone_at=None)


def board(changeover: Changeover) -> Board:
    """Both sides. Six queries."""
    ended, day = ended_by(changeover.decision), changeover.effective_on
    counts = {
        unit_id: dict(zip(_NONE, counted, strict=True))
        for unit_id, *counted in Transfer.objects.filter(changeover=changeover)
        .order_by()
        .values_list("from_unit_id")
        .annotate(
            all=Count("id"),
            moved=Count("id", filter=Q(moved_at__isnull=False)),
            waiting=Count("id", filter=_WAITS & Q(to_unit__isnull=False)),
            undecided=Count("id", filter=_WAITS & Q(to_unit=None)),
            gone=Count("id", filter=Q(gone_at__isnull=False)),
        )
    }
    received: Counter[int] = Counter()
    coming: Counter[int] = Counter()
    going = Transfer.objects.filter(changeover=changeover, to_unit__isnull=False, gone_at=None).values("to_unit_id")
    for row in going.annotate(came=Count("id", filter=Q(moved_at__isnull=False)), comes=Count("id", filter=Q(moved_at=None))):
        received[row["to_unit_id"]], coming[row["to_unit_id"]] = row["came"], row["comes"]
    heirs = Heirs(day)
    towards = {unit_id: heirs.candidates(unit_id) for unit_id in ended}
    new_ids = {one for many in towards.values() for one in many} | set(received)
    names = units.unit_rows({*ended, *new_ids}, as_of=day)
    old = [
        OldUnit(
            id=unit_id,
            code=names[unit_id].code,
            full_name=names[unit_id].full_name,
            level=names[unit_id].level,
            successors=tuple(names[one].full_name for one in towards[unit_id]),
            **counts.get(unit_id, _NONE),
        )
        for unit_id in ended
    ]
    new = [
        NewUnit(
            id=unit_id,
            code=names[unit_id].code,
            full_name=names[unit_id].full_name,
            received=received[unit_id],
            coming=coming[unit_id],
        )
        for unit_id in new_ids
    ]
    return Board(
        old=sorted(old, key=lambda row: (-row.undecided, row.done, row.level, names[row.id].sort_name)),
        new=sorted(new, key=lambda row: names[row.id].sort_name),
    )


@dataclass(frozen=True, kw_only=True)
class UndecidedRow:
    """One thing that no rule decides. `candidates`: (unit, name), the likeliest first."""

    id: int
    kind: str
    label: str
    about: str
    from_unit_id: int
    from_unit: str
    to_unit: str
    candidates: tuple[tuple[int, str], ...]


def _undecided(changeover_id: int, from_unit_id: int | None, code: str = "") -> Q:
    """What waits for a person; by the beginning of its `code` anything that has not moved, decided or not."""
    wanted = Q(changeover=changeover_id, moved_at=None, gone_at=None)
    wanted &= Q(label__istartswith=code) if code else Q(to_unit=None)
    return wanted & Q(from_unit=from_unit_id) if from_unit_id is not None else wanted


def undecided_count(changeover_id: int, *, from_unit_id: int | None = None, code: str = "") -> int:
    return Transfer.objects.filter(_undecided(changeover_id, from_unit_id, code)).count()


def undecided(
    changeover: Changeover, *, from_unit_id: int | None = None, code: str = "", first: int, size: int
) -> list[UndecidedRow]:
    """By ended unit; with a `code` also what a rule or a person decided already. Two queries."""
    rows = list(
        Transfer.objects.filter(_undecided(changeover.pk, from_unit_id, code)).order_by("from_unit_id", "id")[
            first : first + size
        ]
    )
    concerned = {row.from_unit_id for row in rows} | {one for row in rows for one in row.candidates}
    concerned |= {row.to_unit_id for row in rows if row.to_unit_id is not None}
    heirs = Heirs(changeover.effective_on) if any(row.to_unit_id is not None for row in rows) else None
    towards = {row.pk: heirs.candidates(row.from_unit_id) if heirs and not row.candidates else row.candidates for row in rows}
    concerned |= {one for candidates in towards.values() for one in candidates}
    names = units.unit_rows(concerned, as_of=changeover.effective_on)
    return [
        UndecidedRow(
            id=row.pk,
            kind=row.kind,
            label=row.label,
            about=row.about,
            from_unit_id=row.from_unit_id,
            from_unit=names[row.from_unit_id].full_name,
            to_unit=names[row.to_unit_id].full_name if row.to_unit_id is not None else "",
            candidates=tuple((one, names[one].full_name) for one in towards[row.pk] if one in names),
        )
        for row in rows
    ]


def undecided_by_unit(changeover: Changeover) -> list[tuple[int, str, int]]:
    """(ended unit, its name, how many of its things wait for a person), the most first. Two queries."""
    rows = (
        Transfer.objects.filter(_undecided(changeover.pk, None)).order_by().values_list("from_unit_id").annotate(n=Count("id"))
    )
    counts = dict(rows)
    names = units.unit_rows(counts, as_of=changeover.effective_on)
    return sorted(
        ((unit_id, names[unit_id].full_name, count) for unit_id, count in counts.items()), key=lambda one: (-one[2], one[1])
    )


def changeover_for(changeover_id: int) -> Changeover:
    """Raises NotFound."""
    return must_exist(Changeover.objects.select_related("decision").filter(pk=changeover_id).first())
