"""Who answers for what, from which day: one by one, or a table of the whole city, looked at before it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions.arranging import day_problem, locked_category
from thongsuot.feedback.actions.common import MANAGE
from thongsuot.feedback.actions.placing import answers_there
from thongsuot.feedback.models import Category, Competence
from thongsuot.feedback.queries.arranging import communes
from thongsuot.feedback.queries.competence_files import CompetenceLine, CompetencePlan, competence_plan
from thongsuot.files.actions import store
from thongsuot.files.models import StoredFile
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from, take_out
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.text import one_line
from thongsuot.units.models import Unit

PURPOSE = "feedback.competences"


@command
def set_competence(
    category_id: int,
    *,
    place_unit_id: int | None = None,
    handler_id: int | None = None,
    basis: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
) -> Competence:
    """Who answers from a day on: everywhere, or in one commune alone; no handler: the commune in which it is.

    Tickets that were sent to a unit stay there. Raises NotFound, NotYourDuty, BadInput.
    """
    category = locked_category(category_id, actor)
    basis, problems = one_line(basis), dict[str, str]()
    if not basis or len(basis) > 200:
        problems["basis"] = _("Hãy ghi căn cứ, nhiều nhất 200 ký tự: văn bản nào giao việc này.")
    if problem := day_problem(valid_from, at):
        problems["valid_from"] = problem
    elif place_unit_id is not None and place_unit_id not in communes(category.city_id, on=valid_from):
        problems["place"] = _("Phường, xã này không thuộc thành phố vào ngày ấy. Hãy chọn lại.")
    elif handler_id is not None and not answers_there(handler_id, city_id=category.city_id, on=valid_from):
        problems["handler"] = _("Đơn vị này không thuộc thành phố vào ngày ấy. Hãy chọn lại.")
    if problems:
        raise BadInput(problems)
    row = put_competence(category, place_unit_id, handler_id, basis=basis, valid_from=valid_from)
    record(
        events.COMPETENCE_CHANGED,
        category,
        actor=actor,
        at=at,
        unit_id=category.city_id,
        place_unit=place_unit_id,
        handler=handler_id,
        valid_from=valid_from,
    )
    transaction.on_commit(forget_all)
    return row


def put_competence(
    category: Category, place_unit_id: int | None, handler_id: int | None, *, basis: str, valid_from: date
) -> Competence:
    owner = {"city_id": category.city_id, "category_id": category.pk, "place_unit_id": place_unit_id}
    rows = Competence.objects.filter(category=category, place_unit_id=place_unit_id)
    return change_from(rows, valid_from, owner, {"handler_id": handler_id, "basis": basis})


@command
def end_competence(competence_id: int, on: date, *, actor: Actor, at: datetime) -> Category:
    """What one commune had of its own ends: from that day the general row holds there. One still to come is announced no more,
    and what it would have followed, of a commune or of the city, holds on.

    Raises NotFound, NotYourDuty, BadInput.
    """
    row = must_exist(Competence.objects.filter(pk=competence_id).first())
    category = locked_category(row.category_id, actor)
    row.refresh_from_db()
    rows = Competence.objects.filter(category=category, place_unit_id=row.place_unit_id)
    coming = row.valid_from > timezone.localdate(at)
    if row.place_unit_id is None and not (coming and rows.filter(valid_to=row.valid_from).exists()):
        raise NotFound  # of the whole city somebody always answers
    problem = day_problem(on, at)
    if not problem and row.valid_to is not None and row.valid_to <= on:
        problem = _("Đến ngày ấy việc giao riêng đã hết. Hãy tải lại trang để xem tình trạng mới nhất.")
    if problem:
        raise BadInput({"day": problem})
    if coming and row.valid_from >= on:
        take_out(rows, row)
    elif row.valid_from >= on:
        row.delete()
    else:
        row.valid_to = on
        row.save(update_fields=["valid_to"])
    record(
        events.COMPETENCE_ENDED,
        category,
        actor=actor,
        at=at,
        unit_id=category.city_id,
        place_unit=row.place_unit_id,
        valid_from=row.valid_from,
        valid_to=on,
        announced=coming,
    )
    transaction.on_commit(forget_all)
    return category


@command
def send_competences(
    content: bytes | Readable, *, name: str, city_id: int, valid_from: date, actor: Actor, at: datetime
) -> StoredFile:
    """Keep a table whose every row can be used, to be looked at. `valid_from`: of rows that say no day of their own.

    Raises NotYourDuty, BadInput, RowsRefused, NotATable, and as `store`.
    """
    actor.must(MANAGE, unit_id=city_id)
    if problem := day_problem(valid_from, at):
        raise BadInput({"valid_from": problem})
    stored = store(content, name=name, actor=actor, at=at, purpose=PURPOSE, rule=TABLE_RULE)
    competence_plan(stored, city_id=city_id, valid_from=valid_from, at=at)
    return stored


@command
def import_competences(file_id: int, *, city_id: int, valid_from: date, actor: Actor, at: datetime) -> CompetencePlan:
    """All of a table that was sent, judged anew; what is so already stays untouched. Sent twice it changes nothing more.

    Raises NotFound, NotYourDuty, BadInput, RowsRefused.
    """
    actor.must(MANAGE, unit_id=city_id)
    if problem := day_problem(valid_from, at):
        raise BadInput({"valid_from": problem})
    stored = competence_file(file_id)
    rows = Category.objects.select_for_update().filter(city_id=city_id).order_by("pk")
    categories = {row.pk: row for row in rows}
    plan = competence_plan(stored, city_id=city_id, valid_from=valid_from, at=at)
    _put_all(plan, city_id, categories)
    city = must_exist(Unit.objects.filter(pk=city_id).first())
    facts = {"rows": len(plan.lines), "changed": len(plan.new), "sha256": stored.blob.sha256}
    record(events.COMPETENCES_READ, city, actor=actor, at=at, unit_id=city_id, valid_from=valid_from, **facts)
    transaction.on_commit(forget_all)
    return plan


def _put_all(plan: CompetencePlan, city_id: int, categories: Mapping[int, Category]) -> None:
    """What had no row at all goes in at once: a first table has one for each category and ward."""
    known = set(Competence.objects.filter(city_id=city_id).values_list("category", "place_unit"))
    first: dict[tuple[int, int | None], CompetenceLine] = {}
    others: list[CompetenceLine] = []
    for line in plan.new:
        pair = (line.category_id, line.place_id)
        if pair in known or pair in first:
            others.append(line)
        else:
            first[pair] = line
    Competence.objects.bulk_create(
        Competence(
            city_id=city_id,
            category_id=line.category_id,
            place_unit_id=line.place_id,
            handler_id=line.handler_id,
            basis=line.basis,
            valid_from=line.valid_from,
        )
        for line in first.values()
    )
    for line in others:
        put_competence(
            categories[line.category_id], line.place_id, line.handler_id, basis=line.basis, valid_from=line.valid_from
        )


def competence_file(file_id: int) -> StoredFile:
    """Raises NotFound."""
    return must_exist(StoredFile.objects.select_related("blob").filter(pk=file_id, purpose=PURPOSE).first())
