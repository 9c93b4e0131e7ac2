"""E-mail, telephone, ID number: without a database."""

import pytest

from thongsuot.kernel import contact


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("024-3825-3536", "02438253536"),
        ("912345678", None),
        ("09123", None),
        ("0912345678901", None),
        ("0912345abc", None),
        ("٠٩١٢٣٤٥٦٧٨", None),
    ],
)
def test_phones_are_kept_as_digits_from_0(typed, kept):
    assert contact.phone_as_kept(typed) == kept


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("001431000077", True),
        ("00143100007", False),
        ("00143100007a", False),
        ("٠٠١٤٣١٠٠٠٠٧٧", False),
        ("001431000077\n", False),
    ],
)
def test_id_numbers_have_twelve_digits(text, good):
    assert contact.is_id_number(text) is good


@pytest.mark.parametrize(
    ("email", "good"),
    [
        ("minh@vidu.vn", True),
        ("a.b+c@x.gov.vn", True),
        ("", False),
        ("minh", False),
        ("minh@", False),
        ("minh@vidu", False),
        ("minh@vidu.vn\nBcc: x@y.vn", False),
        ("a b@vidu.vn", False),
        ("mình@vidu.vn", False),
        ("a@vidu.vn,b@vidu.vn", False),
        ("<minh@vidu.vn>", False),
        ("minh@vídụ.vn", False),
    ],
)
def test_an_address_is_one_plain_address(email, good):
    assert contact.is_email(email) is good
