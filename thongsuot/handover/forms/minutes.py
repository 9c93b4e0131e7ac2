"""Forms of the page of two units' minutes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.handover.models import HandoverSignature
from thongsuot.signing.forms import pin_field
from thongsuot.web.forms import DayField, Form

Side = HandoverSignature.Side


class DraftForm(Form):
    place = forms.CharField(label=_("Nơi lập biên bản"), max_length=200, help_text=_("Ví dụ: Trụ sở UBND Phường Sông"))
    note = forms.CharField(
        label=_("Ghi thêm"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )


class SignForm(Form):
    side = forms.ChoiceField(label=_("Ký cho"), choices=Side.choices)
    pin = pin_field()


class AgencyForm(Form):
    """Which agency seals; its certificate's PIN."""

    side = forms.ChoiceField(label=_("Đóng dấu của"), choices=Side.choices)
    pin = pin_field()


class ByHandForm(Form):
    """Three names with their titles, the day, and the scan."""

    handing_name = forms.CharField(label=_("Bên giao: họ tên"), max_length=200)
    handing_title = forms.CharField(label=_("Bên giao: chức vụ"), max_length=200)
    receiving_name = forms.CharField(label=_("Bên nhận: họ tên"), max_length=200)
    receiving_title = forms.CharField(label=_("Bên nhận: chức vụ"), max_length=200)
    witness_name = forms.CharField(label=_("Chứng kiến: họ tên"), max_length=200)
    witness_title = forms.CharField(label=_("Chứng kiến: chức vụ"), max_length=200)
    signed_on = DayField(label=_("Ngày ký"))
    scan = forms.FileField(label=_("Bản chụp có đủ chữ ký"), help_text=_("Tệp PDF hoặc ảnh"))

    def signers(self) -> dict[str, tuple[str, str]]:
        said = self.cleaned_data
        return {side: (said[f"{side}_name"], said[f"{side}_title"]) for side in Side.values}
