"""The page of the stand-in's bank: whoever tries the product plays the payer there, and the bank's moods."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.payments import gateway
from thongsuot.payments.actions import errors
from thongsuot.payments.stand_in import in_this_process, telling
from thongsuot.web.request import nothing_pressed, pressed


@require_http_methods(["GET", "POST"])
def bank(request: HttpRequest, reference: str) -> HttpResponse:
    if not gateway.is_stand_in():
        raise NotFound
    behind = in_this_process().bank
    order = must_exist(behind.bill(reference))
    if request.method == "GET":
        return render(request, "payments/bank.html", {"order": order, "standing": behind.standing(reference)})
    try:
        match pressed(request):
            case "tra":
                telling.tell(behind.pay(reference))
            case "hai-lan":
                telling.tell(behind.pay(reference), times=2)
            case "muon":
                telling.tell_later(behind.pay(reference))
            case "im":
                behind.pay(reference)
            case "tu-choi":
                telling.tell(behind.fail(reference))
            case "lech":
                telling.tell(behind.pay(reference, amount_dong=order.amount_dong + 1_000))
            case "chuyen-khoan":
                telling.tell(behind.transfer(order.merchant, order.amount_dong, f"MBVCB.{order.purpose}.CT tu 0123"))
            case _:
                raise nothing_pressed()
    except gateway.Refused:
        raise errors.PaymentOver from None
    return redirect(order.back_url)
