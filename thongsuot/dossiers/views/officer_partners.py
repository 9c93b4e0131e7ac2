"""Dossiers that partners have now: followed, reminded of, and for those without accounts answered here (a stand-in)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.dossiers.queries import partners
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.kernel import clock


@require_GET
def at_partners(request: HttpRequest) -> HttpResponse:
    """`?hop-thu=1`: only those whose answer is entered here."""
    actor, mailbox = desk_actor(request), "hop-thu" in request.GET
    rows = partners.legs_at_partners(actor, now=clock.now(), mailbox=mailbox)
    return render(request, "dossiers/officer/partners.html", {"rows": rows, "mailbox": mailbox})
