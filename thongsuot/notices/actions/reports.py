"""What a gateway tells us later: believed when it is signed, kept once, and never worse than what it said before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import TellPerson
from thongsuot.notices import events
from thongsuot.notices.actions.sending import TO_SEND, By, give_up, locked, save_standing
from thongsuot.notices.models import Delivery, DeliveryReport, Trouble
from thongsuot.notices.ways import Report


class UnknownDelivery(TellPerson):
    code = "notices.unknown_delivery"
    status = 404
    says = _("Không có lượt gửi nào mang tham chiếu này. Hãy kiểm tra địa chỉ nhận báo cáo đã khai với cổng tin nhắn.")


def take_report(way: str, report: Report, *, actor: Actor, at: datetime) -> bool:
    """False: it was told before, and nothing changed. Raises UnknownDelivery."""
    delivery = Delivery.objects.filter(way=way, reference=report.reference).first()
    if delivery is None:
        raise UnknownDelivery
    if DeliveryReport.objects.filter(digest=report.digest).exists():
        return False
    return _believe(delivery.notice_id, delivery.pk, report, actor=actor, at=at)


def _believe(notice_id: int, delivery_id: int, report: Report, *, actor: Actor, at: datetime) -> bool:
    """Two at once meet at the notice's lock: the second finds the report of the first."""
    with transaction.atomic():
        _notice, deliveries = locked(notice_id)
        if DeliveryReport.objects.filter(digest=report.digest).exists():
            return False
        _note_report(next(one for one in deliveries if one.pk == delivery_id), report, actor=actor, at=at)
        return True


@command
def _note_report(delivery: Delivery, report: Report, *, actor: Actor, at: datetime) -> Delivery:
    """What arrived has arrived: a failure told after it is an older one that came late. The caller holds the lock."""
    notice = delivery.notice
    outcome = DeliveryReport.Outcome.DELIVERED if report.delivered else DeliveryReport.Outcome.FAILED
    DeliveryReport.objects.create(
        delivery=delivery, outcome=outcome, said_at=report.said_at, arrived_at=at, digest=report.digest
    )
    changes = delivery.state != By.DELIVERED and (report.delivered or delivery.state in {*TO_SEND, By.SENT})
    if changes and report.delivered:
        # Also while we wait to ask again: the answer was lost, the message was not.
        delivery.state, delivery.delivered_at = By.DELIVERED, report.said_at
        delivery.sent_at, delivery.next_attempt_at, delivery.trouble = delivery.sent_at or at, None, ""
        delivery.save(update_fields=["state", "delivered_at", "sent_at", "next_attempt_at", "trouble"])
        save_standing(notice, notice.deliveries.all())
        record(events.DELIVERED, notice, actor=actor, at=at, unit_id=notice.unit_id, way=delivery.way)
    elif changes:
        give_up(delivery, By.FAILED, Trouble.NOT_DELIVERED, actor=actor, at=at)
    else:
        record(events.REPORTED, notice, actor=actor, at=at, unit_id=notice.unit_id, way=delivery.way, outcome=outcome.value)
    return delivery
