"""Parents are locked before what hangs on them, whoever does it: two at once never wait for each other in a circle."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest
from django.db import connection, transaction

from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import locked
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import ANYONE, MONDAY, SENDER, make_desk
from thongsuot.units import queries as units

State = FeedbackTicket.State
OTHER = replace(SENDER, name="Lục Thị Hai", phone="0912000111", email="")


@pytest.fixture
def made(transactional_db, settings):
    settings.CITY_CODE = "98"
    yield make_desk()
    units.clear_caches()


def hung(desk):
    """The younger one is worked on, the older one hangs on it."""
    child, parent = desk.report(sender=OTHER), desk.report(sender=replace(SENDER, phone="0912000112"))
    actions.merge(parent.pk, [child.pk], actor=desk.actor("ngan"), at=MONDAY)
    return parent, child


def while_waiting(parent, other, then):
    """`other` comes to a parent that is held; `then` goes on with it. What `other` raised."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            other()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        locked(parent.pk)
        thread.start()
        with connection.cursor() as cursor:
            for _ in range(100_000):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
        then()
    thread.join(30)
    return [type(one) for one in raised]


def test_who_takes_one_off_waits_for_who_ends_the_other(made):
    parent, child = hung(made)
    ngan = made.actor("ngan")

    raised = while_waiting(
        parent,
        lambda: actions.unmerge(child.pk, actor=ngan, at=MONDAY),
        lambda: actions.refuse(parent.pk, "unclear", words="Chưa rõ", actor=ngan, at=MONDAY),
    )

    assert raised == [errors.NotInThisState]
    child.refresh_from_db()
    parent.refresh_from_db()
    assert (child.state, child.parent_id, parent.state, parent.senders) == (State.VALIDATING, None, State.REFUSED, 1)


def test_who_opens_the_other_again_waits_for_who_takes_theirs_off(made):
    parent, child = hung(made)
    made.answered(ticket=actions.accept(parent.pk, actor=made.actor("toan"), at=MONDAY))

    def opened_and_parted() -> None:
        actions.reopen(parent.pk, "Vẫn còn hố", secret=parent.secret, actor=ANYONE, at=MONDAY)
        actions.unmerge(child.pk, actor=made.actor("ngan"), at=MONDAY)

    again = while_waiting(
        parent, lambda: actions.reopen(child.pk, "Vẫn hỏng", secret=child.secret, actor=ANYONE, at=MONDAY), opened_and_parted
    )

    assert again == [errors.NotInThisState]
    parent.refresh_from_db()
    assert (parent.round, parent.senders, parent.children.count()) == (2, 1, 0)


def test_who_merges_it_further_locks_what_hangs_on_it_last(made):
    parent, child = hung(made)
    further = made.report(sender=replace(SENDER, phone="0912000113"))
    ngan = made.actor("ngan")

    raised = while_waiting(
        parent,
        lambda: actions.merge(further.pk, [child.pk, parent.pk], actor=ngan, at=MONDAY),
        lambda: actions.unmerge(child.pk, actor=ngan, at=MONDAY),
    )

    assert raised == []
    assert set(FeedbackTicket.objects.filter(parent=further)) == {parent, child}
