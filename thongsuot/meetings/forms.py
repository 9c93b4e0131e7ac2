"""Forms of conferences: their plan, a site's operator, tests, answers, requests to speak."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.meetings.models import Conference
from thongsuot.meetings.rules import MOST_PEOPLE
from thongsuot.units.queries import UnitRow
from thongsuot.web.forms import DayField, Form


class ConferenceForm(Form):
    title = forms.CharField(label=_("Tên hội nghị"), max_length=200)
    day = DayField(label=_("Ngày họp"))
    hour = forms.TimeField(
        label=_("Giờ bắt đầu"),
        input_formats=["%H:%M", "%Hh%M", "%H"],
        widget=forms.TimeInput(attrs={"class": "w4", "autocomplete": "off"}, format="%H:%M"),
        help_text=_("Giờ và phút, ví dụ: 08:00."),
        error_messages={"invalid": _("Chưa đọc được giờ này. Hãy ghi giờ và phút, ví dụ: 08:00.")},
    )
    hub_phone = forms.CharField(
        label=_("Điện thoại của điểm cầu trung tâm"),
        max_length=30,
        help_text=_("Số mà điểm cầu gọi vào khi mất đường truyền."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "class": "w12"}),
    )
    link = forms.CharField(
        label=_("Đường dẫn vào hệ thống hội nghị của thành phố"),
        max_length=500,
        required=False,
        help_text=_("Bắt đầu bằng https://. Hình và tiếng đi qua hệ thống đó, không đi qua Thông Suốt."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )

    def starts_at(self) -> datetime:
        """The instant, by the clocks of Việt Nam."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))

    @staticmethod
    def of(conference: Conference) -> dict[str, Any]:
        """What a form about it begins with."""
        local = timezone.localtime(conference.starts_at)
        return {
            "title": conference.title,
            "day": local.date(),
            "hour": local.time(),
            "hub_phone": conference.hub_phone,
            "link": conference.link,
        }


class PlanForm(ConferenceForm):
    agencies = forms.BooleanField(label=_("Mời cả các sở, cơ quan của thành phố"), required=False)


class AddSiteForm(Form):
    unit = forms.TypedChoiceField(label=_("Đơn vị"), coerce=int)

    def __init__(self, *args: Any, rows: Iterable[UnitRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Chọn đơn vị")), *((row.id, row.full_name) for row in rows)]


class JoinForm(Form):
    backup_phone = forms.CharField(
        label=_("Điện thoại dự phòng của điểm cầu"),
        max_length=30,
        help_text=_("Số để điểm cầu trung tâm gọi khi mất đường truyền."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "class": "w12"}),
    )


class TestForm(Form):
    """What is not ticked was not good."""

    picture_ok = forms.BooleanField(label=_("Hình tốt"), required=False)
    sound_ok = forms.BooleanField(label=_("Tiếng tốt"), required=False)
    line_ok = forms.BooleanField(label=_("Đường truyền ổn định"), required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)


class AnswerForm(Form):
    people = forms.IntegerField(
        label=_("Số người dự"),
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"class": "w4", "inputmode": "numeric"}),
        error_messages={"invalid": _("Chưa đọc được số này. Hãy ghi bằng chữ số, ví dụ: 12.")},
    )
    leader = forms.CharField(
        label=_("Chủ trì tại điểm cầu"), max_length=200, help_text=_("Chức vụ, ví dụ: Phó Chủ tịch Ủy ban nhân dân.")
    )


class SpeakForm(Form):
    topic = forms.CharField(label=_("Nội dung xin phát biểu"), max_length=200, help_text=_("Vài chữ."))
