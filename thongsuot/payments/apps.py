from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "thongsuot.payments"

    def ready(self) -> None:
        """A stand-in says so on every page; the page of a payment follows what happens to it."""
        from django.utils.translation import gettext_lazy as _

        from thongsuot.payments import debts, gateway
        from thongsuot.payments.testing import TestTransactions
        from thongsuot.payments.topics import topics_of
        from thongsuot.web import pulses, stand_ins

        debts.register(TestTransactions())
        pulses.told_of("payments", topics_of)
        if gateway.is_stand_in():
            stand_ins.announce("payments", _("Cổng thanh toán: ngân hàng giả lập, không có đồng tiền thật nào được chuyển."))
