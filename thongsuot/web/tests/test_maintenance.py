from __future__ import annotations

from datetime import UTC, datetime

import pytest

from thongsuot.web import maintenance

START, END = datetime(2026, 11, 21, 13, 0, tzinfo=UTC), datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "not-there-yet"


def test_while_paused_reading_goes_on_with_a_banner(client):
    maintenance.begin(starts_at=START, ends_at=END)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Nghỉ bảo trì đến 21/11/2026 22:30." in answer.content.decode()


def test_while_paused_sending_waits_and_is_told_until_when(client):
    maintenance.begin(starts_at=START, ends_at=END)
    answer = client.post("/vao/", {"a": "1"})
    assert answer.status_code == 503
    assert "Nghỉ bảo trì đến 21/11/2026 22:30" in answer.content.decode()
    assert answer.headers["Retry-After"] == "Sat, 21 Nov 2026 15:30:00 GMT"


def test_while_paused_a_program_gets_the_hours(client):
    maintenance.begin(starts_at=START, ends_at=END)
    facts = client.post("/api/v1/dossiers", "{}", content_type="application/json").json()
    assert facts["type"] == "urn:thongsuot:web.maintenance"
    assert datetime.fromisoformat(facts["ends_at"]) == END


def test_choices_of_the_reader_are_still_taken(client):
    maintenance.begin(starts_at=START, ends_at=END)
    assert client.post("/tuy-chon/", {"theme": "dark"}).status_code == 302


def test_afterwards_everything_is_as_before(client):
    maintenance.begin(starts_at=START, ends_at=END)
    maintenance.end()
    maintenance.end()
    assert client.post("/vao/").status_code == 405
    assert "bảo trì" not in client.get("/").content.decode()


@pytest.mark.parametrize("slip", ["", "{", "[]", '{"starts_at": "x", "ends_at": "y"}', '{"starts_at": 1}'])
def test_a_slip_of_the_pen_does_not_close_the_city(settings, slip):
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / "maintenance.json").write_text(slip)
    assert maintenance.announced() is None
