"""Reading a PDF that may be hostile, and saying what its signatures are worth. Runs in a process with limits: see `guarded`.

Knows no database and asks no network: roots and revocation lists are given, the rest must be in the file.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import crl, pem, tsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import UnacceptableSignerError, find_unique_cms_attribute
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko_certvalidator import ValidationContext

MOST_SIGNATURES = 40
_WEAK = {AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE, AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE}
_CHANGED = {
    ModificationLevel.NONE: "nothing",
    ModificationLevel.LTA_UPDATES: "signed",
    ModificationLevel.FORM_FILLING: "filled",
    ModificationLevel.ANNOTATIONS: "annotated",
}


def examined(pdf: bytes, *, roots: list[str], crls: list[bytes], at: datetime) -> list[dict[str, Any]]:
    """Facts about each signature, first to last. `roots`: PEM. Raises whatever the file's faults make pyHanko raise."""
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    trusted = [x509.Certificate.load(der) for text in roots for _n, _h, der in pem.unarmor(text.encode(), multiple=True)]
    store = DocumentSecurityStore.read_dss(reader) if "/DSS" in reader.root else None
    known = _Known(trusted=trusted, lists=[crl.CertificateList.load(one) for one in crls], store=store, at=at)
    return [_one(signature, known) for signature in reader.embedded_regular_signatures[:MOST_SIGNATURES]]


class _Known:
    """What certificates are judged by."""

    def __init__(
        self,
        *,
        trusted: list[x509.Certificate],
        lists: list[crl.CertificateList],
        store: DocumentSecurityStore | None,
        at: datetime,
    ) -> None:
        self.trusted, self.lists, self.store, self.at = trusted, lists, store, at

    def context(self, moment: datetime, *, only_the_file: bool = False) -> ValidationContext:
        """`only_the_file`: what makes it B-LT is that the file alone proves it."""
        told: dict[str, Any] = {
            "trust_roots": self.trusted,
            "moment": moment,
            "allow_fetching": False,
            "revocation_mode": "require" if only_the_file else "soft-fail",
            "retroactive_revinfo": True,
        }
        if not only_the_file:
            told["crls"] = list(self.lists)
        if self.store is not None:
            return self.store.as_validation_context(told)
        return ValidationContext(**told)


def _one(signature: EmbeddedPdfSignature, known: _Known) -> dict[str, Any]:
    certificate = signature.signer_cert
    claimed = signature.self_reported_timestamp
    facts: dict[str, Any] = {
        "field": signature.field_name,
        "pem": pem.armor("CERTIFICATE", certificate.dump()).decode(),
        "fingerprint": hashlib.sha256(certificate.dump()).hexdigest(),
        "reason": _text(signature, "/Reason"),
        "location": _text(signature, "/Location"),
        "claimed_at": claimed.isoformat() if claimed and claimed.tzinfo else None,
        "stamped_at": None,
        "stamp_trusted": False,
        "intact": False,
        "weak": False,
        "trusted": False,
        "covers_all": False,
        "changed": "changed",
        "revoked": False,
        "level": "",
    }
    stamped = _stamped_at(signature)
    status = _status(signature, known.context(stamped or known.at))
    if status is None:
        return facts
    stamp = status.timestamp_validity
    stamp_good = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
    if stamped is not None and not stamp_good:
        # A time that nobody vouches for could be any: judged as of now, as if there were none.
        status = _status(signature, known.context(known.at)) or status
    at = stamped if stamped is not None and stamp_good else known.at
    facts |= {
        "stamped_at": stamped.isoformat() if stamped is not None else None,
        "stamp_trusted": stamp_good,
        "intact": bool(status.intact and status.valid),
        "weak": status.trust_problem_indic in _WEAK,
        "trusted": bool(status.trusted),
        "covers_all": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "changed": _changed(status),
        "revoked": bool(status.revoked),
    }
    proven = _status(signature, known.context(at, only_the_file=True)) if known.store is not None and stamp_good else None
    facts["level"] = "B-LT" if proven is not None and proven.trusted else "B-T" if stamp_good else "B-B"
    return facts


def _status(signature: EmbeddedPdfSignature, context: ValidationContext) -> PdfSignatureStatus | None:
    try:
        return validate_pdf_signature(signature, context)
    except (ValueError, UnacceptableSignerError):
        return None


def _changed(status: PdfSignatureStatus) -> str:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "nothing"
    if status.coverage not in (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.CONTIGUOUS_BLOCK_FROM_START):
        return "changed"
    level = status.modification_level
    return "changed" if level is None or status.docmdp_ok is False else _CHANGED.get(level, "changed")


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    try:
        token = find_unique_cms_attribute(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token")
        content: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
        found = content["gen_time"].native
    except Exception:
        return None
    return found if isinstance(found, datetime) else None


def _text(signature: EmbeddedPdfSignature, key: str) -> str:
    if key not in signature.sig_object:
        return ""
    value = signature.sig_object[key]
    return str(value)[:300] if isinstance(value, str) else ""
