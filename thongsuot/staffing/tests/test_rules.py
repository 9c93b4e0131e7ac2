"""Rules without a database: states, the calculation of who leaves, matching, rows of files."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.people import rules as people_rules
from thongsuot.staffing import rules, sheets
from thongsuot.staffing.loading import rates_of_file
from thongsuot.staffing.models.leaving import LeaveKind, Stage
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.rules import matching
from thongsuot.staffing.rules.leaving import Facts, begun_months, calculate, half_years, whole_months
from thongsuot.staffing.rules.matching import Candidate, Place, Point
from thongsuot.staffing.tests.make import csv_of, xlsx_of

RATES = rates_of_file()
BEGAN = date(2025, 7, 1)


def facts(**changes) -> Facts:
    return Facts(
        **{"kind": "leaving", "pay_dong": 10_000_000, "leaves_on": date(2025, 9, 1), "reorganised_on": BEGAN, **changes}
    )


def amounts(given_facts: Facts) -> dict[str, int]:
    return {line.code: line.amount_dong for line in calculate(given_facts, RATES).lines}


# -- states ------------------------------------------------------------------------------------------------------------


def test_there_are_the_seven_states_and_who_is_gone_stays_gone():
    assert {state.value for state in State} == {
        "waiting",
        "assigned",
        "department",
        "seconded",
        "contract",
        "early_retirement",
        "leaves",
    }
    assert set(rules.FOLLOWS) == set(State)
    assert not rules.FOLLOWS[State.LEAVES]
    assert not rules.FOLLOWS[State.EARLY_RETIREMENT]
    assert not rules.may_become("waiting", "waiting")
    assert all(rules.may_become(state, "leaves") for state in State if state not in rules.GONE)


@given(st.lists(st.sampled_from(list(State)), max_size=8))
def test_no_way_leads_back_from_being_gone(way):
    state = State.WAITING
    for wanted in way:
        if rules.may_become(state, wanted):
            assert state not in rules.GONE
            state = wanted


def test_the_party_approves_what_it_manages_and_nothing_else():
    assert set(rules.sides_needed(party_managed=True)) == {"government", "party"}
    assert rules.sides_needed(party_managed=False) == ("government",)


def test_a_leave_case_goes_desk_by_desk_and_back_until_it_is_decided():
    way, stage = [], Stage.APPLICATION
    while stage != Stage.SETTLED:
        way.append(stage)
        stage = rules.after(stage)

    assert way == list(rules.PATH[:-1])
    assert rules.before(Stage.COUNCIL) == Stage.UNIT_HEAD
    assert rules.before(Stage.APPLICATION) is None
    assert rules.before(Stage.PAYMENT) is None
    assert rules.PASSES.keys() == set(rules.PATH) - {Stage.SETTLED}


def test_duties_are_known_and_given_by_titles():
    assert {rules.MANAGE, rules.PROPOSE, rules.PARTY} <= people_rules.DUTIES.keys()
    assert rules.PROPOSE in people_rules.HEAD
    # Two sides are two persons: no post brings both duties.
    assert not [title for title in people_rules.TITLES if {rules.MANAGE, rules.PARTY} <= set(title.duties)]
    assert people_rules.DUTIES[rules.PARTY].second_factor
    assert people_rules.DUTIES[rules.MANAGE].second_factor


# -- the calculation ---------------------------------------------------------------------------------------------------


def test_early_retirement_three_years_before_in_the_first_year():
    """36 months early: 36 months' pay; 5 a year early; 5 for the first 15 years insured, half a month for each of 5 more."""
    found = amounts(
        facts(kind="early_retirement", retires_on=date(2028, 9, 1), months_insured=20 * 12),
    )

    assert found == {
        "early_near_first": 360_000_000,
        "early_near_years": 150_000_000,
        "early_first_insured": 50_000_000,
        "early_further_insured": 25_000_000,
    }


def test_early_retirement_seven_years_before_and_later_than_the_first_year():
    first = amounts(facts(kind="early_retirement", retires_on=date(2032, 9, 1), months_insured=10 * 12))
    later = amounts(
        facts(kind="early_retirement", leaves_on=date(2026, 7, 1), retires_on=date(2033, 7, 1), months_insured=10 * 12)
    )

    assert first == {"early_far_first": 540_000_000, "early_far_years": 280_000_000}  # too few years for the first fifteen
    assert later == {"early_far_later": 270_000_000, "early_far_years": 280_000_000}


def test_who_is_more_than_ten_years_away_has_no_rate():
    assert amounts(facts(kind="early_retirement", retires_on=date(2035, 10, 1), months_insured=300)) == {}
    assert amounts(facts(kind="early_retirement", retires_on=date(2035, 9, 1), months_insured=300))


