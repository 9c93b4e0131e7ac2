"""What a unit that ends holds of receiving citizens: matters still open, sessions not yet signed. Books and schedule stay."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.citizen_reception import events
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry
from thongsuot.units.moves import Held, Moved, OwnRows, register, stays

State = OnlineSession.State


class OpenEntries(OwnRows):
    key = "citizen_reception.entries"
    label = _("Lượt tiếp công dân chưa xong")
    columns = ("citizen_reception.ReceptionEntry.unit",)
    moved, moved_back = events.ENTRY_MOVED, events.ENTRY_MOVED_BACK

    def rows(self) -> QuerySet[Any]:
        return ReceptionEntry.objects.exclude(state=ReceptionEntry.State.CLOSED)

    def found(self, ids: Collection[int]) -> QuerySet[Any]:
        """Also one that the successor has finished: it is told where it is."""
        return ReceptionEntry.objects.filter(pk__in=list(ids))

    def can_go_back(self, row: Any, one: Moved) -> bool:
        return bool(row.is_open)


class PlannedSessions(OwnRows):
    key = "citizen_reception.sessions"
    label = _("Phiên tiếp công dân trực tuyến chưa xong")
    columns = ("citizen_reception.OnlineSession.unit",)
    moved, moved_back = events.SESSION_MOVED, events.SESSION_MOVED_BACK

    def rows(self) -> QuerySet[Any]:
        """Until its minutes are signed: nobody of a unit that ended can end it, write it up or sign."""
        unsigned = Q(state__in=[State.RUNNING, State.ENDED], minutes_signed_at=None)
        return OnlineSession.objects.filter(Q(state=State.PLANNED) | unsigned)

    def found(self, ids: Collection[int]) -> QuerySet[Any]:
        return OnlineSession.objects.filter(pk__in=list(ids))

    def can_go_back(self, row: Any, one: Moved) -> bool:
        return row.state != State.CANCELLED and row.minutes_signed_at is None

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=f"{row.starts_at:%d/%m/%Y}")


register(OpenEntries())
register(PlannedSessions())
stays("citizen_reception.ReceptionEntry.book_unit", "the book stays with its unit; whoever keeps its records reads it")
stays(
    ("citizen_reception.ReceptionTransfer.from_unit", "citizen_reception.ReceptionTransfer.to_unit"),
    "a transfer tells between which units it was; whoever keeps their records reads it",
)
stays(
    ("citizen_reception.ReceptionDay.unit", "citizen_reception.ReceptionDay.point"),
    "a schedule ends with its unit: no day after its last is shown, and the new unit announces its own",
)
stays(
    ("citizen_reception.SessionSite.unit", "citizen_reception.SessionSite.point"),
    "parties were told of that room under that name; a session that moves on names new ones where needed",
)
