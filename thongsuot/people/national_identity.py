"""Login with a national identity account: what its claims mean here, and each way it can end without a login, as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.contact import is_email, is_id_number, phone_as_kept
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import one_line
from thongsuot.people import actions, queries
from thongsuot.people.actions.national_identity import PROVIDER
from thongsuot.people.models import Person

STAND_IN = "stand-in"


class IdentityOff(TellPerson):
    code = "people.identity_off"
    status = 404
    says = gettext_lazy("Nơi này chưa nối với tài khoản định danh. Hãy đăng nhập bằng thư điện tử và mật khẩu.")


class IdentityUnavailable(TellPerson):
    code = "people.identity_unavailable"
    status = 503
    says = gettext_lazy(
        "Chưa nối được với hệ thống định danh. Hãy thử lại sau ít phút, hoặc đăng nhập bằng thư điện tử và mật khẩu."
    )


class IdentityCancelled(TellPerson):
    code = "people.identity_cancelled"
    status = 400
    says = gettext_lazy(
        "Bạn đã dừng việc đăng nhập bằng tài khoản định danh. Chưa có gì thay đổi; bạn có thể đăng nhập lại bất cứ lúc nào."
    )


class IdentityStateLost(TellPerson):
    """No login of this browser waits for this answer: too late, used, begun elsewhere, or forged."""

    code = "people.identity_state_lost"
    status = 400
    says = gettext_lazy(
        "Lần đăng nhập này đã quá lâu, đã dùng rồi, hoặc bắt đầu ở trình duyệt khác. Hãy bắt đầu đăng nhập lại từ đầu."
    )


class IdentityNotProven(TellPerson):
    """The provider's answer does not hold: code used or too old, signature, nonce or person wrong."""

    code = "people.identity_not_proven"
    status = 400
    says = gettext_lazy("Hệ thống định danh chưa xác nhận được lần đăng nhập này. Hãy bắt đầu đăng nhập lại từ đầu.")


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the provider says of a person.

    id_number   only at level 2: at level 1 nobody has checked it
    email       only one the provider has verified: an address as typed could be an officer's, who is appointed by it later
    """

    subject: str
    level: int
    name: str
    id_number: str
    phone: str
    email: str


def claims_of(found: Mapping[str, Any]) -> Claims:
    """Raises IdentityNotProven when the person has no name, or a number that cannot be one."""
    names = settings.VNEID_CLAIMS
    level = 2 if str(found.get(names["level"], "")).strip() in {"2", "02", "level2"} else 1
    name = one_line(str(found.get(names["name"]) or ""))[:200]
    id_number = str(found.get(names["id_number"]) or "").strip() if level == 2 else ""
    if not name or (level == 2 and not is_id_number(id_number)):
        raise IdentityNotProven
    email = one_line(str(found.get(names["email"]) or "")).lower() if found.get("email_verified") is True else ""
    return Claims(
        subject=str(found["sub"]),
        level=level,
        name=name,
        id_number=id_number,
        phone=phone_as_kept(str(found.get(names["phone"]) or "")) or "",
        email=email if is_email(email) else "",
    )


def is_on() -> bool:
    return bool(settings.VNEID)


def is_stand_in() -> bool:
    return bool(settings.VNEID == STAND_IN)


def level_of_session(request: HttpRequest, person: Person) -> int:
    """How this session's login was proven: 1 or 2 by the national identity, 0 otherwise."""
    uids = [r["uid"] for r in get_authentication_records(request, person) if r.get("provider") == PROVIDER and "uid" in r]
    if not uids:
        return 0
    account = SocialAccount.objects.filter(provider=PROVIDER, uid=uids[-1], user=person).first()
    return int(account.extra_data.get("level", 1)) if account else 0


def linked_level(person: Person) -> int:
    """The level of the identity tied to the account; 0 for none."""
    account = SocialAccount.objects.filter(provider=PROVIDER, user=person).first()
    return int(account.extra_data.get("level", 1)) if account else 0


def proven_among(person_ids: Iterable[int]) -> set[int]:
    """Those of these accounts that an identity of level 2 is tied to. One query."""
    linked = SocialAccount.objects.filter(provider=PROVIDER, user_id__in=list(person_ids)).values_list("user_id", "extra_data")
    return {person_id for person_id, extra in linked if int(extra.get("level", 1)) == 2}


class IdentityAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        """Ours, from the settings: none lies in the database."""
        if not is_on() or provider not in {None, PROVIDER, "national_identity"}:
            return []
        from thongsuot.people import stand_in_vneid

        if is_stand_in():
            server, client, secret = stand_in_vneid.ISSUER, stand_in_vneid.CLIENT_ID, stand_in_vneid.secret()
            over: dict[str, str] = {"authorization_endpoint": stand_in_vneid.address()}
        else:
            server, client, secret, over = settings.VNEID, settings.VNEID_CLIENT_ID, settings.VNEID_SECRET, {}
        made = SocialApp(provider="national_identity", provider_id=PROVIDER, name="VNeID", client_id=client, secret=secret)
        made.settings = {"server_url": server, "scope": settings.VNEID_SCOPE, "openid_configuration_overrides": over}
        return [made]

    def get_requests_session(self) -> requests.Session:
        session: requests.Session = super().get_requests_session()
        if is_stand_in():
            from thongsuot.people import stand_in_vneid

            session.mount(stand_in_vneid.ISSUER, stand_in_vneid.InProcess())
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Everything that is decided about who this is; afterwards the login is one of an account that exists."""
        if not constant_time_compare(str(sociallogin.nonce or ""), str(sociallogin.state.get("nonce") or "-")):
            raise IdentityNotProven
        claims, now = claims_of(sociallogin.claims), clock.now()
        if sociallogin.state.get("process") == "connect":
            if not isinstance(request.user, Person):
                raise IdentityStateLost
            actor = queries.actor_for(request.user, at=now)
            actions.link_identity(request.user.pk, claims=claims, actor=actor, at=now)
            messages.success(request, _("Đã gắn tài khoản định danh. Lần sau bạn đăng nhập bằng tài khoản ấy cũng được."))
            raise ImmediateHttpResponse(redirect("people:profile"))
        person = actions.enter_with_identity(claims=claims, is_demo=is_stand_in(), actor=ANYONE, at=now)
        sociallogin.user = person
        sociallogin.account = SocialAccount.objects.get(provider=PROVIDER, uid=claims.subject)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            raise IdentityCancelled
        if isinstance(exception, requests.RequestException):
            raise IdentityUnavailable
        if exception is None and "state" not in (extra_context or {}):
            raise IdentityStateLost
        raise IdentityNotProven
