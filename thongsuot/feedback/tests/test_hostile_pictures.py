"""What hostile people, broken telephones and mistakes send instead of a photograph."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import PngImagePlugin

from thongsuot.feedback.pictures import (
    Position,
    Sign,
    fingerprint,
    public_copy,
    read_photo,
)
from thongsuot.feedback.tests.photos import (
    PLAIN,
    SMALL,
    exif,
    jpeg,
    png,
    scene,
    segments,
)
from thongsuot.files import actions as files
from thongsuot.files.inspection.refusals import FileBroken, FileTypeRefused, FileUnsafe
from thongsuot.files.models import StoredFile
from thongsuot.files.rules import MEGABYTE, PHOTO_RULE
from thongsuot.files.tests import make as made
from thongsuot.files.views import serve
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import TellPerson

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)


def a_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("x.html", "<script>alert(1)</script>")
    return out.getvalue()


TAILS = {
    "zip": a_zip(),
    "pdf": made.pdf(),
    "html": b"<html><script>alert(1)</script></html>",
    "a clip": b"\0\0\0\x18ftypmp42" + bytes(5000),
    "another picture": jpeg(scene(5)),
}


@pytest.mark.parametrize("tail", TAILS)
def test_nothing_of_what_hangs_behind_a_picture_is_in_its_copy_and_the_original_is_a_download(tail, db):
    content = jpeg(comment=TAILS["html"]) + TAILS[tail]

    copy = public_copy(content)
    stored = files.store(content, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    answer = serve(stored.pk)

    assert copy == public_copy(jpeg())
    assert b"script" not in copy
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    answer.close()


HEIC = b"\0\0\0\x24ftypheic\0\0\0\0mif1heicMiHBMiPr" + bytes(300)
REFUSED = {
    "heic": (HEIC, "heic", "Tương thích nhất"),
    "heic of another phone": (b"\0\0\0\x18ftypmif1\0\0\0\0heicmif1" + bytes(300), "heic", "chụp màn hình"),
    "avif": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(300), "avif", "JPEG và PNG"),
    "a clip": (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(300), "mp4", "JPEG và PNG"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "svg", "JPEG và PNG"),
    "gif": (b"GIF89a/*" + bytes(60) + b"*/=1;alert(1)", "gif", "JPEG và PNG"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(60), "webp", "JPEG và PNG"),
    "pdf": (made.pdf(), "", "JPEG và PNG"),
    "zip": (a_zip(), "zip", "JPEG và PNG"),
    "html": (b"<html><img src=x onerror=alert(1)>", "html", "JPEG và PNG"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photograph_is_refused_with_what_to_do_instead_and_leaves_nothing(name, db):
    content, looks_like, words = REFUSED[name]

    with pytest.raises(FileTypeRefused) as refused:
        files.store(content, name="anh.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)

    assert words in refused.value.message()
    assert refused.value.details()["looks_like"] == looks_like or not looks_like
    assert not StoredFile.objects.exists()
    for look in (read_photo, public_copy, fingerprint):
        with pytest.raises(FileTypeRefused, match=r"files\.type_refused"):
            look(content)


def whole_or_refused(content):
    for look in (public_copy, fingerprint):
        try:
            look(content)
        except TellPerson as refusal:
            assert refusal.message().endswith(".")
            return type(refusal)
    return None


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.95])
def test_a_picture_that_was_cut_off_is_refused(part, db):
    for content in (jpeg(scene(size=(1600, 1200))), png()):
        cut = content[: int(len(content) * part)]
        assert whole_or_refused(cut) is FileBroken
        with pytest.raises(FileBroken) as refused:
            files.store(cut, name="x", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
        assert "chụp lại" in refused.value.message()


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_whatever_is_changed_in_a_picture_it_is_shown_or_refused(seed, changes):
    chance = random.Random(seed)  # noqa: S311 - drawings
    for whole in (SMALL, SMALL_PNG):
        content = bytearray(whole)
        for _each in range(changes):
            content[chance.randrange(2, len(content))] = chance.randrange(256)
        assert whole_or_refused(bytes(content)) in (None, FileBroken, FileTypeRefused, FileUnsafe)


SMALL_PNG = png(scene(size=(64, 48)))


def test_bombs_are_refused_before_a_pixel_is_decoded(db):
    wide = made.png(claimed=(30_000, 30_000))
    begun = time.process_time()
    for look in (read_photo, public_copy, fingerprint):
        for content in (wide, made.jpeg(30_000, 30_000)):
            with pytest.raises(FileUnsafe) as refused:
                look(content)
            assert "quá lớn" in refused.value.message()
    for content in (wide, made.jpeg(30_000, 30_000)):
        with pytest.raises(FileUnsafe):
            files.store(content, name="x", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert time.process_time() - begun < 2


def test_a_picture_of_endless_scans_is_refused_on_its_way_in(db):
    """Each scan goes over all pixels again."""
    content = jpeg(progressive=True)
    scan = content.index(b"\xff\xda")
    last = content.rindex(b"\xff\xda")
    many = content[:scan] + content[scan:last] + content[last:-2] * 200 + b"\xff\xd9"

    with pytest.raises(FileUnsafe):
        files.store(many, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert files.store(content, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE).pk


def test_a_profile_or_text_that_unpacks_to_a_hundred_megabytes_is_not_followed():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    whole = SMALL_PNG
    for kind, head in ((b"iCCP", b"x\0\0"), (b"zTXt", b"x\0\0")):
        bomb = chunk(kind, head + zlib.compress(bytes(100 * MEGABYTE), 9))
        assert whole_or_refused(whole[:33] + bomb + whole[33:]) in (None, FileBroken)


def test_a_hundred_megabytes_are_refused_by_their_size(db):
    class Endless:
        read_so_far = 0

        def read(self, size=-1, /):
            self.read_so_far += size
            return SMALL[:size].ljust(size, b"\0")

    upload = Endless()
    with pytest.raises(files.FileTooBig) as refused:
        files.store(upload, name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert "20 MB" in refused.value.message()
    assert upload.read_so_far < 21 * MEGABYTE


def test_nothing_at_all_a_wrong_ending_and_a_name_that_is_a_path(db):
    for look in (read_photo, public_copy, fingerprint):
        with pytest.raises(FileBroken) as empty:
            look(b"")
    assert "không có nội dung" in empty.value.message()
    with pytest.raises(FileBroken):
        files.store(b"", name="x.jpg", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    with pytest.raises(files.EndingDisagrees):
        files.store(SMALL, name="x.png", actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    stored = files.store(SMALL, name='../../etc/<img src=x onerror="alert(1)">.jpg', actor=ANYONE, at=NOW, rule=PHOTO_RULE)
    assert not set('<>/\\"') & set(stored.name)
    assert stored.name.endswith(".jpg")


def test_words_of_a_png_are_left_behind():
    words = PngImagePlugin.PngInfo()
    words.add_itxt("Comment", "Nguyễn Văn Mẫu, 0900 000 000")
    words.add_text("parameters", "a pothole in the rain, steps 20")
    content = png(pnginfo=words, exif=exif())

    assert segments(public_copy(content)) == PLAIN
    assert Sign.MADE_BY_MACHINE in read_photo(content).signs
    assert read_photo(content).position == Position(10.775033, 106.695117)
