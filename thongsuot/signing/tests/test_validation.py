"""Foreign files: whatever comes in, the answer is a report or a sentence, in bounded time and memory, and nothing is kept."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pypdf import PdfWriter

from thongsuot.files.models import Blob
from thongsuot.files.tests.make import pdf, png
from thongsuot.kernel.errors import TellPerson
from thongsuot.signing import errors
from thongsuot.signing.keys import keys_of, material_of
from thongsuot.signing.reading import guarded
from thongsuot.signing.tests.make import MONDAY, PIN, bytes_of, paper, sign_both
from thongsuot.signing.validation import Verdict, validate

pytestmark = pytest.mark.django_db


def stream_bomb(layers: int) -> bytes:
    """An object stream that grows a thousandfold with each layer."""
    packed, filters = b"\0" * 200_000_000 if layers == 1 else zlib.compress(b"\0" * 200_000_000), "/FlateDecode " * layers
    packed = zlib.compress(packed)
    body = b"<< /Type /ObjStm /N 100000 /First 10 /Filter [ %s ] /Length %d >>\nstream\n" % (filters.encode(), len(packed))
    return pdf(extra=b"6 0 obj\n" + body + packed + b"\nendstream\nendobj\n", catalog=b"/AcroForm 6 0 R")


def nested(depth: int) -> bytes:
    return pdf(catalog=b"/AcroForm << /Fields " + b"[" * depth + b"]" * depth + b" >>")


def encrypted() -> bytes:
    writer, out = PdfWriter(clone_from=BytesIO(paper())), BytesIO()
    writer.encrypt("mat-khau", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def hostile_xmp() -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (letter, *[letter - 1] * 10) for letter in range(98, 107)
    )
    bomb += b'<!ENTITY file SYSTEM "file:///etc/passwd">]><x>&j;&file;</x>'
    stream = b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n" % len(bomb) + bomb + b"\nendstream"
    return pdf(extra=b"6 0 obj\n" + stream + b"\nendobj\n", catalog=b"/Metadata 6 0 R")


def endless_pages() -> bytes:
    return pdf(catalog=b"/AcroForm << /Fields [ 1 0 R 1 0 R ] >> /Prev 1 0 R /Parent 1 0 R")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.NoPdfToCheck),
        (b"%PDF-1.7\n", errors.NoPdfToCheck),
        (png(), errors.NoPdfToCheck),
        (paper()[: len(paper()) // 2], errors.NoPdfToCheck),
        (encrypted(), errors.EncryptedToCheck),
    ],
    ids=["nothing", "a beginning alone", "a picture", "half a file", "with a password"],
)
def test_what_is_no_readable_pdf_is_refused_with_a_sentence(content, refusal):
    with pytest.raises(refusal) as said:
        validate(content, at=MONDAY)

    assert 400 <= said.value.status < 500
    assert said.value.message()


@pytest.mark.parametrize(
    "made",
    [
        lambda: stream_bomb(1),
        lambda: stream_bomb(2),
        lambda: nested(200_000),
        hostile_xmp,
        endless_pages,
        lambda: paper() + b"\0" * 5_000_000,
    ],
    ids=["a stream bomb", "a bomb in a bomb", "deep nesting", "hostile XMP", "a loop", "a long tail"],
)
def test_what_is_made_to_hurt_hurts_nobody(made):
    content = made()
    try:
        assert validate(content, at=MONDAY).verdict == Verdict.UNSIGNED
    except TellPerson as refusal:
        assert 400 <= refusal.status < 500

    assert validate(paper(), at=MONDAY).verdict == Verdict.UNSIGNED  # the next one is read as ever
    assert not Blob.objects.exists()


def test_a_file_larger_than_the_limit_is_not_even_looked_at(monkeypatch):
    monkeypatch.setattr(guarded, "LARGEST", 1_000)

    with pytest.raises(errors.TooBigToCheck):
        validate(paper(), at=MONDAY)


def test_a_reading_process_that_died_is_replaced():
    assert validate(paper(), at=MONDAY).verdict == Verdict.UNSIGNED
    assert guarded.FOREIGN.process is not None
    guarded.FOREIGN.process.kill()
    guarded.FOREIGN.process.wait()

    assert validate(paper(), at=MONDAY).verdict == Verdict.UNSIGNED


def test_when_too_many_files_wait_the_next_one_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(guarded, "LONGEST_WAIT", 0.01)

    with guarded.FOREIGN._lock, pytest.raises(errors.ReaderBusy):
        validate(paper(), at=MONDAY)


def test_who_comes_when_one_is_read_and_one_waits_is_sent_away_at_once():
    """Waiting costs a thread of the web: strangers' files may take two of a process, not all."""
    places = guarded.FOREIGN._places
    assert places is not None
    with places, places, pytest.raises(errors.ReaderBusy):
        validate(paper(), at=MONDAY)

    assert validate(paper(), at=MONDAY).verdict == Verdict.UNSIGNED


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    from thongsuot.signing.reading import worker

    monkeypatch.setattr(worker, "SECONDS", 0.0)

    assert b"pdf_too_complex" in worker._answered(b'{"what": "look"}', paper())


