"""Papers of payments: a receipt. In Vietnamese; equal facts, equal bytes."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from django.utils import timezone, translation

from thongsuot.kernel import text, typeset
from thongsuot.kernel.spelling import dong_spelled
from thongsuot.payments import gateway
from thongsuot.payments.models import FeePayment, PaymentReceipt
from thongsuot.units import queries as units

_FOLDER = Path(__file__).parent


def receipt_pdf(receipt: PaymentReceipt, *, check_address: str) -> bytes:
    """The receipt of one line, with a code that leads to the page proving it. A void one says so across."""
    line, payment = receipt.line, receipt.line.payment
    day = timezone.localdate(receipt.issued_at)
    unit = units.unit_row(receipt.unit_id, as_of=day)
    with translation.override("vi"):
        data = {
            "unit": unit.full_name,
            "number": f"{receipt.number:07}",
            "year": str(receipt.year),
            "kind": "phí" if line.kind == "fee" else "lệ phí",
            "payer": text.nfc(payment.payer_name),
            "of": payment.subject_code,
            "name": line.name,
            "amount": text.dong(line.amount_dong),
            "words": dong_spelled(line.amount_dong),
            "how": FeePayment.How(payment.how).label.lower(),
            "reference": payment.reference,
            "day": f"ngày {day.day:02} tháng {day.month:02} năm {day.year}",
            "by": payment.taken_by_name or receipt.issued_by_name,
            "void": receipt.void_reason if receipt.void_at else "",
            "void_day": text.day(timezone.localdate(receipt.void_at)) if receipt.void_at else "",
            "address": check_address,
            "stand_in": gateway.is_stand_in() and payment.how != FeePayment.How.CASH,
            "qr": _code(check_address),
        }
        return typeset.pdf(_FOLDER / "receipt.typ", data, made_at=receipt.void_at or receipt.issued_at)


def _code(address: str) -> str:
    drawing = io.BytesIO()
    segno.make_qr(address, error="m").save(drawing, kind="svg", border=0, xmldecl=False)
    return drawing.getvalue().decode()
