import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.procedures import actions, queries
from thongsuot.procedures.models import Competence, Procedure, ProcedureVersion
from thongsuot.procedures.tests.make import HOUSE, MADE_AT, make_competence, make_draft, make_procedure
from thongsuot.units.models import Unit, UnitName

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)  # 12:00 in Hà Nội
TODAY = date(2026, 3, 10)
TEN_DAYS = Limit(10, LimitUnit.WORKING_DAYS)


@pytest.fixture
def city():
    return make_unit("01", "province", "Hà Nội")


@pytest.fixture
def ward(city):
    return make_unit("00070", "commune", "Hoàn Kiếm", parent=city)


def make_unit(code, level, name, parent=None):
    unit = Unit.objects.create(code=code, level=level, parent=parent, valid_from=date(2025, 7, 1))
    UnitName.objects.create(
        unit=unit,
        kind="phuong" if level == "commune" else "thanh_pho_tw",
        name=name,
        full_name=name,
        search_name=name.lower(),
        sort_name=name,
        valid_from=date(2025, 7, 1),
    )
    return unit


def lan(city):
    return Actor(person_id=1, name="Lan", duties={"manage procedures": frozenset({city.pk})})


def publish(city, *, code="2.000815", valid_from=TODAY, actor=None, kind="national", **draft):
    return actions.publish_version(
        code, draft=make_draft(**draft), valid_from=valid_from, city_id=city.pk, kind=kind, actor=actor or lan(city), at=NOON
    )


def test_a_new_version_ends_the_one_before_and_leaves_it_as_it_was(city):
    first = make_procedure("2.000815")
    before = queries.version(first.pk)

    second = publish(city, valid_from=date(2026, 4, 1), limit=TEN_DAYS)

    first.refresh_from_db()
    assert (first.valid_to, second.valid_from, second.valid_to, second.number) == (date(2026, 4, 1), date(2026, 4, 1), None, 2)
    assert queries.version(first.pk) == before
    assert queries.version_in_force("2.000815", on=date(2026, 3, 31)).id == first.pk
    assert queries.version_in_force("2.000815", on=date(2026, 4, 1)).limit == TEN_DAYS
    assert [row.name for row in history_of(second.procedure)] == ["procedures.version_published"] * 2


def test_a_version_announced_for_later_stays_when_an_earlier_one_is_published(city):
    make_procedure("2.000815")
    later = publish(city, valid_from=date(2026, 9, 1))

    between = publish(city, valid_from=date(2026, 5, 1), limit=TEN_DAYS)

    assert between.valid_to == later.valid_from
    assert queries.version_in_force("2.000815", on=date(2026, 10, 1)).id == later.pk


def test_nobody_publishes_two_versions_from_one_day(city):
    make_procedure("2.000815", valid_from=date(2026, 5, 1))

    with pytest.raises(actions.VersionFromThatDay):
        publish(city, valid_from=date(2026, 5, 1), limit=TEN_DAYS)

    assert ProcedureVersion.objects.count() == 1


def test_the_past_of_a_procedure_cannot_be_rewritten(city):
    make_procedure("2.000815")

    with pytest.raises(actions.PastStays):
        publish(city, valid_from=date(2026, 3, 9), limit=TEN_DAYS)

    assert ProcedureVersion.objects.get().valid_to is None


def test_only_who_manages_procedures_of_the_city_publishes(city, ward):
    duties = {"manage procedures": frozenset({ward.pk}), "receive dossiers": frozenset({city.pk})}
    officer = Actor(person_id=2, name="Minh", duties=duties)

    with pytest.raises(NotYourDuty):
        publish(city, actor=officer)

    assert not Procedure.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("name", {"name": " "}),
        ("limit", {"limit": Limit(0, LimitUnit.WORKING_DAYS)}),
        ("channels", {"channels": frozenset()}),
        ("channels", {"channels": frozenset({1}), "fully_online": True}),
        ("legal_basis", {"legal_basis": []}),
        ("form_schema", {"form_schema": {"type": "array"}}),
        ("decision_number", {"decision_number": "12/QĐ-UBND"}),
        ("decision_number", {"decision_on": date(2025, 6, 24)}),
        ("unverified", {"unverified": frozenset({"everything"})}),
    ],
)
def test_what_is_wrong_with_a_draft_is_said_part_by_part_and_nothing_is_stored(city, part, change):
    with pytest.raises(BadInput) as refusal:
        publish(city, **change)

    assert list(refusal.value.problems) == [part]
    assert not Procedure.objects.exists()


