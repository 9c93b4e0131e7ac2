"""Keys at rest and keys in tokens."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_public_key

from thongsuot.kernel.errors import NotYourDuty
from thongsuot.signing import actions, authority, errors, sealing, trust
from thongsuot.signing.models import Certificate, Signature, SoftwareKey
from thongsuot.signing.pem import as_text
from thongsuot.signing.tests.make import DEAR, HOUSE, MONDAY, PIN, a_file, bytes_of, make_town
from thongsuot.signing.validation import Verdict, validate

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, TOKEN_PIN = "phuong-song", "730184"


def test_a_software_key_opens_only_with_its_pin_and_this_installations_secret(town, settings):
    row = town.hanh.software_key

    assert PIN.encode() not in bytes(row.sealed)
    settings.SECRET_KEY = "another-installation-that-stole-the-database-0123456789"
    with pytest.raises(errors.WrongPin):
        actions.check_pin(town.hanh, PIN, actor=town.actor("hanh"), at=MONDAY)


def test_after_the_secret_key_changed_the_former_one_still_opens(town, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-secret-key-of-the-same-installation-0123456789-abc"

    actions.check_pin(town.hanh, PIN, actor=town.actor("hanh"), at=MONDAY)


def test_one_guess_of_a_pin_is_dear():
    assert DEAR == (64 * 1024, 3)


def test_a_changed_pin_opens_and_the_former_one_does_not(town):
    actions.change_pin(town.hanh.pk, pin=PIN, new_pin="915374", actor=town.actor("hanh"), at=MONDAY)

    changed = Certificate.objects.select_related("software_key", "body").get(pk=town.hanh.pk)
    actions.check_pin(changed, "915374", actor=town.actor("hanh"), at=MONDAY)
    with pytest.raises(errors.WrongPin):
        actions.check_pin(changed, PIN, actor=town.actor("hanh"), at=MONDAY)


def test_nobody_changes_anothers_pin_and_no_weak_one_is_taken(town):
    before = bytes(SoftwareKey.objects.get(pk=town.hanh.software_key_id).sealed)

    with pytest.raises(NotYourDuty):
        actions.change_pin(town.hanh.pk, pin=PIN, new_pin="915374", actor=town.actor("quan"), at=MONDAY)
    with pytest.raises(errors.WeakPin):
        actions.change_pin(town.hanh.pk, pin=PIN, new_pin="111111", actor=town.actor("hanh"), at=MONDAY)

    assert bytes(SoftwareKey.objects.get(pk=town.hanh.software_key_id).sealed) == before


def test_a_secret_sealed_for_one_use_does_not_open_for_another():
    sealed = sealing.seal(b"x", what="one")

    assert sealing.opened(sealed, what="one") == b"x"
    with pytest.raises(sealing.DoesNotOpen):
        sealing.opened(sealed, what="other")


@pytest.fixture(scope="module")
def token(tmp_path_factory) -> str:
    """A token of SoftHSM2 in a folder of its own, with a fresh key pair; the public key as hexadecimal."""
    if not MODULE.exists() or shutil.which("softhsm2-util") is None:
        pytest.fail("SoftHSM2 is not installed: scripts/outside.sh")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "conf")  # read by the module when it is loaded into this process
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", TOKEN_PIN, "--so-pin", "11223344"],  # noqa: S607
        check=True,
        capture_output=True,
    )
    import pkcs11
    from pkcs11.util.rsa import encode_rsa_public_key

    with pkcs11.lib(str(MODULE)).get_token(token_label=TOKEN).open(rw=True, user_pin=TOKEN_PIN) as session:
        public, _private = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="ky")
        return encode_rsa_public_key(public).hex()


@pytest.fixture
def with_token(db, settings, token):
    """The town whose leader's key lies in the token."""
    settings.PKCS11_MODULE = str(MODULE)
    town = make_town(certificates=False)
    info = keys.PublicKeyInfo(
        {
            "algorithm": keys.PublicKeyAlgorithm({"algorithm": "rsa"}),
            "public_key": keys.RSAPublicKey.load(bytes.fromhex(token)),
        }
    )
    issued: asn1.Certificate = authority.certificate_for(
        trust.must_have_local(),
        authority.Subject(name="Phạm Thị Hạnh", organisation="UBND phường Sông", post="Phó Chủ tịch"),
        load_der_public_key(info.dump()),
        starts=MONDAY,
        ends=MONDAY.replace(year=2027),
    )
    added = actions.add_certificate(
        as_text(issued),
        person_id=town.people["hanh"].pk,
        body_id=town.city.body(town.city.river, "people_committee").pk,
        post="Phó Chủ tịch",
        token_label=TOKEN,
        key_label="ky",
        actor=town.actor("quan"),
        at=MONDAY,
    )
    for state in ("delivered", "active"):
        actions.move_certificate(added.pk, to=state, actor=HOUSE, at=MONDAY)
    return town


def test_a_key_in_a_token_signs_what_judges_accept(with_token):
    signed = actions.sign_as_person(a_file(), pin=TOKEN_PIN, reason="Ký kết quả", actor=with_token.actor("hanh"), at=MONDAY)

    assert validate(bytes_of(signed.file_id), at=MONDAY).verdict == Verdict.TEST


def test_a_wrong_pin_of_a_token_is_counted_here_before_the_token_locks_itself(with_token):
    with pytest.raises(errors.WrongPin) as refusal:
        actions.sign_as_person(a_file(), pin="999999", reason="x", actor=with_token.actor("hanh"), at=MONDAY)

    assert refusal.value.left == 4
    assert not Signature.objects.exists()


def test_a_token_that_is_not_there_is_named(with_token, settings):
    Certificate.objects.update(token_label="da-rut-ra")

    with pytest.raises(errors.TokenAbsent):
        actions.sign_as_person(a_file(), pin=TOKEN_PIN, reason="x", actor=with_token.actor("hanh"), at=MONDAY)
    settings.PKCS11_MODULE = ""
    with pytest.raises(errors.TokenAbsent):
        actions.sign_as_person(a_file(), pin=TOKEN_PIN, reason="x", actor=with_token.actor("hanh"), at=MONDAY)

    assert not Signature.objects.exists()


def test_the_certificate_of_a_test_says_so_in_its_policy(town):
    made = x509.load_pem_x509_certificate(town.hanh.pem.encode())

    policies = made.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [policy.policy_identifier for policy in policies] == [authority.POLICY]
