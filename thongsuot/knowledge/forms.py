"""Forms of those who keep answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.knowledge.models import Article
from thongsuot.knowledge.rules import LONGEST_QUESTION, LONGEST_SPOKEN, About, Words
from thongsuot.people.drafted_pages import ApproveForm
from thongsuot.web.forms import DayField, Form

_PLAIN = {"autocomplete": "off"}


class DraftForm(Form):
    """One answer and how its question is found. `unfit` of the rules says what is too long: nothing is lost here.

    `seen`: what the writer began from (`queries.seen_of`).
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    question = forms.CharField(
        label=_("Câu hỏi"),
        help_text=_("Viết như người dân hỏi, nhiều nhất %(most)s ký tự.") % {"most": LONGEST_QUESTION},
        widget=forms.TextInput(attrs=_PLAIN),
    )
    answer = forms.CharField(
        label=_("Trả lời"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Đoạn cách nhau một dòng trống. Danh sách: mỗi ý một dòng, bắt đầu bằng “- ” hoặc “1. ”. Đường dẫn: [chữ](https://…)."
        ),
    )
    spoken = forms.CharField(
        label=_("Câu nói qua điện thoại"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Một, hai câu ngắn để đọc cho người gọi, nhiều nhất %(most)s ký tự.") % {"most": LONGEST_SPOKEN},
    )
    basis = forms.CharField(
        label=_("Căn cứ"), help_text=_("Văn bản, điều khoản hoặc nguồn."), widget=forms.TextInput(attrs=_PLAIN)
    )
    topics = forms.CharField(
        label=_("Chủ đề"),
        required=False,
        help_text=_("Cách nhau bằng dấu phẩy. Chủ đề, cách hỏi khác và mã thủ tục đổi ngay, không phải duyệt."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    other_ways = forms.CharField(
        label=_("Cách hỏi khác"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi cách một dòng: chữ người dân hay dùng, để tìm là thấy."),
    )
    procedure_codes = forms.CharField(
        label=_("Mã thủ tục liên quan"),
        required=False,
        help_text=_("Cách nhau bằng dấu phẩy, ví dụ: 1.001193. Thủ tục bị bãi bỏ thì câu này được nhắc xem lại."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    look_again_on = DayField(
        label=_("Xem lại vào ngày"), required=False, help_text=_("Ngày căn cứ có thể đổi, ví dụ: 31/12/2026.")
    )
    unit = forms.TypedChoiceField(
        label=_("Áp dụng cho"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Chọn một lần khi tạo câu hỏi, sau không đổi."),
    )

    def __init__(self, *args: Any, offered: list[tuple[Any, Any]] | None, dated: bool, **kwargs: Any) -> None:
        """`offered`: the units to choose from for a new question; None: its scope stands. `dated`: this person may say when the
        answer is looked at again."""
        super().__init__(*args, **kwargs)
        if not dated:
            del self.fields["look_again_on"]
        if offered is None:
            del self.fields["unit"]
        else:
            self.offer(unit=[("", _("Cả thành phố")), *offered])

    @staticmethod
    def initial_of(article: Article, words: Words) -> dict[str, Any]:
        return {
            "question": words.question,
            "answer": words.answer,
            "spoken": words.spoken,
            "basis": words.basis,
            "topics": ", ".join(article.topics),
            "other_ways": "\n".join(article.other_ways),
            "procedure_codes": ", ".join(article.procedure_codes),
            "look_again_on": article.look_again_on,
        }

    def words(self) -> Words:
        return Words.of(**{name: self.cleaned_data[name] for name in ("question", "answer", "spoken", "basis")})

    def about(self) -> About:
        return About.of(**{name: self.cleaned_data[name] for name in ("topics", "other_ways", "procedure_codes")})


class WithdrawForm(Form):
    reason = forms.CharField(
        label=_("Lý do thu hồi"),
        max_length=300,
        help_text=_("Người dân đọc được lý do này."),
        widget=forms.TextInput(attrs=_PLAIN),
    )


class ApproveAnswerForm(ApproveForm):
    until = DayField(
        label=_("Xem lại lần tới vào ngày"), required=False, help_text=_("Để trống: giữ ngày xem lại đã ghi của câu này.")
    )


class LookedForm(Form):
    until = DayField(label=_("Xem lại lần tới vào ngày"))


class ListForm(Form):
    file = forms.FileField(label=_("Tệp danh sách (.xlsx hoặc .csv)"))
    submit = forms.BooleanField(label=_("Gửi duyệt luôn các câu trong tệp"), required=False)
