"""Roll calls and who speaks: one at a time, in order, and nobody for another unit."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.meetings import actions
from thongsuot.meetings.actions import errors
from thongsuot.meetings.models import RollCall, RollCallAnswer, SpeakRequest
from thongsuot.meetings.queries.board import board, queue
from thongsuot.meetings.queries.here import here
from thongsuot.meetings.tests.make import SECOND, STARTS, make_office, planned, running, site_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(office):
    made = running(office)
    return office, made, site_of(made, office.city.river.pk), site_of(made, office.city.hill.pk)


def answer(office, call, site, who="mai", people=12, leader="Phó Chủ tịch", **more):
    return actions.answer_roll_call(
        call.pk, site_id=site.pk, people=people, leader=leader, actor=office.actor(who), at=STARTS, **more
    )


# -- roll calls --------------------------------------------------------------------------------------------------------


def test_sites_answer_and_the_board_says_who_has_not(held):
    office, made, river, hill = held
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)

    answer(office, call, river)

    seen = board(made, at=STARTS)
    assert seen.call is not None
    assert (seen.call.answered, seen.call.people, seen.call.by_phone) == (1, 12, 0)
    assert [tile.id for tile in seen.silent_to_call] == [hill.pk]
    mine = here(river.pk).call
    assert mine is not None
    assert (mine.people, mine.leader) == (12, "Phó Chủ tịch")


def test_one_is_open_at_a_time_and_every_one_is_kept(held):
    office, made, river, _hill = held
    hub = office.actor("an")
    first = actions.open_roll_call(made.pk, actor=hub, at=STARTS)
    with pytest.raises(errors.RollCallIsOpen):
        actions.open_roll_call(made.pk, actor=office.actor("binh"), at=STARTS)
    answer(office, first, river)
    actions.close_roll_call(first.pk, actor=hub, at=STARTS)
    with pytest.raises(errors.RollCallClosed):
        actions.close_roll_call(first.pk, actor=hub, at=STARTS)

    second = actions.open_roll_call(made.pk, actor=hub, at=STARTS)

    assert [call.number for call in RollCall.objects.order_by("pk")] == [1, 2]
    assert second.answers.count() == 0
    assert first.answers.count() == 1


def test_none_is_opened_before_it_runs(office):
    made = planned(office)
    with pytest.raises(errors.ConferenceNotThere) as refusal:
        actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    assert "chưa bắt đầu" in refusal.value.message()


def test_a_closed_one_takes_no_answer_also_not_by_telephone(held):
    office, made, river, _hill = held
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    actions.close_roll_call(call.pk, actor=office.actor("an"), at=STARTS)
    before = Event.objects.count()

    with pytest.raises(errors.RollCallClosed) as refusal:
        answer(office, call, river)
    with pytest.raises(errors.RollCallClosed):
        answer(office, call, river, who="an", by_phone=True)

    assert "đã đóng" in refusal.value.message()
    assert not RollCallAnswer.objects.exists()
    assert Event.objects.count() == before


def test_the_end_closes_what_is_open(held):
    office, made, river, _hill = held
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    actions.ask_to_speak(river.pk, topic="Ngân sách", actor=office.actor("mai"), at=STARTS)
    actions.end_conference(made.pk, actor=office.actor("an"), at=STARTS + SECOND)

    with pytest.raises(errors.RollCallClosed):
        answer(office, call, river)
    assert not SpeakRequest.objects.filter(over_at=None).exists()


def test_an_answer_by_telephone_is_kept_as_such_and_only_by_the_hub(held):
    office, made, river, hill = held
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)

    taken = answer(office, call, river, who="an", by_phone=True)

    assert (taken.by_phone, taken.by_name) == (True, "Trần Thị An")
    with pytest.raises(NotYourDuty):
        answer(office, call, hill, who="dao", by_phone=True)
    with pytest.raises(NotYourDuty):
        answer(office, call, hill, who="an")
    with pytest.raises(NotYourDuty):
        answer(office, call, hill, who="mai")
    assert RollCallAnswer.objects.count() == 1


def test_an_answer_is_put_right_and_its_history_keeps_both(held):
    office, made, river, _hill = held
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    answer(office, call, river, people=12)
    answer(office, call, river, people=14)

    assert [one.people for one in call.answers.all()] == [14]
    assert [event.facts["people"] for event in history_of(river) if event.name == "meetings.roll_call_answered"] == [12, 14]


@pytest.mark.parametrize(("people", "leader"), [(-1, "x"), (5_001, "x"), (1, " "), (1, "x" * 201)])
def test_an_answer_that_cannot_be_is_refused(held, people, leader):
    office, made, river, _hill = held
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    with pytest.raises(BadInput):
        answer(office, call, river, people=people, leader=leader)
    assert not RollCallAnswer.objects.exists()


def test_a_site_of_another_conference_is_not_there(held):
    office, made, _river, _hill = held
    other = site_of(running(office, title="Khác"), office.city.river.pk)
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    with pytest.raises(NotFound):
        answer(office, call, other)
    with pytest.raises(NotFound):
        actions.close_roll_call(0, actor=office.actor("an"), at=STARTS)


# -- who speaks --------------------------------------------------------------------------------------------------------


def ask(office, site, who="mai", after=0):
    return actions.ask_to_speak(site.pk, topic="Ngân sách", actor=office.actor(who), at=STARTS + after * SECOND)


def test_who_asked_first_stands_first_and_one_speaks_at_a_time(held):
    office, made, river, hill = held
    hub = office.actor("an")
    second, first = ask(office, river, after=5), ask(office, hill, "dao", after=1)
    assert [one.id for one in queue(made)] == [first.pk, second.pk]
    word = here(river.pk).word
    assert word is not None
    assert word.before == 1

    actions.give_word(second.pk, actor=hub, at=STARTS)  # the hub may call whom it wants
    assert [(one.id, one.speaks) for one in queue(made)] == [(second.pk, True), (first.pk, False)]
    with pytest.raises(errors.SomebodySpeaks):
        actions.give_word(first.pk, actor=hub, at=STARTS)
    with pytest.raises(errors.NotSpeaking):
        actions.end_word(first.pk, actor=hub, at=STARTS)
    actions.end_word(second.pk, actor=hub, at=STARTS + timedelta(minutes=3))
    actions.give_word(first.pk, actor=hub, at=STARTS + timedelta(minutes=3))

    second.refresh_from_db()
    assert second.spoke == (STARTS, STARTS + timedelta(minutes=3))
    assert [one.id for one in queue(made)] == [first.pk]


def test_a_site_withdraws_its_own_request_until_it_speaks(held):
    office, made, river, hill = held
    mine = ask(office, river)
    with pytest.raises(errors.AlreadyAsked):
        ask(office, river)
    with pytest.raises(NotYourDuty):
        actions.withdraw_request(mine.pk, actor=office.actor("dao"), at=STARTS)
    actions.withdraw_request(mine.pk, actor=office.actor("mai"), at=STARTS)
    with pytest.raises(errors.RequestOver):
        actions.withdraw_request(mine.pk, actor=office.actor("mai"), at=STARTS)
    with pytest.raises(errors.RequestOver):
        actions.give_word(mine.pk, actor=office.actor("an"), at=STARTS)

    again = ask(office, river)
    actions.give_word(again.pk, actor=office.actor("an"), at=STARTS)
    with pytest.raises(errors.IsSpeaking):
        actions.withdraw_request(again.pk, actor=office.actor("mai"), at=STARTS)
    mine.refresh_from_db()
    assert mine.spoke is None
    assert queue(made)[0].id == again.pk
    assert hill.pk


def test_only_the_hub_gives_the_word_and_nobody_asks_for_another(held):
    office, _made, river, hill = held
    mine = ask(office, river)
    for who in ("mai", "dao", "khach"):
        with pytest.raises(NotYourDuty):
            actions.give_word(mine.pk, actor=office.actor(who), at=STARTS)
    with pytest.raises(NotYourDuty):
        ask(office, hill, "mai")


@pytest.mark.django_db(transaction=True)
def test_of_two_hubs_that_give_the_word_at_once_one_is_heard(settings):
    settings.CITY_CODE = "98"
    office = make_office()
    made = running(office)
    asked = [ask(office, site_of(made, unit.pk), who) for unit, who in ((office.city.river, "mai"), (office.city.hill, "dao"))]
    actors = [office.actor("an"), office.actor("binh")]
    together, came = Barrier(2), []

    def give(request_id, actor) -> None:
        together.wait()
        try:
            actions.give_word(request_id, actor=actor, at=STARTS)
            came.append("given")
        except errors.SomebodySpeaks:
            came.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=give, args=(one.pk, actor)) for one, actor in zip(asked, actors, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(came) == ["given", "refused"]
    assert sum(one.speaks for one in queue(made)) == 1