@pytest.mark.parametrize("code", ["2.81", "2.000815 x", "٢.000815", "HN.0001", ""])
def test_a_national_code_has_its_shape(city, code):
    with pytest.raises(BadInput) as refusal:
        publish(city, code=code)
    assert "code" in refusal.value.problems


def test_a_procedure_of_the_city_has_a_code_of_its_own(city):
    version = publish(city, code="HN.0001", kind="local")
    assert queries.version(version.pk).code == "HN.0001"


def test_the_database_itself_keeps_published_versions(city):
    version = make_procedure("2.000815")
    for change in ("UPDATE procedures_procedureversion SET limit_value = 99", "DELETE FROM procedures_procedureversion"):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    version.refresh_from_db()
    assert version.limit_value == 3


def test_versions_and_competences_never_overlap_even_past_the_commands(city):
    version = make_procedure("2.000815", city_id=city.pk)
    version.pk, version.number, version.valid_from = None, 9, date(2026, 1, 1)
    competence = Competence.objects.get()
    competence.pk, competence.valid_from = None, date(2026, 1, 1)
    for row in (version, competence):
        with pytest.raises(IntegrityError, match=r"one_at_a_time|communes_once"), transaction.atomic():
            row.save(force_insert=True)


def test_an_abolished_procedure_is_not_in_force_from_that_day(city):
    make_procedure("2.000815")
    actions.end_procedure(
        "2.000815", ends_on=date(2026, 6, 1), basis="Quyết định 5/QĐ-UBND", city_id=city.pk, actor=lan(city), at=NOON
    )

    assert queries.version_in_force("2.000815", on=date(2026, 5, 31))
    with pytest.raises(queries.NotInForce):
        queries.version_in_force("2.000815", on=date(2026, 6, 1))


def test_a_power_given_to_every_commune_reaches_those_of_the_day(city, ward):
    make_procedure("2.000815", city_id=city.pk)

    view = queries.competence("2.000815", unit_id=ward.pk, on=TODAY)

    assert (view.kind, view.unit_id, view.body_kind) == ("decentralised", None, "people_committee")
    with pytest.raises(queries.NotCompetent):
        queries.competence("2.000815", unit_id=city.pk, on=TODAY)
    with pytest.raises(queries.NotCompetent) as early:
        queries.competence("2.000815", unit_id=ward.pk, on=date(2025, 6, 30))
    assert early.value.begins_on == date(2025, 7, 1)
    assert queries.competent_unit_ids("2.000815", city_id=city.pk, on=TODAY) == {ward.pk}


def test_an_expired_delegation_is_refused_with_its_end_and_what_to_do(city, ward):
    make_procedure("2.000815")
    make_competence("2.000815", city_id=city.pk, unit_id=ward.pk, kind="delegated", valid_to=date(2026, 3, 10))

    assert queries.competence("2.000815", unit_id=ward.pk, on=date(2026, 3, 9)).kind == "delegated"
    with pytest.raises(queries.CompetenceEnded) as refusal:
        queries.competence("2.000815", unit_id=ward.pk, on=TODAY)
    assert refusal.value.status == 409
    assert refusal.value.details()["ended_on"] == "2026-03-10"
    assert "10/03/2026" in refusal.value.message()
    assert "gia hạn" in refusal.value.message()


def test_a_delegation_needs_an_end(city):
    make_procedure("2.000815")
    with pytest.raises(BadInput) as refusal:
        make_competence("2.000815", city_id=city.pk, kind="delegated")
    assert "valid_to" in refusal.value.problems
    assert not Competence.objects.exists()


