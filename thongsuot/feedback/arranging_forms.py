"""Forms of whoever arranges the feedback of a city."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.actions.arranging import MOST_DAYS, MOST_METRES, MOST_PLACE
from thongsuot.feedback.facts import CategoryFacts, LimitFacts, QuestionFacts
from thongsuot.feedback.forms.asking import AskingForm
from thongsuot.feedback.models import Category, CategoryQuestion, TimeLimit
from thongsuot.feedback.rules.numbers import Number
from thongsuot.feedback.words import PublicPoint, Stream, Urgency
from thongsuot.kernel.text import one_line, slug
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.web.forms import DayField, Form

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:hg.]([0-5]\d)")
ANY_URGENCY = ("", _("Mọi mức độ"))


class CategoryForm(Form):
    name = forms.CharField(label=_("Tên lĩnh vực"), max_length=120, help_text=_("Người dân đọc tên này khi chọn."))
    group = forms.CharField(label=_("Nhóm"), max_length=80, help_text=_("Các lĩnh vực cùng nhóm đứng cạnh nhau."))
    description = forms.CharField(label=_("Mô tả"), max_length=500, required=False)
    stream = forms.ChoiceField(label=_("Luồng"), choices=Stream)
    keywords = forms.CharField(
        label=_("Từ khóa"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cách nhau bằng dấu phẩy. Dùng để gợi ý lĩnh vực từ lời người gửi."),
    )
    urgency = forms.ChoiceField(label=_("Mức độ"), choices=Urgency)
    straight = forms.BooleanField(
        label=_("Chuyển thẳng đến đơn vị"), required=False, help_text=_("Bỏ dấu: người tiếp nhận xem trước.")
    )
    needs_place = forms.BooleanField(label=_("Phải có nơi xảy ra"), required=False)
    masked = forms.BooleanField(
        label=_("Che khi công khai"), required=False, help_text=_("Không công khai địa chỉ, điểm trên bản đồ của người gửi.")
    )
    public_decimals = forms.TypedChoiceField(
        label=_("Điểm trên bản đồ công khai chính xác đến"),
        choices=PublicPoint,
        coerce=int,
        initial=PublicPoint.SPOT,
        help_text=_("Việc thường ở nhà riêng nên chọn rộng hơn. Điểm đã công khai cũng được đặt lại rộng như vậy."),
    )
    same_metres = forms.IntegerField(label=_("Coi là cùng một nơi trong (mét)"), min_value=0, max_value=MOST_METRES, initial=60)
    same_days = forms.IntegerField(label=_("Coi là cùng một việc trong (ngày)"), min_value=0, max_value=MOST_DAYS, initial=30)
    place = forms.IntegerField(
        label=_("Thứ tự"), min_value=0, max_value=MOST_PLACE, initial=0, help_text=_("Số nhỏ đứng trước.")
    )

    def facts(self) -> CategoryFacts:
        said = self.cleaned_data
        words = [one_line(word) for word in re.split(r"[,;\n]", said["keywords"])]
        return CategoryFacts(**{**{name: said[name] for name in CategoryForm.base_fields}, "keywords": words})

    @staticmethod
    def initial_of(category: Category) -> dict[str, Any]:
        shown = {name: getattr(category, name) for name in CategoryForm.base_fields}
        return shown | {"keywords": ", ".join(category.keywords)}


class NewCategoryForm(CategoryForm):
    code = forms.CharField(
        label=_("Mã lĩnh vực"),
        max_length=40,
        help_text=_("Chữ thường không dấu, chữ số, gạch nối; ví dụ: o-ga. Mã không đổi được: phần mềm khác dùng mã này."),
    )
    valid_from = DayField(label=_("Dùng từ ngày"))
    field_order = ("code", "name", "group", "description", "stream")


class QuestionForm(Form):
    asks = forms.CharField(label=_("Câu hỏi"), max_length=200)
    hint = forms.CharField(label=_("Gợi ý cách trả lời"), max_length=200, required=False)
    answers = forms.CharField(
        label=_("Các mục để chọn"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Chỉ với kiểu chọn một, chọn nhiều. Mỗi dòng một mục: mã = tên; không ghi mã thì mã đặt theo tên."),
    )
    required = forms.BooleanField(label=_("Bắt buộc trả lời"), required=False)
    personal = forms.BooleanField(
        label=_("Không công khai câu trả lời"), required=False, initial=True, help_text=_("Chỉ người xử lý đọc.")
    )
    place = forms.IntegerField(
        label=_("Thứ tự"), min_value=0, max_value=MOST_PLACE, initial=0, help_text=_("Số nhỏ đứng trước.")
    )

    def facts(self) -> QuestionFacts:
        said = self.cleaned_data
        return QuestionFacts(**{**{name: said[name] for name in QuestionForm.base_fields}, "answers": self._pairs()})

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = []
        for line in self.cleaned_data["answers"].splitlines():
            key, sign, name = (one_line(part) for part in line.partition("="))
            if key or name:
                pairs.append((key, name) if sign else (slug(key)[:40].strip("-"), key))
        return pairs

    @staticmethod
    def initial_of(question: CategoryQuestion) -> dict[str, Any]:
        shown = {name: getattr(question, name) for name in QuestionForm.base_fields}
        return shown | {"answers": "\n".join(f"{key} = {name}" for key, name in question.answers)}


class NewQuestionForm(QuestionForm):
    code = forms.CharField(
        label=_("Mã câu hỏi"), max_length=40, help_text=_("Chữ thường không dấu, chữ số, gạch nối. Mã không đổi được.")
    )
    kind = forms.ChoiceField(label=_("Kiểu câu trả lời"), choices=CategoryQuestion.Kind)
    field_order = ("code", "kind", "asks", "hint")


class DayForm(Form):
    """From which day something is so no more."""

    day = DayField(label=_("Từ ngày"))


class CompetenceForm(Form):
    place = forms.TypedChoiceField(label=_("Nơi xảy ra"), coerce=int, empty_value=None, required=False)
    handler = forms.TypedChoiceField(label=_("Đơn vị trả lời"), coerce=int, empty_value=None, required=False)
    basis = forms.CharField(label=_("Căn cứ"), max_length=200, help_text=_("Văn bản giao việc này."))
    valid_from = DayField(label=_("Từ ngày"))

    def __init__(self, *args: Any, places: Iterable[tuple[int, str]], units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            place=[("", _("Cả thành phố")), *places],
            handler=[("", _("Phường, xã nơi xảy ra")), *units],
        )


class TableForm(Form):
    """A list to be looked at. again: of a file that is there already."""

    file = forms.FileField(
        label=_("Tệp .xlsx hoặc .csv"), help_text=_("Theo đúng tệp mẫu. Sai một dòng thì chưa nhập dòng nào.")
    )

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not again


class DatedTableForm(TableForm):
    valid_from = DayField(label=_("Áp dụng từ ngày"), help_text=_("Cho các dòng không ghi ngày riêng."))


class LimitForm(Form):
    stream = forms.ChoiceField(label=_("Luồng"), choices=Stream)
    step = forms.ChoiceField(label=_("Bước"), choices=TimeLimit.Step)
    urgency = forms.ChoiceField(label=_("Mức độ"), choices=[ANY_URGENCY, *Urgency.choices], required=False)
    value = forms.IntegerField(label=_("Thời hạn"), min_value=1, max_value=10_080)
    measure = forms.ChoiceField(label=_("Tính theo"), choices=TimeLimit.Measure)
    basis = forms.CharField(label=_("Căn cứ"), max_length=200, help_text=_("Văn bản quy định thời hạn này."))
    to_check = forms.BooleanField(
        label=_("Cần đối chiếu văn bản"), required=False, help_text=_("Dấu này hiện cạnh thời hạn ở mọi nơi.")
    )
    valid_from = DayField(label=_("Từ ngày"), help_text=_("Từ ngày mai trở đi, cho phản ánh gửi từ ngày ấy."))

    def facts(self) -> LimitFacts:
        said = self.cleaned_data
        return LimitFacts(**{name: said[name] for name in said if name != "valid_from"})


class NumberForm(Form):
    value = forms.IntegerField(label=_("Giá trị"))
    basis = forms.CharField(label=_("Căn cứ"), max_length=200)
    valid_from = DayField(label=_("Từ ngày"))

    def __init__(self, *args: Any, number: Number, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = forms.IntegerField(label=str(number.label), min_value=number.least, max_value=number.most)
        self._name_what_is_missing()


class ReckonForm(Form):
    """When something sent at an instant would be due."""

    luong = forms.ChoiceField(label=_("Luồng"), choices=Stream)
    buoc = forms.ChoiceField(label=_("Bước"), choices=TimeLimit.Step)
    muc = forms.ChoiceField(label=_("Mức độ"), choices=Urgency)
    ngay = DayField(label=_("Gửi ngày"))
    gio = forms.CharField(label=_("Lúc"), max_length=5, help_text=_("Ví dụ: 16:45"))

    def clean_gio(self) -> time:
        found = _CLOCK.fullmatch(one_line(self.cleaned_data["gio"]))
        if found is None:
            raise forms.ValidationError(_now("Hãy ghi giờ và phút, ví dụ: 16:45."))
        return time(int(found[1]), int(found[2]))

    def instant(self) -> datetime:
        return datetime.combine(self.cleaned_data["ngay"], self.cleaned_data["gio"], tzinfo=VIET_NAM)


class PreviewForm(AskingForm):
    """What is asked of a category, as citizens see it; nothing of it is sent."""

    def __init__(self, questions: Iterable[CategoryQuestion]) -> None:
        super().__init__(questions=questions)
        for field in self.fields.values():
            field.disabled = True
