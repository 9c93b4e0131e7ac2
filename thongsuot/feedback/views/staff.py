"""The officers' lists of tickets: by what is due first, narrowed by filters, taken out as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import staff_words as words
from thongsuot.feedback.actions.reporting import WRITES_DOWN
from thongsuot.feedback.models import Category, FeedbackTicket
from thongsuot.feedback.queries import inbox as lists
from thongsuot.feedback.queries.inbox import DEADLINES, LABELS, SEE_FIGURES, Deadline, Desk, Queue, TicketRow
from thongsuot.feedback.queries.inbox_filters import Filters, filters_from, number_in
from thongsuot.feedback.queries.late import Late
from thongsuot.feedback.queries.late import late as late_of
from thongsuot.feedback.queries.ticket import seen_by, wards
from thongsuot.feedback.sealed import opened, seal
from thongsuot.feedback.words import Channel, Stream, Suspected, Urgency
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import Cell, workbook
from thongsuot.kernel import clock
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.kernel.text import number as number_text
from thongsuot.units import queries as units
from thongsuot.web.addresses import address
from thongsuot.web.downloads import file_answer
from thongsuot.web.maintenance import stores_nothing
from thongsuot.web.paging import Page, page_number
from thongsuot.web.request import actor_of, day_of, number_of

DONE_KEY = "feedback_done_at_once"  # in the session: what became of each of many, shown once


def desk_here(request: HttpRequest) -> Desk:
    """Raises NotYourDuty."""
    return lists.desk_of(actor_of(request), now=clock.now())


@stores_nothing
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """One list. Two queries of its own; the number of a ticket, typed whole, leads straight to it. Words, which may be those of
    an address or a name, come in the body and go on sealed.
    """
    desk = desk_here(request)
    if request.method == "POST":
        said = {name: request.POST.get(name, "").strip()[:200] for name in ("hang", "han", *_FILTERS)}
        said["q"] = said["q"] if number_in(said["q"]) else seal(said["q"], what="words", at=clock.now())
        return redirect(f"{request.path}?{urlencode({name: value for name, value in said.items() if value})}")
    filters = filters_here(request)
    if number := number_in(filters.words):
        found_id = FeedbackTicket.objects.filter(seen_by(desk.actor), number=number).values_list("pk", flat=True).first()
        if found_id is not None:
            return redirect("feedback:ticket", found_id)
    queue, deadline = chosen(request, desk)
    found = lists.inbox(desk, queue=queue, deadline=deadline, filters=filters, page=page_number(request))
    page = Page(number=found.page, size=lists.PAGE_ROWS, count=found.count, path=request.path, query=request.GET.urlencode())
    day = timezone.localdate(desk.now)
    row_ids = {row.unit_id for row in found.rows} | {row.place_unit_id for row in found.rows}
    return render(
        request,
        "feedback/staff/inbox.html",
        {
            "desk": desk,
            "found": found,
            "page": page,
            "queue_label": LABELS[found.queue],
            "title": _title(found),
            "drills": found.drills,
            "rail": rail(desk, found.queue, found.counts),
            "tabs": _tabs(request, found),
            "filters": filters,
            "narrowed": {name: value for name, value in request.GET.items() if name in _FILTERS and value},
            "choices": filter_choices(desk.city, day),
            "wards": wards(desk.city, at=desk.now),
            "due": words.due_of(desk.city, desk.now),
            "short": words.SHORT,
            "tags": words.TAGS,
            "urgent": Urgency.URGENT,
            "suspected": dict(Suspected.choices),
            "names": unit_names(row_ids, day),
            "many_units": len(desk.units) > 1 or desk.takes,
            "done": request.session.pop(DONE_KEY, None),
            "bulk": _bulk_buttons(desk, found.queue),
            "may_export": _may_export(desk, found.queue, filters),
            "export_href": f"{reverse('feedback:inbox_excel')}?{request.GET.urlencode()}",
            "empty": _empty(found, filters),
        },
    )


def chosen(request: HttpRequest, desk: Desk) -> tuple[Queue, Deadline]:
    queue, deadline = request.GET.get("hang", ""), request.GET.get("han", "")
    wanted = Queue(queue) if queue in set(Queue) else desk.first
    return wanted, Deadline(deadline) if deadline in set(Deadline) else Deadline.ANY


_FILTERS = ("linh_vuc", "muc", "kenh", "luong", "phuong", "q", "tu", "den")


def filters_here(request: HttpRequest) -> Filters:
    asked = request.GET.dict()
    if not number_in(asked.get("q", "")):
        asked["q"] = opened(asked.get("q", ""), what="words", at=clock.now())
    return filters_from(asked, number_of=number_of, day_of=day_of)


@remembered(seconds=SOON)
def categories(city_id: int, day: date) -> tuple[tuple[int, str, str], ...]:
    """(id, code, name) of what may be reported that day, in the city's order."""
    rows = Category.objects.filter(in_force(day), city_id=city_id).order_by("place", "name")
    return tuple(rows.values_list("pk", "code", "name"))


