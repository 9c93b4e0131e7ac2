"""The tickets the benchmark of feedback makes: as the program could have written them, some of them late in each way."""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from thongsuot.config.bench import feedback
from thongsuot.feedback.models import Category, Escalation, FeedbackTicket, Routing
from thongsuot.feedback.queries.late import Late, late
from thongsuot.feedback.tests.make import HOUSE, MONDAY, make_desk

TICKETS = 6000


def test_tickets_of_the_benchmark_are_late_in_every_way(db):
    desk = make_desk()
    said = {
        "city": desk.whole,
        "units": [desk.river, desk.hill],
        "categories": list(Category.objects.values_list("pk", flat=True)),
        "words": feedback.WORDS,
        "now": MONDAY,
    }
    with connection.cursor() as cursor:
        cursor.execute((Path(feedback.__file__).parent / "feedback.sql").read_text(), {**said, "first": 1, "last": TICKETS})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    found = {which: late(desk.whole, actor=HOUSE, now=MONDAY, which=which, size=TICKETS) for which in Late}
    sizes = {which: len(page.rows) for which, page in found.items()}
    assert all(sizes.values()), sizes
    assert all(page.counts == sizes for page in found.values())
    assert {row.id for row in found[Late.AGAIN].rows} < {row.id for row in found[Late.ANSWER].rows}
    assert found[Late.BEFORE].before.keys() == {row.id for row in found[Late.BEFORE].rows}
    assert Routing.objects.filter(returned_at=None).count() == FeedbackTicket.objects.count() == TICKETS
    assert Escalation.objects.filter(rung=Escalation.Rung.AGAIN).count() > 0
