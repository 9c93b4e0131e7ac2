import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.models import Event
from thongsuot.procedures import catalogue_files, loading, queries, rules
from thongsuot.procedures.catalogue_files import DATA, complete_codes, examples_of, text_title, versions_of
from thongsuot.procedures.forms import clean_form_data, form_class, group_schema
from thongsuot.procedures.models import Competence, ProcedureVersion
from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.units.tests.make import make_city

NOON = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = date(2026, 3, 10)
LAST_OLD_DAY = date(2025, 6, 30)
FIRST_DAY = date(2025, 7, 1)

# The reference procedures; the monthly allowance has its own code beside the admission to a care home.
COMPLETE = [
    "2.000815", "2.000884", "2.000908", "2.000992", "2.001008", "2.000913", "2.000927",
    "1.001193", "1.000656", "1.000894", "1.004884", "1.005461", "1.004746", "2.000635", "1.004873",
    "2.000286", "1.001612", "1.001776", "1.013978",
]  # fmt: skip


def test_the_complete_procedures_are_those_of_the_reference_list():
    assert complete_codes() == sorted(COMPLETE)


@pytest.mark.parametrize("code", COMPLETE)
def test_a_complete_procedure_has_everything_and_can_be_published(code):
    versions = versions_of(DATA / "procedures" / f"{code}.json")
    assert [day for day, _ in versions] == sorted({day for day, _ in versions})
    for _, draft in versions:
        assert rules.check_draft(draft) == {}
        assert draft.has_own_process
        assert draft.papers
        assert draft.results
        assert draft.form_schema
        assert draft.legal_basis
        assert rules.counted_minutes(draft.steps) == rules.limit_in_minutes(draft.limit)
        assert all(rule.to_check <= ("fees" in draft.unverified) for rule in draft.fee_rules)


@pytest.mark.parametrize("code", COMPLETE)
def test_its_form_accepts_a_good_example_and_refuses_a_bad_one(code):
    examples = examples_of(code)
    for _, draft in versions_of(DATA / "procedures" / f"{code}.json"):
        schema = draft.form_schema
        clean = clean_form_data(schema, examples["good"], on=TODAY)
        assert clean
        with pytest.raises(BadInput):
            clean_form_data(schema, examples["bad"], on=TODAY)
        for group in schema["x-groups"]:
            assert form_class(group_schema(schema, group["key"]))().fields


def fees(code, data, *, channel=1, on=TODAY):
    _, draft = versions_of(DATA / "procedures" / f"{code}.json")[-1]
    lines = rules.fees_for_form(draft.fee_rules, schema=draft.form_schema, data=data, channel=channel, on=on)
    return {line.code: line.amount_dong for line in lines}


def test_what_the_reference_procedures_cost():
    copies = {"papers": [{"kind": "id", "pages": 1, "copies": 1}, {"kind": "diploma", "pages": 500, "copies": 2}]}
    assert fees("2.000815", copies) == {"certified_copy": 2_000 + 2 * 200_000}
    assert fees("2.000884", {}) == {"certified_signature": 10_000}
    assert fees("2.000908", {"copies": 5}) == {}
    assert fees("2.000992", {}) == fees("2.001008", {}) == {"translator_signature": 10_000}
    assert fees("2.000913", {}) == {"amended_deal": 30_000}
    assert fees("2.000927", {}) == {"corrected_deal": 25_000}
    assert fees("2.000635", {"copies": 3}) == {"extract_copy": 24_000}
    assert fees("2.000286", {}) == {}


def test_a_birth_in_time_is_free_and_a_late_one_is_not():
    assert fees("1.001193", {"child_born_on": "2026-01-09", "extract_copies": 2}) == {"birth": 0, "extract_copy": 16_000}
    late = {"child_born_on": "2026-01-08"}
    assert fees("1.001193", late)["birth"] > 0
    assert fees("1.001193", {**late, "exempt_poor": True})["birth"] == 0
    assert fees("1.000894", {"residents": True})["marriage"] == 0


def test_a_household_business_registers_online_for_nothing_from_25_july_2026():
    assert fees("1.001612", {}, channel=2, on=date(2026, 7, 24))["household_business"] > 0
    assert fees("1.001612", {}, channel=2, on=date(2026, 7, 25)) == {"household_business": 0}
    assert fees("1.001612", {}, channel=1, on=date(2026, 7, 25))["household_business"] > 0


def test_from_2026_a_couple_hands_in_no_paper_about_marital_status():
    before, after = versions_of(DATA / "procedures" / "1.000894.json")
    assert after[0] == date(2026, 1, 1)
    assert "marital_status" in {paper.code for paper in before[1].papers}
    assert "marital_status" not in {paper.code for paper in after[1].papers}


def test_legal_texts_are_named_with_their_kind():
    assert text_title("120/2025/NĐ-CP") == "Nghị định 120/2025/NĐ-CP"
    assert text_title("01/2020/TT-BTP") == "Thông tư 01/2020/TT-BTP"
    assert text_title("60/2014/QH13") == "Luật 60/2014/QH13"
    assert text_title("Nghị định 120/2025/NĐ-CP") == "Nghị định 120/2025/NĐ-CP"


def test_the_files_of_complete_procedures_agree_with_the_catalogue():
    shipped = {entry.code: entry for entry in catalogue_files.entries()}
    for code in COMPLETE:
        whole = json.loads((DATA / "procedures" / f"{code}.json").read_text())
        assert whole["code"] == code
        assert shipped[code].versions[0][1].name == whole["name"]
        assert shipped[code].versions[0][0] == shipped[code].right.valid_from


