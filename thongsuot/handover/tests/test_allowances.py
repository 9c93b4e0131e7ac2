"""Who receives an allowance goes to the successor they live in; the list of the month of change pays everybody once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from thongsuot.allowances import actions as allowances
from thongsuot.allowances.loading import load_rates
from thongsuot.allowances.models import Beneficiary, Payment, PayRun
from thongsuot.allowances.queries import keeping
from thongsuot.allowances.queries import runs as paying
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.tests.make import a_row, as_csv, number_of
from thongsuot.handover import actions, running
from thongsuot.handover.models import Transfer
from thongsuot.handover.queries import transfers as queries
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, MIDNIGHT, OLD, Eve, decide, make_eve, open_for, plan_and_run
from thongsuot.kernel.history import faults
from thongsuot.kernel.remember import forget_all

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "98101": ["12 phố Bến, phường Bến"],
    "98102": ["thôn Thượng, phường Chợ, quận Giữa", "số 5 phố Hạ, phường Chợ", "số 9, phường Chợ, quận Giữa"],
    "98103": ["số 1, phường Đình"],
    "98104": ["phường Gò"],
}
EACH = 12  # of every address


def make_paying_eve() -> Eve:
    eve = make_eve()
    load_rates(at=JUNE)
    where = [(code, address) for code in OLD for address in ADDRESSES[code] for _ in range(EACH)]
    rows = [a_row(place, unit=code, address=address) for place, (code, address) in enumerate(where, start=1)]
    sent = allowances.send_file(
        as_csv(rows), name="06-2025.csv", unit_id=eve.city.pk, month=date(2025, 6, 1), actor=HOUSE, at=JUNE
    )
    allowances.read_file(sent.pk, actor=HOUSE, at=JUNE)
    allowances.start_import(sent.pk, actor=HOUSE, at=JUNE)
    assert allowances.store_import(sent.pk, actor=HOUSE, at=JUNE).stored == len(where) == 6 * EACH
    return eve


@pytest.fixture(scope="module")
def begins_with() -> Callable[[], Eve]:
    return make_paying_eve


def july(eve: Eve, at: datetime) -> PayRun:
    run = allowances.open_run(eve.city.pk, month=date(2025, 7, 1), actor=HOUSE, at=at)
    run = allowances.freeze_run(run.pk, actor=HOUSE, at=at)
    return run if run.placed_at else allowances.place_lines(run.pk, actor=HOUSE, at=at)


def by_code(eve: Eve, rows) -> dict[str | None, int]:
    codes = {pk: code for code, pk in eve.units.items()}
    found: dict[str | None, int] = {}
    for unit_id in rows:
        code = codes.get(unit_id)
        found[code] = found.get(code, 0) + 1
    return found


def test_each_goes_by_address_and_the_unclear_to_a_person_and_nobody_is_lost(eve):
    changeover = open_for(decide(eve))

    plan_and_run(changeover)

    units = Beneficiary.objects.values_list("unit_id", flat=True)
    assert by_code(eve, units) == {"98001": 2 * EACH, "98002": 3 * EACH, "98102": EACH}
    assert queries.reconcile(changeover).good
    labels = Transfer.objects.filter(kind="allowances.roll").values_list("label", flat=True)
    assert all(label.startswith("TC-") for label in labels)
    assert set(Transfer.objects.filter(kind="allowances.roll").values_list("about", flat=True)) == {""}  # no group, no illness
    assert not list(faults())


def test_july_is_paid_by_the_old_list_and_the_units_make_the_city_in_the_end(eve):
    changeover = open_for(decide(eve))
    run = july(eve, MIDNIGHT)
    assert by_code(eve, Payment.objects.values_list("unit_id", flat=True)) == {
        "98101": EACH,
        "98102": 3 * EACH,
        "98103": EACH,
        "98104": EACH,
    }
    assert check(run).undecided == EACH

    plan_and_run(changeover)
    waiting = Transfer.objects.filter(changeover=changeover, kind="allowances.roll", to_unit=None)
    actions.choose(
        changeover.pk, list(waiting.values_list("pk", flat=True)), to_unit_id=eve.unit("98002"), actor=HOUSE, at=MIDNIGHT
    )
    plan_and_run(changeover)

    found = paying.reconcile(run)
    assert found.adds_up
    assert [(one.code, one.decided, one.sums.lines) for one in found.units] == [
        ("98002", True, 4 * EACH),
        ("98001", True, 2 * EACH),
    ]
    assert sum(one.sums.lines for one in found.units) == run.lines == 6 * EACH
    result = check(run)
    assert (result.undecided, result.twice, result.two_units, result.good) == (0, 0, [], True)
    assert by_code(eve, Payment.objects.values_list("unit_id", flat=True))["98102"] == 3 * EACH  # the old list stays


def test_frozen_before_or_after_the_changeover_the_same_people_are_paid_once(eve):
    changeover = open_for(decide(eve))
    plan_and_run(changeover)

    run = july(eve, JULY)

    lines = Payment.objects.filter(run=run)
    assert lines.values("id_number").distinct().count() == lines.count() == 6 * EACH
    assert check(run).undecided == EACH  # those that wait for a person are paid all the same
    assert by_code(eve, lines.values_list("answering_unit_id", flat=True)) == {"98001": 2 * EACH, "98002": 3 * EACH, None: EACH}


def test_undone_everybody_and_every_line_is_as_before(eve):
    changeover = open_for(decide(eve))
    run = july(eve, MIDNIGHT)

    def rows() -> list[tuple[object, ...]]:
        return [
            *Beneficiary.objects.order_by("pk").values_list("pk", "unit_id"),
            *Payment.objects.filter(run=run).order_by("pk").values_list("pk", "unit_id", "answering_unit_id"),
        ]

    before = rows()
    plan_and_run(changeover)
    assert rows() != before

    running.undo(changeover.pk, actor=HOUSE, now=lambda: MIDNIGHT)

    assert rows() == before
    assert not list(faults())


def test_who_is_still_paid_for_some_months_moves_and_who_stopped_stays(eve):
    stopped, ending = (Beneficiary.objects.get(id_number=number_of(place)) for place in (1, 2))
    allowances.stop_beneficiary(stopped.pk, stop_month=date(2025, 7, 1), reason="died", actor=HOUSE, at=JUNE)
    allowances.stop_beneficiary(ending.pk, stop_month=date(2025, 9, 1), reason="moved", actor=HOUSE, at=JUNE)

    plan_and_run(open_for(decide(eve)))

    stopped.refresh_from_db()
    ending.refresh_from_db()
    assert (stopped.unit_id, ending.unit_id) == (eve.unit("98101"), eve.unit("98001"))


def test_for_whom_a_city_pays_is_asked_of_all_units_at_once(eve, django_assert_max_num_queries):
    """Also once units have ended, and the same as asked one by one."""
    decide(eve)
    forget_all()
    with django_assert_max_num_queries(3):
        found = keeping.paid_units(eve.city.pk, on=JULY.date())
    holders = Beneficiary.objects.values_list("unit_id", flat=True).distinct()
    assert set(found) == {one for one in holders if keeping.paying_city(one, on=JULY.date()) == eve.city.pk}
    assert sorted(found) == sorted(eve.unit(code) for code in OLD)
