"""Paper between desks: what is owed after a transfer, the trip with its slip, and the taking over at the other end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Carriage, Component, Dossier, PaperDebt, Status
from thongsuot.dossiers.queries.given import papers_given
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import add_working_days, transferred_at
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
        if dossier.return_by != Dossier.Return.ELECTRONIC:
            given = [one.title for one in papers_given(dossier.result)] if hasattr(dossier, "result") else []
            papers: Papers = [{"name": title, "originals": 1, "copies": 0} for title in given or [_("Kết quả giải quyết")]]
            _add(case, PaperDebt.What.RESULT, dossier.resolving_unit_id, dossier.receiving_unit_id, papers, at=at)
    elif dossier.step_no == 0 and step_no > 0 and (papers := papers_of(dossier)):
        _add(case, PaperDebt.What.FILE, dossier.receiving_unit_id, dossier.resolving_unit_id, papers, at=at)


def papers_of(dossier: Dossier) -> Papers:
    """What of the dossier lies on the desk as paper."""
    rows = Component.objects.filter(dossier=dossier, how__in=_ON_PAPER).order_by("id")
    return [{"name": row.name, "originals": row.originals, "copies": row.copies} for row in rows if row.originals or row.copies]


def ended(case: Case, to: Status, *, at: datetime) -> None:
    """Withdrawn or stopped before its paper left: nothing is owed any more."""
    dossier = case.dossier
    if to != Status.RETURNED and dossier.receiving_unit_id != dossier.resolving_unit_id:
        PaperDebt.objects.filter(dossier=dossier, carriage=None, settled_at=None).update(settled_at=at)


def _add(case: Case, what: str, from_unit: int, to_unit: int, papers: Papers, *, at: datetime) -> None:
    day = case.calendar.local_day(transferred_at(at, case.calendar))
    days = setting("carriage_days", on=case.calendar.local_day(at))
    PaperDebt.objects.get_or_create(
        dossier=case.dossier,
        what=what,
        defaults={
            "from_unit_id": from_unit,
            "to_unit_id": to_unit,
            "papers": papers,
            "owed_since": at,
            "due_at": case.calendar.closing(add_working_days(day, days, case.calendar)),
        },
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
    calendar = units.working_calendar(units.city_of(from_unit_id), on=at.date())
    year = calendar.local_day(at).year
    number, _given_at = draw("carriage", unit_id=from_unit_id, bucket=str(year), at=at)
    carriage = Carriage.objects.create(
        code=rules.new_code("GN"),
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

    Raises NotFound, NotYourDuty, CarriageDone, BadInput.
    """
    carriage = Carriage.objects.select_for_update().filter(pk=carriage_id).first()
    if carriage is None:
        raise NotFound
    _must_have_desk(actor, carriage.to_unit_id)
    if carriage.received_at is not None:
        raise errors.CarriageDone
    debts = list(PaperDebt.objects.select_related("dossier").filter(carriage=carriage).order_by("pk"))
    lost = {debt_id: one_line(words)[:300] for debt_id, words in (missing or {}).items()}
    if not set(lost) <= {debt.pk for debt in debts}:
        raise BadInput({"missing": _("Có hồ sơ không thuộc phiếu này. Hãy tải lại trang.")})
    if any(not words for words in lost.values()):
        raise BadInput({"missing": _("Hãy ghi hồ sơ nào thiếu gì, để nơi gửi tìm lại.")})
    told = [f"{debt.dossier}: {lost[debt.pk]}" for debt in debts if debt.pk in lost]
    carriage.received_at, carriage.received_by_name = at, actor.name
    carriage.discrepancies = "; ".join([*told, *([one_line(discrepancies)] if one_line(discrepancies) else [])])[:1000]
    carriage.save(update_fields=["received_at", "received_by_name", "discrepancies"])
    for debt in debts:
        came = debt.pk not in lost
        if came:
            debt.settled_at = at
        else:
            debt.carriage = None  # the sender looks for it and sends it again
        debt.save(update_fields=["settled_at", "carriage"])
        record(
            events.PAPERS_RECEIVED,
            debt.dossier,
            actor=actor,
            at=at,
            unit_id=carriage.to_unit_id,
            what=debt.what,
            slip=carriage.number,
            year=carriage.year,
            whole=came,
        )
    return carriage


DESK_DUTIES = ("receive dossiers", "hand back results", "issue results")


def _must_have_desk(actor: Actor, unit_id: int) -> None:
    """Whoever receives, hands back or issues there may give and take paper. Raises NotYourDuty."""
    if not any(actor.may(duty, unit_id=unit_id) for duty in DESK_DUTIES):
        actor.must(DESK_DUTIES[0], unit_id=unit_id)
