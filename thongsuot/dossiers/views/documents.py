"""Printed forms as PDF: for the officers of a dossier's units and for its proven owner."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from thongsuot.dossiers import documents
from thongsuot.dossiers.actions.proving import prove_receipt
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.printing.facts import Meaning
from thongsuot.dossiers.queries.case import is_seen_by
from thongsuot.dossiers.views import proof
from thongsuot.dossiers.views.looking import note_look
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.web.request import actor_of

# Made by ourselves from text alone. Shown in the browser, it may do nothing there and stand in no frame.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_GET
def document(request: HttpRequest, dossier_id: int, meaning: str) -> HttpResponse:
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
    return pdf_answer(made.pdf, name=made.name, shown="xem" in request.GET)


def pdf_answer(pdf: bytes, *, name: str, shown: bool) -> HttpResponse:
    """`shown`: inline, only ever for documents we made."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
