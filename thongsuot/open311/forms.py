"""Forms of keys and terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.open311.actions.keys import MOST_AN_HOUR
from thongsuot.web.forms import DayField, Form


class KeyForm(Form):
    organisation = forms.CharField(label=_("Tổ chức dùng khóa"), max_length=200)
    contact = forms.EmailField(label=_("Thư điện tử của người phụ trách"), help_text=_("Để báo khi khóa sắp đổi hoặc có sự cố"))
    limit_hour = forms.IntegerField(
        label=_("Số lượt gọi mỗi giờ"), min_value=1, max_value=MOST_AN_HOUR, initial=1000, help_text=_("Đọc và gửi tính chung")
    )
    may_report = forms.BooleanField(label=_("Được gửi phản ánh"), required=False, initial=True)
    may_update = forms.BooleanField(label=_("Được gửi bổ sung cho phản ánh đã gửi"), required=False, initial=True)
    for_tests = forms.BooleanField(
        label=_("Chỉ để thử"), required=False, help_text=_("Nội dung gửi được kiểm tra như thật rồi bỏ, không lưu gì")
    )
    goes_on = forms.TypedChoiceField(
        label=_("Nối tiếp khóa đã cấp"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Khi đổi khóa của cùng một tổ chức: khóa mới xem và bổ sung được các phản ánh khóa cũ đã gửi"),
    )
    valid_from = DayField(label=_("Dùng từ ngày"))
    valid_to = DayField(label=_("Hết hạn ngày"), required=False, help_text=_("Ngày đầu tiên không còn dùng được"))

    def __init__(self, *args: Any, keys: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(goes_on=[("", gettext("Không, là khóa của bên mới")), *keys])


class TermsForm(Form):
    keyless = forms.BooleanField(
        label=_("Nhận phản ánh không cần khóa"), required=False, help_text=_("Giới hạn theo địa chỉ mạng của bên gửi")
    )
    by_token = forms.BooleanField(
        label=_("Trả mã tạm trước, số phản ánh sau"),
        required=False,
        help_text=_("Phần mềm dùng mã tạm (token) để hỏi số phản ánh"),
    )
    read_hour = forms.IntegerField(label=_("Lượt đọc mỗi giờ, không khóa"), min_value=1, max_value=MOST_AN_HOUR)
    keyless_hour = forms.IntegerField(label=_("Phản ánh mỗi giờ, không khóa"), min_value=1, max_value=MOST_AN_HOUR)
    from_day = DayField(label=_("Áp dụng từ ngày"))
    basis = forms.CharField(label=_("Căn cứ"), max_length=200)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "from_day"}
