"""How the stand-in's exchange tells us: at once, twice, late, in the wrong order or not at all, as whoever rang chose."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from thongsuot.hotline import exchange, receiving
from thongsuot.hotline.exchange.protocol import Notice
from thongsuot.hotline.stand_in.core import Kept, StandIn
from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson

LATE_SECONDS = 60


def tell(call: Kept, notice: Notice, *, core: StandIn) -> None:
    ends = notice.event == "ended"
    if ends and call.mischief == "lost_end":
        return
    if ends and call.mischief == "late_end":
        from thongsuot.hotline.tasks import tell_late

        tell_late.configure(schedule_in={"seconds": LATE_SECONDS}).defer(notice=msgspec.json.encode(notice).decode())
        return
    for _time in range(2 if call.mischief == "twice" else 1):
        say(notice, core=core)
    if ends and call.mischief == "out_of_order" and call.answered_at is not None:
        old = msgspec.structs.replace(notice, event="held", at=call.answered_at, recording="", recording_type="")
        say(msgspec.structs.replace(old, duration_seconds=None), core=core)


def say(notice: Notice, *, core: StandIn) -> None:
    headers, body = core.signed(notice, key=exchange.secret())
    with suppress(TellPerson):  # the log has it; the exchange cannot do more
        receiving.take(headers, body, now=clock.now())


def tell_again(notice: str) -> None:
    from thongsuot.hotline.stand_in import in_this_process

    say(msgspec.json.decode(notice, type=Notice), core=in_this_process().core)
