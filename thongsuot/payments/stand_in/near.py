"""The bank asked without a network: the protocol of `gateway.Gateway`. Its page is on the server we are on ourselves."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from thongsuot.payments.gateway import Listed, Order, Standing
from thongsuot.payments.stand_in.core import Bank


class NearGateway:
    """See `gateway.Gateway`."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def begin(self, order: Order) -> str:
        self.bank.take_order(order)
        return reverse("payments:bank", args=[order.reference])

    def standing(self, reference: str) -> Standing:
        return self.bank.standing(reference)

    def cancel(self, reference: str) -> Standing:
        return self.bank.cancel(reference)

    def refund(self, reference: str, *, transaction_id: str, amount_dong: int) -> Standing:
        return self.bank.refund(reference, transaction_id=transaction_id, amount_dong=amount_dong)

    def day(self, day: date) -> list[Listed]:
        return self.bank.day(day)
