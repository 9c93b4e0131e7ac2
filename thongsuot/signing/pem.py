"""Certificates as text, as objects and as what people read of them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from asn1crypto import pem, x509
from cryptography import x509 as made
from cryptography.hazmat.primitives.serialization import Encoding


def certificates_in(text: str) -> list[x509.Certificate]:
    """Every certificate of a PEM text, in its order. Raises ValueError."""
    if not text.strip():
        return []
    return [
        x509.Certificate.load(der) for name, _headers, der in pem.unarmor(text.encode(), multiple=True) if name == "CERTIFICATE"
    ]


def as_text(certificate: x509.Certificate | made.Certificate) -> str:
    der = certificate.dump() if isinstance(certificate, x509.Certificate) else certificate.public_bytes(Encoding.DER)
    return str(pem.armor("CERTIFICATE", der), "ascii")


def fingerprint(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.dump()).hexdigest()


def name_in(name: x509.Name) -> str:
    """'Phạm Thị Hạnh, Phó Chủ tịch, UBND phường Sông': the parts people read, in the usual order."""
    parts = name.native
    words = [parts.get(part) for part in ("common_name", "title", "organizational_unit_name", "organization_name")]
    flat = [" / ".join(word) if isinstance(word, list) else word for word in words if word]
    return ", ".join(dict.fromkeys(flat))[:500]


def common_name(name: x509.Name) -> str:
    found = name.native.get("common_name", "")
    return found if isinstance(found, str) else " / ".join(found)


def validity(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    period = certificate["tbs_certificate"]["validity"]
    return period["not_before"].native, period["not_after"].native


def says_test(certificate: x509.Certificate) -> bool:
    """Its own name or its issuer's says that it is worth nothing outside of tests."""
    words = f"{certificate.subject.human_friendly} {certificate.issuer.human_friendly}".upper()
    return "TEST" in words.replace(",", " ").split() or "THỬ NGHIỆM" in words
