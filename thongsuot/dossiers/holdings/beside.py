"""What a unit that ends has to do with dossiers that others resolve, and drafts that name it. Few: row by row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers import events
from thongsuot.dossiers.models import Carriage, Dossier, Draft, Leg, Opinion, PaperDebt, StepRun
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.units.heirs import Choice, Clue, Heirs, Rule
from thongsuot.units.models import Body
from thongsuot.units.moves import Held, Moved, Rows


class _Rows(Rows):
    moved, moved_back = events.MOVED, events.MOVED_BACK


class _OfDossier(_Rows):
    """Rows told in the history of their dossier."""

    def subject(self, row: Any) -> Model:
        dossier: Dossier = row.dossier
        return dossier


class Received(_Rows):
    """Dossiers it received for others: its desk owes them the way there, and the result's way back."""

    key = "dossiers.received"
    label = _("Hồ sơ nhận thay cho đơn vị khác")
    columns = ("dossiers.Dossier.receiving_unit",)
    follows = ("dossiers.pending", "dossiers.results")
    unit_path = "receiving_unit_id"

    def rows(self) -> QuerySet[Dossier]:
        return Dossier.objects.filter(ended_at=None).exclude(receiving_unit=F("resolving_unit"))

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        settled = _move_debts(row.pk, row.receiving_unit_id, to_unit_id)
        row.receiving_unit_id = to_unit_id
        row.save(update_fields=["receiving_unit"])
        return {"settled": settled}

    def restore(self, row: Any, one: Moved) -> None:
        row.receiving_unit_id = one.from_unit_id
        row.save(update_fields=["receiving_unit"])
        _move_debts(row.pk, one.to_unit_id, one.from_unit_id)
        PaperDebt.objects.filter(pk__in=one.was["settled"]).update(settled_at=None)

    def found(self, ids: Collection[int]) -> QuerySet[Dossier]:
        # Receiver and resolver may be one now: both went to the same successor.
        return Dossier.objects.filter(ended_at=None, pk__in=list(ids))


def _move_debts(dossier_id: int, from_unit: int, to_unit: int) -> list[int]:
    """Paper between two desks of one unit is owed no more; the ids of what was settled so."""
    debts = PaperDebt.objects.filter(dossier=dossier_id, settled_at=None)
    owed = debts.filter(from_unit=from_unit).exclude(to_unit=to_unit).update(from_unit=to_unit)
    owed += debts.filter(to_unit=from_unit).exclude(from_unit=to_unit).update(to_unit=to_unit)
    one_house = list(debts.filter(from_unit__in=[from_unit, to_unit], to_unit__in=[from_unit, to_unit]))
    for debt in one_house:
        debt.settled_at = debt.owed_since
        debt.save(update_fields=["settled_at"])
    return [debt.pk for debt in one_house]


class Legs(_OfDossier):
    """Dossiers of others that are with it as a partner."""

    key = "dossiers.legs"
    label = _("Chặng phối hợp đang mở")
    columns = ("dossiers.Leg.unit", "dossiers.Dossier.step_unit", "dossiers.Leg.body")
    follows = ("dossiers.pending",)
    unit_path = "unit_id"

    def rows(self) -> QuerySet[Leg]:
        return Leg.objects.filter(finished_at=None).exclude(unit=F("dossier__resolving_unit")).select_related("dossier")

    def found(self, ids: Collection[int]) -> QuerySet[Leg]:
        # Partner and resolver may be one now: both went to the same successor.
        return Leg.objects.filter(finished_at=None, pk__in=list(ids)).select_related("dossier")

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        run = StepRun.objects.filter(dossier=row.dossier_id, finished_at=None).first()
        was = {
            "body": row.body_id,
            "run": run.pk if run else None,
            "assignee": run.assignee_id if run else None,
            "assignee_name": run.assignee_name if run else "",
        }
        day = timezone.localdate(row.handed_over_at)
        kind = Body.objects.filter(pk=row.body_id).values_list("kind", flat=True).first()
        body = units.body(to_unit_id, kind, as_of=max(day, _begins(to_unit_id))) if kind else None
        self._put(row, to_unit_id, body.id if body else None, None, "")
        return was

    def restore(self, row: Any, one: Moved) -> None:
        run = StepRun.objects.filter(dossier=row.dossier_id, finished_at=None).first()
        same = run is not None and run.pk == one.was["run"] and run.assignee_id is None
        assignee, name = (one.was["assignee"], one.was["assignee_name"]) if same else (None, None)
        self._put(row, one.from_unit_id, one.was["body"], assignee, name)

    def _put(self, row: Any, unit_id: int, body_id: Any, assignee: Any, name: Any) -> None:
        before = row.unit_id
        row.unit_id, row.body_id = unit_id, body_id
        row.save(update_fields=["unit", "body"])
        Dossier.objects.filter(pk=row.dossier_id, step_unit=before).update(step_unit=unit_id)
        if name is not None:
            Dossier.objects.filter(pk=row.dossier_id).update(assignee=assignee)
            StepRun.objects.filter(dossier=row.dossier_id, finished_at=None).update(assignee=assignee, assignee_name=name)


def _begins(unit_id: int) -> Any:
    return units.names_of(unit_id)[0].valid_from


