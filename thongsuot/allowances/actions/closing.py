"""The books of a month: closed when every result is there, opened again for what could not be paid by then."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.actions.freezing import locked_run, reason_of
from thongsuot.allowances.models import PayerReport, Payment, PayRun
from thongsuot.allowances.queries.runs import open_contradictions
from thongsuot.allowances.rules import APPROVE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record


@command
def close_run(run_id: int, *, unpaid: int = 0, unpaid_dong: int = 0, actor: Actor, at: datetime) -> PayRun:
    """All results are there; what could not be paid by now stays so until the books are opened again.

    unpaid, unpaid_dong  how many lines failed and how much they are, as the approver saw and accepted them
    Raises NotFound, NotYourDuty, RunNotThere, ReportIsRead, StillWaiting, UnpaidNotAccepted.
    """
    run = locked_run(run_id, PayRun.State.SETTLING, actor=actor, duty=APPROVE)
    if run.reports.filter(status=PayerReport.Status.READING).exists():
        raise errors.ReportIsRead
    lines = Payment.objects.filter(run=run)
    waiting, open_ones = lines.filter(state=Payment.State.WAITING).count(), open_contradictions(run)
    if waiting or open_ones:
        raise errors.StillWaiting(waiting=waiting, contradicting=open_ones)
    failed = lines.filter(state=Payment.State.FAILED)
    count, dong = failed.count(), failed.aggregate(dong=Sum("amount_dong"))["dong"] or 0
    if (count, dong) != (unpaid, unpaid_dong):
        raise errors.UnpaidNotAccepted(failed=count, dong=dong)
    run.state, run.closed_at, run.closed_by_name = PayRun.State.CLOSED, at, actor.name
    run.save()
    record(events.CLOSED, run, actor=actor, at=at, unit_id=run.city_id, failed=count, failed_dong=dong)
    return run


@command
def reopen_run(run_id: int, *, reason: str, actor: Actor, at: datetime) -> PayRun:
    """Books that were closed go on: somebody who could not be paid can be.

    Raises NotFound, NotYourDuty, RunNotThere, BadInput.
    """
    run = locked_run(run_id, PayRun.State.CLOSED, actor=actor, duty=APPROVE)
    run.reopen_reason = reason_of(reason)
    run.state, run.closed_at, run.closed_by_name = PayRun.State.SETTLING, None, ""
    run.save()
    record(events.REOPENED, run, actor=actor, at=at, unit_id=run.city_id)
    return run
