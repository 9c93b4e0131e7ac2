"""Forms of following a dossier: its code, the proof of whose it is, withdrawal, rating."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.counters import satisfaction
from thongsuot.dossiers.forms.drafts import PapersForm
from thongsuot.web.forms import Form


class TrackForm(Form):
    ma = forms.CharField(
        label=_("Mã hồ sơ"),
        max_length=200,
        help_text=_("Ở góc trên giấy hẹn, ví dụ H26.107-261120-0011; hoặc mã TS khi nộp trực tuyến"),
        error_messages={
            "required": _("Chưa có mã. Hãy nhập mã ở góc trên giấy hẹn."),
            "max_length": _("Mã này quá dài. Hãy xem lại mã ở góc trên giấy hẹn."),
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autocapitalize": "characters", "class": "w24"}),
    )


class SecretForm(Form):
    secret = forms.CharField(
        label=_("Bốn số cuối"),
        help_text=_("Của số định danh hoặc số điện thoại đã khai trong hồ sơ"),
        max_length=40,
        error_messages={"required": _("Chưa có bốn số cuối. Hãy nhập bốn chữ số cuối của số định danh hoặc điện thoại.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w4"}),
    )


class SupplementForm(PapersForm):
    """What was asked for: files by paper, and words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"] = forms.CharField(
            label=_("Lời nhắn cho nơi nhận"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": "4"}),
            help_text=_("Trả lời những điều không cần tệp"),
        )


class WithdrawForm(Form):
    reason = forms.CharField(label=_("Lý do"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": "3"}))


class RateForm(Form):
    level = forms.TypedChoiceField(
        label=_("Bạn hài lòng đến mức nào?"),
        choices=satisfaction.Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Chưa chọn mức. Hãy chọn một trong năm mức."),
            "invalid_choice": _("Hãy chọn một trong năm mức."),
        },
    )
    reasons = forms.MultipleChoiceField(
        label=_("Vì sao bạn chọn mức đó?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=satisfaction.Reason.choices,
    )
    comment = forms.CharField(
        label=_("Điều bạn muốn nói thêm"),
        required=False,
        max_length=1000,
        help_text=_("Đừng ghi tên hay số giấy tờ của ai"),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
