"""Forms of paper on its way: what goes on a trip, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import Form


class SendForm(Form):
    """The papers picked of one destination."""

    debts = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": _("Hãy chọn ít nhất một hồ sơ để gửi.")})
    carrier = forms.CharField(label=_("Người vận chuyển"), max_length=200, required=False)

    def __init__(self, *args: Any, debts: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(debts=[(debt, str(debt)) for debt in debts])


class ReceiveForm(Form):
    """What came: each dossier is there unless words say what of it is missing."""

    discrepancies = forms.CharField(
        label=_("Điều khác không khớp"), required=False, max_length=500, help_text=_("Ví dụ: bì thư rách, sai số bản.")
    )

    def __init__(self, *args: Any, rows: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids = [debt for debt, _code in rows]
        for debt, code in rows:
            self.fields[f"thieu-{debt}"] = forms.BooleanField(
                label=gettext("%(code)s: không đủ") % {"code": code}, required=False
            )
            self.fields[f"ghi-{debt}"] = forms.CharField(
                label=gettext("%(code)s thiếu gì") % {"code": code}, required=False, max_length=300
            )

    def missing(self) -> dict[int, str]:
        """What did not come, by debt. Only after `is_valid()`."""
        given = self.cleaned_data
        return {debt: given[f"ghi-{debt}"] for debt in self.ids if given[f"thieu-{debt}"] or given[f"ghi-{debt}"]}


class CodeForm(Form):
    ma = forms.CharField(label=_("Mã ký nhận trên phiếu"), max_length=20, help_text=_("Ví dụ: GN-7H4P-22KM"))