def test_a_power_is_not_given_twice_for_the_same_time(city, ward):
    make_procedure("2.000815", city_id=city.pk)
    with pytest.raises(actions.CompetenceOverlaps):
        make_competence("2.000815", city_id=city.pk, valid_from=date(2026, 1, 1))
    # A unit's own right beside that of its level is another matter: it goes first.
    make_competence("2.000815", city_id=city.pk, unit_id=ward.pk, kind="devolved", valid_from=date(2026, 1, 1))
    assert queries.competence("2.000815", unit_id=ward.pk, on=TODAY).kind == "devolved"
    assert queries.competence("2.000815", unit_id=ward.pk, on=date(2025, 12, 31)).kind == "decentralised"


def test_a_unit_of_another_city_is_not_given_powers_here(city):
    make_procedure("2.000815")
    stranger = make_unit("00999", "commune", "Nơi khác", parent=make_unit("31", "province", "Hải Phòng"))
    with pytest.raises(BadInput):
        make_competence("2.000815", city_id=city.pk, unit_id=stranger.pk)
    assert not Competence.objects.exists()


def test_an_ended_power_is_refused_from_its_end_and_cannot_be_prolonged_so(city, ward):
    make_procedure("2.000815", city_id=city.pk)
    power = Competence.objects.get()
    with pytest.raises(actions.PastStays):
        actions.end_competence(power.pk, ends_on=date(2026, 3, 9), basis="QĐ 7/QĐ-UBND", actor=lan(city), at=NOON)
    actions.end_competence(power.pk, ends_on=date(2026, 4, 1), basis="QĐ 7/QĐ-UBND", actor=lan(city), at=NOON)

    assert queries.competence("2.000815", unit_id=ward.pk, on=date(2026, 3, 31))
    with pytest.raises(queries.CompetenceEnded):
        queries.competence("2.000815", unit_id=ward.pk, on=date(2026, 4, 1))
    with pytest.raises(actions.CompetenceHasEnded):
        actions.end_competence(power.pk, ends_on=date(2026, 5, 1), basis="QĐ 8/QĐ-UBND", actor=lan(city), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_from_one_day_at_once_one_is_refused():
    make_procedure("2.000815")
    together = threading.Barrier(2)

    def publish_one(days):
        try:
            together.wait()
            limit = Limit(days, LimitUnit.WORKING_DAYS)
            actions.publish_version(
                "2.000815", draft=make_draft(limit=limit), valid_from=date(2026, 5, 1), city_id=0, actor=HOUSE, at=NOON
            )
            return "published"
        except actions.VersionFromThatDay:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(publish_one, [5, 6])) == ["published", "refused"]
    assert ProcedureVersion.objects.count() == 2
    assert Event.objects.filter(name="procedures.version_published").count() == 2


def test_publishing_costs_few_queries(city, django_assert_max_num_queries):
    make_procedure("9.000001")
    with django_assert_max_num_queries(12):  # the savepoints of Django count too
        make_procedure("9.000002")


def test_what_is_in_force_costs_no_query_once_known(city, ward, django_assert_num_queries):
    make_procedure("2.000815", city_id=city.pk)
    queries.version_in_force("2.000815", on=TODAY)
    queries.competence("2.000815", unit_id=ward.pk, on=TODAY)
    with django_assert_num_queries(0):
        queries.version_in_force("2.000815", on=TODAY)
        queries.competence("2.000815", unit_id=ward.pk, on=TODAY)


def test_unknown_and_not_yet_begun_are_two_different_answers():
    with pytest.raises(queries.UnknownProcedure):
        queries.version_in_force("9.999999", on=TODAY)
    make_procedure("2.000815", valid_from=date(2026, 9, 1))
    with pytest.raises(queries.NotInForce) as refusal:
        queries.version_in_force("2.000815", on=TODAY)
    assert refusal.value.begins_on == date(2026, 9, 1)


def test_the_house_may_fill_in_the_past_others_may_not():
    make_procedure("2.000815", valid_from=date(2025, 7, 1))
    version = actions.publish_version(
        "2.000815", draft=make_draft(), valid_from=date(2025, 9, 1), city_id=0, actor=HOUSE, at=MADE_AT
    )
    assert version.number == 2
