"""The printed register of results: no form of the one-stop desk, so it has no number among those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from thongsuot.dossiers.printing.facts import Agency
from thongsuot.kernel import text, typeset

if TYPE_CHECKING:
    from thongsuot.dossiers.queries.result_register import RegisterRow

_FOLDER = Path(__file__).parent
_STATES = {
    "valid": "Còn giá trị",
    "corrected": "Đã đính chính",
    "replaced": "Đã thay thế",
    "revoked": "Đã thu hồi",
    "cancelled": "Số đã hủy",
    "reserved": "Đã lấy số, chờ phát hành",
}
_KINDS = {"correction": "Đính chính văn bản số", "replacement": "Thay thế văn bản số", "revocation": "Thu hồi văn bản số"}


def register_pdf(
    rows: Sequence[RegisterRow], *, agency: Agency, year: int, unit: str, unit_names: Mapping[int, str], made_at: datetime
) -> bytes:
    """The register of results on A4 across. `unit_names` when it is of several units."""
    with translation.override("vi"):
        data = {
            "facts": {
                "agency": {"above": agency.above, "name": agency.name, "place": agency.place, "phone": agency.phone},
                "stand_in": "",
                "unit": unit,
                "year": str(year),
                "rows": [
                    {
                        "number": row.number,
                        "day": text.day(row.issued_on) if row.issued_on else "",
                        "title": text.nfc(row.title) or "Số đã hủy",
                        "about": f"{_KINDS[row.kind]} {row.changes}" if row.kind in _KINDS else "",
                        "unit": unit_names.get(row.unit_id, ""),
                        "signer": text.nfc(row.signer),
                        "dossier": row.dossier_code,
                        "state": _STATES[row.state] + (f" bằng văn bản số {row.changed_by}" if row.changed_by else ""),
                        "reason": text.nfc(row.reason),
                    }
                    for row in rows
                ],
            },
            "form": {"title": f"Sổ kết quả năm {year}", "reference": ""},
            "place_and_date": f"ngày {timezone.localdate(made_at):%d/%m/%Y}",
            "qr": None,
        }
    return typeset.pdf(_FOLDER / "result_register.typ", data, made_at=made_at)
