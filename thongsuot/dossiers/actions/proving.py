"""What proves a receipt to whoever is shown one: registered when it is printed first."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.actor import Actor
from thongsuot.signing import proofs
from thongsuot.signing.actions import register_proof
from thongsuot.signing.models import Proof


def receipt_code(dossier: Dossier) -> str:
    """What the receipt of this dossier carries, each time it is printed."""
    return proofs.code_of(f"dossiers.receipt/{dossier.pk}")


def prove_receipt(dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """Nothing to do from the second printing on."""
    code = receipt_code(dossier)
    if dossier.received_at is None or Proof.objects.filter(code=code).exists():
        return
    with translation.override("vi"):  # as it stands on the paper, whoever prints it first
        title = _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    register_proof(
        code,
        file_id=None,
        kind="receipt",
        title=title,
        number=dossier.code or "",
        unit_id=dossier.receiving_unit_id,
        issued_on=timezone.localdate(dossier.received_at),
        actor=actor,
        at=at,
    )
