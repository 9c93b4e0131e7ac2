"""Queues and counters: set up by whoever runs the point, one field in one queue, nothing closed while somebody waits."""

from __future__ import annotations

from datetime import time

import pytest

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Queue
from thongsuot.counters.queries.hall import hall
from thongsuot.counters.tests.make import DAY, MONDAY, a_counter, a_queue, taken
from thongsuot.counters.tests.test_opening import open_as_usual
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.procedures.models import Field
from thongsuot.procedures.tests.make import make_procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields(office) -> list[str]:
    """Two fields with a procedure each."""
    for number in (1, 2):
        make_procedure(f"9.00000{number}", name=f"Thủ tục {number}", field=f"Lĩnh vực {number}", city_id=office.city.city.pk)
    return list(Field.objects.order_by("name").values_list("code", flat=True))


def test_a_field_split_off_leaves_its_old_queue_and_the_history_says_so(office, fields):
    one, two = fields
    first = a_queue(office, "A", "Tất cả", fields=[one, two])
    second = a_queue(office, "B", "Chứng thực", fields=[two])
    first.refresh_from_db()
    assert (first.fields, second.fields) == ([one], [two])
    assert history_of(second)[0].facts["lost"] == ["A"]

    actions.change_queue(first.pk, name="Tất cả", fields=[one, two], actor=office.actor("hong"), at=MONDAY)
    second.refresh_from_db()
    assert second.fields == []


def test_a_letter_and_a_number_are_of_one_at_a_time(office):
    queue = a_queue(office)
    counter = a_counter(office, queue)
    with pytest.raises(errors.LetterTaken):
        a_queue(office, "a", "Khác")
    with pytest.raises(errors.NumberTaken):
        a_counter(office, queue)

    actions.close_counter(counter.pk, actor=office.actor("hong"), at=MONDAY)
    actions.close_queue(queue.pk, actor=office.actor("hong"), at=MONDAY)
    assert a_counter(office, a_queue(office)).number == 1
    assert len(hall(office.point.pk, on=MONDAY.date()).counters) == 1


def test_numbers_of_a_letter_rise_on_through_a_queue_opened_anew_the_same_day(office):
    queue = a_queue(office)
    ticket = taken(queue, office)
    actions.cancel_ticket(ticket.pk, actor=office.actor("lan"), at=MONDAY)
    actions.close_queue(queue.pk, actor=office.actor("hong"), at=MONDAY)
    assert taken(a_queue(office), office).code == "A 002"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"letter": "Ă"}, "letter"),
        ({"letter": "AB"}, "letter"),
        ({"letter": ""}, "letter"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"fields": ["khong-co"]}, "fields"),
    ],
)
def test_what_a_queue_cannot_be_is_said_beside_its_field(office, changes, field):
    said = {"letter": "A", "name": "Chứng thực", "fields": [], **changes}
    with pytest.raises(BadInput) as refused:
        actions.open_queue(office.point.pk, **said, actor=office.actor("hong"), at=MONDAY)
    assert list(refused.value.problems) == [field]
    assert not Queue.objects.exists()


def test_a_counter_calls_from_queues_of_its_own_point(office):
    elsewhere = office.city.point(office.city.hill)
    other = actions.open_queue(elsewhere.pk, letter="A", name="Khác", fields=[], actor=office.actor("dao"), at=MONDAY)
    for queues in ([], [other.pk], [10**12]):
        with pytest.raises(BadInput) as refused:
            actions.open_counter(office.point.pk, number=1, name="", queues=queues, actor=office.actor("hong"), at=MONDAY)
        assert "queues" in refused.value.problems
    own = a_queue(office)
    for number in (0, 100):
        with pytest.raises(BadInput):
            a_counter(office, own, number=number)


def test_nothing_is_closed_while_somebody_waits_sits_or_is_served(office):
    queue = a_queue(office)
    counter = a_counter(office, queue)
    taken(queue, office)
    hong, lan = office.actor("hong"), office.actor("lan")
    with pytest.raises(errors.StillWaiting):
        actions.close_queue(queue.pk, actor=hong, at=MONDAY)
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.CounterTaken):
        actions.close_counter(counter.pk, actor=hong, at=MONDAY)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.TicketAtCounter):
        actions.get_up(counter.pk, actor=lan, at=MONDAY)


