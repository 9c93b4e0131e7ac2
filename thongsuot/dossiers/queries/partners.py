"""What several agencies have of each other: legs by agency, opinions that wait, papers on their way. For lists and leaders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from thongsuot.dossiers.actions.legs import name_of
from thongsuot.dossiers.models import Carriage, Leg, Opinion, PaperDebt, Status
from thongsuot.dossiers.queries.urgent import Urgent, most_urgent
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.people import queries as people
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

FOLLOW = ("process dossiers", "assign dossiers", "review dossiers", "sign results")
DESK = ("receive dossiers", "hand back results", "issue results")


def _units_for(actor: Actor, duties: Collection[str]) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    for duty in duties:
        found |= actor.units_for(duty)
    return found


# -- legs --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LegRow:
    """An open leg of a partner."""

    dossier_id: int
    code: str
    procedure: str
    body: str
    role: str
    handed_over_at: datetime
    taken_at: datetime | None
    taken_by: str
    due_at: datetime
    late: bool
    paused: bool
    by_mailbox: bool  # answers are entered here: its people have no accounts


@dataclass(frozen=True)
class LegsAtPartners:
    """Dossiers of the actor's units that partners have now, the most urgent first; `mailbox`: those we answer for."""

    legs: QuerySet[Leg]
    without_accounts: frozenset[int]
    now: datetime

    @classmethod
    def of(cls, actor: Actor, *, now: datetime, mailbox: bool = False) -> LegsAtPartners:
        mine = _units_for(actor, FOLLOW)
        legs = Leg.objects.filter(finished_at=None, dossier__resolving_unit_id__in=mine, dossier__step_unit_id=F("unit_id"))
        agencies = legs.order_by().values_list("unit_id", flat=True).distinct()  # few, their legs many
        silent = frozenset(
            one for one in agencies if not people.staff_with_duty("process dossiers", one, on=timezone.localdate(now))
        )
        return cls(legs.filter(unit_id__in=silent) if mailbox else legs, silent, now)

    def count(self) -> int:
        return self.legs.count()

    def rows(self, *, limit: int, offset: int = 0) -> list[LegRow]:
        found = self.legs.select_related("dossier", "body").order_by("due_at", "id")
        return [self._row(leg) for leg in found[offset : offset + limit]]

    def _row(self, leg: Leg) -> LegRow:
        return LegRow(
            dossier_id=leg.dossier_id,
            code=str(leg.dossier),
            procedure=procedures.version(leg.dossier.version_id).name,
            body=name_of(leg, on=timezone.localdate(self.now)),
            role=leg.role,
            handed_over_at=leg.handed_over_at,
            taken_at=leg.taken_at,
            taken_by=leg.taken_by_name,
            due_at=leg.due_at,
            late=self.now > leg.due_at and leg.dossier.paused_at is None,
            paused=leg.dossier.paused_at is not None,
            by_mailbox=leg.unit_id in self.without_accounts,
        )


@dataclass(frozen=True, kw_only=True)
class AgencyFigures:
    """One agency's legs, side by side with the others: what it has, what is late, what it was charged."""

    unit_id: int
    unit: str
    open: int
    late_now: int
    finished: int
    late_finished: int
    late_minutes: int

    @property
    def late_hours(self) -> str:
        return f"{self.late_minutes / 60:.1f}".replace(".", ",").removesuffix(",0")


def legs_by_agency(unit_ids: frozenset[int], *, first: datetime, last: datetime, now: datetime) -> list[AgencyFigures]:
    """Legs of dossiers these units resolve, or that these units themselves have; the most late first. Two queries.

    first, last   finished legs of that time; open ones as they stand now
    """
    ours = Q(dossier__resolving_unit_id__in=unit_ids) | Q(unit_id__in=unit_ids)
    counted: dict[int, dict[str, int]] = {}
    running = Q(dossier__status__in=(Status.RECEIVED, Status.PROCESSING))
    opened = Leg.objects.filter(ours, finished_at=None).values("unit_id")
    overdue = Count("id", filter=running & Q(due_at__lt=now))
    for unit_id, count, late in (
        opened.annotate(open=Count("id"), late_now=overdue).order_by().values_list("unit_id", "open", "late_now")
    ):
        counted.setdefault(unit_id, {}).update(open=count, late_now=late)
    closed = Leg.objects.filter(ours, finished_at__gte=first, finished_at__lt=last).values("unit_id")
    charged = Count("id", filter=Q(late_minutes__gt=0))
    ended = closed.annotate(finished=Count("id"), late_finished=charged, late_sum=Sum("late_minutes")).order_by()
    for unit_id, finished, were_late, minutes in ended.values_list("unit_id", "finished", "late_finished", "late_sum"):
        counted.setdefault(unit_id, {}).update(finished=finished, late_finished=were_late, late_minutes=minutes)
    names = units.unit_rows(counted, as_of=timezone.localdate(now))
    found = [
        AgencyFigures(
            unit_id=unit_id,
            unit=names[unit_id].full_name,
            open=facts.get("open", 0),
            late_now=facts.get("late_now", 0),
            finished=facts.get("finished", 0),
            late_finished=facts.get("late_finished", 0),
            late_minutes=facts.get("late_minutes", 0),
        )
        for unit_id, facts in counted.items()
    ]
    return sorted(found, key=lambda row: (-row.late_now, -row.late_minutes, names[row.unit_id].sort_name))


