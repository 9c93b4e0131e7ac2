"""Forms of a centre: sections, room, machines, rosters, training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.models import Equipment, Section
from thongsuot.counters.queries.hall import CounterRow
from thongsuot.procedures.queries import FieldRow
from thongsuot.web.forms import DayField, Form

_NUMBER = {"class": "w4", "inputmode": "numeric"}


class _WithFields(Form):
    """Fields of procedures to tick."""

    fields_served = forms.MultipleChoiceField(label=_("Lĩnh vực thủ tục"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, known: Iterable[FieldRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(fields_served=[(row.code, row.name) for row in known])

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return {"fields": said.pop("fields_served"), **said}


class SectionForm(_WithFields):
    name = forms.CharField(label=_("Tên bộ phận"), max_length=120, help_text=_("Ví dụ: Bộ phận Hộ tịch, chứng thực."))
    posts = forms.IntegerField(label=_("Biên chế"), min_value=0, widget=forms.NumberInput(attrs=_NUMBER))

    field_order = ("name", "posts", "fields_served")

    def __init__(self, *args: Any, section: Section | None = None, **kwargs: Any) -> None:
        if section is not None:
            kwargs["initial"] = {"name": section.name, "posts": section.posts, "fields_served": section.fields}
        super().__init__(*args, **kwargs)


class PremisesForm(Form):
    area_m2 = forms.IntegerField(label=_("Diện tích (m²)"), widget=forms.NumberInput(attrs=_NUMBER))
    note = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)


class PlacedForm(Form):
    """How a machine fares, where it stands, who answers for it."""

    state = forms.ChoiceField(label=_("Tình trạng"), choices=Equipment.State.choices)
    counter = forms.TypedChoiceField(label=_("Đặt tại quầy"), coerce=int, empty_value=None, required=False)
    holder = forms.TypedChoiceField(label=_("Người giữ"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, counters: Iterable[CounterRow], officers: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(row.id, _now("Quầy %(number)s") % {"number": row.number}) for row in counters]
        self.offer(counter=[("", _("Dùng chung")), *named], holder=[("", _("Trung tâm")), *officers])

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return {"counter_id": said.pop("counter"), "holder_id": said.pop("holder"), **said}


class EquipmentForm(PlacedForm):
    kind = forms.ChoiceField(label=_("Loại"), choices=Equipment.Kind.choices)
    code = forms.CharField(label=_("Mã trên tem"), max_length=40, help_text=_("Ví dụ: MVT-03."))
    name = forms.CharField(label=_("Tên thiết bị"), max_length=120)

    field_order = ("kind", "code", "name", "state", "counter", "holder")


class ShiftForm(Form):
    """One list of officers for each counter."""

    def __init__(
        self,
        *args: Any,
        counters: Iterable[CounterRow],
        officers: Iterable[tuple[int, str]],
        seated: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("Không xếp ai")), *officers]
        self.add(
            {
                f"seat_{row.id}": forms.TypedChoiceField(
                    label=_seat_label(row),
                    choices=offered,
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=seated.get(row.id),
                )
                for row in counters
            }
        )

    def seats(self) -> dict[int, int]:
        return {int(name.removeprefix("seat_")): who for name, who in self.cleaned_data.items() if who}


def _seat_label(row: CounterRow) -> str:
    named = _now("Quầy %(number)s") % {"number": row.number}
    letters = ", ".join(row.letters)
    return f"{named} ({letters}){' - ' + row.name if row.name else ''}"


class TrainingForm(_WithFields):
    person = forms.TypedChoiceField(label=_("Cán bộ"), coerce=int)
    trained_on = DayField(label=_("Ngày tập huấn xong"))
    evidence = forms.CharField(
        label=_("Giấy tờ chứng minh"), max_length=200, help_text=_("Ví dụ: Giấy chứng nhận số 12, lớp tháng 9.")
    )

    field_order = ("person", "trained_on", "evidence", "fields_served")

    def __init__(self, *args: Any, officers: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(person=[("", _("Chọn cán bộ")), *officers])
        self.fields["fields_served"].help_text = _("Không chọn: mọi lĩnh vực.")


class VoiceForm(Form):
    name = forms.CharField(label=_("Tên bộ giọng"), max_length=120, help_text=_("Ví dụ: Giọng nữ, tháng 10."))
    file = forms.FileField(label=_("Tệp ZIP các đoạn WAV"), help_text=_("Nhiều nhất 12 MB; WAV 16 bit, một kênh, cùng tần số."))


class ListenForm(Form):
    chu = forms.RegexField("^[A-Z]$", label=_("Chữ"), widget=forms.TextInput(attrs={"class": "w2"}))
    so = forms.IntegerField(label=_("Số"), min_value=1, max_value=9999, widget=forms.NumberInput(attrs=_NUMBER))
    quay = forms.IntegerField(label=_("Quầy"), min_value=1, max_value=99, widget=forms.NumberInput(attrs=_NUMBER))
