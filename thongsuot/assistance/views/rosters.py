"""Shifts: the roster for who arranges it, one's own shift for who is there, and what a lawyer notes."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.assistance import actions
from thongsuot.assistance.forms import CorrectForm, CountForm, NoteForm, NoteReasonForm, ShiftForm
from thongsuot.assistance.models import Helper
from thongsuot.assistance.queries import shifts as queries
from thongsuot.assistance.rules import ARRANGE, LEAD_AID
from thongsuot.assistance.views.common import status_of
from thongsuot.kernel import clock
from thongsuot.kernel.history import history_of
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.private import private
from thongsuot.web.request import actor_of, actor_with, day_of, must_be_somebody, nothing_pressed, number_of, pressed

KINDS = {"luat-su": Helper.Kind.LAWYER, "tinh-nguyen": Helper.Kind.VOLUNTEER}


def _week(request: HttpRequest, today: date) -> date:
    """The Monday that the address asks for, within a year of today."""
    asked = day_of(request.GET.get("tuan", "")) or today
    return queries.monday_of(asked if abs((asked - today).days) <= 366 else today)


@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest) -> HttpResponse:
    """A week at all points one arranges: who is where, one more, one less, the whole week again."""
    actor, now = actor_with(request, ARRANGE, LEAD_AID), clock.now()
    today = timezone.localdate(now)
    may = {slug: kind for slug, kind in KINDS.items() if actor.units_for(actions.duty_for(kind))}
    slug = request.GET.get("loai", "") if request.GET.get("loai", "") in may else next(iter(may))
    kind, monday, what = may[slug], _week(request, today), pressed(request)
    points = queries.points_arranged(actor, on=today)
    point_id = number_of(request.GET.get("diem", ""))
    chosen = [point_id] if point_id in points else list(points)
    teams = queries.teams_arranged(actor, on=today) if kind == Helper.Kind.VOLUNTEER else []
    here = f"{reverse('assistance:roster')}?loai={slug}&tuan={monday}" + (f"&diem={point_id}" if point_id in points else "")
    form = ShiftForm(points.items(), teams, request.POST if what == "them" else None, initial={"point": point_id or None})
    if request.method == "POST" and what not in {"them", "bo", "chep"}:
        raise nothing_pressed()
    if what == "bo":
        actions.take_off_shift(number_of(request.POST.get("ca", "")), actor=actor, at=now)
        messages.success(request, _("Đã bỏ ca trực."))
        return redirect(here)
    if what == "chep":
        houses = set(units.houses_of(chosen).values())
        count = actions.copy_week(kind, first=monday, house_ids=houses, actor=actor, at=now)
        messages.success(request, _("Đã chép %(count)s ca sang tuần sau.") % {"count": count})
        return redirect(here)
    if form.is_valid():
        said = form.cleaned_data
        with refusals_on(form, beside="helper"):
            put = {name: said[name] for name in ("day", "starts", "ends")}
            actions.put_shift(
                said["helper"], point_id=said["point"], team_id=said.get("team") or None, **put, actor=actor, at=now
            )
            messages.success(request, _("Đã xếp ca trực."))
            return redirect(here)
    found = queries.arranged(actor, kind=kind, first=monday, last=monday + timedelta(days=6), points=chosen)
    page = page_of(request, count=found.count())
    shown = list(found[page.slice])
    context = {
        "form": form,
        "kind": kind,
        "slug": slug,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "today": today,
        "page": page,
        "rows": queries.shift_rows(shown, on=today),
        "advised": queries.advised_in([one.pk for one in shown]),
        "points": list(points.items()),
        "point_id": point_id,
        "on_roster": queries.on_roster(actor, kind, on=today),
        "covered": found.values("point").distinct().order_by().count(),
        "tabs": [
            {
                "text": Helper.Kind(one).label,
                "href": f"{reverse('assistance:roster')}?loai={name}&tuan={monday}",
                "current": name == slug,
            }
            for name, one in may.items()
        ],
        "here": here,
    }
    return render(request, "assistance/roster.html", context, status=status_of(request, form))


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, shift_id: int) -> HttpResponse:
    """What came of a shift, put right by who arranges it, with the reason."""
    actor, now = actor_with(request, ARRANGE, LEAD_AID), clock.now()
    found = queries.shift_for(shift_id, actor=actor)
    initial = {"came": "" if found.came is None else str(int(found.came)), "people": found.people, "accounts": found.accounts}
    form = CorrectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.correct_shift(found.pk, **form.cleaned_data, actor=actor, at=now)
            messages.success(request, _("Đã sửa."))
            return redirect("assistance:correct", found.pk)
    (row,) = queries.shift_rows([found], on=timezone.localdate(now))
    context = {"row": row, "shift": found, "form": form, "history": history_of(found)}
    return render(request, "assistance/correct.html", context, status=status_of(request, form))


@private
@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """One's own shift on the telephone: a volunteer says what came of it; a lawyer notes consultations, sealed at once."""
    person_id, now = must_be_somebody(request), clock.now()
    found = queries.own_shift(shift_id, person_id=person_id)
    advises, actor = found.helper.kind == Helper.Kind.LAWYER, actor_of(request)
    initial = {"came": "1", "people": found.people, "accounts": found.accounts}
    form: NoteForm | CountForm = NoteForm(request.POST or None) if advises else CountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            if advises:
                actions.note_consultation(found.pk, **form.cleaned_data, actor=actor, at=now)
                messages.success(request, _("Đã ghi lượt tư vấn, nội dung đã niêm phong."))
            else:
                actions.count_shift(found.pk, **form.cleaned_data, actor=actor, at=now)
                messages.success(request, _("Đã ghi kết quả ca trực."))
            return redirect("assistance:shift", found.pk)
    (row,) = queries.shift_rows([found], on=timezone.localdate(now))
    notes = [(one, actions.unsealed(one)) for one in queries.own_consultations(found)] if advises else []
    context = {
        "row": row,
        "form": form,
        "advises": advises,
        "notes": notes,
        "open": actions.may_note(found, now) if advises else actions.may_count(found, now),
    }
    return render(request, "assistance/shift.html", context, status=status_of(request, form))


@private
@require_http_methods(["GET"])
def legal_aid(request: HttpRequest) -> HttpResponse:
    """When and where lawyers advised: for who leads legal aid. What was said is behind a reason."""
    actor = actor_with(request, LEAD_AID)
    city = units.city_of_duty(actor, LEAD_AID, on=clock.today())
    found = queries.consultations(city.id)
    page = page_of(request, count=found.count())
    rows = list(found[page.slice])
    places = {row.id: row.point for row in queries.shift_rows([one.shift for one in rows], on=clock.today())}
    return render(request, "assistance/legal_aid.html", {"page": page, "rows": [(one, places[one.shift_id]) for one in rows]})


@private
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, note_id: int) -> HttpResponse:
    """One note, opened for this answer alone after its reason."""
    actor = actor_with(request, LEAD_AID)
    one, opened = queries.consultation_for(note_id, actor=actor), None
    form = NoteReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            opened = actions.open_note(one.pk, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
    context = {"one": one, "form": form, "note": opened}
    return render(request, "assistance/note.html", context, status=status_of(request, form))
