"""The drill: what was backed up comes back whole, elsewhere; what is damaged is refused before anything is touched."""

from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime

import pytest
from django.db import connection
from pypdf import PdfWriter

from thongsuot.config import backup
from thongsuot.config.terminal import Trouble
from thongsuot.files import actions as files
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import system
from thongsuot.kernel.history import seal_history
from thongsuot.kernel.models import Event, HistorySeal

MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
ELSEWHERE = "test_thongsuot_restored"


def quiet(text: str) -> None:
    pass


@pytest.fixture
def stored(transactional_db, settings, tmp_path):
    """Two stored files, their events, and a seal over them."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    for place in (1, 2):
        pdf = io.BytesIO()
        writer = PdfWriter()
        writer.add_blank_page(width=100 * place, height=100)
        writer.write(pdf)
        pdf.seek(0)
        files.store(pdf, name=f"giay-{place}.pdf", actor=system("test"), at=MONDAY, purpose="paper")
    seal_history(at=MONDAY)
    return settings


@pytest.fixture
def elsewhere(settings, tmp_path):
    """Makes the connection speak to a fresh database; afterwards to the first one again."""
    here, name = connection.settings_dict["NAME"], f"{ELSEWHERE}_{tmp_path.parent.name[-4:]}_{tmp_path.name[:20]}".lower()

    def go() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        connection.close()
        connection.settings_dict["NAME"] = name
        settings.DATA_DIR = tmp_path / "elsewhere"

    yield go
    connection.close()
    connection.settings_dict["NAME"] = here
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def test_what_was_backed_up_comes_back_whole_elsewhere(stored, elsewhere, tmp_path):
    kept = list(Event.objects.order_by("id").values_list("id", "name", "hash"))
    made = backup.backup(tmp_path, at=MONDAY, note=quiet)
    assert made.stat().st_mode & 0o077 == 0

    elsewhere()
    manifest = backup.restore(made, note=quiet)

    assert manifest["files"]["count"] == 2
    assert [(i, n, bytes(h)) for i, n, h in Event.objects.order_by("id").values_list("id", "name", "hash")] == [
        (i, n, bytes(h)) for i, n, h in kept
    ]
    assert HistorySeal.objects.count() == 1
    assert sorted(StoredFile.objects.values_list("name", flat=True)) == ["giay-1.pdf", "giay-2.pdf"]


def test_the_restored_history_is_still_append_only_and_goes_on(stored, elsewhere, tmp_path):
    made = backup.backup(tmp_path / "one.tar", at=MONDAY, note=quiet)
    elsewhere()
    backup.restore(made, note=quiet)

    before = Event.objects.count()
    with pytest.raises(Exception, match="append-only"):
        Event.objects.all().delete()
    pdf = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(width=300, height=100)
    writer.write(pdf)
    pdf.seek(0)
    files.store(pdf, name="moi.pdf", actor=system("test"), at=MONDAY, purpose="paper")

    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(stored, elsewhere, tmp_path, place):
    made = backup.backup(tmp_path / "one.tar", at=MONDAY, note=quiet)
    content = bytearray(made.read_bytes())
    with tarfile.open(made) as tar:
        dump = tar.getmember(backup.DUMP)
        at = dump.offset_data + int(dump.size * place)
    content[at] ^= 0xFF
    made.write_bytes(content)

    elsewhere()
    with pytest.raises(Trouble, match="không khớp"):
        backup.restore(made, note=quiet)

    assert backup._tables() == 0
    assert not stored.DATA_DIR.exists()


def test_a_damaged_file_inside_a_backup_is_named(stored, elsewhere, tmp_path):
    made = backup.backup(tmp_path / "one.tar", at=MONDAY, note=quiet)
    content = bytearray(made.read_bytes())
    with tarfile.open(made) as tar:
        content[next(m for m in tar if m.name.startswith("files/")).offset_data] ^= 0xFF
    made.write_bytes(content)

    elsewhere()
    with pytest.raises(Trouble, match="đã hỏng"):
        backup.restore(made, note=quiet)

    assert backup._tables() == 0


def test_a_backup_cut_short_is_refused(stored, elsewhere, tmp_path):
    made = backup.backup(tmp_path / "one.tar", at=MONDAY, note=quiet)
    with tarfile.open(made) as tar:
        end = tar.getmember(backup.MANIFEST).offset
    made.write_bytes(made.read_bytes()[:end])

    elsewhere()
    with pytest.raises(Trouble, match="Incomplete"):
        backup.restore(made, note=quiet)

    assert backup._tables() == 0


def test_a_tar_with_paths_that_lead_elsewhere_is_refused(stored, elsewhere, tmp_path):
    wicked = tmp_path / "wicked.tar"
    with tarfile.open(wicked, "w") as tar:
        member = tarfile.TarInfo("../../etc/passwd")
        member.size = 3
        tar.addfile(member, io.BytesIO(b"abc"))

    elsewhere()
    with pytest.raises(Trouble, match="mục lạ"):
        backup.restore(wicked, note=quiet)


def test_what_only_another_version_understands_is_left_out_but_never_data():
    dump = [
        b"SET transaction_timeout = 0;\n",
        b"SET client_encoding = 'UTF8';\n",
        b"ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=1);\n",
        b"COPY public.t (a) FROM stdin;\n",
        b"SET transaction_timeout = 0;\n",
        b"ALTER TABLE ONLY x SET (pg_attver=1);\n",
        b"\\.\n",
        b"SET transaction_timeout = 0;\n",
        b"SELECT 1;\n",
    ]

    assert list(backup.understood(dump)) == [dump[1], *dump[3:7], dump[8]]


def test_restore_refuses_a_database_that_is_not_empty(stored, tmp_path):
    made = backup.backup(tmp_path / "one.tar", at=MONDAY, note=quiet)
    events = Event.objects.count()

    with pytest.raises(Trouble, match="không trống"):
        backup.restore(made, note=quiet)

    assert Event.objects.count() == events


def test_a_backup_never_overwrites(stored, tmp_path):
    made = tmp_path / "one.tar"
    made.write_text("precious")

    with pytest.raises(Trouble, match="không ghi đè"):
        backup.backup(made, at=MONDAY, note=quiet)

    assert made.read_text() == "precious"
