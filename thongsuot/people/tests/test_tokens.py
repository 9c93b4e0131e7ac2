"""Keys for programs: shown once, never more than their owner, forgotten when revoked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.people import actions, queries, rules
from thongsuot.people.actions.guards import PersonInactive
from thongsuot.people.actions.tokens import TokenRevoked
from thongsuot.people.api_auth import BearerActor
from thongsuot.people.models import ApiToken
from thongsuot.people.second_factor import WithoutSecondFactor
from thongsuot.people.tests.make import MONDAY, actor, make_administrator, make_citizen, make_officer, make_token
from thongsuot.people.tests.refusals import refused

LATER = MONDAY + timedelta(minutes=1)
EXPIRES = MONDAY + timedelta(days=30)


def test_only_the_digest_is_kept(city):
    secret = make_token(make_officer(city.river), ["receive dossiers"])
    row = ApiToken.objects.get()
    assert secret.startswith("ts_")
    assert len(secret) > 40
    assert secret not in str(vars(row))
    assert row.digest == queries.token_digest(secret)


def test_a_key_acts_as_its_owner_with_the_listed_duties_only(city):
    lan = make_officer(city.river)
    who = queries.actor_for_token(make_token(lan, ["receive dossiers"]), at=LATER)
    assert (who.person_id, who.name, who.via) == (lan.pk, lan.full_name, "api")
    assert who.duties == {"receive dossiers": frozenset({city.river.pk})}


def test_a_key_loses_what_its_owner_loses(city):
    lan, admin = make_officer(city.river), actor(make_administrator(city.river))
    secret = make_token(lan, ["receive dossiers", "hand back results"])
    actions.change_duties(lan.appointments.get().pk, duties=["hand back results"], actor=admin, at=MONDAY)
    assert set(queries.actor_for_token(secret, at=LATER).duties) == {"hand back results"}
    actions.end_appointment(lan.appointments.get().pk, on=MONDAY.date(), actor=admin, at=MONDAY)
    assert queries.actor_for_token(secret, at=LATER + timedelta(seconds=5)).duties == {}
    actions.deactivate_person(lan.pk, reason="x", actor=admin, at=MONDAY)
    assert queries.actor_for_token(secret, at=LATER + timedelta(seconds=10)) is None


def test_a_remembered_key_costs_no_query_for_two_seconds(city, django_assert_num_queries):
    secret = make_token(make_officer(city.river), ["receive dossiers"])
    with django_assert_num_queries(2):
        queries.actor_for_token(secret, at=LATER)
    with django_assert_num_queries(0):
        assert queries.actor_for_token(secret, at=LATER + timedelta(seconds=1.9)).duties
    with django_assert_num_queries(2):
        queries.actor_for_token(secret, at=LATER + timedelta(seconds=rules.SECONDS_A_TOKEN_IS_REMEMBERED))


def test_an_expired_key_is_dead_even_if_it_was_just_remembered(city):
    secret = make_token(make_officer(city.river), ["receive dossiers"], until=EXPIRES)
    assert queries.actor_for_token(secret, at=EXPIRES - timedelta(seconds=1)) is not None
    assert queries.actor_for_token(secret, at=EXPIRES) is None


def test_a_revoked_key_is_dead_at_once_in_this_process(city):
    lan = make_officer(city.river)
    secret = make_token(lan, ["receive dossiers"])
    assert queries.actor_for_token(secret, at=LATER)
    refused(NotYourDuty, actions.revoke_token, ApiToken.objects.get().pk, actor=actor(make_citizen()), at=LATER)
    actions.revoke_token(ApiToken.objects.get().pk, actor=actor(make_administrator(city.river)), at=LATER)
    assert queries.actor_for_token(secret, at=LATER) is None
    refused(TokenRevoked, actions.revoke_token, ApiToken.objects.get().pk, actor=actor(lan), at=LATER)
    refused(NotFound, actions.revoke_token, 0, actor=actor(lan), at=LATER)


@pytest.mark.parametrize("wrong", ["", "ts_", "ts_" + "a" * 43, "khóa", "a" * 5000, "\x00"])
def test_an_unknown_key_is_nobody(db, wrong):
    assert queries.actor_for_token(wrong, at=LATER) is None


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 101}),
        ("duties", {"duties": []}),
        ("duties", {"duties": ["fly"]}),
        ("expires_at", {"expires_at": MONDAY}),
        ("expires_at", {"expires_at": MONDAY + timedelta(days=400)}),
    ],
)
def test_a_key_that_does_not_fit_names_the_field(city, field, changes):
    lan = make_officer(city.river)
    facts = {"name": "máy quét", "duties": ["receive dossiers"], "expires_at": EXPIRES, **changes}
    refusal = refused(BadInput, actions.create_token, lan.pk, **facts, actor=actor(lan), at=MONDAY)
    assert list(refusal.problems) == [field]


def test_a_key_is_made_by_its_owner_and_never_holds_more(city):
    lan = make_officer(city.river)
    facts = {"name": "máy quét", "duties": ["receive dossiers"], "expires_at": EXPIRES, "at": MONDAY}
    for other in (ANYONE, actor(make_administrator(city.city)), actor(make_citizen())):
        refused(NotYourDuty, actions.create_token, lan.pk, **facts, actor=other)
    refused(NotYourDuty, actions.create_token, lan.pk, **{**facts, "duties": ["manage people"]}, actor=actor(lan))
    refused(NotYourDuty, actions.create_token, lan.pk, **{**facts, "duties": ["manage people"]}, actor=system("cli"))
    assert actions.create_token(lan.pk, **facts, actor=system("cli")).token.person == lan
    actions.deactivate_person(lan.pk, reason="x", actor=system("cli"), at=MONDAY)
    refused(PersonInactive, actions.create_token, lan.pk, **facts, actor=system("cli"))


def test_whose_second_factor_is_missing_makes_no_key(city):
    hanh = make_officer(city.river, kind="people_committee", title="Chủ tịch")
    whole = actor(hanh)
    withheld = WithoutSecondFactor(person_id=hanh.pk, name=hanh.full_name, withheld=whole.duties)
    refused(
        NotYourDuty,
        actions.create_token,
        hanh.pk,
        name="x",
        duties=["see figures"],
        expires_at=EXPIRES,
        actor=withheld,
        at=MONDAY,
    )
    assert replace(withheld, owns=frozenset({("x", 1)})).withheld == whole.duties


def test_the_bearer_of_a_key_is_the_actor_of_the_request(city):
    lan = make_officer(city.river)
    secret = make_token(lan, ["receive dossiers"], at=timezone.now())
    good = RequestFactory().get("/", headers={"Authorization": f"Bearer {secret}"})
    assert BearerActor()(good).person_id == lan.pk
    assert good.actor.may("receive dossiers", unit_id=city.river.pk)
    for header in (f"Bearer {secret}x", f"Basic {secret}", "Bearer", ""):
        bad = RequestFactory().get("/", headers={"Authorization": header} if header else {})
        assert BearerActor()(bad) is None
        assert not hasattr(bad, "actor")
