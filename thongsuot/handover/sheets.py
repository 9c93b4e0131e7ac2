"""Lists as spreadsheets: the columns of a class, its template, and a list as it is."""

from __future__ import annotations

from collections.abc import Iterable

from thongsuot.files import tables
from thongsuot.files.tables import Column
from thongsuot.handover.models import Item
from thongsuot.handover.queries.inventory import plain
from thongsuot.handover.rules.classes import PERSONAL, Class, classes, details_words


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