# -- opinions ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AskedRow:
    """A question of ours that waits."""

    id: int
    dossier_id: int
    code: str
    procedure: str
    body: str
    unit: str
    question: str
    asked_at: datetime
    answer_until: datetime
    silence_basis: str
    reminded_at: datetime | None
    late: bool


def asked_by_us(actor: Actor, *, now: datetime) -> Urgent[AskedRow]:
    """Questions on dossiers of the actor's units without an answer yet, the most overdue first. Three queries at most."""
    found = _unanswered(Q(dossier__resolving_unit_id__in=_units_for(actor, FOLLOW)))
    return most_urgent(found, lambda shown: _asked(shown, now))


def overdue_opinions(unit_ids: frozenset[int], *, now: datetime, limit: int = 20) -> list[AskedRow]:
    """Of dossiers these units resolve: asked, and not answered by the date."""
    return _asked(_unanswered(Q(dossier__resolving_unit_id__in=unit_ids, answer_until__lt=now))[:limit], now)


def _unanswered(which: Q) -> QuerySet[Opinion]:
    found = Opinion.objects.filter(which, answered_at=None, dossier__ended_at=None)
    return found.select_related("dossier", "body").order_by("answer_until", "id")


def _asked(shown: QuerySet[Opinion], now: datetime) -> list[AskedRow]:
    rows = list(shown)
    names = units.unit_rows({row.body.unit_id for row in rows}, as_of=timezone.localdate(now))
    return [
        AskedRow(
            id=row.pk,
            dossier_id=row.dossier_id,
            code=str(row.dossier),
            procedure=procedures.version(row.dossier.version_id).name,
            body=row.body.name,
            unit=names[row.body.unit_id].full_name,
            question=row.question,
            asked_at=row.asked_at,
            answer_until=row.answer_until,
            silence_basis=row.silence_basis,
            reminded_at=row.reminded_at,
            late=row.answer_until < now,
        )
        for row in rows
    ]


# -- paper -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DebtRow:
    """Paper that waits to be sent."""

    id: int
    dossier_id: int
    code: str
    what: str
    papers: list[dict[str, object]]
    from_unit_id: int
    from_unit: str
    from_unit_code: str
    to_unit_id: int
    to_unit: str
    to_unit_code: str
    owed_since: datetime
    due_at: datetime
    late: bool

    @property
    def group(self) -> tuple[int, int]:
        """One trip: from one desk to another."""
        return self.from_unit_id, self.to_unit_id


@dataclass(frozen=True, kw_only=True)
class CarriageRow:
    """A trip and its slip."""

    id: int
    code: str
    number: str
    from_unit_id: int
    from_unit: str
    to_unit_id: int
    to_unit: str
    carrier: str
    sent_at: datetime
    sent_by: str
    received_at: datetime | None
    received_by: str
    discrepancies: str
    dossiers: int
    due_at: datetime | None
    late: bool


def desks_of(actor: Actor) -> frozenset[int]:
    """Where the actor gives and takes paper."""
    return _units_for(actor, DESK)


def papers_owed(unit_ids: frozenset[int], *, now: datetime) -> Urgent[DebtRow]:
    """What these desks must still send, the most urgent first. Three queries at most."""
    found = PaperDebt.objects.filter(from_unit_id__in=unit_ids, carriage=None, settled_at=None)
    return most_urgent(found.order_by("due_at", "id"), lambda shown: _debts(shown, now))


