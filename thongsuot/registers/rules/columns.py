"""The columns of an old register as a spreadsheet, per kind of register. Their keys are the fields of its form too. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.files import tables
from thongsuot.registers.models import Kind, Role


@dataclass(frozen=True, kw_only=True)
class Column(tables.Column):
    """A column that is a field of a form too: how long its text may be, and whether it is a day."""

    longest: int = 300
    day: bool = False


_DAY = _("ngày/tháng/năm; thiếu ngày thì tháng/năm; chỉ biết năm thì năm; không biết thì “không rõ”.")

_BEFORE = (
    Column(
        key="number", heading=_("Số"), example="15", how=_("Số thứ tự trong quyển. Số chen ghi 15b."), required=True, longest=30
    ),
    Column(key="book", heading=_("Quyển số"), example="01/2004", how=_("Như bìa sổ."), longest=30),
    Column(key="registered_on", heading=_("Ngày đăng ký"), example="12/05/2004", how=_DAY, required=True, day=True, longest=60),
    Column(
        key="place",
        heading=_("Nơi đăng ký"),
        example="Phường Hàng Bạc, quận Hoàn Kiếm, thành phố Hà Nội",
        how=_("Tên khi đăng ký, kể cả quận, huyện cũ. Để trống thì lấy nơi chọn lúc gửi tệp."),
    ),
)
_AFTER = (
    Column(key="requester", heading=_("Người đi đăng ký"), example="Hồ Văn Mẫu", longest=200),
    Column(key="requester_relation", heading=_("Quan hệ"), example="cha", longest=100),
    Column(key="signer", heading=_("Người ký"), example="Lò Thị Thử", longest=200),
    Column(key="remarks", heading=_("Ghi chú trong sổ"), example="", how=_("Chép nguyên văn phần ghi chú."), longest=1000),
)


def _person(role: Role, *, example: str, named: bool, sex: bool = False) -> tuple[Column, ...]:
    """The columns of one person."""
    words: dict[Role, tuple[Promise | str, ...]] = {
        Role.CHILD: (_("Họ tên người được khai sinh"), _("Giới tính"), _("Ngày sinh"), _("Số định danh")),
        Role.MOTHER: (_("Họ tên mẹ"), "", _("Ngày sinh của mẹ"), _("Số giấy tờ của mẹ")),
        Role.FATHER: (_("Họ tên cha"), "", _("Ngày sinh của cha"), _("Số giấy tờ của cha")),
        Role.WIFE: (_("Họ tên vợ"), "", _("Ngày sinh của vợ"), _("Số giấy tờ của vợ")),
        Role.HUSBAND: (_("Họ tên chồng"), "", _("Ngày sinh của chồng"), _("Số giấy tờ của chồng")),
        Role.DEAD: (_("Họ tên người chết"), _("Giới tính"), _("Ngày sinh"), _("Số giấy tờ")),
    }
    others: dict[Role, tuple[Promise | str, ...]] = {
        Role.CHILD: (_("Dân tộc"), _("Quốc tịch"), _("Nơi cư trú")),
        Role.MOTHER: (_("Dân tộc của mẹ"), _("Quốc tịch của mẹ"), _("Nơi cư trú của mẹ")),
        Role.FATHER: (_("Dân tộc của cha"), _("Quốc tịch của cha"), _("Nơi cư trú của cha")),
        Role.WIFE: (_("Dân tộc của vợ"), _("Quốc tịch của vợ"), _("Nơi cư trú của vợ")),
        Role.HUSBAND: (_("Dân tộc của chồng"), _("Quốc tịch của chồng"), _("Nơi cư trú của chồng")),
        Role.DEAD: (_("Dân tộc"), _("Quốc tịch"), _("Nơi cư trú cuối cùng")),
    }
    (name, gender, born, paper), more = words[role], others[role]
    columns = [Column(key=f"{role.value}_name", heading=name, example=example, required=named, longest=200)]
    if sex:
        columns.append(Column(key=f"{role.value}_sex", heading=gender, example="nữ", how=_("nam hoặc nữ."), longest=10))
    columns += [
        Column(
            key=f"{role.value}_born",
            heading=born,
            example="02/05/2004" if role == Role.CHILD else "1979",
            how=_DAY,
            day=True,
            longest=60,
        ),
        Column(key=f"{role.value}_id", heading=paper, example="", how=_("Số định danh hoặc chứng minh nhân dân."), longest=20),
        Column(key=f"{role.value}_ethnicity", heading=more[0], example="Kinh", longest=60),
        Column(key=f"{role.value}_nationality", heading=more[1], example="Việt Nam", longest=60),
    ]
    if role != Role.CHILD:
        columns.append(Column(key=f"{role.value}_residence", heading=more[2], example=""))
    return tuple(columns)


COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.BIRTH: (
        *_BEFORE,
        *_person(Role.CHILD, example="Hồ Thị Mẫu", named=True, sex=True),
        Column(key="birthplace", heading=_("Nơi sinh"), example="Nhà hộ sinh quận Hoàn Kiếm"),
        Column(key="hometown", heading=_("Quê quán"), example="Hà Nội"),
        *_person(Role.MOTHER, example="Lò Thị Ví", named=False),
        *_person(Role.FATHER, example="Hồ Văn Mẫu", named=False),
        *_AFTER,
    ),
    Kind.MARRIAGE: (
        *_BEFORE,
        *_person(Role.WIFE, example="Lò Thị Ví", named=True),
        *_person(Role.HUSBAND, example="Hồ Văn Mẫu", named=True),
        *(column for column in _AFTER if column.key in ("signer", "remarks")),
    ),
    Kind.DEATH: (
        *_BEFORE,
        *_person(Role.DEAD, example="Hồ Văn Mẫu", named=True, sex=True),
        Column(key="died_on", heading=_("Ngày chết"), example="03/01/1979", how=_DAY, required=True, day=True, longest=60),
        Column(key="died_at", heading=_("Giờ chết"), example="14:30", longest=20),
        Column(key="death_place", heading=_("Nơi chết"), example=""),
        Column(key="death_cause", heading=_("Nguyên nhân chết"), example=""),
        Column(key="notice", heading=_("Giấy báo tử"), example="", how=_("Số, ngày, nơi cấp.")),
        *_AFTER,
    ),
}

ROLES: dict[Kind, tuple[Role, ...]] = {
    Kind.BIRTH: (Role.CHILD, Role.MOTHER, Role.FATHER),
    Kind.MARRIAGE: (Role.WIFE, Role.HUSBAND),
    Kind.DEATH: (Role.DEAD,),
}
MAIN_ROLES = frozenset({Role.CHILD, Role.WIFE, Role.HUSBAND, Role.DEAD})


def columns_by_key(kind: str) -> dict[str, Column]:
    return {column.key: column for column in COLUMNS[Kind(kind)]}


def named_columns(kind: str) -> Iterator[Column]:
    """The columns without which a row is nobody's."""
    return (column for column in COLUMNS[Kind(kind)] if column.required and column.key.endswith("_name"))
