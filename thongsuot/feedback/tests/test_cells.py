"""The map's counts: whatever was published, taken back, withheld and opened again, they equal a count of everything anew."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.feedback import actions, reactions
from thongsuot.feedback.actions import cells, common
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import Category, FeedbackTicket, PublicCell, PublicPin
from thongsuot.feedback.rules.squares import LEVELS, kept_level, middle_of, shown_level, square_at
from thongsuot.feedback.tests.make import DAY, HOUSE, MONDAY, make_desk
from thongsuot.feedback.words import Channel
from thongsuot.kernel.errors import NotYourDuty, TellPerson
from thongsuot.kernel.events import Happened
from thongsuot.units import queries as units


def counted():
    names = ("level", "x", "y", "category_id", "month", "open")
    return Counter({row[:-1]: row[-1] for row in PublicCell.objects.values_list(*names, "count") if row[-1]})


def pinned():
    return sorted(PublicPin.objects.values_list("ticket_id", "category_id", "open", "month", "latitude", "longitude"))


def at_point(latitude, longitude):
    return PlaceFacts(latitude=latitude, longitude=longitude, address="phố Bến, phường Sông")


@given(st.floats(8, 23), st.floats(102, 110), st.sampled_from(LEVELS))
def test_the_middle_of_a_square_lies_in_it(latitude, longitude, level):
    square = square_at(latitude, longitude, level)
    assert square_at(*middle_of(*square), level) == square


@given(st.floats(8, 23), st.floats(102, 110))
def test_a_coarser_square_is_made_of_finer_ones(latitude, longitude):
    fine, coarse = square_at(latitude, longitude, 17), square_at(latitude, longitude, 11)
    assert (fine.x >> 6, fine.y >> 6) == (coarse.x, coarse.y)


def test_what_is_shown_is_added_up_from_what_is_kept():
    assert [kept_level(shown_level(zoom)) for zoom in (5, 9, 10, 11, 12, 13, 15, 19)] == [11, 11, 11, 13, 13, 15, 17, 17]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_counts_equal_a_recount_after_anything(desk, seed):
    dice = random.Random(seed)  # noqa: S311 - the same story every time
    ngan, now = desk.actor("ngan"), MONDAY
    tickets = []
    for number in range(6):
        now += DAY
        place = at_point(21.0 + dice.random() / 50, 105.0 + dice.random() / 50)
        category = dice.choice(["o-ga", "den-duong"])
        tickets.append(
            desk.answered(now, place=place, category=category, masked=number == 5, words=f"Việc cần sửa số {number} ở phố")
        )
    for _step in range(30):
        now += timedelta(hours=dice.randrange(1, 300))
        ticket = dice.choice(tickets)
        act = dice.choice([publish, publish, withhold, unpublish, reopen, classify, answer_again])
        with suppress(TellPerson):  # not in this state: nothing may have changed
            act(desk, ticket.pk, ngan, now)
    kept, pins = counted(), pinned()
    assert actions.recount(desk.whole, actor=HOUSE, at=now) == len(pins)
    assert (counted(), pinned()) == (kept, pins)
    assert sum(count for key, count in kept.items() if key[0] == 11) == sum(1 for pin in pins if pin[4] is not None)


def publish(desk, ticket_id, ngan, at):
    actions.publish(ticket_id, question="Việc cần sửa", answer="Đã sửa.", actor=ngan, at=at)


def withhold(desk, ticket_id, ngan, at):
    actions.withhold(ticket_id, "sensitive", actor=ngan, at=at)


def unpublish(desk, ticket_id, ngan, at):
    actions.unpublish(ticket_id, actor=ngan, at=at)


def reopen(desk, ticket_id, ngan, at):
    actions.reopen(ticket_id, "Vẫn còn hỏng", actor=ngan, at=at)


def classify(desk, ticket_id, ngan, at):
    actions.classify(ticket_id, category="via-he", actor=ngan, at=at)


def answer_again(desk, ticket_id, ngan, at):
    ticket = FeedbackTicket.objects.get(pk=ticket_id)
    toan = desk.actor("toan", at)
    if ticket.state == "routed":
        actions.accept(ticket_id, actor=toan, at=at)
    answer = actions.submit_answer(ticket_id, "Đã sửa lại.", actor=toan, at=at)
    actions.approve_answer(answer.pk, actor=ngan if ngan.may("approve feedback", unit_id=desk.whole) else HOUSE, at=at)


@pytest.mark.django_db
def test_opened_again_it_counts_as_open_and_a_masked_kind_leaves_the_map(desk):
    ticket = desk.published(place=at_point(21.01, 105.05))
    assert set(PublicCell.objects.filter(count=1).values_list("open", flat=True)) == {False}
    actions.reopen(ticket.pk, "Vẫn còn hỏng", actor=desk.actor("ngan"), at=MONDAY + DAY)
    assert set(PublicCell.objects.filter(count=1).values_list("open", flat=True)) == {True}
    masked = FeedbackTicket._meta.get_field("category").related_model.objects.filter(masked=True).first()
    actions.classify(ticket.pk, category=masked.code, actor=desk.actor("ngan"), at=MONDAY + DAY)
    assert not PublicCell.objects.filter(count__gt=0).exists()
    assert not PublicPin.objects.exists()


@pytest.mark.django_db
def test_whoever_arranges_feedback_has_the_map_recounted(desk):
    with pytest.raises(NotYourDuty):
        actions.recount(desk.whole, actor=desk.actor("ngan"), at=MONDAY)
    assert actions.recount(desk.whole, actor=desk.actor("quan"), at=MONDAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_in_the_same_squares_are_both_counted(settings):
    settings.CITY_CODE = "98"
    desk = make_desk()
    tickets = [
        desk.answered(place=at_point(21.01 + n / 100_000, 105.05), words=f"Việc cần sửa số {n}", channel=Channel.COUNTER)
        for n in range(8)
    ]
    ngan, gate, trouble = desk.actor("ngan"), Barrier(2), []

    def work(mine):
        try:
            gate.wait()
            for ticket in mine:
                publish(desk, ticket.pk, ngan, MONDAY + DAY)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[part]) for part in (tickets[::2], tickets[1::2][::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert sum(PublicCell.objects.filter(level=cells.squares_at(21.01, 105.05)[0].level).values_list("count", flat=True)) == 8
    units.clear_caches()


@pytest.mark.django_db
def test_points_anew_are_counted_once_a_batch_and_no_ticket_holds_up_those_after_it(desk, monkeypatch):
    tickets = [desk.published(place=at_point(21.012345 + n / 100, 105.056789)) for n in range(3)]
    category = Category.objects.get(code="o-ga")
    Category.objects.filter(pk=category.pk).update(public_decimals=3)
    monkeypatch.setattr(cells, "_ANEW_AT_ONCE", 2)
    counts, as_it_is, stays = [], cells._count, tickets[0].public_latitude
    monkeypatch.setattr(cells, "_count", lambda changes: (counts.append(changes), as_it_is(changes)))
    nearer = common.public_point
    monkeypatch.setattr(  # of the first one nothing comes nearer to what it should be
        common, "public_point", lambda one, other, decimals: (one, other) if one == stays else nearer(one, other, decimals)
    )

    happened = Happened(id=1, name="", subject="", subject_id=category.pk, facts={"fields": ["public_decimals"]})
    reactions.point_anew(happened)

    assert len(counts) == 2
    assert actions.too_fine(category.pk) == [tickets[0].pk]
    kept, pins = counted(), pinned()
    actions.recount(desk.whole, actor=HOUSE, at=MONDAY)
    assert (counted(), pinned()) == (kept, pins)