def test_leaving_in_the_twelfth_month_and_in_the_thirteenth():
    twelfth = amounts(facts(leaves_on=date(2026, 6, 30), months_insured=100))
    thirteenth = amounts(facts(leaves_on=date(2026, 7, 1), months_insured=100))

    # 0.8 x 60 at most; 8 years and 4 months are eight and a half; three months to look for work.
    assert twelfth == {"leaving_first": 480_000_000, "leaving_years": 127_500_000, "leaving_search": 30_000_000}
    assert thirteenth == {**{k: v for k, v in twelfth.items() if k != "leaving_first"}, "leaving_later": 240_000_000}


def test_rates_are_dated_before_the_amendment_the_first_twenty_years_counted():
    old = amounts(
        facts(
            kind="early_retirement",
            leaves_on=date(2025, 3, 1),
            reorganised_on=date(2025, 3, 1),
            retires_on=date(2027, 3, 1),
            months_insured=18 * 12,
        )
    )
    new = amounts(
        facts(
            kind="early_retirement",
            leaves_on=date(2025, 3, 15),
            reorganised_on=date(2025, 3, 1),
            retires_on=date(2027, 3, 15),
            months_insured=18 * 12,
        )
    )

    assert "early_first_insured" not in old
    assert new["early_first_insured"] == 50_000_000
    assert new["early_further_insured"] == 15_000_000


def test_non_specialised_and_downsizing_have_their_own_lines():
    assert amounts(facts(kind="non_specialised", pay_dong=2_340_000, months_served=30)) == {
        "non_specialised_months": 56_160_000,
        "non_specialised_years": 8_775_000,
        "non_specialised_search": 7_020_000,
    }
    assert set(amounts(facts(kind="downsizing", months_insured=12))) == {"downsizing_search", "downsizing_years"}


def test_every_line_says_its_basis_and_that_it_is_to_be_checked():
    worked_out = calculate(facts(months_insured=100), RATES)

    assert all("178/2024" in line.basis for line in worked_out.lines)
    assert not worked_out.all_checked
    assert {rate.kind for rate in RATES} == {kind.value for kind in LeaveKind}


@pytest.mark.parametrize(
    ("months", "years"), [(0, "0"), (1, "0.5"), (6, "0.5"), (7, "1"), (12, "1"), (13, "1.5"), (18, "1.5"), (19, "2")]
)
def test_odd_months_count_as_half_a_year_or_a_whole_one(months, years):
    assert half_years(months) == Decimal(years)


@pytest.mark.parametrize(
    ("retires_on", "codes"),
    [
        (date(2030, 9, 1), {"early_near_first", "early_near_years"}),  # 60 months
        (date(2030, 9, 2), {"early_far_first", "early_far_years"}),  # and one day
        (date(2031, 8, 31), {"early_far_first", "early_far_years"}),
        (date(2035, 9, 1), {"early_far_first", "early_far_years"}),  # 120 months
        (date(2035, 9, 2), set()),  # and one day: outside of the decree
    ],
)
def test_any_day_beyond_five_or_ten_years_is_beyond_them(retires_on, codes):
    assert set(amounts(facts(kind="early_retirement", retires_on=retires_on, months_insured=0))) == codes


def test_months_that_are_paid_for_are_whole_ones():
    """59 months and 30 days are within five years, and 59 are paid for."""
    found = amounts(facts(kind="early_retirement", retires_on=date(2030, 8, 31), months_insured=0))

    assert found["early_near_first"] == 590_000_000


@pytest.mark.parametrize(
    ("months", "paid"), [(14 * 12 + 6, False), (14 * 12 + 7, False), (15 * 12 - 1, False), (15 * 12, True)]
)
def test_the_first_fifteen_years_are_fifteen_years_of_months(months, paid):
    found = amounts(facts(kind="early_retirement", retires_on=date(2028, 9, 1), months_insured=months))

    assert ("early_first_insured" in found) == paid
    assert "early_further_insured" not in found


def test_begun_months():
    assert begun_months(date(2025, 1, 15), date(2025, 3, 15)) == 2
    assert begun_months(date(2025, 1, 15), date(2025, 3, 16)) == 3
    assert begun_months(date(2025, 1, 15), date(2025, 3, 14)) == 2
    assert begun_months(date(2025, 1, 15), date(2025, 1, 15)) == 0


def test_whole_months():
    assert whole_months(date(2025, 1, 31), date(2025, 2, 28)) == 0
    assert whole_months(date(2025, 1, 15), date(2025, 3, 15)) == 2
    assert whole_months(date(2025, 3, 15), date(2025, 1, 15)) == 0


CASES = st.builds(
    lambda kind, pay, after, early, insured, served: facts(
        kind=kind,
        pay_dong=pay,
        leaves_on=BEGAN + timedelta(days=after),
        retires_on=BEGAN + timedelta(days=after + early),
        months_insured=insured,
        months_served=served,
    ),
    st.sampled_from([kind.value for kind in LeaveKind]),
    st.integers(0, 200_000_000),
    st.integers(-30, 900),
    st.integers(0, 4_000),
    st.integers(0, 600),
    st.integers(0, 600),
)


