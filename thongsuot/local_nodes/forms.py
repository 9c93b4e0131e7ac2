"""Forms about local nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.local_nodes.actions.nodes import ADDRESS_AT_MOST, NAME_AT_MOST
from thongsuot.local_nodes.rules import CODE_DIGITS, FIRST_NUMBER
from thongsuot.web.forms import Form


class NodeForm(Form):
    name = forms.CharField(label=_("Tên máy"), max_length=NAME_AT_MOST, help_text=_("Ví dụ: Máy ở phòng máy chủ"))
    address = forms.CharField(
        label=_("Địa chỉ trong mạng của điểm"), max_length=ADDRESS_AT_MOST, help_text=_("Ví dụ: http://192.168.1.10:8000")
    )
    first_number = forms.IntegerField(
        label=_("Số đầu tiên khi mất đường truyền"),
        initial=FIRST_NUMBER,
        help_text=_("Cao hơn mọi số mà một hàng chờ cấp trong ngày, để không số nào cấp hai lần."),
    )


class ComeInForm(Form):
    person = forms.TypedChoiceField(label=_("Cán bộ"), coerce=int)
    code = forms.CharField(
        label=_("Mã tại chỗ"),
        max_length=CODE_DIGITS + 4,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "w8"}),
        help_text=_("Sáu chữ số đã tạo trên trang của thành phố."),
    )

    def __init__(self, *args: Any, officers: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(officers)  # type: ignore[attr-defined]  # a choice field
