"""A decision given up: a draft, or one that was approved, as long as its day has not come and nothing hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.units import events, queries
from thongsuot.units.actions.reorganising import DecisionNotOpen, must_order
from thongsuot.units.models import (
    Body,
    Decision,
    PlannedUnit,
    PointDetails,
    PointManagement,
    ServicePoint,
    Serving,
    Succession,
    Unit,
    UnitName,
)

State, What = Decision.State, PlannedUnit.What


class DecisionInForce(TellPerson):
    """Its day has come: what it did is undone only by another decision."""

    code = "units.decision_in_force"
    says = gettext_lazy("Quyết định đã có hiệu lực nên không rút được. Thay đổi tiếp theo là một quyết định mới.")


class DecisionBuiltUpon(TellPerson):
    """A later change of one of its units is approved already: that one goes first."""

    code = "units.decision_built_upon"
    says = gettext_lazy("Đã có quyết định sau đó dựa trên quyết định này. Hãy rút quyết định sau trước.")


class NewUnitsInUse(TellPerson):
    """Something was already set up for its new units."""

    code = "units.new_units_in_use"
    says = gettext_lazy(
        "Đơn vị mới đã có người, tài khoản hoặc việc được lập sẵn. Hãy gỡ những phần đó trước khi rút quyết định."
    )


@command
def withdraw_decision(decision_id: int, *, reason: str, actor: Actor, at: datetime) -> Decision:
    """A draft is given up; what was approved is taken back, as long as its day has not come and nobody works there.

    Its number may be drafted again. Raises NotFound, NotYourDuty, BadInput, DecisionNotOpen, DecisionInForce,
    DecisionBuiltUpon, NewUnitsInUse.
    """
    decision = must_exist(Decision.objects.select_for_update().filter(pk=decision_id).first())
    must_order(decision.province_id, actor)
    reason = one_line(reason)[:500]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do rút quyết định.")})
    if decision.state == State.WITHDRAWN or decision.drafted_at is None:
        raise DecisionNotOpen
    if decision.state == State.APPROVED:
        if timezone.localtime(at).date() >= decision.effective_on:
            raise DecisionInForce
        _take_back(decision)
    decision.state = State.WITHDRAWN
    decision.save(update_fields=["state"])
    record(events.DECISION_WITHDRAWN, decision, actor=actor, at=at, unit_id=decision.province_id, reason=reason)
    transaction.on_commit(queries.clear_caches)
    return decision


def _take_back(decision: Decision) -> None:
    """The dated rows as they were before it was approved."""
    day = decision.effective_on
    new = Unit.objects.filter(valid_from=day, names__decision=decision)
    new_ids = list(new.values_list("pk", flat=True))
    old = list(Succession.objects.filter(decision=decision).values_list("old_unit_id", flat=True).distinct())
    codes = decision.planned_units.filter(what=What.ENDS).values_list("code", flat=True)
    old += list(Unit.objects.filter(valid_to=day, code__in=codes).values_list("pk", flat=True))
    renamed = list(decision.planned_units.filter(what=What.CHANGES).values_list("code", flat=True))
    going_on = [*new_ids, *Unit.objects.filter(code__in=renamed, valid_from__lt=day).values_list("pk", flat=True)]
    _must_be_the_last_word(decision, going_on, old)
    examples = ServicePoint.objects.filter(unit__in=new_ids).exclude(details__is_example=False)
    made_up = list(examples.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            # What loading a city set up by itself goes with the unit; what people did for it protects it.
            PointManagement.objects.filter(point__in=made_up).delete()
            PointDetails.objects.filter(point__in=made_up).delete()
            ServicePoint.objects.filter(pk__in=made_up).delete()
            Succession.objects.filter(decision=decision).delete()
            UnitName.objects.filter(decision=decision).delete()
            Body.objects.filter(unit__in=new_ids).update(part_of=None)
            Body.objects.filter(unit__in=new_ids).delete()
            Unit.objects.filter(pk__in=new_ids).delete()
    except (ProtectedError, IntegrityError):
        raise NewUnitsInUse from None
    Unit.objects.filter(pk__in=old, valid_to=day).update(valid_to=None)
    UnitName.objects.filter(unit__in=old, valid_to=day).update(valid_to=None)
    UnitName.objects.filter(unit__code__in=renamed, unit__valid_to=None, valid_to=day).update(valid_to=None)
    for rows in (
        Body.objects.filter(unit__in=old),
        Serving.objects.filter(unit__in=old),
        Serving.objects.filter(body__unit__in=old),
        PointDetails.objects.filter(point__unit__in=old),
        PointManagement.objects.filter(point__unit__in=old),
        ServicePoint.objects.filter(unit__in=old),
    ):
        rows.filter(valid_to=day).exclude(_followed(rows.model, day)).update(valid_to=None)


def _followed(model: type[Body | Serving | PointDetails | PointManagement | ServicePoint], day: date) -> Exists | Q:
    """Another row of the same thing begins on the day: this one ended for a reason of its own."""
    same = {Serving: ("unit", "body"), PointDetails: ("point",), PointManagement: ("point",)}.get(model)
    if same is None:
        return Q(pk=None)
    next_ones: QuerySet[Any] = model.objects.filter(valid_from=day)
    return Exists(next_ones.filter(**{name: OuterRef(name) for name in same}))


def _must_be_the_last_word(decision: Decision, going_on: Sequence[int], ended: Sequence[int]) -> None:
    """Nothing approved later hangs on its units. Raises DecisionBuiltUpon."""
    day = decision.effective_on
    touched = [*going_on, *ended]
    later = (
        UnitName.objects.filter(unit__in=going_on, valid_from__gt=day),
        Unit.objects.filter(pk__in=going_on, valid_to__isnull=False),
        Succession.objects.filter(Q(old_unit__in=going_on) | Q(new_unit__in=touched))
        .exclude(decision=decision)
        .filter(new_unit__valid_from__gt=day),
        Unit.objects.filter(pk__in=ended, parent__valid_to__isnull=False).exclude(parent__in=ended),
    )
    if any(rows.exists() for rows in later):
        raise DecisionBuiltUpon
