"""The payer's page: what is owed, the VietQR code, the way to the gateway; then that it is paid, and the receipts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.payments import asking, banks, debts, gateway, topics
from thongsuot.payments.models import FeePayment
from thongsuot.payments.queries import paying as queries
from thongsuot.payments.views.common import tell_of_undue
from thongsuot.payments.words import STATE_TAGS
from thongsuot.units import queries as units
from thongsuot.web import pulses, qr
from thongsuot.web.live import Part, changed
from thongsuot.web.request import actor_of, nothing_pressed, pressed


@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever has the address may pay: it names nobody."""
    found = queries.by_secret(secret)
    if request.method == "POST":
        return _press(request, found)
    parts, context = _seen(found)
    context["places"] = {part.id: part for part in parts}
    context["follows"] = pulses.address(request, topics.payment(found.pk))
    response = render(request, "payments/payment.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _press(request: HttpRequest, found: FeePayment) -> HttpResponse:
    here = redirect("payments:payment", found.secret)
    match pressed(request):
        case "cong":
            back = request.build_absolute_uri(here.url)
            address = asking.pay_address(found.pk, back_url=back, actor=actor_of(request), now=clock.now())
            return HttpResponseRedirect(address)
        case "hoi":
            heard = asking.settle_standing(found.pk, now=clock.now(), cancel=False)
            found.refresh_from_db()
            if found.state == FeePayment.State.WAITING:
                messages.info(request, _no_news(heard))
        case "huy":
            if asking.give_up(found.pk, actor=actor_of(request), now=clock.now()).state == FeePayment.State.CANCELLED:
                messages.success(request, _("Đã hủy giao dịch. Bạn có thể trả lại từ trang hồ sơ, hoặc nộp tại quầy."))
                tell_of_undue(request, found)
        case _:
            raise nothing_pressed()
    return here


def _no_news(heard: asking.Heard) -> str:
    """What is known of a payment that still waits, by who could be asked."""
    if heard == "answer":
        return _("Cổng thanh toán chưa nhận được tiền. Trang này tự đổi khi tiền về; nếu đã trả, đừng trả lần nữa.")
    if heard == "silence":
        return _("Cổng thanh toán chưa trả lời. Trang này tự đổi khi tiền về; nếu đã trả, đừng trả lần nữa.")
    return _(
        "Tiền chuyển bằng mã VietQR được ghi nhận khi ngân hàng báo về hoặc khi đơn vị nhập sổ phụ. "
        "Trang này tự đổi khi tiền về; nếu đã chuyển, đừng chuyển lần nữa."
    )


@require_GET
def live(request: HttpRequest, secret: str) -> HttpResponse:
    parts, context = _seen(queries.by_secret(secret))
    return changed(request, parts, context, known=request.GET.getlist("co"))


def _seen(found: FeePayment) -> tuple[list[Part], dict[str, Any]]:
    waiting = found.state == FeePayment.State.WAITING
    lines = list(found.lines.select_related("receipt").order_by("pk"))
    context = {
        "found": found,
        "unit": units.unit_row(found.unit_id, as_of=clock.today()).full_name,
        "lines": lines,
        "has_receipts": any(hasattr(line, "receipt") for line in lines),
        "waiting": waiting,
        "tag": STATE_TAGS[FeePayment.State(found.state)],
        "picture": qr.picture(queries.payload_of(found)) if waiting else "",
        "bank": banks.name_of(found.account.bank_bin) if found.account else "",
        "by_gateway": waiting and gateway.chosen() is not None,
        "page": debts.of(found.subject).page(found.subject_id),
        "stand_in": gateway.is_stand_in(),
    }
    return [Part("tra", "payments/_payment.html", (found.state, found.asked_at is None), live=True)], context
