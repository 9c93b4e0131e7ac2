"""Whom we believe: our own TEST authority where it is allowed, and the dated trust list."""

from __future__ import annotations

from datetime import date, datetime

from asn1crypto import x509
from django.conf import settings
from django.utils import timezone
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko_certvalidator import ValidationContext

from thongsuot.kernel.periods import in_force
from thongsuot.signing import authority
from thongsuot.signing.errors import StamperSilent, TestAuthorityOff
from thongsuot.signing.models import Authority, Certificate, TrustedRoot
from thongsuot.signing.pem import certificates_in


def local() -> Authority | None:
    return Authority.objects.filter(name=authority.NAME).first()


def must_have_local() -> Authority:
    """Raises TestAuthorityOff."""
    authority.must_be_allowed()
    found = local()
    if found is None:
        raise TestAuthorityOff
    return found


def roots(*, on: date) -> list[x509.Certificate]:
    """Of the trust list that day, without the TEST authority's."""
    rows = TrustedRoot.objects.filter(in_force(on)).order_by("pk").values_list("pem", flat=True)
    return [certificate for text in rows for certificate in certificates_in(text)]


def context_for(holder: Certificate, *, at: datetime) -> ValidationContext:
    """What a signer proves its certificate with, and the time-stamp authority its own.

    A TEST certificate asks nobody, unless a real authority stamps the time; a real one asks its issuer's addresses.
    """
    known = roots(on=timezone.localdate(at))
    if holder.is_test:
        here = must_have_local()
        return ValidationContext(
            trust_roots=[*certificates_in(here.root_pem), *known],
            other_certs=certificates_in(here.stamper_pem),
            crls=[authority.revocation_list(here, at=at)],
            allow_fetching=bool(settings.TIMESTAMP_URL),
            revocation_mode="require",
            moment=at,
        )
    return ValidationContext(trust_roots=known, allow_fetching=True, revocation_mode="hard-fail")


def stamper_for(holder: Certificate, *, at: datetime) -> TimeStamper:
    """Raises StamperSilent: a real signature is never made without a time-stamp, it would die with its certificate."""
    if settings.TIMESTAMP_URL:
        return HTTPTimeStamper(settings.TIMESTAMP_URL, timeout=10)
    if holder.is_test:
        return authority.stamper(must_have_local(), at=at)
    raise StamperSilent
