"""What leaders read after a replay: the three forms of the report say the same, and the check sees when they do not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from thongsuot.config.replay import reading
from thongsuot.config.tests.replaying import MORNING, make_town_to_replay
from thongsuot.indicators import reports
from thongsuot.kernel import clock
from thongsuot.people.tests.make import logged_in


class InTest:
    """A Reader that stays within the transaction of the test."""

    def __init__(self, person) -> None:
        self._client = logged_in(person)

    def content(self, path, **asked):
        return lambda: self._client.get(path, asked).content


@pytest.fixture
def town(db, settings):
    settings.CITY_CODE = "98"
    return make_town_to_replay()


def test_each_figure_is_looked_up_on_the_page_and_in_the_pdf(town, tmp_path):
    with clock.standing_at(MORNING):
        reader = InTest(reading._leader(town, MORNING))
        good = reading._report(reader, town, tmp_path)
    figures = json.loads((tmp_path / "bao-cao-15-ngay.json").read_text())["figures"]
    page, pdf = ((tmp_path / f"bao-cao-15-ngay.{form}").read_bytes() for form in ("html", "pdf"))

    assert good.holds, good.said
    assert len(figures) > 15

    for figure in figures:
        other = {**figure, "value": 987_654, "unit": ""}
        assert len(reading.differing([other], page, pdf)) == 2, figure["key"]
    assert {one.split(":")[0] for one in reading.differing(figures, b"<p>x</p>", pdf)} == {"page"}


def test_a_pdf_that_says_another_figure_does_not_hold(town, tmp_path, monkeypatch):
    real = reports.fifteen_days
    with clock.standing_at(MORNING):
        reader = InTest(reading._leader(town, MORNING))
        draw = reader.content(reverse("indicators:fifteen_pdf"), tu="01/07/2025")

        def other(*args, **kwargs):
            found = real(*args, **kwargs)
            found.figures[0] = replace(found.figures[0], value=10)  # begins as it should
            return found

        monkeypatch.setattr(reports, "fifteen_days", other)
        pdf = draw()
        monkeypatch.undo()
        reading._report(reader, town, tmp_path)
    page = (tmp_path / "bao-cao-15-ngay.html").read_bytes()
    figures = json.loads((tmp_path / "bao-cao-15-ngay.json").read_text())["figures"]
    figures[0]["value"] = 1
    page = page.replace(b">0</a>", b">1</a>", 1)

    assert reading.differing(figures, page, pdf) == ["PDF: Hồ sơ tiếp nhận trong 13 ngày: 1 is not there"]