class Opinions(_OfDossier):
    """Questions to its bodies that wait for an answer: the same body of the successor answers."""

    key = "dossiers.opinions"
    label = _("Ý kiến chưa trả lời")
    columns = ("dossiers.Opinion.body",)
    unit_path = "body__unit_id"

    def rows(self) -> QuerySet[Opinion]:
        return Opinion.objects.filter(answered_at=None, dossier__ended_at=None).select_related("dossier", "body")

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        was = {"body": row.body_id}
        same = Body.objects.filter(unit=to_unit_id, kind=row.body.kind, valid_to=None).order_by("pk").first()
        above = Body.objects.filter(unit=to_unit_id, kind=Body.Kind.PEOPLE_COMMITTEE, valid_to=None).first()
        body = same or above
        if body is not None:
            row.body = body
            row.save(update_fields=["body"])
        return was

    def restore(self, row: Any, one: Moved) -> None:
        row.body_id = one.was["body"]
        row.save(update_fields=["body"])


class _Debts(_OfDossier):
    """Paper of ended dossiers that one desk still owes another."""

    other: ClassVar[str]

    def rows(self) -> QuerySet[PaperDebt]:
        return PaperDebt.objects.filter(settled_at=None, dossier__ended_at__isnull=False).select_related("dossier")

    def found(self, ids: Collection[int]) -> QuerySet[PaperDebt]:
        return PaperDebt.objects.filter(pk__in=list(ids)).select_related("dossier")

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        """Both ends in one unit: nothing is owed any more."""
        if getattr(row, self.other) == to_unit_id:
            row.settled_at = row.owed_since
            row.save(update_fields=["settled_at"])
            return {"settled": True}
        setattr(row, self.unit_path, to_unit_id)
        row.save(update_fields=[self.unit_path.removesuffix("_id")])
        return {"settled": False}

    def restore(self, row: Any, one: Moved) -> None:
        setattr(row, self.unit_path, one.from_unit_id)
        if one.was["settled"]:
            row.settled_at = None
        row.save(update_fields=[self.unit_path.removesuffix("_id"), "settled_at"])

    def unit_of(self, row: Any) -> int | None:
        """Settled by a move it still names the unit it was with: on the way back it is found by that."""
        unit_id: int | None = getattr(row, self.unit_path)
        other: int | None = getattr(row, self.other)
        return other if row.settled_at is not None else unit_id


class DebtsOwed(_Debts):
    key = "dossiers.debts_owed"
    label = _("Hồ sơ giấy phải giao của hồ sơ đã kết thúc")
    columns = ("dossiers.PaperDebt.from_unit",)
    unit_path, other = "from_unit_id", "to_unit_id"


class DebtsDue(_Debts):
    key = "dossiers.debts_due"
    label = _("Hồ sơ giấy chờ nhận của hồ sơ đã kết thúc")
    columns = ("dossiers.PaperDebt.to_unit",)
    follows = ("dossiers.debts_owed",)
    unit_path, other = "to_unit_id", "from_unit_id"


class Carriages(_Rows):
    """Paper on its way to it."""

    key = "dossiers.carriages"
    label = _("Chuyến hồ sơ giấy đang trên đường đến")
    columns = ("dossiers.Carriage.to_unit",)
    unit_path = "to_unit_id"

    def rows(self) -> QuerySet[Carriage]:
        return Carriage.objects.filter(received_at=None)

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=row.code)

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        """One that the successor itself sent has arrived."""
        if row.from_unit_id == to_unit_id:
            row.received_at, row.received_by_name = row.sent_at, row.sent_by_name
            row.save(update_fields=["received_at", "received_by_name"])
            return {"arrived": True}
        row.to_unit_id = to_unit_id
        row.save(update_fields=["to_unit"])
        return {"arrived": False}

    def restore(self, row: Any, one: Moved) -> None:
        row.to_unit_id = one.from_unit_id
        if one.was["arrived"]:
            row.received_at, row.received_by_name = None, ""
        row.save(update_fields=["to_unit", "received_at", "received_by_name"])

    def found(self, ids: Collection[int]) -> QuerySet[Carriage]:
        return Carriage.objects.filter(pk__in=list(ids))

    def unit_of(self, row: Any) -> int | None:
        unit_id: int | None = row.to_unit_id if row.received_at is None else row.from_unit_id
        return unit_id


class Drafts(_Rows):
    """Filings in the making that name it: where no rule decides, their owner chooses the place anew."""

    key = "dossiers.drafts"
    label = _("Tờ khai đang điền dở")
    columns = ("dossiers.Draft.unit",)
    unit_path = "unit_id"

    def rows(self) -> QuerySet[Draft]:
        return Draft.objects.filter(submitted_as=None)

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=row.code, clue=Clue(addresses=tuple(_addresses(row.data))))

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        chosen = []
        for thing in things:
            found = heirs.choose(thing.unit_id, thing.clue)
            if found.to_unit_id is None:
                found = Choice(to_unit_id=heirs.city_of(thing.unit_id), rule=Rule.OWNER)
            chosen.append(found)
        return chosen

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        """The city resolves no draft's procedure: given to it, the draft names no place until its owner does."""
        row.unit_id = (
            None if units.unit_row(to_unit_id, as_of=timezone.localdate(row.started_at)).level == "province" else to_unit_id
        )
        row.save(update_fields=["unit"])
        return {}

    def restore(self, row: Any, one: Moved) -> None:
        row.unit_id = one.from_unit_id
        row.save(update_fields=["unit"])

    def still_there(self, row: Any, one: Moved) -> bool:
        """A draft that its owner pointed elsewhere meanwhile stays there."""
        return row.unit_id in (one.to_unit_id, None)


def _addresses(data: Any) -> list[str]:
    """Whatever text of a draft may name a place, its longest first."""
    texts = [value for group in data.values() if isinstance(group, dict) for value in group.values() if isinstance(value, str)]
    return sorted((text for text in texts if 8 <= len(text) <= 300), key=len, reverse=True)[:6]
