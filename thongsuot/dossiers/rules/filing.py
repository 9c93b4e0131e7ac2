"""What a filing needs, and at which desk it may be handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def missing_papers(required: Iterable[str], present: Collection[str]) -> list[str]:
    """Codes of required papers that are not there, in the order of the procedure."""
    return [code for code in required if code not in present]


def may_be_filed_at(*, receiver_kind: str, resolver_kind: str, same_unit: bool, same_city: bool, non_boundary: bool) -> bool:
    """May a dossier be received at one desk and resolved elsewhere?

    A department's procedures are received at the city centre's branches and at the department itself; any desk of the city
    receives what is published as "without regard to boundary" (NĐ 118/2025/NĐ-CP, phi địa giới). Kinds: `units.Body.Kind` of an
    agency, empty for a commune or the city.
    """
    if same_unit:
        return True
    if not same_city:
        return False
    if resolver_kind == "department" and receiver_kind == "branch":
        return True
    return non_boundary
