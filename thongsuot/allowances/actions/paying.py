"""Files for banks and the post: made, taken out, noted as sent; what failed is paid again in a numbered batch."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.actions.freezing import locked_run
from thongsuot.allowances.actions.keeping import SEEN
from thongsuot.allowances.models import PayBatch, Payer, PayerReport, PayerReportRow, Payment, PayRun
from thongsuot.allowances.queries.keeping import must_keep
from thongsuot.allowances.queries.runs import lines_of_batch, unsettled
from thongsuot.allowances.sheets import write_batch
from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.people.actions import log_look_up

State = PayRun.State

_ATTEMPTS = """
INSERT INTO allowances_payattempt (batch_id, payment_id, state, reason)
SELECT %(batch)s, id, 'waiting', '' FROM allowances_payment
 WHERE run_id = %(run)s AND payer = %(payer)s AND state = %(state)s AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s))
 ORDER BY id
"""
# Failed as before: with what the payer said when it could not be paid the last time.
_FAILED_AGAIN = """
UPDATE allowances_payment p
   SET state = 'failed',
       reason = coalesce((SELECT before.reason
                            FROM allowances_payattempt before JOIN allowances_paybatch b ON b.id = before.batch_id
                           WHERE before.payment_id = p.id AND before.batch_id <> a.batch_id AND b.withdrawn_at IS NULL
                           ORDER BY before.id DESC LIMIT 1), '')
  FROM allowances_payattempt a WHERE a.batch_id = %(batch)s AND p.id = a.payment_id;
UPDATE allowances_payattempt SET state = 'failed', settled_at = %(at)s WHERE batch_id = %(batch)s
"""
_SUMS = """
SELECT count(*), coalesce(sum(p.amount_dong), 0)::bigint
  FROM allowances_payattempt a JOIN allowances_payment p ON p.id = a.payment_id
 WHERE a.batch_id = %s
"""
_WAITING_AGAIN = """
UPDATE allowances_payment p SET state = 'waiting', reason = '' FROM allowances_payattempt a
 WHERE a.batch_id = %s AND p.id = a.payment_id
"""
# Where the money goes is what an officer has put right since; how much stays as it was frozen.
_WHERE_TO_NOW = """
UPDATE allowances_payment p
   SET payer = b.payer, bank = b.bank, account = b.account, cash_point = b.cash_point,
       payee = coalesce(nullif(b.receiver_name, ''), b.full_name)
  FROM allowances_beneficiary b
 WHERE p.run_id = %(run)s AND p.state = 'failed' AND b.id = p.beneficiary_id
   AND (%(ids)s::bigint[] IS NULL OR p.id = ANY(%(ids)s))
