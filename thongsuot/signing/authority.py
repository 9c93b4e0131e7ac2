"""The local certificate authority of a demo city: a root, a stamper of time, and certificates for whoever plays a part.

Every name it writes says THỬ NGHIỆM (TEST), and its certificates carry a policy of their own. Production refuses it
(config/checks.py) unless THONGSUOT_TEST_CA says otherwise. Its root is in our trust list so that the whole way can be
walked through, and every answer says TEST beside what it made.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from thongsuot.signing import sealing
from thongsuot.signing.errors import TestAuthorityOff
from thongsuot.signing.models import Authority, Certificate
from thongsuot.signing.pem import as_text, certificates_in

NAME = "local"
ROOT_NAME = "CA THỬ NGHIỆM Thông Suốt (TEST)"
ORGANISATION = "THỬ NGHIỆM (TEST) - không có giá trị pháp lý"
# The enterprise number that RFC 5612 keeps for examples: nobody's real policy can ever be mistaken for it.
POLICY = x509.ObjectIdentifier("1.3.6.1.4.1.32473.2026.1")
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_WHAT = "authority-key"
_YEARS = timedelta(days=20 * 365)
_CRL_LIFE = timedelta(days=7)
_BITS = 2048


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom a certificate names. `post` is empty for an agency."""

    name: str
    organisation: str
    post: str = ""


def must_be_allowed() -> None:
    """Raises TestAuthorityOff."""
    if not settings.TEST_CA:
        raise TestAuthorityOff


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def made(*, at: datetime) -> Authority:
    """A new authority, not saved yet. It counts from the beginning of the two-tier city on, so that past days can be played."""
    starts = min(at, datetime(2025, 6, 1, tzinfo=at.tzinfo))
    root_key, stamper_key = new_key(), new_key()
    name = _name(ROOT_NAME)
    root = (
        _builder(name, name, root_key.public_key(), root_key.public_key(), starts, starts + _YEARS, ca=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    stamper = (
        _builder(
            _name("Dấu thời gian THỬ NGHIỆM (TEST)"),
            name,
            stamper_key.public_key(),
            root_key.public_key(),
            starts,
            starts + _YEARS,
        )
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    return Authority(
        name=NAME,
        root_pem=as_text(root),
        root_key=sealing.seal(_plain(root_key), what=_WHAT),
        stamper_pem=as_text(stamper),
        stamper_key=sealing.seal(_plain(stamper_key), what=_WHAT),
        made_at=at,
    )


def certificate_for(
    authority: Authority, subject: Subject, public_key: rsa.RSAPublicKey, *, starts: datetime, ends: datetime
) -> asn1.Certificate:
    """Issue at once: nobody is asked, which is one reason why these are worth nothing."""
    root, root_key = _root(authority)
    names = [x509.NameAttribute(NameOID.COMMON_NAME, f"{subject.name} (TEST)"[:64])]
    if subject.post:
        names.append(x509.NameAttribute(NameOID.TITLE, subject.post[:64]))
    names.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, subject.organisation[:64]))
    issued = (
        _builder(_name(*names), root.subject, public_key, root_key.public_key(), starts, ends)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.CertificatePolicies([x509.PolicyInformation(POLICY, None)]), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return asn1.Certificate.load(issued.public_bytes(Encoding.DER))


def revocation_list(authority: Authority, *, at: datetime) -> bytes:
    """What was revoked or suspended by then, signed, as DER. It goes into signed files, so it must not be of later."""
    root, root_key = _root(authority)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(at - timedelta(minutes=1))
        .next_update(at + _CRL_LIFE)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    for serial, since, suspended in _withdrawn(at):
        reason = x509.ReasonFlags.certificate_hold if suspended else x509.ReasonFlags.unspecified
        entry = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(since)
        if suspended:  # "unspecified" is said by saying nothing (RFC 5280, 5.3.1)
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(root_key, hashes.SHA256()).public_bytes(Encoding.DER)


def _withdrawn(at: datetime) -> Iterable[tuple[str, datetime, bool]]:
    rows = Certificate.objects.filter(
        is_test=True,
        key_kind__isnull=False,
        state__in=[Certificate.State.REVOKED, Certificate.State.SUSPENDED],
        state_since__lte=at,
        issuer__contains=ROOT_NAME,
    )
    for row in rows.order_by("pk").values("serial", "state_since", "state"):
        yield row["serial"], row["state_since"], row["state"] == Certificate.State.SUSPENDED


# One for each thread: it keeps the stamp it makes on trial, which costs as much as the one that counts.
_stampers = threading.local()


def stamper(authority: Authority, *, at: datetime) -> TimeStamper:
    """The time-stamping authority of the demo city, in process. It says the time it is told: the command's."""
    kept: dict[str, DummyTimeStamper] = _stampers.__dict__
    if authority.stamper_pem not in kept:
        kept[authority.stamper_pem] = DummyTimeStamper(
            certificates_in(authority.stamper_pem)[0],
            asn1_keys.PrivateKeyInfo.load(sealing.opened(bytes(authority.stamper_key), what=_WHAT)),
            certs_to_embed=None,
        )
    found = kept[authority.stamper_pem]
    found.fixed_dt = at.replace(microsecond=0)
    return found


def _root(authority: Authority) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    sealed = sealing.opened(bytes(authority.root_key), what=_WHAT)
    # Made by us and sealed with a proof of being unchanged: checking its primes again costs 40 ms at each signature.
    key = load_der_private_key(sealed, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)  # made above
    return x509.load_pem_x509_certificate(authority.root_pem.encode()), key


def _plain(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _name(*parts: str | x509.NameAttribute[str]) -> x509.Name:
    given = [x509.NameAttribute(NameOID.COMMON_NAME, part) if isinstance(part, str) else part for part in parts]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            *given,
        ]
    )


def _usage(*, signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    own: rsa.RSAPublicKey,
    issuers: rsa.RSAPublicKey,
    starts: datetime,
    ends: datetime,
    *,
    ca: bool = False,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own)
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuers), critical=False)
    )
