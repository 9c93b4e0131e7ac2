"""Thành phố Ví Dụ on the eve: one quận with four old wards at work, and the decision that makes two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import FIVE_DAYS, PAPERS, STEPS
from thongsuot.handover import actions, running
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries.inventory import begins, without_seal
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.procedures.models import ProcedureVersion
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.units import actions as units
from thongsuot.units import loading, queries, rules
from thongsuot.units.facts import (
    CountryFacts,
    NameFact,
    PlanFacts,
    PlannedSuccessionFact,
    PlannedUnitFact,
    UnitFact,
)
from thongsuot.units.models import Body, Decision, Unit
from thongsuot.units.tests.make import BEFORE, DAYS, THE_DAY

HOUSE = system("cli")
JUNE = datetime(2025, 6, 25, 9, tzinfo=VIET_NAM)
MIDNIGHT = datetime(2025, 7, 1, 0, 5, tzinfo=VIET_NAM)
JULY = datetime(2025, 7, 1, 9, tzinfo=VIET_NAM)
OLD = {"98101": "Bến", "98102": "Chợ", "98103": "Đình", "98104": "Gò"}
NEW = {"98001": "Sông", "98002": "Đồi"}
# Bến whole to Sông; Chợ split: thôn Thượng to Sông, thôn Hạ to Đồi; Đình whole to Đồi; of Gò only land went to Sông.
PAIRS = (
    PlannedSuccessionFact(old_code="98101", new_code="98001", extent="whole"),
    PlannedSuccessionFact(old_code="98102", new_code="98001", extent="part", likeliest=True, places=("thôn Thượng",)),
    PlannedSuccessionFact(old_code="98102", new_code="98002", extent="part", places=("thôn Hạ", "phố Hạ", "tổ 05")),
    PlannedSuccessionFact(old_code="98103", new_code="98002", extent="whole"),
    PlannedSuccessionFact(old_code="98104", new_code="98001", extent="land_only"),
    PlannedSuccessionFact(old_code="98104", new_code="98002", extent="part_land_all_population"),
)


def make_plan(
    pairs: Sequence[PlannedSuccessionFact] = PAIRS, *, number: str = "1/NQ-VD", day: date = THE_DAY, new: dict[str, str] = NEW
) -> PlanFacts:
    old = sorted({pair.old_code for pair in pairs})
    ends = [PlannedUnitFact(what="ends", code=code, level="commune") for code in old]
    if day == THE_DAY:
        ends.append(PlannedUnitFact(what="ends", code="980", level="district"))
    return PlanFacts(
        number=number,
        title="Sắp xếp đơn vị hành chính của Thành phố Ví Dụ",
        signed_on=date(2025, 6, 16),
        effective_on=day,
        province_code="98",
        expected={"phuong": len(new)},
        units=(
            *ends,
            *(
                PlannedUnitFact(what="begins", code=code, level="commune", parent_code="98", kind="phuong", name=name)
                for code, name in new.items()
            ),
        ),
        successions=tuple(pairs),
    )


@dataclass
class Eve:
    """The city before the day: `units` by code, `version` of the one procedure, `people` by unit code."""

    city: Unit
    version: ProcedureVersion
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, code: str, at: datetime = JUNE) -> Actor:
        return actor_for(self.people[code], at=at)

    def unit(self, code: str) -> int:
        return self.units[code]


def make_eve() -> Eve:
    """Old wards with bodies, identifiers, one officer each who may do all; a procedure since the beginning of the year."""
    queries.clear_caches()

    def unit(code: str, level: str, kind: str, name: str, parent: str) -> UnitFact:
        return UnitFact(
            code=code,
            level=level,
            parent_code=parent,
            valid_from=BEFORE,
            names=(NameFact(kind=kind, name=name, valid_from=BEFORE),),
            identifier="H98" if level == "province" else "",
        )

    facts = CountryFacts(
        source="made up for tests",
        units=(
            unit("98", "province", "thanh_pho_tw", "Ví Dụ", ""),
            unit("980", "district", "quan", "Giữa", "98"),
            *(unit(code, "commune", "phuong", name, "980") for code, name in OLD.items()),
        ),
        days=DAYS,
    )
    loading.load(facts, actor=HOUSE, at=JUNE)
    made = {one.code: one for one in Unit.objects.all()}
    city = made["98"]
    units.set_hours(city.pk, loading.OFFICE_HOURS, valid_from=BEFORE, actor=HOUSE, at=JUNE)
    units.give_identifiers(
        city.pk, {code: f"H98.9.{place}" for place, code in enumerate(OLD, start=1)}, are_examples=True, actor=HOUSE, at=JUNE
    )
    version = make_procedure(
        "9.000001", valid_from=BEFORE, city_id=city.pk, limit=FIVE_DAYS, steps=STEPS, papers=PAPERS, non_boundary=True
    )
    eve = Eve(city=city, version=version, units={code: one.pk for code, one in made.items()})
    for code in OLD:
        staff(eve, code, valid_from=BEFORE, at=JUNE)
    return eve


DUTIES = [
    "receive dossiers",
    "assign dossiers",
    "process dossiers",
    "review dossiers",
    "sign results",
    "issue results",
    "hand back results",
]


def staff(eve: Eve, code: str, *, valid_from: date, at: datetime) -> Person:
    """Bodies of the unit, and an officer of its centre who holds every duty there."""
    unit_id = eve.units[code]
    name = queries.names_of(unit_id)[-1]
    units.set_up_bodies(
        unit_id,
        rules.commune_bodies([NameFact(kind=name.kind, name=name.name, valid_from=valid_from)]),
        actor=HOUSE,
        at=at,
    )
    body = Body.objects.filter(unit_id=unit_id, kind="service_centre").latest("pk")
    person = open_account(
        email=f"can-bo.{code}.{unit_id}@vidu.vn",
        full_name=f"Trần Thị {name.name}",
        body_id=body.pk,
        title="Công chức tiếp nhận",
        duties=DUTIES,
        valid_from=valid_from,
        actor=HOUSE,
        at=at,
    )
    eve.people[code] = person
    return person


def receive(eve: Eve, code: str, address: str, *, at: datetime = JUNE, count: int = 1, **changes: object) -> list[Dossier]:
    """Dossiers received by the officer of a unit, of owners who live there."""
    actor = eve.actor(code, at)
    made = []
    for place in range(count):
        intake = dossiers.Intake(
            procedure=eve.version.procedure.code,
            receiving_unit_id=eve.units[code],
            resolving_unit_id=eve.units[code],
            owner=dossiers.Owner(name=f"Hoàng Văn Minh {place}", phone="0912345678", address=address),
            papers=(dossiers.PaperIn(code="giay-chung-nhan"),),
            **changes,
        )
        answer = dossiers.receive_dossier(intake, actor=actor, at=at + timedelta(seconds=place))
        made.append(Dossier.objects.get(pk=answer["id"]))
    return made


def decide(eve: Eve, plan: PlanFacts | None = None, *, at: datetime = JUNE) -> Decision:
    """Draft, check and approve a decision; its new units get bodies and people for their first day."""
    plan = plan or make_plan()
    decision = units.draft_decision(plan, actor=HOUSE, at=at)
    faults = units.check_decision(decision.pk, actor=HOUSE, at=at)
    assert not faults, faults
    units.approve_decision(decision.pk, actor=HOUSE, at=at)
    begun = [one.code for one in plan.units if one.what == "begins"]
    for one in Unit.objects.filter(code__in=begun, valid_from=plan.effective_on):
        eve.units[one.code] = one.pk
    units.give_identifiers(
        eve.city.pk,
        {code: f"H98.{place}" for place, code in enumerate(begun, start=plan.effective_on.toordinal() % 10_000)},
        are_examples=True,
        actor=HOUSE,
        at=at,
    )
    for code in begun:
        staff(eve, code, valid_from=plan.effective_on, at=at)
    return decision


def open_for(decision: Decision, *, at: datetime = JUNE) -> Changeover:
    return actions.open_changeover(decision.pk, actor=HOUSE, at=at)


def give_seals(changeover: Changeover, *, at: datetime = JUNE) -> None:
    """Every unit that begins has its own."""
    for unit_id in sorted(without_seal(changeover, begins(changeover))):
        actions.note_new_seal(
            changeover.pk,
            unit_id=unit_id,
            kind="Dấu ướt",
            registration=str(unit_id),
            received_on=at.date(),
            actor=HOUSE,
            at=at,
        )


def give_go(changeover: Changeover, *, at: datetime = JUNE) -> None:
    give_seals(changeover, at=at)
    actions.give_go(changeover.pk, basis="Kết luận số 1", actor=HOUSE, at=at)


def plan_and_run(changeover: Changeover, *, at: datetime = MIDNIGHT) -> Changeover:
    if Changeover.objects.get(pk=changeover.pk).go_at is None:
        give_go(changeover)
    planned = actions.plan(changeover.pk, actor=HOUSE, at=at)
    return running.run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, now=lambda: at)