def category_choices(city_id: int, day: date) -> list[tuple[str, str]]:
    return [(code, name) for _pk, code, name in categories(city_id, day)]


def filter_choices(city_id: int, day: date) -> dict[str, list[tuple[Any, Any]]]:
    return {
        "linh_vuc": [(pk, name) for pk, _code, name in categories(city_id, day)],
        "muc": list(Urgency.choices),
        "kenh": list(Channel.choices),
        "luong": list(Stream.choices),
    }


def unit_names(ids: set[int | None], day: date) -> dict[int, str]:
    found = units.unit_rows({one for one in ids if one is not None}, as_of=day)
    return {pk: row.full_name for pk, row in found.items()}


def _title(found: lists.InboxPage) -> str:
    if found.capped:
        return _("%(list)s: hơn %(most)s, hãy lọc thêm") % {"list": LABELS[found.queue], "most": lists.MOST_COUNTED}
    said = {"list": LABELS[found.queue], "num": found.count}
    return ngettext("%(list)s: %(num)s phản ánh", "%(list)s: %(num)s phản ánh", found.count) % said


def _empty(found: lists.InboxPage, filters: Filters) -> tuple[str, str]:
    if filters.any:
        return _("Không có phản ánh nào khớp bộ lọc"), _("Hãy bỏ bớt một điều kiện lọc, hoặc tìm trong tất cả phản ánh.")
    if found.queue is Queue.FIND:
        return _("Chưa có phản ánh nào"), _("Phản ánh đầu tiên sẽ hiện ở đây.")
    return _("Không còn phản ánh nào ở mục này"), _("Khi có, phản ánh gần hạn nhất nằm trên cùng.")


_URGENT = frozenset({Queue.AGAIN, Queue.SUSPECTED})


def rail(desk: Desk, current: Queue | None, counts: dict[Queue, int]) -> list[dict[str, Any]]:
    def item(queue: Queue) -> dict[str, Any]:
        return {
            "text": LABELS[queue],
            "href": f"{address('feedback:inbox')}?{urlencode({'hang': queue.value})}",
            "count": counts.get(queue),
            "bad": queue in _URGENT and counts.get(queue, 0) > 0,
            "current": queue is current,
        }

    sections = []
    if desk.takes:
        sections.append({"title": _("Nơi tiếp nhận"), "items": [item(queue) for queue in lists.OF_CITY]})
    if desk.units:
        sections.append({"title": _("Đơn vị xử lý"), "items": [item(queue) for queue in lists.OF_UNIT]})
    others = [
        item(Queue.FIND),
        {"text": _("Bản đồ"), "href": reverse("feedback:staff_map")},
        {"text": _("Nhóm trùng nhau"), "href": reverse("feedback:clusters"), "current": False},
        {"text": _("Mẫu trả lời"), "href": reverse("feedback:templates")},
    ]
    if any(desk.actor.units_for(duty) for duty in WRITES_DOWN):
        others.insert(3, {"text": _("Ghi phản ánh"), "href": reverse("feedback:record")})
    if desk.takes:
        others.append({"text": _("Thư đang chờ"), "href": reverse("feedback:held_mail")})
    sections.append({"title": _("Khác"), "items": others})
    return sections


def _tabs(request: HttpRequest, found: lists.InboxPage) -> list[dict[str, Any]]:
    if found.queue in (Queue.FIND, Queue.ASKED, Queue.WAITING):
        return []
    kept = {name: str(value) for name, value in request.GET.items() if name in _FILTERS and value}
    return [
        {
            "text": label,
            "href": f"?{urlencode({'hang': found.queue.value, **({'han': deadline.value} if deadline else {}), **kept})}",
            "count": found.deadlines[deadline],
            "bad": deadline in (Deadline.LATE, Deadline.STEP) and found.deadlines[deadline] > 0,
            "current": deadline is found.deadline,
        }
        for deadline, label in DEADLINES.items()
    ]


def _bulk_buttons(desk: Desk, queue: Queue) -> list[tuple[str, str, str]]:
    """(what, words, key) of what may be done with many of this list at once."""
    merge = [("gop", _("Gộp làm một"), "G")] if desk.merges else []
    takes = [("chuyen", _("Chuyển đơn vị"), "C"), *merge] if desk.takes else []
    match queue:
        case Queue.PUBLISH:
            return [("cong-khai", _("Công khai"), "K")]
        case Queue.TAKE | Queue.RETURNED:
            return [("tiep-nhan", _("Nhận xem"), "N"), *takes]
        case Queue.ACCEPT:
            return [("nhan", _("Nhận phản ánh"), "N"), ("giao", _("Giao người xử lý"), "I"), *merge]
        case Queue.WORK | Queue.MINE | Queue.UNIT:
            return [("giao", _("Giao người xử lý"), "I"), *merge]
        case Queue.CITY | Queue.AGAIN:
            return takes
    return []


# -- taken out -----------------------------------------------------------------------------------------------------------


def _may_export(desk: Desk, queue: Queue, filters: Filters) -> bool:
    if not desk.actor.units_for(SEE_FIGURES):
        return False
    there = lists.desk_of_figures(desk.actor, now=desk.now)
    return queue in there.queues and (there.opens or not filters.words)


