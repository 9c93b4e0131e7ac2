"""The few pages of a node itself: how it stands, and the ways in for officers and for the machines of the hall."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters.models import Device
from thongsuot.counters.queries.devices import COOKIE, YEAR, digest
from thongsuot.counters.rules import SERVE
from thongsuot.kernel import clock
from thongsuot.local_nodes import lines, queries
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.actions.node import new_key
from thongsuot.local_nodes.forms import ComeInForm
from thongsuot.local_nodes.models import HallCode, Standing
from thongsuot.local_nodes.rules import LINES_AT_ONCE, TRIES, TRIES_WITHIN
from thongsuot.people import queries as people
from thongsuot.people.models import Person
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import number_of
from thongsuot.web.site import safe_next


def _here() -> Standing:
    """Only a node has these pages."""
    found = queries.standing() if settings.LOCAL_NODE else None
    if found is None:
        raise Http404
    return found


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where each machine of the hall begins: the city when it answers, else what can be done here."""
    row = _here()
    waiting = len(lines.after(row.sent_up_to, most=LINES_AT_ONCE)) if row.acting_since else 0
    return render(request, "local_nodes/home.html", {"row": row, "waiting": waiting})


@require_http_methods(["GET", "POST"])
def come_in(request: HttpRequest) -> HttpResponse:
    row = _here()
    if row.acting_since is None:
        return redirect(row.city)
    to = safe_next(request, request.GET.get("next", "")) or "/can-bo/quay/"
    day = clock.today()
    officers = people.officers_of_houses([row.house_id], SERVE, on=day).get(row.house_id, [])
    come: Person | None = None
    form = ComeInForm(request.POST if request.method == "POST" else None, officers=officers)
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        with refusals_on(form, beside="code") as answered:
            come = _by_code(form.cleaned_data["person"], form.cleaned_data["code"].strip())
        status = answered.status
    if come is not None:
        login(request, come, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(to)
    return render(request, "local_nodes/come_in.html", {"row": row, "form": form}, status=status)


def _by_code(person_id: int, written: str) -> Person:
    """Raises WrongHallCode, TooManyTries."""
    key, row = f"hall-code:{person_id}", HallCode.objects.filter(person=person_id).first()
    cache.add(key, 0, TRIES_WITHIN.total_seconds())
    if cache.incr(key) > TRIES:
        raise errors.TooManyTries
    if row is None or not check_password(written, row.digest):
        raise errors.WrongHallCode
    cache.delete(key)
    return Person.objects.get(pk=person_id)


@require_GET
def machine(request: HttpRequest) -> HttpResponse:
    """A kiosk or rating machine that the city vouches for gets a key of this node, and goes on to its page."""
    _here()
    device = Device.objects.filter(pk=number_of(request.GET.get("may", "")), retired_at=None).first()
    if device is None or not queries.is_pass(request.GET.get("ve", ""), device.pk, digest(settings.LOCAL_NODE_KEY)):
        raise Http404
    key = new_key(device)
    response = redirect(safe_next(request, request.GET.get("toi", "")) or "/lay-so/")
    response.set_cookie(COOKIE, key, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
