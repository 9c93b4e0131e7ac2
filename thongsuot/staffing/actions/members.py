"""Who is in the reorganisation: one by one, or a list from a file, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.table_rows import judged, rows_in
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line, search_key
from thongsuot.people.actions.accounts import AccountOfAnother
from thongsuot.people.models import Person
from thongsuot.staffing import events, sheets
from thongsuot.staffing.actions.errors import AccountTied, ImportInUse
from thongsuot.staffing.actions.tying import locked_list, tie
from thongsuot.staffing.models import JobPosition, LeaveCase, Placement, StaffImport, StaffMember
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.models.posts import Qualification
from thongsuot.staffing.queries.days import rows_now_or_later, rows_under
from thongsuot.staffing.queries.seen import is_party_managed, must_cover
from thongsuot.staffing.rules import GONE, MANAGE, OF_THE_PLAN
from thongsuot.units.queries import UnitRow

MOST_YEARS = 60
_STATES = {search_key(str(label)): State(value) for value, label in State.choices}
_QUALIFICATIONS = {search_key(str(label)): value for value, label in Qualification.choices}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a list said of a person. unit, position: codes; `counted`: the day by which the unit's code is meant."""

    full_name: str
    unit: str
    counted: date
    state: str
    position: str = ""


@dataclass
class _Around:
    """What rows are read against. `counted`: the day by which codes of units are meant."""

    city_id: int
    day: date
    units: dict[str, UnitRow]
    wishes: dict[str, UnitRow]
    positions: dict[str, JobPosition]
    accounts: dict[str, Person]
    known: set[str]
    linked: set[int]
    namesakes: dict[tuple[str, int, str], list[tuple[str, int]]]
    lines: dict[str, int] = field(default_factory=dict)


def _around(city_id: int, counted: date, at: datetime, emails: set[str], names: set[str]) -> _Around:
    """`namesakes`: (name, unit, old title) of listed persons of these names: their address, and 0 for no line of the file."""
    members, day = StaffMember.objects.filter(city_id=city_id), timezone.localdate(at)
    namesakes: dict[tuple[str, int, str], list[tuple[str, int]]] = {}
    for name, title, email, *places in members.filter(search_name__in=names).values_list(
        "full_name", "old_title", "email", "unit_id", "old_unit_id"
    ):
        for unit_id in set(places):
            namesakes.setdefault((name.casefold(), unit_id, title.casefold()), []).append((email, 0))
    return _Around(
        city_id=city_id,
        day=day,
        units={row.code: row for row in rows_under(city_id, on=counted)},
        wishes={row.code: row for row in rows_now_or_later(city_id, on=day)},
        positions={one.code: one for one in JobPosition.objects.filter(in_use=True)},
        accounts={one.email: one for one in Person.objects.filter(email__in=emails, is_active=True)},
        known=set(members.filter(email__in=emails).values_list("email", flat=True)),
        linked=set(members.filter(person__isnull=False).values_list("person_id", flat=True)),
        namesakes=namesakes,
    )


@command
def import_members(
    city_id: int, content: bytes | Readable, *, name: str, counted: date, actor: Actor, at: datetime
) -> StaffImport:
    """A list of persons comes in; who has an account with that address and name keeps it. One wrong row, and nobody comes.

    counted   the day by which codes of units are meant: ended units had codes that others bear today
    Raises NotYourDuty, RowsRefused, NotATable and what `files.actions.store` refuses.
    """
    actor.must(MANAGE, unit_id=city_id)
    stored = store(content, name=name, actor=actor, at=at, purpose="staffing.members", rule=TABLE_RULE)
    rows = rows_in(stored, sheets.MEMBERS, most_rows=sheets.MOST_ROWS)
    locked_list(city_id)
    around = _around(city_id, counted, at, *_said_of(row.cells for row in rows))
    members = judged(rows, sheets.MEMBERS, lambda row: _member(row.cells, around, row.place))
    came = StaffImport.objects.create(
        kind=StaffImport.Kind.MEMBERS, city_id=city_id, file=stored, rows=len(members), at=at, by_name=actor.name
    )
    for member in members:
        member.source = came
        member.keys()
    StaffMember.objects.bulk_create(members, batch_size=1_000)
    record(events.MEMBERS_IMPORTED, came, actor=actor, at=at, unit_id=city_id, rows=len(members))
    return came


