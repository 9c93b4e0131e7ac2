"""What payers answer: applied once, however late and however often it comes; what contradicts is settled by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.actions.freezing import locked_run
from thongsuot.allowances.models import PayAttempt, PayerReport, PayerReportRow, Payment, PayRun
from thongsuot.allowances.rules.outcomes import COLUMNS, Said, is_total, said_by
from thongsuot.files import queries as files
from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.tables import rows_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.text import one_line

PIECE = 5_000
MOST_ROWS = 300_000
State = PayRun.State


@command
def send_report(run_id: int, content: bytes | Readable, *, name: str, actor: Actor, at: datetime) -> PayerReport:
    """Keep a payer's file and have it read. One with rows that could not be used may come again: maybe they can be by now.

    Raises NotFound, NotYourDuty, RunNotThere, SameReportAgain, and what `store` refuses.
    """
    run = locked_run(run_id, State.APPROVED, State.SENT, State.SETTLING, actor=actor)
    stored = store(content, name=name, actor=actor, at=at, purpose="allowances.report", rule=TABLE_RULE)
    before = run.reports.filter(sha256=stored.blob.sha256, rejected=0).exclude(status=PayerReport.Status.REFUSED).first()
    if before is not None:
        raise errors.SameReportAgain(before.pk)
    report = PayerReport.objects.create(
        run=run, file=stored, file_name=stored.name, sha256=stored.blob.sha256, sent_at=at, sent_by_name=actor.name
    )
    record(events.REPORT_SENT, report, actor=actor, at=at, unit_id=run.city_id, run=run.pk, sha256=report.sha256)
    return report


@command
def apply_report(report_id: int, *, actor: Actor, at: datetime) -> PayerReport:
    """All rows of the file, or none; a file that was applied changes nothing more. Runs in the worker, maybe twice.

    Raises NotFound, NotYourDuty, RunNotThere, and NotATable when it cannot be read: then `refuse_report`.
    """
    report = must_exist(PayerReport.objects.select_related("file__blob").filter(pk=report_id).first())
    run = locked_run(report.run_id, State.APPROVED, State.SENT, State.SETTLING, actor=actor)
    report.refresh_from_db(fields=["status"])
    if report.status != PayerReport.Status.READING:
        raise errors.RunNotThere
    counts: Counter[str] = Counter()
    with files.open_checked(report.file_id) as file:
        rows = rows_of(file, COLUMNS, content_type=report.file.blob.content_type, most_rows=MOST_ROWS)
        said = (said_by(row, month=run.month) for row in rows if not is_total(row))
        while piece := list(islice(said, PIECE)):
            counts.update(_apply(report, run, piece, at=at))
    report.status, report.rows_in = PayerReport.Status.DONE, counts.total()
    report.applied, report.known = counts["applied"], counts["known"]
    report.contradicting, report.rejected = counts["contradicting"], counts["rejected"]
    report.save()
    if report.applied and run.state == State.SENT:
        run.state = State.SETTLING
        run.save(update_fields=["state"])
    record(events.REPORT_APPLIED, report, actor=actor, at=at, unit_id=run.city_id, run=run.pk, **counts)
    return report


@command
def refuse_report(report_id: int, *, why: str, actor: Actor, at: datetime) -> PayerReport:
    """The file as a whole cannot be read: nothing of it counts, the reason stays. Raises NotFound, NotYourDuty, RunNotThere."""
    report = must_exist(PayerReport.objects.filter(pk=report_id).first())
    run = locked_run(report.run_id, *State, actor=actor)
    report.refresh_from_db(fields=["status"])
    if report.status != PayerReport.Status.READING:
        raise errors.RunNotThere
    report.status, report.refusal = PayerReport.Status.REFUSED, why[:500]
    report.save(update_fields=["status", "refusal"])
    record(events.REPORT_APPLIED, report, actor=actor, at=at, unit_id=run.city_id, run=run.pk, refused=True)
    return report


_SETTLE_ATTEMPTS = """
UPDATE allowances_payattempt a SET state = said.state, reason = said.reason, settled_at = %(at)s
  FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[]) AS said(id, state, reason) WHERE a.id = said.id
"""
_SETTLE_PAYMENTS = """
UPDATE allowances_payment p SET state = said.state, reason = said.reason
  FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[]) AS said(id, state, reason)
  JOIN allowances_payattempt a ON a.id = said.id
 WHERE p.id = a.payment_id