def test_a_counter_with_a_machine_a_thing_or_a_shift_is_not_closed_and_says_which(office):
    """Another with its number would be another: the machine would greet for ever and never ask."""
    open_as_usual(office)
    counter, hong, point = a_counter(office, a_queue(office)), office.actor("hong"), office.point.pk
    device = actions.set_up_device(point, kind="rating", name="Máy 1", counter_id=counter.pk, actor=hong, at=MONDAY).device
    item = actions.add_equipment(
        point, kind="printer", code="MI-01", name="Máy in", counter_id=counter.pk, actor=hong, at=MONDAY
    )
    shift = {"day": (MONDAY + DAY).date(), "starts": time(7, 30), "actor": hong, "at": MONDAY}
    actions.set_shift(point, seats={counter.pk: office.people["lan"].pk}, **shift)
    with pytest.raises(errors.CounterInUse) as refused:
        actions.close_counter(counter.pk, actor=hong, at=MONDAY)
    assert refused.value.named == "Máy 1, MI-01 Máy in, ca trực đã xếp ngày 07/10"
    actions.retire_device(device.pk, actor=hong, at=MONDAY)
    actions.change_equipment(item.pk, state="good", counter_id=None, holder_id=None, actor=hong, at=MONDAY)
    with pytest.raises(errors.CounterInUse):
        actions.close_counter(counter.pk, actor=hong, at=MONDAY)
    actions.set_shift(point, seats={}, **shift)
    assert actions.close_counter(counter.pk, actor=hong, at=MONDAY).valid_to == MONDAY.date()


def test_the_last_counter_of_a_queue_does_not_leave_who_waits_in_it(office):
    first, second = a_queue(office), a_queue(office, "B", "Đất đai")
    counter, hong = a_counter(office, first, second), office.actor("hong")
    taken(second, office)
    with pytest.raises(errors.LastCounter) as refused:
        actions.change_counter(counter.pk, name="", queues=[first.pk], actor=hong, at=MONDAY)
    assert refused.value.letters == "B"
    assert set(counter.queues.all()) == {first, second}
    with pytest.raises(errors.LastCounter):
        actions.close_counter(counter.pk, actor=hong, at=MONDAY)
    actions.change_counter(counter.pk, name="Đổi tên", queues=[second.pk], actor=hong, at=MONDAY)
    a_counter(office, second, number=2)
    actions.change_counter(counter.pk, name="", queues=[first.pk], actor=hong, at=MONDAY)
    assert actions.close_counter(counter.pk, actor=hong, at=MONDAY).valid_to == MONDAY.date()


@pytest.mark.django_db(transaction=True)
def test_of_two_counters_that_leave_a_queue_at_once_one_stays(office):
    first, second = a_queue(office), a_queue(office, "B", "Đất đai")
    counters, hong = [a_counter(office, first, second, number=number) for number in (1, 2)], office.actor("hong")
    taken(second, office)
    faults = at_once(
        *(lambda one=one: actions.change_counter(one.pk, name="", queues=[first.pk], actor=hong, at=MONDAY) for one in counters)
    )
    assert [type(fault) for fault in faults] == [errors.LastCounter]


def test_who_arranges_is_told_what_they_can_do(office):
    counter, hong, lan = a_counter(office, a_queue(office)), office.actor("hong"), office.actor("lan")
    with pytest.raises(errors.NobodyToFree) as nobody:
        actions.get_up(counter.pk, actor=hong, at=MONDAY)
    assert "không có ai ngồi" in nobody.value.message()
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.CounterTaken) as taken_by:
        actions.close_counter(counter.pk, actor=hong, at=MONDAY)
    assert "Hãy cho rời quầy" in taken_by.value.message()


@pytest.mark.parametrize("who", ["lan", "an", "dao"])
def test_only_who_manages_the_counters_of_the_body_that_runs_it(office, who):
    """Lan does not arrange any; the city's centre and another ward do not run this point."""
    with pytest.raises(NotYourDuty):
        actions.open_queue(office.point.pk, letter="A", name="x", fields=[], actor=office.actor(who), at=MONDAY)


def test_no_point_no_queue_no_counter(office):
    hong = office.actor("hong")
    with pytest.raises(NotFound):
        actions.open_queue(10**12, letter="A", name="x", fields=[], actor=hong, at=MONDAY)
    with pytest.raises(NotFound):
        actions.change_queue(10**12, name="x", fields=[], actor=hong, at=MONDAY)
    with pytest.raises(NotFound):
        actions.sit_down(10**12, actor=hong, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_two_queues_that_take_fields_from_each_other_at_once_are_changed_one_after_the_other(office):
    for number in (1, 2):
        make_procedure(f"9.00000{number}", name=f"Thủ tục {number}", field=f"Lĩnh vực {number}", city_id=office.city.city.pk)
    one, two = Field.objects.order_by("name").values_list("code", flat=True)
    first, second = a_queue(office, "A", fields=[one]), a_queue(office, "B", fields=[two])
    hong = office.actor("hong")
    for _each in range(4):
        faults = at_once(
            lambda: actions.change_queue(first.pk, name="A", fields=[one, two], actor=hong, at=MONDAY),
            lambda: actions.change_queue(second.pk, name="B", fields=[one, two], actor=hong, at=MONDAY),
        )
        assert faults == []
        held = sorted(code for queue in Queue.objects.all() for code in queue.fields)
        assert held == sorted([one, two])
