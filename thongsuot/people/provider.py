"""The national identity provider (VNeID, national SSO) for allauth's OpenID Connect client. allauth finds this file by name.

Stricter than allauth alone: PKCE always, a nonce, a fresh login at the provider, the signature of the identity token checked
although it came straight from the provider, both answers about the same person, and nothing of the request chooses scopes or
parameters.
"""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

LONGEST_SUBJECT = 191  # of allauth's column


class NationalIdentityAdapter(OpenIDConnectOAuth2Adapter):
    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        found: str = build_absolute_uri(request, reverse("identity_callback"))
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        try:
            return super().complete_login(request, app, token, **kwargs)
        except (AttributeError, KeyError, TypeError, ValueError) as wrong:
            raise OAuth2Error("an answer that cannot be read") from wrong

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return found


class NationalIdentityProvider(OpenIDConnectProvider):
    id = "national_identity"
    name = "VNeID"
    oauth2_adapter_class = NationalIdentityAdapter
    pkce_enabled_default = True
    uses_apps: ClassVar[bool] = True

    def redirect(self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        nonce = secrets.token_urlsafe(24)
        # Machines at a counter are shared: whoever sits there shows who they are, whoever the provider still remembers.
        params = {**self.get_auth_params(), "nonce": nonce, "prompt": "login"}
        response: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=params, scope=self.get_scope(), nonce=nonce
        )
        return response

    def get_oauth2_adapter(self, request: HttpRequest) -> NationalIdentityAdapter:
        return NationalIdentityAdapter(request, self.app.provider_id)

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        userinfo, id_token = response.get("userinfo", {}), response["id_token"]
        if not isinstance(id_token["sub"], str) or not 0 < len(id_token["sub"]) <= LONGEST_SUBJECT:
            raise OAuth2Error("a subject that cannot be one")
        if userinfo and userinfo["sub"] != id_token["sub"]:
            raise OAuth2Error("two persons in one answer")
        login = super().sociallogin_from_response(request, response)
        # Only for the moment of login: nothing of it is stored with the account (extract_extra_data).
        login.claims, login.nonce = {**id_token, **userinfo}, id_token.get("nonce")
        return login

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


provider_classes = [NationalIdentityProvider]