def overdue_papers(unit_ids: frozenset[int], *, now: datetime, limit: int = 20) -> list[DebtRow]:
    """Not sent, or sent and not taken over, though the day is past: of these desks, for their leaders."""
    ours = Q(from_unit_id__in=unit_ids) | Q(to_unit_id__in=unit_ids)
    return _debts(PaperDebt.objects.filter(ours, settled_at=None, due_at__lt=now).order_by("due_at", "id")[:limit], now)


def _debts(shown: QuerySet[PaperDebt], now: datetime) -> list[DebtRow]:
    rows = list(shown.select_related("dossier"))
    names = units.unit_rows(
        {unit for row in rows for unit in (row.from_unit_id, row.to_unit_id)}, as_of=timezone.localdate(now)
    )
    return [
        DebtRow(
            id=row.pk,
            dossier_id=row.dossier_id,
            code=str(row.dossier),
            what=row.get_what_display(),
            papers=row.papers,
            from_unit_id=row.from_unit_id,
            from_unit=names[row.from_unit_id].full_name,
            from_unit_code=names[row.from_unit_id].code,
            to_unit_id=row.to_unit_id,
            to_unit=names[row.to_unit_id].full_name,
            to_unit_code=names[row.to_unit_id].code,
            owed_since=row.owed_since,
            due_at=row.due_at,
            late=row.due_at < now,
        )
        for row in rows
    ]


def carriages_coming(unit_ids: frozenset[int], *, now: datetime) -> Urgent[CarriageRow]:
    """On their way to these desks, the oldest first. Three queries at most."""
    return _under_way(Q(to_unit_id__in=unit_ids), now)


def carriages_gone(unit_ids: frozenset[int], *, now: datetime) -> Urgent[CarriageRow]:
    """Sent by these desks and not yet taken over, the oldest first. Three queries at most."""
    return _under_way(Q(from_unit_id__in=unit_ids), now)


def carriages_under_way(unit_ids: frozenset[int], *, now: datetime) -> Urgent[CarriageRow]:
    """Sent and not yet taken over, from or to these desks, the oldest first. Three queries at most."""
    return _under_way(Q(from_unit_id__in=unit_ids) | Q(to_unit_id__in=unit_ids), now)


def _under_way(which: Q, now: datetime) -> Urgent[CarriageRow]:
    found = Carriage.objects.filter(which, received_at=None).order_by("sent_at", "id")
    return most_urgent(found, lambda shown: _carriages(shown, now))


def carriages_done(unit_ids: frozenset[int], *, now: datetime, limit: int = 30) -> list[CarriageRow]:
    """Taken over last, from or to these desks."""
    ours = Q(from_unit_id__in=unit_ids) | Q(to_unit_id__in=unit_ids)
    return _carriages(Carriage.objects.filter(ours, received_at__isnull=False).order_by("-received_at", "-id")[:limit], now)


def carriage_for(actor: Actor, *, now: datetime, carriage_id: int | None = None, code: str = "") -> CarriageRow:
    """One slip, by its id or by the code on it, for people of either desk. Raises NotFound."""
    wanted = Carriage.objects.filter(pk=carriage_id) if carriage_id is not None else Carriage.objects.filter(code=code)
    found = _carriages(wanted, now)
    mine = desks_of(actor)
    if not found or not (actor.trusted or {found[0].from_unit_id, found[0].to_unit_id} & mine):
        raise NotFound
    return found[0]


def _carriages(found: QuerySet[Carriage], now: datetime) -> list[CarriageRow]:
    rows = list(found)
    names = units.unit_rows(
        {unit for row in rows for unit in (row.from_unit_id, row.to_unit_id)}, as_of=timezone.localdate(now)
    )
    dues: dict[int, datetime] = {}
    debts = PaperDebt.objects.filter(carriage_id__in=[row.pk for row in rows]).order_by("-due_at")
    for carriage_id, due_at in debts.values_list("carriage_id", "due_at"):
        if carriage_id is not None:
            dues[carriage_id] = due_at  # the earliest is written last
    return [
        CarriageRow(
            id=row.pk,
            code=row.code,
            number=str(row),
            from_unit_id=row.from_unit_id,
            from_unit=names[row.from_unit_id].full_name,
            to_unit_id=row.to_unit_id,
            to_unit=names[row.to_unit_id].full_name,
            carrier=row.carrier,
            sent_at=row.sent_at,
            sent_by=row.sent_by_name,
            received_at=row.received_at,
            received_by=row.received_by_name,
            discrepancies=row.discrepancies,
            dossiers=len(row.items),
            due_at=dues.get(row.pk),
            late=row.received_at is None and row.pk in dues and dues[row.pk] < now,
        )
        for row in rows
    ]
