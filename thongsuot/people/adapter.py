"""How allauth (login, mail codes, second factors) becomes ours: Vietnamese sentences, our commands, mail by a job."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel import clock
from thongsuot.people import actions, queries, second_factor, tasks
from thongsuot.people.middleware import note_post
from thongsuot.people.models import Person

# What the owner of an account is told by mail when something about its security changed.
SECURITY_NEWS = {
    "account/email/password_changed": _("Mật khẩu của tài khoản vừa được đổi."),
    "account/email/password_set": _("Mật khẩu của tài khoản vừa được đặt."),
    "account/email/password_reset": _("Mật khẩu của tài khoản vừa được đặt lại."),
    "mfa/email/totp_activated": _("Ứng dụng tạo mã vừa được gắn vào tài khoản."),
    "mfa/email/totp_deactivated": _("Ứng dụng tạo mã vừa được gỡ khỏi tài khoản."),
    "mfa/email/webauthn_added": _("Một khóa truy cập vừa được gắn vào tài khoản."),
    "mfa/email/webauthn_removed": _("Một khóa truy cập vừa được gỡ khỏi tài khoản."),
    "mfa/email/recovery_codes_generated": _("Bộ mã dự phòng mới của tài khoản vừa được tạo."),
}

WAYS_TO_SHOW_AGAIN = {
    "reauthenticate": _("Nhập mật khẩu"),
    "mfa_reauthenticate": _("Nhập mã của ứng dụng, hoặc mã dự phòng"),
    "mfa_reauthenticate:webauthn": _("Dùng khóa truy cập"),
}


class AccountAdapter(DefaultAccountAdapter):
    # One sentence for a wrong address and a wrong password: nobody learns who has an account.
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Tài khoản này đang khóa. Hãy hỏi người quản trị của cơ quan, hoặc gọi tổng đài."),
        "email_password_mismatch": _("Thư điện tử hoặc mật khẩu chưa đúng. Hãy xem lại, hoặc đặt lại mật khẩu."),
        "email_taken": _("Địa chỉ thư này đã gắn với một tài khoản. Hãy đăng nhập, hoặc đặt lại mật khẩu."),
        "enter_current_password": _("Mật khẩu đang dùng chưa đúng. Hãy nhập lại."),
        "incorrect_code": _("Mã chưa đúng hoặc đã hết hạn. Hãy nhập mã mới nhất."),
        "incorrect_password": _("Mật khẩu chưa đúng. Hãy nhập lại."),
        "invalid_login": _("Chưa đăng nhập được. Hãy xem lại thư điện tử và mật khẩu."),
        "invalid_password_reset": _("Đường dẫn đặt mật khẩu đã dùng rồi hoặc đã hết hạn. Hãy xin đường dẫn mới."),
        "too_many_login_attempts": _("Đã sai nhiều lần. Hãy chờ vài phút rồi thử lại; mật khẩu của bạn không bị đổi."),
        "rate_limited": _("Vừa gửi nhiều lần liền nhau. Hãy chờ một phút rồi thử lại."),
        "same_as_current": _("Giá trị mới giống giá trị đang dùng. Hãy nhập giá trị khác."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """In production a new account needs a mailbox that answers; without mail, sign-up says that it is closed."""
        return bool(settings.EMAIL_HOST) or not settings.PRODUCTION

    def set_password(self, user: Person, password: str) -> None:
        now = clock.now()
        changed = actions.set_password(user.pk, password=password, actor=queries.actor_for(user, at=now), at=now)
        user.password = changed.password  # allauth signs the current session anew from this object

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        now = clock.now()
        actor = queries.actor_for(user, at=now)
        note_post(request, actor)
        actions.note_login(user.pk, actor=actor, at=now)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whose second factor is missing starts by setting it up; a `next` in the address goes before this."""
        person = request.user
        if isinstance(person, Person):
            actor = second_factor.actor_at_the_door(person, at=clock.now())
            if isinstance(actor, second_factor.WithoutSecondFactor):
                return reverse("mfa_index")
        url: str = super().get_login_redirect_url(request)
        return url

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**one, "description": WAYS_TO_SHOW_AGAIN[one["id"]]} for one in found]

    def format_email_subject(self, subject: str) -> str:
        return f"Thông Suốt: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Rendered now, in the reader's language; sent by a job: a slow mail server holds nobody up and betrays nothing."""
        mail = self.render_mail(template_prefix, email, {"email": email, **context})
        tasks.send_account_mail.defer(to=email, subject=mail.subject, text=mail.body)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        what = str(SECURITY_NEWS[template_prefix])
        text = render_to_string(
            "people/mail/security_news.txt",
            {
                "name": user.full_name,
                "what": what,
                "at": clock.now(),
                "home": settings.PUBLIC_URL,
            },
        )
        tasks.send_account_mail.defer(to=email or user.email, subject=self.format_email_subject(what), text=text.strip())


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Nhiệm vụ của bạn cần đăng nhập hai lớp. Hãy cài một lớp khác trước, rồi gỡ lớp này."),
        "cannot_generate_recovery_codes": _("Chưa có lớp đăng nhập thứ hai, chưa cần mã dự phòng. Hãy cài lớp ấy trước."),
        "incorrect_code": _("Mã chưa đúng hoặc đã hết hạn. Hãy nhập mã mới nhất."),
        "unverified_email": _("Thư điện tử của tài khoản chưa xác nhận. Hãy đăng nhập lại để nhận mã xác nhận, rồi làm tiếp."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of someone whose duties need one stays, until another is set up."""
        person = authenticator.user
        actor = queries.actor_for(person, at=clock.now())
        return not second_factor.is_due(person, actor.duties) or second_factor.has_one(person, besides=authenticator)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        if count == 0:
            return gettext("Khóa chính")
        return gettext("Khóa dự phòng") if count == 1 else gettext("Khóa số %(number)s") % {"number": count + 1}

    def build_totp_svg(self, url: str) -> str:
        """White paper under the squares: on a dark page a bare picture could not be scanned."""
        svg: str = segno.make(url, error="m").svg_inline(scale=4, border=4, light="#fff")
        return svg

    def encrypt(self, text: str) -> str:
        """Secrets of second factors lie encrypted in the database: a copy of it alone makes no codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Keys from SECRET_KEY and its fallbacks: a new key takes the old one into SECRET_KEY_FALLBACKS, or factors are lost."""
    digests = [
        hashlib.sha256(b"second factor:" + force_bytes(key)).digest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
