"""Paper between desks: what is owed after a transfer, the trip with its slip, and the taking over at the other end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Carriage, Component, Dossier, PaperDebt, Status
from thongsuot.dossiers.queries.given import papers_given
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.command import command, record
from thongsuot.kernel.deadlines import counts_from
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import WorkingCalendar, add_working_days
from thongsuot.numbering.actions import draw
from thongsuot.units import queries as units

if TYPE_CHECKING:
    from thongsuot.dossiers.actions.moving import Case

MOST_IN_A_CARRIAGE = 200
# Papers that lie on the desk; what came as a file or was looked up does not travel.
_ON_PAPER = (Component.How.SCANNED,)
Papers = list[dict[str, Any]]


def owe(case: Case, step_no: int, *, at: datetime) -> None:
    """A step opens: leaving the desk of another unit, the paper file is owed; resolved, the paper result on its way back.

    Paper follows the electronic file within a working day (NĐ 118/2025/NĐ-CP, chuyển hồ sơ).
    """
    dossier = case.dossier
    if dossier.receiving_unit_id == dossier.resolving_unit_id:
        return
    if dossier.status == Status.RESOLVED:
        if not _owed(dossier, PaperDebt.What.RESULT) and dossier.return_by != Dossier.Return.ELECTRONIC:
            given = [one.title for one in papers_given(dossier.result)] if hasattr(dossier, "result") else []
            papers: Papers = [{"name": title, "originals": 1, "copies": 0} for title in given or [_("Kết quả giải quyết")]]
            _add(case, PaperDebt.What.RESULT, dossier.resolving_unit_id, dossier.receiving_unit_id, papers, at=at)
    elif dossier.step_no == 0 and step_no > 0 and (papers := papers_of(dossier)):
        _add(case, PaperDebt.What.FILE, dossier.receiving_unit_id, dossier.resolving_unit_id, papers, at=at)


def owe_supplement(case: Case, *, at: datetime) -> None:
    """Papers brought to the desk of another unit after the file left it follow the file. `at`: when they were brought."""
    dossier = case.dossier
    elsewhere = dossier.receiving_unit_id != dossier.resolving_unit_id
    if elsewhere and dossier.step_no and (papers := papers_of(dossier, added_at=at)):
        _add(case, PaperDebt.What.FILE, dossier.receiving_unit_id, dossier.resolving_unit_id, papers, at=at)


def papers_of(dossier: Dossier, **which: datetime) -> Papers:
    """What of the dossier lies on the desk as paper. `which`: of it all, as a filter of components."""
    rows = Component.objects.filter(dossier=dossier, how__in=_ON_PAPER, **which).order_by("id")
    return [{"name": row.name, "originals": row.originals, "copies": row.copies} for row in rows if row.originals or row.copies]


def ended(case: Case, to: Status, *, at: datetime) -> None:
    """Withdrawn or stopped: what has not left stays at the desk, what the other unit has is owed back (NĐ 118/2025, art. 21).

    What is under way is owed back when it arrives.
    """
    dossier = case.dossier
    if to == Status.RETURNED or dossier.receiving_unit_id == dossier.resolving_unit_id:
        return
    PaperDebt.objects.filter(dossier=dossier, carriage=None, settled_at=None).update(settled_at=at)
    came = PaperDebt.objects.filter(
        dossier=dossier, what=PaperDebt.What.FILE, carriage__isnull=False, settled_at__isnull=False
    ).order_by("pk")
    _owe_back(dossier, [paper for debt in came for paper in debt.papers], calendar=case.calendar, at=at)


def _owe_back(dossier: Dossier, papers: Papers, *, calendar: WorkingCalendar, at: datetime) -> None:
    if papers:
        back = PaperDebt.What.BACK
        _put(dossier, back, dossier.resolving_unit_id, dossier.receiving_unit_id, papers, calendar=calendar, at=at)


def _owed(dossier: Dossier, what: PaperDebt.What) -> bool:
    return PaperDebt.objects.filter(dossier=dossier, what=what).exists()


def _add(case: Case, what: PaperDebt.What, from_unit: int, to_unit: int, papers: Papers, *, at: datetime) -> None:
    _put(case.dossier, what, from_unit, to_unit, papers, calendar=case.calendar, at=at)


def _put(
    dossier: Dossier,
    what: PaperDebt.What,
    from_unit: int,
    to_unit: int,
    papers: Papers,
    *,
    calendar: WorkingCalendar,
    at: datetime,
) -> None:
    """Owe papers; with those of the same way that have not left yet, if there are any. Under the dossier's lock."""
    unsent = PaperDebt.objects.select_for_update().filter(dossier=dossier, what=what, carriage=None, settled_at=None).first()
    if unsent is not None:
        unsent.papers = [*unsent.papers, *papers]
        unsent.save(update_fields=["papers"])
        return
    day = timezone.localdate(counts_from(at, calendar))
    days = setting("carriage_days", on=timezone.localdate(at))
    PaperDebt.objects.create(
        dossier=dossier,
        what=what,
        from_unit_id=from_unit,
        to_unit_id=to_unit,
        papers=papers,
        owed_since=at,
        due_at=calendar.closing(add_working_days(day, days, calendar)),
    )


