"""What moving a dossier means for the legs of several agencies: opened, and closed with what they were late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from django.utils import timezone

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Leg, PaymentNotice
from thongsuot.dossiers.queries.dates import halts_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.deadlines import counts_from
from thongsuot.kernel.working_time import add_working_minutes, to_the_minute
from thongsuot.units import queries as units

if TYPE_CHECKING:
    from thongsuot.dossiers.actions.moving import Case

DESK = "desk"  # the role of who received it for another
Party = tuple[str, int]  # role, unit


def of_several(case: Case) -> bool:
    """Do several agencies work on it?"""
    return any(step.agency for step in case.version.steps)


def unit_of_agency(case: Case, step_no: int, *, on: date) -> int | None:
    """The unit of the partner that does the step; None when the house itself does. Raises NobodyServes."""
    role = case.version.steps[step_no].agency
    if not role:
        return None
    dossier = case.dossier
    if dossier.step_unit_id is not None and step_no in _of_this_visit(case, role):
        return dossier.step_unit_id  # who got it keeps it to the end of its steps, whoever serves from today on
    return units.serving(role, unit_id=dossier.resolving_unit_id, on=on).unit_id


def _of_this_visit(case: Case, role: str) -> Iterator[int]:
    """The steps from the open one on that a partner does before the dossier leaves it."""
    assert case.dossier.step_no is not None  # a partner has it
    ahead = case.ahead(case.dossier.step_no)
    return takewhile(lambda place: case.version.steps[place].agency == role, ahead)


def goes_to_agency(case: Case, following: int | None) -> bool:
    """Does a partner come next? The result is drafted after the last of them."""
    return following is not None and any(case.version.steps[place].agency for place in case.ahead(following))


def enter(case: Case, step_no: int, *, actor: Actor, at: datetime) -> Leg | None:
    """The step `step_no` is about to open: close the leg of who had it and open that of who gets it.

    Returns the new leg when the dossier changed hands, None when it stays or when one agency does all.
    """
    dossier = case.dossier
    if not of_several(case):
        return None
    day = timezone.localdate(at)
    # Only what lies ahead: a partner this dossier is past, or never comes to, may have ended since.
    places = case.ahead(step_no)
    parties = _parties(case, [0, *places] if dossier.step_no == 0 else places, on=day)
    open_leg = Leg.objects.filter(dossier=dossier, finished_at=None).first()
    if open_leg is None and dossier.step_no == 0 and dossier.received_at is not None:
        open_leg = _first_leg(case, parties)
    party = parties[step_no]
    dossier.step_unit_id = party[1] if party is not None and case.version.steps[step_no].agency else None
    if party is None:  # handing back is nobody's time
        leave(case, Leg.Outcome.DONE, actor=actor, at=at)
        return None
    if open_leg is not None and (open_leg.role, open_leg.unit_id) == party:
        return None
    back = dossier.step_no is not None and step_no < dossier.step_no
    leave(case, Leg.Outcome.RETURNED if back else Leg.Outcome.DONE, actor=actor, at=at)
    leg = _open(case, parties, step_no, handed_over_at=at, starts_at=counts_from(at, case.calendar))
    record(
        events.LEG_HANDED_OVER,
        dossier,
        actor=actor,
        at=at,
        unit_id=leg.unit_id,
        leg=leg.number,
        role=leg.role,
        to=name_of(leg, on=day),
        starts_at=leg.starts_at,
        due_at=leg.due_at,
        back=back,
    )
    return leg


def leave(case: Case, outcome: str, *, actor: Actor | None = None, at: datetime) -> None:
    """Close the open leg, if there is one, and charge it what it was late."""
    if not of_several(case):
        return
    leg = Leg.objects.select_for_update().filter(dossier=case.dossier, finished_at=None).first()
    if leg is None:
        return
    leg.finished_at, leg.outcome = at, outcome
    # Measured from when it got the dossier, and a quick one gives nothing to the next: a body answers for its own limit
    # (NĐ 118/2025/NĐ-CP, liên thông).
    used = rules.minutes_used(to_the_minute(leg.starts_at), at, halts_of(case.dossier, until=at), case.calendar)
    leg.late_minutes = max(0, used - leg.minutes)
    if leg.taken_at is None:  # who acts on it has it
        leg.taken_at, leg.taken_by_name = max(leg.handed_over_at, min(at, leg.starts_at)), actor.name if actor else ""
    leg.save(update_fields=["finished_at", "outcome", "late_minutes", "taken_at", "taken_by_name"])


def check_leaving(case: Case, *, note: str) -> None:
    """A step that ends with a payment notice ends with one, or with the reason why nothing is due. Raises NoticeMissing."""
    if case.step.asks_payment and not note:
        leg = Leg.objects.filter(dossier=case.dossier, finished_at=None).first()
        if leg is None or not PaymentNotice.objects.filter(leg=leg).exists():
            raise errors.NoticeMissing


def name_of(leg: Leg, *, on: date) -> str:
    """Who has the leg, in words."""
    return leg.body.name if leg.body is not None else units.unit_row(leg.unit_id, as_of=on).full_name


def _parties(case: Case, places: Iterable[int], *, on: date) -> dict[int, Party | None]:
    """Who does each of these steps; None for those whose time is not counted. Raises NobodyServes."""
    dossier = case.dossier
    found: dict[int, Party | None] = {}
    for step_no in places:
        step = case.version.steps[step_no]
        if not step.counted:
            found[step_no] = None
        elif step.agency:
            found[step_no] = (step.agency, unit_of_agency(case, step_no, on=on) or 0)
        elif step_no == 0 and dossier.receiving_unit_id != dossier.resolving_unit_id:
            found[step_no] = (DESK, dossier.receiving_unit_id)
        else:
            found[step_no] = ("", dossier.resolving_unit_id)
    return found


def _open(
    case: Case, parties: Mapping[int, Party | None], step_no: int, *, handed_over_at: datetime, starts_at: datetime
) -> Leg:
    party = parties[step_no]
    assert party is not None
    role, unit_id = party
    steps = case.version.steps
    minutes = sum(steps[number].minutes for number in rules.leg_steps(parties, case.ahead(step_no)))
    serving = None
    if role not in ("", DESK):
        serving = units.serving(role, unit_id=case.dossier.resolving_unit_id, on=timezone.localdate(handed_over_at))
    return Leg.objects.create(
        dossier=case.dossier,
        number=Leg.objects.filter(dossier=case.dossier).count() + 1,
        role=role,
        unit_id=unit_id,
        body_id=serving.body_id if serving is not None and serving.unit_id == unit_id else None,
        minutes=minutes,
        handed_over_at=handed_over_at,
        starts_at=max(starts_at, handed_over_at),
        due_at=add_working_minutes(starts_at, minutes, case.calendar),
    )


def _first_leg(case: Case, parties: Mapping[int, Party | None]) -> Leg:
    """The leg that began with reception; written when the dossier leaves the desk, so that receiving stays one round trip."""
    received_at = case.dossier.received_at
    assert received_at is not None
    leg = _open(case, parties, 0, handed_over_at=received_at, starts_at=received_at)
    leg.taken_at, leg.due_at = received_at, rules.work_due(received_at, leg.minutes, halts_of(case.dossier), case.calendar)
    leg.save(update_fields=["taken_at", "due_at"])
    return leg
