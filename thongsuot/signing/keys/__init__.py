"""Private keys behind one protocol: software keys of the TEST authority, and tokens reached through PKCS#11.

A key is opened with its PIN for as long as the `with` lasts, and never longer.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from asn1crypto import x509
from pyhanko.sign.signers import Signer

from thongsuot.signing.keys.software import SoftwareKeys
from thongsuot.signing.keys.tokens import TokenKeys
from thongsuot.signing.models import Certificate
from thongsuot.signing.pem import certificates_in


@dataclass(frozen=True, kw_only=True)
class Material:
    """A certificate as signers want it: itself, and those between it and the root."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


class Keys(Protocol):
    """One kind of keeping private keys."""

    def opened(self, holder: Certificate, material: Material, *, pin: str) -> AbstractContextManager[Signer]:
        """Raises WrongPin, KeyLocked, TokenAbsent."""

    def change_pin(self, holder: Certificate, *, pin: str, new_pin: str) -> None:
        """Raises WrongPin, KeyLocked, TokenAbsent. The caller saves what it changed."""


_KINDS: dict[str, Keys] = {Certificate.KeyKind.SOFTWARE: SoftwareKeys(), Certificate.KeyKind.TOKEN: TokenKeys()}


def keys_of(holder: Certificate) -> Keys:
    return _KINDS[holder.key_kind]


def material_of(holder: Certificate) -> Material:
    [own] = certificates_in(holder.pem)
    return Material(certificate=own, chain=tuple(certificates_in(holder.chain_pem)))


__all__ = ["Keys", "Material", "keys_of", "material_of"]
