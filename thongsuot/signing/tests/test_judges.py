"""Outside judges: poppler's pdfsig and pyHanko's own command line look at our signatures and at forged ones."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields

from thongsuot.signing import actions, appearance, authority, pades, trust
from thongsuot.signing.appearance import Place
from thongsuot.signing.models import Authority, Certificate
from thongsuot.signing.tests.make import PIN, a_file, bytes_of, issued, of_person, sign_both
from thongsuot.signing.validation import Changed, Verdict, validate

# The judges know no clock but the machine's, so these signatures are made now.


@pytest.fixture
def root(town, tmp_path) -> Path:
    path = tmp_path / "root.pem"
    path.write_text(trust.must_have_local().root_pem)
    return path


@pytest.fixture
def two(town) -> bytes:
    _one, file_id = sign_both(town, at=timezone.now())
    return bytes_of(file_id)


def pyhanko(pdf: bytes, root: Path, folder: Path) -> tuple[bool, str]:
    """(accepted, what it said)"""
    path = folder / "judged.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(
        [
            Path(sys.executable).with_name("pyhanko"),
            "sign",
            "validate",
            "--trust",
            root,
            "--trust-replace",
            "--pretty-print",
            path,
        ],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    return said.returncode == 0, said.stdout + said.stderr


def run(*command: str | Path) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.fail(f"{command[0]} is not installed: scripts/outside.sh")
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr


def nss(folder: Path, *roots: Path) -> str:
    """A store of certificates as pdfsig's library keeps it, which trusts these roots for signatures."""
    store = folder / f"nss-{len(roots)}"
    if not store.exists():
        store.mkdir()
        run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
        for number, root in enumerate(roots):
            run("certutil", "-A", "-d", f"sql:{store}", "-n", f"root {number}", "-t", "C,C,C", "-i", root)
    return f"sql:{store}"


def pdfsig(pdf: bytes, folder: Path, *roots: Path) -> str:
    """What poppler says when it trusts these roots.

    It reads its library's last error whatever the answer was, and so calls a good chain below a private root "unknown issue":
    of chains it can be asked whether it knows the issuer. `chains` asks the library itself.
    """
    path = folder / "judged.pdf"
    path.write_bytes(pdf)
    return run("pdfsig", "-no-ocsp", "-nssdir", nss(folder, *roots), path)


def chains(pdf: bytes, folder: Path, root: Path) -> list[str]:
    """What NSS, the library pdfsig asks, says of each signer's certificate when it trusts this root."""
    store, said = nss(folder, root), []
    for signature in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        certificate = folder / "signer.der"
        certificate.write_bytes(signature.signer_cert.dump())
        run("certutil", "-A", "-d", store, "-n", "signer", "-t", ",,", "-i", certificate)
        said.append(run("certutil", "-V", "-d", store, "-n", "signer", "-u", "S").strip())
        run("certutil", "-D", "-d", store, "-n", "signer")
    return said


def flipped(pdf: bytes) -> bytes:
    """One byte of the content, that both signatures cover, is another."""
    place = pdf.index(b"/Title") + 8
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def renumbered(pdf: bytes) -> bytes:
    """After the last signature the field of the number shows another one."""
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    pades._fill(writer, "so", pades.Filled(text="Số: 99, ngày 01/01/2025"), at=timezone.now())
    writer.write(out)
    return out.getvalue()


def covered(pdf: bytes) -> bytes:
    """After the last signature an empty signature field is put over the text, and shows another one."""
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    place = Place(page=0, x=60, y=300, width=400, height=300)
    fields.append_signature_field(writer, fields.SigFieldSpec("Trang", on_page=0, box=place.box))
    style = appearance.style(place, title="x", made_at=timezone.now(), lines=["Ông A được cấp 500 m2 đất"])
    stamp = style.create_stamp(writer, BoxConstraints(width=place.width, height=place.height), {})
    field = next(one for one in pades._fields(writer) if one["/T"] == "Trang")
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): stamp.register()})
    writer.update_container(field)
    writer.write(out)
    return out.getvalue()


def foreign(town) -> bytes:
    """Signed with a certificate of an authority that only calls itself the same."""
    ours = Authority.objects.get()
    kept = (ours.root_pem, ours.root_key, ours.stamper_pem, ours.stamper_key)
    other = authority.made(at=timezone.now())
    Authority.objects.update(
        root_pem=other.root_pem, root_key=other.root_key, stamper_pem=other.stamper_pem, stamper_key=other.stamper_key
    )
    Certificate.objects.filter(pk=town.hanh.pk).update(state="revoked", state_since=timezone.now() - timedelta(days=300))
    of_person(town, "hanh")
    now = timezone.now()
    signed = actions.sign_as_person(a_file(), pin=PIN, reason="giả", actor=town.actor("hanh", now), at=now)
    names = ("root_pem", "root_key", "stamper_pem", "stamper_key")
    Authority.objects.update(**dict(zip(names, kept, strict=True)))
    return bytes_of(signed.file_id)


