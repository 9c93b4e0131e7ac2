"""Forms of messages: reading them, choosing them, wording them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.text import one_line
from thongsuot.notices import kinds, letters, rules
from thongsuot.notices.stand_in.core import WAYS_TO_FAIL
from thongsuot.notices.unfit import unfit
from thongsuot.web.forms import DayField, Form

_PLAIN = {"autocomplete": "off"}


class ReadForm(Form):
    reason = forms.CharField(
        label=_("Lý do xem"),
        max_length=300,
        help_text=_("Ghi việc đang làm. Lý do được lưu lại, và người nhận đọc được nếu có tài khoản."),
        widget=forms.TextInput(attrs=_PLAIN),
    )


class ToldForm(ReadForm):
    not_whole = _("Hãy viết đủ địa chỉ thư, số điện thoại hoặc số định danh. Không tìm theo một phần.")

    to = forms.CharField(
        label=_("Thư điện tử, số điện thoại hoặc số định danh"),
        max_length=254,
        help_text=_("Viết đủ. Thư, số định danh của một tài khoản thì hiện cả tin gửi vào tài khoản đó."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    field_order = ("to", "reason")


class ChoicesForm(Form):
    """One box a kind and way, ticked when the letter is wanted."""

    def __init__(self, *args: Any, declined: Collection[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add(
            {
                kind: forms.MultipleChoiceField(
                    label=str(label),
                    required=False,
                    choices=list(rules.WAYS.items()),
                    widget=forms.CheckboxSelectMultiple,
                    initial=[way for way in rules.WAYS if (kind, way) not in declined],
                    help_text=_("Đánh dấu cách bạn muốn nhận. Bỏ hết dấu thì không nhận loại tin này nữa."),
                )
                for kind, label in kinds.OPTIONAL.items()
            }
        )

    def wanted(self) -> set[tuple[str, str]]:
        return {(kind, way) for kind in kinds.OPTIONAL for way in self.cleaned_data[kind]}


class QuietForm(Form):
    starts = forms.TimeField(label=_("Từ giờ"), input_formats=["%H:%M"], widget=forms.TimeInput(format="%H:%M", attrs=_PLAIN))
    ends = forms.TimeField(
        label=_("Đến giờ"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs=_PLAIN),
        help_text=_("Ví dụ từ 21:00 đến 07:00 sáng hôm sau. Hai giờ bằng nhau: không có giờ yên lặng."),
    )
    ways = forms.MultipleChoiceField(
        label=_("Giữ lại tin gửi qua"), required=False, choices=list(rules.WAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    basis = forms.CharField(label=_("Căn cứ"), max_length=300, widget=forms.TextInput(attrs=_PLAIN))
    valid_from = DayField(label=_("Dùng từ ngày"))


class RouteForm(Form):
    route = forms.ChoiceField(label=_("Cách gửi"), choices=list(rules.ROUTE_LABELS.items()), widget=forms.RadioSelect)
    valid_from = DayField(label=_("Dùng từ ngày"))


class DraftForm(Form):
    subject = forms.CharField(label=_("Tiêu đề thư"), max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    body = forms.CharField(
        label=_("Nội dung thư"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Lời chào, đường dẫn, điện thoại và tên cơ quan được thêm tự động. Dòng có chỗ điền trống thì không in."),
    )
    sms = forms.CharField(
        label=_("Nội dung SMS"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Viết không dấu thì mỗi tin được 160 ký tự, có dấu thì 70."),
    )
    zalo_template = forms.CharField(
        label=_("Mã mẫu Zalo đã được Zalo duyệt"), max_length=40, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    zalo_values = forms.CharField(
        label=_("Tham số của mẫu Zalo"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một tham số: tên = nội dung. Ví dụ: ma_ho_so = {mã hồ sơ}"),
    )

    @staticmethod
    def initial_of(words: letters.Words) -> dict[str, Any]:
        return {
            "subject": words.subject,
            "body": words.body,
            "sms": words.sms,
            "zalo_template": words.zalo_template,
            "zalo_values": "\n".join(f"{name} = {text}" for name, text in words.zalo_values.items()),
        }

    def clean_zalo_values(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for line in self.cleaned_data["zalo_values"].splitlines():
            name, sign, text = line.partition("=")
            if not line.strip():
                continue
            if not sign or not name.strip() or not text.strip() or len(name.strip()) > 40:
                raise forms.ValidationError(_("Chưa đọc được một dòng tham số. Hãy viết: tên = nội dung."))
            found[one_line(name)] = one_line(text)
        return found

    def words(self) -> letters.Words:
        """What was written, whether it can be used or not."""
        said = self.cleaned_data
        return letters.Words(
            subject=one_line(said["subject"]),
            body=said["body"].replace("\r\n", "\n").strip(),
            sms=one_line(said["sms"]),
            zalo_template=one_line(said["zalo_template"]),
            zalo_values=said["zalo_values"],
        )

    def judge(self, key: str, words: letters.Words) -> None:
        for field, sentence in unfit(key, words).items():
            self.add_error(field, sentence)


class MischiefForm(Form):
    way = forms.ChoiceField(label=_("Cách gửi"), choices=[(way, rules.WAYS[way]) for way in (rules.SMS, rules.ZALO)])
    mischief = forms.ChoiceField(label=_("Lần gọi tới"), choices=list(WAYS_TO_FAIL.items()))

    @staticmethod
    def mischief_label(name: str) -> Any:
        return WAYS_TO_FAIL.get(name, name)
