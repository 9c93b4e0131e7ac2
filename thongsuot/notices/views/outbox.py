"""The outbox of administrators."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.history import history_of
from thongsuot.notices import actions, queries, rules
from thongsuot.notices.forms import ReadForm
from thongsuot.notices.models import Notice
from thongsuot.notices.ways.protocol import STAND_IN
from thongsuot.people.actions import log_look_up
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """All messages of one's units, newest first, by state and by address."""
    actor = actor_with(request, queries.DUTY)
    state, address = request.GET.get("trang_thai", ""), request.GET.get("q", "").strip()[:254]
    state = state if state in Notice.State.values else ""
    counts = queries.outbox_counts(actor, address=address)
    page = page_of(request, count=counts[state] if state else sum(counts.values()))
    rows = queries.outbox(actor, state=state, address=address, limit=page.size, offset=page.first)
    return render(
        request,
        "notices/outbox.html",
        {
            "rows": rows,
            "page": page,
            "counts": counts,
            "state": state,
            "address": address,
            "states": Notice.State,
            "stand_in": STAND_IN in {settings.SMS_URL, settings.ZALO_URL},
            "leaves": queries.mail_leaves_the_house(),
            "untaken": [(rules.WAYS[way], count) for way, count in queries.waiting_after_trouble().items() if count],
        },
    )


@require_GET
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One message: what became of it. Its words and its address are shown by `read`, which leaves a trace."""
    return _notice_page(request, queries.notice_for(notice_id, actor=actor_with(request, queries.DUTY)))


@require_http_methods(["GET", "POST"])
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The words and the whole address, after saying why."""
    actor = actor_with(request, queries.DUTY)
    found = queries.notice_for(notice_id, actor=actor)
    if queries.row_of(found).is_close:
        raise actions.RecipientKept
    form = ReadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            log_look_up(
                found,
                fields=["to_name", "email", "phone", "body"],
                reason=form.cleaned_data["reason"],
                about_id=found.to_person_id,
                actor=actor,
                at=clock.now(),
            )
            return _notice_page(request, found, uncovered=True)
    return confirm(
        request,
        question=_("Xem nội dung và địa chỉ người nhận?"),
        consequence=_("Tin có dữ liệu cá nhân, mỗi lần xem được ghi lại."),
        button=_("Xem nội dung"),
        cancel_href=reverse("notices:notice", args=[notice_id]),
        form=form,
        staff=True,
    )


@require_http_methods(["GET", "POST"])
def send_again(request: HttpRequest, notice_id: int) -> HttpResponse:
    actor = actor_with(request, queries.DUTY)
    found = queries.notice_for(notice_id, actor=actor)
    if request.method == "POST":
        actions.send_again(notice_id, actor=actor, at=clock.now())
        messages.success(request, _("Đã xếp tin vào hàng gửi. Kết quả hiện ở trang này sau ít phút."))
        return redirect("notices:notice", notice_id)
    twice = _("Người nhận có thể nhận hai lần cùng một tin.")
    return confirm(
        request,
        question=_("Gửi lại tin này?"),
        consequence=twice if found.sent_at else _("Tin được gửi tới địa chỉ đã ghi."),
        button=_("Gửi lại"),
        cancel_href=reverse("notices:notice", args=[notice_id]),
        staff=True,
    )


def _may_send_again(found: Notice) -> bool:
    waits = {"queued", "held"} & {found.state, *found.deliveries.values_list("state", flat=True)}
    return not waits and bool(found.email or found.phone) and queries.is_repeatable(found, at=clock.now())


def _notice_page(request: HttpRequest, found: Notice, *, uncovered: bool = False) -> HttpResponse:
    return render(
        request,
        "notices/notice.html",
        {
            "row": queries.row_of(found),
            "history": history_of(found),
            "uncovered": found if uncovered else None,
            "ways": queries.ways_of(found),
            "reports": queries.reports_of(found),
            "way_labels": rules.WAYS,
            "may_send_again": _may_send_again(found),
            "leaves": queries.mail_leaves_the_house(),
        },
    )
