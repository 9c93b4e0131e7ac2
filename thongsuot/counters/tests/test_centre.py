"""A centre is set up: sections with counters, a room measured against the least, machines whose history is kept, rosters."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Equipment, Premises, RosterEntry, Section, Training
from thongsuot.counters.queries.rosters import officers_at, points_on, shifts_of
from thongsuot.counters.rules.rosters import ALL_FIELDS, gaps, is_trained, trained_fields
from thongsuot.counters.rules.settings import USUAL, Settings
from thongsuot.counters.tests.make import DAY, HOUSE, MONDAY, a_counter, a_queue
from thongsuot.counters.tests.test_opening import open_as_usual
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.actions import open_account
from thongsuot.people.tests.make import browser_of
from thongsuot.procedures.models import Field
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
MORNING = time(7, 30)
TODAY = MONDAY.date()


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def hong(office):
    return office.actor("hong")


@pytest.fixture
def fields(office) -> list[str]:
    for number in (1, 2):
        make_procedure(f"9.00000{number}", name=f"Thủ tục {number}", field=f"Lĩnh vực {number}", city_id=office.city.city.pk)
    return list(Field.objects.order_by("name").values_list("code", flat=True))


def a_section(office, name="Bộ phận Hộ tịch", **more):
    facts = {"name": name, "fields": [], "posts": 2, **more}
    return actions.open_section(office.point.pk, **facts, actor=office.actor("hong"), at=MONDAY)


def an_item(office, code="MVT-01", **more):
    facts = {"kind": "computer", "code": code, "name": "Máy vi tính", **more}
    return actions.add_equipment(office.point.pk, **facts, actor=office.actor("hong"), at=MONDAY)


def train(office, who, fields=(), *, on=TODAY):
    said_so = {"fields": fields, "trained_on": on, "evidence": "Giấy chứng nhận số 12"}
    return actions.record_training(office.point.pk, office.people[who].pk, **said_so, actor=office.actor("hong"), at=MONDAY)


def seat(office, seats, *, day=TODAY, starts=MORNING, at=MONDAY):
    people = {counter.pk: office.people[who].pk for counter, who in seats}
    return actions.set_shift(office.point.pk, day=day, starts=starts, seats=people, actor=office.actor("hong", at), at=at)


def first_shift(office, day=TODAY):
    return shifts_of([office.point.pk], first=day, days=1)[office.point.pk][0]


def test_a_section_has_fields_posts_and_counters_and_stays_while_it_has_some(office, fields, hong):
    section, queue = a_section(office, fields=fields[:1]), a_queue(office)
    with pytest.raises(errors.SectionNamed):
        a_section(office)
    counter = actions.open_counter(
        office.point.pk, number=1, name="", queues=[queue.pk], section_id=section.pk, actor=hong, at=MONDAY
    )
    with pytest.raises(errors.SectionInUse):
        actions.close_section(section.pk, actor=hong, at=MONDAY)
    changed = actions.change_section(section.pk, name="Một cửa", fields=fields, posts=3, actor=hong, at=MONDAY)
    assert (changed.name, changed.fields, changed.posts) == ("Một cửa", sorted(fields), 3)
    actions.change_counter(counter.pk, name="", queues=[queue.pk], section_id=None, actor=hong, at=MONDAY)
    actions.close_section(section.pk, actor=hong, at=MONDAY)
    assert Section.objects.get().valid_to == TODAY
    with pytest.raises(BadInput):
        actions.change_counter(counter.pk, name="", queues=[queue.pk], section_id=section.pk, actor=hong, at=MONDAY)


@pytest.mark.parametrize(
    ("change", "field"), [({"name": " "}, "name"), ({"posts": -1}, "posts"), ({"fields": ["khong-co"]}, "fields")]
)
def test_what_a_section_cannot_be(office, change, field):
    with pytest.raises(BadInput) as refused:
        a_section(office, **change)
    assert list(refused.value.problems) == [field]
    assert not Section.objects.exists()


def test_a_machine_is_known_by_its_label_and_its_history_says_how_it_fared(office, hong):
    counter = a_counter(office, a_queue(office))
    item = an_item(office)
    with pytest.raises(errors.CodeTaken):
        an_item(office)
    lan = office.people["lan"].pk
    for state, counter_id, holder in (("broken", counter.pk, lan), ("good", None, None), ("retired", None, None)):
        actions.change_equipment(item.pk, state=state, counter_id=counter_id, holder_id=holder, actor=hong, at=MONDAY)
    rows = [(row.facts["state"], row.facts["counter"], row.facts["holder"]) for row in history_of(item)]
    assert rows == [("good", None, None), ("broken", 1, lan), ("good", None, None), ("retired", None, None)]
    with pytest.raises(NotFound):
        actions.change_equipment(item.pk, state="good", counter_id=None, holder_id=None, actor=hong, at=MONDAY)
    assert an_item(office).pk != item.pk


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"code": ""}, "code"),
        ({"name": ""}, "name"),
        ({"state": "x"}, "state"),
        ({"counter_id": 10**12}, "counter"),
        ({"holder_id": 10**12}, "holder"),
    ],
)
def test_what_a_machine_cannot_be(office, change, field):
    with pytest.raises(BadInput) as refused:
        an_item(office, **change)
    assert list(refused.value.problems) == [field]
    assert not Equipment.objects.exists()


def test_the_room_is_measured_against_the_least_of_the_city(office, clock):
    page, point = browser_of(office.people["hong"]), office.point.pk
    assert "Chưa ghi diện tích" in said(page.get(url("equipment", point)))
    done = page.post(url("equipment", point), {"viec": "dien-tich", "area_m2": "112", "note": ""}, follow=True)
    assert "Thành phố chưa đặt mức tối thiểu" in said(done)
    for least, words in ((150, "dưới mức tối thiểu 150 m²"), (100, "đạt mức tối thiểu 100 m²")):
        actions.set_settings(Settings(**{**vars(USUAL), "least_area_m2": least}), actor=HOUSE, at=MONDAY)
        assert words in said(page.get(url("equipment", point)))
    assert page.post(url("equipment", point), {"viec": "dien-tich", "area_m2": "0"}).status_code == 422
    assert Premises.objects.get().area_m2 == 112


def test_who_may_be_seated_is_who_serves_there_by_a_post(office, hong):
    names = [name for _person, name in officers_at(office.point.pk, on=TODAY)]
    assert names == ["Trần Thị Hoa", "Trần Thị Hong", "Trần Thị Lan"]
    there = open_account(
        email="tai@vidu.vn",
        full_name="Trần Thị Tại",
        body_id=office.city.body(office.city.river, "service_centre").pk,
        point_id=office.point.pk,
        title="Chuyên viên",
        duties=["receive dossiers"],
        valid_from=TODAY,
        actor=HOUSE,
        at=MONDAY,
    )
    assert there.pk in dict(officers_at(office.point.pk, on=TODAY))
    office.give_point_to_city((MONDAY + DAY).date())
    names = [name for _person, name in officers_at(office.point.pk, on=(MONDAY + DAY).date())]
    assert names == [
        "Trần Thị An",
        "Trần Thị Bao",
        *(["Trần Thị Tại"] if there.appointments.filter(valid_to=None).exists() else []),
    ]


def test_a_shift_without_somebody_trained_for_a_queue_is_a_gap(office, fields):
    open_as_usual(office)
    one, two = fields
    queues = [
        a_queue(office, "A", "Một", fields=[one]),
        a_queue(office, "B", "Hai", fields=[two]),
        a_queue(office, "C", "Khác"),
    ]
    counters = [a_counter(office, queue, number=place) for place, queue in enumerate(queues, start=1)]
    assert first_shift(office).gaps == ["A - Một", "B - Hai", "C - Khác"]
    seat(office, [(counters[0], "lan"), (counters[1], "hoa"), (counters[2], "hong")])
    assert (first_shift(office).gaps, first_shift(office).staffed) == (["A - Một", "B - Hai", "C - Khác"], False)
    train(office, "lan", [two])
    assert (first_shift(office).gaps, first_shift(office).staffed) == (["A - Một", "B - Hai", "C - Khác"], True)
    wrong = train(office, "lan", [one])
    train(office, "hoa")
    train(office, "hong", [one])
    assert first_shift(office).gaps == []
    actions.withdraw_training(wrong.pk, point_id=office.point.pk, actor=office.actor("hong"), at=MONDAY)
    assert first_shift(office).gaps == ["A - Một"]


@given(
    st.dictionaries(st.integers(1, 5), st.sets(st.sampled_from("xyz"))),
    st.lists(st.tuples(st.sets(st.integers(1, 5)), st.none() | st.frozensets(st.sampled_from("xyz")))),
)
def test_one_more_officer_never_makes_a_gap_and_one_trained_for_all_at_all_queues_leaves_none(queues, seats):
    before = set(gaps(queues, seats))
    assert set(gaps(queues, [*seats, ({1}, frozenset("x"))])) <= before
    assert gaps(queues, [*seats, (set(queues), ALL_FIELDS)]) == []


def test_trained_until_a_day():
    trainings = [(TODAY, ["x"]), ((MONDAY + DAY).date(), [])]
    assert trained_fields(trainings, on=TODAY) == {"x"}
    assert trained_fields(trainings, on=(MONDAY + DAY).date()) is ALL_FIELDS
    assert not is_trained(frozenset(), [])
    assert is_trained(frozenset("x"), [])
    assert not is_trained(frozenset("x"), ["x", "y"])


def test_a_shift_is_planned_anew_and_the_history_of_the_point_says_so(office):
    open_as_usual(office)
    queue = a_queue(office)
    counters = [a_counter(office, queue, number=number) for number in (1, 2)]
    seat(office, [(counters[0], "lan"), (counters[1], "hoa")])
    seat(office, [(counters[0], "hoa")])
    assert [(row.number, row.name) for row in first_shift(office).seats] == [(1, "Trần Thị Hoa")]
    facts = history_of(office.point)[-1].facts
    assert (facts["day"], facts["starts"], facts["seats"]) == ("2025-10-06", "07:30", {"1": office.people["hoa"].pk})


def test_what_a_shift_cannot_be(office):
    open_as_usual(office)
    queue = a_queue(office)
    counters = [a_counter(office, queue, number=number) for number in (1, 2)]
    with pytest.raises(errors.ShiftOver):
        seat(office, [], day=(MONDAY - DAY).date())
    with pytest.raises(errors.NoShift):
        seat(office, [], starts=time(9))
    with pytest.raises(BadInput) as twice:
        seat(office, [(counters[0], "lan"), (counters[1], "lan")])
    assert set(twice.value.problems) == {f"seat_{one.pk}" for one in counters}
    with pytest.raises(BadInput):
        seat(office, [(counters[0], "dao")])
    with pytest.raises(NotYourDuty):
        actions.set_shift(office.point.pk, day=TODAY, starts=MORNING, seats={}, actor=office.actor("lan"), at=MONDAY)
    assert not RosterEntry.objects.exists()


def test_a_week_is_copied_where_nobody_is_planned_yet(office, hong):
    open_as_usual(office)
    counter = a_counter(office, a_queue(office))
    for day in range(2):
        seat(office, [(counter, "lan")], day=(MONDAY + day * DAY).date())
    next_monday = (MONDAY + 7 * DAY).date()
    seat(office, [(counter, "hoa")], day=next_monday)
    assert actions.copy_week(office.point.pk, monday=next_monday, actor=hong, at=MONDAY) == 1
    planned = RosterEntry.objects.filter(day__gte=next_monday).order_by("day").values_list("day", "person_name")
    assert list(planned) == [(next_monday, "Trần Thị Hoa"), ((MONDAY + 8 * DAY).date(), "Trần Thị Lan")]
    with pytest.raises(errors.NothingToCopy):
        actions.copy_week(office.point.pk, monday=next_monday, actor=hong, at=MONDAY)


def test_who_sits_without_being_planned_is_shown_and_not_forbidden(office):
    open_as_usual(office)
    queue = a_queue(office)
    counters = [a_counter(office, queue, number=number) for number in (1, 2)]
    seat(office, [(counters[0], "lan")])
    actions.sit_down(counters[0].pk, actor=office.actor("lan"), at=MONDAY)
    actions.sit_down(counters[1].pk, actor=office.actor("hoa"), at=MONDAY)
    assert first_shift(office).unplanned == [(2, "Trần Thị Hoa")]


def test_the_city_sees_every_point_and_the_shifts_that_lack_somebody(office, clock, django_assert_max_num_queries):
    ids = [office.city.river.pk, office.city.hill.pk]
    assert [row.known for row in points_on(ids, on=TODAY)] == [False, False]
    open_as_usual(office)
    counter = a_counter(office, a_queue(office))
    train(office, "lan")
    for starts in (MORNING, time(13, 30)):
        seat(office, [(counter, "lan")], starts=starts)
    hill, river = points_on(ids, on=TODAY)
    assert (hill.known, river.known, river.ready, len(river.shifts)) == (False, True, True, 2)
    leader = open_account(
        email="cao@vidu.vn",
        full_name="Trần Thị Cao",
        body_id=office.city.body(office.city.city, "service_centre").pk,
        title="Chủ tịch",
        duties=["see figures"],
        valid_from=TODAY,
        actor=HOUSE,
        at=MONDAY,
    )
    page = browser_of(leader)
    shown = said(page.get(url("rosters")))
    assert "Chưa đặt giờ mở cửa" in shown
    assert "07:30-11:30 : 1 người, 1 đã tập huấn" in shown
    assert "Không mở cửa" in said(page.get(url("rosters"), {"ngay": "2025-10-05"}))
    with django_assert_max_num_queries(34):
        page.get(url("rosters"), {"ngay": "xx"})
    assert browser_of(office.people["lan"]).get(url("rosters")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_one_shift_at_once_leave_one_plan(office):
    open_as_usual(office)
    queue = a_queue(office)
    counters = [a_counter(office, queue, number=number) for number in (1, 2)]
    lan, hoa = (office.people[who].pk for who in ("lan", "hoa"))
    people = [dict(zip([one.pk for one in counters], who, strict=True)) for who in ((lan, hoa), (hoa, lan))]
    hong = office.actor("hong")
    assert (
        at_once(
            *(
                lambda seats=seats: actions.set_shift(
                    office.point.pk, day=TODAY, starts=MORNING, seats=seats, actor=hong, at=MONDAY
                )
                for seats in people
            )
        )
        == []
    )
    assert RosterEntry.objects.count() == 2


def test_sections_equipment_training_and_rosters_on_their_pages(office, fields, clock):
    open_as_usual(office)
    page, point = browser_of(office.people["hong"]), office.point.pk
    queue = a_queue(office)
    assert page.post(url("open_section", point), {"name": "", "posts": "2"}).status_code == 422
    done = page.post(
        url("open_section", point), {"name": "Bộ phận Hộ tịch", "posts": "2", "fields_served": fields[:1]}, follow=True
    )
    assert "1 bộ phận, 2 biên chế" in said(done)
    section = Section.objects.get()
    made = page.post(url("open_counter", point), {"number": "1", "queues": [queue.pk], "section_id": section.pk}, follow=True)
    assert "Bộ phận Hộ tịch Lĩnh vực 1 1 2" in said(made)
    assert "còn quầy" in said(page.post(url("change_section", section.pk), {"viec": "thoi"}))
    page.post(url("change_section", section.pk), {"name": "Một cửa", "posts": "3"})
    assert Section.objects.get().name == "Một cửa"

    item = {"viec": "them", "kind": "printer", "code": "MI-01", "name": "Máy in", "state": "good", "counter": "", "holder": ""}
    assert "MI-01 Máy in" in said(page.post(url("equipment", point), item, follow=True))
    assert page.post(url("equipment", point), item).status_code == 422
    found = Equipment.objects.get()
    lan = office.people["lan"].pk
    page.post(url("equipment_one", found.pk), {"state": "broken", "counter": "", "holder": lan})
    assert "Hỏng, chờ sửa" in said(page.get(url("equipment_one", found.pk)))
    assert page.post(url("equipment_one", found.pk), {"state": "x"}).status_code == 422
    assert page.post(url("equipment", point), {}).status_code == 422

    learnt = {"viec": "ghi", "person": lan, "trained_on": "01/10/2025", "evidence": "Lớp tháng 9"}
    assert page.post(url("training", point), {**learnt, "trained_on": "09/10/2025"}).status_code == 422
    assert "Mọi lĩnh vực" in said(page.post(url("training", point), learnt, follow=True))
    gone = page.post(url("training", point), {"viec": "bo", "tap-huan": Training.objects.get().pk}, follow=True)
    assert "Mọi lĩnh vực 01/10/2025" not in said(gone)

    counter = RosterEntry._meta.get_field("counter").related_model.objects.get()
    address = f"{url('shift', point)}?ngay=2025-10-06&ca=07:30"
    assert page.get(url("shift", point)).status_code == 302
    assert page.post(address, {f"seat_{counter.pk}": "999999"}).status_code == 422
    week = said(page.post(address, {f"seat_{counter.pk}": lan}, follow=True))
    assert "Quầy 1 : Trần Thị Lan chưa tập huấn" in week or "Quầy 1: Trần Thị Lan chưa tập huấn" in week
    assert "12 ca" not in week
    copied = page.post(url("roster", point), {"viec": "chep", "tuan": "2025-10-13"}, follow=True)
    assert "Đã chép 1 chỗ" in said(copied)
    assert page.post(url("roster", point), {}).status_code == 422
    theirs = browser_of(office.people["lan"])
    assert "Xếp ca" not in said(theirs.get(url("roster", point)))
    assert theirs.post(url("roster", point), {"viec": "chep", "tuan": "2025-10-13"}).status_code == 403
