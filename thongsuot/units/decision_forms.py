"""Forms of the pages about decisions on units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.units.facts import PlanFacts, PlannedSuccessionFact, PlannedUnitFact
from thongsuot.units.models import Decision, PlannedUnit, Succession, UnitName
from thongsuot.units.sheets import MOST_BYTES
from thongsuot.web.forms import DayField, Form

_PLAIN = {"autocomplete": "off"}
_KINDS = [(kind.value, kind.label) for kind in (UnitName.Kind.WARD, UnitName.Kind.COMMUNE, UnitName.Kind.SPECIAL_ZONE)]
_COUNTED = {"phuong": UnitName.Kind.WARD, "xa": UnitName.Kind.COMMUNE, "dac_khu": UnitName.Kind.SPECIAL_ZONE}


class DecisionFileForm(Form):
    file = forms.FileField(
        label=_("Tệp quyết định"),
        help_text=_("Tệp CSV UTF-8, mỗi dòng một cặp đơn vị cũ, đơn vị mới. Một tệp có thể chứa nhiều quyết định"),
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(gettext("Tệp lớn quá 20 MB. Hãy tách thành nhiều tệp."))
        return sent


class DecisionForm(Form):
    """A decision written here. The counts are those of its text: the check holds the lines against them."""

    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=60, help_text=_("Ví dụ: 1656/NQ-UBTVQH15"), widget=forms.TextInput(attrs=_PLAIN)
    )
    title = forms.CharField(label=_("Trích yếu"), max_length=300, widget=forms.TextInput(attrs=_PLAIN))
    signed_on = DayField(label=_("Ngày ký"), required=False)
    effective_on = DayField(label=_("Có hiệu lực từ 0 giờ ngày"))
    phuong = forms.IntegerField(label=_("Số phường thành lập"), min_value=0, max_value=10_000, required=False)
    xa = forms.IntegerField(label=_("Số xã thành lập"), min_value=0, max_value=10_000, required=False)
    dac_khu = forms.IntegerField(label=_("Số đặc khu thành lập"), min_value=0, max_value=10_000, required=False)

    @staticmethod
    def said_by(decision: Decision) -> dict[str, Any]:
        """What a decision says, for the form that puts its head right."""
        return {
            **{name: getattr(decision, name) for name in ("number", "title", "signed_on", "effective_on")},
            **{name: decision.expected.get(kind.value) for name, kind in _COUNTED.items()},
        }

    def plan(self, province_code: str) -> PlanFacts:
        said = self.cleaned_data
        return PlanFacts(
            number=said["number"],
            title=said["title"],
            signed_on=said["signed_on"],
            effective_on=said["effective_on"],
            province_code=province_code,
            expected={kind.value: said[name] for name, kind in _COUNTED.items() if said[name] is not None},
        )


class PlannedUnitForm(Form):
    """A unit that begins, or goes on under another name."""

    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=_KINDS)
    name = forms.CharField(
        label=_("Tên"), max_length=120, help_text=_("Không kèm loại: Hoàn Kiếm"), widget=forms.TextInput(attrs=_PLAIN)
    )
    changes = forms.BooleanField(label=_("Đơn vị này đang hoạt động và chỉ đổi tên, đổi loại"), required=False)

    def fact(self, code: str, parent_code: str) -> PlannedUnitFact:
        said = self.cleaned_data
        return PlannedUnitFact(
            what=PlannedUnit.What.CHANGES if said["changes"] else PlannedUnit.What.BEGINS,
            code=code,
            level="commune",
            parent_code=parent_code,
            kind=said["kind"],
            name=said["name"],
        )


class OriginForm(Form):
    """What a new unit is made of: one old unit, or a part of it."""

    old_code = forms.RegexField(
        r"^[0-9]{3}([0-9]{2})?$",
        label=_("Mã đơn vị cũ"),
        help_text=_("5 chữ số của phường, xã; 3 chữ số của huyện đảo không có xã"),
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "numeric", "class": "w4"}),
        error_messages={"invalid": _("Mã gồm 5 chữ số, hoặc 3 chữ số của huyện.")},
    )
    extent = forms.ChoiceField(label=_("Phần chuyển sang"), choices=Succession.Extent.choices)
    part = forms.CharField(
        label=_("Mô tả phần chuyển sang"),
        max_length=2000,
        required=False,
        help_text=_("Như trong quyết định, khi chỉ chuyển một phần"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    likeliest = forms.BooleanField(label=_("Phần lớn dân cư của đơn vị cũ ở phần này"), required=False)

    def fact(self, new_code: str) -> PlannedSuccessionFact:
        said = self.cleaned_data
        return PlannedSuccessionFact(
            old_code=said["old_code"],
            new_code=new_code,
            extent=said["extent"],
            likeliest=said["likeliest"],
            part=said["part"],
        )


class PartForm(Form):
    part = forms.CharField(
        label=_("Mô tả"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3, **_PLAIN})
    )
    places = forms.CharField(
        label=_("Đường, thôn, tổ dân phố của phần này"),
        max_length=60_000,
        required=False,
        help_text=_("Mỗi dòng một tên, như người dân ghi trong địa chỉ: tổ dân phố số 5, thôn Đông, phố Hàng Bạc"),
        widget=forms.Textarea(attrs={"rows": 12, **_PLAIN}),
    )

    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["places"].splitlines() if line.strip()]


class ReasonForm(Form):
    reason = forms.CharField(label=_("Lý do"), max_length=500, widget=forms.TextInput(attrs=_PLAIN))
