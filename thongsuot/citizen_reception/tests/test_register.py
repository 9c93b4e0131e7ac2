"""The register: gap-free numbers, kinds, who may see whom, what is handed over from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.facts import PaperFacts, VisitorFacts
from thongsuot.citizen_reception.models import ReceptionEntry, Visitor
from thongsuot.citizen_reception.queries import register as queries
from thongsuot.citizen_reception.queries import statistics
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY, WHO, came
from thongsuot.files.actions import EndingDisagrees
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.models import LookUp

pytestmark = pytest.mark.django_db


def found(office, name, words="", **asked):
    rows = queries.entries(office.actor(name), queries.Asked(words=words, **asked), now=MONDAY, on=MONDAY.date())
    return [entry.pk for entry in rows]


def test_numbers_follow_each_other_by_unit_and_year(office):
    first, second = came(office), came(office)
    other = came(office, unit_id=office.hill, by="dao")
    next_year = came(office, at=datetime(2027, 1, 4, 9, tzinfo=VIET_NAM))

    assert [str(one) for one in (first, second, other, next_year)] == ["1/2026", "2/2026", "1/2026", "1/2027"]


def test_a_refused_visit_leaves_no_gap(office):
    with pytest.raises(EndingDisagrees):
        came(office, papers=[PaperFacts(title="Đơn", content=pdf(), file_name="don.png")])
    with pytest.raises(BadInput):
        came(office, matter=" ")

    assert str(came(office)) == "1/2026"
    assert ReceptionEntry.objects.count() == Visitor.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"visitor": replace(WHO, name="")}, "name"),
        ({"visitor": replace(WHO, name="x" * 201)}, "name"),
        ({"visitor": replace(WHO, address="x" * 301)}, "address"),
        ({"visitor": replace(WHO, id_number="12")}, "id_number"),
        ({"visitor": replace(WHO, phone="không có")}, "phone"),
        ({"visitor": replace(WHO, email="a@b\nc")}, "email"),
        ({"visitor": replace(WHO, people=0)}, "people"),
        ({"visitor": replace(WHO, people=10_000)}, "people"),
        ({"visitor": replace(WHO, people=3)}, "representatives"),
        ({"matter": "x" * 4001}, "matter"),
        ({"heard_by": "x" * 201}, "heard_by"),
        ({"kind": "petition"}, "kind"),
        ({"kind": "complaint", "competence": ""}, "competence"),
        ({"competence": "others"}, "competent_body"),
        ({"papers": [PaperFacts(title=" ")]}, "papers"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(office, changes, where):
    with pytest.raises(BadInput) as refusal:
        came(office, **changes)

    assert where in refusal.value.problems
    assert not ReceptionEntry.objects.exists()


def test_too_many_papers_are_refused(office):
    with pytest.raises(errors.TooManyPapers):
        came(office, papers=[PaperFacts(title="Đơn")] * 21)


def test_only_who_receives_in_the_unit_writes_its_book(office):
    for name in ("dao", "phung", "khach"):
        with pytest.raises(NotYourDuty):
            came(office, by=name)
    assert not ReceptionEntry.objects.exists()


def test_no_event_tells_who_came_or_what_they_said(office):
    entry = came(office, kind="", competence="")
    actions.classify(entry.pk, kind="denunciation", competence="ours", actor=office.actor("viet"), at=MONDAY)
    actions.open_visitor(entry.pk, reason="Lập phiếu", actor=office.actor("viet"), at=MONDAY)

    facts = str(list(Event.objects.values_list("facts", flat=True)))
    assert [event.name.rpartition(".")[2] for event in history_of(entry)] == ["received", "classified"]
    for secret in ("Lò Thị", "0912000077", "001431000077", "phố Bến", "xử phạt", "den@vidu.vn"):
        assert secret not in facts


def test_a_denouncers_name_is_for_who_received_and_who_leads(office):
    entry = came(office, kind="denunciation")

    for name in ("viet", "hanh"):
        who = actions.open_visitor(entry.pk, reason="Lập phiếu xử lý", actor=office.actor(name), at=MONDAY)
        assert who.name == WHO.name
    with pytest.raises(errors.VisitorKept):
        actions.open_visitor(entry.pk, reason="Xem", actor=office.actor("thu"), at=MONDAY)
    with pytest.raises(errors.VisitorKept):
        actions.classify(entry.pk, kind="complaint", competence="ours", actor=office.actor("thu"), at=MONDAY)
    for name in ("dao", "phung", "khach"):
        with pytest.raises(NotYourDuty):
            actions.open_visitor(entry.pk, reason="Xem", actor=office.actor(name), at=MONDAY)
    with pytest.raises(BadInput):
        actions.open_visitor(entry.pk, reason=" ", actor=office.actor("viet"), at=MONDAY)
    looks = LookUp.objects.filter(subject="citizen_reception.receptionentry", subject_id=entry.pk).order_by("pk")
    assert [look.by_name for look in looks] == ["Trần Thị Viet", "Trần Thị Hanh"]


def test_it_is_found_by_number_and_by_name_without_marks(office):
    first, second = came(office), came(office, visitor=replace(WHO, name="Phạm Văn Khác"))

    assert found(office, "thu", "lo thi den") == [first.pk]
    assert found(office, "thu", "2/2026") == found(office, "thu", " 002 ") == [second.pk]
    assert found(office, "thu", "2/2025") == found(office, "thu", "%") == []
    assert found(office, "dao", "lo thi") == found(office, "phung", "lo thi") == found(office, "phung") == []


def test_a_name_finds_a_denunciation_only_for_who_may_see_it(office):
    entry = came(office, kind="denunciation")

    assert found(office, "viet", "lo thi") == found(office, "hanh", "lo thi") == [entry.pk]
    assert found(office, "thu", "lo thi") == []
    (row,) = [queries.row_of(one) for one in ReceptionEntry.objects.all()]
    assert row.who == ""
    assert found(office, "thu") == [entry.pk]


def test_a_list_costs_the_same_however_long_it_is(office, django_assert_num_queries):
    for _number in range(3):
        came(office)
    viet = office.actor("viet")
    queries.entries(viet, queries.Asked(), now=MONDAY, on=MONDAY.date()).count()
    with django_assert_num_queries(1):
        rows = [queries.row_of(one) for one in queries.entries(viet, queries.Asked(), now=MONDAY, on=MONDAY.date())]
    assert [row.who for row in rows] == ["Lò Thị Đ•••"] * 3


def test_what_another_capability_found_is_taken_over_once_with_its_channel(office):
    about, operator = office.people["khach"], office.actor("khach")
    said = {"kind": "denunciation", "words": "Cán bộ nhận tiền", "came_as": "hotline", "about": about}
    who = VisitorFacts(name="Lò Thị Gọi", phone="không rõ", email="x", id_number="1", address="y" * 900, people=0)

    first = actions.take_over(office.river, visitor=who, **said, actor=operator, at=MONDAY)
    again = actions.take_over(office.river, visitor=who, **said, actor=operator, at=MONDAY)

    first.refresh_from_db()
    assert first.pk == again.pk
    assert ReceptionEntry.objects.count() == 1
    assert (first.came_as, first.kind, first.about_subject, first.about_id) == (
        "hotline",
        "denunciation",
        "people.person",
        about.pk,
    )
    assert (first.visitor.phone, first.visitor.people, len(first.visitor.address)) == ("", 1, 300)
    # The operator did not receive: only who leads sees who it was.
    with pytest.raises(errors.VisitorKept):
        actions.open_visitor(first.pk, reason="Xem", actor=office.actor("viet"), at=MONDAY)
    assert actions.open_visitor(first.pk, reason="Xem", actor=office.actor("hanh"), at=MONDAY).name == "Lò Thị Gọi"
    with pytest.raises(ValueError, match="pigeon"):
        actions.take_over(office.river, visitor=who, **(said | {"came_as": "pigeon", "about": None}), actor=operator, at=MONDAY)


def test_who_reacts_to_a_class_reads_what_they_need(office):
    entry = came(
        office, kind="feedback", papers=[PaperFacts(title="Ảnh", content=pdf(), file_name="a.pdf"), PaperFacts(title="Đơn")]
    )
    (event,) = [event for event in history_of(entry) if event.name == "citizen_reception.classified"]

    taken = actions.taken(entry.pk)

    assert event.facts == {"as_kind": "feedback", "competence": "ours"}
    assert (taken.kind, taken.code, taken.unit_id, len(taken.file_ids)) == ("feedback", "1/2026", office.river, 1)
    assert (taken.visitor.name, taken.visitor.phone) == (WHO.name, "0912000077")


def test_figures_are_of_all_units_for_the_city_and_of_ones_own_for_the_others(office):
    came(office)
    came(office, visitor=replace(WHO, people=12, representatives="Lò Thị Đến"))
    came(office, unit_id=office.hill, by="dao", kind="denunciation")
    came(office, at=MONDAY + timedelta(days=30))
    first, last = MONDAY.date().replace(day=1), MONDAY.date() + timedelta(days=60)

    def rows(name):
        mine = statistics.counted_units(office.actor(name), on=MONDAY.date())
        return statistics.figures(mine, first=first, last=last, now=MONDAY)

    assert [(row.unit_id, row.month.month, row.entries, row.people) for row in rows("viet")] == [
        (office.river, 8, 2, 13),
        (office.river, 9, 1, 1),
    ]
    total = statistics.total(rows("phung"))
    assert (total.entries, total.kinds["complaint"], total.kinds["denunciation"], total.people) == (4, 3, 1, 15)
    assert rows("khach") == []


def test_the_database_holds_to_one_line_for_a_number(office):
    entry = came(office)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM numbering_series WHERE kind = 'reception.entry'")
        assert cursor.fetchone() == (1,)
    assert ReceptionEntry.objects.filter(book_unit=entry.book_unit_id, year=2026, number=1).count() == 1
    assert HOUSE.trusted
