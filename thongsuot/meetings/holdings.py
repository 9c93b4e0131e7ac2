"""What a unit that ends holds of conferences: its site in those still to come. What was held stays as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.meetings import events
from thongsuot.meetings.models import Conference, Site
from thongsuot.units.moves import Held, Moved, Rows, register, stays


class Sites(Rows):
    """Whoever keeps the unit's undivided things takes its place. One that has a site there already gets no second one."""

    key = "meetings.sites"
    label = _("Điểm cầu của hội nghị sắp họp")
    columns = ("meetings.Site.unit",)
    unit_path = "unit_id"
    moved, moved_back = events.SITE_MOVED, events.SITE_MOVED_BACK

    def rows(self) -> QuerySet[Site]:
        return Site.objects.filter(conference__state=Conference.State.PLANNED, left_out=False)

    def found(self, ids: Any) -> QuerySet[Site]:
        """Also those that a move left out."""
        return Site.objects.filter(pk__in=list(ids), conference__state=Conference.State.PLANNED)

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=row.conference.title[:80])

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        was: dict[str, object] = {"left_out": row.left_out}
        there = Site.objects.filter(conference=row.conference_id, unit=to_unit_id, left_out=False)
        row.left_out = row.left_out or there.exists()
        row.unit_id = to_unit_id
        row.save(update_fields=["unit", "left_out"])
        return was

    def restore(self, row: Any, one: Moved) -> None:
        row.unit_id, row.left_out = one.from_unit_id, one.was["left_out"]
        row.save(update_fields=["unit", "left_out"])


register(Sites())
stays("meetings.Conference.city", "the city that held it: its report says who was there")
