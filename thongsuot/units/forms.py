"""Forms of the pages about units, service points and the calendar."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.units.facts import CalendarChange, DayFact, HoursFact, PointFact, ServingChange
from thongsuot.units.finding import LONGEST_TEXT
from thongsuot.units.models import Body, CalendarDay
from thongsuot.units.queries import AgencyRow, HoursRow, PointRow
from thongsuot.web.forms import DayField, Form

_PLAIN = {"autocomplete": "off"}

# Bodies that receive or resolve in their own name.
_AGENCY_KINDS = [
    (kind.value, kind.label)
    for kind in (
        Body.Kind.DEPARTMENT,
        Body.Kind.BRANCH,
        Body.Kind.TAX,
        Body.Kind.LAND_REGISTRATION,
        Body.Kind.POLICE,
        Body.Kind.SOCIAL_INSURANCE,
        Body.Kind.PUBLIC_SERVICE_UNIT,
    )
]


class DegreesField(forms.CharField):
    """A coordinate in degrees, with a point or a comma: 21.0285 or 21,0285. Empty gives None."""

    widget = forms.TextInput(attrs={**_PLAIN, "inputmode": "decimal"})

    def __init__(self, *, limit: float, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.limit = limit

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.5f}" if isinstance(value, float) else value

    def clean(self, value: Any) -> float | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            degrees = float(text.replace(",", "."))
        except ValueError:
            degrees = math.nan
        if not abs(degrees) <= self.limit:  # also when it is not a number
            raise ValidationError(gettext("Tọa độ là một số theo độ, ví dụ: 21,0285."))
        return degrees


class FindForm(Form):
    q = forms.CharField(
        label=_("Nơi ở, theo tên cũ hoặc tên mới"),
        max_length=LONGEST_TEXT,
        help_text=_("Số nhà, đường nếu có, rồi phường hoặc xã, quận hoặc huyện. Không cần dấu."),
        widget=forms.TextInput(attrs={"type": "search", **_PLAIN}),
        error_messages={
            "max_length": _("Địa chỉ quá dài. Hãy chỉ ghi số nhà, tên đường, phường hoặc xã, quận hoặc huyện, tỉnh.")
        },
    )


class PlaceForm(Form):
    lat = DegreesField(label=_("Vĩ độ"), help_text=_("Ví dụ: 21,0337"), limit=90)
    lon = DegreesField(label=_("Kinh độ"), help_text=_("Ví dụ: 105,8500"), limit=180)


class PointForm(Form):
    """How a service point is found, from a day on."""

    name = forms.CharField(label=_("Tên điểm phục vụ"), max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, widget=forms.TextInput(attrs=_PLAIN))
    opening_hours = forms.CharField(label=_("Giờ mở cửa"), max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, widget=forms.TextInput(attrs={**_PLAIN, "type": "tel"}))
    latitude = DegreesField(label=_("Vĩ độ"), limit=90, required=False)
    longitude = DegreesField(label=_("Kinh độ"), limit=180, required=False)
    is_example = forms.BooleanField(
        label=_("Đây vẫn là giá trị mẫu"), required=False, help_text=_("Người dân sẽ thấy chữ “Mẫu” bên cạnh địa chỉ")
    )
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    @classmethod
    def about(cls, point: PointRow, *, on: date) -> dict[str, Any]:
        """What the form shows first."""
        return {**{name: getattr(point, name) for name in cls.base_fields if name != "valid_from"}, "valid_from": on}

    def facts(self) -> PointFact:
        return PointFact(**{name: value for name, value in self.cleaned_data.items() if name != "valid_from"})


class MoveForm(Form):
    """Another body runs the point, from a day on. `bodies`: those that can."""

    to_body_id = forms.TypedChoiceField(label=_("Cơ quan quản lý mới"), coerce=int)
    valid_from = DayField(label=_("Từ ngày"))
    basis = forms.CharField(
        label=_("Căn cứ"), max_length=200, help_text=_("Số và ngày của quyết định"), widget=forms.TextInput(attrs=_PLAIN)
    )

    def __init__(self, *args: Any, bodies: Iterable[tuple[int, str]], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_body_id=[("", gettext("Chọn cơ quan")), *bodies])
        self.fields["valid_from"].initial = on


class AgencyForm(Form):
    """A body of the city that receives or resolves in its own name. `above`: the bodies it can be part of."""

    kind = forms.ChoiceField(label=_("Loại cơ quan"))
    name = forms.CharField(
        label=_("Tên cơ quan"),
        max_length=120,
        help_text=_("Trùng tên và loại với một cơ quan đang có trong sơ đồ thành phố thì chính cơ quan đó được lập"),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    sign = forms.CharField(
        label=_("Ký hiệu"),
        min_length=3,
        max_length=3,
        help_text=_("Ba ký tự, chữ cái trước, ví dụ T02. Mã của cơ quan gồm mã thành phố và ký hiệu này"),
        widget=forms.TextInput(attrs={**_PLAIN, "class": "w4"}),
    )
    identifier = forms.CharField(
        label=_("Mã định danh điện tử"),
        max_length=35,
        help_text=_("Mã hồ sơ của cơ quan bắt đầu bằng mã này, ví dụ H26.7"),
        widget=forms.TextInput(attrs={**_PLAIN, "class": "w12"}),
    )
    identifier_is_example = forms.BooleanField(label=_("Mã định danh này là giá trị mẫu, sẽ thay bằng mã thật"), required=False)
    part_of_id = forms.TypedChoiceField(label=_("Trực thuộc"), coerce=int, empty_value=None, required=False)
    day = DayField(label=_("Hoạt động từ ngày"))

    def __init__(self, *args: Any, above: Iterable[tuple[int, str]], on: date, prefix_of_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix_of_code = prefix_of_code
        self.offer(kind=[("", gettext("Chọn loại cơ quan")), *_AGENCY_KINDS])
        self.offer(part_of_id=[("", gettext("Không trực thuộc cơ quan nào")), *above])
        self.fields["day"].initial = on

    def clean_sign(self) -> str:
        sign = str(self.cleaned_data["sign"]).upper()
        if not re.fullmatch(r"[A-Z][A-Z0-9]{2}", sign):
            raise ValidationError(gettext("Ký hiệu gồm một chữ cái rồi hai chữ cái hoặc chữ số, không dấu, ví dụ: T02."))
        return sign

    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"code": self.prefix_of_code + data.pop("sign"), "valid_from": data.pop("day"), **data}


class ChangeAgencyForm(Form):
    """What an agency is called from a day on, what it is part of, its real identifier once it is known."""

    name = forms.CharField(label=_("Tên cơ quan"), max_length=120, widget=forms.TextInput(attrs=_PLAIN))
    day = DayField(
        label=_("Tên áp dụng từ ngày"), help_text=_("Chỉ dùng khi đổi tên. Tên cũ vẫn được giữ với thời gian của nó")
    )
    part_of_id = forms.TypedChoiceField(label=_("Trực thuộc"), coerce=int, empty_value=None, required=False)
    identifier = forms.CharField(
        label=_("Mã định danh điện tử"),
        max_length=35,
        help_text=_("Chỉ thay được khi mã đang có là giá trị mẫu"),
        widget=forms.TextInput(attrs={**_PLAIN, "class": "w12"}),
    )

    def __init__(self, *args: Any, above: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(part_of_id=[("", gettext("Không trực thuộc cơ quan nào")), *above])

    @staticmethod
    def about(row: AgencyRow, *, on: date) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "name": row.unit.full_name,
            "day": on,
            "part_of_id": row.part_of_id,
            "identifier": row.unit.agency_identifier,
        }

    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"valid_from": data.pop("day"), **data}


class EndForm(Form):
    """From when something no longer holds."""

    day = DayField(label=_("Kết thúc từ ngày"), help_text=_("Ngày đầu tiên không còn hiệu lực"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = on


class ServingForm(Form):
    """Which agency plays a partner's role for one unit, or for the whole city, from a day on."""

    role = forms.ChoiceField(label=_("Việc phối hợp"))
    unit_id = forms.TypedChoiceField(label=_("Cho đơn vị"), coerce=int, empty_value=None, required=False)
    body_id = forms.TypedChoiceField(label=_("Cơ quan phối hợp"), coerce=int)
    day = DayField(label=_("Từ ngày"))

    def __init__(
        self,
        *args: Any,
        roles: Iterable[tuple[str, str]],
        bodies: Iterable[tuple[int, str]],
        units: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(role=[("", gettext("Chọn việc")), *roles])
        self.offer(unit_id=[("", gettext("Mọi đơn vị của thành phố")), *units])
        self.offer(body_id=[("", gettext("Chọn cơ quan")), *bodies])

    def change(self) -> ServingChange:
        return ServingChange(**self.cleaned_data)


class AddDayForm(Form):
    """A day that differs from its weekday; a day off given in exchange for a weekend day brings both at once."""

    day = DayField(label=_("Ngày"))
    effect = forms.ChoiceField(
        label=_("Loại ngày"),
        widget=forms.RadioSelect,
        initial=CalendarDay.Effect.OFF,
        choices=[(CalendarDay.Effect.OFF, _("Nghỉ")), (CalendarDay.Effect.WORK, _("Làm bù"))],
    )
    name = forms.CharField(
        label=_("Tên ngày"), max_length=120, help_text=_("Ví dụ: Quốc khánh, Ngày làm bù"), widget=forms.TextInput(attrs=_PLAIN)
    )
    basis = forms.CharField(
        label=_("Căn cứ"),
        max_length=200,
        required=False,
        help_text=_("Số và ngày của văn bản"),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    swapped_with = DayField(
        label=_("Hoán đổi: làm bù vào ngày"), required=False, help_text=_("Thứ Bảy hoặc Chủ nhật làm bù cho ngày nghỉ này")
    )

    def clean_swapped_with(self) -> date | None:
        worked: date | None = self.cleaned_data["swapped_with"]
        if worked and self.cleaned_data.get("effect") == CalendarDay.Effect.WORK:
            raise forms.ValidationError(gettext("Ngày ở trên đã là ngày làm bù. Hãy để trống ô này."))
        return worked

    def change(self) -> CalendarChange:
        data = {**self.cleaned_data}
        worked = data.pop("swapped_with")
        fact = DayFact(kind="manual", **data)
        if worked is None:
            return CalendarChange(add=(fact,))
        swap = DayFact(
            day=worked,
            effect=CalendarDay.Effect.WORK,
            name=gettext("Ngày làm bù cho %(day)s") % {"day": f"{fact.day:%d/%m/%Y}"},
            kind="swap_work",
            basis=fact.basis,
        )
        return CalendarChange(add=(fact, swap))


class HoursForm(Form):
    """Shifts and cut-off of the city, from a day on."""

    morning_starts = forms.TimeField(label=_("Sáng từ"))
    morning_ends = forms.TimeField(label=_("Sáng đến"))
    afternoon_starts = forms.TimeField(label=_("Chiều từ"))
    afternoon_ends = forms.TimeField(label=_("Chiều đến"))
    cut_off = forms.TimeField(
        label=_("Giờ chốt nhận trong ngày"), help_text=_("Nhận sau giờ này thì tính sang ngày làm việc sau")
    )
    basis = forms.CharField(label=_("Căn cứ"), max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.TimeField):
                field.widget = forms.TimeInput(format="%H:%M", attrs={**_PLAIN, "inputmode": "numeric"})
                field.input_formats = ["%H:%M", "%H.%M", "%Hh%M", "%H"]
                field.error_messages["invalid"] = gettext("Chưa đọc được giờ này. Hãy nhập giờ và phút, ví dụ: 08:00.")

    @staticmethod
    def about(hours: HoursRow | None, *, on: date) -> dict[str, Any]:
        if hours is None:
            return {"valid_from": on}
        return {**{name: getattr(hours, name) for name in HoursForm.base_fields if name != "basis"}, "valid_from": on}

    def facts(self) -> HoursFact:
        data = self.cleaned_data
        return HoursFact(
            morning=(data["morning_starts"], data["morning_ends"]),
            cut_off=data["cut_off"],
            basis=data["basis"],
            afternoon=(data["afternoon_starts"], data["afternoon_ends"]),
        )
