"""Forms about old registers: the file, and what an unclear row becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.registers.models import Kind, Proposal
from thongsuot.registers.rules.reasons import DOUBTS, NEVER_STAND
from thongsuot.web.forms import Form


class SendForm(Form):
    unit = forms.TypedChoiceField(label=_("Đơn vị giữ sổ"), coerce=int)
    kind = forms.ChoiceField(label=_("Loại sổ"), choices=Kind.choices)
    default_place = forms.CharField(
        label=_("Nơi đăng ký khi dòng để trống"),
        required=False,
        max_length=300,
        help_text=_("Tên khi đăng ký, ví dụ: phường Hàng Bạc, quận Hoàn Kiếm, thành phố Hà Nội."),
        widget=forms.TextInput(attrs={"list": "noi-cu"}),
    )
    file = forms.FileField(
        label=_("Tệp sổ cũ (.xlsx hoặc .csv)"), help_text=_("Tối đa 60 MB và 200.000 dòng, theo đúng tệp mẫu.")
    )

    def __init__(self, units: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=units)


class ProposalForm(Form):
    """Beside the row's own fields."""

    way = forms.ChoiceField(label=_("Dòng này"), choices=Proposal.Way.choices, widget=forms.RadioSelect, initial="store")
    place_unit = forms.TypedChoiceField(label=_("Nơi đăng ký là"), coerce=int, empty_value=None, required=False)
    settled = forms.MultipleChoiceField(label=_("Đã đối chiếu, để nguyên"), widget=forms.CheckboxSelectMultiple, required=False)
    why = forms.CharField(
        label=_("Căn cứ"),
        max_length=500,
        help_text=_("Đã đối chiếu với gì, ví dụ: trang 12 sổ giấy."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, places: Sequence[tuple[int, str]], doubts: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(place_unit=[("", _("Như chữ đã ghi")), *places])
        standing = [(code, DOUBTS[code]) for code in doubts if code in DOUBTS and code not in NEVER_STAND]
        if standing:
            self.offer(settled=standing)
        else:
            del self.fields["settled"]


class DecisionForm(Form):
    note = forms.CharField(label=_("Ý kiến"), required=False, max_length=500, help_text=_("Bắt buộc khi trả lại."))
