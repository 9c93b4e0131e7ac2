"""Forms about people on the lists, old lists and months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from thongsuot.allowances.models import Beneficiary, Payer
from thongsuot.allowances.rules import month_of
from thongsuot.web.forms import Form

Choices = Sequence[tuple[Any, Any]]


class MonthField(forms.CharField):
    """A month: 7/2025, 07/2025 or 2025-07."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w12"})
    default_error_messages = {"invalid": _("Chưa đọc được tháng này. Hãy ghi tháng và năm, ví dụ: 07/2025.")}

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        month = month_of(text)
        if month is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return month

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%Y}" if isinstance(value, date) else value


class PersonForm(Form):
    """What may be changed of a person; its fields are called as the columns of the list."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    born = forms.CharField(label=_("Ngày sinh"), required=False, max_length=10, help_text=_("Ngày, tháng, năm; hoặc chỉ năm."))
    address = forms.CharField(
        label=_("Nơi ở"), required=False, max_length=300, help_text=_("Số nhà, đường hoặc thôn, tổ; phường, xã.")
    )
    coefficient = forms.CharField(
        label=_("Hệ số riêng"), required=False, max_length=6, help_text=_("Để trống khi theo hệ số của nhóm.")
    )
    amount = forms.CharField(
        label=_("Số tiền riêng mỗi tháng"),
        required=False,
        max_length=20,
        help_text=_("Đồng. Người có công: mức ghi trong quyết định."),
    )
    payer = forms.ChoiceField(label=_("Trả qua"), choices=Payer.choices, widget=forms.RadioSelect)
    bank = forms.CharField(label=_("Ngân hàng"), required=False, max_length=100)
    account = forms.CharField(
        label=_("Số tài khoản"), required=False, max_length=40, help_text=_("Bắt buộc khi trả qua ngân hàng.")
    )
    cash_point = forms.CharField(
        label=_("Điểm chi trả"), required=False, max_length=200, help_text=_("Bắt buộc khi trả qua bưu điện.")
    )
    receiver_name = forms.CharField(label=_("Người nhận thay"), required=False, max_length=200)
    receiver_id_number = forms.CharField(label=_("Số định danh người nhận thay"), required=False, max_length=20)
    receiver_paper = forms.CharField(label=_("Giấy ủy quyền"), required=False, max_length=200)


class NewPersonForm(PersonForm):
    unit = forms.TypedChoiceField(label=_("Danh sách của"), coerce=int)
    group = forms.ChoiceField(label=_("Nhóm đối tượng"))
    id_number = forms.CharField(label=_("Số định danh"), max_length=20, help_text=_("Đủ 12 chữ số."))
    start = MonthField(label=_("Hưởng từ tháng"), help_text=_("Tháng và năm, ví dụ: 07/2025."))

    field_order = ("unit", "group", "full_name", "id_number", "born", "address", "start")

    def __init__(self, units: Choices, groups: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=list(units))
        self.offer(group=[("", _("Chọn nhóm")), *groups])


class StopForm(Form):
    stop_month = MonthField(label=_("Thôi hưởng từ tháng"), help_text=_("Tháng đầu tiên không trả nữa, ví dụ: 08/2025."))
    reason = forms.ChoiceField(label=_("Lý do"), choices=Beneficiary.Stop.choices, widget=forms.RadioSelect)


class HandForm(Form):
    unit = forms.TypedChoiceField(label=_("Chuyển sang danh sách của"), coerce=int)

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=list(units))


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Vì sao cần mở"),
        max_length=300,
        help_text=_("Ghi mã hồ sơ hoặc việc đang làm. Lý do được lưu cùng tên bạn; người hưởng có tài khoản xem được."),
    )


class SearchForm(Form):
    words = forms.CharField(
        label=_("Tìm theo họ tên hoặc số định danh"), required=False, max_length=200, help_text=_("Tên gõ không dấu cũng được.")
    )


class SendForm(Form):
    unit = forms.TypedChoiceField(label=_("Danh sách của"), coerce=int)
    month = MonthField(
        label=_("Danh sách chi trả tháng"), help_text=_("Mã đơn vị trong tệp được hiểu theo tháng này, ví dụ: 06/2025.")
    )
    file = forms.FileField(label=_("Tệp danh sách (.xlsx hoặc .csv)"), help_text=_("Tối đa 60 MB, theo đúng tệp mẫu."))

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=list(units))


class MonthForm(Form):
    month = MonthField(label=_("Kỳ của tháng"))


class ReturnForm(Form):
    reason = forms.CharField(label=_("Lý do trả lại"), max_length=300)


class ReopenForm(Form):
    reason = forms.CharField(label=_("Lý do mở lại sổ"), max_length=300)


class ApproveForm(Form):
    """What stands out must have been seen: its figures as the page showed them, and the tick."""

    figures = forms.CharField(max_length=60, widget=forms.HiddenInput)
    accept = forms.BooleanField(label=_("Đã xem và chấp nhận các số liệu phải xem trước khi duyệt"))


class CloseForm(Form):
    """The sum that stays unpaid must have been seen."""

    unpaid = forms.IntegerField(widget=forms.HiddenInput)
    unpaid_dong = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(label=_("Xác nhận số khoản và số tiền chưa trả được"))


class ReportForm(Form):
    file = forms.FileField(
        label=_("Tệp kết quả (.csv hoặc .xlsx)"),
        help_text=_("Có cột “Mã chi trả” và “Kết quả”; lý do không ghi tên hay số giấy tờ của ai."),
    )


class SettleForm(Form):
    note = forms.CharField(
        label=_("Đã xác minh"), max_length=300, help_text=_("Với ai, bằng gì, ví dụ: sao kê ngày 12/10/2025.")
    )
