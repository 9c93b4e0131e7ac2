"""Forms of signing. PINs are never shown again, never kept by the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.signing.actions.requests import Asked
from thongsuot.signing.models import CertificateRequest
from thongsuot.signing.queries.subjects import Subject
from thongsuot.web.forms import DayField, Form

Choices = Sequence[tuple[Any, Any]]


_PIN = _("Mã PIN")


def pin_field(label: Any = _PIN, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=64,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "w12"}),
        **more,
    )


class FileForm(Form):
    """A PDF to be examined; nothing of it is kept."""

    file = forms.FileField(label=_("Tệp PDF"), help_text=_("Tối đa 20 MB. Tệp chỉ được đọc để kiểm tra, không lưu lại."))


class CompareForm(Form):
    file = forms.FileField(label=_("Tệp cần đối chiếu"), help_text=_("Chúng tôi chỉ tính mã băm của tệp để so, không lưu lại."))


class CodeForm(Form):
    ma = forms.CharField(label=_("Mã xác thực"), max_length=40, help_text=_("In cạnh hình QR. Ví dụ: ABCD-EFGH-JKMN-PQRS"))


class ChangePinForm(Form):
    pin = pin_field(_("Mã PIN đang dùng"))
    new_pin = pin_field(_("Mã PIN mới"), help_text=_("6 đến 64 ký tự, không dấu cách, không phải một dãy liền nhau."))
    again = pin_field(_("Nhập lại mã PIN mới"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new_pin") and given.get("again") and given["new_pin"] != given["again"]:
            self.add_error("again", ValidationError(gettext("Hai lần nhập chưa giống nhau. Hãy nhập lại.")))
        return given


class AskForm(Form):
    """One's own request, or one about an agency's certificate."""

    what = forms.ChoiceField(label=_("Đề nghị"))
    about = forms.ChoiceField(label=_("Cho chứng thư hoặc chức vụ"))
    reason = forms.CharField(label=_("Lý do"), max_length=300, required=False, help_text=_("Cần khi tạm dừng hoặc thu hồi."))

    def __init__(self, *args: Any, subjects: Sequence[Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._subjects = {one.key: one for one in subjects}
        self.offer(what=CertificateRequest.Kind.choices)
        self.offer(about=[(one.key, one.label) for one in subjects])

    def asked(self) -> Asked:
        """What is asked for, once the form is valid."""
        about = self._subjects[self.cleaned_data["about"]]
        return Asked(
            kind=self.cleaned_data["what"],
            body_id=about.body_id,
            person_id=about.person_id,
            post=about.post,
            certificate_id=about.certificate_id,
            reason=self.cleaned_data["reason"],
        )


class ReasonForm(Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300)


class ImageForm(Form):
    image = forms.FileField(
        label=_("Hình chữ ký hoặc hình dấu"), help_text=_("PNG nền trong suốt; chữ ký màu xanh, dấu màu đỏ đúng cỡ thật.")
    )


class HolderForm(Form):
    """Who a new certificate is for: a person in a post, or an agency of a unit."""

    holder = forms.ChoiceField(label=_("Cấp cho"))

    def __init__(self, *args: Any, holders: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(holder=[("", gettext("Chọn người hoặc cơ quan")), *holders])


class UploadForm(HolderForm):
    certificate = forms.FileField(label=_("Tệp chứng thư"), help_text=_("Dạng PEM, chứng thư của người ký ở đầu tệp."))
    token_label = forms.CharField(label=_("Nhãn thiết bị lưu khóa"), max_length=64)
    key_label = forms.CharField(label=_("Nhãn khóa trong thiết bị"), max_length=64)


class TestForm(HolderForm):
    pin = pin_field(help_text=_("Người giữ chứng thư đổi mã này ở lần dùng đầu."))


class RootForm(Form):
    certificate = forms.FileField(label=_("Chứng thư gốc"), help_text=_("Dạng PEM, của cơ quan cấp."))
    basis = forms.CharField(label=_("Căn cứ"), max_length=300)
    valid_from = DayField(label=_("Tin cậy từ ngày"))
