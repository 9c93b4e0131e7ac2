"""What a dossier's page says of its papers beyond the component: scan, store, consent; and of changes of its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from thongsuot.dossiers.models import (
    CertifiedCopy,
    Component,
    Digitisation,
    PaymentNotice,
    Result,
    ResultChange,
    ReusedComponent,
)

if TYPE_CHECKING:
    from thongsuot.dossiers.queries.case import CasePage


@dataclass(frozen=True, kw_only=True)
class PaperNote:
    """One component's way into electronic form.

    reused      the link to the owner's store, if it was taken from there
    scan        the latest scan
    to_scan     it lies at the desk and has no good scan
    """

    reused: ReusedComponent | None = None
    scan: Digitisation | None = None
    to_scan: bool = False


def papers_of_case(page: CasePage) -> dict[int, PaperNote]:
    """By component. Two queries, none when nothing was scanned or reused."""
    scanned = [one for one in page.components if one.how == Component.How.SCANNED]
    reused = [one for one in page.components if one.how == Component.How.REUSED]
    scans = (
        {one.component_id: one for one in Digitisation.objects.filter(component__in=scanned).order_by("pk")} if scanned else {}
    )
    links = (
        {one.component_id: one for one in ReusedComponent.objects.filter(component__in=reused).select_related("reuse__consent")}
        if reused
        else {}
    )
    open_one = page.dossier.ended_at is None and page.dossier.received_at is not None
    notes = {}
    for one in (*scanned, *reused):
        scan = scans.get(one.pk)
        lacks = one.how == Component.How.SCANNED and (scan is None or scan.state == Digitisation.State.REJECTED)
        notes[one.pk] = PaperNote(reused=links.get(one.pk), scan=scan, to_scan=open_one and lacks)
    return notes


def changes_of(result: Result | None) -> list[ResultChange]:
    """Changes of an issued result that were not given up, the oldest first. One query, none before it is issued."""
    if result is None or result.issued_on is None:
        return []
    return list(ResultChange.objects.filter(result=result).exclude(state=ResultChange.State.DROPPED).order_by("pk"))


def belongs(dossier_id: int, file_id: int) -> bool:
    """Is the file one of the dossier's papers, a scan, its result, a change of it, a certified copy, or a payment notice?"""
    return any(
        rows.exists()
        for rows in (
            Component.objects.filter(dossier=dossier_id, file_id=file_id),
            Result.objects.filter(dossier=dossier_id, file_id=file_id),
            ResultChange.objects.filter(result__dossier=dossier_id, file_id=file_id),
            Digitisation.objects.filter(component__dossier=dossier_id, file_id=file_id),
            CertifiedCopy.objects.filter(Q(file_id=file_id) | Q(scan_id=file_id), dossier=dossier_id),
            PaymentNotice.objects.filter(Q(file_id=file_id) | Q(proof_file_id=file_id), dossier=dossier_id),
        )
    )
