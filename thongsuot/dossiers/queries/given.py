"""What a dossier gives out: the one paper of its result, or every electronic copy certified from the originals it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thongsuot.dossiers.models import DECIDED, CertifiedCopy, Dossier, Result

State = CertifiedCopy.State


@dataclass(frozen=True, kw_only=True)
class GivenPaper:
    """One paper that is handed over. `copy_id`: None for the result itself; copies are numbered in a register of their own."""

    title: str
    number: str
    issued_on: date | None
    file_id: int
    file_name: str
    is_pdf: bool
    proof_code: str = ""
    copy_id: int | None = None


def why_not_stopped(dossier: Dossier) -> str:
    """A sentence when a certified copy is in the register already: it is a decision. Empty otherwise. One query."""
    numbered = CertifiedCopy.objects.filter(dossier=dossier, state__in=[State.NUMBERED, State.CERTIFIED])
    return _("Bản sao điện tử đã vào sổ chứng thực.") if numbered.exists() else ""


def why_not_withdrawn(dossier: Dossier, result: Result | None) -> str:
    """A sentence when it is decided already (NĐ 118/2025 Điều 21); empty otherwise. One query at most."""
    if dossier.status in DECIDED or (result is not None and result.signed_at is not None):
        return _("Kết quả đã ký.")
    return why_not_stopped(dossier)


def copies_given(result: Result) -> list[CertifiedCopy]:
    """The certified copies that make up a result, by their numbers; empty for a result that is a paper of its own.

    A result is made of copies when its file is one of them: no draft was put in their place. One query.
    """
    copies = CertifiedCopy.objects.filter(dossier_id=result.dossier_id, state=State.CERTIFIED).select_related("file__blob")
    found = list(copies.order_by("pk"))
    return found if result.file_id in {one.file_id for one in found} else []


def copies_of_results(results: Sequence[Result]) -> dict[int, list[tuple[str, int]]]:
    """Dossier -> title and file of each copy, for those of these results that are made of copies. One query, none for none."""
    if not results:
        return {}
    copies = CertifiedCopy.objects.filter(dossier_id__in=[one.dossier_id for one in results], state=State.CERTIFIED)
    found: dict[int, list[tuple[str, int]]] = {}
    for dossier_id, title, file_id in copies.order_by("pk").values_list("dossier_id", "title", "file_id"):
        found.setdefault(dossier_id, []).append((title, file_id or 0))
    own = {one.dossier_id: one.file_id for one in results}
    return {one: papers for one, papers in found.items() if own[one] in {file_id for _title, file_id in papers}}


def papers_given(result: Result, *, proof_code: str = "") -> list[GivenPaper]:
    """In the order they were compared. One query; `proof_code`: of the result itself."""
    if copies := copies_given(result):
        return [_copy(one) for one in copies]
    if result.file is None:
        return []
    return [
        GivenPaper(
            title=result.title,
            number=result.number,
            issued_on=result.issued_on,
            file_id=result.file.pk,
            file_name=result.file.name,
            is_pdf=result.file.blob.content_type == "application/pdf",
            proof_code=proof_code,
        )
    ]


def _copy(one: CertifiedCopy) -> GivenPaper:
    assert one.file is not None  # constraint copy_number_once_certified
    return GivenPaper(
        title=one.title,
        number=one.number,
        issued_on=one.numbered_on,
        file_id=one.file.pk,
        file_name=one.file.name,
        is_pdf=True,
        proof_code=one.proof_code,
        copy_id=one.pk,
    )


def unfinished_copies(dossier: Dossier) -> list[str]:
    """Titles of the originals that were compared and are neither certified nor given up. One query."""
    open_ones = CertifiedCopy.objects.filter(dossier=dossier, state__in=[State.COMPARED, State.APPROVED, State.NUMBERED])
    return list(open_ones.order_by("pk").values_list("title", flat=True))


def title_of_copies(copies: Sequence[CertifiedCopy]) -> str:
    """What the register of results calls them: each original with its number in the certification register."""
    named = [f"{one.title} (số chứng thực {one.number})" for one in copies]
    words = f"Bản sao điện tử: {'; '.join(named)}"
    if len(words) <= 300:
        return words
    numbers = f"Bản sao điện tử của {len(copies)} bản chính, số chứng thực {', '.join(one.number for one in copies)}"
    return numbers if len(numbers) <= 300 else f"{numbers[:299]}…"
