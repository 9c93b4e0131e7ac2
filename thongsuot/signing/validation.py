"""Is this PDF signed, by whom, and does it still hold? For any file of anyone."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.utils import timezone

from thongsuot.kernel import clock
from thongsuot.kernel.periods import in_force
from thongsuot.people.models import Appointment
from thongsuot.people.queries import body_of_unit
from thongsuot.signing import authority, errors, trust
from thongsuot.signing.models import Certificate
from thongsuot.signing.pem import as_text, certificates_in, common_name, name_in, says_test, validity
from thongsuot.signing.reading import guarded
from thongsuot.signing.report import Changed, Report, SignatureReport, Verdict, confirmed

__all__ = ["Changed", "Report", "SignatureReport", "Verdict", "validate"]


def validate(pdf: bytes, *, at: datetime | None = None) -> Report:
    """Examine every signature of a PDF. Nothing of the file is kept.

    at       as of when; now when left out
    raises   NoPdfToCheck, EncryptedToCheck, PdfTooComplex, TooBigToCheck
    """
    at = at or clock.now()
    if len(pdf) > guarded.LARGEST:
        raise errors.TooBigToCheck(guarded.LARGEST // 2**20)
    roots = [as_text(one) for one in trust.roots(on=timezone.localdate(at))]
    crls = []
    if (here := trust.local()) is not None:
        roots.append(here.root_pem)
        crls.append(authority.revocation_list(here, at=at))
    try:
        found = guarded.examined(pdf, roots=roots, crls=crls, at=at)
    except errors.NotAPdf:
        raise errors.NoPdfToCheck from None
    except errors.PdfEncrypted:
        raise errors.EncryptedToCheck from None
    ours = {
        one.fingerprint: one
        for one in Certificate.objects.select_related("person", "body").filter(
            fingerprint__in=[facts["fingerprint"] for facts in found]
        )
    }
    return Report(
        sha256=hashlib.sha256(pdf).hexdigest(),
        examined_at=at,
        signatures=confirmed([_told(facts, ours.get(facts["fingerprint"])) for facts in found]),
    )


def _told(facts: dict[str, Any], ours: Certificate | None) -> SignatureReport:
    [certificate] = certificates_in(facts["pem"])
    subject = certificate.subject.native
    stamped, claimed = _instant(facts["stamped_at"]), _instant(facts["claimed_at"])
    at = stamped if facts["stamp_trusted"] else claimed
    starts, ends = validity(certificate)
    revoked_at = ours.state_since if ours is not None and ours.state == Certificate.State.REVOKED else None
    organisation = subject.get("organizational_unit_name") or subject.get("organization_name") or ""
    post, held = str(subject.get("title") or ""), None
    name = common_name(certificate.subject)
    if ours is not None:
        day = timezone.localdate(at or starts)
        organisation = body_of_unit(ours.body.name, ours.body.unit_id, day)
        post, name = ours.post, ours.person.full_name if ours.person else organisation
        held = _held(ours, at) if ours.kind == Certificate.Kind.PERSON and at is not None else None
    return SignatureReport(
        name=name,
        kind=ours.kind if ours is not None else "",
        organisation=organisation if isinstance(organisation, str) else " / ".join(organisation),
        post=post,
        held_post=held,
        reason=facts["reason"],
        at=at,
        time_stamped=facts["stamp_trusted"],
        intact=facts["intact"],
        weak=facts["weak"],
        covers_all=facts["covers_all"],
        changed=Changed(facts["changed"]),
        trusted=facts["trusted"],
        # A time nobody vouches for does not save what was revoked: it could have been written afterwards.
        revoked=facts["revoked"] or (revoked_at is not None and (not facts["stamp_trusted"] or at is None or at >= revoked_at)),
        revoked_at=revoked_at,
        level=facts["level"],
        issuer=name_in(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        not_before=starts,
        not_after=ends,
        is_test=says_test(certificate),
    )


def _held(ours: Certificate, at: datetime) -> bool:
    day = timezone.localdate(at)
    return Appointment.objects.filter(
        in_force(day), person_id=ours.person_id or 0, body_id=ours.body_id, title=ours.post
    ).exists()


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
