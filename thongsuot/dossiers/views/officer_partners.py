"""Dossiers that partners have now: followed, reminded of, and for those without accounts answered here (a stand-in)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.dossiers.queries import partners
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.kernel import clock
from thongsuot.web.paging import page_of


@require_GET
def at_partners(request: HttpRequest) -> HttpResponse:
    """`?hop-thu=1`: only those whose answer is entered here."""
    actor, mailbox = desk_actor(request), "hop-thu" in request.GET
    legs = partners.LegsAtPartners.of(actor, now=clock.now(), mailbox=mailbox)
    page = page_of(request, count=legs.count())
    rows = legs.rows(limit=page.size, offset=page.first)
    return render(request, "dossiers/officer/partners.html", {"rows": rows, "page": page, "mailbox": mailbox})
