"""Forms of the changeover's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import Form


class ChooseForm(Form):
    """Where the picked things go. `units`: those that may receive them."""

    to_unit_id = forms.TypedChoiceField(label=_("Đơn vị nhận"), coerce=int)
    why = forms.CharField(
        label=_("Căn cứ chọn"),
        max_length=300,
        required=False,
        help_text=_("Ví dụ: chủ hồ sơ ở tổ dân phố số 5, theo trao đổi ngày 01/07"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit_id"].choices = [("", gettext("Chọn đơn vị")), *units]  # type: ignore[attr-defined]
