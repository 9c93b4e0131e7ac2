"""What a list of accounts would open. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thongsuot.feedback.queries.arranging import answering_units
from thongsuot.feedback.queries.readiness import APPROVE, HANDLE
from thongsuot.feedback.sheets import ACCOUNTS
from thongsuot.files.models import StoredFile
from thongsuot.files.table_rows import judged, rows_in
from thongsuot.files.tables import TableRow
from thongsuot.kernel.contact import is_email, phone_as_kept
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import search_key
from thongsuot.people import rules
from thongsuot.people.models import Appointment, Person
from thongsuot.units import queries as units
from thongsuot.units.queries import BodyRow, UnitRow

MOST_ROWS = 5_000
_DUTIES = {"xu ly": HANDLE, "duyet": APPROVE}


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """`known`: has an account, and gets a post more; `same`: holds all of it already. `duties` None: what the post brings."""

    unit_id: int
    unit: str
    name: str
    email: str
    phone: str
    body_id: int
    body: str
    title: str
    duties: tuple[str, ...]
    known: bool
    same: bool


@dataclass(frozen=True, kw_only=True)
class AccountPlan:
    rows: list[TableRow]
    lines: list[AccountLine]

    @property
    def figures(self) -> dict[str, int]:
        return {
            "rows": len(self.lines),
            "new": sum(not line.known for line in self.lines),
            "more": sum(line.known and not line.same for line in self.lines),
            "same": sum(line.same for line in self.lines),
            "units": len({line.unit_id for line in self.lines}),
        }


def account_plan(stored: StoredFile, *, city_id: int, on: date) -> AccountPlan:
    """Raises RowsRefused, NotATable."""
    rows = rows_in(stored, ACCOUNTS, most_rows=MOST_ROWS)
    emails = {row.cells.get("email", "").lower() for row in rows} - {""}
    accounts = {person.email: person for person in Person.objects.filter(email__in=emails)}
    posts: dict[tuple[int, int, str], list[str]] = {}
    held = Appointment.objects.filter(in_force(on), person__in=accounts.values())
    for person, body, title, duties in held.values_list("person", "body", "title", "duties"):
        posts[person, body, title] = duties
    by_code = {unit.code: unit for unit in answering_units(city_id, on=on)}
    seen: dict[str, int] = {}

    def line_of(row: TableRow) -> AccountLine:
        cells, problems = row.cells, dict[str, str]()
        name, email, phone = cells.get("name", ""), cells.get("email", "").lower(), cells.get("phone", "")
        if not search_key(name) or len(name) > 200:
            problems["name"] = _("Chưa có họ tên. Hãy nhập như trên giấy tờ.")
        if not is_email(email):
            problems["email"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
        elif (first := seen.setdefault(email, row.place)) != row.place:
            problems["email"] = _("Trùng với dòng %(line)s. Hãy giữ một dòng.") % {"line": first}
        if phone and phone_as_kept(phone) is None:
            problems["phone"] = _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại số đã nhập.")
        unit = by_code.get(cells.get("unit", ""))
        if unit is None:
            problems["unit"] = _("Không có đơn vị mang mã này trong thành phố. Hãy xem lại mã.")
            raise BadInput(problems)
        account = accounts.get(email)
        held_in = {
            body_id for person, body_id, title in posts if account and (person, title) == (account.pk, cells.get("title"))
        }
        body = _body(unit, cells.get("body", ""), cells.get("title", ""), held_in, on, problems)
        duties = _duties(unit, body, cells, on, problems)
        if account is not None and account.search_name != search_key(name):
            problems["email"] = _("Thư này thuộc một tài khoản mang họ tên khác. Hãy hỏi lại, hoặc dùng thư khác.")
        post = posts.get((account.pk, body.id, cells["title"])) if account and body else None
        if post is not None and set(duties) - set(post):
            problems["duties"] = _("Người này đã giữ chức danh ấy mà thiếu việc này. Hãy giao thêm ở trang Người dùng.")
        if problems or body is None:
            raise BadInput(problems)
        return AccountLine(
            unit_id=unit.id,
            unit=unit.full_name,
            name=name,
            email=email,
            phone=phone,
            body_id=body.id,
            body=body.name,
            title=cells["title"],
            duties=duties,
            known=account is not None,
            same=post is not None,
        )

    return AccountPlan(rows=rows, lines=judged(rows, ACCOUNTS, line_of))


def _body(
    unit: UnitRow, named: str, title: str, held_in: Collection[int], on: date, problems: dict[str, str]
) -> BodyRow | None:
    """The body where the post is: the one named, else where the person has it already, else the first that has such a post."""
    own = [body for body in units.bodies_of(unit.id, as_of=on) if body.unit_id == unit.id]
    with_post = [body for body in own if title in _titles(unit, body, on)]
    if not with_post:
        names = ", ".join(dict.fromkeys(one for body in own for one in _titles(unit, body, on)))
        problems["title"] = _("Đơn vị không có chức danh này. Các chức danh: %(names)s.") % {"names": names}
        return None
    if not named:
        return next((body for body in with_post if body.id in held_in), with_post[0])
    found = next((body for body in with_post if search_key(body.name) == search_key(named)), None)
    if found is None:
        names = ", ".join(body.name for body in with_post)
        problems["body"] = _("Đơn vị không có phòng này với chức danh ấy. Các phòng: %(names)s.") % {"names": names}
    return found


def _titles(unit: UnitRow, body: BodyRow, on: date) -> list[str]:
    return [title.name for title in rules.titles_of(body.kind, unit.level, on=on)]


def _duties(unit: UnitRow, body: BodyRow | None, cells: dict[str, str], on: date, problems: dict[str, str]) -> tuple[str, ...]:
    words = [search_key(word) for word in cells.get("duties", "").replace(",", ";").split(";") if word.strip()]
    if any(word not in _DUTIES for word in words):
        problems["duties"] = _("Chỉ ghi: xử lý, duyệt, hoặc cả hai, cách nhau bằng dấu chấm phẩy.")
        return ()
    usual = rules.usual_duties(cells.get("title", ""), body.kind, unit.level, on=on) if body else ()
    duties = tuple(dict.fromkeys([*usual, *(_DUTIES[word] for word in words)]))
    if body and not {HANDLE, APPROVE} & set(duties):
        problems["duties"] = _("Chức danh này chưa có việc với phản ánh. Hãy ghi: xử lý, duyệt, hoặc cả hai.")
    return duties
