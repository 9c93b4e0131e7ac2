"""Facts and totals kept by events: the arithmetic of working time in SQL, random lives, two folds at once."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier, FeeDue, Setting, Status
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, make_town, receive, resolve
from thongsuot.indicators import counting, reports
from thongsuot.indicators.models import Fact, Noted
from thongsuot.indicators.queries.dossiers import behind, count_behind
from thongsuot.indicators.queries.sums import Scope, by_day, total
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.periods import Period
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.kernel.working_time import MINUTE, VIET_NAM, WorkingCalendar
from thongsuot.national_portal.models import Lane
from thongsuot.payments import actions as payments
from thongsuot.payments.models import FeePayment, PaymentLine
from thongsuot.payments.tests.make import GATEWAY, an_account, told
from thongsuot.personal_store.tests.make import make_paper


@pytest.fixture
def town(db, settings):
    settings.CITY_CODE = "98"
    return make_town()


def whole(town) -> Scope:
    made = town.city
    return Scope(unit_ids=frozenset({made.city.pk, made.river.pk, made.hill.pk}), whole_city=True)


def test_working_minutes_in_sql_are_those_of_the_kernel(db):
    calendar = WorkingCalendar(
        off=frozenset({date(2025, 9, 1), date(2025, 9, 2), date(2026, 1, 1), date(2026, 1, 2)}),
        on=frozenset({date(2026, 1, 10)}),
    )
    chance = random.Random(766)  # noqa: S311 - the same instants every time
    beginning = datetime(2025, 8, 1, tzinfo=VIET_NAM)
    instants = [beginning + timedelta(minutes=chance.randrange(300 * 24 * 60)) for _ in range(400)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indicators_minutes_before(at, %(off)s, %(worked)s, %(shifts)s) FROM unnest(%(ats)s::timestamptz[])"
            " WITH ORDINALITY AS t(at, place) ORDER BY place",
            {**counting.calendar_parameters(calendar), "ats": instants},
        )
        told = [row[0] for row in cursor.fetchall()]
    nought = calendar.time_before(instants[0]) // MINUTE - told[0]
    assert [calendar.time_before(at) // MINUTE - nought for at in instants] == told


def test_what_a_dossier_goes_through_never_breaks_the_sums(town):
    """Random lives over weeks; folded at random moments; then every line adds up and equals a count from the beginning."""
    now = live(town, random.Random(41))  # noqa: S311 - the same lives every time

    assert not Noted.objects.exists()
    found = counting.recount()
    assert found.good, found
    later = now + timedelta(days=9)
    for first, last in ((0, 40), (3, 9), (10, 10), (20, 60)):
        period = Period(first=MONDAY.date() + timedelta(days=first), last=MONDAY.date() + timedelta(days=last), now=later)
        made = reports.report(whole(town), period)
        assert made.adds_up
        sums = made.sums
        rows = behind(whole(town), period, code="2.1", part="mau-so", limit=1000)
        assert len(rows) == sums.of_period
        assert sum(row.verdict.in_time for row in rows) == sums.in_time  # the words say what the sums count
        assert count_behind(whole(town), period, code="3.6", part="tu-so") == sums["paid_online"]
        assert sums["paid_online"] < sums["charged"] == sums["way_known"] or not sums["charged"]
        days = by_day(whole(town), period)
        if days and period.is_over:
            assert (days[-1].sums.open, days[-1].sums.open_late) == (sums.open, sums.open_late)


def live(town, chance) -> datetime:
    """Ninety turns of dossiers' lives, two requests allowed, folded now and then and at the end. Returns the last instant."""
    Setting.objects.create(key="supplement_requests", value=2, valid_from=date(2025, 7, 1), basis="Thử nghiệm")
    an_account(town.river)
    now, ids = MONDAY, []
    for turn in range(90):
        now += timedelta(hours=chance.choice((1, 5, 19, 27)))
        if chance.random() < 0.35 or not ids:
            ids.append(receive(town, at=now).pk)
        else:
            act = chance.choice((ask, bring, owe, pay, pay_fee, give_back, withdraw, stop, finish, finish))
            with suppress(TellPerson, FeePayment.DoesNotExist):
                act(town, chance.choice(ids), now)
        if turn % 20 == 7:
            counting.fold()
    counting.fold()
    return now


def ask(town, pk, now):
    actions.request_supplement(pk, items=["Bản chính"], actor=HOUSE, at=now)


def bring(town, pk, now):
    actions.complete_supplement(pk, papers=[], answer="Đã có", actor=HOUSE, at=now)


def owe(town, pk, now):
    actions.request_payment(pk, reason="Thuế", actor=HOUSE, at=now)


def pay(town, pk, now):
    actions.confirm_payment(pk, actor=HOUSE, at=now)


