"""Many tickets at once: picked in a list and done one by one, each with its result; and what looks like one thing merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.feedback import actions
from thongsuot.feedback import staff_words as words
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import HANDLE
from thongsuot.feedback.actions.merging import MOST_AT_ONCE
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.models.tickets import OPEN
from thongsuot.feedback.queries import inbox as lists
from thongsuot.feedback.queries import near
from thongsuot.feedback.queries.inbox import Desk, TicketRow
from thongsuot.feedback.queries.ticket import answering_units, may_merge, proposal, seen_among
from thongsuot.feedback.views.staff import DONE_KEY, desk_here, rail, unit_names
from thongsuot.feedback.views.staff_ticket import here
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.people.queries import staff_with_duty
from thongsuot.web.paging import page_of
from thongsuot.web.request import number_of, numbers_of, pressed


@dataclass(frozen=True, kw_only=True)
class Work:
    """One kind of work on many. asks: "unit", "person", "parent", "words" (of an answer, to be read first), or nothing;
    run(desk, row id, what was chosen)."""

    button: str | Promise
    consequence: str | Promise
    run: Callable[[Desk, int, int], object]
    asks: str = ""


def _command(desk: Desk) -> dict[str, Any]:
    return {"actor": desk.actor, "at": clock.now()}


WORKS: dict[str, Work] = {
    "tiep-nhan": Work(
        button=gettext_lazy("Nhận xem"),
        consequence=gettext_lazy("Người khác thấy bạn đang xem các phản ánh này."),
        run=lambda desk, ticket_id, _chosen: actions.take(ticket_id, **_command(desk)),
    ),
    "chuyen": Work(
        button=gettext_lazy("Chuyển đơn vị"),
        consequence=gettext_lazy(
            "Mỗi phản ánh đến đơn vị đã chọn, hoặc đơn vị được đề xuất cho nó. Hạn trả lời tính từ lúc chuyển."
        ),
        asks="unit",
        run=lambda desk, ticket_id, chosen: actions.route(ticket_id, chosen or _proposed(ticket_id), **_command(desk)),
    ),
    "nhan": Work(
        button=gettext_lazy("Nhận phản ánh"),
        consequence=gettext_lazy("Đơn vị nhận, bạn là người xử lý cho đến khi giao người khác."),
        run=lambda desk, ticket_id, _chosen: actions.accept(ticket_id, **_command(desk)),
    ),
    "giao": Work(
        button=gettext_lazy("Giao người xử lý"),
        consequence=gettext_lazy("Người được chọn giữ các phản ánh này từ bây giờ. Hạn không đổi."),
        asks="person",
        run=lambda desk, ticket_id, chosen: actions.assign(ticket_id, chosen, **_command(desk)),
    ),
    "cong-khai": Work(
        button=gettext_lazy("Công khai"),
        consequence=gettext_lazy(
            "Mọi người đọc được đúng những lời dưới đây. Phản ánh có ảnh, được che nơi xảy ra hoặc còn điều cần xem phải mở ra "
            "từng cái."
        ),
        run=lambda desk, ticket_id, answer_id: actions.publish_as_proposed(ticket_id, answer_id=answer_id, **_command(desk)),
        asks="words",
    ),
    "gop": Work(
        button=gettext_lazy("Gộp làm một"),
        consequence=gettext_lazy("Các phản ánh khác gộp vào phản ánh được chọn. Mỗi người gửi vẫn nhận được trả lời."),
        asks="parent",
        run=lambda desk, ticket_id, chosen: None,
    ),
}


def _proposed(ticket_id: int) -> int:
    """Raises NothingProposed."""
    found = FeedbackTicket.objects.select_related("category", "about_dossier").get(pk=ticket_id)
    if (unit_id := proposal(found, at=clock.now()).unit_id) is None:
        raise errors.NothingProposed
    return unit_id


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """First says what will happen to each of those picked and asks what is needed; confirmed, does it one by one."""
    desk = desk_here(request)
    back = request.POST.get("ve", "")
    back = back if back.startswith(reverse("feedback:inbox")) else reverse("feedback:inbox")
    key = pressed(request)
    work = WORKS.get(key)
    rows = lists.picked(numbers_of(request.POST.getlist("pa"), most=MOST_AT_ONCE), desk=desk)
    if work is None or not rows:
        messages.warning(request, _("Chưa chọn phản ánh nào. Hãy đánh dấu các phản ánh cần làm rồi bấm lại."))
        return redirect(back)
    chosen = number_of(request.POST.get("chon", ""))
    confirmed = bool(request.POST.get("xac-nhan"))
    lacking = work.asks in ("person", "parent") and not chosen
    if confirmed and not lacking:
        fresh, stale = _as_seen(rows, request.POST.getlist("thay"))
        _show_results(
            request, [*(_run(desk, work, fresh, chosen, read=_read(request)) if fresh else []), *stale], str(work.button)
        )
        return redirect(back)
    proposed = actions.proposals([row.id for row in rows]) if work.asks == "words" else None
    ready = [row.id for row in rows if proposed is not None and proposed[row.id].refusal is None]
    count = len(ready if proposed is not None else rows)
    day = timezone.localdate(desk.now)
    return render(
        request,
        "feedback/staff/bulk.html",
        {
            "work": work,
            "key": key,
            "rows": rows,
            "back": back,
            "choices": _choices(desk, work, rows),
            "groups": answering_units(desk.city, at=desk.now) if work.asks == "unit" else [],
            "chosen": chosen or (rows[0].id if work.asks == "parent" else 0),
            "lacking": lacking and confirmed,
            "title": ngettext("%(what)s: %(num)s phản ánh", "%(what)s: %(num)s phản ánh", count)
            % {"what": work.button, "num": count},
            "proposed": proposed,
            "ready": ready,
            "due": words.due_of(desk.city, desk.now),
            "short": words.SHORT,
            "tags": words.TAGS,
            "names": unit_names({row.unit_id for row in rows} | {row.place_unit_id for row in rows}, day),
        },
        status=422 if lacking and confirmed else 200,
    )


def _as_seen(rows: Sequence[TicketRow], seen: Sequence[str]) -> tuple[list[TicketRow], list[actions.Each]]:
    """Those that are as they were shown; of the others that they are not: one looks again, as with a single one."""
    before = dict(one.split(":", 1) for one in seen if ":" in one)
    stale = [row for row in rows if before.get(str(row.id), row.seen) != row.seen]
    changed = _("Trong lúc bạn mở trang này, phản ánh đã đổi: %(state)s. Hãy xem lại rồi làm lần nữa nếu vẫn muốn.")
    told = [
        actions.Each(ticket_id=row.id, number=row.number, done=False, message=changed % {"state": words.SHORT[row.state]})
        for row in stale
    ]
    return [row for row in rows if row not in stale], told


def _choices(desk: Desk, work: Work, rows: Sequence[TicketRow]) -> list[tuple[int, str]]:
    if work.asks == "parent":
        return [(row.id, f"{row.number}: {row.begins[:80]}") for row in rows]
    if work.asks != "person":
        return []
    units = {row.unit_id for row in rows if row.unit_id is not None}
    day = timezone.localdate(desk.now)
    people = [one for unit_id in sorted(units) for one in staff_with_duty(HANDLE, unit_id, on=day)]
    return list({one.id: one.label for one in people}.items())


def _read(request: HttpRequest) -> dict[int, int]:
    """Of which ticket the words of which answer were shown."""
    pairs = (text.partition(".") for text in request.POST.getlist("doc")[:MOST_AT_ONCE])
    return {number_of(ticket): number_of(answer) for ticket, _dot, answer in pairs}


def _run(desk: Desk, work: Work, rows: Sequence[TicketRow], chosen: int, *, read: dict[int, int]) -> list[actions.Each]:
    ids = [row.id for row in rows]
    if work.asks == "words":
        return actions.for_each(ids, lambda ticket_id: work.run(desk, ticket_id, read.get(ticket_id, 0)))
    if work.asks == "parent":
        return actions.merge_many(chosen, [one for one in ids if one != chosen], **_command(desk))
    return actions.for_each(ids, lambda ticket_id: work.run(desk, ticket_id, chosen))


def _show_results(request: HttpRequest, done: Sequence[actions.Each], what: str) -> None:
    """What became of each is shown once, on the list one comes back to; those that went well are counted, not listed."""
    good = sum(one.done for one in done)
    request.session[DONE_KEY] = {
        "title": ngettext("%(what)s: xong %(num)s phản ánh", "%(what)s: xong %(num)s phản ánh", good)
        % {"what": what, "num": good},
        "refused": [{"id": one.ticket_id, "number": one.number, "message": one.message} for one in done if not one.done],
        "done": [{"id": one.ticket_id, "number": one.number} for one in done if one.done][:50],
    }


# -- the same thing ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def duplicates(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """What may be the same as this one, side by side; those ticked are merged into whichever is chosen."""
    actor, found = here(request, ticket_id)
    if request.method == "POST":
        ids = numbers_of(request.POST.getlist("pa"), most=MOST_AT_ONCE)
        parent = number_of(request.POST.get("vao", "")) or found.pk
        others = [one for one in {found.pk, *ids} if one != parent]
        if not ids:
            messages.warning(request, _("Chưa chọn phản ánh nào. Hãy đánh dấu các phản ánh cùng việc rồi bấm lại."))
            return redirect("feedback:duplicates", ticket_id)
        seen, gone = _seen([parent, *others], actor)
        if parent not in seen:
            into = must_exist(next((one for one in gone if one.ticket_id == parent), None))
            messages.warning(request, f"{into.number}: {into.message}")
            return redirect("feedback:duplicates", ticket_id)
        done = [*_merge(parent, [one for one in others if one in seen], actor), *gone]
        for one in done:
            if not one.done:
                messages.warning(request, f"{one.number}: {one.message}")
        if any(one.done for one in done):
            messages.success(request, _merged_words(done))
        return redirect("feedback:ticket", parent)
    now = clock.now()
    rows = near.candidates(found, now=now)
    opens = seen_among([one.row.id for one in rows], actor=actor)
    rows = [one for one in rows if one.row.id in opens]
    day = timezone.localdate(now)
    return render(
        request,
        "feedback/staff/duplicates.html",
        {
            "ticket": found,
            "rows": rows,
            "may_merge": may_merge(found, actor),
            "short": words.SHORT,
            "tags": words.TAGS,
            "names": unit_names({one.row.unit_id for one in rows}, day),
            "others": [one for one in near.same_pictures(found) if one[0] not in opens],
        },
    )


def _seen(ids: Sequence[int], actor: Actor) -> tuple[list[int], list[actions.Each]]:
    """Nobody merges what they may not open: those they may, in their order; of the others what is said of each."""
    seen = seen_among(ids, actor=actor)
    said = _("Phản ánh này đã chuyển đến nơi khác, bạn không còn mở được. Nếu vẫn là cùng việc, hãy báo nơi tiếp nhận.")
    others = FeedbackTicket.objects.filter(pk__in=set(ids) - seen).values_list("pk", "number").order_by("pk")
    gone = [actions.Each(ticket_id=pk, number=number, done=False, message=said) for pk, number in others]
    return [one for one in ids if one in seen], sorted(gone, key=lambda one: ids.index(one.ticket_id))


def _merge(parent: int, others: Sequence[int], actor: Actor) -> list[actions.Each]:
    return actions.merge_many(parent, others, actor=actor, at=clock.now()) if others else []


def _merged_words(done: Sequence[actions.Each]) -> str:
    good = sum(one.done for one in done)
    return ngettext("Đã gộp %(num)s phản ánh.", "Đã gộp %(num)s phản ánh.", good) % {"num": good}


@require_GET
def clusters(request: HttpRequest) -> HttpResponse:
    """Open tickets that look like one thing, the largest groups first; one press of who may merges a group."""
    desk = desk_here(request)
    found = near.clusters(desk.city, unit_ids=None if desk.takes else desk.handles or desk.units, now=desk.now)
    page = page_of(request, count=len(found), size=10)
    shown = near.with_rows(found[page.slice], most=MOST_AT_ONCE)
    day = timezone.localdate(desk.now)
    return render(
        request,
        "feedback/staff/clusters.html",
        {
            "clusters": shown,
            "may_merge": desk.merges,
            "most": MOST_AT_ONCE,
            "page": page,
            "reports": sum(one.count for one in found),
            "rail": rail(desk, None, {}),
            "names": unit_names({one.shown.unit_id for cluster in shown for one in cluster.members if one.shown}, day),
            "short": words.SHORT,
            "tags": words.TAGS,
        },
    )


@require_POST
def merge_cluster(request: HttpRequest) -> HttpResponse:
    """Into the first report of the group that is still here, those of them that are ticked; of a larger group the rest by
    another press. Raises NotFound where none is here, NotYourDuty.
    """
    desk = desk_here(request)
    parent = number_of(request.POST.get("vao", ""))
    ids = [one for one in numbers_of(request.POST.getlist("pa"), most=MOST_AT_ONCE) if one != parent]
    if not parent or not ids:
        messages.warning(request, _("Chưa chọn phản ánh nào. Hãy đánh dấu các phản ánh cùng việc rồi bấm lại."))
        return redirect("feedback:clusters")
    seen, gone = _seen([parent, *ids], desk.actor)
    row = must_exist(FeedbackTicket.objects.filter(pk__in=seen[:1]).first())
    if row.state in OPEN and not may_merge(row, desk.actor):
        raise NotYourDuty(HANDLE)
    done = [*_merge(row.pk, seen[1:], desk.actor), *gone]
    refused = [one for one in done if not one.done]
    if any(one.done for one in done):
        messages.success(request, _merged_words(done))
    for one in refused[:10]:
        messages.warning(request, f"{one.number}: {one.message}")
    return redirect("feedback:clusters")