"""


def _apply(report: PayerReport, run: PayRun, piece: Sequence[Said], *, at: datetime) -> Iterator[str]:
    """What became of each row. The order of the file counts: a reference that comes again is judged by what came before it."""
    known = _attempts_of(run, piece)
    states = {attempt.pk: attempt.state for attempt in known.values()}
    settled: dict[int, Said] = {}
    kept: list[PayerReportRow] = []
    told: list[str] = []
    for said in piece:
        attempt = known.get((said.number, said.payment_id))
        why = said.wrong or _unusable(said, attempt)
        if why or attempt is None:
            # That a batch was answered is known even when nobody noted it as sent: it cannot be withdrawn then.
            kept.append(_row(report, said, attempt if why == "not_sent" else None, PayerReportRow.State.REJECTED, why))
            told.append("rejected")
        elif states[attempt.pk] == Payment.State.WAITING:
            states[attempt.pk] = said.outcome
            settled[attempt.pk] = said
            told.append("applied")
        elif states[attempt.pk] == said.outcome:
            told.append("known")
        else:
            why = "withdrawn" if attempt.batch.withdrawn_at else f"{states[attempt.pk]}_before"
            kept.append(_row(report, said, attempt, PayerReportRow.State.CONTRADICTING, why))
            told.append("contradicting")
    PayerReportRow.objects.bulk_create(kept)
    _settle(settled, at=at)
    return iter(told)


def _attempts_of(run: PayRun, piece: Sequence[Said]) -> dict[tuple[int, int], PayAttempt]:
    """By number of the batch and payment. One query."""
    wanted = {said.payment_id for said in piece if said.payment_id}
    found = PayAttempt.objects.filter(batch__run=run, payment__in=wanted).select_related("batch", "payment")
    return {(one.batch.number, one.payment_id): one for one in found}


def _unusable(said: Said, attempt: PayAttempt | None) -> str:
    if attempt is None:
        return "unknown"
    if attempt.batch.sent_at is None and attempt.batch.withdrawn_at is None:
        return "not_sent"
    if said.amount_dong is not None and said.amount_dong != attempt.payment.amount_dong:
        return "amount"
    return ""


def _row(report: PayerReport, said: Said, attempt: PayAttempt | None, state: str, why: str) -> PayerReportRow:
    return PayerReportRow(
        report=report,
        place=said.place,
        reference=said.reference,
        attempt=attempt,
        outcome=said.outcome,
        reason=said.reason,
        state=state,
        why=[why] if why else [],
    )


def _settle(settled: dict[int, Said], *, at: datetime) -> None:
    if not settled:
        return
    asked: dict[str, Any] = {
        "at": at,
        "ids": list(settled),
        "states": [said.outcome for said in settled.values()],
        "reasons": [said.reason if said.outcome == Payment.State.FAILED else "" for said in settled.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE_ATTEMPTS, asked)
        cursor.execute(_SETTLE_PAYMENTS, asked)


ACCEPT, DISMISS, PAID_TWICE = "accept", "dismiss", "paid_twice"
_SETTLED = {
    ACCEPT: PayerReportRow.State.ACCEPTED,
    DISMISS: PayerReportRow.State.DISMISSED,
    PAID_TWICE: PayerReportRow.State.PAID_TWICE,
}


@command
def settle_contradiction(row_id: int, *, outcome: str, note: str, actor: Actor, at: datetime) -> PayerReportRow:
    """A person asked the payer which result is true: the new one, the old one, or both, in two batches.

    Accepting "paid" is refused while another batch waits or has paid; when it has paid, the line was paid twice: that is
    noted, and what was paid too much is recovered.

    Raises NotFound, NotYourDuty, RunNotThere, BadInput, WouldPayTwice, NotPaidTwice.
    """
    if outcome not in _SETTLED:
        raise BadInput({"outcome": _("Chưa chọn cách xử lý. Hãy bấm một nút trên trang.")})
    row = must_exist(PayerReportRow.objects.select_related("report").filter(pk=row_id).first())
    run = locked_run(row.report.run_id, State.SENT, State.SETTLING, actor=actor)
    row.refresh_from_db(fields=["state"])
    if row.state != PayerReportRow.State.CONTRADICTING or row.attempt_id is None:
        raise errors.RunNotThere
    note = one_line(note)
    if not note or len(note) > 300:
        raise BadInput({"note": _("Chưa ghi đã xác minh với ai, hoặc ghi dài quá 300 chữ.")})
    attempt = PayAttempt.objects.select_related("payment").get(pk=row.attempt_id)
    others = PayAttempt.objects.filter(payment=attempt.payment_id).exclude(pk=attempt.pk)
    if outcome == PAID_TWICE and not (
        row.outcome == Payment.State.PAID
        and attempt.state == Payment.State.FAILED
        and others.filter(state=Payment.State.PAID).exists()
    ):
        raise errors.NotPaidTwice
    if outcome == ACCEPT and attempt.state != row.outcome:
        if row.outcome == Payment.State.PAID and others.exclude(state=Payment.State.FAILED).exists():
            raise errors.WouldPayTwice
        reason = row.reason if row.outcome == Payment.State.FAILED else ""
        PayAttempt.objects.filter(pk=attempt.pk).update(state=row.outcome, reason=reason, settled_at=at)
        if not (row.outcome == Payment.State.FAILED and _paid_by_the_other(others, at=at)):
            Payment.objects.filter(pk=attempt.payment_id).update(state=row.outcome, reason=reason)
    row.state = _SETTLED[outcome]
    row.settled_at, row.settled_by_name, row.note = at, actor.name, note
    row.save()
    record(
        events.CONTRADICTION_SETTLED,
        row.report,
        actor=actor,
        at=at,
        unit_id=run.city_id,
        row=row.pk,
        settled=outcome,
        outcome=row.outcome,
    )
    return row


def _paid_by_the_other(others: QuerySet[PayAttempt], *, at: datetime) -> bool:
    """One of two that had paid gave the money back: the line stays paid by the other, and no more than once."""
    twice = PayerReportRow.objects.filter(attempt__in=others, state=PayerReportRow.State.PAID_TWICE).first()
    if twice is None or twice.attempt_id is None:
        return False
    others.filter(pk=twice.attempt_id).update(state=Payment.State.PAID, reason="", settled_at=at)
    twice.state = PayerReportRow.State.ACCEPTED
    twice.save(update_fields=["state"])
    return True


def read_report(report_id: int, *, actor: Actor, at: datetime) -> None:
    """Apply it, or note why it cannot be read. For the worker."""
    if not PayerReport.objects.filter(pk=report_id, status=PayerReport.Status.READING).exists():
        return
    try:
        apply_report(report_id, actor=actor, at=at)
    except TellPerson as refusal:
        # Somebody else may have applied it in between: then nothing is left to say.
        if PayerReport.objects.filter(pk=report_id, status=PayerReport.Status.READING).exists():
            refuse_report(report_id, why=refusal.message(), actor=actor, at=at)