"""


@command
def make_batches(run_id: int, *, actor: Actor, at: datetime) -> list[PayBatch]:
    """The first file of each payer. Raises NotFound, NotYourDuty, RunNotThere."""
    run = locked_run(run_id, State.APPROVED, actor=actor)
    if run.batches.exists():
        raise errors.RunNotThere
    return _make(run, from_state=Payment.State.WAITING, ids=None, is_retry=False, actor=actor, at=at)


@command
def make_retry(run_id: int, *, payment_ids: Collection[int] | None = None, actor: Actor, at: datetime) -> list[PayBatch]:
    """Pay again what failed, to where the roll says now. A payment that waits or was paid cannot come in.

    payment_ids  some of the failed; None: all but those about which payers contradict each other
    Raises NotFound, NotYourDuty, RunNotThere, ReportIsRead, Unsettled, NothingFailed.
    """
    run = locked_run(run_id, State.SENT, State.SETTLING, actor=actor)
    _nothing_is_read(run)
    failed = Payment.objects.filter(run=run, state=Payment.State.FAILED)
    doubtful = unsettled(run).filter(pk__in=failed)
    if payment_ids is None:
        ids = sorted(failed.exclude(pk__in=doubtful).values_list("pk", flat=True))
        if not ids and doubtful.exists():
            raise errors.Unsettled(_codes(doubtful))
    else:
        ids = sorted(payment_ids)
        if doubtful.filter(pk__in=ids).exists():
            raise errors.Unsettled(_codes(doubtful.filter(pk__in=ids)))
    with connection.cursor() as cursor:
        cursor.execute(_WHERE_TO_NOW, {"run": run.pk, "ids": ids})
    made = _make(run, from_state=Payment.State.FAILED, ids=ids, is_retry=True, actor=actor, at=at)
    if not made:
        raise errors.NothingFailed
    return made


def _nothing_is_read(run: PayRun) -> None:
    if run.reports.filter(status=PayerReport.Status.READING).exists():
        raise errors.ReportIsRead


def _codes(payments: QuerySet[Payment]) -> list[str]:
    return [str(one.beneficiary) for one in payments.select_related("beneficiary").order_by("pk")[:50]]


def _make(run: PayRun, *, from_state: str, ids: list[int] | None, is_retry: bool, actor: Actor, at: datetime) -> list[PayBatch]:
    made = []
    number = run.batches.count()
    for payer in Payer.values:
        asked: dict[str, Any] = {"run": run.pk, "payer": payer, "state": from_state, "ids": ids}
        chosen = Payment.objects.filter(run=run, payer=payer, state=from_state)
        if not (chosen if ids is None else chosen.filter(pk__in=ids)).exists():
            continue
        number += 1
        batch = PayBatch.objects.create(
            run=run,
            number=number,
            payer=payer,
            is_retry=is_retry,
            lines=0,
            total_dong=0,
            made_at=at,
            made_by_name=actor.name,
        )
        with connection.cursor() as cursor:
            cursor.execute(_ATTEMPTS, {**asked, "batch": batch.pk})
            cursor.execute(_SUMS, [batch.pk])
            batch.lines, batch.total_dong = cursor.fetchone()
            if is_retry:
                cursor.execute(_WAITING_AGAIN, [batch.pk])
        _write_file(batch, actor=actor, at=at)
        record(
            events.BATCH_MADE,
            run,
            actor=actor,
            at=at,
            unit_id=run.city_id,
            batch=batch.number,
            payer=payer,
            lines=batch.lines,
            total_dong=batch.total_dong,
            sha256=batch.sha256,
        )
        made.append(batch)
    return made


def _write_file(batch: PayBatch, *, actor: Actor, at: datetime) -> None:
    with tempfile.TemporaryFile() as file:
        write_batch(file, lines_of_batch(batch), lines_said=batch.lines, total_dong=batch.total_dong)
        file.seek(0)
        name = f"chi-tra-{batch.run.month:%Y-%m}-dot-{batch.number}-{batch.payer}.csv"
        stored = store(file, name=name, actor=actor, at=at, purpose="allowances.batch", rule=TABLE_RULE)
    batch.file, batch.sha256 = stored, stored.blob.sha256
    batch.save()


def _locked_batch(batch_id: int, *states: PayRun.State, actor: Actor) -> PayBatch:
    batch = must_exist(PayBatch.objects.filter(pk=batch_id).first())
    batch.run = locked_run(batch.run_id, *states, actor=actor)
    batch.refresh_from_db(fields=["sent_at", "withdrawn_at"])
    return batch


@command
def take_out_batch(batch_id: int, *, actor: Actor, at: datetime) -> PayBatch:
    """Note that a file with names and accounts is taken out. Raises NotFound, NotYourDuty, RunNotThere."""
    batch = _locked_batch(batch_id, *State, actor=actor)
    if batch.withdrawn_at is not None:
        raise errors.RunNotThere
    reason = _("Tải tệp chi trả kỳ %(month)s, đợt %(number)s để gửi bên chi trả") % {
        "month": str(batch.run),
        "number": batch.number,
    }
    log_look_up(batch, fields=SEEN, reason=reason, actor=actor, at=at)
    record(events.BATCH_TAKEN, batch.run, actor=actor, at=at, unit_id=batch.run.city_id, batch=batch.number)
    return batch


@command
def mark_sent(batch_id: int, *, actor: Actor, at: datetime) -> PayBatch:
    """The file went to the payer; its results may come. Nobody is paid again while payers contradict each other about them.

    Raises NotFound, NotYourDuty, RunNotThere, ReportIsRead, Unsettled.
    """
    batch = _locked_batch(batch_id, State.APPROVED, State.SENT, State.SETTLING, actor=actor)
    if batch.sent_at is not None or batch.withdrawn_at is not None:
        raise errors.RunNotThere
    if batch.is_retry:
        _nothing_is_read(batch.run)
        doubtful = unsettled(batch.run).filter(attempts__batch=batch)
        if doubtful.exists():
            raise errors.Unsettled(_codes(doubtful))
    batch.sent_at, batch.sent_by_name = at, actor.name
    batch.save(update_fields=["sent_at", "sent_by_name"])
    run = batch.run
    if run.state == State.APPROVED and not run.batches.filter(sent_at=None, withdrawn_at=None).exists():
        answered = Payment.objects.filter(run=run).exclude(state=Payment.State.WAITING).exists()
        run.state = State.SETTLING if answered else State.SENT  # one payer may have answered before the other was sent its file
        run.save(update_fields=["state"])
    record(
        events.BATCH_SENT,
        run,
        actor=actor,
        at=at,
        unit_id=run.city_id,
        batch=batch.number,
        payer=batch.payer,
        sha256=batch.sha256,
    )
    return batch


@command
def withdraw_batch(batch_id: int, *, actor: Actor, at: datetime) -> PayBatch:
    """A batch that pays again and was not sent is given up: its lines are failed as before. Its number is not used again.

    Its attempts wait no more; they stay as failed ones: should a payer say all the same that it paid, that is a contradiction.
    Raises NotFound, NotYourDuty, RunNotThere, ReportIsRead, BatchWasAnswered.
    """
    batch = _locked_batch(batch_id, State.SENT, State.SETTLING, actor=actor)
    if not batch.is_retry or batch.sent_at is not None or batch.withdrawn_at is not None:
        raise errors.RunNotThere
    _nothing_is_read(batch.run)
    if PayerReportRow.objects.filter(attempt__batch=batch).exists():
        raise errors.BatchWasAnswered
    with connection.cursor() as cursor:
        cursor.execute(_FAILED_AGAIN, {"batch": batch.pk, "at": at})
    batch.withdrawn_at, batch.withdrawn_by_name = at, actor.name
    batch.save(update_fields=["withdrawn_at", "withdrawn_by_name"])
    record(
        events.BATCH_WITHDRAWN, batch.run, actor=actor, at=at, unit_id=batch.run.city_id, batch=batch.number, lines=batch.lines
    )
    return batch


@command
def take_out_sheet(run_id: int, unit_id: int, *, actor: Actor, at: datetime) -> PayRun:
    """Note that a unit's list for signing is taken out, by who keeps that unit's list. Raises NotFound, NotYourDuty."""
    must_keep(actor, unit_id)
    run = PayRun.objects.filter(pk=run_id).first()
    lines = Payment.objects.filter(Q(answering_unit=unit_id) | Q(answering_unit=None, unit=unit_id), run=run_id)
    if run is None or not lines.exists():
        raise NotFound
    reason = _("Tải danh sách ký nhận kỳ %(month)s của đơn vị") % {"month": str(run)}
    log_look_up(run, fields=("full_name", "payee"), reason=reason, actor=actor, at=at)
    record(events.SHEET_TAKEN, run, actor=actor, at=at, unit_id=unit_id, unit=unit_id)
    return run