@given(CASES, st.integers(0, 50_000_000))
def test_the_total_is_the_sum_of_its_lines_never_negative_and_grows_with_pay(case, more):
    worked_out = calculate(case, RATES)
    richer = calculate(
        Facts(**{**{name: getattr(case, name) for name in case.__dataclass_fields__}, "pay_dong": case.pay_dong + more}), RATES
    )

    assert worked_out.total_dong == sum(line.amount_dong for line in worked_out.lines)
    assert all(line.amount_dong >= 0 and line.quantity > 0 for line in worked_out.lines)
    assert richer.total_dong >= worked_out.total_dong
    assert [line.code for line in richer.lines] == [line.code for line in worked_out.lines]


# -- matching ----------------------------------------------------------------------------------------------------------

HOME = Point(latitude=21.0, longitude=105.8)


def candidate(pk: int = 1, **changes) -> Candidate:
    return Candidate(
        **{
            "id": pk,
            "qualification": "3",
            "fields": ["Luật"],
            "years_in_field": 5,
            "where": HOME,
            "wish_unit_id": None,
            **changes,
        }
    )


PLACE = Place(unit_id=7, where=HOME, qualification="3", fields=["luật"])


def test_qualification_goes_before_experience_before_distance_before_a_wish():
    far = Point(latitude=22.0, longitude=105.8)
    people = [
        candidate(1, qualification="2", years_in_field=30, wish_unit_id=7),
        candidate(2, fields=["y tế"]),
        candidate(3, where=far, wish_unit_id=7),
        candidate(4),
        candidate(5, wish_unit_id=7),
    ]

    assert [one.candidate_id for one in matching.ranked(people, PLACE)] == [5, 4, 3, 2, 1]


def test_every_reason_is_said_in_words():
    said = [reason.text for reason in matching.match(candidate(wish_unit_id=7), PLACE).reasons]

    assert said == ["Đủ trình độ", "Đúng lĩnh vực, 5 năm", "Cách 0,0 km", "Có nguyện vọng về đây"]
    nowhere = matching.match(candidate(where=None, qualification="1"), PLACE)
    assert [reason.text for reason in nowhere.reasons if not reason.good] == [
        "Chưa đủ trình độ yêu cầu",
        "Chưa rõ khoảng cách",
        "Không nêu nguyện vọng về đây",
    ]


@given(st.integers(0, 60), st.integers(0, 60))
def test_more_years_never_rank_lower(years, more):
    one = matching.match(candidate(years_in_field=years), PLACE)
    other = matching.match(candidate(years_in_field=years + more), PLACE)

    assert other.points >= one.points


def test_distance_is_that_of_the_globe():
    assert matching.distance_km(HOME, Point(latitude=22.0, longitude=105.8)) == pytest.approx(111.2, abs=0.2)


# -- files -------------------------------------------------------------------------------------------------------------

ROWS = [{"unit": "98001", "position": "VT17", "persons": 2}, {"unit": "98002", "position": "VT17", "persons": 1}]


def read(content: bytes, content_type: str) -> list[dict[str, str]]:
    return [row.cells for row in tables.rows_of(io.BytesIO(content), sheets.PLAN, content_type=content_type)]


def test_a_table_says_the_same_as_csv_and_as_a_workbook():
    said = read(csv_of(sheets.PLAN, ROWS), FileType.CSV)

    assert said == read(xlsx_of(sheets.PLAN, ROWS), FileType.XLSX)
    assert said[0] == {"unit": "98001", "position": "VT17", "persons": "2"}


def test_the_template_can_be_read_back():
    for columns in sheets.KINDS.values():
        (row,) = tables.rows_of(io.BytesIO(tables.template("x", columns)), columns, content_type=FileType.XLSX)
        assert row.cells == {column.key: column.example for column in columns if column.example}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Mã đơn vị;Số người\n98001;2", "thiếu cột: Mã vị trí"),
        ("Mã đơn vị;Mã vị trí;Số người;Ghi chú\n1;2;3;4", "cột lạ hoặc lặp lại: Ghi chú"),
        ("Mã đơn vị;Mã vị trí;Số người\n", "không có dòng nào"),
        ("", "thiếu cột"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(content, said):
    with pytest.raises(tables.NotATable) as refusal:
        read(content.encode(), FileType.CSV)

    assert said in refusal.value.message()


def test_bytes_that_are_no_text_and_no_workbook_are_refused():
    with pytest.raises(tables.NotATable):
        read(b"\xff\xfe\x00", FileType.CSV)
    with pytest.raises(tables.NotATable):
        read(b"PK nothing", FileType.XLSX)


def test_formulas_and_stray_cells_are_faults_of_their_row():
    rows = tables.rows_of(
        io.BytesIO("Mã đơn vị;Mã vị trí;Số người\n=1+1;VT17;2\n98001;VT17;2;thừa".encode()),
        sheets.PLAN,
        content_type=FileType.CSV,
    )

    assert [row.rejected for row in rows] == ["formula", "stray"]


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("0", 0), ("-1", None), ("1,5", None), ("1000", None), ("٣", None)])
def test_whole_numbers(text, number):
    assert sheets.whole_number(text, most=999) == number
