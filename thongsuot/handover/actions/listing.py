"""The old unit lists what it has, class by class, and says when a list is complete."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.handover import events
from thongsuot.handover.actions.common import (
    begun_sheet,
    locked,
    locked_item,
    locked_row,
    locked_sheet,
    must_be_movable,
    must_not_be_closed,
    must_speak,
    still_open,
)
from thongsuot.handover.actions.errors import PartOfWhole, SheetDeclared, TakenAlready
from thongsuot.handover.allocation import Allocation
from thongsuot.handover.models import Changeover, Item, Representative, Sheet
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.handover.rules import DUTY
from thongsuot.handover.rules.classes import PERSONAL, Listed, classes
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people.models import Person
from thongsuot.units import queries as units


@command
def name_representative(
    changeover_id: int, *, unit_id: int, email: str, title: str, heads: bool, actor: Actor, at: datetime
) -> Representative:
    """Somebody hands over for a unit after it ended. A new head takes the place of the one before.

    email   of an account that is open
    Raises NotFound, NotYourDuty, ChangeoverClosed, BadInput.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    title = one_line(title)[:200]
    if person is None:
        raise BadInput({"email": _("Không có tài khoản đang mở nào có thư điện tử này.")})
    if not title:
        raise BadInput({"title": _("Chưa ghi chức vụ khi bàn giao.")})
    if unit_id not in ended_by(changeover.decision):
        raise NotFound
    named = Representative.objects.filter(changeover=changeover, unit=unit_id, ended_at=None)
    if heads:
        named.filter(heads=True).exclude(person=person).update(heads=False)
    made, _new = Representative.objects.update_or_create(
        changeover=changeover,
        unit_id=unit_id,
        person=person,
        ended_at=None,
        defaults={"title": title, "heads": heads},
    )
    record(
        events.REPRESENTATIVE_NAMED,
        changeover,
        actor=actor,
        at=at,
        unit_id=unit_id,
        unit=unit_id,
        person=person.pk,
        heads=heads,
    )
    return made


@command
def end_representative(representative_id: int, *, actor: Actor, at: datetime) -> None:
    """Somebody hands over no more, also long after all is closed. Raises NotFound, NotYourDuty."""
    named = must_exist(Representative.objects.filter(pk=representative_id, ended_at=None).first())
    changeover = locked_row(named.changeover_id)
    actor.must(DUTY, unit_id=changeover.city_id)
    Representative.objects.filter(pk=named.pk).update(ended_at=at)
    record(
        events.REPRESENTATIVE_ENDED,
        changeover,
        actor=actor,
        at=at,
        unit_id=named.unit_id,
        unit=named.unit_id,
        person=named.person_id,
    )


@command
def list_item(changeover_id: int, *, unit_id: int, klass: str, line: Listed, actor: Actor, at: datetime) -> Item:
    """Put one thing on a list. Where it goes follows by rule, or waits for a person.

    Raises NotFound, NotYourDuty, ChangeoverClosed, SheetDeclared, BadInput (a person the unit does not know).
    """
    return _put(changeover_id, unit_id, klass, [line], actor=actor, at=at)[0]


@command
def import_items(
    changeover_id: int, *, unit_id: int, klass: str, lines: Sequence[Listed], sha256: str, actor: Actor, at: datetime
) -> list[Item]:
    """All rows of a spreadsheet, or none: one that cannot be used refuses the whole (`places` in the refusal start at 0).

    Raises as `list_item`, and TakenAlready.
    """
    return _put(changeover_id, unit_id, klass, lines, actor=actor, at=at, sha256=sha256)


def _put(
    changeover_id: int, unit_id: int, klass: str, lines: Sequence[Listed], *, actor: Actor, at: datetime, sha256: str = ""
) -> list[Item]:
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, unit_id)
    sheet = locked_sheet(changeover, unit_id, klass)
    if sheet.declared_at is not None:
        raise SheetDeclared
    if sha256 and sha256 in sheet.taken_files:
        raise TakenAlready
    people = people_of(unit_id, klass, lines)
    allocation = Allocation(changeover, unit_id, [people[line.person_email] for line in lines if line.person_email])
    kind, unit_code = classes()[klass], units.unit_row(unit_id, as_of=changeover.effective_on).code
    made = []
    for place, line in enumerate(lines, start=1):
        person_id = people.get(line.person_email)
        choice = allocation.choice(klass, address=line.address, person_id=person_id)
        said = asdict(line)
        said.pop("person_email")
        made.append(
            Item(
                changeover=changeover,
                sheet=sheet,
                unit_id=unit_id,
                klass=klass,
                code=f"{unit_code}.{kind.short}.{sheet.last_number + place:05}",
                **(said | {"details": dict(line.details or {})}),
                person_id=person_id,
                to_unit_id=choice.to_unit_id,
                rule=choice.rule,
                candidates=list(choice.candidates),
                listed_at=at,
                listed_by_name=actor.name,
            )
        )
    made = Item.objects.bulk_create(made, batch_size=1_000)
    sheet.last_number += len(made)
    if sha256:
        sheet.taken_files = [*sheet.taken_files, sha256]
    sheet.save(update_fields=["last_number", "taken_files"])
    record(
        events.ITEMS_LISTED,
        sheet,
        actor=actor,
        at=at,
        unit_id=unit_id,
        first=made[0].code if made else "",
        items=len(made),
        file=sha256,
    )
    return made


