"""Printed forms as PDF: for the officers of a dossier's units and for its proven owner."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from thongsuot.dossiers import documents
from thongsuot.dossiers.actions.proving import prove_receipt
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.printing.facts import Meaning
from thongsuot.dossiers.queries.case import is_seen_by
from thongsuot.dossiers.views import proof
from thongsuot.dossiers.views.looking import note_look
from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.web.downloads import file_answer
from thongsuot.web.request import actor_of


@require_GET
def document(request: HttpRequest, dossier_id: int, meaning: str) -> HttpResponseBase:
    """A download; with `?xem=1` shown in the browser, to be printed at once. Strangers learn nothing: 404."""
    dossier = Dossier.objects.filter(pk=dossier_id).first()
    if dossier is None or meaning not in set(Meaning):
        raise NotFound
    actor = actor_of(request)
    if is_seen_by(dossier, actor):
        note_look(dossier, actor=actor, at=clock.now())
    elif not (Meaning(meaning) in documents.FOR_THE_OWNER and proof.is_owner(request, dossier)):
        raise NotFound
    if meaning == Meaning.RECEIPT:
        prove_receipt(dossier, actor=actor, at=clock.now())
    made = documents.document(dossier, Meaning(meaning))
    return file_answer(made.pdf, made.name, FileType.PDF, shown="xem" in request.GET)
