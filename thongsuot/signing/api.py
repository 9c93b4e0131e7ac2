"""JSON over HTTP: what a signed PDF is worth, and what a paper's code proves. Open to everyone, as the pages are."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from thongsuot.kernel import clock
from thongsuot.signing import crowd, errors
from thongsuot.signing.queries import proving
from thongsuot.signing.reading.guarded import LARGEST
from thongsuot.signing.validation import Report, SignatureReport, validate

router = Router(tags=["signing"], auth=None)


class SignatureOut(Schema):
    """One signature. `weak`: of a method that can be forged by now (SHA-1, MD5): never trusted.

    `changed`: nothing, signed, filled, unconfirmed, annotated, changed. `verdict`: good, test, doubtful,
    bad."""

    verdict: str
    name: str
    kind: str
    organisation: str
    post: str
    held_post: bool | None
    reason: str
    at: datetime | None
    time_stamped: bool
    intact: bool
    weak: bool
    covers_all: bool
    changed: str
    trusted: bool
    revoked: bool
    level: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    is_test: bool


class ReportOut(Schema):
    """`verdict`: the worst of all signatures; unsigned when there is none. `is_test`: made by the TEST authority."""

    verdict: str
    is_test: bool
    sha256: str
    examined_at: datetime
    signatures: list[SignatureOut]


class ProofSignatureOut(Schema):
    who: str
    is_agency: bool
    at: datetime
    level: str
    is_test: bool


class ProofOut(Schema):
    """Nothing of a person. `state`: valid, corrected (it holds, read with `replaced_by`), replaced, revoked."""

    code: str
    kind: str
    title: str
    number: str
    issued_by: str
    issued_on: date
    state: str
    replaced_by: str
    sha256: str
    signatures: list[ProofSignatureOut]


@router.post(
    "/signatures/validate",
    response=ReportOut,
    auth=None,
    summary="Examine the signatures of a PDF",
    description="The file is read and forgotten. 20 MB at most.",
)
def validate_signatures(request: HttpRequest, file: File[UploadedFile]) -> ReportOut:
    if (file.size or 0) > LARGEST:
        raise errors.TooBigToCheck(LARGEST // 2**20)
    crowd.must_not_hurry(request)
    return _report(validate(file.read(), at=clock.now()))


@router.get("/proofs/{code}", response=ProofOut, auth=None, summary="What the code on a paper proves")
def proof(request: HttpRequest, code: str) -> ProofOut:
    page = proving.proof_page(code)
    return ProofOut(
        code=page.code,
        kind=page.kind,
        title=page.title,
        number=page.number,
        issued_by=page.body,
        issued_on=page.issued_on,
        state=page.state,
        replaced_by=page.replaced_by,
        sha256=page.sha256,
        signatures=[
            ProofSignatureOut(who=one.who, is_agency=one.is_agency, at=one.at, level=one.level, is_test=one.is_test)
            for one in page.signatures
        ],
    )


def _report(report: Report) -> ReportOut:
    return ReportOut(
        verdict=report.verdict.value,
        is_test=report.is_test,
        sha256=report.sha256,
        examined_at=report.examined_at,
        signatures=[_signature(one) for one in report.signatures],
    )


def _signature(one: SignatureReport) -> SignatureOut:
    return SignatureOut(
        verdict=one.verdict.value,
        **{name: getattr(one, name) for name in SignatureOut.model_fields if name not in ("verdict", "changed")},
        changed=one.changed.value,
    )
