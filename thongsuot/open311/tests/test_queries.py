"""How much is asked of the database, and that it goes by indexes whatever the number of tickets."""

from __future__ import annotations

import pytest
from django.db import connection

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.models.tickets import STEPS_AT
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, WORKER
from thongsuot.open311 import rules
from thongsuot.open311.queries.tickets import COLUMNS, asked_for, tickets
from thongsuot.open311.queries.updates import updates

SPAN = {"start": MONDAY - DAY, "end": MONDAY + DAY}


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "feedback_reported"),
        ({"statuses": frozenset({"open"}), "services": ("o-ga",)}, "feedback_reported"),
        ({"numbers": ("PA98-25-000001", "PA98-25-000002")}, "feedback_feedbackticket_number"),
        ({"words": "ổ gà", "start": MONDAY - 90 * DAY}, "feedback_public_words"),
        ({"updated_after": MONDAY - 9 * HOUR, "start": None, "end": None}, "feedback_last_change"),
    ],
)
def test_lists_go_by_an_index(desk, query, index):
    many(desk.published())
    found = asked_for(desk.whole, rules.Query(**(SPAN | query))).values_list(*COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, parameters = found.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert index in plan, plan
    assert "Seq Scan on feedback_feedbackticket" not in plan


def many(like: FeedbackTicket) -> None:
    """So many that the database has to choose: copies, each of its own words and its own minute, over a year."""
    own = {
        "number": "'PA98-24-' || n",
        "secret": "md5(n::text)",
        "public_key": "md5(n::text) || ' ' || md5((n + 1)::text)",
    } | {column: f"{column} - n * interval '2 hours'" for column in STEPS_AT}
    columns = [field.column for field in FeedbackTicket._meta.concrete_fields if not field.primary_key]
    copied = ", ".join(own.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO feedback_feedbackticket ({names}) "  # noqa: S608 - names of our own columns
            f"SELECT {copied} FROM feedback_feedbackticket, generate_series(1, 4000) n WHERE id = %s",
            [like.pk],
        )
        cursor.execute("ANALYZE feedback_feedbackticket")


def test_a_long_list_costs_as_many_queries_as_a_short_one(desk, django_assert_max_num_queries):
    for place in range(3):
        desk.published(place=PlaceFacts(latitude=21 + place / 100, longitude=105, address="phố Bến, phường Sông"))
    desk.published()
    with django_assert_max_num_queries(5):
        assert len(tickets(desk.whole, rules.Query(**SPAN), on=MONDAY.date()).rows) == 4


def test_updates_cost_two_queries_and_follow_their_index(desk, reacted, django_assert_num_queries):
    desk.published(photos=[])
    reacted()
    reacted()  # the worker may run a reaction twice
    with django_assert_num_queries(2):
        found = updates(desk.whole, **SPAN).rows

    assert [row["status"] for row in found] == ["open", "open", "closed", "closed"]
    assert found[-1]["description"] == "Đã vá xong."


def test_that_it_is_over_is_the_last_step(desk, reacted):
    ticket = desk.published()
    late = MONDAY + 100 * DAY
    feedback.close(ticket.pk, actor=WORKER, at=late)
    reacted()
    (last,) = updates(desk.whole, start=late - DAY, end=late).rows
    assert (last["status"], last["description"]) == ("closed", "Phản ánh đã khép lại")


def test_what_is_said_of_an_answer_goes_when_it_is_taken_off(desk, reacted):
    ticket = desk.published()
    reacted()
    feedback.unpublish(ticket.pk, actor=desk.actor("ngan"), at=MONDAY)

    assert updates(desk.whole, **SPAN).rows == []


def test_words_and_places_are_found_among_what_is_public(desk):
    place = PlaceFacts(latitude=21.011, longitude=105.051, address="phố Bến, phường Sông")
    public = desk.published(place=place)
    desk.report(place=place)

    def found(**query):
        rows = tickets(desk.whole, rules.Query(**(SPAN | query)), on=MONDAY.date()).rows
        return [row["service_request_id"] for row in rows]

    assert found(words="cổng trường") == [public.number]
    assert found(words="ngã hai lần") == []  # stands in what was sent, not in what was published
    assert found(point=(21.011, 105.052), radius=200) == [public.number]
    assert found(point=(21.011, 105.052), radius=50) == []
    assert found(point=(21.0101, 105.0519), radius=120) == []  # in the box, not in the circle


def test_a_page_of_what_lies_around_is_full_while_there_are_more(desk):
    """The newest lie in the corner of the box, farther than was asked."""
    near = PlaceFacts(latitude=21.011, longitude=105.051, address="phố Bến, phường Sông")
    corner = PlaceFacts(latitude=21.0116, longitude=105.0516, address="phố Bến, phường Sông")
    kept = [desk.published(MONDAY - n * DAY, place=near, words=f"Ổ gà sâu số {n} trước cổng").number for n in (3, 4)]
    for n in (1, 2):
        desk.published(MONDAY - n * DAY, place=corner, words=f"Ổ gà sâu số {n} trước cổng")

    def page(number):
        query = rules.Query(start=MONDAY - 9 * DAY, end=MONDAY, point=(21.011, 105.051), radius=70, size=1, page=number)
        return [row["service_request_id"] for row in tickets(desk.whole, query, on=MONDAY.date()).rows]

    assert [page(1), page(2), page(3)] == [[kept[0]], [kept[1]], []]
