"""What everyone sees of their own account."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.people import actions, national_identity, queries, second_factor
from thongsuot.people.forms import ProfileForm
from thongsuot.people.models import Person
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, must_be_somebody


def person_of(request: HttpRequest) -> Person:
    """Whoever is logged in. To anyone else the refusal is the way to login."""
    must_be_somebody(request)
    return cast(Person, request.user)


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here: name, posts, how I log in, who read my data."""
    person = person_of(request)
    today = clock.today()
    posts = [post for post in queries.posts_of([person.pk], on=today)[person.pk] if post.state != "over"]
    return render(
        request,
        "people/profile.html",
        {
            "person": person,
            "posts": posts,
            "has_factor": second_factor.has_one(person),
            "factor_due": second_factor.is_due(person, [duty for post in posts for duty in post.duties]),
            "look_ups": queries.look_ups_count(person.pk),
            "identity_on": national_identity.is_on(),
            "identity_level": national_identity.linked_level(person) if national_identity.is_on() else 0,
        },
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = ProfileForm(request.POST or None, initial={"full_name": person.full_name, "phone": person.phone})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.change_profile(person.pk, **form.cleaned_data, actor=actor_of(request), at=clock.now())
            messages.success(request, _("Đã lưu thông tin."))
            return redirect("people:profile")
    return render(request, "people/edit_profile.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def log_out_everywhere(request: HttpRequest) -> HttpResponse:
    person_id = must_be_somebody(request)
    if request.method == "POST":
        actions.log_out_everywhere(person_id, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Đã đăng xuất trên mọi thiết bị."))
        return redirect("account_login")
    return confirm(
        request,
        question=_("Đăng xuất trên mọi thiết bị?"),
        consequence=_("Mọi nơi đang đăng nhập tài khoản này, kể cả ở đây, phải đăng nhập lại. Phần khai dở vẫn còn."),
        button=_("Đăng xuất mọi nơi"),
        cancel_href=reverse("people:profile"),
        danger=True,
    )


@require_GET
def look_ups(request: HttpRequest) -> HttpResponse:
    """Who looked at my data."""
    person = person_of(request)
    page = page_of(request, count=queries.look_ups_count(person.pk))
    rows = queries.look_ups_about(person.pk, limit=page.size, offset=page.first)
    return render(request, "people/look_ups.html", {"page": page, "rows": rows})
