"""Background work of the hotline. Cron times are UTC."""

from __future__ import annotations

import logging
from datetime import timedelta

from procrastinate.contrib.django import app

from thongsuot.hotline import actions, asking
from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.models import Call, HotlineLine
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY

AT_ONCE = 500
logger = logging.getLogger(__name__)


def _cities() -> list[int]:
    return list(HotlineLine.objects.order_by("city").values_list("city_id", flat=True).distinct())


@app.periodic(cron="*/5 * * * *")
@app.task(name="hotline.end_lost", queueing_lock="hotline.end_lost", lock="hotline.end_lost")
def end_lost(timestamp: int) -> None:
    """A call that has stood for long: the exchange is asked whether it is over. One that it does not answer for waits on."""
    now = clock.now()
    for city_id in _cities():
        before = now - settings_on(city_id, clock.today()).lost
        lost = Call.objects.filter(city=city_id, state__in=Call.LIVE, told_at__lt=before).order_by("told_at")
        for call_id in lost.values_list("pk", flat=True)[:AT_ONCE]:
            try:
                asking.end_lost(call_id, at=now)
            except TellPerson as refusal:
                logger.info("call %s stays open: %s", call_id, refusal.code)


@app.periodic(cron="40 18 * * *")
@app.task(name="hotline.forget", retry=RETRY)
def forget(timestamp: int) -> None:
    """At night: recordings and numbers that have been kept as long as was set."""
    now = clock.now()
    for city_id in _cities():
        usual = settings_on(city_id, clock.today())
        old = Call.objects.filter(city=city_id, ended_at__lt=now - timedelta(days=usual.recording_days)).exclude(recording="")
        for call_id in old.order_by("ended_at").values_list("pk", flat=True)[:AT_ONCE]:
            try:
                asking.forget(call_id, at=now)
            except TellPerson as refusal:
                logger.warning("the recording of call %s is still there: %s", call_id, refusal.code)
        actions.forget_numbers(city_id, actor=system("worker"), at=now)


@app.task(name="hotline.tell_late", retry=RETRY)
def tell_late(notice: str) -> None:
    """The stand-in's exchange tells the end of a call a minute late. A real one does so by itself."""
    from thongsuot.hotline.stand_in import telling

    telling.tell_again(notice)
