"""Plans: made for a decision, filled from a file whole or not at all, accepted when they come to what the decision says."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.table_rows import judged, rows_in
from thongsuot.files.tables import TableRow
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.staffing import events, sheets
from thongsuot.staffing.actions.errors import PlanAccepted, PlanDiffers
from thongsuot.staffing.models import JobPosition, PlannedPost, StaffImport, StaffingPlan
from thongsuot.staffing.rules import MANAGE
from thongsuot.units import queries as units

MOST_PERSONS = 999


@command
def make_plan(
    *,
    city_id: int,
    title: str,
    decision_number: str,
    total_persons: int,
    total_units: int,
    effective_on: date,
    actor: Actor,
    at: datetime,
) -> StaffingPlan:
    """An empty plan, with what its decision says it comes to. Raises NotYourDuty, BadInput."""
    actor.must(MANAGE, unit_id=city_id)
    title, decision_number = one_line(title)[:200], one_line(decision_number)[:60]
    problems = {}
    if not title:
        problems["title"] = _("Chưa có tên phương án.")
    if not decision_number:
        problems["decision_number"] = _("Chưa có số quyết định. Phương án nào cũng theo một quyết định.")
    if total_persons < 1 or total_units < 1:
        problems["total_persons"] = _("Tổng số người và số đơn vị phải lớn hơn 0.")
    if problems:
        raise BadInput(problems)
    plan = StaffingPlan.objects.create(
        city_id=city_id,
        title=title,
        decision_number=decision_number,
        total_persons=total_persons,
        total_units=total_units,
        effective_on=effective_on,
        made_at=at,
    )
    record(
        events.PLAN_MADE,
        plan,
        actor=actor,
        at=at,
        unit_id=city_id,
        decision=decision_number,
        persons=total_persons,
        units=total_units,
    )
    return plan


@command
def fill_plan(plan_id: int, content: bytes | Readable, *, name: str, actor: Actor, at: datetime) -> StaffImport:
    """Put the rows of a file into a plan; what it had is replaced. One wrong row, and nothing is.

    Raises NotFound, NotYourDuty, PlanAccepted, RowsRefused, NotATable and what `files.actions.store` refuses.
    """
    plan = _locked(plan_id, actor)
    stored = store(content, name=name, actor=actor, at=at, purpose="staffing.plan", rule=TABLE_RULE)
    posts = _judged(plan, rows_in(stored, sheets.PLAN, most_rows=sheets.MOST_ROWS))
    PlannedPost.objects.filter(plan=plan).delete()
    PlannedPost.objects.bulk_create(posts, batch_size=2_000)
    came = StaffImport.objects.create(
        kind=StaffImport.Kind.PLAN, city_id=plan.city_id, plan=plan, file=stored, rows=len(posts), at=at, by_name=actor.name
    )
    persons = sum(post.persons for post in posts)
    record(
        events.PLAN_FILLED,
        plan,
        actor=actor,
        at=at,
        unit_id=plan.city_id,
        rows=len(posts),
        persons=persons,
        units=len({post.unit_id for post in posts}),
    )
    return came


def _judged(plan: StaffingPlan, rows: list[TableRow]) -> list[PlannedPost]:
    """The posts the rows say. Raises RowsRefused with every row that says none."""
    communes = {row.code: row for row in units.units_under(plan.city_id, as_of=plan.effective_on)}
    positions = {position.code: position for position in JobPosition.objects.filter(in_use=True)}
    seen: dict[tuple[int, int], int] = {}

    def post(row: TableRow) -> PlannedPost:
        unit = communes.get(row.cells.get("unit", ""))
        position = positions.get(row.cells.get("position", "").upper())
        persons = sheets.whole_number(row.cells.get("persons", ""), most=MOST_PERSONS)
        if unit is None:
            code = row.cells.get("unit", "")
            raise BadInput({"unit": _("Không có đơn vị mang mã “%(code)s” trong thành phố vào ngày áp dụng.") % {"code": code}})
        if position is None:
            code = row.cells.get("position", "")
            raise BadInput({"position": _("Không có vị trí mang mã “%(code)s” trong danh mục.") % {"code": code}})
        if persons is None:
            raise BadInput({"persons": _("Số người phải là số nguyên từ 0 đến %(most)s.") % {"most": MOST_PERSONS}})
        if unit.kind not in position.applies_to:
            named = {"unit": unit.full_name, "position": position.name}
            raise BadInput({"position": _("%(unit)s không có vị trí “%(position)s” theo danh mục.") % named})
        first = seen.setdefault((unit.id, position.pk), row.place)
        if first != row.place:
            raise BadInput({"position": _("Vị trí này của đơn vị đã có ở dòng %(line)s.") % {"line": first}})
        return PlannedPost(plan=plan, unit_id=unit.id, position=position, persons=persons)

    return [one for one in judged(rows, sheets.PLAN, post) if one.persons]


@command
def change_totals(
    plan_id: int, *, total_persons: int, total_units: int, decision_number: str, actor: Actor, at: datetime
) -> StaffingPlan:
    """What the decision says was written down wrongly. Raises NotFound, NotYourDuty, PlanAccepted, BadInput."""
    plan = _locked(plan_id, actor)
    decision_number = one_line(decision_number)[:60]
    if total_persons < 1 or total_units < 1 or not decision_number:
        raise BadInput({"total_persons": _("Hãy ghi số quyết định, tổng số người và số đơn vị theo quyết định.")})
    plan.total_persons, plan.total_units, plan.decision_number = total_persons, total_units, decision_number
    plan.save(update_fields=["total_persons", "total_units", "decision_number"])
    record(
        events.PLAN_MADE,
        plan,
        actor=actor,
        at=at,
        unit_id=plan.city_id,
        decision=decision_number,
        persons=total_persons,
        units=total_units,
    )
    return plan


@command
def accept_plan(plan_id: int, *, actor: Actor, at: datetime) -> StaffingPlan:
    """The board counts by it from its day on. One that was to count from that day or later is replaced; an earlier one counts
    until then.

    Raises NotFound, NotYourDuty, PlanAccepted, PlanDiffers when it does not come to what the decision says.
    """
    plan = _locked(plan_id, actor)
    found = PlannedPost.objects.filter(plan=plan).aggregate(persons=Sum("persons"), units=Count("unit", distinct=True))
    persons, count = found["persons"] or 0, found["units"] or 0
    if (persons, count) != (plan.total_persons, plan.total_units):
        raise PlanDiffers(persons=persons, units=count, total_persons=plan.total_persons, total_units=plan.total_units)
    others = StaffingPlan.objects.filter(city_id=plan.city_id, state=StaffingPlan.State.ACCEPTED)
    for other in others.filter(effective_on__gte=plan.effective_on).select_for_update():
        other.state = StaffingPlan.State.REPLACED
        other.save(update_fields=["state"])
        record(events.PLAN_REPLACED, other, actor=actor, at=at, unit_id=plan.city_id, by_plan=plan.pk)
    plan.state, plan.accepted_at = StaffingPlan.State.ACCEPTED, at
    plan.save(update_fields=["state", "accepted_at"])
    record(events.PLAN_ACCEPTED, plan, actor=actor, at=at, unit_id=plan.city_id, persons=persons, units=count)
    return plan


def _locked(plan_id: int, actor: Actor) -> StaffingPlan:
    plan = must_exist(StaffingPlan.objects.select_for_update().filter(pk=plan_id).first())
    actor.must(MANAGE, unit_id=plan.city_id)
    if plan.state != StaffingPlan.State.DRAFT:
        raise PlanAccepted
    return plan
