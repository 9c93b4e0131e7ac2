"""The portal on the command line: its stand-in is refused beside real dossiers, a day is reconciled and told again."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from thongsuot.config import portal_commands
from thongsuot.config.terminal import Trouble
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import MONDAY, receive
from thongsuot.kernel import clock
from thongsuot.national_portal import portal
from thongsuot.national_portal.models import Lane
from thongsuot.national_portal.tests.make import wired


def test_the_stand_in_is_refused_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(Trouble, match="THONGSUOT_STAND_INS_IN_PRODUCTION"):
        portal_commands.run_stand_in(0)


def test_a_taken_port_is_a_sentence(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Trouble, match="Không dùng được cổng"):
            portal_commands.run_stand_in(taken.getsockname()[1])


def test_a_day_is_reconciled_and_told_again(db, monkeypatch, capsys):
    wire = wired()
    gone = receive(wire.town)
    wire.settle()
    wire.stand_in.forget_dossier(gone.code)
    monkeypatch.setattr(portal, "chosen", lambda: wire.portal)

    with pytest.raises(Trouble, match="--resend"):
        portal_commands.reconcile_day(MONDAY.date(), resend=False)
    assert gone.code in capsys.readouterr().out
    portal_commands.reconcile_day(MONDAY.date(), resend=True)
    assert Lane.objects.get(pk=gone.pk).state == "waiting"
    portal_commands.reconcile_day(MONDAY.date(), resend=False)  # it waits: no difference
    assert "queued" in capsys.readouterr().out
    wire.clock.now = clock.now()  # the command has the real one
    wire.settle()
    Dossier.objects.filter(pk=gone.pk).update(received_at=MONDAY - timedelta(days=1))
    for resend in (False, True):
        with pytest.raises(Trouble, match="chỉ có ở Cổng"):
            portal_commands.reconcile_day(MONDAY.date(), resend=resend)
    wire.stand_in.mischief.plan(["hang"])
    with pytest.raises(Trouble, match="timeout"):
        portal_commands.reconcile_day(MONDAY.date(), resend=False)
    monkeypatch.setattr(portal, "chosen", lambda: None)
    with pytest.raises(Trouble, match="THONGSUOT_PORTAL"):
        portal_commands.reconcile_day(MONDAY.date(), resend=False)