@command
def send_papers(
    debt_ids: Collection[int], *, from_unit_id: int, to_unit_id: int, carrier: str = "", actor: Actor, at: datetime
) -> Carriage:
    """Put the papers of dossiers on one trip to a desk: one slip, one number of the sender's series of the year.

    Raises NotYourDuty, BadInput, NothingToSend when one of them is under way already or goes elsewhere: then none goes.
    """
    _must_have_desk(actor, from_unit_id)
    wanted = sorted(set(debt_ids))
    if not 1 <= len(wanted) <= MOST_IN_A_CARRIAGE:
        raise BadInput({"debts": _("Một phiếu bàn giao có từ 1 đến %(most)s hồ sơ.") % {"most": MOST_IN_A_CARRIAGE}})
    debts = list(
        PaperDebt.objects.select_related("dossier")
        .select_for_update(of=("self",))
        .filter(pk__in=wanted, from_unit_id=from_unit_id, to_unit_id=to_unit_id, carriage=None, settled_at=None)
        .order_by("pk")
    )
    if len(debts) != len(wanted):
        raise errors.NothingToSend
    year = timezone.localdate(at).year
    number, _given_at = draw("carriage", unit_id=from_unit_id, bucket=str(year), at=at)
    carriage = Carriage.objects.create(
        code=new_code("GN"),
        number=number,
        year=year,
        from_unit_id=from_unit_id,
        to_unit_id=to_unit_id,
        items=[{"debt": debt.pk, "code": str(debt.dossier), "what": debt.what, "papers": debt.papers} for debt in debts],
        carrier=one_line(carrier)[:200],
        sent_at=at,
        sent_by_name=actor.name,
    )
    PaperDebt.objects.filter(pk__in=wanted).update(carriage=carriage)
    for debt in debts:
        record(
            events.PAPERS_SENT,
            debt.dossier,
            actor=actor,
            at=at,
            unit_id=from_unit_id,
            what=debt.what,
            slip=number,
            year=year,
            to_unit=to_unit_id,
            late=at > debt.due_at,
        )
    return carriage


@command
def receive_papers(
    carriage_id: int, *, missing: Mapping[int, str] | None = None, discrepancies: str = "", actor: Actor, at: datetime
) -> Carriage:
    """Take over what came with a slip. `missing` says per debt what did not come: those are owed again.

    A file that arrives for a dossier that ended meanwhile is owed back; one that does not come for it is owed no more.

    Raises NotFound, NotYourDuty, CarriageDone, BadInput.
    """
    carriage = must_exist(Carriage.objects.select_for_update().filter(pk=carriage_id).first())
    _must_have_desk(actor, carriage.to_unit_id)
    if carriage.received_at is not None:
        raise errors.CarriageDone
    # Dossiers before their debts, as everywhere: one that is withdrawn at this moment is seen by one of the two.
    held = Dossier.objects.select_for_update().order_by("pk")
    dossiers = {row.pk: row for row in held.filter(pk__in=PaperDebt.objects.filter(carriage=carriage).values("dossier_id"))}
    debts = list(PaperDebt.objects.filter(carriage=carriage).order_by("pk"))
    lost = {debt_id: one_line(words)[:300] for debt_id, words in (missing or {}).items()}
    if not set(lost) <= {debt.pk for debt in debts}:
        raise BadInput({"missing": _("Có hồ sơ không thuộc phiếu này. Hãy tải lại trang.")})
    if any(not words for words in lost.values()):
        raise BadInput({"missing": _("Hãy ghi hồ sơ nào thiếu gì, để nơi gửi tìm lại.")})
    told = [f"{dossiers[debt.dossier_id]}: {lost[debt.pk]}" for debt in debts if debt.pk in lost]
    carriage.received_at, carriage.received_by_name = at, actor.name
    carriage.discrepancies = "; ".join([*told, *([one_line(discrepancies)] if one_line(discrepancies) else [])])[:1000]
    carriage.save(update_fields=["received_at", "received_by_name", "discrepancies"])
    calendar = units.working_calendar(carriage.to_unit_id, on=timezone.localdate(at))
    for debt in debts:
        dossier, came = dossiers[debt.dossier_id], debt.pk not in lost
        _taken(debt, dossier, came=came, calendar=calendar, at=at)
        record(
            events.PAPERS_RECEIVED,
            dossier,
            actor=actor,
            at=at,
            unit_id=carriage.to_unit_id,
            what=debt.what,
            slip=carriage.number,
            year=carriage.year,
            whole=came,
        )
    return carriage


def _taken(debt: PaperDebt, dossier: Dossier, *, came: bool, calendar: WorkingCalendar, at: datetime) -> None:
    over = debt.what == PaperDebt.What.FILE and dossier.status in (Status.WITHDRAWN, Status.STOPPED)
    if came or over:
        debt.settled_at = at
    if not came:
        debt.carriage = None  # the sender looks for it and sends it again
        unsent = PaperDebt.objects.filter(dossier=dossier, what=debt.what, carriage=None, settled_at=None).first()
        if unsent is not None and not over:  # brought in since: both go together
            debt.papers = [*debt.papers, *unsent.papers]
            unsent.delete()
    debt.save(update_fields=["settled_at", "carriage", "papers"])
    if came and over:
        _owe_back(dossier, debt.papers, calendar=calendar, at=at)


DESK_DUTIES = ("receive dossiers", "hand back results", "issue results")


def _must_have_desk(actor: Actor, unit_id: int) -> None:
    """Whoever receives, hands back or issues there may give and take paper. Raises NotYourDuty."""
    if not any(actor.may(duty, unit_id=unit_id) for duty in DESK_DUTIES):
        actor.must(DESK_DUTIES[0], unit_id=unit_id)
