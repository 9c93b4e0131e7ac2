"""The lines above a signature: NĐ 30/2020/NĐ-CP Điều 13."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from thongsuot.people.actions import delegate_work
from thongsuot.signing import capacity
from thongsuot.signing.capacity import Post
from thongsuot.signing.queries.capacity import capacity_of
from thongsuot.signing.tests.make import HOUSE, MONDAY, Town, make_town

COMMITTEE = "Ủy ban nhân dân"


@pytest.mark.parametrize(
    ("post", "lines"),
    [
        (Post(title="Chủ tịch", body_kind="people_committee", body_name=COMMITTEE), ("TM. Ủy ban nhân dân", "Chủ tịch")),
        (
            Post(title="Phó Chủ tịch", body_kind="people_committee", body_name=COMMITTEE),
            ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"),
        ),
        (
            Post(title="Quyền Chủ tịch", body_kind="people_committee", body_name=COMMITTEE),
            ("TM. Ủy ban nhân dân", "Q. Chủ tịch"),
        ),
        (Post(title="Giám đốc", body_kind="department", body_name="Sở Ví Dụ"), ("Giám đốc",)),
        (Post(title="Phó Giám đốc", body_kind="department", body_name="Sở Ví Dụ"), ("KT. Giám đốc", "Phó Giám đốc")),
        (Post(title="Chánh Văn phòng", body_kind="office", body_name="Văn phòng"), ("TL. Chủ tịch", "Chánh Văn phòng")),
        (
            Post(title="Phó Chánh Văn phòng", body_kind="office", body_name="Văn phòng"),
            ("TL. Chủ tịch", "KT. Chánh Văn phòng", "Phó Chánh Văn phòng"),
        ),
    ],
)
def test_in_ones_own_right(post, lines):
    assert capacity.own(post) == capacity.Capacity(heading=lines)


def test_a_stand_in_signs_by_delegation_a_deputy_of_the_same_body_as_ever_and_both_say_until_when():
    chair = Post(title="Chủ tịch", body_kind="people_committee", body_name=COMMITTEE)
    deputy = Post(title="Phó Chủ tịch", body_kind="people_committee", body_name=COMMITTEE)
    head = Post(title="Chánh Văn phòng", body_kind="office", body_name="Văn phòng")
    given = {"for_post": chair, "decision": "05/UQ-UBND", "until": date(2025, 10, 11)}

    by_head, by_deputy = capacity.standing_in(head, **given), capacity.standing_in(deputy, **given)

    assert by_head.heading == ("TM. Ủy ban nhân dân", "TUQ. Chủ tịch", "Chánh Văn phòng")
    assert by_deputy.heading == ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch")
    assert by_head.basis == by_deputy.basis == "Theo ủy quyền tại Văn bản ủy quyền số 05/UQ-UBND, đến hết ngày 10/10/2025"


@pytest.fixture
def town(db) -> Town:
    return make_town(certificates=False)


def test_it_holds_only_while_the_delegation_holds_and_only_where_it_includes_signing(town):
    today = MONDAY.date()
    delegate_work(
        town.people["hanh"].pk,
        to_person_id=town.people["thu"].pk,
        unit_id=town.river,
        valid_from=today,
        valid_to=today + timedelta(days=2),
        reason="đi công tác",
        includes_signing=True,
        decision_number="05/UQ-UBND",
        actor=HOUSE,
        at=MONDAY,
    )
    thu = town.people["thu"].pk

    days = [capacity_of(thu, unit_id=town.river, at=MONDAY + timedelta(days=days)) for days in (0, 1, 2)]

    assert [one.heading[1] if one else None for one in days] == ["TUQ. Phó Chủ tịch", "TUQ. Phó Chủ tịch", None]
    assert capacity_of(thu, unit_id=town.city.hill.pk, at=MONDAY) is None
    assert capacity_of(town.people["hanh"].pk, unit_id=town.river, at=MONDAY).basis == ""
