"""Addresses of login: allauth's views under Vietnamese slugs, with allauth's own names (they have no namespace there).

Only what we need is here. Changing the address of an account, login by mailed code and the like have no page.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.conf import settings
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from thongsuot.people.views import national_identity
from thongsuot.people.views.passkeys import RemovePasskey
from thongsuot.people.views.sessions import OwnSessions

urlpatterns: list[URLPattern] = [
    path("dang-nhap/", national_identity.Login.as_view(), name="account_login"),
    path("dinh-danh/", national_identity.start, name="identity_login"),
    path("dinh-danh/ve/", national_identity.callback, name="identity_callback"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("dang-ky/", account.signup, name="account_signup"),
    path("dang-khoa/", account.account_inactive, name="account_inactive"),
    path("xac-nhan-thu/", account.email_verification_sent, name="account_email_verification_sent"),
    # allauth leads here from pages of the mail code; the address of an account is not changed by its owner.
    path("thu-dien-tu/", RedirectView.as_view(pattern_name="people:profile"), name="account_email"),
    path("nhap-lai-mat-khau/", account.reauthenticate, name="account_reauthenticate"),
    path("mat-khau/", account.password_change, name="account_change_password"),
    path("mat-khau/dat/", account.password_set, name="account_set_password"),
    path(
        "quen-mat-khau/",
        account.PasswordResetView.as_view(extra_context={"mail_works": bool(settings.EMAIL_HOST)}),
        name="account_reset_password",
    ),
    path("quen-mat-khau/da-gui/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mat-khau/moi/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mat-khau/da-dat/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("hai-lop/", factor.index, name="mfa_index"),
    path("hai-lop/dang-nhap/", factor.authenticate, name="mfa_authenticate"),
    path("hai-lop/nhap-lai/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("hai-lop/ung-dung/cai/", totp.activate_totp, name="mfa_activate_totp"),
    path("hai-lop/ung-dung/go/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("hai-lop/ma-du-phong/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("hai-lop/ma-du-phong/tao/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("hai-lop/ma-du-phong/tai-ve/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("hai-lop/khoa/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("hai-lop/khoa/them/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("hai-lop/khoa/nhap-lai/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("hai-lop/khoa/dang-nhap/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("hai-lop/khoa/<int:pk>/go/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("hai-lop/khoa/<int:pk>/ten/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("phien-dang-nhap/", OwnSessions.as_view(), name="usersessions_list"),
]