def people_of(unit_id: int, klass: str, lines: Sequence[Listed]) -> dict[str, int]:
    """{e-mail: person} of those whose things are listed: people who work or worked in the unit. Raises BadInput by row."""
    wanted = {line.person_email for line in lines if line.person_email}
    rows = Person.objects.filter(email__in=wanted, appointments__body__unit_id=unit_id)
    known = dict(rows.values_list("email", "pk").distinct())
    problems = {}
    for place, line in enumerate(lines):
        if line.person_email and line.person_email not in known:
            problems[f"{place}.person"] = _("Đơn vị không có người nào dùng thư điện tử này.")
        elif klass in PERSONAL and not line.person_email:
            problems[f"{place}.person"] = _("Chưa ghi thư điện tử của người sử dụng: loại này đi theo người.")
    if problems:
        raise BadInput(problems)
    return known


@command
def correct_item(item_id: int, *, line: Listed, actor: Actor, at: datetime) -> Item:
    """Write a line anew while the list is open.

    Raises NotFound, NotYourDuty, ChangeoverClosed, SheetDeclared, PartOfWhole, Received, InASealedBox, MinutesClosed, BadInput.
    """
    changeover, item = _changeable(item_id, actor)
    people = people_of(item.unit_id, item.klass, [line])
    said = asdict(line)
    said.pop("person_email")
    for name, value in (said | {"details": dict(line.details or {})}).items():
        setattr(item, name, value)
    item.person_id = people.get(line.person_email)
    if not item.chosen_by_name:
        persons = [item.person_id] if item.person_id else []
        choice = Allocation(changeover, item.unit_id, persons).choice(
            item.klass, address=item.address, person_id=item.person_id
        )
        item.to_unit_id, item.rule, item.candidates = choice.to_unit_id, choice.rule, list(choice.candidates)
        must_not_be_closed(changeover, item.unit_id, item.to_unit_id, since=item.listed_at)
    item.save()
    record(events.ITEM_CORRECTED, item, actor=actor, at=at, unit_id=item.unit_id, quantity=str(item.quantity))
    return item


@command
def strike_item(item_id: int, *, actor: Actor, at: datetime) -> Item:
    """Take a line off the list; struck again it comes back.

    Raises NotFound, NotYourDuty, ChangeoverClosed, SheetDeclared, PartOfWhole, Received, InASealedBox, MinutesClosed.
    """
    _changeover, item = _changeable(item_id, actor)
    item.struck_at = None if item.struck_at else at
    item.box = None
    item.save(update_fields=["struck_at", "box"])
    record(events.ITEM_STRUCK, item, actor=actor, at=at, unit_id=item.unit_id, back=item.struck_at is None)
    return item


def _changeable(item_id: int, actor: Actor) -> tuple[Changeover, Item]:
    changeover, sheet, item = locked_item(item_id)
    must_speak(actor, changeover, item.unit_id)
    if sheet.declared_at is not None:
        raise SheetDeclared
    if item.divided_at is not None:
        raise NotFound
    if item.divided_from_id is not None:
        raise PartOfWhole
    must_be_movable(changeover, item)
    return changeover, item


@command
def declare(changeover_id: int, *, unit_id: int, klasses: Collection[str], actor: Actor, at: datetime) -> int:
    """The lists of these classes are complete, empty ones too. Returns how many lists.

    Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, unit_id)
    done = []
    for klass in klasses:
        begun_sheet(changeover, unit_id, klass)
    wanted = Sheet.objects.select_for_update().filter(changeover=changeover, unit=unit_id, klass__in=list(klasses))
    for sheet in wanted.order_by("pk"):
        if sheet.declared_at is None:
            sheet.declared_at, sheet.declared_by_name = at, actor.name
            sheet.save(update_fields=["declared_at", "declared_by_name"])
            done.append(sheet.klass)
    if not done:
        raise NotFound
    record(events.SHEETS_DECLARED, changeover, actor=actor, at=at, unit_id=unit_id, unit=unit_id, classes=done)
    return len(done)


@command
def reopen(changeover_id: int, *, unit_id: int, klass: str, why: str, actor: Actor, at: datetime) -> Sheet:
    """A list was not complete after all. What closed minutes say stays; what is added now belongs into additional ones.

    Raises NotFound, NotYourDuty, ChangeoverClosed, BadInput.
    """
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, unit_id)
    why = one_line(why)[:300]
    if not why:
        raise BadInput({"why": _("Hãy ghi vì sao mở lại bảng kê.")})
    sheet = locked_sheet(changeover, unit_id, klass)
    sheet.declared_at, sheet.declared_by_name, sheet.reopened_why = None, "", why
    sheet.save(update_fields=["declared_at", "declared_by_name", "reopened_why"])
    record(events.SHEET_REOPENED, sheet, actor=actor, at=at, unit_id=unit_id)
    return sheet
