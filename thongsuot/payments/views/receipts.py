"""A receipt, to whoever holds its code: that it is real and holds; and its paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from thongsuot.payments import printing
from thongsuot.payments.queries import paying as queries
from thongsuot.units import queries as units
from thongsuot.web.addresses import public
from thongsuot.web.downloads import file_answer


@require_GET
def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    found = queries.receipt_by_secret(secret)
    context = {
        "found": found,
        "line": found.line,
        "payment": found.line.payment,
        "unit": units.unit_row(found.unit_id, as_of=timezone.localdate(found.issued_at)).full_name,
    }
    return render(request, "payments/receipt.html", context)


@require_GET
def paper(request: HttpRequest, secret: str) -> HttpResponseBase:
    found = queries.receipt_by_secret(secret)
    content = printing.receipt_pdf(found, check_address=public("payments:receipt", secret))
    return file_answer(content, f"bien-lai-{found.year}-{found.number}.pdf", "application/pdf")
