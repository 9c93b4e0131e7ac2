"""The sync at random: people move dossiers, the portal misbehaves, workers die, officers press "send again", in any order."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import receive
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.national_portal import actions, sending
from thongsuot.national_portal.models import Lane
from thongsuot.national_portal.stand_in.mischief import WAYS
from thongsuot.national_portal.tests.make import expected, what_came, wired

HOUSE = system("cli")
pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker is gone."""


class Sync(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.wire = wired()
        self.dossiers: list[int] = []

    def teardown(self):
        try:
            self.wire.stand_in.mischief.script.clear()
            self.wire.stand_in.mischief.refuses.clear()
            for lane in Lane.objects.filter(state="held"):
                actions.resend(lane.pk, actor=HOUSE, at=self.wire.clock())
            for unit_id in (self.wire.town.river, self.wire.town.hill):
                self.switched(actions.switch_on, unit_id)
            self.wire.settle()
            for dossier in Dossier.objects.filter(pk__in=self.dossiers):
                assert what_came(self.wire, dossier) == expected(dossier)
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def switched(self, command, unit_id, **more):
        with suppress(TellPerson):
            command(unit_id, actor=HOUSE, at=self.wire.clock(), **more)

    def one(self, pick) -> Dossier | None:
        return Dossier.objects.get(pk=self.dossiers[pick % len(self.dossiers)]) if self.dossiers else None

    @rule()
    def receive(self):
        self.dossiers.append(receive(self.wire.town, at=self.wire.clock.on(minutes=1)).pk)

    @rule(pick=st.integers(0, 50), what=st.sampled_from(["on", "supplement", "answer", "pay", "paid", "withdraw"]))
    def move(self, pick, what):
        dossier, at = self.one(pick), self.wire.clock.on(minutes=1)
        if dossier is None:
            return
        lan = self.wire.town.actor("lan")
        doer = {0: lan, 1: self.wire.town.actor("viet")}.get(dossier.step_no, self.wire.town.actor("toan"))
        moves = {
            "on": lambda: dossiers.forward(
                dossier.pk,
                step_key="tiep-nhan" if dossier.step_no == 0 else "phan-cong",
                to_person=self.wire.town.people["toan"].pk if dossier.step_no == 1 else None,
                actor=doer,
                at=at,
            ),
            "supplement": lambda: dossiers.request_supplement(dossier.pk, items=["Ảnh"], actor=doer, at=at),
            "answer": lambda: dossiers.complete_supplement(dossier.pk, papers=(), answer="rồi", actor=lan, at=at),
            "pay": lambda: dossiers.request_payment(dossier.pk, reason="Thuế", actor=doer, at=at),
            "paid": lambda: dossiers.confirm_payment(dossier.pk, actor=lan, at=at),
            "withdraw": lambda: dossiers.withdraw(dossier.pk, actor=lan, at=at),
        }
        with suppress(TellPerson), transaction.atomic():
            moves[what]()

    @rule(ways=st.lists(st.sampled_from(["", *WAYS]), max_size=6))
    def misbehave(self, ways):
        self.wire.stand_in.mischief.plan(ways)

    @rule(pick=st.integers(0, 50))
    def refuse(self, pick):
        if dossier := self.one(pick):
            self.wire.stand_in.mischief.refuses[dossier.code] = ("17", "không khớp")

    @rule(pick=st.integers(0, 50))
    def mend_and_resend(self, pick):
        if dossier := self.one(pick):
            self.wire.stand_in.mischief.refuses.pop(dossier.code, None)
            self.switched(actions.resend, dossier.pk)

    @rule(pick=st.integers(0, 50), off=st.booleans())
    def switch(self, pick, off):
        if off:
            self.switched(actions.switch_off, self.wire.town.river, reason="đổi đường truyền")
        else:
            self.switched(actions.switch_on, self.wire.town.river)

    @rule(minutes=st.integers(0, 40))
    def turn(self, minutes):
        self.wire.clock.on(minutes=minutes)
        self.wire.turn()

    @rule()
    def turn_killed(self):
        kept, sending._store = sending._store, self.die
        try:
            with transaction.atomic():
                self.wire.turn()
        except Killed:
            pass
        finally:
            sending._store = kept

    @staticmethod
    def die(*_args, **_more):
        raise Killed

    @invariant()
    def the_portal_has_a_beginning_of_each_history_and_nothing_else(self):
        if hasattr(self, "wire"):
            for dossier in Dossier.objects.filter(pk__in=self.dossiers):
                came = what_came(self.wire, dossier)
                assert came == expected(dossier)[: len(came)]

    @invariant()
    def held_ones_have_a_reason_and_idle_ones_wait_for_nothing(self):
        for lane in Lane.objects.all():
            assert lane.state != "held" or lane.trouble
            assert lane.next_try_at - self.wire.clock() <= timedelta(minutes=38)


def test_whatever_happens_the_portal_reads_each_history_from_its_beginning(db):
    run_state_machine_as_test(
        Sync,
        settings=settings(max_examples=6, stateful_step_count=16, suppress_health_check=list(HealthCheck), derandomize=True),
    )
