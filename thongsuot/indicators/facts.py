"""Where each fact about a dossier comes from: one function per fact, one place to point elsewhere when a source is built.

Each returns a condition in SQL about the dossier `d` (a row of dossiers_dossier), or None while there is no source; `REASONS`
then says why, and items that need it are "no data". `sql/facts.sql` is filled with them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.actions.taking_in import PAPER as OF_OLD_UNIT

Source = str | None

_PAPERS = "SELECT FROM dossiers_component c WHERE c.dossier_id = d.id"
_CHARGES = (
    "SELECT FROM dossiers_feedue e WHERE e.dossier_id = d.id AND e.amount_dong > 0 AND e.returned_at IS NULL"
    f" AND e.code <> '{OF_OLD_UNIT}'"
)


def e_result() -> Source:
    """An electronic result is there: numbered, and its file signed digitally by the person and by the agency.

    The electronic original has legal value by its signatures (NĐ 45/2020/NĐ-CP Điều 14): the scan of a paper that
    was signed by hand is no such result, nor is one that the person signed digitally and the agency sealed on paper. Of
    certified copies each carries the agency's signature alone (NĐ 30/2020/NĐ-CP Phụ lục I).
    """
    return (
        "EXISTS (SELECT FROM dossiers_result r WHERE r.dossier_id = d.id AND r.file_id IS NOT NULL"
        " AND r.signed_at IS NOT NULL AND r.number <> ''"
        " AND (EXISTS (SELECT FROM dossiers_resultsigning g WHERE g.result_id = r.id AND g.fallen_at IS NULL"
        " AND g.signed_how = 'digital' AND g.issued_how = 'digital')"
        " OR EXISTS (SELECT FROM dossiers_certifiedcopy c WHERE c.dossier_id = d.id AND c.file_id = r.file_id"
        " AND c.state = 'certified')))"
    )


def digitised() -> Source:
    """Every paper handed in is there as data or as a file. Papers only shown or waived are never scanned (TT 01/2023)."""
    return (
        f"(EXISTS ({_PAPERS} AND c.how NOT IN ('shown', 'waived'))"
        f" AND NOT EXISTS ({_PAPERS} AND c.how IN ('uploaded', 'scanned') AND c.file_id IS NULL))"
    )


def reused() -> Source:
    """At least one paper was not asked for again."""
    return f"EXISTS ({_PAPERS} AND c.how = 'reused')"


def linked() -> Source:
    """A paper was taken from the owner's store, or the result was put into it."""
    return (
        f"(EXISTS ({_PAPERS} AND c.how = 'reused')"
        " OR EXISTS (SELECT FROM personal_store_storedpaper s WHERE s.dossier_id = d.id AND s.kind IN ('result', 'e_copy')))"
    )


def population() -> Source:
    """A paper was looked up in data instead of being handed in. Which database was asked is not recorded yet."""
    return f"EXISTS ({_PAPERS} AND c.how = 'data')"


def synced() -> Source:
    """The national portal, or the stand-in that plays it, confirmed that it has the dossier. None while none is told."""
    if not settings.PORTAL:
        return None
    return "EXISTS (SELECT FROM national_portal_lane l WHERE l.dossier_id = d.id AND l.known_since IS NOT NULL)"


def complained() -> str:
    """A ticket about regulations speaks of it: a rule, the procedure, how an official went about it; not one that was refused,
    and only once an operator read that it does.

    One that was found to be a complaint by law and handed to citizen reception counts too.
    """
    return (
        "EXISTS (SELECT FROM feedback_feedbackticket t WHERE t.about_dossier_id = d.id AND t.stream = 'regulation'"
        " AND t.dossier_confirmed AND t.state <> 'refused' AND NOT t.drill)"
    )


def charged() -> str:
    """Something is to be paid, or was and stayed. What an old unit took before it handed the dossier over is not counted."""
    return f"EXISTS ({_CHARGES})"


def paid_online() -> Source:
    """A charge was paid by a gateway or a transfer. NULL: paid some way that was not written down, so nobody knows."""
    return (
        f"CASE WHEN EXISTS ({_CHARGES} AND e.paid_at IS NOT NULL AND e.paid_how IN ('gateway', 'transfer')) THEN true"
        f" WHEN EXISTS ({_CHARGES} AND e.paid_at IS NOT NULL AND e.paid_how = '') THEN NULL ELSE false END"
    )


def e_copy_offered() -> Source:
    """Does the unit `u` (a row of units_unit) offer electronic certified copies on %(on)s? About `u`, not about a dossier."""
    return (
        "EXISTS (SELECT FROM dossiers_copyoffer o WHERE o.unit_id = u.id AND o.valid_from <= %(on)s"
        " AND (o.valid_to IS NULL OR o.valid_to > %(on)s))"
    )


SOURCES: dict[str, Callable[[], Source]] = {
    "e_result": e_result,
    "digitised": digitised,
    "reused": reused,
    "linked": linked,
    "population": population,
    "synced": synced,
    "complained": complained,
    "charged": charged,
    "paid_online": paid_online,
}
"""The facts that are columns of `models.Fact`."""

REASONS: dict[str, Promise] = {
    "synced": _("Hệ thống chưa nối với Cổng Dịch vụ công quốc gia nên chưa biết hồ sơ nào đã đồng bộ."),
    "paid_online": _(
        "Trong kỳ có hồ sơ chưa biết trả bằng cách nào: được đếm hoặc đã thu trước khi hệ thống ghi cách trả. "
        "Người quản trị chạy lệnh thongsuot recount thì hồ sơ đã đếm được đếm lại."
    ),
    "feedback": _("Phản ánh, kiến nghị không chia theo lĩnh vực của thủ tục, theo người: hãy xem cả đơn vị."),
    "population_procedures": _("Danh mục chưa ghi thủ tục nào dùng dữ liệu dân cư."),
}


def has_source(fact: str) -> bool:
    known = {**SOURCES, "e_copy_offered": e_copy_offered}
    return fact in known and known[fact]() is not None


def conditions() -> dict[str, str]:
    """For the columns of `models.Fact`; a fact without a source is false there and no item reads it."""
    return {name: source() or "false" for name, source in SOURCES.items()}
