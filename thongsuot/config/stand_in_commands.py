"""Stand-ins as servers of their own, on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import TypeVar

from django.conf import settings

from thongsuot.config.terminal import Trouble, say
from thongsuot.kernel import clock

S = TypeVar("S", bound=ThreadingHTTPServer)


def run_notices(port: int) -> None:
    """Until Ctrl-C. What it is sent lies in the data folder; it reports what arrived to the address of THONGSUOT_URL."""
    from thongsuot.notices.stand_in import SAYS, StandIn, data_file
    from thongsuot.notices.stand_in.server import Server

    refuse_in_production()
    with served(lambda: Server(StandIn(data_file(), clock=clock.now), port=port, report_seconds=3), port) as server:
        say(SAYS)
        say(f"Nghe ở (listening on): THONGSUOT_SMS_URL={server.address}/sms THONGSUOT_ZALO_URL={server.address}/zalo")
        say("Nhấn Ctrl-C để dừng. (Ctrl-C stops it.)")


def refuse_in_production() -> None:
    if settings.PRODUCTION and not settings.STAND_INS_IN_PRODUCTION:
        raise Trouble(
            "Bản giả lập không chạy cùng hồ sơ thật. Cần thử: THONGSUOT_STAND_INS_IN_PRODUCTION=1. "
            "(Stand-ins are refused in production.)"
        )


@contextmanager
def served(make: Callable[[], S], port: int) -> Iterator[S]:
    """Said what the block says, it serves until it is interrupted. Raises Trouble when the port is taken."""
    try:
        server = make()
    except OSError as reason:
        raise Trouble(f"Không dùng được cổng {port} ({reason.strerror}). (Port {port} cannot be used.)") from None
    try:
        yield server
        server.serve_forever()
    finally:
        server.server_close()
