"""Keys of organisations and the terms on which others connect, for who manages feedback of the city."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.open311 import actions, rules
from thongsuot.open311.actions.keys import MANAGE, KeyFacts
from thongsuot.open311.forms import KeyForm, TermsForm
from thongsuot.open311.models import ApiKey
from thongsuot.open311.queries import access
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of


@never_cache
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The list, how much each is used, and the form for one more. A new key is shown in the answer and never again."""
    actor, now, day = actor_of(request), clock.now(), clock.today()
    city = units.city_of_duty(actor, MANAGE, on=day)
    form = KeyForm(request.POST or None, initial={"valid_from": day}, keys=access.to_go_on_with(city.id))
    made = None
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.make_key(city.id, KeyFacts(**form.cleaned_data), actor=actor, at=now)
            form = KeyForm(initial={"valid_from": day}, keys=access.to_go_on_with(city.id))
    return render(
        request,
        "open311/keys.html",
        {
            "form": form,
            "made": made,
            "rows": access.keys(city.id, at=now),
            "days": access.days(city.id, at=now),
            "terms": access.terms(city.id, on=day),
            "default_basis": rules.DEFAULT_BASIS,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    actor, day = actor_of(request), clock.today()
    city = units.city_of_duty(actor, MANAGE, on=day)
    now = access.terms(city.id, on=day)
    begin = {name: getattr(now, name) for name in ("keyless", "by_token", "read_hour", "keyless_hour")}
    form = TermsForm(request.POST or None, initial={**begin, "from_day": day})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            facts = access.TermsRow(**form.facts())
            actions.change_terms(city.id, facts, from_day=form.cleaned_data["from_day"], actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu điều kiện kết nối."))
            return redirect("open311:keys")
    return render(request, "open311/terms.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key_id: int) -> HttpResponse:
    actor = actor_of(request)
    city = units.city_of_duty(actor, MANAGE, on=clock.today())
    key = must_exist(ApiKey.objects.filter(pk=key_id, city_id=city.id).first())
    if request.method == "POST":
        actions.withdraw_key(key_id, actor=actor, at=clock.now())
        messages.success(request, _("Đã thu hồi khóa."))
        return redirect("open311:keys")
    return confirm(
        request,
        question=_("Thu hồi khóa của %(name)s?") % {"name": key.organisation},
        consequence=_("Phần mềm đang dùng khóa này không gửi được nữa, kể từ lúc này. Khóa đã thu hồi không mở lại được."),
        button=_("Thu hồi khóa"),
        cancel_href=reverse("open311:keys"),
        danger=True,
        staff=True,
    )