def test_text_added_after_the_signature_is_noticed(town):
    from pyhanko.pdf_utils import generic

    _one, two = sign_both(town)
    writer = IncrementalPdfFileWriter(BytesIO(bytes_of(two)))
    stream = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 20 Tf 80 400 Td (them) Tj ET"))
    writer.add_stream_to_page(0, stream)
    out = BytesIO()
    writer.write(out)

    report = validate(out.getvalue(), at=MONDAY)

    assert report.verdict == Verdict.BAD
    assert {one.intact for one in report.signatures} == {True}
    assert {one.changed.value for one in report.signatures} == {"changed"}


@pytest.mark.parametrize("method", ["sha1", "md5"])
def test_a_method_that_can_be_forged_is_named_and_the_issuer_not_called_unknown(town, method):
    """Old files of other offices have such signatures: the reason is the method."""
    with keys_of(town.hanh).opened(town.hanh, material_of(town.hanh), pin=PIN) as opened:
        signer = SimpleSigner(
            signing_cert=opened.signing_cert, signing_key=opened.signing_key, cert_registry=opened.cert_registry
        )
    out = BytesIO()
    meta = PdfSignatureMetadata(field_name="x", md_algorithm=method)
    PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(paper())), output=out)

    report = validate(out.getvalue(), at=MONDAY)

    assert (report.signatures[0].weak, report.verdict) == (True, Verdict.DOUBTFUL)
    page = Client().post(reverse("signing:validate"), {"file": SimpleUploadedFile("cu.pdf", out.getvalue())}).content.decode()
    assert "thuật toán ký đã lạc hậu" in page
    assert "nội dung đã bị thay đổi" not in page
    assert "Không thuộc danh sách tin cậy" not in page


def test_a_certificate_revoked_later_leaves_earlier_signatures_good_and_says_since_when(town):
    from thongsuot.signing import actions
    from thongsuot.signing.tests.make import HOUSE

    _one, two = sign_both(town)
    later = MONDAY.replace(day=20)
    actions.move_certificate(town.hanh.pk, to="revoked", reason="nghỉ hưu", actor=HOUSE, at=later)

    report = validate(bytes_of(two), at=later)

    assert report.verdict == Verdict.TEST
    assert report.signatures[0].revoked_at == later
    assert not report.signatures[0].revoked


def test_a_post_that_was_not_held_at_the_time_makes_a_signature_doubtful(town):
    _one, two = sign_both(town)
    town.people["hanh"].appointments.update(valid_to=MONDAY.date())

    report = validate(bytes_of(two), at=MONDAY)

    assert report.signatures[0].held_post is False
    assert report.verdict == Verdict.DOUBTFUL
