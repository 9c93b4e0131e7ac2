"""Loading by the million, with some hundreds: what COPY writes must be what the program could have written."""

from __future__ import annotations

import argparse
import json
from datetime import date

import pytest
from django.db import connection

from thongsuot.config.bench import filling
from thongsuot.config.bench.copying import load
from thongsuot.config.bench.stock import Stock
from thongsuot.config.cli import parser
from thongsuot.config.replay.facts import read_city
from thongsuot.config.replay.proof import _TALLY
from thongsuot.config.terminal import Trouble
from thongsuot.config.tests.replaying import MORNING, make_town_to_replay
from thongsuot.dossiers.models import Component, Dossier, StepRun
from thongsuot.dossiers.queries import tracking
from thongsuot.kernel.history import faults
from thongsuot.kernel.models import Event
from thongsuot.numbering.models import Series
from thongsuot.people.models import Person
from thongsuot.procedures import queries as procedures

TODAY = date(2025, 9, 10)
DOSSIERS = 600


@pytest.fixture
def loaded(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("loading goes round foreign keys, which only the owner of the server may")
    make_town_to_replay()
    city = read_city("98", first=TODAY, days=1, until=TODAY)
    officer = Person.objects.create(email="thu@vidu.vn", full_name="Người Thử", joined_at=MORNING)
    kinds = []
    for kind in city.kinds:
        version = procedures.version_in_force(kind.code, on=TODAY)
        kinds.append((kind, version.id, version.procedure_id))
    officers = {place.unit_id: officer.pk for place in city.places}
    stock = Stock(city, kinds, dossiers=DOSSIERS, last=TODAY, days=30, officers=officers)
    told: list[int] = []
    took = load(stock, progress=lambda done, seconds: told.append(done))
    return took, told


def test_everything_that_pages_read_is_there_and_holds_together(loaded):
    took, told = loaded

    assert Dossier.objects.count() == DOSSIERS == took.rows["dossiers_dossier"] == told[-1]
    assert (Component.objects.count(), StepRun.objects.count()) == (DOSSIERS, 2 * DOSSIERS)
    still_open = Dossier.objects.filter(ended_at=None)
    assert 0 < still_open.count() < DOSSIERS / 2
    assert StepRun.objects.filter(finished_at=None).count() == still_open.count()
    assert sum(Series.objects.filter(kind="dossier").values_list("last", flat=True)) == DOSSIERS
    assert Dossier.objects.filter(channel=2).exists()
    with connection.cursor() as cursor:
        cursor.execute(_TALLY)
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_index WHERE NOT (indisready AND indisvalid)")
        assert cursor.fetchone() == (0,)


def test_the_history_verifies_and_goes_on(loaded):
    assert Event.objects.count() == DOSSIERS
    assert list(faults()) == []

    dossier = Dossier.objects.filter(ended_at=None).first()
    assert tracking.tracked(dossier.code).id == dossier.pk
    fresh = Dossier(pk=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('dossiers_dossier', 'id'))")
        (following,) = cursor.fetchone()
    assert fresh.pk is None
    assert following == DOSSIERS + 1


def test_a_folder_that_no_load_made_is_refused_and_stays_as_it_is(tmp_path):
    (tmp_path / "postgres").mkdir()

    for part in ("load", "stored"):
        with pytest.raises(Trouble, match="bench load"):
            filling._folder(argparse.Namespace(data=str(tmp_path), part=part))

    assert [path.name for path in tmp_path.iterdir()] == ["postgres"]


def test_measuring_needs_a_load_before(tmp_path):
    with pytest.raises(Trouble, match="bench load"):
        filling._folder(argparse.Namespace(data=str(tmp_path / "new"), part="stored"))


def test_with_one_size_measured_it_is_said_that_nothing_was_compared(tmp_path, capsys):
    def measured(**tracks: float) -> None:
        kept = {size[1:]: [{"work": "track by code", "ours": ours, "good": True}] for size, ours in tracks.items()}
        (tmp_path / filling.FIGURES).write_text(json.dumps(kept))

    measured(_600=2.0)
    filling._judge(tmp_path)
    assert "compared with nothing" in capsys.readouterr().out

    measured(_600=2.0, _60000=2.5)
    filling._judge(tmp_path)
    assert "compared with nothing" not in capsys.readouterr().out

    measured(_600=2.0, _60000=3.5)
    with pytest.raises(Trouble, match="track by code"):
        filling._judge(tmp_path)


def test_the_room_is_looked_at_first(tmp_path):
    with pytest.raises(Trouble, match="Không đủ chỗ"):
        filling._enough_room(tmp_path, 10**12)


def test_the_parts_of_the_benchmark_are_named_on_the_command_line():
    assert parser().parse_args(["bench"]).part is None
    options = parser().parse_args(["bench", "load", "--dossiers", "20_000_000", "--data", "x"])
    assert (options.part, options.dossiers, options.data) == ("load", 20_000_000, "x")
    assert parser().parse_args(["bench", "stored"]).part == "stored"
    for part in ("load", "stored", "pages", "feedback"):
        said = ([part], ["--json", "a.json", part], [part, "--json", "b.json"])
        assert [parser().parse_args(["bench", *one]).json for one in said] == ["", "a.json", "b.json"]
