"""A stand-in for the national identity provider: invented people, one page to choose among them, the rest inside this process.

It speaks OpenID Connect (code flow, PKCE, nonce, a signed identity token) so that the client is tried as it will run. It proves
nothing about anybody, says so, and production does not start with it unless told to (config/checks.py).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from allauth.core.internal.httpkit import add_query_params
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes

from thongsuot.people.demo import CITIZEN, CITIZEN_ID_NUMBER, CITIZEN_PHONE, DOMAIN

ISSUER = "https://vneid.gia-lap.invalid"  # a name that can never be reached: all of it is answered here
CLIENT_ID = "thongsuot"
CODE_SECONDS, TOKEN_SECONDS = 60, 300
_KEY_ID = "gia-lap"


@dataclass(frozen=True, kw_only=True)
class TestPerson:
    """Nobody: the fourth digit of the number would be the 22nd century."""

    __test__ = False  # no test class

    key: str
    name: str
    level: int
    id_number: str
    phone: str = ""
    email: str = ""


PEOPLE = (
    TestPerson(
        key="minh",
        name=CITIZEN[1],
        level=2,
        id_number=CITIZEN_ID_NUMBER,
        phone=CITIZEN_PHONE,
        email=f"{CITIZEN[0]}@{DOMAIN}",
    ),
    TestPerson(key="hoa", name="Nguyễn Thị Hoa", level=2, id_number="001530000101", phone="0912000101", email=f"hoa@{DOMAIN}"),
    TestPerson(key="khoa", name="Lê Đăng Khoa", level=2, id_number="001431000102", phone="0912000102"),
    TestPerson(key="thao", name="Phạm Thu Thảo", level=1, id_number="001532000103", phone="0912000103", email=f"thao@{DOMAIN}"),
    TestPerson(key="dung", name="Vũ Tiến Dũng", level=1, id_number="001433000104"),
)


def address() -> str:
    """The one page of it. Without a host: it is on the same server as we are."""
    return reverse("people:stand_in_vneid")


def secret() -> str:
    return salted_hmac("vneid stand-in", "client").hexdigest()


def new_code(person: TestPerson, *, redirect_uri: str, challenge: str, nonce: str) -> str:
    """Good once, for a minute, for whoever knows the verifier of the challenge."""
    code = secrets.token_urlsafe(32)
    known = {"person": person.key, "redirect_uri": redirect_uri, "challenge": challenge, "nonce": nonce}
    cache.set(f"vneid-code:{code}", known, CODE_SECONDS)
    return code


def answered(redirect_uri: str, **params: str) -> str:
    found: str = add_query_params(redirect_uri, params)
    return found


def _key() -> Ed25519PrivateKey:
    """The same in every process."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"vneid stand-in:" + force_bytes(settings.SECRET_KEY)).digest())


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _configuration() -> dict[str, Any]:
    return {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/cho-phep",
        "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "jwks_uri": f"{ISSUER}/jwks",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "code_challenge_methods_supported": ["S256"],
    }


def _keys() -> dict[str, Any]:
    raw = _key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": _KEY_ID, "x": _b64(raw)}]}


def _token(asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
    key = f"vneid-code:{asked.get('code', '')}"
    known = cache.get(key)
    # Whoever takes it away has it: a code that comes twice at once is good once.
    if known is None or not cache.delete(key):
        return 400, {"error": "invalid_grant"}
    verifier = asked.get("code_verifier", "")
    fits = constant_time_compare(_b64(hashlib.sha256(verifier.encode()).digest()), known["challenge"])
    if not (
        fits
        and constant_time_compare(asked.get("client_secret", ""), secret())
        and asked.get("client_id") == CLIENT_ID
        and asked.get("redirect_uri") == known["redirect_uri"]
    ):
        return 400, {"error": "invalid_grant"}
    now, person = int(time.time()), person_of(known["person"])
    access = secrets.token_urlsafe(32)
    cache.set(f"vneid-token:{access}", person.key, TOKEN_SECONDS)
    claims = {
        "iss": ISSUER,
        "aud": CLIENT_ID,
        "sub": subject(person),
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": secrets.token_urlsafe(12),
        "nonce": known["nonce"],
    }
    signed = jwt.encode(claims, _key(), algorithm="EdDSA", headers={"kid": _KEY_ID})
    return 200, {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "id_token": signed}


def _userinfo(bearer: str) -> tuple[int, dict[str, Any]]:
    key = cache.get(f"vneid-token:{bearer.removeprefix('Bearer ')}")
    if key is None:
        return 401, {"error": "invalid_token"}
    person, names = person_of(key), settings.VNEID_CLAIMS
    found: dict[str, Any] = {"sub": subject(person), names["name"]: person.name, names["level"]: str(person.level)}
    found[names["id_number"]] = person.id_number
    if person.phone:
        found[names["phone"]] = person.phone
    if person.email:
        found |= {names["email"]: person.email, "email_verified": True}
    return 200, found


def person_of(key: str) -> TestPerson:
    return next(person for person in PEOPLE if person.key == key)


def subject(person: TestPerson) -> str:
    return f"gia-lap-{person.key}"


class InProcess(requests.adapters.BaseAdapter):
    """Answers what the client asks the provider, without any network."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        path, body = urlsplit(str(request.url)).path, request.body or b""
        if path == "/.well-known/openid-configuration":
            status, found = 200, _configuration()
        elif path == "/jwks":
            status, found = 200, _keys()
        elif path == "/token":
            text = body.decode() if isinstance(body, bytes) else str(body)
            status, found = _token({name: values[0] for name, values in parse_qs(text).items()})
        elif path == "/userinfo":
            status, found = _userinfo(str(request.headers.get("Authorization", "")))
        else:
            status, found = 404, {"error": "not_found"}
        response = requests.Response()
        response.status_code, response.url, response.request = status, str(request.url), request
        response.headers["Content-Type"] = "application/json"
        response._content = json.dumps(found).encode()
        return response

    def close(self) -> None:
        pass