def test_who_may_ask_is_known_of_those_whose_page_was_read():
    """The figures of data/README.md and docs/howto/read-the-index.md."""
    newest = [entry.versions[-1][1] for entry in catalogue_files.entries()]
    assert sum(bool(draft.subjects) for draft in newest) == 397
    assert sum(bool(draft.subjects and draft.papers) for draft in newest) == 17


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The catalogue in a made-up city, loaded once: its rows stay for this module's tests and go with them."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        made = make_city()
        report = loading.load_catalogue(made.city.pk, at=NOON)
        yield made, report
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
        units.clear_caches()


@pytest.mark.django_db
def test_a_commune_resolved_112_procedures_before_and_559_from_the_first_of_july(loaded):
    made, report = loaded
    assert (report.procedures, report.competences, report.known) == (559, 559, 0)
    old_wards = {Unit.objects.get(code=code).pk for code in ("98101", "98102")}
    assert queries.competent_unit_ids("1.001193", city_id=made.city.pk, on=LAST_OLD_DAY) == old_wards
    assert queries.competent_unit_ids("1.001193", city_id=made.city.pk, on=FIRST_DAY) == {made.river.pk, made.hill.pk}
    for old_ward in old_wards:
        assert sum(queries.counts_by_kind(unit_id=old_ward, on=LAST_OLD_DAY).values()) == 112
    assert sum(queries.counts_by_kind(unit_id=made.river.pk, on=FIRST_DAY).values()) == 559


@pytest.mark.django_db
def test_more_than_500_are_decentralised_or_delegated_and_the_list_filters_by_kind(loaded):
    made, _ = loaded
    counts = queries.counts_by_kind(unit_id=made.river.pk, on=TODAY)
    assert counts["decentralised"] + counts["delegated"] > 500
    found = queries.catalogue(on=TODAY, unit_id=made.river.pk, kind="devolved")
    assert found.total == counts["devolved"] > 0
    assert {row.competence_kind for row in found.rows} == {"devolved"}


@pytest.mark.django_db
def test_each_of_the_447_added_has_a_basis_for_competence_and_a_known_e_process(loaded):
    added = Competence.objects.filter(valid_from=FIRST_DAY)
    assert added.count() == 559 - 112 == 447
    assert not added.filter(basis="").exists()
    versions = ProcedureVersion.objects.filter(procedure__in=added.values("procedure"))
    assert all(version.steps and version.has_own_process in (True, False) for version in versions)
    assert not any(version.legal_basis == [] for version in ProcedureVersion.objects.all())


@pytest.mark.django_db
def test_what_was_not_read_is_marked(loaded):
    assert ProcedureVersion.objects.filter(has_own_process=True).values("procedure").distinct().count() == len(COMPLETE)
    default = ProcedureVersion.objects.filter(has_own_process=False)
    assert not default.exclude(unverified__contains=["papers", "steps"]).exists()
    assert queries.version_in_force("2.000815", on=TODAY).limit.unit == "same_day"
    assert default.filter(unverified__contains=["limit"]).exists()


@pytest.mark.django_db
def test_loading_again_changes_nothing(loaded):
    made, _ = loaded
    events = Event.objects.count()
    again = loading.load_catalogue(made.city.pk, at=NOON)
    assert (again.procedures, again.versions, again.competences, again.known) == (0, 0, 0, 559)
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_search_needs_no_marks_knows_what_people_say_and_ranks_the_plain_name_first(loaded, django_assert_max_num_queries):
    made, _ = loaded
    queries.counts_by_kind(unit_id=made.river.pk, on=TODAY)
    with django_assert_max_num_queries(2):
        found = queries.catalogue("dang ky khai sinh", on=TODAY, unit_id=made.river.pk)
    assert found.rows[0].code == "1.001193"
    assert queries.catalogue("ĐĂNG  KÝ khai sinh", on=TODAY).rows[0].code == "1.001193"
    assert queries.catalogue("2.000815", on=TODAY).rows[0].code == "2.000815"
    assert queries.catalogue("sao y", on=TODAY).rows[0].code == "2.000815"
    assert queries.catalogue("giay doc than", on=TODAY).rows[0].code == "1.004873"
    assert queries.catalogue("khong co thu tuc nay dau", on=TODAY).total == 0
    assert queries.catalogue("%_'\"\\", on=TODAY).total == queries.catalogue(on=TODAY).total
    assert {row.field for row in queries.catalogue("chung thuc", on=TODAY, field_code="chung-thuc").rows} == {"Chứng thực"}
    assert [row.code for row in queries.catalogue(on=TODAY, has_own_process=True).rows if row.code == "1.001193"]


@pytest.mark.django_db
def test_the_list_is_paged_and_a_page_beyond_the_end_is_the_last(loaded):
    last = queries.catalogue(on=TODAY, page=999)
    assert (last.page, last.pages, len(last.rows)) == (12, 12, 559 - 11 * 50)


@pytest.mark.django_db
def test_fields_are_counted_in_vietnamese_order(loaded, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = queries.fields(on=TODAY)
    assert sum(row.procedures for row in rows) == 559
    names = [row.name for row in rows]
    assert names.index("Chăn nuôi") < names.index("Chứng thực") < names.index("Đất đai") < names.index("Hộ tịch")
