"""Forms of counters: queues, counters, taking a ticket, sending it on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.models import Counter, CounterBreak, Device, Queue, Section
from thongsuot.counters.queries.hall import CounterRow, QueueRow
from thongsuot.counters.rules import COUNTERS_AT_MOST, BackReason, Priority, SendReason
from thongsuot.procedures.queries import FieldRow
from thongsuot.web.forms import Form


class QueueForm(Form):
    letter = forms.CharField(
        label=_("Chữ của số"),
        max_length=1,
        help_text=_("Một chữ từ A đến Z đứng trước số, ví dụ: A trong A 012. Lập xong thì không đổi."),
        widget=forms.TextInput(attrs={"class": "w2", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Việc của hàng"), max_length=80, help_text=_("Người dân đọc tên này. Ví dụ: Chứng thực."))
    name_en = forms.CharField(
        label=_("Tên bằng tiếng Anh"), max_length=80, required=False, help_text=_("Hiện trên máy lấy số khi chọn English.")
    )
    fields_served = forms.MultipleChoiceField(
        label=_("Lĩnh vực thủ tục"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn: mọi việc chưa có hàng riêng. Lĩnh vực đang ở hàng khác sẽ chuyển về hàng này."),
    )

    def __init__(self, *args: Any, known: Iterable[FieldRow], queue: Queue | None = None, **kwargs: Any) -> None:
        if queue is not None:
            kwargs["initial"] = {"name": queue.name, "name_en": queue.name_en, "fields_served": queue.fields}
        super().__init__(*args, **kwargs)
        self.offer(fields_served=[(row.code, row.name) for row in known])
        if queue is not None:
            del self.fields["letter"]

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return {"fields": said.pop("fields_served"), **said}


class CounterForm(Form):
    number = forms.IntegerField(
        label=_("Số quầy"),
        min_value=1,
        max_value=COUNTERS_AT_MOST,
        widget=forms.NumberInput(attrs={"class": "w4", "inputmode": "numeric"}),
        error_messages={"invalid": _("Chưa đọc được số này. Hãy ghi bằng chữ số, ví dụ: 3.")},
    )
    name = forms.CharField(label=_("Tên quầy"), max_length=80, required=False, help_text=_("Ví dụ: Chứng thực, sao y."))
    queues = forms.TypedMultipleChoiceField(
        label=_("Gọi số của hàng"), coerce=int, widget=forms.CheckboxSelectMultiple, help_text=_("Một hoặc nhiều hàng.")
    )
    section_id = forms.TypedChoiceField(label=_("Bộ phận"), coerce=int, empty_value=None, required=False)

    def __init__(
        self,
        *args: Any,
        queues: Iterable[QueueRow],
        sections: Iterable[tuple[Section, list[int]]] = (),
        counter: Counter | None = None,
        **kwargs: Any,
    ) -> None:
        if counter is not None:
            called = [row.pk for row in counter.queues.all()]
            kwargs["initial"] = {"name": counter.name, "queues": called, "section_id": counter.section_id}
        super().__init__(*args, **kwargs)
        self.offer(section_id=[("", _("Không thuộc bộ phận nào")), *((row.pk, row.name) for row, _numbers in sections)])
        self.offer(queues=[(row.id, f"{row.letter} - {row.name}") for row in queues])
        if counter is not None:
            del self.fields["number"]


class DeviceForm(Form):
    kind = forms.ChoiceField(label=_("Loại máy"), choices=Device.Kind.choices)
    name = forms.CharField(label=_("Tên máy"), max_length=80, help_text=_("Theo chỗ đứng. Ví dụ: Máy ở cửa chính."))
    counter = forms.TypedChoiceField(
        label=_("Quầy"), coerce=int, empty_value=None, required=False, help_text=_("Chỉ cho máy đánh giá: máy của quầy nào.")
    )

    def __init__(self, *args: Any, counters: Iterable[CounterRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(counter=[("", _("Không")), *((row.id, _("Quầy %(number)s") % {"number": row.number}) for row in counters)])


class JoinForm(Form):
    code = forms.CharField(
        label=_("Mã ghép"),
        max_length=40,
        help_text=_("Người phụ trách quầy lấy mã ở trang Thiết bị của điểm. Mã dùng một lần, trong 15 phút."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w16"}),
    )


class PriorityForm(Form):
    """With the ticket: why its owner is called before others."""

    priority = forms.ChoiceField(label=_("Ưu tiên"), choices=[("", _("Không")), *Priority.choices], required=False)


class SendOnForm(Form):
    queue = forms.TypedChoiceField(label=_("Chuyển sang hàng"), coerce=int)

    def __init__(self, *args: Any, queues: Iterable[QueueRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(queue=[("", _("Chọn hàng")), *((row.id, f"{row.letter} - {row.name}") for row in queues)])


class SendToForm(Form):
    counter = forms.TypedChoiceField(label=_("Chuyển đến quầy"), coerce=int)
    reason = forms.ChoiceField(label=_("Lý do chuyển"), choices=[("", _("Chọn lý do")), *SendReason.choices])

    def __init__(self, *args: Any, counters: Iterable[CounterRow], own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [row for row in counters if row.id != own and row.sitter_id is not None]
        named = [(row.id, _("Quầy %(number)s, %(name)s") % {"number": row.number, "name": row.sitter}) for row in there]
        self.offer(counter=[("", _("Chọn quầy")), *named])


class BackForm(Form):
    reason = forms.ChoiceField(label=_("Quay lại vì"), choices=[("", _("Chọn lý do")), *BackReason.choices])


class BreakForm(Form):
    reason = forms.ChoiceField(label=_("Tạm nghỉ vì"), choices=[("", _("Chọn lý do")), *CounterBreak.Reason.choices])
