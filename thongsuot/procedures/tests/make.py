"""Procedures for tests of any capability, made by the real commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from thongsuot.kernel.actor import system
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.procedures import actions, rules
from thongsuot.procedures.content import FeeRule, LegalBasis, Paper, ResultPaper, Step, Subject
from thongsuot.procedures.models import Competence, ProcedureVersion

LAW = LegalBasis(title="Nghị định 118/2025/NĐ-CP", effective_on=date(2025, 7, 1))
BEGINNING = date(2025, 7, 1)
THREE_DAYS = Limit(3, LimitUnit.WORKING_DAYS)
MADE_AT = datetime(2025, 7, 1, 1, 0, tzinfo=UTC)
HOUSE = system("cli")


def make_draft(
    *,
    name: str = "Cấp giấy thử nghiệm",
    field: str = "Thử nghiệm",
    limit: Limit = THREE_DAYS,
    steps: Sequence[Step] = (),
    papers: Sequence[Paper] = (),
    fee_rules: Sequence[FeeRule] = (),
    channels: frozenset[int] = frozenset({1, 2, 3}),
    **more: Any,
) -> rules.Draft:
    """A draft that can be published; `more`: any other part of `rules.Draft`."""
    more = {
        "legal_basis": [LAW],
        "subjects": frozenset({Subject.CITIZEN}),
        "results": [ResultPaper(code="KQ", name="Giấy thử nghiệm")],
        **more,
    }
    return rules.Draft(
        name=name, field=field, limit=limit, steps=steps, papers=papers, fee_rules=fee_rules, channels=channels, **more
    )


def make_procedure(
    code: str = "9.000001",
    *,
    valid_from: date = BEGINNING,
    city_id: int | None = None,
    competence: str = "decentralised",
    competent_until: date | None = None,
    **draft: Any,
) -> ProcedureVersion:
    """A published version. With `city_id` every commune of that city is competent from the same day."""
    version = actions.publish_version(
        code, draft=make_draft(**draft), valid_from=valid_from, city_id=city_id or 0, actor=HOUSE, at=MADE_AT
    )
    if city_id is not None and not Competence.objects.filter(procedure_id=version.procedure_id, city_id=city_id).exists():
        make_competence(code, city_id=city_id, valid_from=valid_from, kind=competence, valid_to=competent_until)
    return version


def make_competence(code: str, *, city_id: int, valid_from: date = BEGINNING, **more: Any) -> Competence:
    return actions.grant_competence(
        code,
        city_id=city_id,
        kind=more.pop("kind", "decentralised"),
        basis=more.pop("basis", "Quyết định 01/2025/QĐ-UBND"),
        valid_from=valid_from,
        actor=HOUSE,
        at=MADE_AT,
        **more,
    )
