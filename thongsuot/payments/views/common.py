"""What the pages of the desk share: the way from one to the others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.actions.paying import TAKE
from thongsuot.payments.actions.refunding import APPROVE
from thongsuot.payments.models import FeePayment, Refund
from thongsuot.web.addresses import address

EVERYBODY = (TAKE, KEEP, APPROVE)
_PARTS = (
    ("payments:shifts", _("Ca thu tiền"), EVERYBODY),
    ("payments:refunds", _("Hoàn phí"), EVERYBODY),
    ("payments:reconciling", _("Đối soát"), (KEEP,)),
    ("payments:nameless", _("Tiền chưa rõ khoản"), (KEEP,)),
    ("payments:balances", _("Sổ sách"), (KEEP,)),
    ("payments:receipts", _("Biên lai"), (KEEP,)),
    ("payments:accounts", _("Tài khoản thu phí"), (KEEP,)),
)


def tabs(current: str, *, actor: Actor) -> list[dict[str, Any]]:
    """The parts that this person has a duty in."""
    return [
        {"text": text, "href": address(name), "current": name == current}
        for name, text, duties in _PARTS
        if any(actor.units_for(duty) for duty in duties)
    ]


def tell_of_undue(request: HttpRequest, payment: FeePayment) -> None:
    """Money came for it that was not what was owed: said beside how the payment ended."""
    if payment.refunds.filter(line=None).exclude(state=Refund.State.REFUSED).exists():
        messages.info(request, _("Đã nhận một khoản tiền không đúng số phải thu; khoản ấy được đề nghị trả lại người nộp."))
