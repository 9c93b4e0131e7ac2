"""Forms of the outbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import Form


class ReadForm(Form):
    reason = forms.CharField(
        label=_("Lý do xem"),
        max_length=300,
        help_text=_("Ghi việc đang làm. Lý do được lưu lại, và người nhận đọc được nếu có tài khoản."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