@command
def add_member(city_id: int, *, said: Mapping[str, str], counted: date, actor: Actor, at: datetime) -> StaffMember:
    """One person, said as a row of the list would: keys of `sheets.MEMBERS`. Raises NotYourDuty, BadInput."""
    actor.must(MANAGE, unit_id=city_id)
    cells = {key: one_line(value) for key, value in said.items() if one_line(value)}
    locked_list(city_id)
    member = _member(cells, _around(city_id, counted, at, *_said_of([cells])), 1)
    member.save()
    record(events.MEMBER_ADDED, member, actor=actor, at=at, unit_id=member.unit_id, state=member.state)
    return member


@command
def withdraw_import(import_id: int, *, actor: Actor, at: datetime) -> StaffImport:
    """A list that came in by mistake goes again, whole, while nothing was done with any of its persons.

    Raises NotFound, NotYourDuty, ImportInUse.
    """
    came = StaffImport.objects.select_for_update().filter(pk=import_id, kind=StaffImport.Kind.MEMBERS).first()
    if came is None or came.withdrawn_at is not None:
        raise NotFound
    actor.must(MANAGE, unit_id=came.city_id)
    ids = list(StaffMember.objects.select_for_update().filter(source=came).order_by("pk").values_list("pk", flat=True))
    if Placement.objects.filter(member__in=ids).exists() or LeaveCase.objects.filter(member__in=ids).exists():
        raise ImportInUse
    StaffMember.objects.filter(pk__in=ids).delete()
    came.withdrawn_at = at
    came.save(update_fields=["withdrawn_at"])
    record(events.IMPORT_WITHDRAWN, came, actor=actor, at=at, unit_id=came.city_id, rows=len(ids))
    return came


def _said_of(rows: Iterable[Mapping[str, str]]) -> tuple[set[str], set[str]]:
    """Addresses and names of rows, as they are kept."""
    rows = list(rows)
    emails = {cells.get("email", "").lower() for cells in rows} - {""}
    return emails, {search_key(cells.get("full_name", ""))[:200] for cells in rows}


def _there_already() -> str:
    return _("Người có thư điện tử này đã có trong danh sách.")


def _member(cells: Mapping[str, str], around: _Around, line: int) -> StaffMember:
    """Raises BadInput with everything that is wrong with it."""
    problems: dict[str, str] = {}
    name, email = cells.get("full_name", ""), cells.get("email", "").lower()
    if not search_key(name) or len(name) > 200:
        problems["full_name"] = _("Chưa có họ tên, hoặc họ tên dài quá 200 chữ.")
    unit = around.units.get(cells.get("unit", ""))
    if unit is None:
        problems["unit"] = _("Không có đơn vị mang mã “%(code)s” vào ngày của danh sách.") % {"code": cells.get("unit", "")}
    wish = around.wishes.get(cells["wish"]) if cells.get("wish") else None
    if cells.get("wish") and wish is None:
        problems["wish"] = _("Không có đơn vị mang mã “%(code)s” để nhận nguyện vọng.") % {"code": cells["wish"]}
    person = _account(name, email, around, line, problems)
    if unit is not None and not {"full_name", "email"} & problems.keys():
        _must_be_another(name, email, unit, cells.get("old_title", ""), around, line, problems)
    state = _STATES.get(search_key(cells.get("state", ""))) if cells.get("state") else State.WAITING
    if state is None or state in GONE:
        problems["state"] = _("Tình trạng “%(state)s” không dùng được khi lập danh sách.") % {"state": cells.get("state", "")}
    position = _position(cells.get("position", ""), state, unit, around, problems)
    qualification = _QUALIFICATIONS.get(search_key(cells.get("qualification", "")), "") or (
        "" if cells.get("qualification") else Qualification.UNIVERSITY.value
    )
    if not qualification:
        problems["qualification"] = _("Trình độ là trung cấp, cao đẳng, đại học hoặc sau đại học.")
    years = sheets.whole_number(cells.get("years", "0"), most=MOST_YEARS)
    if years is None:
        problems["years"] = _("Số năm là số nguyên từ 0 đến %(most)s.") % {"most": MOST_YEARS}
    if problems:
        raise BadInput(problems)
    assert unit is not None and state is not None and years is not None  # noqa: PT018 - else there was a problem
    return StaffMember(
        city_id=around.city_id,
        unit_id=unit.id,
        old_unit_id=unit.id,
        position=position,
        person=person,
        full_name=name,
        email=email,
        old_title=cells.get("old_title", "")[:200],
        state=state,
        waiting_since=around.day if state == State.WAITING else None,
        qualification=qualification,
        fields=fields_of(cells.get("fields", "")),
        years_in_field=years,
        wish_unit_id=wish.id if wish else None,
    )


