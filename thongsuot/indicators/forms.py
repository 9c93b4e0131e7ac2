"""The period asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.words import Stream
from thongsuot.web.forms import DayField, Form


class FirstDayForm(Form):
    """The first of fifteen days."""

    tu = DayField(label=_("Ngày đầu"))

    def clean_tu(self) -> Any:
        first = self.cleaned_data["tu"]
        if not 2000 <= first.year <= 2200:
            self.add_error("tu", gettext("Ngày đầu phải từ năm 2000 đến năm 2200."))
        return first


class StreamsForm(Form):
    """Which streams of feedback an item counts, from a day on."""

    streams = forms.MultipleChoiceField(label=_("Luồng được tính"), choices=Stream.choices, widget=forms.CheckboxSelectMultiple)
    basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_("Văn bản nói tính những luồng nào."))
    checked = forms.BooleanField(
        label=_("Đã đối chiếu văn bản"), required=False, help_text=_("Bỏ dấu thì chỉ số hiện là cần đối chiếu.")
    )
    valid_from = DayField(label=_("Từ ngày"), help_text=_("Kỳ được tính theo ngày cuối kỳ; kỳ đã qua không đổi."))
