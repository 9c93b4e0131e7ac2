"""How much is asked of the database, and that it goes by indexes whatever the number of tickets."""

from __future__ import annotations

import pytest
from django.db import connection

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import DAY, MONDAY
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
        "reported_at": "reported_at - n * interval '2 hours'",
    }
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
    desk.report()
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


def test_what_is_said_of_an_answer_goes_when_it_is_taken_off(desk, reacted):
    ticket = desk.published()
    reacted()
    feedback.unpublish(ticket.pk, actor=desk.actor("ngan"), at=MONDAY)

    assert "Đã vá xong." not in [row["description"] for row in updates(desk.whole, **SPAN).rows]


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
