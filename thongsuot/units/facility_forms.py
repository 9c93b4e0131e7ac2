"""Forms of the pages about facilities and conversions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.units.facility_sheets import MOST_BYTES
from thongsuot.units.facts import ConversionFacts, FacilityDetailsFact
from thongsuot.units.forms import DegreesField
from thongsuot.units.models import Facility, FacilityConversion
from thongsuot.units.queries import FacilityRow
from thongsuot.web.forms import DayField, Form

_PLAIN = {"autocomplete": "off"}
_COUNTED = ("health_station", "health_point", "point")


class FacilityFileForm(Form):
    file = forms.FileField(
        label=_("Tệp cơ sở"),
        help_text=_("Tệp CSV UTF-8, mỗi dòng một cơ sở. Cơ sở đã có trong danh mục được giữ nguyên"),
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(
                gettext("Tệp lớn quá %(most)s MB. Hãy tách thành nhiều tệp.") % {"most": MOST_BYTES // 2**20}
            )
        return sent


class AsOfForm(Form):
    """Which day the register is asked for, and for which units or facilities."""

    ngay = DayField(label=_("Xem theo ngày"), required=False)
    q = forms.CharField(
        label=_("Tên, mã đơn vị hoặc cơ sở"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={**_PLAIN, "type": "search"}),
    )


class FacilityForm(Form):
    """How a facility is found, from a day on."""

    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False, widget=forms.TextInput(attrs=_PLAIN))
    opening_hours = forms.CharField(label=_("Giờ mở cửa"), max_length=200, required=False, widget=forms.TextInput(attrs=_PLAIN))
    phone = forms.CharField(
        label=_("Điện thoại"), max_length=20, required=False, widget=forms.TextInput(attrs={**_PLAIN, "type": "tel"})
    )
    latitude = DegreesField(label=_("Vĩ độ"), limit=90, required=False)
    longitude = DegreesField(label=_("Kinh độ"), limit=180, required=False)
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    @classmethod
    def about(cls, row: FacilityRow | None, *, on: date) -> dict[str, Any]:
        """What the form shows first."""
        known = {name: getattr(row, name) for name in cls.base_fields if name != "valid_from"} if row else {}
        return {**known, "valid_from": on}

    def fact(self) -> FacilityDetailsFact:
        return FacilityDetailsFact(**{name: value for name, value in self.cleaned_data.items() if name != "valid_from"})


class FacilityEndForm(Form):
    valid_to = DayField(label=_("Ngừng từ ngày"))
    reason = forms.CharField(label=_("Lý do, căn cứ"), max_length=500, widget=forms.TextInput(attrs=_PLAIN))


class ConversionForm(Form):
    """The head of a conversion. The counts are those of its text: the check holds the lines against them."""

    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, widget=forms.TextInput(attrs=_PLAIN))
    title = forms.CharField(label=_("Trích yếu"), max_length=300, widget=forms.TextInput(attrs=_PLAIN))
    signed_on = DayField(label=_("Ngày ký"), required=False)
    effective_on = DayField(label=_("Có hiệu lực từ 0 giờ ngày"))
    health_station = forms.IntegerField(
        label=_("Số trạm y tế trung tâm"), min_value=0, max_value=100_000, required=False, help_text=_("Như văn bản ghi")
    )
    health_point = forms.IntegerField(label=_("Số điểm y tế"), min_value=0, max_value=100_000, required=False)
    point = forms.IntegerField(label=_("Số điểm phục vụ đổi cơ quan quản lý"), min_value=0, max_value=100_000, required=False)

    @classmethod
    def about(cls, found: FacilityConversion) -> dict[str, Any]:
        head = {name: getattr(found, name) for name in ("number", "title", "signed_on", "effective_on")}
        return {**head, **{name: found.expected.get(name) for name in _COUNTED}}

    def fact(self) -> ConversionFacts:
        said = self.cleaned_data
        return ConversionFacts(
            number=said["number"],
            title=said["title"],
            signed_on=said["signed_on"],
            effective_on=said["effective_on"],
            expected={name: said[name] for name in _COUNTED if said[name] is not None},
        )


class FacilityLineForm(Form):
    """What a facility becomes. Codes are those of the register; an empty unit or name: as before."""

    facility_code = forms.CharField(
        label=_("Mã cơ sở"), max_length=20, widget=forms.TextInput(attrs={**_PLAIN, "class": "w12"})
    )
    kind = forms.ChoiceField(label=_("Trở thành"), choices=Facility.Kind.choices)
    parent_code = forms.CharField(
        label=_("Mã trạm quản lý"),
        max_length=20,
        required=False,
        help_text=_("Chỉ với điểm y tế"),
        widget=forms.TextInput(attrs={**_PLAIN, "class": "w12"}),
    )
    name = forms.CharField(
        label=_("Tên mới"),
        max_length=200,
        required=False,
        help_text=_("Để trống nếu giữ tên"),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    unit_code = forms.RegexField(
        r"^[0-9]{5}$",
        label=_("Mã xã, phường mới"),
        required=False,
        help_text=_("Để trống nếu vẫn ở đơn vị cũ"),
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "numeric", "class": "w4"}),
        error_messages={"invalid": _("Mã xã, phường gồm 5 chữ số.")},
    )


class PointLineForm(Form):
    """Another body runs a service point. `points`, `bodies`: those there are."""

    point = forms.TypedChoiceField(label=_("Điểm phục vụ"), coerce=int)
    managed_by = forms.TypedChoiceField(label=_("Cơ quan quản lý mới"), coerce=int)

    def __init__(self, *args: Any, points: Iterable[tuple[int, str]], bodies: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(point=[("", gettext("Chọn điểm phục vụ")), *points])
        self.offer(managed_by=[("", gettext("Chọn cơ quan")), *bodies])
