"""What papers from the registers say: certificates, extracts, copies; always in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thongsuot.kernel.spelling import day_spelled
from thongsuot.kernel.text import nfc
from thongsuot.registers import printing
from thongsuot.registers.models import Annotation, Book, Entry, EntryPerson, IssuedPaper, Kind, Role
from thongsuot.registers.rules import days
from thongsuot.units import queries as units
from thongsuot.units.models import Body
from thongsuot.web import stand_ins

Row = tuple[str, str, bool]
SEX_WORDS = {"male": "Nam", "female": "Nữ", "": ""}
COPY_TITLES = {Kind.BIRTH: "Trích lục khai sinh", Kind.MARRIAGE: "Trích lục kết hôn", Kind.DEATH: "Trích lục khai tử"}


def title_of(form: IssuedPaper.Form, entry: Entry) -> str:
    """What the result is called: Trích lục khai sinh (bản sao)."""
    if form == IssuedPaper.Form.COPY:
        return f"{COPY_TITLES[Kind(entry.kind)]} (bản sao)"
    with translation.override("vi"):
        return str(IssuedPaper.Form(form).label)


def typeset(
    form: IssuedPaper.Form, entry: Entry, *, issuing_unit_id: int, copies: int, dossier_code: str, at: datetime
) -> bytes:
    """The paper as PDF. Reads the entry's persons, book and annotations: four queries."""
    day = timezone.localtime(at).date()
    people = list(EntryPerson.objects.filter(entry=entry, annotation=None).order_by("id"))
    book = entry.book
    with translation.override("vi"):
        facts = {
            **_head(issuing_unit_id, day),
            "title": COPY_TITLES[Kind(entry.kind)] if form == IssuedPaper.Form.COPY else str(IssuedPaper.Form(form).label),
            "subtitle": "(BẢN SAO)" if form == IssuedPaper.Form.COPY else "",
            # A copy gets its own number when it is issued; a certificate bears the number of its entry.
            "number": "" if form == IssuedPaper.Form.COPY else f"{entry}/{book.year}",
            "sections": [section for section in _sections(entry, people, book) if section["rows"]],
            "notes": notes_of(entry),
            "left": _left(form, copies, dossier_code),
            "stand_in": " ".join(stand_ins.announced()),
        }
        return printing.paper(_plain(facts), made_at=at)


def _plain(value: Any) -> Any:
    """Everything composed and without marks that turn letters round."""
    match value:
        case str():
            return nfc(value)
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
    return value


def _head(unit_id: int, day: date) -> dict[str, Any]:
    unit = units.unit_row(unit_id, as_of=day)
    city = units.unit_row(units.city_of(unit_id), as_of=day)
    committee = units.body(unit_id, Body.Kind.PEOPLE_COMMITTEE, as_of=day)
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return {
        "body_above": [city.full_name],
        "body": f"{committee.name if committee else 'Ủy ban nhân dân'} {unit.full_name[:1].lower()}{unit.full_name[1:]}",
        "place_and_date": f"{unit.name}, ngày {day.day:02} tháng {month} năm {day.year}",
    }


def _left(form: IssuedPaper.Form, copies: int, dossier_code: str) -> list[str]:
    lines = [f"Mã hồ sơ: {dossier_code}"] if dossier_code else []
    if form == IssuedPaper.Form.COPY:
        lines.append(f"Số bản sao cấp: {copies:02}")
        lines.append("Bản sao có giá trị như bản chính trong giao dịch, theo sổ hộ tịch đang lưu.")
    return lines


def _sections(entry: Entry, people: list[EntryPerson], book: Book) -> Iterable[dict[str, Any]]:
    by_role = {person.role: person for person in people}
    match Kind(entry.kind):
        case Kind.BIRTH:
            yield _section("", _person(by_role.get(Role.CHILD), main=True, spelled=True, entry=entry))
            yield _section("Người mẹ", _person(by_role.get(Role.MOTHER)))
            yield _section("Người cha", _person(by_role.get(Role.FATHER)))
        case Kind.MARRIAGE:
            yield _section("Vợ", _person(by_role.get(Role.WIFE), main=True))
            yield _section("Chồng", _person(by_role.get(Role.HUSBAND), main=True))
        case Kind.DEATH:
            yield _section("", [*_person(by_role.get(Role.DEAD), main=True), *_death(entry)])
    yield _section("Đăng ký", original_of(entry, book))


def _section(title: str, rows: Iterable[Row]) -> dict[str, Any]:
    return {"title": title, "rows": [row for row in rows if row[1]]}


