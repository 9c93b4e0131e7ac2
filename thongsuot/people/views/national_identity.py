"""In with the national identity: the start, the way back, and the one page of the stand-in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.people import stand_in_vneid
from thongsuot.people.actions.national_identity import PROVIDER
from thongsuot.people.forms import TestPersonForm
from thongsuot.people.models import Person
from thongsuot.people.national_identity import IdentityOff, IdentityUnavailable, is_on, is_stand_in
from thongsuot.people.provider import NationalIdentityAdapter


class Login(LoginView):
    """allauth's page of login, with the way to the national identity where there is one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        following = get_next_redirect_url(self.request)
        query = f"?{urlencode({'next': following})}" if following else ""
        return {**found, "identity_on": is_on(), "identity_href": reverse("identity_login") + query}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider. `gan=1`: to link it to the account one is logged in with."""
    if not is_on():
        raise IdentityOff
    linking = "gan" in request.GET
    if linking and not isinstance(request.user, Person):
        return redirect("account_login")
    following = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure()):
        following = ""
    provider = get_adapter(request).get_provider(request, PROVIDER)
    try:
        answer: HttpResponse = provider.redirect(request, "connect" if linking else "login", following or None)
    except requests.RequestException:
        raise IdentityUnavailable from None
    return answer


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    if not is_on():
        raise IdentityOff
    try:
        view = OAuth2CallbackView.adapter_view(NationalIdentityAdapter(request, PROVIDER))
        answer: HttpResponse = view(request)
    except SocialApp.DoesNotExist:
        raise IdentityOff from None
    except requests.RequestException:
        raise IdentityUnavailable from None
    return answer


@require_http_methods(["GET", "POST"])
def stand_in(request: HttpRequest) -> HttpResponse:
    """Choose an invented person and let us know who it is, or refuse."""
    if not is_stand_in():
        raise NotFound
    asked = {name: request.GET.get(name, "")[:600] for name in ("redirect_uri", "state", "nonce", "code_challenge")}
    own = request.build_absolute_uri(reverse("identity_callback"))
    sound = (
        request.GET.get("client_id") == stand_in_vneid.CLIENT_ID
        and request.GET.get("response_type") == "code"
        and request.GET.get("code_challenge_method") == "S256"
        and all(asked.values())
        and asked["redirect_uri"] == own  # to no other place, ever
    )
    if not sound:
        raise BadInput({"client": _("Yêu cầu đăng nhập không đầy đủ. Hãy bắt đầu lại từ trang đăng nhập.")})
    known = [(person.key, person.name, _known_of(person)) for person in stand_in_vneid.PEOPLE]
    form = TestPersonForm(request.POST or None, people=known)
    if request.method == "POST" and ("refuse" in request.POST or form.is_valid()):
        return _answer(request, asked, form)
    context = {"form": form, "host": urlsplit(own).netloc}
    return render(request, "people/stand_in_vneid.html", context, status=422 if form.errors else 200)


def _known_of(person: stand_in_vneid.TestPerson) -> str:
    parts = [
        _("Mức %(level)s") % {"level": person.level},
        _("số định danh %(number)s") % {"number": person.id_number},
        person.email or _("không có thư điện tử"),
    ]
    return ", ".join(parts)


def _answer(request: HttpRequest, asked: dict[str, str], form: TestPersonForm) -> HttpResponse:
    if "refuse" in request.POST:
        return HttpResponseRedirect(stand_in_vneid.answered(asked["redirect_uri"], error="access_denied", state=asked["state"]))
    code = stand_in_vneid.new_code(
        stand_in_vneid.person_of(form.cleaned_data["person"]),
        redirect_uri=asked["redirect_uri"],
        challenge=asked["code_challenge"],
        nonce=asked["nonce"],
    )
    return HttpResponseRedirect(stand_in_vneid.answered(asked["redirect_uri"], code=code, state=asked["state"]))
