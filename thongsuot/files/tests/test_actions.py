"""Handing in: what is acknowledged is on disk, what is refused leaves nothing."""

import io
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from thongsuot.files import actions, queries, storage
from thongsuot.files.inspection.refusals import FileTypeRefused
from thongsuot.files.models import Blob, StoredFile
from thongsuot.files.tests import make
from thongsuot.files.tests.make import make_file
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once

NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)


def bytes_on_disk():
    return sorted(path.name for path in storage.root().rglob("*") if path.is_file())


def test_a_stored_file_can_be_read_back_and_its_event_names_no_one(db):
    stored = make_file(make.pdf(), name="Đơn của Minh.PDF", actor=ANYONE, at=NOW)

    with queries.open_checked(stored.pk) as content:
        assert content.read() == make.pdf()
    assert (stored.name, stored.blob.content_type, stored.uploaded_by_id) == ("Đơn của Minh.PDF", "application/pdf", None)
    event = history_of(stored)[0]
    assert event.facts == {
        "sha256": stored.blob.sha256,
        "size": len(make.pdf()),
        "content_type": "application/pdf",
        "purpose": "paper",
    }


def test_an_upload_is_read_from_its_start_even_when_a_form_has_read_it(db):
    upload = io.BytesIO(make.png())
    upload.read()

    stored = make_file(upload, name="ảnh")

    assert stored.name == "ảnh.png"
    assert stored.blob.size == len(make.png())


def test_equal_bytes_are_kept_once_for_two_hand_ins(db):
    first, second = make_file(name="một.pdf"), make_file(name="hai.pdf")

    assert first.blob_id == second.blob_id
    assert first.pk != second.pk
    assert len(bytes_on_disk()) == 1


def test_a_refused_file_leaves_nothing(db):
    for content, name, refusal in [
        (b"MZ" + bytes(100), "a.pdf", FileTypeRefused),
        (make.png(), "a.pdf", actions.EndingDisagrees),
        (make.pdf(), "a.pdf.exe", actions.EndingDisagrees),
        (bytes(21 * 2**20), "a.pdf", actions.FileTooBig),
        (io.BytesIO(bytes(21 * 2**20)), "a.pdf", actions.FileTooBig),
    ]:
        with pytest.raises(refusal):
            make_file(content, name=name)

    assert bytes_on_disk() == []
    assert not Blob.objects.exists()
    assert not StoredFile.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(("size", "said"), [(24 * 2**20, "24 MB"), (20 * 2**20 + 1, "20,1 MB"), (25_700_000, "24,6 MB")])
def test_a_file_too_big_is_told_both_sizes(size, said):
    refusal = actions.FileTooBig(size=size, limit=20 * 2**20)

    assert refusal.message() == f"Tệp nặng {said}, giới hạn là 20 MB. Hãy chụp lại ở cỡ nhỏ hơn, hoặc mang bản giấy đến quầy."
    assert refusal.status == 413


def test_an_endless_upload_is_cut_off_at_the_limit(db):
    class Endless:
        given = 0

        def read(self, size=-1):
            self.given += size
            return bytes(size)

    source = Endless()
    with pytest.raises(actions.FileTooBig) as refusal:
        make_file(source, name="a.pdf")

    assert refusal.value.message().startswith("Tệp nặng hơn 20 MB")
    assert source.given <= 20 * 2**20 + storage.CHUNK
    assert bytes_on_disk() == []


def test_the_bytes_are_in_place_before_the_row_is_written(db, monkeypatch):
    seen = []
    create = Blob.objects.bulk_create
    monkeypatch.setattr(
        Blob.objects,
        "bulk_create",
        lambda rows, **options: (seen.append(storage.path_of(rows[0].sha256).read_bytes()), create(rows, **options)),
    )

    make_file()

    assert seen == [make.pdf()]


def test_a_crash_between_bytes_and_row_leaves_only_bytes_that_are_swept(db, monkeypatch):
    kept = make_file(make.png(), name="a.png")

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            make_file(make.pdf(), name="b.pdf")
    assert len(bytes_on_disk()) == 2
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [kept.pk]

    assert storage.sweep(at=timezone.now()) == 0  # too young: it might belong to a hand-in still under way
    assert storage.sweep(at=timezone.now() + timedelta(days=2)) == 1
    assert bytes_on_disk() == [kept.blob.sha256]
    make_file(make.pdf(), name="b.pdf")
    assert len(bytes_on_disk()) == 2


def test_temporary_files_of_a_crash_are_swept_too(db):
    make_file()
    left = storage.root() / "incoming" / "tmpleft"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))

    assert storage.sweep(at=timezone.now()) == 1
    assert not left.exists()


def test_a_new_hand_in_mends_a_damaged_copy(db):
    stored = make_file()
    storage.path_of(stored.blob.sha256).write_bytes(b"rotten")

    make_file()

    assert list(queries.damaged()) == []


@pytest.mark.django_db(transaction=True)
def test_equal_files_handed_in_at_once_share_one_blob():
    together = threading.Barrier(6)

    def hand_in():
        together.wait(10)
        make_file()

    assert at_once(*[hand_in] * 6) == []
    assert Blob.objects.count() == 1
    assert StoredFile.objects.count() == 6
    assert list(queries.damaged()) == []


@pytest.mark.django_db(transaction=True)
def test_the_sweep_waits_for_a_hand_in_that_is_not_committed(monkeypatch):
    moved, swept = threading.Event(), threading.Event()
    write = actions.record

    def record_when_the_sweep_is_there(*args, **facts):
        moved.set()
        with connection.cursor() as cursor:
            for _ in range(1_000):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                if cursor.fetchone()[0] or swept.wait(0.01):
                    break
        return write(*args, **facts)

    def sweep():
        moved.wait(10)
        storage.sweep(at=timezone.now() + timedelta(days=2))  # so late that age alone protects nothing
        swept.set()

    monkeypatch.setattr(actions, "record", record_when_the_sweep_is_there)

    assert at_once(make_file, sweep) == []
    assert list(queries.damaged()) == []
    assert len(bytes_on_disk()) == 1
