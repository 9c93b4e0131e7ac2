"""The national flags of components, per component and per dossier: what the portal is told and the index counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from thongsuot.dossiers.models import Component, Digitisation, ReusedComponent
from thongsuot.personal_store import queries as stored


@dataclass(frozen=True, kw_only=True)
class ComponentFlags:
    """One component with the portal's names of its flags (TT 01/2023/TT-VPCP; record of the national portal).

    is_attached             an electronic file is there, however it came (QĐ 766/QĐ-TTg, item 4.2)
    DuocSoHoa               scanned at the desk, with its file
    DuocTaiSuDung           used again instead of being handed in: a paper of a store, or data looked up
    DuocLayTuKhoDMQG        taken from the owner's personal store
    MaKetQuaThayThe         code of the earlier result that stands for it; empty
    GiayToId                its code in the personal store: of the paper taken, or of the scan kept there; empty
    """

    dossier_id: int
    component_id: int
    paper_code: str
    name: str
    is_attached: bool
    DuocSoHoa: bool
    DuocTaiSuDung: bool
    DuocLayTuKhoDMQG: bool
    MaKetQuaThayThe: str
    GiayToId: str
    file_id: int | None


@dataclass(frozen=True, kw_only=True)
class DossierFlags:
    """Of a whole dossier.

    all_digitised   every component that was handed in has an electronic file, and there is at least one (item 4.2)
    any_digitised   HoSoCoThanhPhanSoHoa
    any_reused      at least one component was used again (item 4.3)
    in_store        a component was taken from the store, or the result was put into it (item 4.4)
    """

    dossier_id: int
    components: tuple[ComponentFlags, ...]
    all_digitised: bool
    any_digitised: bool
    any_reused: bool
    in_store: bool


NOT_HANDED_IN = (Component.How.SHOWN, Component.How.WAIVED)


def flags_of(dossier_ids: Iterable[int]) -> dict[int, DossierFlags]:
    """For each of these dossiers, also those without components. Five queries, however many dossiers."""
    wanted = list(dict.fromkeys(dossier_ids))
    components: dict[int, list[Component]] = {one: [] for one in wanted}
    for component in Component.objects.filter(dossier_id__in=wanted).order_by("id"):
        components[component.dossier_id].append(component)
    taken = {row.component_id: row for row in ReusedComponent.objects.filter(component__dossier_id__in=wanted)}
    kept = dict(
        Digitisation.objects.filter(component__dossier_id__in=wanted)
        .exclude(state=Digitisation.State.REJECTED)
        .values_list("component_id", "stored_code")
    )
    in_store = stored.dossiers_in_store(wanted)
    return {
        dossier_id: _of_dossier(dossier_id, [_of(one, taken.get(one.pk), kept) for one in found], found, dossier_id in in_store)
        for dossier_id, found in components.items()
    }


def _of(component: Component, taken: ReusedComponent | None, kept: dict[int, str]) -> ComponentFlags:
    how, has_file = component.how, component.file_id is not None
    return ComponentFlags(
        dossier_id=component.dossier_id,
        component_id=component.pk,
        paper_code=component.paper_code,
        name=component.name,
        is_attached=has_file or how in (Component.How.DATA, Component.How.REUSED),
        DuocSoHoa=how == Component.How.SCANNED and has_file,
        DuocTaiSuDung=how in (Component.How.REUSED, Component.How.DATA),
        DuocLayTuKhoDMQG=taken is not None,
        MaKetQuaThayThe=taken.paper_code if taken is not None and taken.is_result else "",
        GiayToId=taken.paper_code if taken is not None else kept.get(component.pk, ""),
        file_id=component.file_id,
    )


def _of_dossier(dossier_id: int, flags: list[ComponentFlags], components: list[Component], in_store: bool) -> DossierFlags:
    handed_in = [flag for flag, one in zip(flags, components, strict=True) if one.how not in NOT_HANDED_IN]
    return DossierFlags(
        dossier_id=dossier_id,
        components=tuple(flags),
        all_digitised=bool(handed_in) and all(flag.is_attached for flag in handed_in),
        any_digitised=any(flag.DuocSoHoa for flag in flags),
        any_reused=any(flag.DuocTaiSuDung for flag in flags),
        in_store=in_store,
    )
