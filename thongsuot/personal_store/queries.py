"""A person's papers, who saw and used them, and what can be offered in a new dossier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import search_key
from thongsuot.people.models import LookUp, Person
from thongsuot.people.rules import field_label
from thongsuot.personal_store import rules
from thongsuot.personal_store.models import Reuse, ReuseConsent, StoredPaper


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    """A paper as lists show it. `tag`: kind of the state's tag."""

    id: int
    code: str
    kind: str
    title: str
    number: str
    issued_on: date | None
    issuing_body: str
    valid_to: date | None
    state: str
    tag: str
    is_usable: bool
    is_offered: bool
    signature: str
    dossier_code: str
    uses: int


def papers_of_person(person_id: int, *, words: str = "") -> QuerySet[StoredPaper]:
    """What is this account's: filed from it, or bearing the ID number an officer saw on its holder's card."""
    number = Person.objects.filter(pk=person_id).values_list("id_number", flat=True).first() or ""
    mine = Q(account_id=person_id) | (Q(owner_id_number=number) if number else Q(pk__in=[]))
    papers = StoredPaper.objects.filter(mine)
    if words.strip():
        asked = rules.typed_code(words)
        by_title = Q()
        for word in search_key(words).split():
            by_title &= Q(title_key__contains=word)
        papers = papers.filter(
            by_title | Q(code=asked) | Q(number=words.strip()[:40]) | Q(dossier_code=words.strip()[:60].upper())
        )
    return papers.order_by("-stored_at", "-pk")


def rows(papers: Iterable[StoredPaper], *, on: date, uses: dict[int, int] | None = None) -> list[PaperRow]:
    """Ready to show; no query."""
    return [
        PaperRow(
            id=paper.pk,
            code=paper.code,
            kind=paper.get_kind_display(),
            title=paper.title,
            number=paper.number,
            issued_on=paper.issued_on,
            issuing_body=paper.issuing_body,
            valid_to=paper.valid_to,
            state=paper.get_state_display(),
            tag="done" if paper.state == StoredPaper.State.VALID else "end",
            is_usable=is_usable(paper, on=on),
            is_offered=paper.is_offered,
            signature=paper.get_signature_display(),
            dossier_code=paper.dossier_code,
            uses=(uses or {}).get(paper.pk, 0),
        )
        for paper in papers
    ]


def own_paper(person_id: int, paper_id: int) -> StoredPaper:
    """Raises NotFound for a paper of somebody else."""
    paper = must_exist(papers_of_person(person_id).filter(pk=paper_id).select_related("file__blob", "replaced_by").first())
    return paper


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One line of a paper's log: looked at, or used again. `consent_id` while the owner can still take the consent back."""

    at: datetime
    by: str
    post: str
    what: str
    reason: str
    consent_id: int | None = None
    withdrawn_at: datetime | None = None


def uses_of(paper: StoredPaper) -> list[Trace]:
    """Every use with the consent it stands on, the latest first. One query."""
    found = Reuse.objects.filter(paper=paper).select_related("consent").order_by("-at", "-pk")
    return [
        Trace(
            at=use.at,
            by=f"{use.by_name}, {use.unit_name}",
            post=use.by_post,
            what=use.procedure,
            reason=f"{use.dossier_code}; {use.consent.get_how_display()}"
            + (f": {use.consent.note}" if use.consent.note else ""),
            consent_id=use.consent_id if use.consent.withdrawn_at is None else None,
            withdrawn_at=use.consent.withdrawn_at,
        )
        for use in found
    ]


def looks_at(paper: StoredPaper, *, limit: int = 50) -> list[Trace]:
    """Who of the officers looked, the latest first. One query."""
    found = LookUp.objects.filter(subject=paper._meta.label_lower, subject_id=paper.pk).order_by("-at", "-pk")[:limit]
    return [
        Trace(
            at=row.at,
            by=row.by_name,
            post=row.by_post,
            what=", ".join(field_label(name) for name in row.fields),
            reason=row.reason,
        )
        for row in found
    ]


def is_usable(paper: StoredPaper, *, on: date) -> bool:
    return rules.is_usable(
        state=paper.state, is_offered=paper.is_offered, valid_from=paper.valid_from, valid_to=paper.valid_to, on=on
    )


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose papers are looked for. Without either part nothing is found."""

    id_number: str = ""
    account_id: int | None = None

    @classmethod
    def of_account(cls, person_id: int | None) -> Owner:
        """The account with the number an officer has seen on its holder's card; never a number that was only typed."""
        if person_id is None:
            return cls()
        number = Person.objects.filter(pk=person_id).values_list("id_number", flat=True).first()
        return cls(id_number=number or "", account_id=person_id)


def papers_of_owner(owner: Owner) -> QuerySet[StoredPaper]:
    mine = Q(pk__in=[])
    if owner.id_number:
        mine |= Q(owner_id_number=owner.id_number)
    if owner.account_id is not None:
        mine |= Q(account_id=owner.account_id)
    return StoredPaper.objects.filter(mine).order_by("-issued_on", "-pk")


def offers(owner: Owner, wanted: Sequence[rules.Wanted], *, on: date) -> dict[str, list[StoredPaper]]:
    """For each component's code the usable papers of the owner that can stand for it, the latest first. At most one query."""
    if not wanted or not (owner.id_number or owner.account_id is not None):
        return {}
    usable = [paper for paper in papers_of_owner(owner)[:500] if is_usable(paper, on=on)]
    found = {one.paper_code: [paper for paper in usable if rules.fits(held(paper), one)] for one in wanted}
    return {code: papers for code, papers in found.items() if papers}


def held(paper: StoredPaper) -> rules.Held:
    return rules.Held(
        procedure_code=paper.procedure_code, paper_code=paper.paper_code, type_code=paper.type_code, title_key=paper.title_key
    )


def by_codes(codes: Iterable[str]) -> dict[str, StoredPaper]:
    """Papers by their code. One query, none for no codes."""
    wanted = {rules.typed_code(code) for code in codes if code}
    return {paper.code: paper for paper in StoredPaper.objects.filter(code__in=wanted)} if wanted else {}


def by_source(source: str) -> StoredPaper | None:
    return StoredPaper.objects.filter(source=source).first()


def dossiers_in_store(dossier_ids: Iterable[int]) -> frozenset[int]:
    """Those of these dossiers from which a result went into a store, or whose components came from one. Two queries."""
    wanted = list(dossier_ids)
    given = (StoredPaper.Kind.RESULT, StoredPaper.Kind.E_COPY)
    pushed = StoredPaper.objects.filter(dossier_id__in=wanted, kind__in=given).values_list("dossier_id", flat=True)
    taken = Reuse.objects.filter(dossier_id__in=wanted).values_list("dossier_id", flat=True)
    return frozenset(one for one in [*pushed, *taken] if one is not None)


def used_in(dossier_id: int) -> frozenset[int]:
    """Ids of the papers that this dossier uses already. One query."""
    return frozenset(Reuse.objects.filter(dossier_id=dossier_id).values_list("paper_id", flat=True))


def consent_of(paper_id: int, dossier_id: int) -> ReuseConsent | None:
    return ReuseConsent.objects.filter(paper_id=paper_id, use__dossier_id=dossier_id).first()
