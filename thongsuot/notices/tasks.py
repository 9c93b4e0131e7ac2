"""Background work: one notice by one way, one job."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY
from thongsuot.notices import actions, delivery, rules
from thongsuot.notices.models import Delivery
from thongsuot.notices.ways import UnreadableReport, way_named, zalo_token

log = logging.getLogger(__name__)


@app.task(name="notices.send", retry=RETRY)
def send(notice_id: int, way: str = rules.SMTP) -> None:
    """May run twice: what is sent already is left alone. A partner that says "later" gets a new job, no retry of this one."""
    delivery.deliver(notice_id, way=way, actor=system("worker"), at=clock.now())


@app.task(name="notices.release_held", retry=RETRY)
def release_held() -> None:
    """Other quiet hours hold from now on: what waits for the end of those of before is looked at again."""
    for notice_id, way in Delivery.objects.filter(state=Delivery.State.HELD).order_by("pk").values_list("notice_id", "way"):
        delivery.release(notice_id, way=way, actor=system("worker"), at=clock.now())


@app.task(name="notices.end_use", retry=RETRY)
def end_use(notice_id: int) -> None:
    """What is of no use any more is given up, its secrets are forgotten. Does not happen twice."""
    delivery.end_use(notice_id, actor=system("worker"), at=clock.now())


@app.periodic(cron="7 * * * *")
@app.task(name="notices.renew_zalo_token", queueing_lock="notices.renew_zalo_token", lock="notices.renew_zalo_token")
def renew_zalo_token(timestamp: int) -> None:
    """One at a time: a renewing token is good once. Not within a delivery, whose undoing would lose the new one."""
    at = clock.now()
    if not zalo_token.is_due(at=at):
        return
    try:
        fresh = zalo_token.asked_anew()
    except zalo_token.NotRenewed as fault:
        log.error("the token of Zalo was not renewed: %s", fault)
        return
    actions.keep_zalo_token(fresh, actor=system("worker"), at=at)


@app.task(name="notices.play_reports", retry=RETRY)
def play_reports(way: str, reference: str) -> None:
    """What the stand-in has to tell of a message it took, by the same way as a real partner's words."""
    from thongsuot.notices.stand_in import in_this_process, near

    at = clock.now()
    for outcome, said_at in in_this_process().outcomes(way, reference):
        body, headers = near.report(way, reference, outcome, said_at=said_at, at=at)
        try:
            report = way_named(way).read_report(body, headers, at=at)
            if report is not None:
                actions.take_report(way, report, actor=system("worker"), at=at)
        except (UnreadableReport, TellPerson) as refusal:
            log.warning("a report of the stand-in for %s was refused: %s", way, refusal)
