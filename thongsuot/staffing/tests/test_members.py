"""The list of persons: nobody comes in twice, a list that came by mistake goes again, what was written wrongly is put right."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.files.table_rows import RowsRefused
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.tests.make import MONDAY
from thongsuot.staffing import actions
from thongsuot.staffing.models import StaffImport, StaffMember
from thongsuot.staffing.queries.persons import imports_of
from thongsuot.staffing.tests.make import DAY, JUSTICE, in_effect, make_leave, make_member, make_office, propose
from thongsuot.staffing.tests.test_placing import again
from thongsuot.staffing.tests.test_plans import RIVER, come_in
from thongsuot.units.models import Unit

TWO: list[dict[str, object]] = [
    {"full_name": "Nguyễn Văn An", "unit": RIVER, "old_title": "Công chức"},
    {"full_name": "Trần Thị Bình", "unit": RIVER, "email": "binh@vidu.vn"},
]


def test_one_list_does_not_come_in_twice(office):
    come_in(office, TWO, counted=DAY)
    without_address = [TWO[0]]
    for rows, lines in ((TWO, [2, 3]), (without_address, [2]), ([{**TWO[1], "email": ""}], [2])):
        with pytest.raises(RowsRefused) as refusal:
            come_in(office, rows, counted=DAY)
        assert [row.place for row in refusal.value.rows] == lines
    assert StaffMember.objects.count() == 2
    with pytest.raises(BadInput) as one:
        make_member(office, full_name="Nguyễn Văn An", email="", old_title="Công chức")
    assert "thư điện tử của cả hai" in one.value.problems["full_name"]


def test_one_file_does_not_name_a_person_twice(office):
    with pytest.raises(RowsRefused) as refusal:
        come_in(office, [TWO[0], TWO[0]], counted=DAY)

    assert [(row.place, "Dòng 2 đã có" in row.problems["Họ tên"]) for row in refusal.value.rows] == [(3, True)]
    assert not StaffMember.objects.exists()


def test_namesakes_are_told_apart_by_their_addresses_their_title_or_their_unit(office):
    an = TWO[0]
    rows = [
        {**an, "email": "an-1@vidu.vn"},
        {**an, "email": "an-2@vidu.vn"},
        {**an, "old_title": "Phó Chủ tịch"},
        {**an, "unit": "98002"},
        {**an, "full_name": "Nguyễn Vân An"},
    ]
    come_in(office, rows, counted=DAY)

    assert StaffMember.objects.count() == 5


def test_who_was_placed_elsewhere_is_still_the_one_of_the_old_list(office):
    come_in(office, [{"full_name": "Lý An", "unit": "98101", "email": "ly@vidu.vn"}])
    in_effect(office, propose(office, StaffMember.objects.get()))

    with pytest.raises(RowsRefused):
        come_in(office, [{"full_name": "Lý An", "unit": "98101"}])


@pytest.mark.django_db(transaction=True)
def test_two_lists_of_the_same_people_sent_at_once_do_not_both_come_in():
    """In two files: the same file would wait for itself already."""
    office = make_office()
    faults = at_once(lambda: come_in(office, TWO, counted=DAY), lambda: come_in(office, TWO[::-1], counted=DAY))

    assert [type(fault) for fault in faults] == [RowsRefused]
    assert StaffMember.objects.count() == 2


# -- taken back --------------------------------------------------------------------------------------------------------


def test_a_list_that_came_by_mistake_goes_again_whole(office):
    came = come_in(office, TWO, counted=DAY)
    stays = make_member(office)
    with pytest.raises(NotYourDuty):
        actions.withdraw_import(came.pk, actor=office.actor("hanh"), at=MONDAY)
    actions.withdraw_import(came.pk, actor=office.actor("nga"), at=MONDAY)

    assert list(StaffMember.objects.all()) == [stays]
    assert StaffImport.objects.get(pk=came.pk).withdrawn_at == MONDAY
    assert Event.objects.get(name="staffing.import_withdrawn").facts["rows"] == 2
    with pytest.raises(NotFound):
        actions.withdraw_import(came.pk, actor=office.actor("nga"), at=MONDAY)
    come_in(office, TWO, counted=DAY)


@pytest.mark.parametrize("how", ["placement", "leave"])
def test_a_list_of_which_somebody_is_under_way_stays(office, how):
    came = come_in(office, TWO, counted=DAY)
    member = StaffMember.objects.order_by("pk").last()
    propose(office, member) if how == "placement" else make_leave(office, member)

    assert [row.may_go for row in imports_of(office.city.city.pk)] == [False]
    with pytest.raises(actions.errors.ImportInUse):
        actions.withdraw_import(came.pk, actor=office.actor("nga"), at=MONDAY)
    assert StaffMember.objects.count() == 2


# -- put right ---------------------------------------------------------------------------------------------------------


def correct(office, member: StaffMember, **written: object) -> StaffMember:
    said: dict[str, object] = {
        "full_name": member.full_name,
        "unit": "98001",
        "counted": DAY,
        "state": member.state,
        "position": member.position.code if member.position else "",
        **written,
    }
    return actions.change_member(
        member.pk,
        email=member.email,
        qualification="3",
        fields="luật",
        years_in_field=6,
        wish_unit_id=None,
        written=actions.Written(**said),
        actor=office.actor("nga"),
        at=MONDAY,
    )


def test_name_unit_state_and_position_are_put_right(office):
    member = make_member(office)
    changed = correct(office, member, full_name="Hoàng Thị May", unit="98002", state="assigned", position=JUSTICE)

    assert (changed.full_name, changed.search_name, changed.unit_id) == ("Hoàng Thị May", "hoang thi may", office.hill.pk)
    assert (changed.old_unit_id, changed.state, changed.position.code) == (office.hill.pk, "assigned", JUSTICE)
    assert changed.waiting_since is None
    back = correct(office, again(member), unit="98101", counted=date(2025, 6, 30), state="waiting", position="")
    assert (back.waiting_since, back.unit_id) == (DAY, Unit.objects.get(code="98101").pk)
    facts = [event.facts for event in Event.objects.filter(name="staffing.member_changed")]
    assert "full_name" in facts[0]["fields"]
    assert "May" not in str(facts)


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"full_name": " "}, "full_name"),
        ({"unit": "99999"}, "unit"),
        ({"state": "leaves"}, "state"),
        ({"state": "assigned"}, "position"),
        ({"state": "assigned", "position": "VT88"}, "position"),
        ({"state": "x"}, "state"),
    ],
)
def test_a_correction_that_cannot_be_says_where(office, written, field):
    member = make_member(office)
    with pytest.raises(BadInput) as refusal:
        correct(office, member, **written)

    assert field in refusal.value.problems
    assert (again(member).full_name, member.state) == ("Hoàng Thị Mai", "waiting")


def test_what_a_placement_brought_about_is_not_corrected_away(office):
    member = make_member(office)
    in_effect(office, propose(office, member))
    with pytest.raises(BadInput) as refusal:
        correct(office, again(member), position="VT20")
    assert "phương án" in refusal.value.problems["state"]

    assert correct(office, again(member), full_name="Hoàng Mai").full_name == "Hoàng Mai"


def test_an_address_of_another_listed_person_is_refused(office):
    one, other = make_member(office), make_member(office)
    other.email = one.email
    with pytest.raises(BadInput) as refusal:
        correct(office, other)

    assert set(refusal.value.problems) == {"email"}
