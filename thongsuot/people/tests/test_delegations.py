"""Standing in for someone who is away."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import faults, history_of
from thongsuot.people import actions
from thongsuot.people.actions.delegations import AlreadyAway, DelegatedOnward, DelegationOver, NoPostThere, NothingToSign
from thongsuot.people.tests.make import MONDAY, actor, make_administrator, make_citizen, make_officer
from thongsuot.people.tests.refusals import refused
from thongsuot.units.tests.make import make_city

DAY = MONDAY.date()


def names(person):
    return [row.name for row in history_of(person)]


@pytest.fixture
def office(city):
    """Toàn and Lan of phường Sông, and how Toàn delegates."""
    toan = make_officer(city.river, kind="office", title="Chuyên viên", name="Nguyễn Văn Toàn")
    lan = make_officer(city.river)

    def facts(**changes):
        return {
            "to_person_id": lan.pk,
            "unit_id": city.river.pk,
            "valid_from": DAY,
            "valid_to": DAY + timedelta(days=3),
            "reason": "nghỉ phép",
            "actor": actor(toan),
            "at": MONDAY,
            **changes,
        }

    return toan, lan, facts


def test_one_delegates_ones_own_work_or_the_administrator_does(city, office):
    toan, _lan, facts = office
    for stranger in (ANYONE, actor(make_officer(city.river)), actor(make_administrator(city.hill))):
        refused(NotYourDuty, actions.delegate_work, toan.pk, **facts(actor=stranger))
    actions.delegate_work(toan.pk, **facts())
    actions.delegate_work(
        toan.pk,
        **facts(
            valid_from=DAY + timedelta(days=3), valid_to=DAY + timedelta(days=5), actor=actor(make_administrator(city.river))
        ),
    )
    assert [name for name in names(toan) if "delegated" in name] == ["people.work_delegated"] * 2


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("valid_from", {"valid_from": DAY - timedelta(days=1)}),
        ("valid_to", {"valid_to": DAY}),
        ("valid_to", {"valid_to": DAY + timedelta(days=400)}),
        ("reason", {"reason": " "}),
        ("reason", {"reason": "x" * 301}),
        ("decision_number", {"includes_signing": True}),
        ("decision_number", {"decision_number": "x" * 61}),
    ],
)
def test_a_delegation_that_does_not_fit_names_the_field(office, field, changes):
    toan, _lan, facts = office
    assert list(refused(BadInput, actions.delegate_work, toan.pk, **facts(**changes)).problems) == [field]


def test_a_stand_in_is_another_active_person_of_the_same_unit(city, office):
    toan, _lan, facts = office
    refused(BadInput, actions.delegate_work, toan.pk, **facts(to_person_id=toan.pk))
    refused(NotFound, actions.delegate_work, toan.pk, **facts(to_person_id=0))
    refused(NoPostThere, actions.delegate_work, toan.pk, **facts(to_person_id=make_officer(city.hill).pk))
    refused(NoPostThere, actions.delegate_work, toan.pk, **facts(to_person_id=make_citizen().pk))
    refused(NoPostThere, actions.delegate_work, toan.pk, **facts(unit_id=city.hill.pk))
    locked = make_officer(city.river)
    actions.deactivate_person(locked.pk, reason="x", actor=system("cli"), at=MONDAY)
    refused(BadInput, actions.delegate_work, toan.pk, **facts(to_person_id=locked.pk))


def test_one_is_away_once_and_work_is_not_passed_on(city, office):
    toan, lan, facts = office
    actions.delegate_work(toan.pk, **facts())
    later = {"valid_from": DAY + timedelta(days=2), "valid_to": DAY + timedelta(days=9)}
    refused(AlreadyAway, actions.delegate_work, toan.pk, **facts(**later))
    third = make_officer(city.river)
    # Lan, who stands in, goes away; someone gives work to Toàn, who is away.
    refused(DelegatedOnward, actions.delegate_work, lan.pk, **facts(to_person_id=third.pk, actor=actor(lan)))
    refused(DelegatedOnward, actions.delegate_work, third.pk, **facts(to_person_id=toan.pk, actor=actor(third)))
    after = {"valid_from": DAY + timedelta(days=3), "valid_to": DAY + timedelta(days=4)}
    actions.delegate_work(lan.pk, **facts(to_person_id=third.pk, actor=actor(lan), **after))


def test_signing_is_delegated_only_by_a_signer_with_a_written_decision(city, office):
    toan, lan, facts = office
    refused(NothingToSign, actions.delegate_work, toan.pk, **facts(includes_signing=True, decision_number="1/UQ"))
    hanh = make_officer(city.river, kind="people_committee", title="Chủ tịch")
    actions.delegate_work(hanh.pk, **facts(includes_signing=True, decision_number="1/UQ", actor=actor(hanh)))
    assert actor(lan).may("sign results", unit_id=city.river.pk)


def test_back_early_the_stand_in_has_no_part_any_more(city, office):
    toan, lan, facts = office
    delegation = actions.delegate_work(toan.pk, **facts())
    refused(NotYourDuty, actions.end_delegation, delegation.pk, actor=actor(lan), at=MONDAY)
    tomorrow = MONDAY + timedelta(days=1)
    actions.end_delegation(delegation.pk, actor=actor(toan), at=tomorrow)
    assert not actor(lan, at=tomorrow).units_for("process dossiers")
    assert actor(lan).units_for("process dossiers")  # yesterday it was so
    refused(DelegationOver, actions.end_delegation, delegation.pk, actor=actor(toan), at=tomorrow)


def test_a_delegation_taken_back_before_it_began_never_held(city, office):
    toan, lan, facts = office
    start = DAY + timedelta(days=5)
    delegation = actions.delegate_work(toan.pk, **facts(valid_from=start, valid_to=start + timedelta(days=1)))
    actions.end_delegation(delegation.pk, actor=actor(toan), at=MONDAY)
    assert not actor(lan, at=MONDAY + timedelta(days=5)).units_for("process dossiers")


@pytest.mark.django_db(transaction=True)
def test_two_who_delegate_to_each_other_at_once_do_not_both_succeed():
    city = make_city()
    one, two = make_officer(city.river), make_officer(city.river)
    start, results = threading.Barrier(2), []

    def go(giver, taker):
        start.wait()
        try:
            actions.delegate_work(
                giver.pk,
                to_person_id=taker.pk,
                unit_id=city.river.pk,
                valid_from=DAY,
                valid_to=DAY + timedelta(days=1),
                reason="x",
                actor=system("cli"),
                at=MONDAY,
            )
            results.append("done")
        except DelegatedOnward:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=pair) for pair in ((one, two), (two, one))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == ["done", "refused"]


def test_the_history_of_all_this_is_whole(city, office):
    toan, _lan, facts = office
    actions.delegate_work(toan.pk, **facts())
    make_citizen()
    assert list(faults()) == []
