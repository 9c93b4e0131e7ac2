"""The officer's desk: what is to do, many at once, and finding a dossier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.dossiers import actions, rules, words
from thongsuot.dossiers.desk_words import SHORT_STATUS, SHORT_STEP
from thongsuot.dossiers.models import Dossier, Status
from thongsuot.dossiers.queries import search as searching
from thongsuot.dossiers.queries import steps, worklist
from thongsuot.dossiers.queries.case import forward_label
from thongsuot.dossiers.queries.worklist import Deadline, Queue
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.procedures.rules import Answers
from thongsuot.units import queries as units
from thongsuot.web.addresses import address
from thongsuot.web.due import Due
from thongsuot.web.paging import Page, page_number
from thongsuot.web.request import actor_of, number_of, pressed

MOST_AT_ONCE = 100
DONE_KEY = "done_at_once"  # in the session: what became of each of many, shown once


def desk_actor(request: HttpRequest) -> Actor:
    """Whoever handles dossiers somewhere. Raises NotYourDuty."""
    actor = actor_of(request)
    if not worklist.units_of(actor):
        raise NotYourDuty("process dossiers")
    return actor


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """One queue by deadline. Two queries of its own, three when the officer serves several units."""
    actor, now = desk_actor(request), clock.now()
    queue = _chosen(Queue, request.GET.get("hang", ""), Queue.TO_DO)
    deadline = _chosen(Deadline, request.GET.get("han", ""), Deadline.ANY)
    choices = unit_choices(worklist.units_of(actor))
    unit_id = asked_unit(request, choices)
    found = worklist.worklist(actor, queue=queue, now=now, unit_id=unit_id, page=page_number(request), deadline=deadline)
    page = Page(number=found.page, size=worklist.PAGE_ROWS, count=found.count, path=request.path, query=request.GET.urlencode())
    return render(
        request,
        "dossiers/officer/inbox.html",
        {
            "found": found,
            "page": page,
            "due": _remembering(due_of_row),
            "short": {status: str(label) for status, label in SHORT_STATUS.items()},
            "step": {duty: str(label) for duty, label in SHORT_STEP.items()},
            "queue_label": worklist.LABELS[queue],
            "rail": _rail(found, unit_id),
            "tabs": _tabs(found, unit_id),
            "units": choices,
            "unit_id": unit_id,
            "unit_names": dict(choices) if unit_id is None else {},
            "done": request.session.pop(DONE_KEY, None),
            "base": f"{reverse('dossiers:inbox')}ho-so/",
            "empty": _empty(found),
        },
    )


def _empty(found: worklist.WorkPage) -> tuple[str, str]:
    """What an empty list says, and what there is instead."""
    if found.deadline is not Deadline.ANY or found.queue in (Queue.LATE, Queue.TODAY, Queue.NEAR):
        return (
            _("Không có hồ sơ nào ở mục này"),
            _("Sắp đến hạn: %(near)s. Tất cả đang mở: %(all)s.")
            % {"near": found.counts[Queue.NEAR], "all": found.counts[Queue.ALL]},
        )
    if found.queue in (Queue.TO_DO, Queue.MINE):
        return (
            _("Không còn hồ sơ nào chờ bạn"),
            _("Việc mới sẽ hiện ở đây. Đơn vị còn %(all)s hồ sơ đang mở.") % {"all": found.counts[Queue.ALL]},
        )
    return _("Chưa có hồ sơ nào ở mục này"), _("Khi có, hồ sơ gần hạn nhất nằm trên cùng.")


def _chosen(kind: Any, asked: str, default: Any) -> Any:
    return kind(asked) if asked in set(kind) else default


def unit_choices(unit_ids: frozenset[int]) -> list[tuple[int, str]]:
    """(id, name) in Vietnamese order, those that ended last, with their last day; empty for one: there is nothing to choose."""
    if len(unit_ids) < 2:
        return []
    day = clock.today()
    return [(row.id, row.full_name if row.exists_on(day) else _ended(row)) for row in _in_order(unit_ids, day)]


@remembered(seconds=SOON)
def _in_order(unit_ids: frozenset[int], day: date) -> list[units.UnitRow]:
    rows = units.unit_rows(unit_ids, as_of=day).values()
    return sorted(rows, key=lambda row: (not row.exists_on(day), row.level == "commune", row.sort_name))


def _ended(row: units.UnitRow) -> str:
    return _("%(unit)s (đến hết %(day)s)") % {"unit": row.full_name, "day": f"{row.last_day:%d/%m/%Y}" if row.last_day else ""}


def asked_unit(request: HttpRequest, choices: list[tuple[int, str]]) -> int | None:
    """The unit the address names, if it is among those offered."""
    asked = request.GET.get("don_vi", "")
    return next((unit_id for unit_id, _name in choices if str(unit_id) == asked), None)


def due_of_row(row: worklist.WorkRow) -> Due | None:
    return (
        words.due_words(row.due, status=row.status, paused_at=row.paused_at, promised_at=row.promised_at) if row.due else None
    )


def _remembering(due_of: Callable[[worklist.WorkRow], Due | None]) -> Callable[[worklist.WorkRow], Due | None]:
    """For one page: most of its rows share a deadline with others, and words cost more than numbers."""
    known: dict[object, Due | None] = {}

    def ask(row: worklist.WorkRow) -> Due | None:
        key = (row.due, row.status, row.paused_at, row.promised_at)
        if key not in known:
            known[key] = due_of(row)
        return known[key]

    return ask


_URGENT = frozenset({Queue.LATE})
_RAIL = (
    (Queue.TO_DO, Queue.MINE, Queue.LATE, Queue.TODAY, Queue.NEAR),
    (Queue.NEW, Queue.UNASSIGNED, Queue.WAITING, Queue.HAND_BACK, Queue.ALL),
)


def _rail(found: worklist.WorkPage, unit_id: int | None) -> list[dict[str, Any]]:
    """Queues of the unit with their counts, and the other lists of the desk."""

    def item(queue: Queue) -> dict[str, Any]:
        return {
            "text": worklist.LABELS[queue],
            "href": _address(queue, Deadline.ANY, unit_id),
            "count": found.counts[queue],
            "bad": queue in _URGENT and found.counts[queue] > 0,
            "current": queue is found.queue,
        }

    others = [
        {"text": _("Được hỏi ý kiến"), "href": reverse("dossiers:opinions"), "count": found.opinions},
        {"text": _("Tìm hồ sơ"), "href": reverse("dossiers:search")},
        {"text": _("Sổ theo dõi"), "href": reverse("dossiers:logbook")},
    ]
    return [
        {"title": _("Theo hạn"), "items": [item(queue) for queue in _RAIL[0]]},
        {"title": _("Cả đơn vị"), "items": [item(queue) for queue in _RAIL[1]]},
        {"title": _("Khác"), "items": others},
    ]


def _tabs(found: worklist.WorkPage, unit_id: int | None) -> list[dict[str, Any]]:
    """The queue by deadline. A queue that is one of the deadlines itself has none."""
    if found.queue in (Queue.LATE, Queue.TODAY, Queue.NEAR, Queue.WAITING, Queue.HAND_BACK):
        return []
    return [
        {
            "text": label,
            "href": _address(found.queue, deadline, unit_id),
            "count": found.deadlines[deadline],
            "bad": deadline is Deadline.LATE and found.deadlines[deadline] > 0,
            "current": deadline is found.deadline,
        }
        for deadline, label in worklist.DEADLINES.items()
    ]


def _address(queue: Queue, deadline: Deadline, unit_id: int | None) -> str:
    query = {"hang": "" if queue is Queue.TO_DO else queue.value, "han": deadline.value, "don_vi": unit_id or ""}
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{address('dossiers:inbox')}?{asked}" if asked else address("dossiers:inbox")


# -- many at once ------------------------------------------------------------------------------------------------------


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """First says what will happen to each of the picked dossiers and asks to whom they go; confirmed, does it one by one."""
    actor, now = desk_actor(request), clock.now()
    picked = picked_ones(request)
    back = request.POST.get("ve", "")
    back = back if back.startswith(reverse("dossiers:inbox")) else reverse("dossiers:inbox")
    rows = worklist.picked(list(picked), actor=actor, now=now)
    if not rows:
        messages.warning(request, _("Chưa chọn hồ sơ nào. Hãy đánh dấu các hồ sơ cần làm rồi bấm lại."))
        return redirect(back)
    work = _REASSIGN if pressed(request) == _REASSIGN.key else _FORWARD
    turning = [row.id for row in rows if steps.turns_at(row.version_id, row.step_no)]
    answers = steps.answers_by_id(turning) if turning else {}
    places = {row.id: work.place(row, answers.get(row.id)) for row in rows}
    staff = steps.staff_of([place for place in places.values() if place], on=timezone.localdate(now))
    chosen = {group: number_of(request.POST.get(f"nguoi-{group}", "")) or None for group in staff}
    lacking = work.needs_person and any(chosen[group] is None for group in staff)
    if request.POST.get("xac-nhan") and not lacking:
        note = request.POST.get("ghi-chu", "")[:1000]
        people = {row.id: chosen[place.group] if (place := places[row.id]) else None for row in rows}
        done = actions.for_each(
            [row.id for row in rows],
            lambda dossier_id: work.run(
                dossier_id, step_key=picked[dossier_id], to_person=people[dossier_id], note=note, actor=actor, at=clock.now()
            ),
        )
        codes = {row.id: row.code for row in rows}  # before reception the submission code
        request.session[DONE_KEY] = {
            "title": work.title_done(sum(each.done for each in done)),
            "rows": [
                {"id": each.dossier_id, "code": codes[each.dossier_id], "done": each.done, "message": each.message}
                for each in done
            ],
        }
        return redirect(back)
    return render(
        request,
        "dossiers/officer/bulk.html",
        {
            "work": work,
            "rows": rows,
            "places": places,
            "staff": staff,
            "picked": picked,
            "back": back,
            "due": due_of_row,
            "group_names": {place.group: place.step.name for place in places.values() if place},
            "chosen": chosen,
            "lacking": lacking and bool(request.POST.get("xac-nhan")),
            "note": request.POST.get("ghi-chu", ""),
        },
        status=422 if lacking and request.POST.get("xac-nhan") else 200,
    )


def picked_ones(request: HttpRequest, *, most: int = MOST_AT_ONCE) -> dict[int, str]:
    """{dossier: the step the officer saw}; what is not of that shape is left out."""
    picked: dict[int, str] = {}
    for value in request.POST.getlist("hs")[:most]:
        dossier_id, _dot, step_key = value.partition(".")
        if number := number_of(dossier_id):
            picked[number] = step_key[:40]
    return picked


def _where(row: worklist.WorkRow) -> dict[str, Any]:
    """What decides who does a step of this dossier."""
    return {
        "receiving_unit_id": row.receiving_unit_id,
        "resolving_unit_id": row.resolving_unit_id,
        "step_unit_id": row.step_unit_id,
        "on": clock.today(),
    }


class _Work:
    """One kind of work on many dossiers."""

    def __init__(self, key: str, *, needs_person: bool, run: Callable[..., Dossier]) -> None:
        self.key, self.needs_person, self.run = key, needs_person, run

    def place(self, row: worklist.WorkRow, answers: Answers | None) -> steps.StepPlace | None:
        """The step whose people may be chosen: the next one, or the open one when it changes hands."""
        if self.needs_person:
            return steps.place_of(row.version_id, row.step_no, **_where(row))
        return steps.place_after(row.version_id, row.step_no, **_where(row), answers=answers)

    def title(self, count: int) -> str:
        if self.needs_person:
            return ngettext("Chuyển %(count)s hồ sơ cho người khác", "Chuyển %(count)s hồ sơ cho người khác", count) % {
                "count": count
            }
        return ngettext("Chuyển bước %(count)s hồ sơ", "Chuyển bước %(count)s hồ sơ", count) % {"count": count}

    def title_done(self, count: int) -> str:
        if not count:
            return _("Chưa chuyển được hồ sơ nào")
        return ngettext("Đã chuyển %(count)s hồ sơ", "Đã chuyển %(count)s hồ sơ", count) % {"count": count}

    def what(self, row: worklist.WorkRow) -> str:
        """What happens to this dossier, as the button of its own page says it."""
        if row.status not in (Status.RECEIVED, Status.PROCESSING):
            return _("Chưa chuyển được: hãy mở hồ sơ để xem việc tiếp theo")
        here = steps.place_of(row.version_id, row.step_no, **_where(row))
        return _("Đổi người xử lý") if self.needs_person else forward_label(here.step.duty if here else "")


def _forward(dossier_id: int, *, step_key: str, to_person: int | None, note: str, actor: Actor, at: Any) -> Dossier:
    return actions.forward(dossier_id, step_key=step_key, to_person=to_person, note=note, actor=actor, at=at)


def _reassign(dossier_id: int, *, step_key: str, to_person: int | None, note: str, actor: Actor, at: Any) -> Dossier:
    return actions.reassign(dossier_id, step_key=step_key, to_person=to_person or 0, reason=note, actor=actor, at=at)


_FORWARD = _Work("chuyen", needs_person=False, run=_forward)
_REASSIGN = _Work("doi-nguoi", needs_person=True, run=_reassign)


# -- finding -----------------------------------------------------------------------------------------------------------

SEARCH_KEY = "searched"  # in the session: names and numbers of people have no place in addresses


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """By code, name, ID number or telephone. A whole code leads straight to its dossier."""
    actor = desk_actor(request)
    if request.method == "POST":
        request.session[SEARCH_KEY] = request.POST.get("q", "").strip()[:200]
        rows = searching.found(request.session[SEARCH_KEY], actor=actor)
        if len(rows) == 1 and rows[0].code == rules.typed_code(request.session[SEARCH_KEY]):
            return redirect("dossiers:case", rows[0].id)
        return redirect("dossiers:search")
    asked = request.session.get(SEARCH_KEY, "")
    return render(
        request,
        "dossiers/officer/search.html",
        {
            "words": asked,
            "rows": searching.found(asked, actor=actor),
            "most": searching.MOST,
            "short": SHORT_STATUS,
        },
    )