def expired(town) -> bytes:
    """Signed today, by turning the clock back in the house, with a certificate that ended a year ago; stamped by nobody."""
    then = timezone.now() - timedelta(days=365)
    ended = of_person(town, "hanh", starts=then - timedelta(days=30), ends=then + timedelta(days=1))
    Certificate.objects.filter(person=town.people["hanh"]).exclude(pk=ended.pk).update(state="revoked")
    signed = actions.sign_as_person(a_file(), pin=PIN, reason="x", actor=town.actor("hanh", then), at=then)
    assert Certificate.objects.get(signatures__pk=signed.signature_id) == ended
    return bytes_of(signed.file_id)


def test_pyhanko_accepts_both_signatures(two, root, tmp_path):
    accepted, said = pyhanko(two, root, tmp_path)

    assert accepted, said
    assert said.count("The signature is judged VALID") == 2


def test_pyhanko_rejects_a_changed_byte_an_expired_certificate_and_a_foreign_authority(town, two, root, tmp_path):
    for pdf in (flipped(two), expired(town), foreign(town)):
        accepted, said = pyhanko(pdf, root, tmp_path)
        assert not accepted, said
        assert "INVALID" in said


def test_pdfsig_accepts_both_signatures(two, root, tmp_path):
    said = pdfsig(two, tmp_path, root)

    assert said.count("Signature is Valid.") == 2, said
    assert "Expired" not in said
    assert "issuer is unknown" not in said
    assert chains(two, tmp_path, root) == ["certutil: certificate is valid"] * 2


def test_pdfsig_rejects_a_changed_byte_an_expired_certificate_and_a_foreign_authority(town, two, root, tmp_path):
    assert "Signature is Valid." not in pdfsig(flipped(two), tmp_path, root)

    old = expired(town)
    assert "Certificate has Expired" in pdfsig(old, tmp_path, root)
    assert "Certificate has expired" in chains(old, tmp_path, root)[0]

    theirs = foreign(town)
    assert "Certificate issuer is unknown." in pdfsig(theirs, tmp_path, root)
    assert "issuer is not recognized" in chains(theirs, tmp_path, root)[0]


def test_pdfsig_knows_no_issuer_whose_root_it_was_not_given(two, tmp_path):
    assert pdfsig(two, tmp_path).count("Certificate issuer is unknown.") == 2


def test_our_own_check_says_the_same(town, two):
    assert validate(two).verdict == Verdict.TEST
    assert validate(flipped(two)).verdict == Verdict.BAD
    assert validate(foreign(town)).verdict in {Verdict.BAD, Verdict.DOUBTFUL}


@pytest.mark.parametrize("attack", [renumbered, covered])
def test_what_is_drawn_after_the_last_signature_is_signed_by_nobody(town, attack):
    ours = issued(town)

    report = validate(attack(ours))

    assert validate(ours).verdict == Verdict.TEST
    assert report.verdict == Verdict.BAD
    assert [one.intact for one in report.signatures] == [True, True]
    assert report.signatures[1].changed in {Changed.UNCONFIRMED, Changed.CHANGED}
    assert report.signatures[1].verdict == Verdict.BAD


def test_a_number_redrawn_over_ours_is_rejected_by_pyhanko_too(town, root, tmp_path):
    ours = issued(town, at=timezone.now())

    assert pyhanko(ours, root, tmp_path)[0]
    accepted, said = pyhanko(renumbered(ours), root, tmp_path)
    assert not accepted, said


def test_a_redrawn_number_below_a_signature_of_someone_unknown_is_not_good(town):
    """One's own certificate stands for nothing."""
    pdf = renumbered(issued(town))
    ours = Authority.objects.get()
    other = authority.made(at=timezone.now())
    kept = (ours.root_pem, ours.root_key, ours.stamper_pem, ours.stamper_key)
    names = ("root_pem", "root_key", "stamper_pem", "stamper_key")
    Authority.objects.update(**{name: getattr(other, name) for name in names})
    Certificate.objects.filter(person=town.people["hanh"]).update(state="revoked", state_since=timezone.now())
    of_person(town, "hanh")
    now = timezone.now()
    signed = actions.sign_as_person(a_file(pdf), pin=PIN, reason="giả", actor=town.actor("hanh", now), at=now)
    Authority.objects.update(**dict(zip(names, kept, strict=True)))

    assert validate(bytes_of(signed.file_id)).verdict not in {Verdict.GOOD, Verdict.TEST}


def test_a_time_nobody_vouches_for_does_not_save_an_expired_certificate(town):
    """The stamp of a foreign authority could say any time."""
    pdf = expired(town)
    before = validate(pdf)
    Authority.objects.all().delete()

    after = validate(pdf)

    assert before.signatures[0].time_stamped
    assert not after.signatures[0].time_stamped
    assert after.verdict != Verdict.TEST
