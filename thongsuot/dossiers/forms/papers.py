"""Forms about results and papers: changes, scans, copies, looking into a store. What is right is decided by the commands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.models import ResultChange
from thongsuot.web.forms import Form

_AREA = forms.Textarea(attrs={"rows": 3})


class PinField(forms.CharField):
    """A PIN is never shown again, not even to whoever typed it wrong."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("strip", False)
        kwargs["widget"] = forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "w12"})
        super().__init__(**kwargs)


class PageCountField(forms.IntegerField):
    """How many sides a paper has, counted by hand: a scan must have as many pictures."""

    def __init__(self, *, most: int = 2000, **kwargs: Any) -> None:
        wrong = format_lazy(_("Số trang là số, từ 1 đến {most}."), most=most)
        kwargs["widget"] = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w4"})
        kwargs["error_messages"] = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)
        super().__init__(min_value=1, max_value=most, **kwargs)


class OpenChangeForm(Form):
    kind = forms.ChoiceField(label=_("Việc cần làm"), choices=ResultChange.Kind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        widget=_AREA,
        help_text=_("Chủ hồ sơ đọc được lý do này. Không ghi dữ liệu riêng của người khác"),
    )
    basis = forms.CharField(
        label=_("Căn cứ"), max_length=300, help_text=_("Ví dụ: đơn ngày 20/11/2026, Điều 15 Luật Hộ tịch, biên bản kiểm tra")
    )


class DraftChangeForm(Form):
    title = forms.CharField(label=_("Tên văn bản"), max_length=300)
    file = forms.FileField(label=_("Tệp dự thảo"), help_text=_("PDF thì ký số được"))


class ReasonForm(Form):
    reason = forms.CharField(label=_("Lý do"), max_length=500, widget=_AREA)


class PersonPinForm(Form):
    pin = PinField(
        label=_("Mã PIN chứng thư số của bạn"),
        required=False,
        help_text=_("Để trống nếu ký tay trên giấy; văn bản khi đó ghi là chưa ký số"),
    )


class AgencyPinForm(Form):
    pin = PinField(
        label=_("Mã PIN chứng thư số của cơ quan"),
        required=False,
        help_text=_("Để trống nếu đóng dấu trên giấy; văn bản khi đó ghi là chưa ký số"),
    )


class NeededPinForm(Form):
    pin = PinField(label=_("Mã PIN"), error_messages={"required": _("Chưa nhập mã PIN. Hãy nhập mã PIN của chứng thư số.")})


class HandedForm(Form):
    handed_to = forms.CharField(label=_("Người nhận"), max_length=200)


class ScanForm(Form):
    file = forms.FileField(label=_("Bản quét"), help_text=_("Quét cả giấy, đúng thứ tự; trang có dán ghi chú quét hai lần"))
    pages = PageCountField(label=_("Số trang giấy"), help_text=_("Đếm trên giấy, để so với số ảnh trong tệp"))


class CheckForm(Form):
    reason = forms.CharField(
        label=_("Vì sao phải quét lại"),
        required=False,
        max_length=300,
        help_text=_("Chỉ ghi khi không đạt: mờ, thiếu trang, lệch, sai thứ tự"),
    )


class CopyForm(Form):
    title = forms.CharField(label=_("Tên bản chính"), max_length=300, help_text=_("Ví dụ: Bằng tốt nghiệp đại học"))
    original_number = forms.CharField(label=_("Số của bản chính"), required=False, max_length=60)
    original_issued_by = forms.CharField(label=_("Nơi cấp bản chính"), required=False, max_length=300)
    pages = PageCountField(most=1000, label=_("Số trang bản chính"), help_text=_("Phí tính theo số trang này"))
    file = forms.FileField(label=_("Bản quét từ bản chính"), help_text=_("PDF, quét màu từ 200 dpi, đủ trang"))
    original_shown = forms.BooleanField(
        label=_("Bản chính ở trước mặt tôi, bản quét đúng với bản chính"),
        error_messages={"required": _("Chưa đối chiếu với bản chính. Chỉ chứng thực khi bản chính ở trước mặt bạn.")},
    )


class LookForm(Form):
    reason = forms.CharField(label=_("Vì sao cần xem"), max_length=300, help_text=_("Chủ hồ sơ đọc được lý do này và tên bạn"))
