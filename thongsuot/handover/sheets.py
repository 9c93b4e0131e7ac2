"""Lists as spreadsheets: the template of a class, a list as it is, and rows handed in with what is wrong in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.tables import Column
from thongsuot.handover.models import Item
from thongsuot.handover.queries.inventory import plain
from thongsuot.handover.rules.classes import PERSONAL, Class, Listed, classes, details_words, read_line

MOST_ROWS = 10_000
TYPE_BY_ENDING = {"xlsx": FileType.XLSX.value, "csv": "text/csv"}


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """`place` as the spreadsheet numbers its rows; `problems` {heading of the column: sentence}."""

    place: int
    problems: dict[str, str]


def columns_of(klass: Class) -> tuple[Column, ...]:
    """What a list of the class has; the headings are Vietnamese whatever the page's language."""
    found = [
        Column(key="name", heading="Tên", example=_EXAMPLES.get(klass.key, "Ví dụ"), required=True),
        Column(
            key="quantity",
            heading=f"Số lượng ({klass.unit_of_count})",
            example="12,5" if klass.measure == "metre" else "1",
            required=klass.measure == "metre",
        ),
    ]
    if klass.money:
        found.append(Column(key="amount_dong", heading=f"{klass.money} (đồng)", example="15.000.000"))
    if klass.remaining:
        found.append(Column(key="remaining_dong", heading=f"{klass.remaining} (đồng)", example="6.000.000"))
    for field in klass.fields:
        found.append(
            Column(
                key=field.key,
                heading=field.label,
                example=field.choices[0]
                if field.choices
                else {"year": "2015", "number": "10", "day": "30/06/2025"}.get(field.kind, ""),
                how="Một trong: " + ", ".join(field.choices) if field.choices else "",
                required=field.required,
            )
        )
    if klass.key in PERSONAL:
        found.append(
            Column(
                key="person",
                heading="Thư điện tử người sử dụng",
                example="ten.ho@vidu.vn",
                how="Tài khoản của người trong đơn vị; loại này đi theo người.",
                required=True,
            )
        )
    else:
        found.append(
            Column(key="address", heading="Địa chỉ", example="", how="Nơi có mục này, để biết về đơn vị nào khi chia.")
        )
    found.append(
        Column(
            key="state_text",
            heading="Tình trạng",
            example="Nguyên trạng, còn dùng được",
            how="Ghi như đang có, kể cả hỏng, thiếu.",
        )
    )
    return tuple(found)


_EXAMPLES = {
    "archives": "Tài liệu Văn phòng HĐND và UBND",
    "assets": "Máy in",
    "books": "Sổ đăng ký khai sinh",
    "seals": "Dấu UBND",
    "premises": "Trụ sở UBND phường",
    "projects": "Cải tạo ngõ 12",
    "finance": "Dự toán chi thường xuyên",
    "computers": "Máy tính để bàn",
    "staff_files": "Hồ sơ cán bộ",
    "accounts": "Thiết bị ký số",
}


def template(klass: Class) -> bytes:
    return tables.template(klass.label[:31].replace("/", "-"), columns_of(klass))


def exported(klass: Class, rows: Iterable[Item]) -> bytes:
    """A list in the layout in which one may be handed in."""
    columns = columns_of(klass)
    return tables.template(
        klass.label[:31].replace("/", "-"), columns, rows=[[_cell(column.key, one) for column in columns] for one in rows]
    )


def _cell(key: str, one: Item) -> str:
    match key:
        case "quantity":
            return plain(one.quantity)
        case "amount_dong" | "remaining_dong":
            value = getattr(one, key)
            return "" if value is None else str(value)
        case "name" | "state_text" | "address":
            return str(getattr(one, key))
        case "person":
            return one.person.email if one.person is not None else ""
    return details_words(classes()[one.klass], one.details).get(key, "")


def read(file: IO[bytes], klass: Class, *, content_type: str) -> tuple[list[Listed], list[int], list[BadRow]]:
    """(lines to be listed, the spreadsheet's number of each, rows that cannot be used). Raises files.tables.NotATable."""
    columns = columns_of(klass)
    headings = {column.key: str(column.heading) for column in columns}
    good: list[Listed] = []
    places: list[int] = []
    bad: list[BadRow] = []
    for row in tables.rows_of(file, columns, content_type=content_type, most_rows=MOST_ROWS):
        if row.rejected:
            bad.append(BadRow(place=row.place, problems={_("Dòng"): str(tables.REJECTED[row.rejected])}))
            continue
        line, wrong = read_line(klass, row.cells)
        if line is None:
            bad.append(BadRow(place=row.place, problems={headings.get(key, key): words for key, words in wrong.items()}))
        else:
            good.append(line)
            places.append(row.place)
    return good, places, bad


def bad_people(klass: Class, places: Sequence[int], problems: dict[int, dict[str, str]]) -> list[BadRow]:
    """What the command refused of the lines, by the rows they stood in."""
    headings = {column.key: str(column.heading) for column in columns_of(klass)}
    return [
        BadRow(place=places[line], problems={headings.get(key, key): words for key, words in wrong.items()})
        for line, wrong in sorted(problems.items())
    ]
