"""Certificates and requests about them: who may, what is refused, what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.signing import actions, errors
from thongsuot.signing.models import Certificate, CertificateRequest
from thongsuot.signing.queries import certificates as queries
from thongsuot.signing.queries import choosing
from thongsuot.signing.queries.coverage import coverage
from thongsuot.signing.tests.make import HOUSE, MONDAY, PIN
from thongsuot.units.models import Body, Unit
from thongsuot.units.queries import clear_caches


def asked(town, kind: str, **more) -> actions.Asked:
    held = town.hanh
    return actions.Asked(
        kind=kind, body_id=held.body_id, person_id=held.person_id, post=held.post, certificate_id=held.pk, **more
    )


def through(request: CertificateRequest, *states: str) -> CertificateRequest:
    for state in states:
        request = actions.move_request(request.pk, to=state, actor=HOUSE, at=MONDAY)
    return request


def test_only_who_manages_certificates_of_the_unit_issues_one(town):
    body = town.city.body(town.city.river, "office").pk
    thu = {"person_id": town.people["thu"].pk, "body_id": body, "post": "Văn thư", "at": MONDAY}

    with pytest.raises(NotYourDuty):
        actions.issue_test_certificate(**thu, pin=PIN, actor=town.actor("thu"))
    with pytest.raises(errors.WeakPin):
        actions.issue_test_certificate(**thu, pin="111111", actor=town.actor("quan"))
    with pytest.raises(errors.WrongPost):
        actions.issue_test_certificate(**{**thu, "post": "Chủ tịch"}, pin=PIN, actor=town.actor("quan"))

    assert Certificate.objects.count() == 2
    actions.issue_test_certificate(**thu, pin=PIN, actor=town.actor("quan"))
    assert Certificate.objects.count() == 3


def test_a_certificate_moves_only_along_its_way_and_stops_only_with_a_reason(town):
    quan = town.actor("quan")

    with pytest.raises(BadInput):
        actions.move_certificate(town.hanh.pk, to="revoked", actor=quan, at=MONDAY)
    with pytest.raises(errors.MoveRefused):
        actions.move_certificate(town.hanh.pk, to="delivered", actor=quan, at=MONDAY)
    actions.move_certificate(town.hanh.pk, to="revoked", reason="nghỉ hưu", actor=quan, at=MONDAY)
    with pytest.raises(errors.MoveRefused):
        actions.move_certificate(town.hanh.pk, to="active", actor=quan, at=MONDAY)

    assert Event.objects.filter(name="signing.certificate_state").count() == 1


def test_a_request_to_revoke_ends_the_certificate_when_the_issuer_did_it(town):
    request = actions.ask(asked(town, "revoke", reason="mất thiết bị"), actor=town.actor("hanh"), at=MONDAY)

    through(request, "at_department", "at_issuer")
    assert Certificate.objects.get(pk=town.hanh.pk).state == "active"
    through(request, "issued")

    assert Certificate.objects.get(pk=town.hanh.pk).state == "revoked"


def test_an_unlocked_key_may_be_tried_again(town):
    Certificate.objects.filter(pk=town.hanh.pk).update(locked_until=MONDAY + timedelta(hours=1), wrong_pins=2)
    request = actions.ask(asked(town, "unlock"), actor=town.actor("hanh"), at=MONDAY)

    through(request, "at_department", "at_issuer", "issued")

    held = Certificate.objects.get(pk=town.hanh.pk)
    assert (held.locked_until, held.wrong_pins) == (None, 0)


def test_the_same_is_asked_once_at_a_time(town):
    actions.ask(asked(town, "renew"), actor=town.actor("hanh"), at=MONDAY)

    with pytest.raises(errors.AlreadyAsked):
        actions.ask(asked(town, "renew"), actor=town.actor("quan"), at=MONDAY)

    assert CertificateRequest.objects.count() == 1


def test_nobody_asks_for_another_and_nothing_is_asked_about_nothing(town):
    with pytest.raises(NotYourDuty):
        actions.ask(asked(town, "renew"), actor=town.actor("thu"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.ask(asked(town, "revoke"), actor=town.actor("hanh"), at=MONDAY)
    with pytest.raises(NotFound):
        actions.ask(actions.Asked(kind="steal", body_id=town.hanh.body_id), actor=HOUSE, at=MONDAY)

    assert not CertificateRequest.objects.exists()


def test_a_request_that_waits_too_long_counts_as_late(town):
    request = actions.ask(asked(town, "renew"), actor=town.actor("hanh"), at=MONDAY)
    actions.move_request(request.pk, to="at_department", actor=HOUSE, at=MONDAY)
    quan = town.actor("quan")

    [soon] = queries.requests(quan, at=MONDAY + timedelta(days=9), limit=9)
    [late] = queries.requests(quan, at=MONDAY + timedelta(days=30), limit=9)

    assert (soon.is_late, late.is_late) == (False, True)
    assert late.waiting_days > soon.waiting_days


def test_a_unit_is_ready_when_nobody_who_must_have_one_lacks_one(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        [river] = coverage([town.river], at=MONDAY)
    assert [post.person for post in river.lacking] == ["Trần Thị Thu"]
    assert [post.label for post in river.posts if post.is_vacant] == ["Chủ tịch"]

    actions.issue_test_certificate(
        person_id=town.people["thu"].pk,
        body_id=town.city.body(town.city.river, "office").pk,
        post="Văn thư",
        pin=PIN,
        actor=HOUSE,
        at=MONDAY,
    )

    [river] = coverage([town.river], at=MONDAY)
    assert river.is_ready
    [later] = coverage([town.river], at=town.hanh.not_after)
    assert not later.is_ready


# -- a reorganisation --------------------------------------------------------------------------------------------------


def ended(town, what: str) -> None:
    """The committee of phường Sông, or the whole ward, is no more from the day before Monday."""
    day = (MONDAY - timedelta(days=1)).date()
    if what == "unit":
        Unit.objects.filter(pk=town.river).update(valid_to=day)
    else:
        Body.objects.filter(pk=town.committee.body_id).update(valid_to=day)
    clear_caches()


@pytest.mark.parametrize("what", ["body", "unit"])
def test_an_agency_that_has_ended_signs_nothing_more(town, what):
    assert choosing.of_agency(town.river, at=MONDAY) == town.committee
    ended(town, what)

    with pytest.raises(errors.BodyEnded) as refusal:
        choosing.of_agency(town.river, at=MONDAY)

    assert "kết thúc từ ngày 05/10/2025" in refusal.value.message()
    assert choosing.of_agency(town.river, at=MONDAY - timedelta(days=2)) == town.committee


@pytest.mark.parametrize("what", ["body", "unit"])
def test_what_outlived_its_body_is_listed_until_it_is_revoked(town, what):
    def listed(name: str) -> list[int]:
        found = queries.managed(town.actor(name), unit_id=None, at=MONDAY, limit=50, offset=0, only_to_revoke=True)
        assert all(row.body_ended_on for row in found)
        return [row.certificate.pk for row in found]

    assert listed("quan") == []
    ended(town, what)

    assert sorted(listed("quan")) == sorted([town.committee.pk, town.hanh.pk])
    assert queries.to_revoke_count(town.actor("quan"), unit_id=None, at=MONDAY) == 2
    assert listed("thu") == []
    with pytest.raises(NotYourDuty):
        actions.move_certificate(town.committee.pk, to="revoked", reason="x", actor=town.actor("doi"), at=MONDAY)
    for held in (town.committee, town.hanh):
        actions.move_certificate(held.pk, to="revoked", reason="sắp xếp", actor=town.actor("quan"), at=MONDAY)
    assert listed("quan") == []
