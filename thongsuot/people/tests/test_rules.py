"""Duties, posts and what may not be doubled: no database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.people import rules
from thongsuot.units.models import Body, Unit

TODAY = date(2026, 11, 20)
VICE_CHAIR, DIRECTOR = ("people_committee", "Phó Chủ tịch"), ("service_centre", "Giám đốc")


def test_every_post_brings_known_duties_in_a_kind_of_body_that_exists():
    for title in rules.TITLES:
        assert not rules.unknown_duties(title.duties), title
        assert set(title.body_kinds) <= set(Body.Kind.values), title
        assert title.level in Unit.Level.values


def test_no_two_posts_of_one_body_and_level_share_a_name():
    named = [(title.name, title.level, kind) for title in rules.TITLES for kind in title.body_kinds]
    assert len(named) == len(set(named))


def test_signers_and_administrators_need_a_second_factor_and_nobody_else():
    assert {duty.name for duty in rules.DUTIES.values() if duty.second_factor} == {
        "sign results",
        "decide receptions",
        "lead legal aid",
        "approve Party posts",
        "approve allowances",
        "write letters",
        "approve letters",
        *rules.OF_ADMINISTRATORS,
    }


def test_the_chair_of_a_commune_signs_the_chair_of_a_city_does_not():
    assert "sign results" in rules.usual_duties("Chủ tịch", "people_committee", "commune", on=TODAY)
    of_city = rules.usual_duties("Chủ tịch", "people_committee", "province", on=TODAY)
    assert of_city == ("receive citizens", "decide receptions", "see figures")


def test_an_unknown_post_or_one_of_another_body_brings_nothing():
    assert rules.usual_duties("Thuyền trưởng", "office", "commune", on=TODAY) == ()
    assert rules.usual_duties("Chánh Văn phòng", "service_centre", "commune", on=TODAY) == ()


def test_posts_of_the_two_level_government_did_not_exist_before_it():
    assert rules.titles_of("service_centre", "commune", on=date(2025, 6, 30)) == []
    assert rules.titles_of("service_centre", "commune", on=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("post", "other", "last_day", "forbidden"),
    [
        (VICE_CHAIR, DIRECTOR, None, True),
        (DIRECTOR, VICE_CHAIR, None, True),
        (DIRECTOR, VICE_CHAIR, date(2025, 10, 15), True),
        (DIRECTOR, VICE_CHAIR, date(2025, 10, 14), False),  # common in July 2025, and over in time
        (VICE_CHAIR, ("service_centre", "Phó Giám đốc"), None, False),
        (VICE_CHAIR, ("office", "Chánh Văn phòng"), None, False),
    ],
)
def test_a_vice_chair_is_no_centre_director_from_15_10_2025(post, other, last_day, forbidden):
    rule = rules.forbidden_doubling(post, [other], last_day=last_day)
    assert (rule is not None) == forbidden
    if rule:
        assert "332" in rule.basis


@given(st.sets(st.sampled_from(sorted(rules.DUTIES))), st.booleans())
def test_a_stand_in_gains_nothing_new_and_signs_only_when_it_is_said(duties, includes_signing):
    gained = set(rules.passed_on(duties, includes_signing=includes_signing))
    assert gained <= duties
    assert ("sign results" in gained) == (includes_signing and "sign results" in duties)
    assert duties - gained <= {"sign results"}


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8", "Thiết bị không rõ"),
    ],
)
def test_devices_are_named_as_their_owner_knows_them(user_agent, name):
    assert rules.device_name(user_agent) == name