@require_GET
def inbox_excel(request: HttpRequest) -> HttpResponseBase:
    """A list of the units whose figures one sees: numbers, kinds, units, times; never who sent what, nor their words. Who sees
    figures alone takes out no list of what may be a denunciation, and looks for a number, not for words.
    """
    desk = lists.desk_of_figures(actor_of(request), now=clock.now())
    queue, deadline = chosen(request, desk)
    queue = queue if queue in desk.queues else desk.first
    day = timezone.localdate(desk.now)
    heads = [
        (_("Số"), 18),
        (_("Gửi lúc"), 17),
        (_("Kênh"), 16),
        (_("Luồng"), 24),
        (_("Lĩnh vực"), 28),
        (_("Mức độ"), 16),
        (_("Nơi xảy ra"), 24),
        (_("Đơn vị xử lý"), 24),
        (_("Trạng thái"), 22),
        (_("Hạn của bước"), 17),
        (_("Hạn trả lời"), 17),
        (_("Số lần quá hạn"), 10),
        (_("Số lần trả lại"), 10),
        (_("Số người phản ánh"), 10),
        (_("Số ảnh"), 8),
    ]
    found = lists.exported(desk, queue=queue, deadline=deadline, filters=filters_here(request))
    rows = chain(_cells(islice(found, lists.MOST_EXPORTED), day), (_cut() for _more in islice(found, 1)))
    file = workbook([(str(LABELS[queue]), heads, rows)])
    return file_answer(file, f"phan-anh-{queue.value}-{day:%Y%m%d}.xlsx", FileType.XLSX)


def _cut() -> list[Cell]:
    says = _("Chưa hết: bảng này chỉ có %(most)s dòng đầu của danh sách. Hãy lọc bớt rồi tải lại.")
    return [says % {"most": number_text(lists.MOST_EXPORTED)}]


def _cells(rows: Iterator[TicketRow], day: date) -> Iterator[list[Cell]]:
    labels: list[dict[Any, Any]] = [dict(one.choices) for one in (Channel, Stream, Urgency)]
    states = dict(FeedbackTicket.State.choices)
    names: dict[int, str] = {}
    for row in rows:
        for unit_id in {row.unit_id, row.place_unit_id} - {None, *names}:
            names |= unit_names({unit_id}, day)
        yield [
            row.number,
            row.reported_at,
            str(labels[0][row.channel]),
            str(labels[1][row.stream]),
            row.category or "",
            str(labels[2][row.urgency]),
            names.get(row.place_unit_id or 0, ""),
            names.get(row.unit_id or 0, ""),
            str(states[row.state]),
            row.step_due_at,
            row.due_at,
            row.breaches,
            row.returns,
            row.senders,
            row.photos,
        ]


# -- late ----------------------------------------------------------------------------------------------------------------


LATE: dict[Late, Promise] = {
    Late.ANSWER: gettext_lazy("Đang quá hạn trả lời"),
    Late.STEP: gettext_lazy("Quá hạn bước"),
    Late.BEFORE: gettext_lazy("Đã quá hạn ở đơn vị trước"),
    Late.AGAIN: gettext_lazy("Danh sách của Chủ tịch: quá hạn lần hai"),
}


@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """What is late in the city, or at the units whose figures one sees: the answer, a step, at a unit that had it before; and
    the chair's list: late for the second time. Figures alone open no ticket; to be printed.
    """
    now: datetime = clock.now()
    day = timezone.localdate(now)
    actor = actor_of(request)
    actor.must_somewhere(SEE_FIGURES)
    city, mine = units.default_city(as_of=day), actor.units_for(SEE_FIGURES)
    asked = request.GET.get("muc", "")
    which = Late(asked) if asked in set(Late) else Late.ANSWER
    of = None if city.id in mine else mine
    found = late_of(city.id, actor=actor, now=now, which=which, page=page_number(request), unit_ids=of)
    page = Page(
        number=found.page, size=lists.PAGE_ROWS, count=found.counts[which], path=request.path, query=request.GET.urlencode()
    )
    tabs = [
        {
            "text": label,
            "href": f"{request.path}?muc={one.value}" if one else request.path,
            "count": found.counts[one],
            "bad": found.counts[one] > 0,
            "current": one is which,
        }
        for one, label in LATE.items()
    ]
    ids = {unit_id for row in found.rows for unit_id in (row.unit_id, row.place_unit_id)}
    ids |= {one.unit_id for legs in found.before.values() for one in legs}
    return render(
        request,
        "feedback/staff/late.html",
        {
            "rows": found.rows,
            "before": found.before,
            "page": page,
            "tabs": tabs,
            "title": _("Danh sách của Chủ tịch: phản ánh quá hạn lần hai") if which is Late.AGAIN else _("Phản ánh quá hạn"),
            "due": words.due_of(city.id, now),
            "step_name": words.step_name,
            "names": unit_names(ids, day),
            "short": words.SHORT,
            "tags": words.TAGS,
            "now": now,
            "opens": found.opens,
        },
    )
