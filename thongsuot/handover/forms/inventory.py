"""Forms of lists, boxes and receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.handover.actions import Part
from thongsuot.handover.models import Item, Receipt
from thongsuot.handover.queries.inventory import plain
from thongsuot.handover.rules.boxes import Step
from thongsuot.handover.rules.classes import (
    PERSONAL,
    Class,
    Listed,
    classes,
    details_words,
    read_line,
    read_money,
    read_quantity,
)
from thongsuot.web.forms import DayField, Form

_PLAIN = {"autocomplete": "off"}
_DETAIL = "detail-"  # a field of a class never meets a field of every class by its name


def _text(label: Any, *, most: int = 300, required: bool = False, hint: Any = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, widget=forms.TextInput(attrs={**_PLAIN, **attrs})
    )


class LineForm(Form):
    """One thing on a list of a class: its own fields, each as the spreadsheet has them. `line` after `is_valid`."""

    line: Listed | None = None

    def __init__(self, klass: Class, *args: Any, **kwargs: Any) -> None:
        self.klass = klass
        fields: dict[str, forms.Field] = {"name": _text(_("Tên"), required=True)}
        if klass.measure == "metre":
            fields["quantity"] = _text(_("Số mét giá"), most=12, required=True, hint=_("Ví dụ: 12,5"), inputmode="decimal")
        else:
            fields["quantity"] = _text(_("Số lượng"), most=12, hint=_("Để trống là 1"), inputmode="numeric")
        if klass.money:
            fields["amount_dong"] = _text(klass.money, most=24, hint=_("Đồng"), inputmode="numeric")
        if klass.remaining:
            fields["remaining_dong"] = _text(klass.remaining, most=24, hint=_("Đồng"), inputmode="numeric")
        for field in klass.fields:
            if field.kind == "choice":
                chosen = [("", gettext("Chọn")), *((one, one) for one in field.choices)]
                fields[_DETAIL + field.key] = forms.ChoiceField(label=field.label, choices=chosen, required=field.required)
            else:
                hint = gettext("Ví dụ: 30/06/2025") if field.kind == "day" else ""
                mode = "text" if field.kind in ("text", "day") else "numeric"
                fields[_DETAIL + field.key] = _text(field.label, required=field.required, hint=hint, inputmode=mode)
        if klass.key in PERSONAL:
            fields["person"] = forms.EmailField(
                label=_("Thư điện tử người sử dụng"), help_text=_("Loại này đi theo người, đến nơi người đó làm việc")
            )
        else:
            fields["address"] = _text(_("Địa chỉ"), hint=_("Nơi có mục này, để biết về đơn vị nào khi chia"))
        fields["state_text"] = _text(_("Tình trạng"), hint=_("Ghi như đang có, kể cả hỏng, thiếu"))
        super().__init__(*args, **kwargs)
        self.add(fields)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            self.line, wrong = read_line(
                self.klass, {key.removeprefix(_DETAIL): str(value or "") for key, value in said.items()}
            )
            for key, words in wrong.items():
                name = key if key in self.fields else _DETAIL + key
                self.add_error(name if name in self.fields else None, words)
        return said

    @staticmethod
    def initial_of(item: Item) -> dict[str, str]:
        """What the form shows of a thing that is listed already."""
        shown = {
            "name": item.name,
            "quantity": plain(item.quantity).replace(".", ""),
            "amount_dong": "" if item.amount_dong is None else str(item.amount_dong),
            "remaining_dong": "" if item.remaining_dong is None else str(item.remaining_dong),
            "address": item.address,
            "state_text": item.state_text,
            "person": item.person.email if item.person is not None else "",
        }
        return shown | {_DETAIL + key: words for key, words in details_words(classes()[item.klass], item.details).items()}


class FileForm(Form):
    file = forms.FileField(
        label=_("Tệp bảng kê (.xlsx hoặc .csv)"),
        help_text=_("Theo đúng tệp mẫu, tối đa 10.000 dòng. Sai một dòng thì chưa nhập gì"),
    )


class ReopenForm(Form):
    why = _text(_("Vì sao mở lại"), required=True, hint=_("Ví dụ: sót kho lưu trữ tầng 2"))


class DivideForm(Form):
    """How much each receiver gets. `units`: those that may receive; a line left empty gets nothing."""

    def __init__(self, item: Item, klass: Class, units: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        self.item, self.klass, self.units = item, klass, units
        fields: dict[str, forms.Field] = {}
        for unit_id, name in units:
            fields[f"quantity-{unit_id}"] = _text(f"{name}: {klass.unit_of_count}", most=12, inputmode="decimal")
            if item.amount_dong is not None:
                fields[f"amount-{unit_id}"] = _text(f"{name}: {klass.money.lower()}", most=24, inputmode="numeric")
            if item.remaining_dong is not None:
                fields[f"remaining-{unit_id}"] = _text(f"{name}: {klass.remaining.lower()}", most=24, inputmode="numeric")
        fields["why"] = _text(_("Căn cứ chia"))
        super().__init__(*args, **kwargs)
        self.add(fields)

    @property
    def parts(self) -> list[Part]:
        said = self.cleaned_data
        return [
            Part(
                to_unit_id=unit_id,
                quantity=said[f"quantity-{unit_id}"],
                # Left empty beside a quantity it is nothing; of a whole without money it stays out.
                amount_dong=said.get(f"amount-{unit_id}", None if self.item.amount_dong is None else 0),
                remaining_dong=said.get(f"remaining-{unit_id}", None if self.item.remaining_dong is None else 0),
            )
            for unit_id, _name in self.units
            if f"quantity-{unit_id}" in said
        ]

    def clean(self) -> dict[str, Any]:
        """What was filled, as numbers."""
        said = {name: text for name, text in (super().clean() or {}).items() if text or name == "why"}
        for name, text in said.items():
            if name != "why":
                said[name] = read_quantity(text) if name.startswith("quantity") else read_money(text)
                if said[name] is None:
                    self.add_error(name, gettext("Hãy ghi một số."))
        return said


class ScanForm(Form):
    """The field a scanner types into: it ends with Enter, so the form is sent."""

    ma = forms.CharField(
        label=_("Quét hoặc gõ mã trên nhãn"),
        max_length=30,
        widget=forms.TextInput(attrs={**_PLAIN, "autofocus": True, "spellcheck": "false", "class": "w24"}),
    )


class CodesForm(Form):
    codes = forms.CharField(
        label=_("Quét hoặc gõ mã trên nhãn"),
        help_text=_("Nhiều mã thì cách nhau bằng dấu cách hoặc xuống dòng"),
        max_length=20_000,
        widget=forms.TextInput(attrs={**_PLAIN, "autofocus": True, "spellcheck": "false"}),
    )


class BoxForm(Form):
    """`units`: those that may receive."""

    to_unit_id = forms.TypedChoiceField(label=_("Đơn vị nhận"), coerce=int)
    content = _text(_("Nội dung"), most=200, hint=_("In trên nhãn. Ví dụ: tài liệu tư pháp 1990 - 1999"))

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_unit_id=[("", gettext("Chọn đơn vị")), *units])


class StepForm(Form):
    """What a step of a box must say."""

    def __init__(self, step: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=step.name, **kwargs)
        if step.says:
            self.add({"said": _text(step.says_label, most=step.longest, required=True)})


class DisputeForm(Form):
    reason = _text(_("Khác biệt thế nào"), most=500, required=True, hint=_("Ví dụ: thiếu hộp số 3; máy không bật được"))
    owner = _text(_("Ai phải làm rõ"), most=200, required=True)
    until = DayField(label=_("Hạn làm rõ"))


class DisputeLivingForm(DisputeForm):
    """A thing of the system is named by its code."""

    code = _text(_("Mã hồ sơ, số sổ"), most=80, required=True)
    field_order = ("code", "reason", "owner", "until")


class SettleForm(Form):
    settlement = forms.ChoiceField(label=_("Kết quả làm rõ"), choices=Receipt.Settlement.choices, widget=forms.RadioSelect)
    note = _text(_("Đã làm rõ thế nào"), most=500, required=True, hint=_("Theo văn bản nào, ai xác nhận"))


class HeadsForm(Form):
    people = forms.IntegerField(label=_("Số người chuyển sang"), min_value=0, max_value=100_000)
    computers = forms.IntegerField(label=_("Số máy tính đi theo người"), min_value=0, max_value=100_000)
