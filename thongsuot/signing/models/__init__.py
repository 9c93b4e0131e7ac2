"""Tables of signing, by subject."""

from thongsuot.signing.models.certificates import (
    Authority,
    Certificate,
    CertificateRequest,
    CertificateWarning,
    SoftwareKey,
    TrustedRoot,
)
from thongsuot.signing.models.signatures import Proof, Signature

__all__ = [
    "Authority",
    "Certificate",
    "CertificateRequest",
    "CertificateWarning",
    "Proof",
    "Signature",
    "SoftwareKey",
    "TrustedRoot",
]
