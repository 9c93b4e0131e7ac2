"""Files for banks and the post: made, taken out, noted as sent; what failed is paid again in a numbered batch."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.actions.freezing import locked_run
from thongsuot.allowances.actions.keeping import SEEN
from thongsuot.allowances.models import PayBatch, Payer, Payment, PayRun
from thongsuot.allowances.queries.runs import lines_of_batch
from thongsuot.allowances.sheets import write_batch
from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotFound
from thongsuot.people.actions import log_look_up

State = PayRun.State

_ATTEMPTS = """
INSERT INTO allowances_payattempt (batch_id, payment_id, state, reason)
SELECT %(batch)s, id, 'waiting', '' FROM allowances_payment
 WHERE run_id = %(run)s AND payer = %(payer)s AND state = %(state)s AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s))
 ORDER BY id
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

    payment_ids  some of the failed; None: all
    Raises NotFound, NotYourDuty, RunNotThere, NothingFailed.
    """
    run = locked_run(run_id, State.SENT, State.SETTLING, actor=actor)
    ids = None if payment_ids is None else sorted(payment_ids)
    with connection.cursor() as cursor:
        cursor.execute(_WHERE_TO_NOW, {"run": run.pk, "ids": ids})
    made = _make(run, from_state=Payment.State.FAILED, ids=ids, is_retry=True, actor=actor, at=at)
    if not made:
        raise errors.NothingFailed
    return made


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
    batch = PayBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    batch.run = locked_run(batch.run_id, *states, actor=actor)
    return batch


@command
def take_out_batch(batch_id: int, *, actor: Actor, at: datetime) -> PayBatch:
    """Note that a file with names and accounts is taken out. Raises NotFound, NotYourDuty."""
    batch = _locked_batch(batch_id, *State, actor=actor)
    reason = _("Tải tệp chi trả kỳ %(month)s, đợt %(number)s để gửi bên chi trả") % {
        "month": str(batch.run),
        "number": batch.number,
    }
    log_look_up(batch, fields=SEEN, reason=reason, actor=actor, at=at)
    record(events.BATCH_TAKEN, batch.run, actor=actor, at=at, unit_id=batch.run.city_id, batch=batch.number)
    return batch


@command
def mark_sent(batch_id: int, *, actor: Actor, at: datetime) -> PayBatch:
    """The file went to the payer; its results may come. Raises NotFound, NotYourDuty, RunNotThere."""
    batch = _locked_batch(batch_id, State.APPROVED, State.SENT, State.SETTLING, actor=actor)
    batch.refresh_from_db(fields=["sent_at"])
    if batch.sent_at is not None:
        raise errors.RunNotThere
    batch.sent_at, batch.sent_by_name = at, actor.name
    batch.save(update_fields=["sent_at", "sent_by_name"])
    run = batch.run
    if run.state == State.APPROVED and not run.batches.filter(sent_at=None).exists():
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
