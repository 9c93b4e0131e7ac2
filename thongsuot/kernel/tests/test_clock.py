from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.utils import timezone

from thongsuot.kernel import clock
from thongsuot.kernel.working_time import VIET_NAM

LONG_AGO = datetime(2025, 7, 1, 8, tzinfo=VIET_NAM)


def test_it_is_now_unless_a_rehearsal_says_otherwise():
    assert abs(clock.now() - timezone.now()) < timedelta(minutes=1)

    with clock.standing_at(LONG_AGO):
        assert clock.now() == LONG_AGO
        assert clock.today() == date(2025, 7, 1)

    assert clock.now().year > 2025


def test_the_day_is_the_day_in_viet_nam():
    with clock.standing_at(datetime(2025, 6, 30, 18, tzinfo=UTC)):
        assert clock.today() == date(2025, 7, 1)
        assert clock.local_now().hour == 1


def test_a_simulated_time_holds_in_its_own_thread_alone():
    seen = []
    with clock.standing_at(LONG_AGO):
        other = Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()

    assert seen[0] > LONG_AGO


def test_after_an_error_it_is_now_again():
    with pytest.raises(RuntimeError), clock.standing_at(LONG_AGO):
        raise RuntimeError

    assert clock.now() > LONG_AGO


def test_an_instant_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.standing_at(datetime(2025, 7, 1)):
        pass