def _position(
    code: str, state: State | None, unit: UnitRow | None, around: _Around, problems: dict[str, str]
) -> JobPosition | None:
    """The one of the catalogue, where the person's state and unit have it."""
    position = around.positions.get(code.upper())
    if code and position is None:
        problems["position"] = _("Không có vị trí mang mã “%(code)s” trong danh mục.") % {"code": code}
    elif position is not None and state == State.WAITING:
        problems["position"] = _("Người chưa bố trí thì chưa có vị trí. Hãy để trống mã vị trí, hoặc ghi tình trạng khác.")
    elif position is not None and unit is not None and unit.kind not in position.applies_to:
        problems["position"] = _("%(unit)s không có vị trí “%(position)s” theo danh mục.") % {
            "unit": unit.full_name,
            "position": position.name,
        }
    elif position is None and state in OF_THE_PLAN and unit is not None and unit.level == "commune":
        problems["position"] = _("Người đã bố trí ở xã, phường, đặc khu phải có mã vị trí.")
    return position


def _must_be_another(
    name: str, email: str, unit: UnitRow, title: str, around: _Around, line: int, problems: dict[str, str]
) -> None:
    """One list sent twice must not make two of everybody: of one name, unit and title only two addresses are two persons."""
    known = around.namesakes.setdefault((name.casefold(), unit.id, title[:200].casefold()), [])
    same = [at_line for other, at_line in known if not (email and other and email != other)]
    known.append((email, line))
    if not same:
        return
    if same[0]:
        sentence = _("Dòng %(line)s đã có người cùng họ tên, đơn vị và chức danh cũ.") % {"line": same[0]}
    else:
        sentence = _("Danh sách đã có người cùng họ tên, đơn vị và chức danh cũ.")
    problems["full_name"] = " ".join([sentence, _("Nếu là hai người khác nhau, hãy ghi thư điện tử của cả hai.")])


