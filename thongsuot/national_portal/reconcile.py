"""One day's dossiers, ours against the portal's: what it lacks, what it has otherwise, what it has that we do not know.

Of a day are those received on it, and those filed on it that ended without a reception: they have their submission code there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.working_time import DAY, start_of
from thongsuot.national_portal.models import Lane
from thongsuot.national_portal.portal import Portal
from thongsuot.numbering.rules import dossier_code_prefix
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One dossier on which the two do not agree. kind: queued, missing, differs, unknown."""

    kind: str
    code: str
    dossier_id: int | None
    ours: int | None
    theirs: int | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    day: date
    ours: int
    theirs: int
    agreeing: int
    differences: tuple[Difference, ...]

    @property
    def unknown(self) -> int:
        """How many the portal has that are not here: nothing we could tell mends that."""
        return sum(one.kind == "unknown" for one in self.differences)

    @property
    def to_mend(self) -> list[Difference]:
        """What the portal accepted once and does not have, or has otherwise."""
        return [one for one in self.differences if one.kind in {"missing", "differs"}]


def reconcile(portal: Portal, day: date, *, unit_ids: frozenset[int] | None = None) -> Reconciliation:
    """Compare the dossiers of a local day. Two queries and one question to the portal.

    unit_ids   of these resolving units alone; None: of all
    Raises Unreachable, Refused.
    """
    begins, ends = start_of(day), start_of(day + DAY)
    received = Q(received_at__gte=begins, received_at__lt=ends)
    ended_before = Q(received_at=None, ended_at__isnull=False, submitted_at__gte=begins, submitted_at__lt=ends)
    dossiers = Dossier.objects.filter(received | ended_before)
    if unit_ids is not None:
        dossiers = dossiers.filter(resolving_unit_id__in=unit_ids)
    rows = dossiers.values_list("pk", "code", "submission_code", "status")
    ours = {str(code or submission): (pk, status) for pk, code, submission, status in rows}
    lanes = {lane.pk: lane for lane in Lane.objects.filter(pk__in=[pk for pk, _status in ours.values()])}
    prefixes = _prefixes(unit_ids, day)
    # A submission code does not name its unit: where there is one, the whole day is asked for.
    by_unit = len(prefixes) == 1 and all(code.rsplit("-", 2)[0] in prefixes for code in ours)
    held = portal.count(day=day, unit=next(iter(prefixes)) if by_unit else "")
    theirs = {
        one.MaHoSo: int(one.TrangThaiHoSo)
        for one in held
        if unit_ids is None or one.MaHoSo in ours or one.MaHoSo.rsplit("-", 2)[0] in prefixes
    }
    found = [
        difference
        for code, (pk, status) in sorted(ours.items())
        if (difference := _compared(code, pk, status, lanes.get(pk), theirs.get(code)))
    ]
    found += [
        Difference(kind="unknown", code=code, dossier_id=None, ours=None, theirs=status, words=_("Cổng có, ở đây không có."))
        for code, status in sorted(theirs.items())
        if code not in ours
    ]
    agreeing = len(ours) - sum(1 for difference in found if difference.kind != "unknown")
    return Reconciliation(day=day, ours=len(ours), theirs=len(theirs), agreeing=agreeing, differences=tuple(found))


def _prefixes(unit_ids: frozenset[int] | None, day: date) -> set[str]:
    """How the codes of these units begin."""
    identifiers = {units.unit_row(unit_id, as_of=day).agency_identifier for unit_id in unit_ids or ()}
    return {dossier_code_prefix(identifier, day).rsplit("-", 2)[0] for identifier in identifiers if identifier}


def _compared(code: str, pk: int, status: int, lane: Lane | None, theirs: int | None) -> Difference | None:
    told = lane.told_status if lane is not None else None
    if lane is None or lane.state != Lane.State.IDLE:
        if theirs == status:
            return None
        words = _("Chưa gửi hết, đang trong hàng chờ.")
        return Difference(kind="queued", code=code, dossier_id=pk, ours=status, theirs=theirs, words=words)
    if theirs is None:
        words = _("Cổng đã nhận nhưng không còn. Hãy báo lại từ đầu.")
        return Difference(kind="missing", code=code, dossier_id=pk, ours=status, theirs=None, words=words)
    if theirs != told:
        words = _("Trạng thái ở Cổng khác với tin đã gửi. Hãy báo lại.")
        return Difference(kind="differs", code=code, dossier_id=pk, ours=status, theirs=theirs, words=words)
    return None
