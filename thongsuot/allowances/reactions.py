"""What follows from allowances' own events. Each runs in the worker, maybe twice."""

from __future__ import annotations

from thongsuot.allowances import actions, events
from thongsuot.allowances.models import AllowanceImport, PayRun
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on


@on(events.IMPORT_SENT)
def read_what_was_sent(happened: Happened) -> None:
    actions.read_file(happened.subject_id, actor=system("worker"), at=clock.now())


@on(events.IMPORT_STARTED)
def store_what_was_read(happened: Happened) -> None:
    if AllowanceImport.objects.filter(pk=happened.subject_id, status=AllowanceImport.Status.STORING).exists():
        actions.store_import(happened.subject_id, actor=system("worker"), at=clock.now())


@on(events.FROZEN)
def place_what_was_frozen(happened: Happened) -> None:
    if PayRun.objects.filter(pk=happened.subject_id, state=PayRun.State.FROZEN, placed_at=None).exists():
        actions.place_lines(happened.subject_id, actor=system("worker"), at=clock.now())


@on(events.REPORT_SENT)
def read_what_a_payer_said(happened: Happened) -> None:
    actions.read_report(happened.subject_id, actor=system("worker"), at=clock.now())
