"""What the operator does once or now and then: bring in files, open the first account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from thongsuot.allowances import actions as allowances
from thongsuot.allowances.queries.imports import out_with_reasons
from thongsuot.config.terminal import Step, say
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.people import actions as people
from thongsuot.procedures.importing import import_procedures
from thongsuot.units import actions as unit_actions
from thongsuot.units import facility_sheets, sheets
from thongsuot.units import queries as units
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.loading import load_identifiers
from thongsuot.units.models import Decision
from thongsuot.units.plan_words import plan_fault

OPERATOR = system("cli")
ADMINISTRATOR = "Quản trị hệ thống"
BODY = "service_centre"


def import_file(kind: str, path: Path, *, month: date | None = None, at: datetime, work: Step) -> list[str]:
    """Returns a line for each thing left out. What can be used is stored, and the same file again changes nothing.

    month   allowances: the month the list was paid for, whose codes of units it uses; that of `at` when it is not given
    """
    if kind == "allowances":
        return _allowances(path, month or timezone.localtime(at).date(), at, work)
    return IMPORTS[kind](path, at, work)


def _procedures(path: Path, at: datetime, work: Step) -> list[str]:
    report = import_procedures(path, actor=OPERATOR, at=at, progress=work.count)
    say(
        f"  {report.loaded} thủ tục mới hoặc đổi, {report.unchanged} như cũ, {report.kept} giữ quy trình riêng "
        "(published, unchanged, kept)"
    )
    return [f"{row['row']}  {row['code']}  {row['reason']}" for row in report.rejected]


def _boundaries(path: Path, at: datetime, work: Step) -> list[str]:
    report = import_boundaries(path, at=at, actor=OPERATOR)
    say(f"  {report.stored} ranh giới mới hoặc đổi, {report.unchanged} như cũ (stored, unchanged)")
    for first, second in report.overlaps:
        say(f"  ! {first} và {second} chồng lên nhau (overlap)")
    return report.problems


def _identifiers(path: Path, at: datetime, work: Step) -> list[str]:
    say(f"  {load_identifiers(path, settings.CITY_CODE, at=at, actor=OPERATOR)} đơn vị có mã định danh mới (units identified)")
    return []


def _decisions(path: Path, at: datetime, work: Step) -> list[str]:
    """Each decision of the file becomes a draft, checked at once; a draft gets its lines anew. To approve it is a person's."""
    sheet = sheets.read(path.read_bytes(), cache(units.surroundings))
    told = [f"{path.name}:{bad.line}  {bad.why}" for bad in sheet.bad]
    for place, plan in enumerate(sorted(sheet.plans, key=lambda plan: (plan.effective_on, plan.number)), start=1):
        try:
            decision = unit_actions.draft_decision(plan, actor=OPERATOR, at=at)
            faults = unit_actions.check_decision(decision.pk, actor=OPERATOR, at=at)
        except TellPerson as refusal:  # the others of the file do not wait for this one
            told.append(f"{plan.number}  {refusal.message()}")
            continue
        told += [f"{plan.number}  {plan_fault(fault)}" for fault in faults if fault.blocks]
        work.count("", place, len(sheet.plans))
    say(f"  {sheet.lines} dòng, {len(sheet.plans)} quyết định đã thành bản soạn (lines, decisions drafted)")
    return told


def approve_decision(number: str, *, at: datetime) -> Decision:
    """For the operator: a decision of no single province, which nobody on the pages may approve. Raises TellPerson."""
    found = must_exist(Decision.objects.filter(number=number).first())
    unit_actions.check_decision(found.pk, actor=OPERATOR, at=at)
    return unit_actions.approve_decision(found.pk, actor=OPERATOR, at=at)


def _allowances(path: Path, month: date, at: datetime, work: Step) -> list[str]:
    """The list of the whole city: read, judged and stored at once. Rows left out are told by their place, never by name."""
    city = units.unit_by_code(settings.CITY_CODE, as_of=month)
    with path.open("rb") as file:
        sent = allowances.send_file(file, name=path.name, unit_id=city.id, month=month, actor=OPERATOR, at=at)
    read = allowances.read_file(sent.pk, actor=OPERATOR, at=at)
    if read.refusal:
        return [read.refusal]
    allowances.start_import(sent.pk, actor=OPERATOR, at=at)
    done = allowances.store_import(sent.pk, actor=OPERATOR, at=at)
    say(
        f"  {done.rows_in} dòng = {done.stored} vào danh sách + {done.to_correct} cần sửa + {done.rejected} loại "
        "(rows = stored + to correct + rejected)"
    )
    return [f"{path.name}:{row.place}  {why}" for row, why in out_with_reasons(done)]


def _facilities(path: Path, at: datetime, work: Step) -> list[str]:
    """Those not in the register yet are taken in; what is there stays as it is."""
    city = units.default_city(as_of=timezone.localtime(at).date())
    sheet = facility_sheets.read(path.read_bytes(), city_id=city.id)
    if sheet.facts:
        unit_actions.add_facilities(sheet.facts, city_id=city.id, actor=OPERATOR, at=at)
    say(f"  {len(sheet.facts)} cơ sở mới, {sheet.known} đã có trong danh mục (taken in, known)")
    return [f"{path.name}  {line}" for line in facility_sheets.told(sheet)]


IMPORTS: dict[str, Callable[[Path, datetime, Step], list[str]]] = {
    "procedures": _procedures,
    "boundaries": _boundaries,
    "identifiers": _identifiers,
    "decisions": _decisions,
    "facilities": _facilities,
}


def open_administrator(email: str, full_name: str, *, actor: Actor = OPERATOR, at: datetime) -> str:
    """An administrator of the whole city; returns the address where they set their password, once. Raises TellPerson."""
    day = timezone.localtime(at).date()
    city = units.unit_by_code(settings.CITY_CODE, as_of=day)
    centre = units.body(city.id, BODY, as_of=day)
    if centre is None:
        raise LookupError(f"{city.full_name} has no {BODY}: run `thongsuot load` first")
    person = people.open_account(
        email=email, full_name=full_name, body_id=centre.id, title=ADMINISTRATOR, valid_from=day, actor=actor, at=at
    )
    return settings.PUBLIC_URL.rstrip("/") + people.issue_password_link(person.pk, actor=actor, at=at)
