"""A decision put right: its head, its lines, a file sent again; withdrawn and drafted anew; others built upon it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.units import actions, loading, queries, sheets
from thongsuot.units.facts import PlannedUnitFact
from thongsuot.units.models import Decision, ServicePoint, Unit, UnitName
from thongsuot.units.tests.make import THE_DAY
from thongsuot.units.tests.test_reorganising import (
    GOOD,
    HOUSE,
    JUNE,
    STANDING,
    a_plan,
    approved,
    begins,
    ends,
    eve,  # noqa: F401 - a fixture
    pair,
)

SEPTEMBER = date(2025, 9, 1)


def head(**changes: object):
    return replace(GOOD, units=(), successions=(), **changes)


def test_head_and_lines_of_a_draft_do_not_wipe_each_other(eve):  # noqa: F811
    actions.draft_decision(head(title="Sắp xếp thật", expected={"phuong": 2}), actor=HOUSE, at=JUNE)
    actions.draft_decision(replace(GOOD, title="", signed_on=None), actor=HOUSE, at=JUNE)
    found = Decision.objects.get()
    assert (found.title, found.expected, found.signed_on) == ("Sắp xếp thật", {"phuong": 2}, GOOD.signed_on)
    actions.draft_decision(head(title="Tên khác", expected={"phuong": 3}), actor=HOUSE, at=JUNE)
    found.refresh_from_db()
    assert (found.title, found.planned_units.count(), found.planned_successions.count()) == ("Tên khác", 5, 3)
    assert [fault.key for fault in actions.check_decision(found.pk, actor=HOUSE, at=JUNE)] == ["count"]


def test_lines_that_could_not_be_used_hold_it_up_until_somebody_looked(eve):  # noqa: F811
    text = sheets.written([GOOD], STANDING)
    broken = text.replace(",part,,", ",phan,,", 1)
    sheet = sheets.read(broken.encode(), queries.surroundings)
    assert (len(sheet.bad), sheet.plans[0].left_out) == (1, 1)
    draft = actions.draft_decision(sheet.plans[0], actor=HOUSE, at=JUNE)
    assert "left_out" in {fault.key for fault in actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)}
    actions.accept_left_out(draft.pk, actor=HOUSE, at=JUNE)
    assert "left_out" not in {fault.key for fault in actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)}
    again = sheets.read(text.encode(), queries.surroundings).plans[0]
    draft = actions.draft_decision(again, actor=HOUSE, at=JUNE)
    assert (draft.left_out, actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)) == (0, [])


def test_withdrawn_it_is_drafted_anew_under_its_number_also_after_a_city_was_loaded(eve):  # noqa: F811
    decision = approved()
    loading.load_city("98", at=JUNE)
    assert ServicePoint.objects.filter(unit__code="98001").exists()
    actions.withdraw_decision(decision.pk, reason="Sai một cặp", actor=HOUSE, at=JUNE)
    assert not Unit.objects.filter(code="98001").exists()
    again = approved()
    assert (again.pk, again.state) == (decision.pk, Decision.State.APPROVED)
    assert Unit.objects.filter(code="98001", valid_from=THE_DAY).count() == 1


def renames(code: str, name: str, number: str, day: date):
    return a_plan(
        (PlannedUnitFact(what="changes", code=code, level="commune", kind="xa", name=name),), (pair(code, code),), number=number
    ), day


def rename(code: str, name: str, *, number: str, day: date) -> Decision:
    plan, _day = renames(code, name, number, day)
    return approved(replace(plan, successions=(), effective_on=day))


def test_what_others_build_upon_is_not_withdrawn_before_them(eve):  # noqa: F811
    first = approved()
    second = rename("98001", "Sông Mới", number="2/NQ-VD", day=SEPTEMBER)
    third = rename("98001", "Sông Cũ", number="3/NQ-VD", day=SEPTEMBER + timedelta(days=30))
    for one in (first, second):
        with pytest.raises(actions.DecisionBuiltUpon):
            actions.withdraw_decision(one.pk, reason="x", actor=HOUSE, at=JUNE)
    for one in (third, second, first):
        actions.withdraw_decision(one.pk, reason="x", actor=HOUSE, at=JUNE)
    assert set(UnitName.objects.filter(valid_to=None).values_list("unit__code", flat=True)) == set(STANDING)


def test_a_change_between_two_that_are_approved_is_refused_before_it_breaks_a_period(eve):  # noqa: F811
    rename("98101", "Bến Mới", number="2/NQ-VD", day=SEPTEMBER)
    draft = actions.draft_decision(GOOD, actor=HOUSE, at=JUNE)
    assert ("changes_later", "98101") in {
        (fault.key, fault.about) for fault in actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)
    }


def test_a_code_that_begins_later_is_not_given_twice(eve):  # noqa: F811
    approved(replace(GOOD, number="9/NQ-VD", effective_on=SEPTEMBER))
    early = a_plan((*ends("98101"), begins("98001", "Khác")), (pair("98101", "98001"),))
    draft = actions.draft_decision(early, actor=HOUSE, at=JUNE)
    found = {(fault.key, fault.about) for fault in actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)}
    assert ("begins_later", "98001") in found


def test_a_mistyped_old_unit_goes_with_its_pair(eve):  # noqa: F811
    draft = actions.draft_decision(GOOD, actor=HOUSE, at=JUNE)
    actions.put_planned_unit(draft.pk, ends("98777")[0], actor=HOUSE, at=JUNE)
    wrong = actions.put_planned_succession(draft.pk, pair("98777", "98001"), actor=HOUSE, at=JUNE)
    actions.drop_planned_succession(wrong.pk, actor=HOUSE, at=JUNE)
    assert actions.check_decision(draft.pk, actor=HOUSE, at=JUNE) == []


def test_nobody_takes_over_the_draft_of_another_province(eve):  # noqa: F811
    actions.draft_decision(replace(GOOD, province_code=""), actor=HOUSE, at=JUNE)
    city = Actor(person_id=None, name="Quân", post="", duties={"manage units": frozenset({eve.pk})})
    with pytest.raises(NotYourDuty):
        actions.draft_decision(GOOD, actor=city, at=JUNE)
