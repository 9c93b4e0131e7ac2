"""A unit ends: its open tickets go with their place and keep their clocks, rules follow the keeper, what is over stays."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.feedback import actions
from thongsuot.feedback.models import AnswerTemplate, Competence, Escalation, FeedbackTicket, Routing
from thongsuot.feedback.tests.make import DAY, HOUR, HOUSE, IN_RIVER, MONDAY, WORKER
from thongsuot.kernel.command import command
from thongsuot.kernel.history import history_of
from thongsuot.notices.models import Notice
from thongsuot.units.heirs import Heirs, Rule
from thongsuot.units.models import Unit
from thongsuot.units.moves import HOLDINGS, Move, Moved
from thongsuot.units.queries import clear_caches

pytestmark = pytest.mark.django_db
TICKETS, PLACES = "feedback.tickets", "feedback.places"
LATER = MONDAY + HOUR


@command
def moved(key, ids, start, end, *, at=LATER, actor=HOUSE):
    """Through the holding, as a changeover does."""
    moves = [Move(id=pk, from_unit_id=start, to_unit_id=end) for pk in ids]
    was = HOLDINGS[key].move(moves, changeover_id=1, actor=actor, at=at)
    return [Moved(id=pk, from_unit_id=start, to_unit_id=end, was=was[pk]) for pk in was]


@command
def put_back(key, done, *, at=LATER, actor=HOUSE):
    return HOLDINGS[key].put_back(done, changeover_id=1, actor=actor, at=at)


def test_an_open_ticket_goes_on_with_the_successor_by_the_same_clock(desk):
    ticket = desk.accepted()
    clock = (ticket.due_at, ticket.clock_from, ticket.next_rung, ticket.next_rung_at)
    assert HOLDINGS[TICKETS].count([desk.river]) == {desk.river: 1}

    moved(TICKETS, [ticket.pk], desk.river, desk.hill)

    ticket.refresh_from_db()
    assert (ticket.unit_id, ticket.place_unit_id, ticket.handler_id, ticket.state) == (desk.hill, desk.hill, None, "accepted")
    assert (ticket.due_at, ticket.clock_from, ticket.next_rung, ticket.next_rung_at) == clock
    old, new = ticket.routings.order_by("pk")
    assert (old.returned_at, old.return_reason) == (LATER, "")
    assert (new.because, new.unit_id, new.due_at, new.accepted_at) == ("successor", desk.hill, ticket.due_at, LATER)
    assert HOLDINGS[TICKETS].whereabouts([ticket.pk]) == {ticket.pk: desk.hill}
    assert [event.name for event in history_of(ticket)][-1] == "feedback.moved"
    answer = actions.submit_answer(ticket.pk, "Đã vá xong.", actor=desk.actor("do"), at=LATER)
    actions.approve_answer(answer.pk, actor=desk.actor("duc"), at=LATER)


def test_no_rung_is_climbed_a_second_time_for_the_move(desk):
    ticket = desk.accepted(urgent=True)
    half = MONDAY + 2 * HOUR
    assert actions.climb(ticket.pk, actor=WORKER, at=half).rung == Escalation.Rung.HALF

    moved(TICKETS, [ticket.pk], desk.river, desk.hill, at=half)

    actions.ask(ticket.pk, "Trước nhà số mấy?", actor=desk.actor("do"), at=half)
    actions.reply(ticket.pk, "Số 12.", secret=ticket.secret, actor=HOUSE, at=half + 60 * (HOUR / 60))
    ticket.refresh_from_db()
    assert ticket.next_rung == Escalation.Rung.NEAR


def test_a_move_is_undone_as_if_it_had_not_been(desk):
    ticket = desk.accepted()
    before = (ticket.unit_id, ticket.place_unit_id, ticket.handler_id, ticket.state)

    assert put_back(TICKETS, moved(TICKETS, [ticket.pk], desk.river, desk.hill)) == {ticket.pk}

    ticket.refresh_from_db()
    assert (ticket.unit_id, ticket.place_unit_id, ticket.handler_id, ticket.state) == before
    routing = Routing.objects.get()
    assert (routing.unit_id, routing.returned_at, routing.accepted_at) == (desk.river, None, MONDAY)
    assert [event.name for event in history_of(ticket)][-2:] == ["feedback.moved", "feedback.moved_back"]


@pytest.mark.parametrize("when", ["accepted", "sent"])
def test_nobody_of_the_successor_works_on_what_went_back(desk, when):
    ticket = desk.accepted() if when == "accepted" else desk.report()
    done = moved(TICKETS, [ticket.pk], desk.river, desk.hill)
    actions.assign(ticket.pk, desk.people["do"].pk, actor=desk.actor("duc"), at=LATER)

    put_back(TICKETS, done)

    ticket.refresh_from_db()
    assert ticket.handler_id == (desk.people["toan"].pk if when == "accepted" else None)


def test_what_went_on_with_the_successor_is_not_taken_from_it(desk):
    answered, sent_on = desk.accepted(), desk.report(words="Một ổ gà khác ở đầu phố Bến")
    done = moved(TICKETS, [answered.pk, sent_on.pk], desk.river, desk.hill)
    answer = actions.submit_answer(answered.pk, "Đã vá xong.", actor=desk.actor("do"), at=LATER)
    actions.approve_answer(answer.pk, actor=desk.actor("duc"), at=LATER)
    actions.give_back(sent_on.pk, "not_ours", words="Không phải của phường.", actor=desk.actor("do"), at=LATER)
    actions.route(sent_on.pk, desk.hill, words="Là của phường.", actor=desk.actor("ngan"), at=LATER + HOUR)

    with pytest.raises(RuntimeError, match="recorded no event"):
        put_back(TICKETS, done)
    assert set(FeedbackTicket.objects.values_list("unit", flat=True)) == {desk.hill}


def test_a_drill_is_no_ticket_that_a_unit_hands_over(desk):
    desk.accepted()
    actions.send_drill(desk.whole, actor=desk.actor("quan"), at=MONDAY)
    other = FeedbackTicket.objects.get(drill=True, unit=desk.hill)
    actions.give_back(other.pk, "not_ours", words="Không phải", actor=desk.actor("do"), at=MONDAY)
    both = [desk.river, desk.hill]
    assert (HOLDINGS[TICKETS].count(both), HOLDINGS[PLACES].count(both)) == ({desk.river: 1}, {})
    assert actions.close_drill(desk.whole, actor=desk.actor("quan"), at=LATER) == 0


def test_what_has_ended_stays_where_it_was_answered(desk):
    ticket = desk.answered()

    assert HOLDINGS[TICKETS].count([desk.river]) == {}
    with pytest.raises(RuntimeError, match="recorded no event"):
        moved(TICKETS, [ticket.pk], desk.river, desk.hill)
    ticket.refresh_from_db()
    assert (ticket.unit_id, ticket.routings.count()) == (desk.river, 1)


def test_one_of_an_ended_unit_that_is_opened_again_goes_to_the_operators(desk):
    ticket = desk.answered()
    Unit.objects.filter(pk=desk.river).update(valid_to=MONDAY.date())
    clear_caches()

    actions.reopen(ticket.pk, "Vẫn còn hỏng như cũ", secret=ticket.secret, actor=HOUSE, at=MONDAY + DAY)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.unit_id) == ("validating", None)


@pytest.mark.parametrize(
    ("address", "point", "to", "rule"),
    [
        ("12 phố Bến, phường Sông", None, "river", Rule.ADDRESS),
        ("phường Đồi", (21.0, 105.9), "hill", Rule.ADDRESS),
        ("", (21.0, 105.9), "river", Rule.POINT),
        ("", (19.0, 105.9), None, Rule.NOBODY),
        ("phường Chợ", None, None, Rule.NOBODY),
    ],
)
def test_of_a_divided_ward_the_place_decides_and_where_it_does_not_a_person(desk, address, point, to, rule):
    ticket, old = desk.report(), Unit.objects.get(code="98102")
    degrees = {"latitude": point[0], "longitude": point[1]} if point else {"latitude": None, "longitude": None}
    FeedbackTicket.objects.filter(pk=ticket.pk).update(unit=old, place_unit=old, address=address, **degrees)
    heirs = Heirs(date(2025, 10, 6), unit_at=lambda latitude, longitude: desk.river if latitude > 20 else None)
    (thing,) = HOLDINGS[TICKETS].held(old.pk, after=0, limit=9, clued=True)

    (choice,) = HOLDINGS[TICKETS].choose([thing], heirs)

    assert (choice.to_unit_id, choice.rule) == (to and getattr(desk, to), rule)
    assert set(choice.candidates) == (set() if to else {desk.river, desk.hill})


def test_where_a_ticket_of_another_is_moves_too(desk):
    ticket = desk.report(category="khac")
    assert ticket.unit_id is None
    assert HOLDINGS[PLACES].count([desk.river]) == {desk.river: 1}

    done = moved(PLACES, [ticket.pk], desk.river, desk.hill)

    ticket.refresh_from_db()
    assert (ticket.unit_id, ticket.place_unit_id) == (None, desk.hill)
    assert put_back(PLACES, done) == {ticket.pk}
    ticket.refresh_from_db()
    assert ticket.place_unit_id == desk.river


def test_the_sender_is_told_once_who_goes_on(desk, monkeypatch):
    monkeypatch.setattr("thongsuot.feedback.letters._address", lambda name, *args: f"https://vidu.vn/{name}/{args[0]}/")
    ticket = desk.report(place=IN_RIVER)
    moved(TICKETS, [ticket.pk], desk.river, desk.hill)
    moves = [Move(id=ticket.pk, from_unit_id=desk.river, to_unit_id=desk.hill)]

    for _time in range(2):
        HOLDINGS[TICKETS].tell(moves, changeover_id=1)

    notice = Notice.objects.get(send_key=f"feedback.moved/1/{ticket.pk}")
    assert (notice.key, "Đồi" in notice.body) == ("feedback_routed", True)


def test_competences_and_templates_follow_the_keeper_and_come_back(desk):
    row = Competence.objects.filter(category__code="o-ga").get()
    Competence.objects.filter(pk=row.pk).update(handler=desk.river)
    template = AnswerTemplate.objects.create(unit_id=desk.river, title="Đã vá", words="Đã vá xong.", changed_at=MONDAY)
    dropped = AnswerTemplate.objects.create(unit_id=desk.river, title="Cũ", words="x", changed_at=MONDAY, dropped_at=MONDAY)
    for key, one, field in (("feedback.competences", row, "handler_id"), ("feedback.templates", template, "unit_id")):
        assert HOLDINGS[key].count([desk.river]) == {desk.river: 1}
        done = moved(key, [one.pk], desk.river, desk.hill)
        one.refresh_from_db()
        assert getattr(one, field) == desk.hill
        assert put_back(key, done) == {one.pk}
        one.refresh_from_db()
        assert getattr(one, field) == desk.river
    dropped.refresh_from_db()
    assert dropped.unit_id == desk.river
