"""Signing a stored file: the person first, the agency over it; every refusal changes nothing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pypdf import PdfReader, PdfWriter

from thongsuot.files.models import StoredFile
from thongsuot.files.tests.make import png
from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people import actions as people
from thongsuot.signing import actions, authority, errors, proofs, trust
from thongsuot.signing.models import Authority, Certificate, Signature
from thongsuot.signing.pem import certificates_in
from thongsuot.signing.tests.make import (
    HOUSE,
    MONDAY,
    PIN,
    SEAL_PIN,
    a_file,
    bytes_of,
    of_person,
    paper,
    sign_both,
)
from thongsuot.signing.validation import Changed, Verdict, validate


def sign(town, file_id=None, *, pin=PIN, at=MONDAY, by="hanh", **more):
    file_id = a_file(at=MONDAY) if file_id is None else file_id
    return actions.sign_as_person(file_id, pin=pin, reason="Ký kết quả", actor=town.actor(by, at), at=at, **more)


def nothing_was_signed(files_before: int) -> bool:
    return not Signature.objects.exists() and StoredFile.objects.filter(purpose="signing.signed").count() == files_before


def test_the_person_signs_first_and_the_agency_over_it(town):
    _one, two = sign_both(town)

    report = validate(bytes_of(two), at=MONDAY)

    person, agency = report.signatures
    assert report.verdict == Verdict.TEST
    assert report.is_test
    assert (person.kind, person.post, person.held_post, person.level) == ("person", "Phó Chủ tịch", True, "B-LT")
    assert (agency.kind, agency.organisation, agency.level) == ("agency", "Ủy ban nhân dân phường Sông", "B-LT")
    assert person.reason == "Ký kết quả (Phó Chủ tịch, Ủy ban nhân dân phường Sông)"
    assert {one.at for one in report.signatures} == {MONDAY}
    assert {one.changed for one in report.signatures} <= {Changed.NOTHING, Changed.SIGNED, Changed.FILLED}


def test_the_page_says_test_where_it_was_signed(town):
    _one, two = sign_both(town)

    seen = PdfReader(BytesIO(bytes_of(two))).pages[0]
    pictures = [annotation.get_object()["/AP"]["/N"] for annotation in seen["/Annots"]]

    assert len(pictures) == 2  # person and seal, both drawn
    assert "TEST" in town.hanh.subject
    assert "TEST" in town.hanh.issuer


def test_the_seal_stands_over_the_left_third_of_the_signature(town):
    _one, two = sign_both(town)

    person, seal = (annotation.get_object()["/Rect"] for annotation in PdfReader(BytesIO(bytes_of(two))).pages[0]["/Annots"])

    third = float(person[0]) + (float(person[2]) - float(person[0])) / 3
    assert float(seal[2]) == pytest.approx(third, abs=1.5)


def test_a_copy_carries_the_agency_alone_with_lines_and_no_picture(town):
    signed = actions.sign_as_agency(
        a_file(), unit_id=town.river, pin=SEAL_PIN, reason="Sao y", lines=["SAO Y", "UBND phường Sông"],
        actor=town.actor("thu"), at=MONDAY,
    )  # fmt: skip

    [stamp] = PdfReader(BytesIO(bytes_of(signed.file_id))).pages[0]["/Annots"]
    left, bottom, *_rest = (float(side) for side in stamp.get_object()["/Rect"])
    assert left > 300
    assert bottom > 700
    assert [one.kind for one in validate(bytes_of(signed.file_id), at=MONDAY).signatures] == ["agency"]


def test_the_agency_does_not_sign_before_the_person(town):
    with pytest.raises(errors.AgencyBeforePerson):
        actions.sign_as_agency(
            a_file(), unit_id=town.river, pin=SEAL_PIN, reason="Phát hành", actor=town.actor("thu"), at=MONDAY
        )

    assert nothing_was_signed(0)


def test_the_same_request_twice_signs_once(town):
    file_id = a_file()

    first, second = sign(town, file_id), sign(town, file_id)

    assert first == second
    assert Signature.objects.count() == 1


def test_who_has_no_certificate_is_told_so(town):
    with pytest.raises(errors.NoCertificate) as refusal:
        sign(town, by="doi")

    assert "đề nghị cấp" in refusal.value.message()
    assert nothing_was_signed(0)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("suspended", errors.CertificateSuspended), ("revoked", errors.CertificateRevoked)],
)
def test_a_certificate_that_was_stopped_signs_nothing(town, state, refusal):
    actions.move_certificate(town.hanh.pk, to=state, reason="mất thiết bị", actor=HOUSE, at=MONDAY)

    with pytest.raises(refusal):
        sign(town)

    assert nothing_was_signed(0)


def test_outside_of_its_dates_a_certificate_signs_nothing(town):
    with pytest.raises(errors.CertificateNotYetValid):
        sign(town, at=town.hanh.not_before - timedelta(days=1))
    with pytest.raises(errors.CertificateExpired) as refusal:
        sign(town, at=town.hanh.not_after)

    assert "hết hạn ngày 02/07/2027" in refusal.value.message()
    assert nothing_was_signed(0)


def test_who_left_the_post_that_the_certificate_names_signs_nothing(town):
    post = town.people["hanh"].appointments.get()
    people.end_appointment(post.pk, on=MONDAY.date(), actor=HOUSE, at=MONDAY)

    with pytest.raises(errors.WrongPost) as refusal:
        sign(town)

    assert "Phó Chủ tịch" in refusal.value.message()
    assert nothing_was_signed(0)


def test_a_certificate_of_one_unit_signs_nothing_for_another(town):
    with pytest.raises(errors.WrongUnit):
        sign(town, unit_id=town.city.hill.pk)

    assert nothing_was_signed(0)


def test_only_who_issues_papers_of_the_unit_uses_its_seal(town):
    signed = sign(town)

    for stranger in ("hanh", "doi"):
        with pytest.raises(NotYourDuty):
            actions.sign_as_agency(
                signed.file_id, unit_id=town.river, pin=SEAL_PIN, reason="x", actor=town.actor(stranger), at=MONDAY
            )

    assert Signature.objects.count() == 1


def test_wrong_pins_are_counted_and_lock_the_key_for_a_while(town):
    for left in (4, 3, 2, 1):
        with pytest.raises(errors.WrongPin) as refusal:
            sign(town, pin="000111")
        assert refusal.value.left == left
    with pytest.raises(errors.KeyLocked):
        sign(town, pin="000111")

    with pytest.raises(errors.KeyLocked) as locked:
        sign(town)  # even the right one, while it is locked
    assert "09:30" in locked.value.message()
    assert nothing_was_signed(0)
    sign(town, at=MONDAY + timedelta(minutes=31))
    assert not Event.objects.filter(facts__icontains="000111").exists()


def test_a_right_pin_forgets_the_wrong_ones(town):
    with pytest.raises(errors.WrongPin):
        sign(town, pin="000111")
    sign(town)

    assert Certificate.objects.get(pk=town.hanh.pk).wrong_pins == 0


class Silent(TimeStamper):
    """A time-stamp authority that does not answer."""

    async def async_request_tsa_response(self, req):
        raise TimestampRequestError("no answer")


def test_when_nobody_stamps_the_time_nothing_is_signed(town, monkeypatch):
    monkeypatch.setattr(trust, "stamper_for", lambda holder, *, at: Silent())

    with pytest.raises(errors.StamperSilent):
        sign(town)

    assert nothing_was_signed(0)


def test_a_time_stamp_authority_that_nobody_trusts_signs_nothing_until_its_root_is_on_the_list(town, monkeypatch):
    other = authority.made(at=MONDAY - timedelta(days=30))
    foreign = Authority(
        root_pem=other.root_pem, root_key=other.root_key, stamper_pem=other.stamper_pem, stamper_key=other.stamper_key
    )
    monkeypatch.setattr(trust, "stamper_for", lambda holder, *, at: authority.stamper(foreign, at=at))

    with pytest.raises(errors.UntrustedIssuer) as refusal:
        sign(town)

    assert "danh sách tin cậy" in refusal.value.message()
    assert nothing_was_signed(0)
    actions.trust_root(other.root_pem, basis="danh sách", valid_from=MONDAY.date(), actor=HOUSE, at=MONDAY)
    known = trust.context_for(town.hanh, at=MONDAY).path_builder.trust_manager
    assert known.is_root(certificates_in(other.root_pem)[0])


def test_a_real_certificate_is_not_used_without_a_time_stamp(town, settings):
    """A signature without one would die with its certificate."""
    settings.TIMESTAMP_URL = ""
    Certificate.objects.filter(pk=town.hanh.pk).update(is_test=False)

    with pytest.raises(errors.StamperSilent):
        sign(town)

    assert nothing_was_signed(0)


def test_what_is_no_whole_pdf_is_not_signed(town):
    broken = paper()[:2000] + b"\nstartxref\n0\n%%EOF\n"

    for content, name in ((png(), "anh.png"), (broken, "hong.pdf")):
        with pytest.raises(errors.NotAPdf):
            sign(town, a_file(content, name=name))

    with pytest.raises(NotFound):
        sign(town, 10**9)
    assert nothing_was_signed(0)


def test_a_certified_pdf_is_left_alone(town):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    from thongsuot.signing.keys import keys_of, material_of

    out = BytesIO()
    with keys_of(town.hanh).opened(town.hanh, material_of(town.hanh), pin=PIN) as signer:
        meta = signers.PdfSignatureMetadata(field_name="x", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
        signers.PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(paper())), output=out)

    with pytest.raises(errors.PdfLocked):
        sign(town, a_file(out.getvalue()))

    assert nothing_was_signed(0)


def test_number_and_date_are_filled_in_after_the_person_signed_and_the_signature_holds(town):
    code = proofs.new_code()
    prepared = actions.prepare(a_file(), code=code, actor=HOUSE, at=MONDAY)
    one = sign(town, prepared)
    two = actions.sign_as_agency(
        one.file_id, unit_id=town.river, pin=SEAL_PIN, reason="Phát hành", filled={"so": "Số: 07, ngày 06/10/2025"},
        actor=town.actor("thu"), at=MONDAY,
    )  # fmt: skip

    document = PdfReader(BytesIO(bytes_of(two.file_id)))
    report = validate(bytes_of(two.file_id), at=MONDAY)
    assert document.get_fields()["so"].value == "Số: 07, ngày 06/10/2025"
    assert report.verdict == Verdict.TEST
    assert report.signatures[0].changed == Changed.FILLED


def test_every_page_of_a_paper_signed_on_trial_says_test(town):
    writer, out = PdfWriter(), BytesIO()
    for _page in range(3):
        writer.append(BytesIO(paper()))
    writer.write(out)
    file_id = a_file(out.getvalue())

    made = actions.prepare(file_id, code=proofs.new_code(), new_page=True, is_test=True, actor=HOUSE, at=MONDAY)
    real = actions.prepare(file_id, code=proofs.new_code(), actor=HOUSE, at=MONDAY)

    said = [page.extract_text() for page in PdfReader(BytesIO(bytes_of(made))).pages]
    assert ["(TEST)" in page for page in said] == [True] * 4
    assert not any("(TEST)" in page.extract_text() for page in PdfReader(BytesIO(bytes_of(real))).pages)


def test_a_place_that_the_template_gives_to_the_number_is_used(town):
    writer = PdfWriter(clone_from=BytesIO(paper()))
    out = BytesIO()
    writer.write(out)
    first = actions.prepare(a_file(out.getvalue()), actor=HOUSE, at=MONDAY)

    again = actions.prepare(first, actor=HOUSE, at=MONDAY)

    assert again == first  # the field is there: nothing to add


def test_a_file_that_is_signed_already_is_not_stamped(town):
    signed = sign(town)

    assert actions.prepare(signed.file_id, code=proofs.new_code(), actor=HOUSE, at=MONDAY) == signed.file_id


def test_a_renewed_certificate_is_used_and_the_old_signature_still_holds(town):
    first = sign(town)
    later = town.hanh.not_after + timedelta(days=1)
    of_person(town, "hanh", starts=later - timedelta(days=2), ends=later + timedelta(days=700))

    second = sign(town, at=later)

    assert Signature.objects.get(pk=second.signature_id).certificate_id != town.hanh.pk
    assert validate(bytes_of(first.file_id), at=later).verdict == Verdict.TEST


def test_the_test_authority_may_be_switched_off(town, settings):
    settings.TEST_CA = False

    with pytest.raises(errors.TestAuthorityOff):
        sign(town)

    assert nothing_was_signed(0)
