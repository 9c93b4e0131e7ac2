"""July 2025: the list of the old communes pays everybody once, and every line has a unit that answers for it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from thongsuot.allowances import actions
from thongsuot.allowances.models import Beneficiary, Payment
from thongsuot.allowances.queries import runs as queries
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.tests.make import WORKER, a_row, imported, lines_of
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)
EVE = datetime(2025, 6, 25, 9, tzinfo=VIET_NAM)
MIDNIGHT = datetime(2025, 7, 1, 0, 5, tzinfo=VIET_NAM)
MANY = 300


@pytest.fixture
def old_lists(office):
    """Of phường Bến, which went whole to Sông, and phường Chợ, which was split: a third of it says where it went."""
    rows = [
        a_row(place, unit="98101", address=f"Số {place}, phường Bến")
        if place % 2
        else a_row(place, unit="98102", address="phường Đồi" if place % 3 else f"Số {place}, phường Chợ, quận Giữa")
        for place in range(1, MANY + 1)
    ]
    done = imported(office, rows, unit_id=office.city.city.pk, month=JUNE, at=EVE)
    assert done.stored == MANY
    return office


def test_july_is_paid_by_the_old_lists_once_each_and_the_units_make_the_city(old_lists):
    old = {unit.pk for unit in Unit.objects.filter(code__in=["98101", "98102"])}
    run = actions.open_run(old_lists.city.city.pk, month=JULY, actor=old_lists.actor("an", MIDNIGHT), at=MIDNIGHT)
    frozen = actions.freeze_run(run.pk, actor=old_lists.actor("an", MIDNIGHT), at=MIDNIGHT)
    assert (frozen.lines, frozen.placed_at) == (MANY, None)

    run = actions.place_lines(run.pk, actor=WORKER, at=MIDNIGHT)

    lines = Payment.objects.filter(run=run)
    assert set(lines.values_list("unit_id", flat=True)) == old
    assert lines.values("id_number").distinct().count() == lines.count() == Beneficiary.objects.count() == MANY
    answering = list(lines.values_list("answering_unit_id", flat=True))
    assert [answering.count(unit) for unit in (old_lists.river, old_lists.hill, None)] == [150, 100, 50]
    found = check(run)
    assert (found.sum_of_units, found.dong_of_units) == (found.lines, found.total_dong) == (MANY, MANY * 750_000)
    assert (found.undecided, found.twice, found.two_units, found.good) == (50, 0, [], True)
    reconciled = queries.reconcile(run)
    assert reconciled.adds_up
    assert [(one.code, one.decided, one.sums.lines) for one in reconciled.units] == [
        ("98102", False, 50),
        ("98002", True, 100),
        ("98001", True, 150),
    ]


def test_what_nobody_decided_is_paid_all_the_same_and_the_payer_reads_the_old_units_name(old_lists):
    an, binh = old_lists.actor("an", MIDNIGHT), old_lists.actor("binh", MIDNIGHT)
    run = actions.open_run(old_lists.city.city.pk, month=JULY, actor=an, at=MIDNIGHT)
    actions.freeze_run(run.pk, actor=an, at=MIDNIGHT)
    actions.place_lines(run.pk, actor=WORKER, at=MIDNIGHT)
    actions.approve_run(run.pk, actor=binh, at=MIDNIGHT)

    batches = actions.make_batches(run.pk, actor=an, at=MIDNIGHT)

    assert sum(batch.lines for batch in batches) == MANY
    assert {line["Đơn vị"] for batch in batches for line in lines_of(batch)} == {"Phường Bến", "Phường Chợ"}


def test_the_lists_are_frozen_again_in_august_and_nobody_is_lost_between(old_lists):
    an, binh = old_lists.actor("an", MIDNIGHT), old_lists.actor("binh", MIDNIGHT)
    for month in (JULY, date(2025, 8, 1)):
        run = actions.open_run(old_lists.city.city.pk, month=month, actor=an, at=MIDNIGHT)
        actions.freeze_run(run.pk, actor=an, at=MIDNIGHT)
        actions.place_lines(run.pk, actor=WORKER, at=MIDNIGHT)
        run = actions.approve_run(run.pk, actor=binh, at=MIDNIGHT)
    found = check(run)

    assert (found.missing, found.new, found.before) == ([], 0, JULY)


def test_who_came_to_a_successor_is_answered_for_by_that_one(old_lists):
    """The changeover ran between the freeze and the look: where people are now decides."""
    an = old_lists.actor("an", MIDNIGHT)
    run = actions.open_run(old_lists.city.city.pk, month=JULY, actor=an, at=MIDNIGHT)
    actions.freeze_run(run.pk, actor=an, at=MIDNIGHT)
    split = Unit.objects.get(code="98102")
    Beneficiary.objects.filter(unit=split).update(unit=old_lists.city.hill)  # as the holdings do

    actions.place_lines(run.pk, actor=WORKER, at=MIDNIGHT)

    answering = Payment.objects.filter(run=run, unit=split).values_list("answering_unit_id", flat=True).distinct()
    assert list(answering) == [old_lists.hill]
    assert units.unit_row(split.pk, as_of=JULY).full_name == "Phường Chợ"
