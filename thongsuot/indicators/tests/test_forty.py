"""The index of forty dossiers, worked out by hand. The numbers are those of `forty.py`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import CopyOffer, Pause, SupplementRequest
from thongsuot.dossiers.tests.make import HOUSE
from thongsuot.indicators import counting, words
from thongsuot.indicators.models import Fact, Noted
from thongsuot.indicators.queries.dossiers import behind, count_behind
from thongsuot.indicators.queries.index import index
from thongsuot.indicators.queries.sums import Scope, by_day, by_procedure, by_unit, total
from thongsuot.indicators.rules import Verdict
from thongsuot.indicators.tests.forty import A, B, Forty, at
from thongsuot.kernel.periods import Period
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.national_portal.models import Lane
from thongsuot.personal_store.tests.make import make_paper
from thongsuot.procedures.models import Procedure

NOW = at("12-15")
OCTOBER = Period(first=date(2025, 10, 1), last=date(2025, 10, 31), now=NOW)
NOVEMBER = Period(first=date(2025, 11, 1), last=date(2025, 11, 30), now=NOW)

# Received or processed in October: carried over 2-5, received 6-29 and 33-40. 36 in all.
# In time at the end of October:
IN_TIME_IN_OCTOBER = {2, 4, 6, 7, 9, 10, 11, 13, 15, 17, 19, 22, 24, 26, 28, 29, 33, 35, 37, 38}  # 20
LATE_IN_OCTOBER = {3, 5, 8, 12, 14, 16, 18, 20, 21, 23, 25, 27, 34, 36, 39, 40}  # 16
# November: carried over 5, 9, 10, 11, 12, 15, 16, 17, 18, 20, 29; received 32. 12 in all.
IN_TIME_IN_NOVEMBER = {9, 15, 17, 20, 29, 32}
LATE_IN_NOVEMBER = {5, 10, 11, 12, 16, 18}

pytestmark = pytest.mark.django_db


def city(forty: Forty, **more: object) -> Scope:
    made = forty.town.city
    return Scope(unit_ids=frozenset({made.city.pk, made.river.pk, made.hill.pk}), whole_city=True, **more)


def numbers(forty: Forty, scope: Scope, period: Period, part: str, code: str = "2.1") -> set[int]:
    by_id = {dossier.pk: number for number, dossier in forty.dossiers.items()}
    rows = behind(scope, period, code=code, part=part, limit=100)
    assert len(rows) == count_behind(scope, period, code=code, part=part)
    return {by_id[row.id] for row in rows}


def test_item_2_1_of_the_city(db, forty):
    october = index(city(forty), OCTOBER).items["2.1"]
    assert (october.part, october.whole) == (20, 36)
    assert october.score == Decimal("11.11")  # 20 points x 55.56 %
    november = index(city(forty), NOVEMBER).items["2.1"]
    assert (november.part, november.whole) == (6, 12)
    assert november.score == Decimal("10.00")


def test_the_figure_opens_exactly_these_dossiers(db, forty):
    everyone = city(forty)
    assert numbers(forty, everyone, OCTOBER, "tu-so") == IN_TIME_IN_OCTOBER
    assert numbers(forty, everyone, OCTOBER, "con-lai") == LATE_IN_OCTOBER
    assert numbers(forty, everyone, OCTOBER, "mau-so") == IN_TIME_IN_OCTOBER | LATE_IN_OCTOBER
    assert numbers(forty, everyone, NOVEMBER, "tu-so") == IN_TIME_IN_NOVEMBER
    assert numbers(forty, everyone, NOVEMBER, "con-lai") == LATE_IN_NOVEMBER


@pytest.mark.parametrize(
    ("number", "october", "november"),
    [
        (2, "RESULT_IN_TIME", None),
        (3, "RESULT_LATE", None),
        (4, "RESULT_IN_TIME", None),
        (5, "OPEN_LATE", "RESULT_LATE"),
        (7, "RESULT_IN_TIME", None),
        (9, "OPEN_IN_TIME", "RESULT_IN_TIME"),
        (10, "OPEN_IN_TIME", "RESULT_LATE"),
        (11, "OPEN_IN_TIME", "OPEN_LATE"),
        (12, "OPEN_LATE", "OPEN_LATE"),
        (13, "RESULT_IN_TIME", None),
        (14, "RESULT_LATE", None),
        (16, "WAITING_LATE", "WAITING_LATE"),
        (17, "WAITING", "WAITING"),
        (18, "TWO_SUPPLEMENTS", "TWO_SUPPLEMENTS"),
        (19, "RESULT_IN_TIME", None),
        (20, "TWO_SUPPLEMENTS", "RESULT_IN_TIME"),
        (21, "TWO_SUPPLEMENTS_ENDED", None),
        (22, "ENDED_IN_TIME", None),
        (23, "ENDED_LATE", None),
        (26, "ENDED_WAITING", None),
        (27, "ENDED_WAITING_LATE", None),
        (29, "WAITING", "WAITING"),
        (33, "ENDED_IN_TIME", None),
        (34, "ENDED_LATE", None),
        (40, "RESULT_LATE", None),
    ],
)
def test_the_rule_that_put_a_dossier_there_is_named(db, forty, number, october, november):
    for period, expected in ((OCTOBER, october), (NOVEMBER, november)):
        rows = {row.id: row for row in behind(city(forty), period, code="2.1", part="mau-so", limit=100)}
        row = rows.get(forty.dossiers[number].pk)
        assert (row.verdict if row else None) == (Verdict[expected] if expected else None)


@pytest.fixture
def told(db, forty, settings):
    """The portal knows 24 of the 32 dossiers received in October: of phường Sông all but 8, of phường Đồi every one."""
    settings.PORTAL = "stand-in"
    october = Fact.objects.filter(received_on__range=(OCTOBER.first, OCTOBER.last)).order_by("dossier_id")
    silent = list(october.filter(unit_id=forty.town.river).values_list("pk", flat=True)[:8])
    for fact in october.exclude(pk__in=silent):
        Lane.objects.create(dossier_id=fact.pk, unit_id=fact.unit_id, state="idle", next_try_at=NOW, known_since=NOW)
    counting.fold()
    return list(october.exclude(pk__in=silent))


def test_what_the_portal_knows_is_item_1_4_and_multiplies_item_3_3(db, forty, told, settings):
    assert Fact.objects.filter(synced=True).count() == 24

    items = index(city(forty), OCTOBER).items
    assert (items["1.4"].part, items["1.4"].whole, items["1.4"].score) == (24, 32, Decimal("4.50"))  # 6 x 75 %
    # 2 of 32 are 6.25 %, of which three quarters: 4 x 4.6875 / 50
    assert (items["3.3"].part, items["3.3"].whole, items["3.3"].rate) == (2, 32, Decimal("4.6875"))
    assert items["3.3"].score == Decimal("0.38")
    assert "24 trên 32" in items["3.3"].remark
    assert len(numbers(forty, city(forty), OCTOBER, "tu-so", "1.4")) == 24

    settings.PORTAL = ""
    without = index(city(forty), OCTOBER).items
    assert (without["1.4"].score, without["3.3"].score) == (None, Decimal("0.50"))
    assert "Chưa nhân" in without["3.3"].remark


def test_what_the_portal_has_lost_again_does_not_count_any_more(db, forty, told):
    Lane.objects.filter(pk=told[0].pk).update(known_since=None)
    counting.fold()

    assert index(city(forty), OCTOBER).items["1.4"].part == 23


def test_a_unit_alone(db, forty):
    # Phường Đồi: 35 and 37 in time, 36 late.
    hill = index(Scope(unit_ids=frozenset({forty.town.hill})), OCTOBER).items["2.1"]
    assert (hill.part, hill.whole, hill.score) == (2, 3, Decimal("13.33"))
    river = index(Scope(unit_ids=frozenset({forty.town.river})), OCTOBER).items["2.1"]
    assert (river.part, river.whole) == (18, 33)


def test_a_field_alone(db, forty):
    # Hộ tịch is procedure B: 37 and 38 in time, 39 late; in November 32 in time.
    field = frozenset({Procedure.objects.get(code=B).pk})
    october = index(city(forty, procedure_ids=field), OCTOBER).items["2.1"]
    assert (october.part, october.whole) == (2, 3)
    november = index(city(forty, procedure_ids=field), NOVEMBER).items["2.1"]
    assert (november.part, november.whole) == (1, 1)


def test_an_officers_own(db, forty):
    # Tâm had 6 (in time), 8 (late) and 12 (late, still with him).
    own = Scope(unit_ids=city(forty).unit_ids, person_id=forty.town.people["tam"].pk)
    october = index(own, OCTOBER).items["2.1"]
    assert (october.part, october.whole) == (1, 3)
    assert numbers(forty, own, OCTOBER, "con-lai") == {8, 12}
    november = index(own, NOVEMBER).items["2.1"]
    assert (november.part, november.whole) == (0, 1)


def test_every_item_of_october(db, forty):
    found = index(city(forty), OCTOBER)
    figures = {code: (item.part, item.whole, item.score) for code, item in found.items.items() if item.score is not None}
    assert figures == {
        "1.3": (1, 2, Decimal("1.00")),  # B lists no papers
        "2.1": (20, 36, Decimal("11.11")),
        "3.1": (2, 2, Decimal("4.00")),  # over 80 %
        "3.2": (1, 2, Decimal("2.00")),  # only B had any
        "3.3": (2, 32, Decimal("0.50")),  # 6.25 % of a threshold of 50 %: 4 x 6.25 / 50
        # Of A numbered in time to count are 6-10, 13-15, 19, 20, 28, 35, 36 and 40. An electronic result is one signed
        # digitally by person and agency: 6, 7, 13 and 28. That of 14 was sealed on paper, the others signed by hand: 6 x 4 / 29
        "3.5a": (0, 1, Decimal("0.00")),  # A has a levy; no ward has an account, and nobody paid
        "3.5b": (0, 1, Decimal("0.00")),
        "3.6": (0, 29, Decimal("0.00")),
        "4.1": (4, 29, Decimal("0.83")),
        "4.2": (3, 32, Decimal("0.47")),  # 6, 7 and 13 have data, a file or a stored paper and such a result: 4 x 9.375 / 80
        "4.2b": (0, 2, Decimal("0.00")),  # neither ward offers certified copies; the city itself has none to offer
        "4.3": (1, 32, Decimal("0.08")),  # 13: 2 x 3.125 / 80
        "4.4": (1, 32, Decimal("0.13")),
        "4.5b": (1, 32, Decimal("0.06")),  # 7
        "5.4": (19, 36, Decimal("3.52")),  # 16 late, one disliked: 6 x 52.78 / 90
    }
    assert found.counted == 70
    # 1.00 + 11.11 + 4.00 + 2.00 + 0.50 + 0.83 + 0.47 + 0.00 + 0.08 + 0.13 + 0.06 + 3.52
    assert found.score == Decimal("23.70")
    assert found.points == 100
    assert found.band == ""  # a part says nothing of the whole
    no_data = {code for code, item in found.items.items() if item.score is None}
    assert no_data == {"1.1", "1.2", "1.4", "2.2", "4.5a", "5.1", "5.2", "5.3"}
    assert all(found.items[code].reason for code in no_data - {"2.2"})


def test_from_2026_on_online_is_one_item_of_twelve_points(db, forty):
    to_january = Period(first=date(2025, 10, 1), last=date(2026, 1, 31), now=datetime(2026, 2, 1, tzinfo=VIET_NAM))

    found = index(city(forty), to_january)

    # Fully online is B alone: 32, 37 and 38 came online, 39 to the counter. B has no paper result. 12 x 3 / 4
    one = found.items["3a"]
    assert (one.part, one.whole, one.score) == (3, 4, Decimal("9.00"))
    assert numbers(forty, city(forty), to_january, "con-lai", "3a") == {39}
    assert not {"3.1", "3.2", "3.3"} & found.items.keys()
    assert found.points == 100


def test_a_dislike_is_taken_off_the_period_of_its_dossier_alone(db, forty):
    # 3 closed in October; rated in November it is no part of November's dossiers.
    before = index(city(forty), NOVEMBER).items["5.4"].part
    actions.rate(forty.dossiers[3].pk, level=1, actor=HOUSE, at=at("11-03"))
    counting.fold()

    assert index(city(forty), NOVEMBER).items["5.4"].part == before
    assert index(city(forty), OCTOBER).items["5.4"].part == 18


def test_requests_before_reception_make_nothing_late_before_it(db, forty):
    dossier = forty.dossiers[32]  # filed on 30 October, received on 3 November
    for number, hour in enumerate(("10-30 10:00", "10-30 11:00"), start=1):
        SupplementRequest.objects.create(
            dossier=dossier,
            slip_number=number,
            items=["Bản chính"],
            requested_at=at(hour),
            requested_by_name="Lan",
            answer_until=at("11-30"),
            status_before=1,
            completed_at=at("11-01"),
        )
    Noted.objects.create(dossier_id=dossier.pk)
    counting.fold()

    fact = Fact.objects.get(pk=dossier.pk)
    assert fact.late_at is not None
    assert fact.late_at >= fact.received_at


def test_a_supplement_before_reception_moves_no_due_date_that_is_reckoned(db, forty):
    dossier = forty.dossiers[33]  # without a due date
    due = Fact.objects.get(pk=dossier.pk).due_at
    Pause.objects.create(dossier=dossier, status=5, starts_at=at("10-02 10:00"), ends_at=at("10-03 10:00"))
    Noted.objects.create(dossier_id=dossier.pk)
    counting.fold()

    assert Fact.objects.get(pk=dossier.pk).due_at == due


def test_each_item_says_why_a_dossier_is_there(db, forty):
    make_paper(kind="result", dossier_id=forty.dossiers[6].pk)  # that of 6 lies in the store; 13 reused one
    counting.fold()

    def reason(number: int, code: str) -> str:
        rows = {row.id: row for row in behind(city(forty), OCTOBER, code=code, part="mau-so", limit=100)}
        return words.why(rows[forty.dossiers[number].pk], code)

    assert reason(6, "4.3") == "Không có giấy tờ nào dùng lại từ kho."
    assert reason(6, "4.4") == "Kết quả đã đưa vào kho."
    assert reason(13, "4.3") == reason(13, "4.4") == "Có giấy tờ dùng lại từ kho."
    assert reason(38, "4.2") == "Không có giấy tờ nào phải số hóa."  # B asks for none
    assert reason(8, "4.2") != reason(38, "4.2")
    assert reason(6, "1.4") == "Chưa đồng bộ lên Cổng."


def test_every_commune_with_certified_copies_gives_all_points(db, forty):
    for unit_id in (forty.town.river, forty.town.hill):
        CopyOffer.objects.create(unit_id=unit_id, valid_from=date(2025, 7, 1), decided_by_name="Hạnh")

    item = index(city(forty), OCTOBER).items["4.2b"]

    assert (item.part, item.whole, item.score) == (2, 2, Decimal("2.00"))


def test_a_file_alone_is_no_electronic_result(db, forty):
    assert numbers(forty, city(forty), OCTOBER, "tu-so", "4.1") == {6, 7, 13, 28}
    assert 14 in numbers(forty, city(forty), OCTOBER, "con-lai", "4.1")  # the agency sealed it on paper


def test_figures_of_items_open_as_many_dossiers_as_they_say(db, forty):
    for scope in (city(forty), Scope(unit_ids=frozenset({forty.town.river}))):
        for period in (OCTOBER, NOVEMBER):
            for item in index(scope, period).items.values():
                if not item.has_dossiers or item.code in ("2.2", "5.4"):
                    continue
                assert count_behind(scope, period, code=item.code, part="tu-so") == item.part, item.code
                assert count_behind(scope, period, code=item.code, part="mau-so") == item.whole, item.code


def test_the_report_adds_up(db, forty):
    sums = total(city(forty), OCTOBER)
    assert (sums.carried, sums["received"]) == (4, 32)
    assert (sums["counter"], sums["online"], sums["post"]) == (29, 2, 1)
    # early 2, 6, 35, 37; on the day 4, 7, 13, 19, 28, 38; late 3, 8, 14, 36, 39, 40
    assert (sums["early"], sums["on_the_day"], sums["result_late"]) == (4, 6, 6)
    assert (sums["withdrawn"], sums["stopped"]) == (4, 5)  # 22, 23, 27, 33; 21, 24, 25, 26, 34
    assert (sums.open, sums.open_in_time, sums.open_late) == (11, 6, 5)
    assert sums["supplements"] == 11
    assert (sums["submitted"], sums["refused"], sums["dropped"], sums.waiting) == (3, 1, 1, 1)
    assert (sums["rated"], sums["satisfied"], sums["disliked"]) == (2, 1, 1)
    november = total(city(forty), NOVEMBER)
    assert november.carried == 11
    assert (november.waiting_before, november["accepted"], november.waiting) == (1, 1, 0)


def test_working_time_used_leaves_pauses_out(db, forty):
    # 6: Monday 9:00 to Wednesday 9:00 is 16 working hours. 13: Monday the 6th 9:00 to Wednesday the 15th 16:30 is seven days
    # of 8 hours and 6.5 hours (lunch left out), less the two days it was waited for.
    assert Fact.objects.get(pk=forty.dossiers[6].pk).spent_minutes == 16 * 60
    assert Fact.objects.get(pk=forty.dossiers[13].pk).spent_minutes == 7 * 8 * 60 + int(6.5 * 60) - 16 * 60


def test_totals_of_days_and_single_dossiers_say_the_same(db, forty):
    whole = city(forty)
    every_procedure = frozenset(Procedure.objects.filter(code__in=[A, B]).values_list("pk", flat=True))
    from_facts = Scope(unit_ids=whole.unit_ids, procedure_ids=every_procedure)
    for period in (OCTOBER, NOVEMBER):
        assert dict(total(whole, period)) == dict(total(from_facts, period))
        assert {key: dict(sums) for key, sums in by_procedure(whole, period).items()} == {
            key: dict(sums) for key, sums in by_procedure(from_facts, period).items()
        }
        assert {key: dict(sums) for key, sums in by_unit(whole, period).items()} == {
            key: dict(sums) for key, sums in by_unit(from_facts, period).items()
        }


def test_a_day_in_the_middle_of_the_month_is_judged_as_it_stood_then(db, forty):
    """On the evening of 14 October: what was late by then, whatever came after."""
    then = Period(first=date(2025, 10, 1), last=date(2025, 10, 14), now=NOW)
    days = by_day(city(forty), Period(first=date(2025, 10, 1), last=date(2025, 10, 31), now=NOW))
    the_day = next(row.sums for row in days if row.day == date(2025, 10, 14))
    sums = total(city(forty), then)
    assert (the_day.open, the_day.open_late) == (sums.open, sums.open_late)
    # Open: 5, 13, 14, 16, 17, 18, 19, 24, 25, 26, 27, 28, 29, 40. Late: 5; 16, 25, 27, 40 since the 13th; 18, 19 asked twice.
    assert (sums.open, sums.open_late) == (14, 7)


def test_counting_anew_finds_nothing_wrong_but_what_was_taken_from_the_history(db, forty):
    found = counting.recount()
    assert (found.wrong_facts, found.wrong_days, found.history_differs) == (0, 0, 0)
    assert found.dossiers == 40


def test_a_fold_judges_only_the_dossiers_at_hand(db, forty):
    """Else it would walk through all facts each minute."""
    Fact.objects.filter(pk=forty.dossiers[33].pk).update(due_at=None)
    Noted.objects.create(dossier_id=forty.dossiers[34].pk)

    assert counting.fold() == 1

    assert Fact.objects.get(pk=forty.dossiers[33].pk).due_at is None
    assert Fact.objects.get(pk=forty.dossiers[34].pk).due_at is not None
    assert counting.recount().wrong_facts == 2  # which does look at all


def test_what_was_spoilt_is_found_and_put_right(db, forty):
    Fact.objects.filter(pk=forty.dossiers[6].pk).update(in_time=False)

    assert counting.recount().wrong_facts == 2  # the spoilt row and the right one
    assert counting.recount().good
