"""Small forms of administrators: giving and ending rights, abolishing a procedure, reading a file in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.procedures.models import Competence
from thongsuot.web.forms import DayField, Form


def _basis() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Căn cứ"),
        max_length=400,
        help_text=gettext_lazy("Số, ký hiệu, ngày của luật, nghị quyết hoặc quyết định."),
    )


class GrantForm(Form):
    """To one unit, or to all communes of the city when none is chosen."""

    unit = forms.TypedChoiceField(label=gettext_lazy("Đơn vị"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Hình thức"), choices=Competence.Kind.choices, widget=forms.RadioSelect)
    body_kind = forms.ChoiceField(label=gettext_lazy("Cơ quan giải quyết"))
    basis = _basis()
    valid_from = DayField(label=gettext_lazy("Từ ngày"))
    valid_to = DayField(label=gettext_lazy("Đến trước ngày"), required=False, help_text=gettext_lazy("Ủy quyền thì phải ghi."))

    def __init__(self, *args: Any, units: list[tuple[int, str]], bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=[("", _("Mọi xã, phường, đặc khu")), *units])
        self.offer(body_kind=bodies)


class EndForm(Form):
    """From which day something no longer holds, and by which text."""

    ends_on = DayField(label=gettext_lazy("Hết từ ngày"))
    basis = _basis()


class ImportForm(Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp danh mục"),
        allow_empty_file=True,
        help_text=gettext_lazy("Bảng tính .xlsx theo tệp mẫu, hoặc .json. Tối đa 30 MB."),
    )
    valid_from = DayField(label=gettext_lazy("Áp dụng từ ngày"))
