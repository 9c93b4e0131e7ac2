"""Forms about entries: search, a reason, the entry itself, annotation, cancellation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.registers.models import Annotation, Kind, Role
from thongsuot.registers.papers import FIELD_WORDS
from thongsuot.registers.rules.columns import COLUMNS, ROLES, Column
from thongsuot.web.forms import DayField, Form

KINDS = [("", _("Mọi loại sổ")), *Kind.choices]


class SearchForm(Form):
    name = forms.CharField(
        label=_("Họ tên"), required=False, max_length=200, help_text=_("Có dấu hay không dấu, thiếu chữ cũng được.")
    )
    born = forms.CharField(label=_("Ngày sinh hoặc năm sinh"), required=False, max_length=30)
    id_number = forms.CharField(label=_("Số giấy tờ"), required=False, max_length=20)
    number = forms.CharField(label=_("Số trong quyển"), required=False, max_length=20)
    book = forms.CharField(label=_("Quyển số"), required=False, max_length=30)
    year = forms.CharField(label=_("Năm của sổ"), required=False, max_length=4)
    place = forms.CharField(label=_("Nơi đăng ký, theo tên cũ"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Loại sổ"), required=False, choices=KINDS)

    SHORT = ("born", "id_number", "number", "book", "year")


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Vì sao cần mở"),
        max_length=300,
        help_text=_("Ghi mã hồ sơ hoặc việc đang làm. Lý do được lưu cùng tên bạn."),
    )


class EntryForm(Form):
    """The columns of a kind as fields. The command judges what they say."""

    def __init__(self, kind: Kind, *args: Any, again: bool = False, whole_row: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        columns = COLUMNS[kind]
        if not whole_row:
            columns = tuple(one for one in columns if one.key not in ("number", "book", "registered_on", "place", "signer"))
        for column in columns:
            self.fields[column.key] = _field(column)
        if again:
            self.fields["before"] = forms.CharField(label=_("Lần đăng ký trước: nơi, ngày, số"), max_length=300, required=False)
        if not whole_row:
            self.fields["warned"] = forms.BooleanField(label=_("Đã đọc cảnh báo, vẫn ghi"), required=False)
            self.fields["compared"] = forms.BooleanField(label=_("Đã đối chiếu với mục có vẻ trùng, vẫn ghi"), required=False)
            self.fields["despite"] = forms.CharField(label=_("Lý do vẫn ghi"), max_length=300, required=False)

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """(title, fields): the event first, then each person."""
        known = set(self.fields) - {"warned", "compared", "despite"}
        by_role: dict[str, list[Any]] = {role.value: [] for role in ROLES[self.kind]}
        rest: list[Any] = []
        for name in self.fields:
            if name in known:
                by_role.get(name.split("_")[0], rest).append(self[name])
        titled = [(str(role.label), by_role[role.value]) for role in ROLES[self.kind]]
        return [*titled, (str(_("Sự kiện và việc đăng ký")), rest)]


def _field(column: Column) -> forms.Field:
    required = column.required and column.key.endswith("_name")
    field = forms.CharField(label=str(column.heading), required=required, max_length=column.longest)
    if column.longest > 300:
        field.widget = forms.Textarea(attrs={"rows": 2})
    return field


class AnnotationForm(Form):
    sort = forms.ChoiceField(label=_("Loại ghi chú"))
    what = forms.ChoiceField(label=_("Phần thay đổi"), required=False)
    new_value = forms.CharField(label=_("Nội dung mới"), required=False, max_length=300)
    words = forms.CharField(
        label=_("Nội dung ghi chú"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    basis = forms.CharField(label=_("Căn cứ: số, cơ quan ra văn bản"), max_length=300)
    decided_on = DayField(label=_("Ngày của văn bản"))

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sorts = [Annotation.Sort.CHANGE, *([Annotation.Sort.DIVORCE] if kind == Kind.MARRIAGE else []), Annotation.Sort.OTHER]
        self.offer(sort=[(sort.value, sort.label) for sort in sorts])
        self.offer(what=[("", _("Không áp dụng")), *_parts(Kind(kind))])


def _parts(kind: Kind) -> Sequence[tuple[str, str]]:
    from thongsuot.registers.actions.entering import ENTRY_FIELDS, PERSON_FIELDS

    of_people = [
        (f"{role.value}.{field}", f"{Role(role).label}: {FIELD_WORDS[field]}")
        for role in ROLES[kind]
        for field in PERSON_FIELDS
    ]
    of_kind = {Kind.BIRTH: ("birthplace", "hometown"), Kind.DEATH: ("died_on", "death_place", "death_cause"), Kind.MARRIAGE: ()}
    return [*of_people, *((f".{field}", FIELD_WORDS[field]) for field in ENTRY_FIELDS if field in of_kind[kind])]


class CancelForm(Form):
    basis = forms.CharField(label=_("Quyết định thu hồi, hủy bỏ: số, cơ quan"), max_length=300)
    decided_on = DayField(label=_("Ngày của quyết định"))
    words = forms.CharField(label=_("Nội dung"), required=False, max_length=1000)


class BookForm(Form):
    """Which of its numbers to print, and why."""

    first = forms.IntegerField(label=_("Từ số"), min_value=1, max_value=999_999, initial=1)
    last = forms.IntegerField(label=_("Đến số"), min_value=1, max_value=999_999, initial=50)
    reason = forms.CharField(label=_("Vì sao cần in hoặc kết xuất"), max_length=300)


def texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in data.items() if isinstance(value, str)}
