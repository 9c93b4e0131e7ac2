"""Background work of the hotline. Cron times are UTC."""

from __future__ import annotations

import logging
from contextlib import suppress

from procrastinate.contrib.django import app

from thongsuot.hotline import actions, asking
from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.models import Call, HotlineLine
from thongsuot.hotline.queries import recordings
from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY

AT_ONCE = 500
MOST_SILENT = 3
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


@app.periodic(cron="* * * * *")
@app.task(name="hotline.put_back", queueing_lock="hotline.put_back", lock="hotline.put_back")
def put_back(timestamp: int) -> None:
    """A call that was taken and has not reached a telephone waits for everybody again; its operator is free."""
    now = clock.now()
    for city_id in _cities():
        before = now - settings_on(city_id, clock.today()).connects_within
        taken = Call.objects.filter(city=city_id, state=Call.State.RINGING, picked_at__lt=before).order_by("picked_at")
        for call_id in taken.values_list("pk", flat=True)[:AT_ONCE]:
            try:
                asking.put_back(call_id, at=now)
            except TellPerson as refusal:
                logger.info("call %s stays as it is: %s", call_id, refusal.code)


@app.periodic(cron="40 18 * * *")
@app.task(name="hotline.forget", retry=RETRY)
def forget(timestamp: int) -> None:
    """At night: numbers and recordings that have been kept as long as was set, or whose ticket's sender is forgotten. Those
    that could not be deleted come last.
    """
    now = clock.now()
    for city_id in _cities():
        actions.forget_numbers(city_id, actor=asking.WORKER, at=now)
        of_forgotten = recordings.traceable(recordings.of_forgotten().filter(city=city_id))
        for call_id in of_forgotten.values_list("pk", flat=True)[:AT_ONCE]:
            with suppress(TellPerson):  # held meanwhile
                actions.forget_caller(call_id, actor=asking.WORKER, at=now)
        silent = 0
        for call_id in recordings.past_their_time(city_id, now=now).values_list("pk", flat=True)[:AT_ONCE]:
            try:
                trouble = asking.forget(call_id, at=now)
            except TellPerson as refusal:  # held, or forgotten, meanwhile
                logger.info("the recording of call %s is left as it is: %s", call_id, refusal.code)
                continue
            if trouble:
                logger.warning("the recording of call %s is still there: %s", call_id, trouble)
            silent = silent + 1 if trouble == Call.DeletionTrouble.SILENT else 0
            if silent == MOST_SILENT:  # nobody answers: the next night asks again
                break


@app.task(name="hotline.tell_late", retry=RETRY)
def tell_late(notice: str) -> None:
    """The stand-in's exchange tells the end of a call a minute late. A real one does so by itself."""
    from thongsuot.hotline.stand_in import telling

    telling.tell_again(notice)
