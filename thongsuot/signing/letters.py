"""The letter that reminds the department or the issuer of a request that waits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from thongsuot.kernel import typeset
from thongsuot.signing.models import CertificateRequest
from thongsuot.signing.queries.certificates import RequestRow
from thongsuot.units import queries as units

_SHEET = Path(__file__).parent / "sheets" / "reminder.typ"
_TO = {
    CertificateRequest.State.AT_DEPARTMENT: "Sở Khoa học và Công nghệ",
    CertificateRequest.State.AT_ISSUER: "Cơ quan cấp chứng thư chữ ký số chuyên dùng công vụ",
}


def reminder(row: RequestRow, *, at: datetime) -> bytes:
    """One A4 page, always in Vietnamese."""
    asked, day = row.request, timezone.localdate(at)
    kinds = dict(CertificateRequest.Kind.choices)
    unit = units.unit_row(asked.body.unit_id, as_of=day)
    facts = {
        "agency": row.body,
        "place": unit.name,
        "day": f"ngày {day.day:02} tháng {day.month:02} năm {day.year}",
        "to": _TO[CertificateRequest.State(asked.state)],
        "kind": str(kinds[CertificateRequest.Kind(asked.kind)]).lower(),
        "holder": row.holder if asked.person_id is None else f"{row.holder}, {asked.post}, {row.body}",
        "sent_on": f"{timezone.localtime(asked.state_since):%d/%m/%Y}",
        "waiting": row.waiting_days,
        "reason": asked.reason,
    }
    return typeset.pdf(_SHEET, facts, made_at=at)
