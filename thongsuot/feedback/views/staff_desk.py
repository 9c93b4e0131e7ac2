"""What officers keep beside the tickets: templates of answers; and a report written down for somebody."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.actions.common import APPROVE, HANDLE, MANAGE, TAKE
from thongsuot.feedback.actions.reporting import WRITES_DOWN
from thongsuot.feedback.actions.templates import keeps
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.forms.asking import as_it_stands
from thongsuot.feedback.forms.staff import RecordForm, TemplateForm
from thongsuot.feedback.models import AnswerTemplate, CategoryQuestion, FeedbackTicket
from thongsuot.feedback.queries.ticket import DUTIES, seen_by, templates_for, wards
from thongsuot.feedback.rules.templates import PLACEHOLDERS
from thongsuot.feedback.views.citizens import key_of_sent
from thongsuot.feedback.views.public import box_to_begin
from thongsuot.feedback.views.staff import category_choices, desk_here, rail, unit_names
from thongsuot.feedback.words import Channel
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_with, pressed

# -- templates -----------------------------------------------------------------------------------------------------------

KEEP = (HANDLE, APPROVE, TAKE, MANAGE)


def _keeper(request: HttpRequest) -> tuple[Actor, int, list[tuple[int, str]]]:
    """Who keeps templates, the city, and for which units: their own, by name; the city's first where it is theirs."""
    actor, now = actor_with(request, *KEEP), clock.now()
    day = timezone.localdate(now)
    city = units.default_city(as_of=day).id
    mine = {one for duty in KEEP for one in actor.units_for(duty)}
    if keeps(city, actor):
        mine = {city}  # whoever answers for the city keeps what all answer with; a ward's own are the ward's
    names = unit_names(set(mine), day)
    return actor, city, sorted(names.items(), key=lambda row: row[1])


@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    actor, city, mine = _keeper(request)
    rows = templates_for(frozenset(unit_id for unit_id, _name in mine), city_id=city)
    names = unit_names({row.unit_id for row in rows}, timezone.localdate(clock.now()))
    return render(
        request,
        "feedback/staff/templates.html",
        {"rows": [(row, names.get(row.unit_id, ""), keeps(row.unit_id, actor)) for row in rows]},
    )


@require_http_methods(["GET", "POST"])
def add_template(request: HttpRequest) -> HttpResponse:
    return _template(request, None)


@require_http_methods(["GET", "POST"])
def change_template(request: HttpRequest, template_id: int) -> HttpResponse:
    return _template(request, must_exist(_of_theirs(request, template_id)))


def _of_theirs(request: HttpRequest, template_id: int) -> AnswerTemplate | None:
    actor = actor_with(request, *KEEP)
    found = AnswerTemplate.objects.select_related("category").filter(pk=template_id, dropped_at=None).first()
    return found if found is not None and keeps(found.unit_id, actor) else None


def _template(request: HttpRequest, template: AnswerTemplate | None) -> HttpResponse:
    actor, city, mine = _keeper(request)
    now = clock.now()
    initial: dict[str, Any] = {"unit": mine[0][0]}
    if template is not None:
        mine = list(unit_names({template.unit_id}, timezone.localdate(now)).items())
        initial = {"unit": template.unit_id, "title": template.title, "words": template.words}
        initial["category"] = template.category.code if template.category else ""
    choices = category_choices(city, timezone.localdate(now))
    form = TemplateForm(request.POST or None, units=mine, categories=choices, initial=initial)
    if form.is_valid():
        given = dict(form.cleaned_data)
        unit_id = given.pop("unit")
        with refusals_on(form):
            if template is None:
                actions.add_template(unit_id, **given, actor=actor, at=now)
            else:
                actions.change_template(template.pk, **given, actor=actor, at=now)
            messages.success(request, _("Đã lưu mẫu trả lời."))
            return redirect("feedback:templates")
    return render(
        request,
        "feedback/staff/template.html",
        {"form": form, "template": template, "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS]},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def drop_template(request: HttpRequest, template_id: int) -> HttpResponse:
    template = must_exist(_of_theirs(request, template_id))
    if request.method == "POST":
        actions.drop_template(template.pk, actor=actor_with(request, *KEEP), at=clock.now())
        messages.success(request, _("Đã bỏ mẫu trả lời."))
        return redirect("feedback:templates")
    return confirm(
        request,
        question=_("Bỏ mẫu “%(title)s”?") % {"title": template.title},
        consequence=_("Không ai chọn được mẫu này nữa. Các trả lời đã viết giữ nguyên."),
        button=_("Bỏ mẫu"),
        cancel_href=redirect("feedback:templates").headers["Location"],
        danger=True,
        staff=True,
    )


# -- a report written down -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """For somebody at a desk, on paper or on the line. The ticket goes the way every other goes."""
    actor, now = actor_with(request, *WRITES_DOWN), clock.now()
    day = timezone.localdate(now)
    city = units.default_city(as_of=day).id
    has_desk = any(actor.units_for(duty) for duty in DUTIES)  # who answers calls has no list of tickets
    code = request.POST.get("category") or request.GET.get("linh-vuc", "")
    questions = _questions(city, code, now)
    places = wards(city, at=now)
    asks = pressed(request) == "linh-vuc"
    begun = {"unit": _own_ward(actor, places), "category": code, "key": secrets.token_urlsafe(18)}
    form = RecordForm(
        *(() if asks else (request.POST or None, request.FILES or None)),
        categories=category_choices(city, day),
        wards=places,
        questions=questions,
        initial=as_it_stands(request) if asks else begun,
    )
    if form.is_valid():
        with refusals_on(form, places={"place": "address", "happened_at": "happened_on"} | form.places):
            facts = _facts(request, form)
            ticket = actions.report(city, facts, channel=Channel(form.cleaned_data["channel"]), actor=actor, at=now)
            messages.success(
                request, _("Đã ghi phản ánh số %(number)s. Hãy đọc số này cho người gửi.") % {"number": ticket.number}
            )
            seen = FeedbackTicket.objects.filter(seen_by(actor), pk=ticket.pk).exists()
            return redirect("feedback:ticket", ticket.pk) if seen else redirect("feedback:record")
    return render(
        request,
        "feedback/staff/record.html",
        {
            "form": form,
            "box": box_to_begin(city),
            "rail": rail(desk_here(request), None, {}) if has_desk else [],
        },
        status=422 if form.errors else 200,
    )


def _questions(city_id: int, code: str, now: datetime) -> list[CategoryQuestion]:
    if not code:
        return []
    asked = CategoryQuestion.asked(timezone.localdate(now))
    return list(asked.filter(category__city_id=city_id, category__code=code[:40]))


def _own_ward(actor: Actor, places: list[tuple[int, str]]) -> int | None:
    """Whoever sits in one ward writes down what happens there."""
    mine = [unit_id for unit_id, _name in places if any(actor.may(duty, unit_id=unit_id) for duty in WRITES_DOWN)]
    return mine[0] if len(mine) == 1 else None


def _facts(request: HttpRequest, form: RecordForm) -> ReportFacts:
    given = form.cleaned_data
    return ReportFacts(
        words=given["words"],
        category=given["category"],
        place=PlaceFacts(
            latitude=given["latitude"], longitude=given["longitude"], address=given["address"], unit_id=given["unit"]
        ),
        sender=SenderFacts(name=given["name"], phone=given["phone"], email=given["email"]),
        photos=given["photos"],
        happened_at=form.happened_at(),
        urgent=given["urgent"],
        masked=given["masked"],
        answers=form.answers,
        dossier=given["dossier"],
        key=key_of_sent(request, form),
    )
