"""allauth's forms in our words: labels and hints for people, one field for a new password, no placeholders."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel import clock
from thongsuot.kernel.contact import phone_as_kept
from thongsuot.people import actions
from thongsuot.people.models import Person
from thongsuot.web.forms import Form
from thongsuot.web.request import actor_of

Text = Any  # str or lazy: django-stubs knows lazy strings by a private name
Words = dict[str, tuple[Text, Text]]

NEW_PASSWORD = _("Mật khẩu mới")
GOOD_PASSWORD = _("Từ 12 ký tự trở lên, không chỉ có chữ số. Vài từ ghép lại thì vừa dễ nhớ vừa khó đoán.")
SIX_DIGITS = _("6 chữ số đang hiện trong ứng dụng tạo mã")


class Worded:
    """Stands between our Form and a form of allauth: puts `words` (label, hint) on its fields, takes out what we do not ask."""

    words: ClassVar[Words] = {}
    dropped: ClassVar[tuple[str, ...]] = ()
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.dropped:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = self.words.get(name, (field.label or "", ""))


class LoginForm(Form, Worded, account.LoginForm):
    words: ClassVar[Words] = {"login": (_("Thư điện tử"), ""), "password": (_("Mật khẩu"), "")}


class SignupForm(Form, Worded, account.SignupForm):
    """An account for anyone. A password is asked once: it can be set anew by mail."""

    full_name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
    )
    field_order = ("full_name", "email", "phone", "password1")
    words: ClassVar[Words] = {
        "full_name": (_("Họ và tên"), _("Như trên căn cước")),
        "email": (_("Thư điện tử"), _("Dùng để đăng nhập và nhận tin về hồ sơ")),
        "phone": (_("Điện thoại"), ""),
        "password1": (_("Mật khẩu"), GOOD_PASSWORD),
    }

    def clean_phone(self) -> str:
        return cleaned_phone(self.cleaned_data["phone"])

    def save(self, request: HttpRequest) -> Person:
        return actions.register_citizen(
            email=self.cleaned_data["email"],
            full_name=self.cleaned_data["full_name"],
            phone=self.cleaned_data["phone"],
            password=self.cleaned_data["password1"],
            actor=actor_of(request),
            at=clock.now(),
        )


class CodeByMailForm(Form, Worded, account.ConfirmEmailVerificationCodeForm):
    words: ClassVar[Words] = {"code": (_("Mã xác nhận"), _("Mã trong thư vừa gửi, có hiệu lực 15 phút"))}


class ReauthenticateForm(Form, Worded, account.ReauthenticateForm):
    words: ClassVar[Words] = {"password": (_("Mật khẩu"), "")}


class ChangePasswordForm(Form, Worded, account.ChangePasswordForm):
    dropped: ClassVar[tuple[str, ...]] = ("password2",)
    words: ClassVar[Words] = {"oldpassword": (_("Mật khẩu đang dùng"), ""), "password1": (NEW_PASSWORD, GOOD_PASSWORD)}


class SetPasswordForm(Form, Worded, account.SetPasswordForm):
    dropped: ClassVar[tuple[str, ...]] = ("password2",)
    words: ClassVar[Words] = {"password1": (NEW_PASSWORD, GOOD_PASSWORD)}


class AskPasswordLinkForm(Form, Worded, account.ResetPasswordForm):
    words: ClassVar[Words] = {"email": (_("Thư điện tử"), _("Địa chỉ bạn dùng để đăng nhập"))}


class NewPasswordForm(Form, Worded, account.ResetPasswordKeyForm):
    dropped: ClassVar[tuple[str, ...]] = ("password2",)
    words: ClassVar[Words] = {"password1": (NEW_PASSWORD, GOOD_PASSWORD)}


class SecondFactorForm(Form, Worded, factor.AuthenticateForm):
    words: ClassVar[Words] = {"code": (_("Mã đăng nhập"), _("6 chữ số trong ứng dụng tạo mã, hoặc một mã dự phòng"))}


class SecondFactorAgainForm(Form, Worded, factor.ReauthenticateForm):
    words: ClassVar[Words] = {"code": (_("Mã đăng nhập"), _("6 chữ số trong ứng dụng tạo mã, hoặc một mã dự phòng"))}


class ActivateTotpForm(Form, Worded, totp.ActivateTOTPForm):
    words: ClassVar[Words] = {"code": (_("Mã thử"), SIX_DIGITS)}


class DeactivateTotpForm(Form, Worded, totp.DeactivateTOTPForm):
    pass


class AddPasskeyForm(Form, Worded, passkey.AddWebAuthnForm):
    words: ClassVar[Words] = {
        "name": (_("Tên khóa"), _("Để bạn nhận ra, ví dụ: điện thoại của tôi")),
        "passwordless": (
            _("Đăng nhập bằng khóa này, không cần mật khẩu"),
            _("Thiết bị sẽ hỏi vân tay, khuôn mặt hoặc mã PIN mỗi lần"),
        ),
    }


class RenamePasskeyForm(Form, Worded, passkey.EditWebAuthnForm):
    words: ClassVar[Words] = {"name": (_("Tên khóa"), "")}


def cleaned_phone(text: str) -> str:
    """As kept, for a form's clean method; empty stays empty."""
    if not text.strip():
        return ""
    kept = phone_as_kept(text)
    if kept is None:
        raise forms.ValidationError(_("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại số đã nhập."))
    return kept
