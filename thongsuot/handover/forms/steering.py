"""Forms of the changeover's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import DayField, Form


class ChooseForm(Form):
    """Where the picked things go. `units`: those that may receive them."""

    to_unit_id = forms.TypedChoiceField(label=_("Đơn vị nhận"), coerce=int)
    why = forms.CharField(
        label=_("Căn cứ chọn"),
        max_length=300,
        required=False,
        help_text=_("Ví dụ: chủ hồ sơ ở tổ dân phố số 5, theo trao đổi ngày 01/07"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_unit_id=[("", gettext("Chọn đơn vị")), *units])


class DueRuleForm(Form):
    """By how many working days promises of before are kept later, when the decision says so."""

    days = forms.IntegerField(
        label=_("Lùi ngày hẹn bao nhiêu ngày làm việc"), min_value=0, max_value=60, help_text=_("0: giữ nguyên")
    )
    basis = forms.CharField(label=_("Theo văn bản nào"), max_length=300, required=False)


class GoForm(Form):
    """The document by which new units may begin."""

    basis = forms.CharField(label=_("Cho chuyển theo văn bản nào"), max_length=300, help_text=_("Số, ngày, cơ quan ban hành"))


class RepresentativeForm(Form):
    """Who hands over for a unit after it ended. `units`: the ended ones."""

    unit_id = forms.TypedChoiceField(label=_("Đơn vị kết thúc"), coerce=int)
    email = forms.EmailField(
        label=_("Thư điện tử của người bàn giao"), help_text=_("Tài khoản đang mở, nay ở đơn vị nào cũng được")
    )
    title = forms.CharField(label=_("Chức vụ khi bàn giao"), max_length=200, help_text=_("Ví dụ: Chủ tịch UBND Phường Bến"))
    heads = forms.BooleanField(label=_("Ký biên bản thay đơn vị"), required=False)

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit_id=[("", gettext("Chọn đơn vị")), *units])


class OldDossiersForm(Form):
    file = forms.FileField(
        label=_("Tệp hồ sơ của phần mềm cũ (.xlsx hoặc .csv)"),
        help_text=_("Theo đúng tệp mẫu, tối đa 10.000 dòng một tệp. Sai một dòng thì chưa nhập gì"),
    )


class SurplusForm(Form):
    """ "6 rõ" for premises nobody needs."""

    person = forms.CharField(label=_("Rõ người"), max_length=200, help_text=_("Ai làm"))
    work = forms.CharField(label=_("Rõ việc"), max_length=500, help_text=_("Ví dụ: bán đấu giá, giao trường học"))
    by_day = DayField(label=_("Rõ thời gian"), help_text=_("Xong trước ngày nào, trong các năm 2025 đến 2029"))
    answers_for = forms.CharField(label=_("Rõ trách nhiệm"), max_length=500, help_text=_("Cơ quan, người chịu trách nhiệm"))
    product = forms.CharField(label=_("Rõ sản phẩm"), max_length=500, help_text=_("Ví dụ: quyết định giao, hợp đồng"))
    authority = forms.CharField(label=_("Rõ thẩm quyền"), max_length=500, help_text=_("Ai quyết định, theo văn bản nào"))


class SurplusDoneForm(Form):
    note = forms.CharField(label=_("Kết quả"), max_length=500, help_text=_("Đã làm gì, theo văn bản nào"))


class PeriodForm(Form):
    """The first and the last day, at most a month apart."""

    tu = DayField(label=_("Từ ngày"))
    den = DayField(label=_("Đến ngày"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("tu") and said.get("den") and not 0 <= (said["den"] - said["tu"]).days <= 30:
            self.add_error("den", gettext("Ngày cuối từ ngày đầu trở đi, nhiều nhất 31 ngày."))
        return said


class SealForm(Form):
    """The seal a new unit received. `units`: the new ones."""

    unit_id = forms.TypedChoiceField(label=_("Đơn vị mới"), coerce=int)
    kind = forms.ChoiceField(label=_("Loại con dấu"))
    registration = forms.CharField(label=_("Số đăng ký mẫu dấu"), max_length=60)
    received_on = DayField(label=_("Ngày nhận"))

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit_id=[("", gettext("Chọn đơn vị")), *units])
        self.offer(kind=[(one, one) for one in kinds])
