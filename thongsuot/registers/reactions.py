"""What the registers do on the news of dossiers and of their own. Each runs in the worker, maybe twice."""

from __future__ import annotations

from thongsuot.dossiers import events as dossier_events
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on
from thongsuot.registers import actions, events
from thongsuot.registers.models import IssuedPaper, RegisterImport


@on(dossier_events.RESOLVED)
def note_what_was_issued(happened: Happened) -> None:
    paper = IssuedPaper.objects.filter(dossier_id=happened.subject_id, replaced=False, issued_on=None).first()
    if paper is not None:
        actions.note_issued(paper.pk, actor=system("worker"), at=clock.now())


@on(events.IMPORT_SENT)
def read_what_was_sent(happened: Happened) -> None:
    actions.read_file(happened.subject_id, actor=system("worker"), at=clock.now())


@on(events.IMPORT_STARTED)
def store_what_was_read(happened: Happened) -> None:
    sent = RegisterImport.objects.filter(pk=happened.subject_id, status=RegisterImport.Status.STORING).exists()
    if sent:
        actions.store_all(happened.subject_id, actor=system("worker"), at=clock.now())
