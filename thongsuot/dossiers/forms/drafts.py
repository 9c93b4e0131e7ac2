"""Forms of filing online. What the commands refuse is said beside the field; nothing typed is ever lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.actions import parties
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries.drafts import HeldPaper, stored_words
from thongsuot.kernel.text import nfc
from thongsuot.web.forms import Answered, AskedField, Form, ManyFiles, refusals_on

# Named one by one: a phone that sees image/jpeg turns its own format into one everybody can open.
ACCEPTED = "image/jpeg,image/png,application/pdf,.jpg,.jpeg,.png,.pdf,.tif,.tiff,.docx,.xlsx,.odt"


class ManyFilesField(forms.FileField):
    """Several files of one paper. What they are is looked at when they are kept (`files.actions.store`), not here.

    `required` only says that the paper is asked for: an earlier page may have brought it, so an empty field is no mistake.
    """

    widget = ManyFiles(attrs={"accept": ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        return list(data or [])


# -- where -------------------------------------------------------------------------------------------------------------


class PlaceForm(Form):
    """The unit, by its code. With `hints` the choices are few and drawn as boxes, each with a line of help."""

    unit = forms.ChoiceField(
        label=_("Nơi nộp"),
        error_messages={
            "required": _("Chưa chọn nơi nộp. Hãy chọn phường hoặc xã nơi bạn ở."),
            "invalid_choice": _("Nơi này không nhận thủ tục bạn chọn. Hãy chọn một nơi trong danh sách."),
        },
    )

    def __init__(
        self, *args: Any, places: Sequence[tuple[str, str]], hints: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if hints is None:
            field.label = _("Phường, xã, đặc khu")
            self.offer(unit=[("", _("Chọn trong %(count)s nơi") % {"count": len(places)}), *places])
        else:
            field.widget = forms.RadioSelect()
            self.offer(unit=places)
            self.explain(unit=hints)


_PHONE = {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "w12"}


# -- who ---------------------------------------------------------------------------------------------------------------


class ContactForm(Form):
    """One part of the page of contacts. `answers()` is what the draft keeps, as typed."""

    part = ""

    def answers(self) -> dict[str, Any]:
        raise NotImplementedError

    def _typed(self, *names: str) -> dict[str, str]:
        return {name: nfc(str(self.data.get(name) or ""))[:400] for name in names}

    def refusals(self) -> AbstractContextManager[Answered]:
        return refusals_on(self, places={f"{self.part}.{name}": name for name in self.fields})


class OwnerForm(ContactForm):
    part = "owner"
    filing_for = forms.ChoiceField(
        label=_("Bạn nộp hồ sơ cho ai?"),
        widget=forms.RadioSelect,
        choices=[("self", _("Cho chính tôi")), ("another", _("Cho người khác"))],
    )
    name = AskedField(
        label=_("Họ và tên chủ hồ sơ"),
        help_text=_("Người mà kết quả sẽ ghi tên, viết như trên giấy tờ"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = AskedField(
        label=_("Điện thoại"),
        help_text=_("Nơi nhận gọi số này khi cần. Bốn số cuối dùng để mở chi tiết hồ sơ"),
        widget=forms.TextInput(attrs=_PHONE),
    )
    id_number = AskedField(
        label=_("Số định danh"),
        help_text=_("12 chữ số trên thẻ căn cước. Để trống được nếu đã có số điện thoại"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w24"}),
    )
    email = forms.CharField(
        label=_("Thư điện tử"),
        required=False,
        help_text=_("Chúng tôi báo tin về hồ sơ tới đây"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = forms.CharField(
        label=_("Nơi ở"),
        required=False,
        help_text=_("Cần khi nhận kết quả qua bưu điện"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def answers(self) -> dict[str, Any]:
        return {
            "filing_for": "another" if self.data.get("filing_for") == "another" else "self",
            "owner": self._typed("name", "phone", "id_number", "email", "address"),
        }

    def clean(self) -> None:
        super().clean()
        with self.refusals():
            parties.owner_in(self.answers())


class FilerForm(ContactForm):
    part = "filer"
    name = AskedField(label=_("Họ và tên của bạn"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Điện thoại của bạn"),
        required=False,
        widget=forms.TextInput(attrs=_PHONE),
        help_text=_("Bốn số cuối của số này cũng mở được chi tiết hồ sơ"),
    )
    id_number = forms.CharField(
        label=_("Số định danh của bạn"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w24"}),
    )
    relation = forms.CharField(
        label=_("Bạn là gì của chủ hồ sơ?"), required=False, help_text=_("Ví dụ: con, người được ủy quyền, người đại diện")
    )

    def answers(self) -> dict[str, Any]:
        return {"filing_for": "another", "filer": self._typed("name", "phone", "id_number", "relation")}

    def clean(self) -> None:
        super().clean()
        with self.refusals():
            parties.filer_in(self.answers())


class ReturnForm(ContactForm):
    part = "return"
    return_by = forms.ChoiceField(
        label=_("Bạn muốn nhận kết quả thế nào?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn cách nhận kết quả.")},
    )

    collected_at = forms.ChoiceField(
        label=_("Nhận bản giấy ở đâu"),
        required=False,
        help_text=_("Chọn nơi gần bạn nhất. Nơi giải quyết chuyển bản giấy đến đó, có thể lâu hơn một ngày làm việc."),
    )

    def __init__(self, *args: Any, owner: Mapping[str, Any], desks: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        if desks:
            self.offer(collected_at=[("", gettext("Tại nơi giải quyết hồ sơ")), *desks])
        else:
            del self.fields["collected_at"]
        self.offer(
            return_by=[
                (Dossier.Return.ELECTRONIC, _("Chỉ bản điện tử")),
                (Dossier.Return.COUNTER, _("Bản điện tử, và bản giấy tại quầy")),
                (Dossier.Return.POST, _("Bản điện tử, và bản giấy qua bưu điện")),
            ]
        )
        self.explain(
            return_by={
                Dossier.Return.ELECTRONIC: _("Có giá trị như bản giấy. Tải xuống từ trang tra cứu"),
                Dossier.Return.COUNTER: _("Đến nơi nộp trong giờ làm việc, mang theo giấy tờ tùy thân"),
                Dossier.Return.POST: _("Gửi tới nơi ở đã ghi. Bạn trả cước bưu điện"),
            }
        )

    def answers(self) -> dict[str, Any]:
        chosen = self.data.get("return_by")
        if chosen not in Dossier.Return.values:
            return {}
        known = {code for code, _name in getattr(self.fields.get("collected_at"), "choices", ())}
        place = str(self.data.get("collected_at") or "")
        return {"return_by": chosen, "collected_at": place if place in known and place else None}

    def clean(self) -> None:
        super().clean()
        if self.answers():
            with self.refusals():
                parties.return_in({**self.answers(), "owner": self.owner})


# -- papers ------------------------------------------------------------------------------------------------------------


class PapersForm(Form):
    """A place for files per paper, and where the data may be in a register a box to ask for it."""

    def __init__(self, *args: Any, papers: Sequence[HeldPaper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [held.paper.code for held in papers]
        for held in papers:
            self.fields[f"files-{held.paper.code}"] = ManyFilesField(
                required=held.paper.required, label=held.paper.name, help_text=_sentence(held.paper.only_if)
            )
            if held.offers:
                self.fields[f"reuse-{held.paper.code}"] = forms.ChoiceField(
                    required=False,
                    initial=held.reused,
                    label=_("Dùng lại giấy tờ bạn đã có trong kho?"),
                    help_text=_("Chọn là bạn đồng ý cho nơi nhận xem và dùng giấy tờ này, chỉ trong hồ sơ này"),
                    choices=[*((one.code, stored_words(one)) for one in held.offers), ("", _("Không, tôi nộp bản khác"))],
                    widget=forms.RadioSelect,
                )
            if held.offers_look_up:
                self.fields[f"look_up-{held.paper.code}"] = forms.BooleanField(
                    required=False,
                    initial=held.is_looked_up,
                    label=_("Tôi không có tệp, hãy tra giúp trong dữ liệu"),
                    help_text=_("Khi cơ quan nhà nước đã có bản điện tử. Không tìm thấy thì nơi nhận báo bạn bổ sung"),
                )

    def uploads(self) -> list[tuple[str, UploadedFile[Any]]]:
        """(paper code, file), in the order of the page. Only after `is_valid()`."""
        return [(code, file) for code in self.codes for file in self.cleaned_data[f"files-{code}"]]

    def reused(self) -> dict[str, str]:
        """Component's code -> code of the stored paper that was ticked."""
        return {code: chosen for code in self.codes if (chosen := self.cleaned_data.get(f"reuse-{code}"))}

    def looked_up(self) -> list[str]:
        return [code for code in self.codes if self.cleaned_data.get(f"look_up-{code}")]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


