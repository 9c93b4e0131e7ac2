"""Forms of what officers do with a ticket. What may be chosen comes from the view, as rows of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.forms.asking import AskingForm
from thongsuot.feedback.forms.photos import PhotosField
from thongsuot.feedback.words import Channel, RefusalReason, ReturnReason, Stream, Suspected, Urgency, WithheldReason
from thongsuot.kernel.text import slug
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units.forms import DegreesField
from thongsuot.web.forms import DayField, Form

Choices = Sequence[tuple[Any, Any]]
KINDS = [(one.value, one.label) for one in (Suspected.COMPLAINT, Suspected.DENUNCIATION)]
# Channels an officer writes a report down from; the others come by themselves.
WRITTEN_DOWN = (Channel.COUNTER, Channel.RECEPTION, Channel.PAPER, Channel.HOTLINE, Channel.EMAIL, Channel.ZALO)


def _lines(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SeenForm(Form):
    """`seen`: what the officer saw (`queries.ticket.TicketPage.seen`)."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ConfirmForm(SeenForm):
    """Nothing to fill in: only the press of the button."""


class ClassifyForm(SeenForm):
    category = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    stream = forms.ChoiceField(
        label=_("Luồng, khi chưa rõ lĩnh vực"), required=False, help_text=_("Lĩnh vực đã chọn quyết định luồng.")
    )
    urgency = forms.ChoiceField(
        label=_("Mức độ"), required=False, help_text=_("Đổi sang khẩn thì hạn ngắn chạy từ bây giờ, đơn vị được báo.")
    )

    def __init__(self, *args: Any, categories: Choices, urgency: str, claimed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = gettext("Chưa rõ lĩnh vực")
        stays = gettext("Giữ nguyên: %(urgency)s") % {"urgency": Urgency(urgency).label}
        self.offer(urgency=[("", stays), *((value, label) for value, label in Urgency.choices if value != urgency)])
        if claimed:  # that is decided on a page of its own
            del self.fields["urgency"]
        self.offer(category=[("", none), *categories], stream=[("", gettext("Không đổi")), *Stream.choices])


class PlaceForm(SeenForm):
    unit = forms.TypedChoiceField(label=_("Phường, xã, đặc khu"), coerce=int, empty_value=None, required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    latitude = DegreesField(label=_("Vĩ độ"), limit=90, required=False)
    longitude = DegreesField(label=_("Kinh độ"), limit=180, required=False)
    why = forms.CharField(
        label=_("Vì sao khác điểm trên bản đồ"),
        max_length=1000,
        required=False,
        help_text=_("Chỉ khi đơn vị đã chọn không phải nơi có điểm. Giữ trong ghi chú nội bộ."),
    )

    def __init__(self, *args: Any, wards: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=[("", gettext("Theo điểm hoặc địa chỉ")), *wards])


class WhyForm(SeenForm):
    why = forms.CharField(label=_("Vì sao không phải"), widget=_lines(), help_text=_("Giữ trong ghi chú nội bộ."))


class TakeOverForm(SeenForm):
    why = forms.CharField(label=_("Vì sao nhận thay"), widget=_lines(3), help_text=_("Giữ trong ghi chú nội bộ."))


class DossierForm(SeenForm):
    dossier = forms.CharField(
        label=_("Mã hồ sơ"),
        required=False,
        max_length=60,
        help_text=_("Đọc phản ánh rồi giữ nguyên mã để xác nhận, sửa lại, hoặc để trống nếu không nói đến hồ sơ nào."),
    )
    why = forms.CharField(
        label=_("Vì sao đổi"),
        widget=_lines(3),
        required=False,
        help_text=_("Cần ghi khi mã khác với mã đang có. Giữ trong ghi chú nội bộ."),
    )


class KindForm(SeenForm):
    kind = forms.ChoiceField(label=_("Đây là"), choices=KINDS, widget=forms.RadioSelect)


class HandOverForm(KindForm):
    to_unit_id = forms.TypedChoiceField(label=_("Nơi tiếp công dân"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_unit_id=[("", gettext("Chọn đơn vị")), *(offered := list(units))])
        if not offered:
            self.fields["to_unit_id"].help_text = gettext(
                "Chưa đơn vị nào có người tiếp công dân. Hãy nhờ người quản trị giao nhiệm vụ Tiếp công dân."
            )


class RouteForm(SeenForm):
    unit_id = forms.TypedChoiceField(label=_("Đơn vị xử lý"), coerce=int, empty_value=None)
    words = forms.CharField(label=_("Lời nhắn cho đơn vị"), widget=_lines(3), required=False, max_length=1000)

    def __init__(self, *args: Any, units: Choices, why: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit_id=[("", gettext("Chọn đơn vị")), *units])
        self.fields["unit_id"].help_text = why


class RefuseForm(SeenForm):
    reason = forms.ChoiceField(label=_("Lý do"), choices=RefusalReason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Lời giải thích"), widget=_lines(), help_text=_("Người gửi đọc được phần này: vì sao, và nên làm gì tiếp.")
    )


class ReturnForm(SeenForm):
    reason = forms.ChoiceField(label=_("Lý do"), choices=ReturnReason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Giải thích, và đơn vị nào đúng hơn"), widget=_lines(3), help_text=_("Người gửi cũng đọc được phần này.")
    )


class AssignForm(SeenForm):
    person_id = forms.TypedChoiceField(label=_("Người xử lý"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(person_id=[("", gettext("Chọn người")), *people])


class AskForm(SeenForm):
    words = forms.CharField(label=_("Cần người gửi bổ sung gì"), widget=_lines(), help_text=_("Người gửi đọc được câu này."))


class MessageForm(SeenForm):
    words = forms.CharField(label=_("Lời nhắn"), widget=_lines(), help_text=_("Người gửi đọc được. Đồng hồ vẫn chạy."))
    photos = PhotosField(label=_("Ảnh kèm theo"), required=False)


class NoteForm(SeenForm):
    words = forms.CharField(label=_("Ghi chú"), widget=_lines(), help_text=_("Chỉ người xử lý đọc. Không người dân nào thấy."))


class ExtendForm(SeenForm):
    day = DayField(label=_("Hạn mới, hết giờ làm việc ngày"))
    reason = forms.CharField(
        label=_("Lý do"),
        widget=_lines(3),
        help_text=_("Khi được duyệt, lý do này gửi đến mọi người đã phản ánh việc này: không nêu tên hay nhà của ai."),
    )

    def new_due_at(self, closing: time) -> datetime:
        return datetime.combine(self.cleaned_data["day"], closing, VIET_NAM)


class DecideForm(SeenForm):
    granted = forms.TypedChoiceField(
        label=_("Quyết định"),
        coerce=lambda said: said == "co",
        choices=[("co", _("Đồng ý gia hạn")), ("khong", _("Không đồng ý"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Lời nhắn cho người xin"), widget=_lines(3), required=False, max_length=1000)


class AnswerForm(SeenForm):
    words = forms.CharField(label=_("Trả lời người gửi"), widget=_lines(9))
    done = forms.TypedChoiceField(
        label=_("Việc này"),
        coerce=lambda said: said == "xong",
        choices=[("xong", _("Đã xử lý xong")), ("chua", _("Chưa làm được, lý do đã nêu trong trả lời"))],
        widget=forms.RadioSelect,
        initial="xong",
    )
    before = PhotosField(label=_("Ảnh trước khi xử lý"), required=False)
    photos = PhotosField(label=_("Ảnh sau khi xử lý"), required=False)


class SendBackForm(SeenForm):
    note = forms.CharField(label=_("Cần viết lại thế nào"), widget=_lines(3), max_length=1000)


class PublishForm(SeenForm):
    question = forms.CharField(label=_("Nội dung phản ánh, như mọi người đọc"), widget=_lines(6))
    answer = forms.CharField(label=_("Trả lời, như mọi người đọc"), widget=_lines(6))
    address = forms.CharField(
        label=_("Nơi xảy ra, như mọi người đọc"),
        max_length=300,
        required=False,
        help_text=_("Chỉ tên đường, phường, xã: không ghi số nhà."),
    )

    def __init__(
        self, *args: Any, masked: bool = False, earlier: Sequence[int] = (), explained: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """earlier: rounds that were answered before; explained: what of the texts may only stay with a reason."""
        super().__init__(*args, **kwargs)
        if masked:
            del self.fields["address"]
        self._rounds = {answer_field(one): one for one in earlier}
        self._words = {f"vi-sao-{slug(one)}": one for one in explained}
        for name, one in self._rounds.items():
            label = gettext("Trả lời lần %(round)s, để trống nếu không công khai") % {"round": one}
            self.add({name: forms.CharField(label=label, widget=_lines(4), required=False)})
        for name, words in self._words.items():
            label = gettext("Vì sao vẫn nêu “%(words)s”") % {"words": words}
            self.add({name: forms.CharField(label=label, max_length=300, required=False)})
        self.order_fields(["seen", "question", "answer", *self._rounds, "address", *self._words])

    def earlier(self) -> dict[int, str]:
        return {number: self.cleaned_data[name] for name, number in self._rounds.items()}

    def reasons(self) -> dict[str, str]:
        return {words: self.cleaned_data[name] for name, words in self._words.items()}

    @property
    def earlier_fields(self) -> list[str]:
        return list(self._rounds)

    @property
    def reason_fields(self) -> list[str]:
        return list(self._words)


def answer_field(number: int) -> str:
    return f"answer-{number}"


class UrgencyForm(SeenForm):
    urgent = forms.TypedChoiceField(
        label=_("Việc này"),
        coerce=lambda said: said == "khan",
        choices=[("khan", _("Khẩn: thiên tai, dịch bệnh, tai nạn, an ninh")), ("khong", _("Không khẩn, giữ hạn hiện tại"))],
        widget=forms.RadioSelect,
    )


class MaskForm(SeenForm):
    masked = forms.TypedChoiceField(
        label=_("Khi công khai"),
        coerce=lambda said: said == "che",
        choices=[("che", _("Che nơi xảy ra, chỉ nêu phường, xã")), ("khong", _("Được nêu nơi xảy ra"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_("Vì sao"), widget=_lines(3), max_length=1000, help_text=_("Giữ trong ghi chú nội bộ."))


class WithholdForm(SeenForm):
    reason = forms.ChoiceField(label=_("Lý do"), choices=WithheldReason.choices, widget=forms.RadioSelect)


class LookForm(Form):
    reason = forms.CharField(
        label=_("Vì sao cần biết ai đã gửi"),
        max_length=300,
        help_text=_("Lần xem được ghi lại cùng lý do, người gửi đọc được. Ví dụ: gọi hỏi vị trí chính xác."),
    )


class CoverForm(Form):
    """Beside the parts that are hidden, which have a form of their own (`pictures.blurs_from`)."""

    kept_back = forms.BooleanField(label=_("Giữ lại ảnh này, không công khai"), required=False)
    why = forms.CharField(
        label=_("Vì sao giữ lại"),
        max_length=300,
        required=False,
        help_text=_("Người gửi ảnh đọc được lý do khi phần khác công khai."),
    )


class TemplateForm(Form):
    unit = forms.TypedChoiceField(label=_("Dùng cho"), coerce=int, empty_value=None)
    title = forms.CharField(label=_("Tên mẫu"), max_length=120)
    category = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    words = forms.CharField(label=_("Lời trả lời"), widget=_lines(9))

    def __init__(self, *args: Any, units: Choices, categories: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=units, category=[("", gettext("Mọi lĩnh vực")), *categories])
        if len(units) < 2:
            self.fields["unit"].initial = units[0][0] if units else None
            self.fields["unit"].widget = forms.HiddenInput()


class RecordForm(AskingForm):
    """A report of somebody who stands at a desk, wrote on paper, or called. Questions of the category follow it."""

    channel = forms.ChoiceField(
        label=_("Phản ánh đến bằng"), choices=[(one.value, one.label) for one in WRITTEN_DOWN], initial=Channel.COUNTER
    )
    name = forms.CharField(label=_("Họ tên người gửi"), max_length=200)
    phone = forms.CharField(
        label=_("Điện thoại"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "class": "w12"})
    )
    email = forms.CharField(label=_("Thư điện tử"), required=False, help_text=_("Cần điện thoại hoặc thư để gửi trả lời."))
    words = forms.CharField(label=_("Nội dung, theo lời người gửi"), widget=_lines(6))
    category = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    latitude = DegreesField(label=_("Vĩ độ"), limit=90, required=False)
    longitude = DegreesField(label=_("Kinh độ"), limit=180, required=False)
    address = forms.CharField(label=_("Địa chỉ nơi xảy ra"), max_length=300, required=False)
    unit = forms.TypedChoiceField(label=_("Phường, xã, đặc khu"), coerce=int, empty_value=None, required=False)
    happened_on = DayField(label=_("Ngày xảy ra"), required=False)
    photos = PhotosField(label=_("Ảnh"), required=False)
    urgent = forms.BooleanField(label=_("Khẩn: thiên tai, dịch bệnh, tai nạn, an ninh"), required=False)
    masked = forms.BooleanField(label=_("Người gửi không muốn công khai chỗ xảy ra và điều gì nói họ là ai"), required=False)
    dossier = forms.CharField(label=_("Mã hồ sơ liên quan"), max_length=40, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, categories: Choices, wards: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(category=[("", gettext("Chưa rõ, để nơi tiếp nhận phân loại")), *categories])
        self.offer(unit=[("", gettext("Theo địa chỉ")), *wards])

    def happened_at(self) -> datetime | None:
        day = self.cleaned_data["happened_on"]
        return datetime.combine(day, time(), VIET_NAM) if day else None
