"""The VietQR payload of a transfer: EMVCo merchant-presented QR as NAPAS profiles it."""

from __future__ import annotations

from binascii import crc_hqx

from thongsuot.payments.rules.references import PURPOSE_AT_MOST

_NAPAS = "A000000727"
_TO_ACCOUNT = "QRIBFTTA"
_DONG = "704"


def payload(*, bank_bin: str, account: str, amount_dong: int, purpose: str) -> str:
    """A dynamic code: one transfer of that amount, with those words.

    bank_bin  6 digits; account: at most 19 letters or digits; purpose: at most 25 printable ASCII characters
    raises    ValueError when one of them does not fit
    """
    if not (len(bank_bin) == 6 and bank_bin.isdigit() and bank_bin.isascii()):
        raise ValueError("bank_bin: 6 digits")
    if not (0 < len(account) <= 19 and account.isalnum() and account.isascii()):
        raise ValueError("account: 1 to 19 letters or digits")
    if not 0 < amount_dong < 10**13:
        raise ValueError("amount_dong: 1 to 13 digits")
    if not (0 < len(purpose) <= PURPOSE_AT_MOST and purpose.isascii() and purpose.isprintable()):
        raise ValueError("purpose: 1 to 25 printable ASCII characters")
    beneficiary = _field("00", bank_bin) + _field("01", account)
    body = (
        _field("00", "01")
        + _field("01", "12")  # 12: dynamic, for one payment
        + _field("38", _field("00", _NAPAS) + _field("01", beneficiary) + _field("02", _TO_ACCOUNT))
        + _field("53", _DONG)
        + _field("54", str(amount_dong))
        + _field("58", "VN")
        + _field("62", _field("08", purpose))
        + "6304"
    )
    return body + checksum(body)


def checksum(body: str) -> str:
    """CRC-16/CCITT-FALSE over the payload up to and with `6304`, as four upper-case digits."""
    return f"{crc_hqx(body.encode('ascii'), 0xFFFF):04X}"


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02}{value}"
