"""What the law and the practice of civil status say: days, drafts, columns, reasons; which procedure makes entries."""

from __future__ import annotations

from thongsuot.registers.models import IssuedPaper, Kind

DUTY = "keep civil status"

# Procedures that end in an entry, and whether it is a registration again (Luật Hộ tịch 60/2014/QH13; NĐ 123/2015/NĐ-CP).
ENTERS: dict[str, tuple[Kind, bool]] = {
    "1.001193": (Kind.BIRTH, False),
    "1.000656": (Kind.DEATH, False),
    "1.000894": (Kind.MARRIAGE, False),
    "1.004884": (Kind.BIRTH, True),
    "1.005461": (Kind.DEATH, True),
    "1.004746": (Kind.MARRIAGE, True),
}
# Copies of what stands in a register (2.000635; copies from original registers in general: NĐ 23/2015/NĐ-CP).
COPIES = frozenset({"2.000635", "2.000908"})
# Someone's marital status is looked up (from 2026-01-01 the couple hands in no paper about it).
MARITAL = frozenset({"1.004873", "1.000894"})

CERTIFICATES: dict[str, IssuedPaper.Form] = {
    Kind.BIRTH: IssuedPaper.Form.BIRTH_CERTIFICATE,
    Kind.MARRIAGE: IssuedPaper.Form.MARRIAGE_CERTIFICATE,
    Kind.DEATH: IssuedPaper.Form.DEATH_EXTRACT,
}


def concerns(procedure_code: str) -> bool:
    return procedure_code in ENTERS or procedure_code in COPIES or procedure_code in MARITAL
