"""Accounts: opening, correcting, locking, tying to a card."""

import threading

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.people import actions, rules
from thongsuot.people.actions.accounts import (
    AccountOfAnother,
    AlreadyActive,
    EmailTaken,
    IdNumberTaken,
    NameIsOfficial,
    NumberVouchedFor,
    OfficersAccount,
    OtherNumberTied,
)
from thongsuot.people.actions.guards import NotYourself, PersonInactive
from thongsuot.people.models import Person
from thongsuot.people.tests.make import MONDAY, actor, make_administrator, make_citizen, make_officer, with_second_factor
from thongsuot.people.tests.refusals import refused

DAY = MONDAY.date()


def names(person):
    return [row.name for row in history_of(person)]


def test_a_citizen_registers_and_is_found_by_name_without_marks(db):
    minh = actions.register_citizen(
        email=" Minh@ViDu.VN ", full_name="Trần  Văn Minh", phone="+84 912 000 077", password="x", actor=ANYONE, at=MONDAY
    )
    assert (minh.email, minh.full_name, minh.phone, minh.joined_at) == ("minh@vidu.vn", "Trần Văn Minh", "0912000077", MONDAY)
    assert minh.search_name == "tran van minh"
    address = EmailAddress.objects.get(user=minh)
    assert (address.primary, address.verified) == (True, False)
    assert names(minh) == ["people.registered"]
    assert history_of(minh)[0].facts == {}  # nothing personal


@pytest.mark.parametrize(
    ("field", "value"),
    [("full_name", "  "), ("full_name", "\u200b•"), ("full_name", "a" * 201), ("email", "minh"), ("phone", "12")],
)
def test_a_registration_that_cannot_be_used_names_the_field(db, field, value):
    facts = {"email": "minh@vidu.vn", "full_name": "Trần Văn Minh", "phone": "", field: value}
    refusal = refused(BadInput, actions.register_citizen, **facts, password="x", actor=ANYONE, at=MONDAY)
    assert list(refusal.problems) == [field]


def test_an_address_has_one_account(db):
    make_citizen(email="minh@vidu.vn")
    refused(
        EmailTaken, actions.register_citizen, email="MINH@vidu.vn", full_name="Ai Khác", password=None, actor=ANYONE, at=MONDAY
    )


@pytest.mark.django_db(transaction=True)
def test_two_registrations_of_one_address_at_once_make_one_account():
    results = []

    def register(name):
        try:
            results.append(make_citizen(name, email="minh@vidu.vn"))
        except EmailTaken as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(name,)) for name in ("Một", "Hai")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(type(one).__name__ for one in results) == ["Person", "str"]
    assert Person.objects.count() == EmailAddress.objects.count() == 1


def test_an_administrator_opens_an_account_with_its_first_post(city):
    admin, centre = make_administrator(city.river), city.body(city.river, "service_centre")
    lan = actions.open_account(
        email="lan@vidu.vn",
        full_name="Nguyễn Thị Lan",
        body_id=centre.pk,
        title="Công chức tiếp nhận",
        valid_from=DAY,
        decided_by="UBND phường Sông",
        decision_number="12/QĐ-UBND",
        actor=actor(admin),
        at=MONDAY,
    )
    assert not lan.has_usable_password()
    assert set(actor(lan).duties) == {"receive dossiers", "hand back results"}
    assert names(lan) == ["people.account_opened", "people.appointed"]
    assert EmailAddress.objects.get(user=lan).verified


def test_no_account_is_left_when_the_post_is_refused(city):
    refused(
        NotYourDuty,
        actions.open_account,
        email="lan@vidu.vn",
        full_name="Lan",
        title="Văn thư",
        valid_from=DAY,
        body_id=city.body(city.river, "office").pk,
        actor=actor(make_administrator(city.hill)),
        at=MONDAY,
    )


def test_a_citizen_who_becomes_an_officer_keeps_the_account_if_the_name_is_theirs(city):
    minh = make_citizen("Trần Văn Minh", email="minh@vidu.vn")
    admin = actor(make_administrator(city.river))
    facts = {
        "email": "minh@vidu.vn",
        "body_id": city.body(city.river, "office").pk,
        "title": "Văn thư",
        "valid_from": DAY,
        "actor": admin,
        "at": MONDAY,
    }
    refused(AccountOfAnother, actions.open_account, full_name="Người Khác", **facts)
    assert actions.open_account(full_name="tran van minh", **facts) == minh
    assert actor(minh).units_for("issue results") == {city.river.pk}


