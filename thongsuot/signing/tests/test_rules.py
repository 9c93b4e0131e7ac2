"""What dates and states of a certificate say together, codes, PINs, levels: no database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.signing import appearance, rules
from thongsuot.signing.rules import Condition

STARTS = datetime(2025, 7, 1, tzinfo=VIET_NAM)
ENDS = datetime(2027, 7, 1, tzinfo=VIET_NAM)


@pytest.mark.parametrize(
    ("state", "at", "said"),
    [
        ("active", STARTS, Condition.ACTIVE),
        ("active", STARTS - timedelta(seconds=1), Condition.NOT_YET),
        ("active", ENDS - timedelta(days=91), Condition.ACTIVE),
        ("active", ENDS - timedelta(days=90), Condition.EXPIRING),
        ("active", ENDS, Condition.EXPIRED),
        ("suspended", STARTS, Condition.SUSPENDED),
        ("suspended", ENDS, Condition.EXPIRED),
        ("revoked", ENDS, Condition.REVOKED),
        ("issued", STARTS, Condition.WAITING),
        ("delivered", STARTS, Condition.WAITING),
    ],
)
def test_a_certificate_is_what_its_dates_and_its_state_say_together(state, at, said):
    assert rules.condition(state=state, not_before=STARTS, not_after=ENDS, at=at) == said


@pytest.mark.parametrize(
    ("days_left", "said", "due"),
    [(91, (), None), (90, (), 90), (60, (90,), 60), (60, (90, 60), None), (20, (), 30), (20, (30,), None), (0, (), None)],
)
def test_each_mark_is_told_once_and_a_late_start_tells_only_the_nearest(days_left, said, due):
    at = ENDS - timedelta(days=days_left)

    assert rules.warnings_due(ENDS, at=at, marks=(90, 60, 30), said=frozenset(said)) == due


def test_a_code_read_from_paper_is_found_again_however_it_was_typed():
    code = rules.new_code()

    assert rules.code_as_kept(rules.code_as_shown(code).lower()) == code
    assert rules.code_as_kept(" ".join(code)) == code
    assert [rules.code_as_kept(wrong) for wrong in ("", code[:15], code + "A", "O" * 16, "Ω" * 16)] == [None] * 5


def test_codes_do_not_repeat_and_are_long_enough_not_to_be_guessed():
    assert len({rules.new_code() for _ in range(2_000)}) == 2_000
    assert 31**16 > 2**79


@pytest.mark.parametrize("pin", ["", "12345", "123 456", "mã-pin-có-dấu", "x" * 65, "123456", "987654", "000000"])
def test_a_pin_that_tokens_do_not_take_or_anybody_guesses_is_refused(pin):
    assert not rules.pin_is_possible(pin) or rules.pin_is_weak(pin)


def test_figures_are_dated_and_known():
    assert rules.warning_marks(on=date(2025, 10, 6)) == (90, 60, 30)
    with pytest.raises(KeyError):
        rules.figure("pin_tries", on=date(2020, 1, 1))


def test_a_commune_needs_chair_vice_chairs_clerk_and_agency():
    posts = [(need.title, need.is_agency) for need in rules.needs("commune", on=date(2025, 10, 6))]

    assert posts == [("Chủ tịch", False), ("Phó Chủ tịch", False), ("Văn thư", False), ("", True)]


def test_the_seal_covers_a_third_of_the_persons_picture_to_the_left():
    person = appearance.person_place(595)
    seal = appearance.seal_place(person)

    covered = seal.x + seal.width - person.x
    assert covered == pytest.approx(person.width / 3)
    assert seal.x < person.x
    assert seal.width == pytest.approx(36 / 25.4 * 72)


def test_lines_of_a_copy_stand_at_the_top_right_of_page_one_with_the_time_as_iso():
    place = appearance.lines_place(595, 842, count=3)

    assert place.page == 0
    assert place.x + place.width < 595 < place.x + place.width + 40
    assert place.y + place.height < 842 < place.y + place.height + 40
    assert appearance.iso_time(datetime(2025, 10, 6, 2, 0, tzinfo=VIET_NAM)) == "2025-10-06T02:00:00+07:00"
