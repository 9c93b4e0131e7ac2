"""The national portal on the command line: its stand-in, and the reconciliation of a day."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from thongsuot.config.terminal import Trouble, say
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system


def run_stand_in(port: int) -> None:
    """Until Ctrl-C. What it is told lies in the data folder. Refused in production unless someone has said so."""
    from thongsuot.config.rehearsal import follow_what_is_played
    from thongsuot.config.stand_in_commands import refuse_in_production, served
    from thongsuot.national_portal.stand_in import StandIn, data_file
    from thongsuot.national_portal.stand_in.core import SAYS
    from thongsuot.national_portal.stand_in.server import Server

    refuse_in_production()
    follow_what_is_played()
    with served(lambda: Server(StandIn(data_file(), clock=clock.now), port=port), port) as server:
        say(SAYS)
        say(f"Nghe ở (listening on): {server.address}  THONGSUOT_PORTAL={server.address}")
        say(f"Đang có gì (what it has): {server.address}/records. Nhấn Ctrl-C để dừng. (Ctrl-C stops it.)")


def reconcile_day(day: date | None, *, resend: bool) -> None:
    """Say where the two differ; with `resend` tell the portal again. What still waits in the queue is no difference.

    Raises Trouble when they differ and nothing was done, or nothing can be: the portal has what is not here.
    """
    from thongsuot.national_portal.actions import mend
    from thongsuot.national_portal.portal import Refused, Unreachable, chosen
    from thongsuot.national_portal.reconcile import reconcile

    portal = chosen()
    if portal is None:
        raise Trouble("Chưa nối với Cổng: đặt THONGSUOT_PORTAL. (No portal is set.)")
    now = clock.now()
    try:
        found = reconcile(portal, day or timezone.localdate(now))
    except Unreachable as trouble:
        raise Trouble(f"Không hỏi được Cổng: {trouble.fault}. (The portal does not answer.)") from None
    except Refused as no:
        raise Trouble(f"Cổng không trả lời: mã {no.answer.error_code}. (The portal refused.)") from None
    say(f"{found.day}: ở đây {found.ours}, ở Cổng {found.theirs}, khớp {found.agreeing} (ours, theirs, agreeing)")
    for one in found.differences:
        say(f"  {one.kind:<8} {one.code}  {one.ours or '-'} / {one.theirs or '-'}  {one.words}")
    if resend:
        count = mend(found, actor=system("cli"), at=now)
        say(f"Đã xếp {count} hồ sơ để báo lại. (Put back into the queue.)")
    if found.unknown:
        raise Trouble(f"{found.unknown} hồ sơ chỉ có ở Cổng; cần người xem. (The portal has some that are not here.)")
    if found.to_mend and not resend:
        raise Trouble(f"{len(found.to_mend)} hồ sơ lệch; --resend để báo lại. (They differ: --resend tells them again.)")
