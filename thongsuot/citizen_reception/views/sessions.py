"""Online receptions: their list, a new one, and one as a checklist with all that is done for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.forms import (
    ChairForm,
    DisposeForm,
    LineForm,
    MinutesForm,
    MoveForm,
    PartyForm,
    PinForm,
    ReasonForm,
    RecordingForm,
    ScanForm,
    SessionForm,
    SiteForm,
    TellForm,
    WhyForm,
)
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.citizen_reception.queries import access
from thongsuot.citizen_reception.queries import sessions as queries
from thongsuot.citizen_reception.queries.keeping import forgotten_at, keeping
from thongsuot.citizen_reception.rules import DUTY
from thongsuot.citizen_reception.views.common import (
    SESSION_TAGS,
    bound,
    must_be_known,
    officer,
    own_choices,
    point_choices,
    tabs,
)
from thongsuot.files.views import serve
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, number_of

State = OnlineSession.State
PLACES = {"starts_at": "day"}
OF_LINE = ("thu-dat", "thu-hong")
OF_SITE = (*OF_LINE, "ket-noi", "bo-diem")
BUTTONS = (*OF_SITE, "bo-ben", "bat-dau", "ket-thuc")


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    actor, today = officer(request), clock.today()
    found = queries.sessions(actor, on=today)
    page = page_of(request, count=found.count())
    rows = list(found[page.slice])
    names = units.unit_rows({row.unit_id for row in rows}, as_of=today)
    context = {
        "rows": [(row, queries.title_for(row, sees=access.may_see_parties(actor, row, on=today))) for row in rows],
        "page": page,
        "names": {row.id: row.full_name for row in names.values()},
        "tags": SESSION_TAGS,
        "tabs": tabs("sessions", actor=actor),
    }
    return render(request, "citizen_reception/sessions.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    actor, now, today = officer(request), clock.now(), clock.today()
    whose = own_choices(actor, on=today)
    chairs = dict(one for unit_id, _name in whose for one in queries.chairs_of(unit_id, on=today)).items()
    initial = {"luot": number_of(request.GET.get("luot", "")) or None}
    form = SessionForm(whose, chairs, request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        with refusals_on(form, places=PLACES, beside="day") as answered:
            if form.is_valid():
                said = form.cleaned_data
                made = actions.plan_session(
                    said["unit"],
                    title=said["title"],
                    starts_at=form.starts_at(),
                    heard_by=said["heard_by"],
                    chair_id=said["chair"],
                    link=said["link"],
                    entry_id=said["luot"],
                    actor=actor,
                    at=now,
                )
                messages.success(request, _("Đã lập phiên. Hãy ghi các bên, các điểm tiếp, rồi thông báo."))
                return redirect("citizen_reception:session", made.pk)
        status = answered.status
    earliest = queries.limits_of(whose[0][0], now).first_day_to_notify(now) if whose else None
    return render(request, "citizen_reception/plan.html", {"form": form, "earliest": earliest}, status=status)


@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    actor, now, today = actor_of(request), clock.now(), clock.today()
    found = access.session_for(session_id, actor=actor, on=today)
    names_chair = access.leads(actor, found.unit_id, on=today)
    rooms = [(row.id, row.full_name) for row in access.receivers_of(units.default_city(as_of=today).id, on=today)]
    forms: dict[str, Any] = {
        "ben": bound(request, "ben", PartyForm),
        "diem": bound(request, "diem", SiteForm, rooms, point_choices([found.unit_id], on=today)),
        "bao": bound(request, "bao", TellForm),
        "doi": bound(request, "doi", MoveForm, initial={"hour": timezone.localtime(found.starts_at).time()}),
        "huy": bound(request, "huy", WhyForm),
        "ban-ghi": bound(request, "ban-ghi", RecordingForm, initial={"link": found.recording_link}),
        "bien-ban": bound(request, "bien-ban", MinutesForm, initial={"words": found.minutes_words}),
        "ky": bound(request, "ky", PinForm),
        "ky-tay": bound(request, "ky-tay", ScanForm),
        "huy-bien-ban": bound(request, "huy-bien-ban", DisposeForm),
        "chu-tri": bound(
            request,
            "chu-tri",
            ChairForm,
            queries.chairs_of(found.unit_id, on=today) if names_chair else (),
            initial={"chair": found.chair_id, "heard_by": found.heard_by},
        ),
    }
    form: Any = None
    status = 200
    if request.method == "POST":
        what = must_be_known(request, {*forms, *BUTTONS})
        form = _line(number_of(request.POST.get("diem-tiep", "")), request.POST) if what in OF_LINE else forms.get(what)
        with refusals_on(form, places=PLACES) as answered:
            if form is None or form.is_valid():
                messages.success(request, _do(found, what, form, said=request.POST, actor=actor))
                return redirect("citizen_reception:session", found.pk)
        status = answered.status
    sees, seen = access.may_see_parties(actor, found, on=today), queries.checklist(found, now=now)
    lines = {site.pk: _line(site.pk) for site in seen.sites}
    history = history_of(found)
    kept = keeping(found, history, on=today)
    context = {
        "found": found,
        "kept": kept,
        "opens": access.may_open_files(actor, found, on=today),
        "disposes": kept.is_over and access.leads(actor, units.keeper_of(found.unit_id, on=today), on=today),
        "title": queries.title_for(found, sees=sees),
        "sees": sees,
        "signer": actions.signer_of(found),
        "signs": actions.may_sign(actor, found, on=today),
        "names_chair": names_chair,
        "chairs": access.is_chair(actor, found),
        "to_sign": found.state == State.ENDED and actions.can_be_signed(found),
        "lists": bool(actor.units_for(DUTY)),
        "looks": queries.looks_at(found),
        "seen": seen,
        "lines": lines | ({number_of(request.POST.get("diem-tiep", "")): form} if isinstance(form, LineForm) else {}),
        "forms": forms,
        "form": form,
        "unit": units.unit_row(found.unit_id, as_of=today).full_name,
        "tags": SESSION_TAGS,
        "history": history,
        "may_write": found.unit_id in access.own_units(actor, on=today) or actor.trusted,
    }
    return render(request, "citizen_reception/session.html", context, status=status)


def _line(site_id: int, *said: Any) -> LineForm:
    """The form of one site among several on the page."""
    return LineForm(*said, auto_id=f"diem-{site_id}-%s")


def _do(found: OnlineSession, what: str, form: Any, *, said: Any, actor: Actor) -> str:
    """One press of a button; what to say then."""
    at, typed = clock.now(), form.cleaned_data if form else {}
    if what == "bo-ben":
        actions.remove_party(number_of(said.get("ben", "")), actor=actor, at=at)
        return _("Đã bỏ bên này.")
    if what in OF_SITE:
        site = must_exist(found.sites.filter(pk=number_of(said.get("diem-tiep", ""))).values_list("pk", flat=True).first())
        if what == "ket-noi":
            actions.note_connected(site, actor=actor, at=at)
            return _("Đã ghi: điểm đã kết nối.")
        if what == "bo-diem":
            actions.remove_site(site, actor=actor, at=at)
            return _("Đã bỏ điểm này. Nếu các bên đã được báo, hãy báo lại các điểm tiếp.")
        actions.note_test(site, passed=what == "thu-dat", note=typed["note"], actor=actor, at=at)
        return _("Đã ghi: thử đạt.") if what == "thu-dat" else _("Đã ghi: thử chưa đạt. Hãy sửa đường truyền rồi thử lại.")
    match what:
        case "ben":
            actions.add_party(found.pk, form.facts(), actor=actor, at=at)
            return _("Đã ghi bên tham gia.")
        case "diem":
            actions.add_site(found.pk, name=typed["name"], unit_id=typed["unit"], point_id=typed["point"], actor=actor, at=at)
            return _("Đã ghi điểm tiếp.")
        case "bao":
            count = actions.notify_parties(found.pk, how=typed["how"], actor=actor, at=at)
            return _("Đã thông báo cho %(count)s bên.") % {"count": count}
        case "doi":
            silent = queries.silent(found)
            actions.change_session(found.pk, starts_at=form.starts_at(), reason=typed["reason"], actor=actor, at=at)
            return _by_hand(_("Đã đổi giờ, đã báo các bên ngày cũ bỏ. Hãy mời lại cho đúng hạn."), silent)
        case "huy":
            silent = queries.silent(found)
            actions.cancel_session(found.pk, reason=typed["reason"], actor=actor, at=at)
            return _by_hand(_("Đã hủy phiên, đã báo các bên."), silent)
        case "bat-dau":
            actions.start_session(found.pk, actor=actor, at=at)
            return _("Phiên đã bắt đầu. Nhớ ghi hình, ghi tiếng.")
        case "ket-thuc":
            actions.end_session(found.pk, actor=actor, at=at)
            return _("Phiên đã kết thúc. Hãy ghi nơi lưu bản ghi và lập biên bản.")
        case "ban-ghi":
            file = typed["file"]
            name = file.name if file else ""
            actions.keep_recording(
                found.pk, link=typed["link"], sha256=typed["sha256"], file=file, file_name=name, actor=actor, at=at
            )
            return _("Đã ghi nơi lưu bản ghi.")
        case "bien-ban":
            actions.draft_minutes(found.pk, words=typed["words"], actor=actor, at=at)
            return _("Đã lập biên bản. Hãy xem lại rồi ký.")
        case "ky":
            actions.sign_minutes(found.pk, pin=typed["pin"], actor=actor, at=at)
            return _("Đã ký số biên bản.")
        case "huy-bien-ban":
            actions.dispose_minutes(found.pk, decision=typed["decision"], actor=actor, at=at)
            return _("Đã hủy biên bản.")
        case "chu-tri":
            named = {"chair_id": typed["chair"], "heard_by": typed["heard_by"], "reason": typed["reason"]}
            actions.name_chair(found.pk, **named, actor=actor, at=at)
            return _("Đã ghi lại người chủ trì.")
    actions.keep_paper(found.pk, typed["scan"], file_name=typed["scan"].name, actor=actor, at=at)
    return _("Đã lưu biên bản ký tay.")


def _by_hand(done: str, silent: int) -> str:
    """With whom no letter reaches."""
    if not silent:
        return done
    more = _("Có %(count)s bên không có điện thoại, thư điện tử: hãy báo trực tiếp.") % {"count": silent}
    return f"{done} {more}"


@require_http_methods(["GET", "POST"])
def parties(request: HttpRequest, session_id: int) -> HttpResponse:
    """Who takes part, with their addresses: first why, then who."""
    actor, now, today = actor_of(request), clock.now(), clock.today()
    found = access.session_for(session_id, actor=actor, on=today)
    actions.must_see_parties(found, actor, now)
    form, rows, status = ReasonForm(request.POST or None), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            with refusals_on(form):
                reason = form.cleaned_data["reason"]
                actions.open_session(found.pk, fields=["full_name", "phone", "email"], reason=reason, actor=actor, at=now)
                rows, status = list(queries.parties_of(found)), 200
    context = {"found": found, "form": form, "rows": rows, "lists": bool(actor.units_for(DUTY))}
    return render(request, "citizen_reception/parties.html", context, status=status)


@require_http_methods(["GET", "POST"])
def session_file(request: HttpRequest, session_id: int, file_id: int) -> HttpResponseBase:
    """The minutes, their signed scan, or a recording kept here; that it was opened is kept. Once the parties are forgotten:
    first why, then the record."""
    actor, now, today = actor_of(request), clock.now(), clock.today()
    found = access.session_for(session_id, actor=actor, on=today)
    if file_id not in {found.minutes_file_id, found.minutes_paper_id, found.recording_file_id}:
        raise NotFound
    actions.must_open_files(found, actor, now)
    reason = _("Mở biên bản, bản ghi của phiên tiếp số %(number)s") % {"number": found.pk}
    if forgotten_at(found) is not None:
        form = ReasonForm(request.POST or None)
        if request.method == "GET" or not form.is_valid():
            context = {"found": found, "form": form, "title": queries.title_for(found, sees=False)}
            status = 200 if request.method == "GET" else 422
            return render(request, "citizen_reception/kept_minutes.html", context, status=status)
        reason = form.cleaned_data["reason"]
    actions.open_session(found.pk, fields=["files"], reason=reason, actor=actor, at=now)
    return serve(file_id)
