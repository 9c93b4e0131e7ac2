"""Fields of administrators' forms: lines, amounts, hours, whole numbers and JSON, each saying in Vietnamese what it expects."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from thongsuot.procedures import notation


class Whole(forms.IntegerField):
    """A whole number within bounds, with one sentence for everything that is none."""

    def __init__(self, least: int, most: int, **facts: Any) -> None:
        super().__init__(
            min_value=least,
            max_value=most,
            **facts,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w4", "autocomplete": "off"}),
        )

    def clean(self, value: Any) -> Any:
        if value not in self.empty_values:
            try:
                return super().clean(value)
            except ValidationError as error:
                raise ValidationError(
                    _("Hãy nhập số từ %(least)s đến %(most)s.") % {"least": self.min_value, "most": self.max_value}
                ) from error
        return super().clean(value)


class Lines(forms.CharField):
    """A text area whose lines are read by a function of `notation`."""

    def __init__(self, read: Any, rows: int = 6, **facts: Any) -> None:
        self.read = read
        widget = forms.Textarea(attrs={"rows": str(rows)}) if rows > 1 else forms.TextInput()
        super().__init__(widget=widget, max_length=60_000, **facts)

    def clean(self, value: Any) -> Any:
        try:
            return self.read(super().clean(value))
        except notation.NotRead as refusal:
            raise ValidationError(str(refusal)) from refusal


class Amount(forms.CharField):
    """Whole đồng, as people write them: 10.000."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w12", "autocomplete": "off"}), **facts)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return notation.amount(text)
        except notation.NotRead as refusal:
            raise ValidationError(str(refusal)) from refusal


class Hours(forms.CharField):
    """Working hours with a comma or a point, kept as whole minutes: 4; 0,5; 1.25."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "w4", "autocomplete": "off"}), **facts)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(",", ".")
        if not text:
            return 0
        try:
            minutes = round(float(text) * 60)
        except (ValueError, OverflowError):
            minutes = -1
        if not 0 <= minutes <= 10_000_000:
            raise ValidationError(_("Số giờ phải là số từ 0 trở lên, ví dụ: 4 hoặc 0,5."))
        return minutes


class JsonField(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return {}
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("Biểu mẫu chưa phải JSON hợp lệ. Hãy kiểm tra dấu ngoặc, dấu phẩy.")) from error
        if not isinstance(found, dict):
            raise ValidationError(_("Biểu mẫu phải là một đối tượng JSON."))
        return found