def _account(name: str, email: str, around: _Around, line: int, problems: dict[str, str]) -> Person | None:
    """The account of that address, if its name is the person's: else somebody else would get the post."""
    if not email:
        return None
    if not is_email(email):
        problems["email"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
        return None
    first = around.lines.setdefault(email, line)
    if first != line:
        problems["email"] = _("Thư điện tử này đã có ở dòng %(line)s.") % {"line": first}
    elif email in around.known:
        problems["email"] = _there_already()
    person = around.accounts.get(email)
    if person is None:
        return None
    if person.search_name != search_key(name):
        problems["email"] = _("Thư điện tử này thuộc một tài khoản mang họ tên khác. Hãy hỏi lại người ấy.")
        return None
    if person.pk in around.linked:
        problems["email"] = _there_already()
    return person


def fields_of(text: str) -> list[str]:
    """'luật; hành chính' as a list."""
    return [part[:60] for part in (one_line(part) for part in text.split(";")) if part][:20]


@command
def change_member(
    member_id: int,
    *,
    email: str,
    qualification: str,
    fields: str,
    years_in_field: int,
    wish_unit_id: int | None,
    written: Written | None = None,
    actor: Actor,
    at: datetime,
) -> StaffMember:
    """Put right what was written down wrongly. An account of the address and name is tied to the person.

    written   also name, unit, state and position; None: as they are
    Raises NotFound, NotYourDuty, BadInput.
    """
    member = locked_member(member_id)
    must_cover(actor, MANAGE, member.unit_id)
    locked_list(member.city_id)
    email = one_line(email).lower()
    others = StaffMember.objects.filter(city_id=member.city_id).exclude(pk=member.pk)
    problems = {}
    if email:
        if not is_email(email):
            problems["email"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
        if others.filter(email=email).exists():
            problems["email"] = _there_already()
    if qualification not in Qualification.values or not 0 <= years_in_field <= MOST_YEARS:
        problems["qualification"] = _("Hãy xem lại trình độ và số năm.")
    if wish_unit_id is not None and wish_unit_id not in {
        row.id for row in rows_now_or_later(member.city_id, on=timezone.localdate(at))
    }:
        problems["wish_unit"] = _("Đơn vị này không thuộc thành phố.")
    wanted: dict[str, Any] = {
        "email": email,
        "qualification": qualification,
        "fields": fields_of(fields),
        "years_in_field": years_in_field,
        "wish_unit_id": wish_unit_id,
        **(_rewritten(member, written, at, problems) if written is not None else {}),
    }
    changed = sorted(key for key, value in wanted.items() if getattr(member, key) != value)
    for key, value in wanted.items():
        setattr(member, key, value)
    if not problems:
        try:
            tie(member)
        except (AccountOfAnother, AccountTied) as refusal:
            problems["email"] = refusal.message()
    if problems:
        raise BadInput(problems)
    member.save()
    record(events.MEMBER_CHANGED, member, actor=actor, at=at, unit_id=member.unit_id, fields=changed)
    return member


def _rewritten(member: StaffMember, written: Written, at: datetime, problems: dict[str, str]) -> dict[str, Any]:
    """Name, unit, state and position anew. What placements brought about, placements change."""
    name = one_line(written.full_name)
    if not search_key(name) or len(name) > 200:
        problems["full_name"] = _("Chưa có họ tên, hoặc họ tên dài quá 200 chữ.")
    around = _around(member.city_id, written.counted, at, set(), set())
    unit = around.units.get(written.unit)
    if unit is None:
        problems["unit"] = _("Không có đơn vị mang mã “%(code)s” vào ngày của danh sách.") % {"code": written.unit}
    held = member.position.code if member.position else ""
    before = (member.unit_id, member.state, held)
    if (unit.id if unit else None, written.state, written.position.upper()) == before:
        return {"full_name": name}
    state = State(written.state) if written.state in State.values and written.state not in GONE else None
    if state is None:
        problems["state"] = _("Hãy chọn tình trạng trong danh sách. Người nghỉ đi theo đơn xin nghỉ.")
    elif member.placements.filter(status__in=(*Placement.OPEN, Placement.Status.IN_EFFECT)).exists():
        problems["state"] = _(
            "Đơn vị, tình trạng và vị trí của người này theo phương án bố trí. Hãy rút phương án, hoặc đề xuất phương án mới."
        )
    elif is_party_managed(member):
        problems["state"] = _(
            "Người này giữ chức vụ diện cấp ủy quản lý. Hãy đề xuất phương án để cả hai bên duyệt việc thay đổi."
        )
    position = _position(written.position, state, unit, around, problems)
    if problems or unit is None or state is None:
        return {}
    wanted: dict[str, Any] = {"full_name": name, "state": state.value, "position": position, "unit_id": unit.id}
    if member.old_unit_id == member.unit_id:
        wanted["old_unit_id"] = unit.id
    if state != member.state:
        wanted["waiting_since"] = around.day if state == State.WAITING else None
    return wanted


def locked_member(member_id: int) -> StaffMember:
    """Everything about one person happens one after another. Raises NotFound."""
    member = must_exist(StaffMember.objects.select_for_update().filter(pk=member_id).first())
    return member