def test_people_correct_their_own_name_until_an_office_has_checked_it(city):
    minh, lan = make_citizen(), make_officer(city.river)
    changed = actions.change_profile(minh.pk, full_name="Trần Văn Mình", phone="0912000078", actor=actor(minh), at=MONDAY)
    assert (changed.full_name, changed.search_name) == ("Trần Văn Mình", "tran van minh")
    actions.confirm_identity(minh.pk, id_number="001431000077", unit_id=city.river.pk, actor=actor(lan), at=MONDAY)
    refused(NameIsOfficial, actions.change_profile, minh.pk, full_name="Chủ Tịch", phone="", actor=actor(minh), at=MONDAY)
    refused(NameIsOfficial, actions.change_profile, lan.pk, full_name="Chủ Tịch", phone="", actor=actor(lan), at=MONDAY)
    actions.change_profile(lan.pk, full_name=lan.full_name, phone="0912000079", actor=actor(lan), at=MONDAY)
    actions.change_profile(lan.pk, full_name="Nguyễn Lan", phone="", actor=actor(make_administrator(city.river)), at=MONDAY)
    lan.refresh_from_db()
    assert (lan.full_name, lan.phone) == ("Nguyễn Lan", "")
    refused(NotYourDuty, actions.change_profile, lan.pk, full_name="X", phone="", actor=actor(minh), at=MONDAY)
    refused(NotYourDuty, actions.change_profile, lan.pk, full_name="X", phone="", actor=ANYONE, at=MONDAY)


def test_an_id_number_is_tied_to_one_account_by_an_officer_who_receives(city):
    lan, minh, other = make_officer(city.river), make_citizen(), make_citizen("Ai Khác")
    facts = {"id_number": "001431000077", "unit_id": city.river.pk, "at": MONDAY}
    refused(NotYourDuty, actions.confirm_identity, minh.pk, actor=actor(minh), **facts)
    refused(NotYourDuty, actions.confirm_identity, minh.pk, actor=actor(make_officer(city.hill)), **facts)
    refused(NotYourself, actions.confirm_identity, lan.pk, actor=actor(lan), **facts)
    refused(BadInput, actions.confirm_identity, minh.pk, actor=actor(lan), **{**facts, "id_number": "12345"})
    actions.confirm_identity(minh.pk, actor=actor(lan), **facts)
    assert names(minh)[-1] == "people.identity_confirmed"
    assert "001431000077" not in str(Event.objects.values_list("facts", flat=True))
    refused(IdNumberTaken, actions.confirm_identity, other.pk, actor=actor(lan), **facts)
    refused(NotFound, actions.confirm_identity, 0, actor=actor(lan), **facts)
    actions.confirm_identity(minh.pk, actor=actor(lan), **facts)  # the same card once more is no fault


def test_no_clerk_ties_a_number_to_a_colleagues_account(city):
    lan, hanh = make_officer(city.river), make_officer(city.river, name="Lê Hạnh", kind="people_committee", title="Chủ tịch")
    facts = {"id_number": "001431000077", "unit_id": city.river.pk, "at": MONDAY}
    for someone in (lan, make_administrator(city.city)):
        refused(OfficersAccount, actions.confirm_identity, hanh.pk, actor=actor(someone), **facts)


def test_a_wrong_number_is_put_right_by_an_administrator_of_the_city_and_by_no_clerk(city):
    lan, minh, admin = make_officer(city.river), make_citizen(), make_administrator(city.city)
    facts = {"unit_id": city.river.pk, "at": MONDAY}
    actions.confirm_identity(minh.pk, id_number="001431000077", actor=actor(lan), **facts)

    refused(OtherNumberTied, actions.confirm_identity, minh.pk, id_number="001431000078", actor=actor(lan), **facts)
    refused(
        NotYourDuty,
        actions.confirm_identity,
        minh.pk,
        id_number="001431000078",
        actor=actor(make_administrator(city.river)),
        **facts,
    )
    changed = actions.confirm_identity(minh.pk, id_number="001431000078", actor=actor(admin), **facts)

    assert changed.id_number == "001431000078"
    assert history_of(minh)[-1].facts == {"corrected": True}


def test_a_number_the_national_identity_vouches_for_is_overwritten_by_nobody(city):
    minh = make_citizen()
    Person.objects.filter(pk=minh.pk).update(id_number="001431000077")
    SocialAccount.objects.create(user=minh, provider="vneid", uid="s-minh", extra_data={"level": 2})

    refused(
        NumberVouchedFor,
        actions.confirm_identity,
        minh.pk,
        id_number="001431000078",
        unit_id=city.river.pk,
        actor=actor(make_administrator(city.city)),
        at=MONDAY,
    )


