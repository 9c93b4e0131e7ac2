"""The simulated clock: only where a rehearsal is, never where real dossiers may be."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from thongsuot.config import checks, rehearsal
from thongsuot.config.terminal import Trouble
from thongsuot.kernel import clock
from thongsuot.kernel.working_time import VIET_NAM


@pytest.fixture
def rehearsing(settings, tmp_path):
    settings.SIMULATED_CLOCK, settings.DATA_DIR = True, tmp_path / "data"
    rehearsal.mark(settings.DATA_DIR, "test")
    return settings


def ask(**headers: str) -> tuple[str, list[bytes], list[datetime]]:
    """(status, body, what time it was inside) of one request through the door."""
    seen: list[datetime] = []
    statuses: list[str] = []

    def inner(environ, start_response):
        seen.append(clock.now())
        start_response("200 OK", [])
        return [b""]

    body = list(rehearsal.with_simulated_time(inner)(headers, lambda status, _headers: statuses.append(status)))
    return statuses[0], body, seen


def test_a_request_says_what_time_it_is(rehearsing):
    status, _body, seen = ask(HTTP_X_SIMULATED_AT="2025-07-01T08:00:00+07:00")

    assert status == "200 OK"
    assert seen == [datetime(2025, 7, 1, 8, tzinfo=VIET_NAM)]


def test_without_the_header_it_is_now(rehearsing):
    _status, _body, seen = ask()

    assert seen[0].year > 2025


@pytest.mark.parametrize("said", ["", "yesterday", "2025-07-01T08:00:00", "2025-13-01T08:00:00+07:00"])
def test_a_time_that_is_none_is_refused_with_a_sentence(rehearsing, said):
    status, body, seen = ask(HTTP_X_SIMULATED_AT=said)

    assert status.startswith("400")
    assert "2025-07-01T08:00:00+07:00" in json.loads(body[0])["detail"]
    assert seen == []


def test_it_is_refused_in_a_folder_that_no_rehearsal_made(settings, tmp_path):
    settings.SIMULATED_CLOCK, settings.DATA_DIR = True, tmp_path

    with pytest.raises(Trouble, match="THONGSUOT_SIMULATED_CLOCK"):
        ask(HTTP_X_SIMULATED_AT="2025-07-01T08:00:00+07:00")


def test_it_is_refused_in_production_even_in_a_marked_folder(rehearsing):
    rehearsing.PRODUCTION = True

    with pytest.raises(Trouble, match="THONGSUOT_SIMULATED_CLOCK"):
        rehearsal.refuse_simulated_clock_elsewhere()


def test_production_does_not_start_on_the_folder_of_a_rehearsal(rehearsing):
    rehearsing.PRODUCTION, rehearsing.SIMULATED_CLOCK = True, False

    assert any(message.msg.startswith("THONGSUOT_SIMULATED_CLOCK") for message in checks.production_settings(None))


def test_a_folder_with_other_data_is_never_marked(tmp_path):
    (tmp_path / "postgres").mkdir()

    with pytest.raises(Trouble, match="thư mục mới"):
        rehearsal.mark(tmp_path, "test")

    assert not rehearsal.is_marked(tmp_path)


def test_jobs_see_the_time_that_is_being_played(rehearsing):
    (rehearsing.DATA_DIR / rehearsal.NOW).write_text("2025-07-03T10:00:00+07:00")

    try:
        rehearsal.follow_what_is_played()
        assert clock.now() == datetime(2025, 7, 3, 10, tzinfo=VIET_NAM)
    finally:
        clock.follow(None)
    assert clock.now().year > 2025
