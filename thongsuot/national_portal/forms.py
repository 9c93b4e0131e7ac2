"""Forms of the pages of the sync."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import DayField, Form


class OffForm(Form):
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=300,
        help_text=_("Cả thành phố đọc được, ví dụ: đang đổi đường truyền, xong trong chiều nay"),
    )


class DayForm(Form):
    ngay = DayField(label=_("Ngày tiếp nhận"), help_text=_("Ví dụ: 20/11/2026"))