# -- the form of the procedure -----------------------------------------------------------------------------------------


def without_row(data: Any, key: str, place: int) -> dict[str, str]:
    """What was posted, with one row of a list taken out and the rows behind it moved up."""
    kept: dict[str, str] = {}
    for name in data:
        found = re.fullmatch(rf"{re.escape(key)}-(\d{{1,2}})-(\w+)", name)
        if found is None:
            kept[name] = data[name]
        elif (row := int(found[1])) != place:
            kept[f"{key}-{row - (row > place)}-{found[2]}"] = data[name]
    return kept


# -- the end -----------------------------------------------------------------------------------------------------------


class SubmitForm(Form):
    """`version` is what the filer was shown: papers and fees of another one must be seen first."""

    promise = forms.BooleanField(
        label=_("Tôi cam đoan những điều đã khai là đúng sự thật"),
        error_messages={"required": _("Hãy đọc câu cam đoan rồi đánh dấu vào ô.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ResumeForm(Form):
    code = forms.CharField(
        label=_("Mã tờ khai"),
        max_length=60,
        help_text=_("Bắt đầu bằng KS, gõ chữ thường hay thiếu gạch nối đều được"),
        error_messages={
            "required": _("Chưa có mã. Hãy nhập mã đã ghi lại khi lưu tờ khai."),
            "max_length": _("Mã này quá dài. Hãy xem lại mã đã ghi lại khi lưu tờ khai."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w24"}),
    )


def posted_again(initial: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft keeps (`procedures.forms.initial_for`), as if it had just been posted: the page opens with what is wrong."""
    return {
        name: f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else value for name, value in initial.items()
    }