def pay_fee(town, pk, now):
    if pk % 3 == 0:
        owed = set(FeeDue.objects.filter(dossier=pk).values_list("pk", flat=True))
        payments.take_cash("dossiers.dossier", pk, owed_ids=owed, actor=town.actor("lan", now), at=now)
    else:
        payment = payments.begin_payment("dossiers.dossier", pk, actor=HOUSE, at=now)
        payments.take_notice(told(payment, at=now), actor=GATEWAY, at=now)


def give_back(town, pk, now):
    line = PaymentLine.objects.get(payment=FeePayment.objects.filter(subject_id=pk, state="paid").exclude(how="cash").get())
    refund = payments.propose_refund(line.pk, how="transfer", reason="Rút", actor=HOUSE, at=now)
    payments.approve_refund(refund.pk, actor=HOUSE, at=now)
    payments.pay_refund_by_hand(refund.pk, proof="UNC1", actor=HOUSE, at=now)


def withdraw(town, pk, now):
    actions.withdraw(pk, reason="Đổi ý", actor=HOUSE, at=now)


def stop(town, pk, now):
    actions.stop(pk, reason="Không đủ điều kiện", actor=HOUSE, at=now)


def finish(town, pk, now):
    dossier = Dossier.objects.get(pk=pk)
    if dossier.status in (Status.RECEIVED, Status.PROCESSING):
        resolve(town, dossier, at=now)


def test_a_period_that_is_not_over_is_judged_as_of_now(town):
    receive(town, at=MONDAY)  # due on Monday the 13th, 17:00
    counting.fold()
    month = {"first": date(2025, 10, 1), "last": date(2025, 10, 31)}

    before = total(whole(town), Period(**month, now=datetime(2025, 10, 13, 16, 59, tzinfo=VIET_NAM)))
    after = total(whole(town), Period(**month, now=datetime(2025, 10, 13, 17, 1, tzinfo=VIET_NAM)))

    assert (before.open_in_time, before.open_late) == (1, 0)
    assert (after.open_in_time, after.open_late) == (0, 1)


def test_dossiers_older_than_the_figures_are_counted_when_an_installation_is_brought_up_to_date(town):
    receive(town, at=MONDAY)
    Noted.objects.all().delete()  # as before there was anything to note them

    assert counting.bring_up_to_date() == 1
    assert total(whole(town), Period(first=MONDAY.date(), last=MONDAY.date(), now=MONDAY))["received"] == 1
    receive(town, at=MONDAY)
    assert counting.bring_up_to_date() == 1  # only what came since


def test_a_result_in_a_store_and_a_word_of_the_portal_make_the_fact_anew(town):
    """Neither is an event of the dossier's own history."""
    dossier = resolve(town, receive(town), at=MONDAY)
    counting.fold()
    assert not Fact.objects.get(dossier_id=dossier.pk).linked

    make_paper(kind="result", dossier_id=dossier.pk)
    Lane.objects.create(dossier_id=dossier.pk, unit_id=town.river, next_try_at=MONDAY, known_since=MONDAY)
    assert set(Noted.objects.values_list("dossier_id", flat=True)) == {dossier.pk}
    counting.fold()

    assert Fact.objects.get(dossier_id=dossier.pk).linked


def test_a_refused_command_leaves_nothing_to_count(town):
    dossier = receive(town, at=MONDAY)
    counting.fold()
    with pytest.raises(TellPerson):
        actions.confirm_payment(dossier.pk, actor=HOUSE, at=MONDAY)
    assert not Noted.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_folds_at_once_count_each_dossier_once(settings):
    settings.CITY_CODE = "98"
    town = make_town()
    for _ in range(6):
        receive(town, at=MONDAY)

    assert at_once(counting.fold, counting.fold) == []

    assert Fact.objects.count() == 6
    assert total(whole(town), Period(first=MONDAY.date(), last=MONDAY.date(), now=MONDAY))["received"] == 6
    assert counting.recount().good


def test_a_dossier_made_longer_is_judged_by_its_new_day(db, settings):
    """QĐ 766, item 2.1: on time is before the appointment that stands, and an extension by law moves it."""
    settings.CITY_CODE = "98"
    town = make_town(extension_days=5)
    dossier, plain = receive(town), receive(town)
    actions.extend(dossier.pk, days=5, reason="Phải xác minh", actor=town.actor("hanh"), at=MONDAY)
    for one in (dossier, plain):
        resolve(town, Dossier.objects.get(pk=one.pk), at=MONDAY + timedelta(days=10))
    counting.fold()
    assert [Fact.objects.get(dossier_id=one.pk).in_time for one in (dossier, plain)] == [True, False]
    assert counting.recount().good