def test_a_locked_account_is_opened_again_with_its_posts(city):
    lan, admin = make_officer(city.river), actor(make_administrator(city.river))
    refused(BadInput, actions.deactivate_person, lan.pk, reason=" ", actor=admin, at=MONDAY)
    actions.deactivate_person(lan.pk, reason="nghỉ không lương", actor=admin, at=MONDAY)
    lan.refresh_from_db()
    assert (lan.is_active, lan.inactive_reason, lan.session_generation) == (False, "nghỉ không lương", 1)
    refused(PersonInactive, actions.deactivate_person, lan.pk, reason="x", actor=admin, at=MONDAY)
    refused(PersonInactive, actions.issue_password_link, lan.pk, actor=admin, at=MONDAY)
    actions.reactivate_person(lan.pk, actor=admin, at=MONDAY)
    lan.refresh_from_db()
    assert (lan.is_active, lan.inactive_reason) == (True, "")
    assert actor(lan).is_staff
    refused(AlreadyActive, actions.reactivate_person, lan.pk, actor=admin, at=MONDAY)


def test_someone_of_two_communes_is_locked_only_by_who_manages_both(city):
    lan = make_officer(city.river)
    actions.appoint(
        lan.pk,
        body_id=city.body(city.hill, "service_centre").pk,
        title="Công chức tiếp nhận",
        valid_from=DAY,
        actor=actor(make_administrator(city.hill)),
        at=MONDAY,
    )
    refused(NotYourDuty, actions.deactivate_person, lan.pk, reason="x", actor=actor(make_administrator(city.river)), at=MONDAY)
    actions.deactivate_person(lan.pk, reason="x", actor=actor(make_administrator(city.city)), at=MONDAY)


def test_the_account_of_a_citizen_is_locked_only_for_the_city(city, settings):
    settings.CITY_CODE = "98"
    minh = make_citizen()
    refused(NotYourDuty, actions.deactivate_person, minh.pk, reason="x", actor=actor(make_administrator(city.river)), at=MONDAY)
    actions.deactivate_person(minh.pk, reason="lạm dụng", actor=actor(make_administrator(city.city)), at=MONDAY)


def test_a_former_officer_stays_with_the_last_unit(city):
    lan = make_officer(city.river, until=DAY)
    refused(NotYourDuty, actions.deactivate_person, lan.pk, reason="x", actor=actor(make_administrator(city.hill)), at=MONDAY)
    actions.deactivate_person(lan.pk, reason="nghỉ hưu", actor=actor(make_administrator(city.river)), at=MONDAY)


def test_taking_a_second_factor_away_needs_the_city_a_password_link_only_the_unit(city):
    hanh = with_second_factor(make_officer(city.river, kind="people_committee", title="Chủ tịch"))
    of_ward, of_city = actor(make_administrator(city.river)), actor(make_administrator(city.city))
    assert actions.issue_password_link(hanh.pk, actor=of_ward, at=MONDAY).startswith("/tai-khoan/mat-khau/moi/")
    refused(NotYourDuty, actions.reset_second_factor, hanh.pk, actor=of_ward, at=MONDAY)
    assert Authenticator.objects.filter(user=hanh).exists()
    actions.reset_second_factor(hanh.pk, actor=of_city, at=MONDAY)
    hanh.refresh_from_db()
    assert not Authenticator.objects.filter(user=hanh).exists()
    assert hanh.session_generation == 1
    refused(NotYourDuty, actions.issue_password_link, hanh.pk, actor=actor(make_administrator(city.hill)), at=MONDAY)


def test_nobody_manages_themselves(city):
    admin = make_administrator(city.city)
    who, post = actor(admin), admin.appointments.get()
    body = city.body(city.city, "people_committee").pk
    refused(NotYourself, actions.appoint, admin.pk, body_id=body, title="Chủ tịch", valid_from=DAY, actor=who, at=MONDAY)
    refused(NotYourself, actions.change_duties, post.pk, duties=list(rules.DUTIES), actor=who, at=MONDAY)
    refused(NotYourself, actions.end_appointment, post.pk, on=DAY, actor=who, at=MONDAY)
    for act in (actions.issue_password_link, actions.reset_second_factor, actions.reactivate_person):
        refused(NotYourself, act, admin.pk, actor=who, at=MONDAY)
    refused(NotYourself, actions.deactivate_person, admin.pk, reason="x", actor=who, at=MONDAY)


def test_a_password_is_set_by_its_owner_alone(city):
    lan = make_officer(city.river)
    refused(NotYourDuty, actions.set_password, lan.pk, password="y", actor=actor(make_administrator(city.river)), at=MONDAY)
    actions.set_password(lan.pk, password="mới và dài 123", actor=actor(lan), at=MONDAY)
    lan.refresh_from_db()
    assert lan.check_password("mới và dài 123")
    assert names(lan)[-1] == "people.password_set"
