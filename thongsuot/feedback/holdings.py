"""What a unit that ends holds of feedback: open tickets go with their place, rules and templates to who keeps its things."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback import events, letters
from thongsuot.feedback.actions.common import running
from thongsuot.feedback.models import AnswerTemplate, Competence, FeedbackTicket, Routing
from thongsuot.feedback.models.tickets import OPEN
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units.heirs import Choice, Clue, Heirs
from thongsuot.units.moves import Held, Move, Moved, Rows, register, stays


class _Tickets(Rows):
    """To the successor in which the place is: by the address, else by the point. What neither tells, a person does."""

    moved, moved_back = events.MOVED, events.MOVED_BACK

    def found(self, ids: Collection[int]) -> QuerySet[Any]:
        return FeedbackTicket.objects.filter(pk__in=list(ids))

    def unit_of(self, row: Any) -> int | None:
        """One that has ended is held by nobody: it stays where it was answered."""
        return super().unit_of(row) if row.state in OPEN else None

    def thing(self, row: Any, unit_id: int) -> Held:
        point = (row.latitude, row.longitude) if row.latitude is not None else None
        clue = Clue(addresses=(row.address,) if row.address else (), point=point)
        return Held(id=row.pk, unit_id=unit_id, label=row.number, about=str(row.category or ""), clue=clue)

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        """Of an agency, which has no area to divide, to whoever keeps its things."""
        return [
            heirs.choose(thing.unit_id, thing.clue) if heirs.of(thing.unit_id) else heirs.keeper(thing.unit_id)
            for thing in things
        ]


class OpenTickets(_Tickets):
    """The successor goes on where the unit was: its clock runs on, only who works on it there is to be named."""

    key = "feedback.tickets"
    label = _("Phản ánh, kiến nghị chưa trả lời")
    columns = ("feedback.FeedbackTicket.unit",)
    unit_path = "unit_id"

    def rows(self) -> QuerySet[Any]:
        """But a drill: it tried the way to the unit that ends, and nobody signs for it."""
        return FeedbackTicket.objects.select_related("category").filter(state__in=OPEN, drill=False)

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        before = running(row)
        was = {"handler": row.handler_id, "place_unit": row.place_unit_id, "before": before and before.pk}
        if before is not None:
            before.returned_at = at
            before.save(update_fields=["returned_at"])
        routing = Routing.objects.create(
            ticket=row,
            round=row.round,
            unit_id=to_unit_id,
            because=Routing.Because.SUCCESSOR,
            place_by=row.place_by,
            basis=before.basis if before else "",
            words=before.words if before else "",
            routed_at=at,
            due_at=row.due_at or at,
            accepted_at=at if before and before.accepted_at else None,
        )
        if row.place_unit_id == row.unit_id:
            row.place_unit_id = to_unit_id
        row.unit_id, row.handler_id = to_unit_id, None
        row.save(update_fields=["unit", "handler", "place_unit"])
        return {**was, "routing": routing.pk}

    def can_go_back(self, row: Any, one: Moved) -> bool:
        """Not once it was sent elsewhere, or to the successor anew."""
        latest = row.routings.order_by("-routed_at", "-pk").values_list("pk", flat=True).first()
        return bool(latest == one.was["routing"])

    def restore(self, row: Any, one: Moved) -> None:
        undone = row.routings.get(pk=one.was["routing"])
        row.routings.filter(pk=one.was["before"]).update(returned_at=None)
        row.routings.filter(pk=one.was["before"], accepted_at=None).update(accepted_at=undone.accepted_at)
        undone.delete()
        row.unit_id, row.place_unit_id = one.from_unit_id, one.was["place_unit"]
        row.handler_id = one.was["handler"]  # whomever the successor named: nobody of there works on it here
        row.save(update_fields=["unit", "handler", "place_unit"])

    def tell(self, moved: Sequence[Move], *, changeover_id: int) -> None:
        now = clock.now()
        rows = {row.pk: row for row in self.rows().select_related("reporter").filter(pk__in=[one.id for one in moved])}
        for one in moved:
            row = rows.get(one.id)
            if row is not None and row.due_at is not None and row.unit_id == one.to_unit_id:
                unit = letters.unit_name(one.to_unit_id, now)
                key = f"feedback.moved/{changeover_id}/{row.pk}"
                letters.tell_sender("feedback_routed", row, send_key=key, at=now, to_unit=unit, due_at=row.due_at)


class PlacedTickets(_Tickets):
    """Of those another unit or the operators have: only where they are is said anew."""

    key = "feedback.places"
    label = _("Nơi xảy ra của phản ánh đơn vị khác đang xử lý")
    columns = ("feedback.FeedbackTicket.place_unit",)
    unit_path = "place_unit_id"

    def rows(self) -> QuerySet[Any]:
        elsewhere = Q(unit=None) | ~Q(unit=F("place_unit"))
        return FeedbackTicket.objects.select_related("category").filter(elsewhere, state__in=OPEN, drill=False)

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        row.place_unit_id = to_unit_id
        row.save(update_fields=["place_unit"])
        return {}

    def restore(self, row: Any, one: Moved) -> None:
        row.place_unit_id = one.from_unit_id
        row.save(update_fields=["place_unit"])


class _Kept(Rows):
    moved, moved_back = events.RULES_MOVED, events.RULES_MOVED_BACK

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        setattr(row, self.unit_path, to_unit_id)
        row.save(update_fields=[self.unit_path.removesuffix("_id")])
        return {}

    def restore(self, row: Any, one: Moved) -> None:
        setattr(row, self.unit_path, one.from_unit_id)
        row.save(update_fields=[self.unit_path.removesuffix("_id")])


class Competences(_Kept):
    """Who keeps the unit's undivided things answers for its categories, until the city says otherwise."""

    key = "feedback.competences"
    label = _("Thẩm quyền trả lời phản ánh theo lĩnh vực")
    columns = ("feedback.Competence.handler",)
    unit_path = "handler_id"

    def rows(self) -> QuerySet[Any]:
        return Competence.objects.filter(Q(valid_to=None) | Q(valid_to__gt=F("handler__valid_to")), handler__isnull=False)

    def found(self, ids: Collection[int]) -> QuerySet[Any]:
        return Competence.objects.filter(pk__in=list(ids))


class Templates(_Kept):
    key = "feedback.templates"
    label = _("Mẫu trả lời phản ánh")
    columns = ("feedback.AnswerTemplate.unit",)
    unit_path = "unit_id"

    def rows(self) -> QuerySet[Any]:
        return AnswerTemplate.objects.filter(dropped_at=None)


for _holding in (OpenTickets(), PlacedTickets(), Competences(), Templates()):
    register(_holding)
stays(
    tuple(
        f"feedback.{name}.city"
        for name in ("FeedbackTicket", "Category", "Competence", "TimeLimit", "Setting", "PublicPin", "PublicCell")
    ),
    "the city's, and a city does not end by a decision on its communes",
)
stays(
    tuple(f"feedback.{name}.unit" for name in ("Routing", "Message", "InternalNote", "Answer", "Escalation")),
    "who it was then: what was said, answered and late is told of the unit of its day",
)
stays(
    "feedback.Competence.place_unit",
    "a rule for one area ends with it; there the general rule holds until the city makes another",
)
