"""Forms of helping."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.assistance.models import Helper
from thongsuot.counters.satisfaction import Level, Reason
from thongsuot.web.forms import Form

_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "class": "w12"}
_PHONE = {"inputmode": "tel", "autocomplete": "off", "class": "w12"}


class ConsentForm(Form):
    """Whom, and for what. Sent by GET: nothing changes yet."""

    nguoi = forms.CharField(
        label=_("Số thẻ của người giúp"),
        max_length=30,
        help_text=_("In trên thẻ của họ, dạng TG-7H4P-22. Gõ chữ thường hay thiếu gạch nối đều được"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w12"}),
    )
    thu_tuc = forms.CharField(label=_("Thủ tục cần nộp"), max_length=200, help_text=_("Tên hoặc mã, ví dụ: khai sinh"))


class AsForm(Form):
    """As which of one's entries in the register; not asked of who has one."""

    tu_cach = forms.TypedChoiceField(label=_("Giúp với tư cách"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, helpers: list[Helper], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(tu_cach=[(one.pk, one.called) for one in helpers])
        if len(helpers) == 1:
            self.fields["tu_cach"].initial = helpers[0].pk
            self.fields["tu_cach"].widget = forms.HiddenInput()


class CodeForm(AsForm):
    code = forms.CharField(
        label=_("Mã đồng ý của người dân"),
        max_length=20,
        help_text=_("Sáu chữ số. Người dân đọc cho bạn, mỗi mã dùng một lần"),
        widget=forms.TextInput(attrs=_DIGITS),
    )


class WithoutAccountForm(AsForm):
    """Somebody who has no account: by a code sent to them, or on paper."""

    name = forms.CharField(
        label=_("Họ và tên người được giúp"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    procedure = forms.CharField(label=_("Mã thủ tục"), max_length=20, help_text=_("Xem ở trang Thủ tục, dạng 1.001193"))
    how = forms.ChoiceField(
        label=_("Người dân đồng ý bằng cách nào?"),
        widget=forms.RadioSelect,
        choices=[("code", _("Mã gửi đến thư hoặc điện thoại của họ")), ("paper", _("Giấy đồng ý đã ký"))],
    )
    email = forms.CharField(
        label=_("Thư điện tử của người dân"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Điện thoại của người dân"), max_length=20, required=False, widget=forms.TextInput(attrs=_PHONE)
    )
    scan = forms.FileField(
        label=_("Ảnh hoặc bản quét giấy đồng ý"),
        required=False,
        help_text=_("Chụp đủ bốn góc, thấy rõ chữ ký. JPG, PNG hoặc PDF"),
    )


class RateForm(Form):
    level = forms.TypedChoiceField(
        label=_("Bạn hài lòng với người giúp đến mức nào?"),
        choices=Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Hãy chọn một trong năm mức.")},
    )
    reasons = forms.MultipleChoiceField(
        label=_("Điều gì làm bạn chọn mức đó?"), required=False, widget=forms.CheckboxSelectMultiple, choices=Reason.choices
    )


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Lý do xem"), max_length=300, help_text=_("Được ghi lại và người liên quan đọc được"), widget=forms.TextInput
    )
