"""Software keys of the TEST authority: sealed under the holder's PIN and the installation's secret key."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from thongsuot.signing import sealing
from thongsuot.signing.errors import WrongPin
from thongsuot.signing.models import Certificate, SoftwareKey

if TYPE_CHECKING:
    from thongsuot.signing.keys import Material

_WHAT = "software-key"


def sealed_key(key: RSAPrivateKey, *, pin: str, at: datetime) -> SoftwareKey:
    """The row that keeps a key, not saved yet."""
    row = SoftwareKey(salt=secrets.token_bytes(16), memory_kib=sealing.MEMORY_KIB, passes=sealing.PASSES, made_at=at)
    row.sealed = sealing.seal(
        key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), what=_WHAT, key=_key_of(row, pin)
    )
    return row


def _key_of(row: SoftwareKey, pin: str) -> bytes:
    return sealing.slowly(pin, salt=bytes(row.salt), memory_kib=row.memory_kib, passes=row.passes)


def _plain(row: SoftwareKey, pin: str) -> bytes:
    try:
        return sealing.opened(bytes(row.sealed), what=_WHAT, key=_key_of(row, pin))
    except sealing.DoesNotOpen:
        raise WrongPin from None


class _Signer(SimpleSigner):
    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """PKCS#1 v1.5 over SHA-256, as `pades` asks for."""
        assert digest_algorithm == "sha256", digest_algorithm
        # Made by us and sealed with a proof of being unchanged: checking its primes again costs 40 ms at each signature.
        key = load_der_private_key(self.signing_key.dump(), password=None, unsafe_skip_rsa_key_validation=True)
        assert isinstance(key, RSAPrivateKey)  # `sealed_key` keeps no other
        return key.sign(data, PKCS1v15(), SHA256())


class SoftwareKeys:
    """See `keys.Keys`."""

    @contextmanager
    def opened(self, holder: Certificate, material: Material, *, pin: str) -> Iterator[Signer]:
        assert holder.software_key is not None  # constraint certificate_has_a_key
        store = SimpleCertificateStore()
        store.register_multiple(material.chain)
        plain = _plain(holder.software_key, pin)
        yield _Signer(
            signing_cert=material.certificate,
            signing_key=asn1_keys.PrivateKeyInfo.load(plain),
            cert_registry=store,
            embed_roots=False,
        )

    def change_pin(self, holder: Certificate, *, pin: str, new_pin: str) -> None:
        row = holder.software_key
        assert row is not None  # constraint certificate_has_a_key
        plain = _plain(row, pin)
        row.salt, row.memory_kib, row.passes = secrets.token_bytes(16), sealing.MEMORY_KIB, sealing.PASSES
        row.sealed = sealing.seal(plain, what=_WHAT, key=_key_of(row, new_pin))
        row.save()