def _person(person: EntryPerson | None, *, main: bool = False, spelled: bool = False, entry: Entry | None = None) -> list[Row]:
    if person is None:
        return []
    rows: list[Row] = [
        ("Họ, chữ đệm, tên", person.full_name.upper() if main else person.full_name, main),
        ("Ngày, tháng, năm sinh", days.in_words(person.born), False),
    ]
    if spelled and person.born:
        rows.append(("Ghi bằng chữ", day_spelled(person.born), False))
    rows += [
        ("Giới tính", SEX_WORDS.get(person.sex, ""), False),
        ("Dân tộc", person.ethnicity, False),
        ("Quốc tịch", person.nationality, False),
    ]
    if entry is not None:
        rows += [("Nơi sinh", entry.birthplace, False), ("Quê quán", entry.hometown, False)]
    residence = "Nơi cư trú cuối cùng" if person.role == Role.DEAD else "Nơi cư trú"
    return [*rows, ("Số định danh, giấy tờ tùy thân", person.id_number, False), (residence, person.residence, False)]


def _death(entry: Entry) -> list[Row]:
    when = " ".join(part for part in (entry.died_at, "ngày" if entry.died_at else "", days.in_words(entry.died_on)) if part)
    return [
        ("Đã chết vào lúc" if entry.died_at else "Đã chết ngày", when, True),
        ("Nơi chết", entry.death_place, False),
        ("Nguyên nhân chết", entry.death_cause, False),
        ("Giấy báo tử", entry.notice, False),
    ]


def original_of(entry: Entry, book: Book) -> list[Row]:
    """Number, book, year, day and place of the entry itself, under the name the place had then."""
    return [
        ("Nơi đăng ký", _committee_of(entry.place), True),
        ("Số", f"{entry}/{book.year}", True),
        ("Quyển số", book.name, False),
        ("Ngày đăng ký", days.in_words(entry.registered_on) if entry.registered_on else "", False),
        ("Người đi đăng ký", _with_relation(entry), False),
        ("Người ký", entry.signer, False),
        ("Đăng ký lại; lần trước", entry.before if entry.again else "", False),
        ("Ghi chú trong sổ", entry.remarks, False),
    ]


_KINDS = ("xã ", "phường ", "thị ", "đặc ", "quận ", "huyện ", "thành ", "tỉnh ")
_BODIES = ("ubnd ", "uỷ ban ", "ủy ban ")


def _committee_of(place: str) -> str:
    """The words stay as they were written; only a kind of unit is small behind "Ủy ban nhân dân"."""
    if place.lower().startswith(_BODIES):
        return place
    return f"Ủy ban nhân dân {place[:1].lower() + place[1:] if place.lower().startswith(_KINDS) else place}"


def _with_relation(entry: Entry) -> str:
    return (
        f"{entry.requester} ({entry.requester_relation})" if entry.requester and entry.requester_relation else entry.requester
    )


FIELD_WORDS = {
    "full_name": "họ, chữ đệm, tên",
    "born": "ngày, tháng, năm sinh",
    "sex": "giới tính",
    "id_number": "số định danh, giấy tờ",
    "ethnicity": "dân tộc",
    "nationality": "quốc tịch",
    "residence": "nơi cư trú",
    "birthplace": "nơi sinh",
    "hometown": "quê quán",
    "died_on": "ngày chết",
    "death_place": "nơi chết",
    "death_cause": "nguyên nhân chết",
}


def notes_of(entry: Entry) -> list[str]:
    """Annotations as a paper tells them, oldest first; what officers note for themselves is not among them. One query."""
    notes = Annotation.objects.filter(entry=entry).exclude(sort=Annotation.Sort.INTERNAL).order_by("id")
    return [note_in_words(note) for note in notes]


def note_in_words(note: Annotation) -> str:
    if note.sort == Annotation.Sort.CHANGE:
        old, new = (_value(note.field, value) for value in (note.old_value, note.new_value))
        who = f" của {Role(note.role).label.lower()}" if note.role else ""
        what = f"Thay đổi {FIELD_WORDS.get(note.field, note.field)}{who} từ “{old}” thành “{new}”"
    elif note.sort == Annotation.Sort.DIVORCE:
        what = "Đã ly hôn"
    elif note.sort == Annotation.Sort.CANCELLATION:
        what = "Đã thu hồi, hủy bỏ"
    else:
        what = note.words
    more = f". {note.words}" if note.words and what != note.words else ""
    return f"{what}, theo {note.basis} ngày {note.decided_on:%d/%m/%Y}{more}"


def _value(field: str, value: str) -> str:
    if field in ("born", "died_on"):
        return days.in_words(value)
    return SEX_WORDS.get(value, value) if field == "sex" else value or _("không ghi")
