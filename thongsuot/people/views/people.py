"""Administration of people: the list, one person, posts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.people import actions, queries, rules, second_factor
from thongsuot.people.forms import (
    ChangeDutiesForm,
    EndPostForm,
    OpenAccountForm,
    PostForm,
    ProfileForm,
    ReasonForm,
)
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with


def _asked_unit(request: HttpRequest, choices: list[queries.UnitChoice]) -> int | None:
    """The unit named in the address, if the actor manages its people."""
    asked = request.GET.get("don_vi", "")
    return next((choice.id for choice in choices if str(choice.id) == asked), None)


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, "manage people")
    today = clock.today()
    choices = queries.units_managed(actor, on=today)
    unit_id, words = _asked_unit(request, choices), request.GET.get("q", "")[:200]
    page = page_of(request, count=queries.people_count(actor, words=words, unit_id=unit_id))
    rows = queries.people_list(actor, on=today, words=words, unit_id=unit_id, limit=page.size, offset=page.first)
    return render(
        request,
        "people/people.html",
        {
            "may_tie": bool(queries.places_of_identities(actor)),
            "page": page,
            "rows": rows,
            "units": choices,
            "unit_id": unit_id,
            "words": words,
        },
    )


@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """A new officer, or a new post for someone who already has an account (known by mail address and name)."""
    actor = actor_with(request, "manage people")
    return _post_page(
        request,
        actor,
        OpenAccountForm,
        "people/open_account.html",
        {},
        lambda facts: actions.open_account(**facts, actor=actor, at=clock.now()),
    )


@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, person_id: int) -> HttpResponse:
    actor = actor_with(request, "manage people")
    person = queries.person_for(person_id, actor=actor)

    def give(facts: dict[str, Any]) -> Person:
        return actions.appoint(person.pk, **facts, actor=actor, at=clock.now()).person

    return _post_page(request, actor, PostForm, "people/appoint.html", {"person": person}, give)


def _post_page(
    request: HttpRequest,
    actor: Actor,
    form_class: type[PostForm],
    template: str,
    context: dict[str, Any],
    give: Callable[[dict[str, Any]], Person],
) -> HttpResponse:
    """First the unit (in the address), then the post in it."""
    today = clock.today()
    choices = queries.units_managed(actor, on=today)
    unit_id = _asked_unit(request, choices) or choices[0].id
    form = form_class(
        request.POST or None,
        bodies=units.bodies_of(unit_id, as_of=today),
        points=units.points_run_in(unit_id, as_of=today),
        level=units.unit_row(unit_id, as_of=today).level,
        on=today,
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            person = give(form.facts())
            messages.success(request, _("Đã ghi chức vụ của %(name)s.") % {"name": person.full_name})
            return redirect("people:person", person.pk)
    return render(
        request,
        template,
        {
            **context,
            "form": form,
            "units": choices,
            "unit_id": unit_id,
            "usual": _usual(units.bodies_of(unit_id, as_of=today), unit_id),
        },
        status=422 if form.errors else 200,
    )


def _usual(bodies: list[units.BodyRow], unit_id: int) -> list[tuple[str, str]]:
    """What each post brings when no duty is chosen: (post, duties in words)."""
    today = clock.today()
    level = units.unit_row(unit_id, as_of=today).level
    return [
        (f"{title.name}, {body.name}", ", ".join(str(rules.DUTIES[duty].label) for duty in title.duties))
        for body in bodies
        for title in rules.titles_of(body.kind, level, on=today)
    ]


@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    actor = actor_with(request, "manage people")
    found = queries.person_for(person_id, actor=actor)
    today = clock.today()
    posts = queries.posts_of([person_id], on=today)[person_id]
    held = [duty for post in posts if post.state == "now" for duty in post.duties]
    return render(
        request,
        "people/person.html",
        {
            "person": found,
            "posts": posts,
            "managed": actor.units_for("manage people"),
            "is_self": actor.person_id == person_id,
            "has_factor": second_factor.has_one(found),
            "factor_due": second_factor.is_due(found, held),
            "tokens": [token for token in queries.tokens_of(person_id, at=clock.now()) if token.state == "works"],
            "history": queries.recent_history(found),
        },
    )


@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, person_id: int) -> HttpResponse:
    actor = actor_with(request, "manage people")
    found = queries.person_for(person_id, actor=actor)
    form = ProfileForm(request.POST or None, initial={"full_name": found.full_name, "phone": found.phone})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.change_profile(person_id, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu thông tin."))
            return redirect("people:person", person_id)
    return render(request, "people/edit_person.html", {"form": form, "person": found}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, person_id: int, appointment_id: int) -> HttpResponse:
    actor, found, post = _one_post(request, person_id, appointment_id)
    form = EndPostForm(request.POST or None, initial={"on": clock.today()})

    def end() -> None:
        actions.end_appointment(appointment_id, **form.cleaned_data, actor=actor, at=clock.now())

    return _confirmed(
        request,
        found,
        form,
        end,
        done=_("Đã ghi ngày thôi giữ chức vụ."),
        page={
            "question": _("Kết thúc chức vụ %(title)s của %(name)s?") % {"title": post.title, "name": found.full_name},
            "consequence": _("Từ ngày đó nhiệm vụ của chức vụ này không còn. Nếu là hôm nay, mọi phiên đăng nhập đóng ngay."),
            "button": _("Kết thúc chức vụ"),
            "summary": [(_("Cơ quan"), post.body)],
        },
    )


@require_http_methods(["GET", "POST"])
def change_duties(request: HttpRequest, person_id: int, appointment_id: int) -> HttpResponse:
    actor, found, post = _one_post(request, person_id, appointment_id)
    form = ChangeDutiesForm(request.POST or None, initial={"duties": list(post.duties)})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.change_duties(appointment_id, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã đổi nhiệm vụ."))
            return redirect("people:person", person_id)
    return render(
        request, "people/change_duties.html", {"form": form, "person": found, "post": post}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def deactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    actor = actor_with(request, "manage people")
    found = queries.person_for(person_id, actor=actor)
    form = ReasonForm(request.POST or None)

    def lock() -> None:
        actions.deactivate_person(person_id, **form.cleaned_data, actor=actor, at=clock.now())

    return _confirmed(
        request,
        found,
        form,
        lock,
        done=_("Đã khóa tài khoản."),
        page={
            "question": _("Khóa tài khoản của %(name)s?") % {"name": found.full_name},
            "consequence": _(
                "Người này không đăng nhập được nữa, mọi phiên và khóa kết nối ngừng ngay. Chức vụ vẫn giữ nguyên. Mở lại được."
            ),
            "button": _("Khóa tài khoản"),
        },
    )


@require_http_methods(["GET", "POST"])
def reactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    return _plain(
        request,
        person_id,
        actions.reactivate_person,
        done=_("Đã mở lại tài khoản."),
        danger=False,
        question=_("Mở lại tài khoản của %(name)s?"),
        button=_("Mở tài khoản"),
        consequence=_("Người này đăng nhập lại được ngay, với các chức vụ đang giữ."),
    )


@require_http_methods(["GET", "POST"])
def end_sessions(request: HttpRequest, person_id: int) -> HttpResponse:
    return _plain(
        request,
        person_id,
        actions.log_out_everywhere,
        done=_("Đã đóng mọi phiên đăng nhập."),
        question=_("Đóng mọi phiên đăng nhập của %(name)s?"),
        button=_("Đóng mọi phiên"),
        consequence=_("Người này phải đăng nhập lại ở mọi thiết bị. Phần khai dở vẫn còn."),
    )


@require_http_methods(["GET", "POST"])
def reset_second_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    return _plain(
        request,
        person_id,
        actions.reset_second_factor,
        done=_("Đã gỡ lớp đăng nhập thứ hai."),
        question=_("Gỡ lớp đăng nhập thứ hai của %(name)s?"),
        button=_("Gỡ lớp thứ hai"),
        consequence=_(
            "Chỉ làm khi người này mất điện thoại và mã dự phòng, và bạn đã gặp hoặc gọi để chắc là họ. "
            "Mọi phiên đóng lại; họ phải cài lớp mới trước khi làm việc."
        ),
    )


@require_http_methods(["GET", "POST"])
def password_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """Shows a link to hand over, once. It stands in no list and no history."""
    actor = actor_with(request, "manage people")
    found = queries.person_for(person_id, actor=actor)
    if request.method == "POST":
        path = actions.issue_password_link(person_id, actor=actor, at=clock.now())
        return render(request, "people/password_link.html", {"person": found, "link": request.build_absolute_uri(path)})
    return confirm(
        request,
        question=_("Cấp đường dẫn đặt mật khẩu cho %(name)s?") % {"name": found.full_name},
        consequence=_("Đường dẫn dùng một lần, trong 24 giờ. Đưa tận tay hoặc qua kênh riêng; đừng gửi vào nhóm chung."),
        button=_("Cấp đường dẫn"),
        cancel_href=reverse("people:person", args=[person_id]),
        staff=True,
    )


def _one_post(request: HttpRequest, person_id: int, appointment_id: int) -> tuple[Actor, Person, queries.PostRow]:
    actor = actor_with(request, "manage people")
    found = queries.person_for(person_id, actor=actor)
    posts = queries.posts_of([person_id], on=clock.today())[person_id]
    post = must_exist(next((post for post in posts if post.id == appointment_id), None))
    return actor, found, post


def _plain(
    request: HttpRequest,
    person_id: int,
    act: Callable[..., Person],
    *,
    question: str,
    consequence: str,
    button: str,
    done: str,
    danger: bool = True,
) -> HttpResponse:
    """A question without a form."""
    actor = actor_with(request, "manage people")
    found = queries.person_for(person_id, actor=actor)
    return _confirmed(
        request,
        found,
        None,
        lambda: act(person_id, actor=actor, at=clock.now()),
        done=done,
        page={"question": question % {"name": found.full_name}, "consequence": consequence, "button": button},
        danger=danger,
    )


def _confirmed(
    request: HttpRequest,
    found: Person,
    form: Form | None,
    act: Callable[[], object],
    *,
    page: dict[str, Any],
    done: str,
    danger: bool = True,
) -> HttpResponse:
    """Ask first, then act; a refusal is shown beside the question, or rises when there is no form to show it in."""
    if request.method == "POST" and form is None:
        act()
        messages.success(request, done)
        return redirect("people:person", found.pk)
    if request.method == "POST" and form is not None and form.is_valid():
        with refusals_on(form):
            act()
            messages.success(request, done)
            return redirect("people:person", found.pk)
    return confirm(
        request,
        cancel_href=reverse("people:person", args=[found.pk]),
        staff=True,
        danger=danger,
        form=form,
        **page,
    )
