"""What a unit that ends holds of certificates: none is used on; the issuer is asked to revoke each (units.moves)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.signing import events
from thongsuot.signing.models import Certificate, CertificateRequest
from thongsuot.units import queries as units
from thongsuot.units.heirs import Choice, Heirs, Rule
from thongsuot.units.moves import Moved, Rows, register, stays

State, Kind = CertificateRequest.State, CertificateRequest.Kind


class Certificates(Rows):
    """Of agencies and of posts that end. The successor's are new ones; these go back by way of the city."""

    key = "signing.certificates"
    label = _("Chứng thư chữ ký số")
    columns = ("signing.Certificate.body", "signing.CertificateRequest.body")
    unit_path = "body__unit_id"
    moved, moved_back = events.CERTIFICATE_LEFT, events.CERTIFICATE_CAME_BACK

    def rows(self) -> QuerySet[Certificate]:
        asked = CertificateRequest.objects.filter(kind=Kind.REVOKE).exclude(state=State.CLOSED).values("certificate_id")
        held = Certificate.objects.exclude(state=Certificate.State.REVOKED).exclude(pk__in=asked)
        return held.select_related("body")

    def found(self, ids: Any) -> QuerySet[Certificate]:
        return Certificate.objects.filter(pk__in=list(ids)).select_related("body")

    def choose(self, things: Sequence[Any], heirs: Heirs) -> list[Choice]:
        return [Choice(to_unit_id=heirs.city_of(thing.unit_id), rule=Rule.ISSUER) for thing in things]

    def unit_of(self, row: Any) -> int | None:
        """With the city once its revocation is asked for; with nobody once it is revoked."""
        if row.state == Certificate.State.REVOKED:
            return None
        asked = CertificateRequest.objects.filter(certificate=row, kind=Kind.REVOKE).exclude(state=State.CLOSED).first()
        unit_id: int = row.body.unit_id
        if asked is None:
            return unit_id
        return units.keeper_of(units.city_of(unit_id), on=timezone.localdate(asked.made_at))

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        request = CertificateRequest.objects.create(
            kind=Kind.REVOKE,
            holder=row.kind,
            person_id=row.person_id,
            body=row.body,
            post=row.post,
            certificate=row,
            reason=str(_("Đơn vị kết thúc hoạt động theo quyết định sắp xếp.")),
            state_since=at,
            made_at=at,
            made_by_name=actor.name,
        )
        return {"request": request.pk}

    def can_go_back(self, row: Any, one: Moved) -> bool:
        """Not once its revocation was sent: the issuer revokes it."""
        return CertificateRequest.objects.filter(pk=one.was["request"], state=State.DRAFT).exists()

    def restore(self, row: Any, one: Moved) -> None:
        CertificateRequest.objects.filter(pk=one.was["request"], state=State.DRAFT).delete()


register(Certificates())
stays(("signing.Signature.unit", "signing.Proof.unit"), "on whose behalf it was signed then")
