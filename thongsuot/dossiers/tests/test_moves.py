"""Random legal and illegal moves: whatever people press, in whatever order, what must always hold holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from thongsuot.dossiers import actions, rules
from thongsuot.dossiers.models import Carriage, Dossier, PaperDebt, Pause, Result, Status, StepRun
from thongsuot.dossiers.queries.leading import fold_tally, unit_figures
from thongsuot.dossiers.tests.make import MONDAY, PDF, Town, a_file, an_intake, make_town
from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.history import faults, seal_history
from thongsuot.kernel.models import Event
from thongsuot.numbering.models import Series
from thongsuot.procedures.rules import DUTIES

# Half of the presses come from someone who may do everything: otherwise most would end at the duties.
WHO = st.one_of(st.just("all"), st.sampled_from(["lan", "toan", "tam", "viet", "hanh", "thu", "doi", "owner", "nobody"]))
STEP_KEYS = st.sampled_from(["tiep-nhan", "phan-cong", "tham-dinh", "soat", "ky", "vao-so", "tra", "khong-co"])


class Moves(RuleBasedStateMachine):
    """A few dossiers, everyone pressing everything. Each press is one command; a refusal must leave no trace."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.at = MONDAY
        self.ids: list[int] = []
        self.last_status: dict[int, int] = {}

    def press(self, run) -> None:
        before = (
            Event.objects.count(),
            list(Dossier.objects.order_by("pk").values_list("pk", "status", "due_at", "step_no", "assignee_id")),
        )
        try:
            with transaction.atomic():
                run()
        except TellPerson as refusal:
            assert refusal.message()
            after = (
                Event.objects.count(),
                list(Dossier.objects.order_by("pk").values_list("pk", "status", "due_at", "step_no", "assignee_id")),
            )
            assert after == before
        else:
            assert Event.objects.count() > before[0]

    def actor(self, who: str, dossier_id: int) -> Actor:
        if who == "all":
            units = frozenset({self.town.river, self.town.hill})
            return Actor(person_id=self.town.people["lan"].pk, name="Mọi nhiệm vụ", duties=dict.fromkeys(DUTIES, units))
        if who == "owner":
            return Actor(person_id=None, name="Chủ hồ sơ", owns=frozenset({("dossiers.dossier", dossier_id)}))
        return ANYONE if who == "nobody" else self.town.actor(who, self.at)

    def some(self, pick: int) -> int:
        return self.ids[pick % len(self.ids)] if self.ids else 0

    @rule(minutes=st.sampled_from([1, 30, 240, 1440, 4320]))
    def time_passes(self, minutes):
        self.at += timedelta(minutes=minutes)

    @precondition(lambda self: len(self.ids) < 4)
    @rule(who=st.sampled_from(["lan", "lan", "lan", "doi", "nobody"]), elsewhere=st.booleans())
    def receive(self, who, elsewhere):
        def run() -> None:
            intake = an_intake(self.town, resolving_unit_id=self.town.hill if elsewhere else self.town.river)
            self.ids.append(actions.receive_dossier(intake, actor=self.actor(who, 0), at=self.at)["id"])

        self.press(run)

    @precondition(lambda self: len(self.ids) < 4)
    @rule()
    def file_online(self):
        def run() -> None:
            draft = actions.start_draft("9.000001", unit_id=self.town.river, actor=ANYONE, at=self.at)
            actions.add_draft_file(draft.code, "giay-chung-nhan", PDF, name="giay.pdf", actor=ANYONE, at=self.at)
            actions.save_page(
                draft.code,
                "lien-he",
                {"owner": {"name": "Minh", "phone": "0912345678"}, "return_by": "counter"},
                actor=ANYONE,
                at=self.at,
            )
            self.ids.append(actions.submit_draft(draft.code, actor=ANYONE, at=self.at).pk)

        self.press(run)

    @rule(who=WHO, pick=st.integers(0, 3))
    def accept(self, who, pick):
        self.press(lambda: actions.accept_submission(self.some(pick), actor=self.actor(who, self.some(pick)), at=self.at))

    @rule(who=WHO, pick=st.integers(0, 3), step=STEP_KEYS, to=st.sampled_from([None, "toan", "tam", "lan"]))
    def forward(self, who, pick, step, to):
        person = self.town.people[to].pk if to else None
        self.press(
            lambda: actions.forward(
                self.some(pick), step_key=step, to_person=person, actor=self.actor(who, self.some(pick)), at=self.at
            )
        )

    @rule(pick=st.integers(0, 3))
    def whoever_has_it_goes_on(self, pick):
        """The legal next step, so that lives become long."""
        dossier = Dossier.objects.filter(pk=self.some(pick)).first()
        if dossier is None or dossier.step_no is None:
            return
        run = StepRun.objects.get(dossier=dossier, finished_at=None)
        who = {
            "receive dossiers": "lan",
            "assign dossiers": "viet",
            "process dossiers": "toan",
            "review dossiers": "viet",
            "sign results": "hanh",
            "issue results": "thu",
            "hand back results": "lan",
        }[run.duty]
        if run.duty == "process dossiers":
            drafter = self.actor(who, 0)
            file_id = a_file(by=drafter)
            self.press(lambda: actions.draft_result(dossier.pk, title="Giấy", file_id=file_id, actor=drafter, at=self.at))
        if run.duty == "hand back results":
            self.press(lambda: actions.hand_back(dossier.pk, handed_to="Minh", actor=self.actor(who, 0), at=self.at))
        else:
            to = self.town.people["toan"].pk if run.duty == "assign dossiers" else None
            self.press(
                lambda: actions.forward(dossier.pk, step_key=run.step_key, to_person=to, actor=self.actor(who, 0), at=self.at)
            )

    @rule(who=WHO, pick=st.integers(0, 3), step=STEP_KEYS, to=STEP_KEYS)
    def give_back(self, who, pick, step, to):
        self.press(
            lambda: actions.return_step(
                self.some(pick), step_key=step, to_step=to, reason="sai", actor=self.actor(who, self.some(pick)), at=self.at
            )
        )

    @rule(who=WHO, pick=st.integers(0, 3), items=st.sampled_from([[], ["A"], ["A", "B"]]))
    def ask_supplement(self, who, pick, items):
        self.press(
            lambda: actions.request_supplement(self.some(pick), items=items, actor=self.actor(who, self.some(pick)), at=self.at)
        )

    @rule(who=WHO, pick=st.integers(0, 3))
    def supplement(self, who, pick):
        self.press(
            lambda: actions.complete_supplement(
                self.some(pick), papers=(), answer="đã có", actor=self.actor(who, self.some(pick)), at=self.at
            )
        )

    @rule(who=WHO, pick=st.integers(0, 3), confirm=st.booleans())
    def payment(self, who, pick, confirm):
        dossier_id, actor = self.some(pick), self.actor(who, self.some(pick))
        if confirm:
            self.press(lambda: actions.confirm_payment(dossier_id, actor=actor, at=self.at))
        else:
            self.press(lambda: actions.request_payment(dossier_id, reason="thuế", actor=actor, at=self.at))

    @rule(who=WHO, pick=st.integers(0, 3), days=st.integers(-5, 40))
    def reappoint(self, who, pick, days):
        self.press(
            lambda: actions.reappoint(
                self.some(pick),
                new_at=self.at + timedelta(days=days),
                reason="chậm",
                actor=self.actor(who, self.some(pick)),
                at=self.at,
            )
        )

    @rule(who=WHO, pick=st.integers(0, 3), way=st.sampled_from(["withdraw", "stop", "refuse"]), sure=st.booleans())
    def leave(self, who, pick, way, sure):
        if not sure:  # endings are rarer, or no life would be long
            return
        dossier_id, actor = self.some(pick), self.actor(who, self.some(pick))
        run = {
            "withdraw": lambda: actions.withdraw(dossier_id, actor=actor, at=self.at),
            "stop": lambda: actions.stop(dossier_id, reason="x", actor=actor, at=self.at),
            "refuse": lambda: actions.refuse_submission(dossier_id, reasons=["x"], actor=actor, at=self.at),
        }[way]
        self.press(run)

    @rule(who=WHO, pick=st.integers(0, 3), back=st.booleans())
    def partner(self, who, pick, back):
        """Legs: taken over or given back. In a process of one agency, or by others, refused."""
        dossier_id, actor = self.some(pick), self.actor(who, self.some(pick))
        if back:
            self.press(lambda: actions.return_leg(dossier_id, reason="thiếu", actor=actor, at=self.at))
        else:
            self.press(lambda: actions.take_over_leg(dossier_id, actor=actor, at=self.at))

    @rule(who=WHO, pick=st.integers(0, 3), number=st.sampled_from(["", "1/TB"]), amount=st.sampled_from([-1, 0, 5_000]))
    def notice(self, who, pick, number, amount):
        self.press(
            lambda: actions.issue_payment_notice(
                self.some(pick),
                step_key="tham-dinh",
                number=number,
                amount_dong=amount,
                pay_by=self.at.date() + timedelta(days=30),
                actor=self.actor(who, self.some(pick)),
                at=self.at,
            )
        )

    @rule(sender=st.sampled_from(["river", "hill"]), who=st.sampled_from(["lan", "doi", "nobody"]), late=st.booleans())
    def paper_travels(self, sender, who, late):
        """What is owed is sent, or what is on its way is taken over."""
        here, there = (self.town.river, self.town.hill) if sender == "river" else (self.town.hill, self.town.river)
        under_way = Carriage.objects.filter(received_at=None).first()
        if late and under_way is not None:
            self.press(lambda: actions.receive_papers(under_way.pk, actor=self.actor(who, 0), at=self.at))
            return
        owed = list(PaperDebt.objects.filter(from_unit=here, settled_at=None).values_list("pk", flat=True))
        self.press(lambda: actions.send_papers(owed, from_unit_id=here, to_unit_id=there, actor=self.actor(who, 0), at=self.at))

    @rule(who=WHO, pick=st.integers(0, 3), level=st.integers(0, 6))
    def rate(self, who, pick, level):
        self.press(lambda: actions.rate(self.some(pick), level=level, actor=self.actor(who, self.some(pick)), at=self.at))

    @rule()
    def the_worker_folds_and_seals(self):
        fold_tally()
        seal_history(at=self.at)

    @invariant()
    def every_change_of_status_is_an_allowed_move(self):
        for dossier in Dossier.objects.filter(pk__in=self.ids):
            before = self.last_status.get(dossier.pk)
            if before is not None and before != dossier.status:
                # Issuing passes through 4 on its way from 2 to 9 when the process has one desk step only.
                assert rules.may_move(before, dossier.status)
            self.last_status[dossier.pk] = dossier.status

    @invariant()
    def paper_is_owed_once_and_settled_only_by_what_was_taken_over_or_never_left(self):
        for debt in PaperDebt.objects.select_related("carriage"):
            assert debt.from_unit_id != debt.to_unit_id
            if debt.carriage is not None:
                assert (debt.settled_at is not None) == (debt.carriage.received_at is not None)

    @invariant()
    def clocks_steps_and_endings_agree_with_the_status(self):
        for dossier in Dossier.objects.filter(pk__in=self.ids):
            open_runs = StepRun.objects.filter(dossier=dossier, finished_at=None).count()
            open_pauses = Pause.objects.filter(dossier=dossier, ends_at=None).count()
            assert open_pauses == (dossier.status in rules.PAUSED)
            assert (dossier.ended_at is not None) == (dossier.status in rules.FINAL)
            assert open_runs == (dossier.step_no is not None)
            if dossier.status in rules.FINAL:
                assert open_runs == 0
            if dossier.received_at is not None:
                assert dossier.due_at >= dossier.received_at
                assert dossier.code
            if dossier.status in (Status.RESOLVED, Status.RETURNED):
                assert Result.objects.get(dossier=dossier).number

    def teardown(self):
        assert not list(faults())
        for series in Series.objects.all():
            if series.kind == "dossier":
                numbers = sorted(
                    int(code[-4:])
                    for code in Dossier.objects.filter(
                        resolving_unit_id=series.unit_id, code__contains=f"-{series.bucket}-"
                    ).values_list("code", flat=True)
                )
                assert numbers == list(range(1, series.last + 1))
        figures = unit_figures(
            frozenset({self.town.river, self.town.hill}),
            first=MONDAY.date(),
            last=MONDAY.date() + timedelta(days=400),
            now=self.at,
        )
        assert sum(line.received for line in figures) == Dossier.objects.filter(received_at__isnull=False).count()


@pytest.mark.django_db
def test_whatever_is_pressed_the_invariants_hold():
    town = make_town()

    class Here(Moves):
        def __init__(self) -> None:
            super().__init__()
            self.point = transaction.savepoint()

        def teardown(self):
            try:
                super().teardown()
            finally:
                transaction.savepoint_rollback(self.point)

    Here.town = town
    run_state_machine_as_test(
        Here,
        settings=settings(max_examples=14, stateful_step_count=40, database=None, suppress_health_check=list(HealthCheck)),
    )
