"""The hub: conferences of the city, their board, each site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from datetime import datetime
from typing import Any, TypedDict

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.meetings import actions
from thongsuot.meetings.forms import AddSiteForm, AnswerForm, ConferenceForm, PlanForm, TestForm
from thongsuot.meetings.models import Conference, RollCall, Site
from thongsuot.meetings.queries import board as queries
from thongsuot.meetings.queries import planning
from thongsuot.meetings.queries.board import Board, Line, Tile
from thongsuot.meetings.queries.report import row_of
from thongsuot.meetings.views.common import STATE_TAGS, WORDS, hub_actor
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.paging import page_of
from thongsuot.web.request import nothing_pressed, number_of, pressed

FILTERS: dict[str, Callable[[Board], list[Tile]]] = {
    "": lambda board: board.tiles,
    "mat": lambda board: board.lost,
    "chua-vao": lambda board: board.with_line(Line.ABSENT),
    "chua-thu": lambda board: board.untested,
    "chua-diem-danh": lambda board: board.silent_to_call,
}


@require_GET
def conferences(request: HttpRequest) -> HttpResponse:
    _actor, city = hub_actor(request)
    page = page_of(request, count=planning.conference_count(city.id))
    rows = planning.conferences(city.id, limit=page.size, offset=page.first)
    return render(request, "meetings/conferences.html", {"page": page, "rows": rows, "tags": STATE_TAGS})


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    actor, city = hub_actor(request)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form, places={"starts_at": "hour"}):
            made = actions.plan_conference(
                city.id,
                title=said["title"],
                starts_at=form.starts_at(),
                hub_phone=said["hub_phone"],
                link=said["link"],
                agencies=said["agencies"],
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã lập hội nghị với %(count)s điểm cầu.") % {"count": made.sites.count()})
            return redirect("meetings:board", made.pk)
    return render(request, "meetings/plan.html", {"form": form, "city": city}, status=_status(request, form))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, conference_id: int) -> HttpResponse:
    actor, found = _conference(request, conference_id)
    form = ConferenceForm(request.POST or None, initial=ConferenceForm.of(found))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form, places={"starts_at": "hour"}):
            actions.change_conference(
                found.pk,
                title=said["title"],
                starts_at=form.starts_at(),
                hub_phone=said["hub_phone"],
                link=said["link"],
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã lưu."))
            return redirect("meetings:board", found.pk)
    return render(request, "meetings/plan.html", {"form": form, "conference": found}, status=_status(request, form))


def _status(request: HttpRequest, form: Any) -> int:
    return 422 if request.method == "POST" and (form is None or form.errors) else 200


def _conference(request: HttpRequest, conference_id: int) -> tuple[Actor, Conference]:
    actor, _city = hub_actor(request)
    return actor, planning.conference_for(conference_id, actor=actor)


def _asked(request: HttpRequest) -> str:
    chosen = request.GET.get("loc", "")
    return chosen if chosen in FILTERS else ""


def _parts(conference: Conference, seen: Board, chosen: str) -> list[Part]:
    """What follows the lines of the sites on the board."""
    call = astuple(seen.call) if seen.call else None
    tiles = [(tile.id, tile.line, tile.tested, tile.answered) for tile in FILTERS[chosen](seen)]
    sums = (conference.state, len(seen.tiles), len(seen.untested), len(seen.with_line(Line.CONNECTED)), len(seen.lost))
    lost = [(tile.id, tile.phone, tile.operator, tile.lost_at) for tile in seen.lost]
    return [
        Part("so-lieu", "meetings/_figures.html", (sums, call)),
        Part("mat-duong", "meetings/_lost.html", lost),
        Part("diem-danh", "meetings/_roll_call.html", (conference.state, call, len(seen.tiles))),
        Part("phat-bieu", "meetings/_queue.html", (conference.state, [astuple(one) for one in seen.queue])),
        Part("luoi", "meetings/_tiles.html", (chosen, [len(pick(seen)) for pick in FILTERS.values()], tiles)),
    ]


def _board_context(conference: Conference, seen: Board, chosen: str) -> dict[str, Any]:
    here = reverse("meetings:board", args=[conference.pk])
    labels = {
        "": _("Tất cả"),
        "mat": _("Mất đường truyền"),
        "chua-vao": _("Chưa vào"),
        "chua-thu": _("Chưa thử đạt"),
        "chua-diem-danh": _("Chưa điểm danh"),
    }
    filters = [
        {
            "text": label,
            "href": f"{here}?loc={name}" if name else here,
            "count": len(FILTERS[name](seen)),
            "bad": name == "mat" and bool(seen.lost),
            "current": name == chosen,
        }
        for name, label in labels.items()
    ]
    return {
        **WORDS,
        "conference": conference,
        "board": seen,
        "chosen": chosen,
        "tiles": FILTERS[chosen](seen),
        "filters": filters,
        "Line": Line,
    }


def _do(request: HttpRequest, conference: Conference, *, actor: Actor, at: datetime) -> str:
    """One press of a button of the board; what to say then."""
    said, what = request.POST, pressed(request)
    match what:
        case "bat-dau":
            actions.start_conference(conference.pk, actor=actor, at=at)
            return _("Đã bắt đầu. Từ lúc này, khoảng mất đường truyền của từng điểm được ghi lại.")
        case "mo-diem-danh":
            opened = actions.open_roll_call(conference.pk, actor=actor, at=at)
            return _("Đã mở điểm danh lần %(number)s.") % {"number": opened.number}
        case "dong-diem-danh":
            call = _own(conference.roll_calls.all(), said.get("lan", ""))
            actions.close_roll_call(call, actor=actor, at=at)
            return _("Đã đóng điểm danh.")
        case "moi":
            actions.give_word(_own(conference.speak_requests.all(), said.get("luot", "")), actor=actor, at=at)
            return _("Đã mời phát biểu.")
        case "xong":
            actions.end_word(_own(conference.speak_requests.all(), said.get("luot", "")), actor=actor, at=at)
            return _("Đã kết thúc lượt phát biểu.")
    raise nothing_pressed()


def _own(rows: QuerySet[Any], text: str) -> int:
    """One of these rows of the conference. Raises NotFound."""
    found: int | None = rows.filter(pk=number_of(text)).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return found


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest, conference_id: int) -> HttpResponse:
    """All sites at a glance, what is next, who waits. It works by "Xem lại" where nothing refreshes it."""
    actor, found = _conference(request, conference_id)
    now, add = clock.now(), None
    if found.state == Conference.State.PLANNED:
        adds = pressed(request) == "them"
        add = AddSiteForm(request.POST if adds else None, rows=planning.addable(found))
        if adds and add.is_valid():
            with refusals_on(add):
                site = actions.add_site(found.pk, unit_id=add.cleaned_data["unit"], actor=actor, at=now)
                messages.success(request, _("Đã thêm điểm cầu."))
                return redirect("meetings:hub_site", site.pk)
    if request.method == "POST" and not (add and add.is_bound):
        messages.success(request, _do(request, found, actor=actor, at=now))
        return redirect("meetings:board", found.pk)
    seen, chosen = queries.board(found, at=now), _asked(request)
    context = {
        **_board_context(found, seen, chosen),
        "places": {part.id: part for part in _parts(found, seen, chosen)},
        "add": add,
        "form": add if add and add.errors else None,
        "milestones": planning.milestones_of(found) if found.state == Conference.State.PLANNED else None,
        "history": history_of(found),
    }
    return render(request, "meetings/board.html", context, status=_status(request, add))


@require_GET
def live(request: HttpRequest, conference_id: int) -> HttpResponse:
    """What has changed on the board since the page last asked. Who was lost or came back is said once."""
    _actor, found = _conference(request, conference_id)
    seen, chosen = queries.board(found, at=clock.now()), _asked(request)
    known = {number for text in request.GET.get("mat", "").split("-") if (number := number_of(text))}
    context = {
        **_board_context(found, seen, chosen),
        "newly_lost": [tile for tile in seen.lost if tile.id not in known],
        "returned": [tile for tile in seen.with_line(Line.CONNECTED) if tile.id in known],
    }
    parts = _parts(found, seen, chosen)
    return changed(request, parts, context, known=request.GET.getlist("co"), template="meetings/_changed.html")


class Words(TypedDict):
    question: str
    consequence: str
    button: str


def _confirmed(
    request: HttpRequest, conference_id: int, order: Callable[..., Conference], words: Words, said: str
) -> HttpResponse:
    actor, found = _conference(request, conference_id)
    if request.method == "POST":
        order(found.pk, actor=actor, at=clock.now())
        messages.success(request, said)
        return redirect("meetings:board", found.pk)
    return confirm(
        request,
        **words,
        cancel_href=reverse("meetings:board", args=[found.pk]),
        summary=[(_("Hội nghị"), found.title)],
        danger=True,
        staff=True,
    )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, conference_id: int) -> HttpResponse:
    words: Words = {
        "question": _("Kết thúc hội nghị?"),
        "consequence": _("Điểm danh đang mở và lượt phát biểu cũng kết thúc. Sau đó chỉ còn xem báo cáo, không mở lại được."),
        "button": _("Kết thúc hội nghị"),
    }
    return _confirmed(request, conference_id, actions.end_conference, words, _("Đã kết thúc. Báo cáo đã có."))


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, conference_id: int) -> HttpResponse:
    words: Words = {
        "question": _("Hủy hội nghị?"),
        "consequence": _("Các điểm cầu thấy hội nghị đã hủy. Cuộc gọi thử đã ghi vẫn còn. Không mở lại được."),
        "button": _("Hủy hội nghị"),
    }
    return _confirmed(request, conference_id, actions.cancel_conference, words, _("Đã hủy hội nghị."))


@require_http_methods(["GET", "POST"])
def site(request: HttpRequest, site_id: int) -> HttpResponse:
    """One site as the hub sees it: whom to call, its tests, what it said; answers taken by telephone are noted here."""
    actor, found = _site(request, site_id)
    conference, said, what = found.conference, request.POST, pressed(request)
    call = RollCall.objects.filter(conference=conference, closed_at=None).first()
    test, answer = TestForm(said if what == "thu" else None), AnswerForm(said if what == "diem-danh" else None)
    form: TestForm | AnswerForm | None = test if test.is_bound else answer if answer.is_bound else None
    if request.method == "POST":
        if form is None and what not in {"bo", "them"}:
            raise nothing_pressed()
        if form is None or form.is_valid():
            with refusals_on(form):
                _do_for_site(found, what, form, lan=said.get("lan", ""), actor=actor)
                messages.success(request, _("Đã ghi."))
                return redirect("meetings:hub_site", found.pk)
    context = {
        **WORDS,
        "found": found,
        "conference": conference,
        "row": row_of(found),
        "call": call,
        "test": test,
        "answer": answer,
        "form": form,
        "history": history_of(found),
    }
    return render(request, "meetings/hub_site.html", context, status=_status(request, form) if form else 200)


def _site(request: HttpRequest, site_id: int) -> tuple[Actor, Site]:
    """Raises NotYourDuty, NotFound."""
    actor, _city = hub_actor(request)
    found = must_exist(Site.objects.select_related("conference").filter(pk=site_id).first())
    planning.conference_for(found.conference_id, actor=actor)
    return actor, found


def _do_for_site(site: Site, what: str, form: Any, *, lan: str, actor: Actor) -> None:
    at = clock.now()
    match what:
        case "thu":
            actions.note_test(site.pk, **form.cleaned_data, actor=actor, at=at)
        case "diem-danh":
            call = _own(site.conference.roll_calls.all(), lan)
            actions.answer_roll_call(call, site_id=site.pk, **form.cleaned_data, by_phone=True, actor=actor, at=at)
        case "bo":
            actions.leave_out_site(site.pk, actor=actor, at=at)
        case _:
            actions.add_site(site.conference_id, unit_id=site.unit_id, actor=actor, at=at)
