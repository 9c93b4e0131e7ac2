"""What the public page of a code says. Nothing of a person: not in the row, not in the answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from thongsuot.files import queries as files
from thongsuot.signing import errors, rules
from thongsuot.signing.models import Proof, Signature
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class SignedLine:
    """A signature on the proven file: an agency by its name, a person by the post alone."""

    who: str
    is_agency: bool
    at: datetime
    level: str
    is_test: bool
    certificate_revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ProofPage:
    code: str
    kind: str
    title: str
    number: str
    body: str
    issued_on: date
    state: str
    state_since: datetime
    replaced_by: str
    signatures: list[SignedLine]
    sha256: str

    @property
    def shown_code(self) -> str:
        return rules.code_as_shown(self.code)


def proof_page(code: str) -> ProofPage:
    """Raises ProofNotFound. Four queries at most."""
    kept = rules.code_as_kept(code)
    proof = Proof.objects.filter(code=kept).first() if kept else None
    if proof is None:
        raise errors.ProofNotFound
    sha256 = files.file_row(proof.file_id).sha256 if proof.file_id else ""
    return ProofPage(
        code=proof.code,
        kind=proof.kind,
        title=proof.title,
        number=proof.number,
        body=units.unit_row(proof.unit_id, as_of=proof.issued_on).full_name,
        issued_on=proof.issued_on,
        state=proof.state,
        state_since=proof.state_since,
        replaced_by=proof.replaced_by,
        signatures=_signatures(proof.file_id),
        sha256=sha256,
    )


def _signatures(file_id: int | None) -> list[SignedLine]:
    """Backwards along the files: what was signed last came from what was signed before. One or two queries."""
    lines: list[SignedLine] = []
    while file_id is not None and len(lines) < 10:
        one = Signature.objects.select_related("certificate").filter(signed_id=file_id).first()
        if one is None:
            break
        held = one.certificate
        lines.append(
            SignedLine(
                who=one.name if one.kind == "agency" else one.post,
                is_agency=one.kind == "agency",
                at=one.signed_at,
                level=one.level,
                is_test=held.is_test,
                certificate_revoked_at=held.state_since if held.state == "revoked" else None,
            )
        )
        file_id = one.source_id
    return lines[::-1]


def same_file(page: ProofPage, upload: Any) -> bool:
    """Is it this very file, bit by bit? Read through once, kept nowhere."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return bool(page.sha256) and digest.hexdigest() == page.sha256
