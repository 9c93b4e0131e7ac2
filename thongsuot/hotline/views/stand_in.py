"""The stand-in's exchange: whoever tries the product rings here, lifts receivers and hangs up, well-behaved or not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.hotline import exchange
from thongsuot.hotline.actions import errors
from thongsuot.hotline.forms import RingForm
from thongsuot.hotline.models import Call
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.stand_in import MISCHIEF, in_this_process, telling
from thongsuot.hotline.views.common import at_desk
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import nothing_pressed, pressed

SHOWN = 20


@require_http_methods(["GET", "POST"])
def stand_in(request: HttpRequest) -> HttpResponse:
    actor, city = at_desk(request)
    if not exchange.is_stand_in():
        messages.info(request, _("Không có tổng đài điện thoại nào đang được giả lập trong hệ thống này."))
        return redirect("hotline:desk")
    core, what = in_this_process().core, pressed(request)
    seat = queries.seat_of(actor.person_id)
    form = RingForm(request.POST if what == "goi" else None, lines=queries.lines_of(city.id))
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        with refusals_on(form if form.is_bound else None):
            _do(request, what, form, extension=seat.extension if seat else "")
            return redirect("hotline:stand_in")
    kept = core.latest(SHOWN)
    known = dict(
        Call.objects.filter(exchange=exchange.name(), exchange_id__in=[one.call_id for one in kept]).values_list(
            "exchange_id", "pk"
        )
    )
    states = {
        "ringing": ("new", _("Đang đổ chuông")),
        "talking": ("go", _("Đang nói chuyện")),
        "held": ("wait", _("Đang giữ máy")),
    }
    rows = [
        (one, known.get(one.call_id), states.get(one.state, ("end", _("Đã gác máy"))), MISCHIEF[one.mischief]) for one in kept
    ]
    context = {"form": form, "rows": rows, "seat": seat}
    return render(request, "hotline/stand_in.html", context, status=422 if form.errors else 200)


def _do(request: HttpRequest, what: str, form: RingForm, *, extension: str) -> None:
    core, call_id = in_this_process().core, request.POST.get("cuoc", "")[:64]
    if what == "goi":
        said = form.cleaned_data
        number = "".join(one for one in said["caller"] if one in "+0123456789")
        kept, notice = core.ring(said["line"], number, mischief=said["mischief"])
        telling.tell(kept, notice, core=core)
        messages.success(request, _("Máy đang đổ chuông. Mở trang Tổng đài để nhận cuộc gọi."))
        return
    if what == "nhac" and not extension:
        raise errors.NotAtLine
    moves = {
        "nhac": lambda: core.answer(call_id, extension),
        "giu": lambda: core.hold(call_id),
        "khong-nhac": lambda: core.come_back(call_id),
        "gac": lambda: core.hang_up(call_id),
    }
    if what not in moves:
        raise nothing_pressed()
    try:
        notice = moves[what]()
        telling.tell(core.kept(call_id), notice, core=core)
    except exchange.Refused:
        raise errors.CallOver from None
