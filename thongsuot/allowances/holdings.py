"""What a unit that ends holds of allowances: the people on its list, each to the successor they live in (units.moves)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.allowances import events
from thongsuot.allowances.models import Beneficiary, Payment
from thongsuot.kernel.actor import Actor
from thongsuot.units.heirs import Choice, Clue, Heirs
from thongsuot.units.moves import Held, Moved, Rows, register, stays


class Roll(Rows):
    """Everybody who is still paid. Lines of the month of change that nobody answered for get the successor, too."""

    key = "allowances.roll"
    label = _("Người hưởng trợ cấp hằng tháng")
    unit_of_count = _("người")
    columns = ("allowances.Beneficiary.unit", "allowances.Payment.answering_unit")
    counted_in = True
    unit_path = "unit_id"
    moved, moved_back = events.MOVED, events.MOVED_BACK

    def rows(self) -> QuerySet[Beneficiary]:
        still_paid = Q(stop_month=None) | Q(stop_month__gt=F("unit__valid_to"))
        return Beneficiary.objects.filter(still_paid).select_related("group", "unit")

    def found(self, ids: Collection[int]) -> QuerySet[Beneficiary]:
        return Beneficiary.objects.filter(pk__in=list(ids)).select_related("group", "unit")

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=str(row), about=row.group.code, clue=Clue(addresses=(row.address,)))

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        return [heirs.choose(thing.unit_id, thing.clue) for thing in things]

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        ends = row.unit.valid_to
        lines = Payment.objects.filter(beneficiary=row, unit=row.unit_id).exclude(answering_unit=to_unit_id)
        of_change = lines.filter(month__gte=ends.replace(day=1)) if ends else lines.none()
        was = {str(pk): answering for pk, answering in of_change.values_list("pk", "answering_unit_id")}
        of_change.update(answering_unit=to_unit_id)
        row.unit_id = to_unit_id
        row.save(update_fields=["unit"])
        return {"lines": was}

    def restore(self, row: Any, one: Moved) -> None:
        lines: Any = one.was["lines"]
        for pk, answering in lines.items():
            Payment.objects.filter(pk=int(pk)).update(answering_unit=answering)
        row.unit_id = one.from_unit_id
        row.save(update_fields=["unit"])


register(Roll())
stays("allowances.Payment.unit", "the list the line was frozen from: the month of change is paid by the old list")
stays("allowances.PayRun.city", "the city that paid that month")
stays("allowances.AllowanceImport.unit", "whose list was sent: what it brought moves person by person")
