"""How the stand-in's bank tells us: at once, twice, later, or not at all, as whoever plays it chose."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson
from thongsuot.payments import receiving
from thongsuot.payments.gateway import Notice
from thongsuot.payments.stand_in import in_this_process

LATE_SECONDS = 60


def tell(notice: Notice, *, times: int = 1) -> None:
    bank = in_this_process().bank
    for _time in range(times):
        headers, body = bank.signed(notice)
        with suppress(TellPerson):  # the log has it; the bank cannot do more
            receiving.take(headers, body, now=clock.now())


def tell_later(notice: Notice) -> None:
    from thongsuot.payments.tasks import tell_late

    tell_late.configure(schedule_in={"seconds": LATE_SECONDS}).defer(notice=msgspec.json.encode(notice).decode())


def tell_again(notice: str) -> None:
    tell(msgspec.json.decode(notice, type=Notice))
