"""What is read of a request, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.open311 import rules
from thongsuot.open311.answers import Many, as_json, as_xml

NOON = datetime(2025, 10, 6, 12, tzinfo=VIET_NAM)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("2025-10-06T05:00:00Z", NOON),
        ("2025-10-06T12:00:00+07:00", NOON),
        ("2025-10-06T12:00:00 07:00", NOON),
        ("2025-10-06T12:00:00.000+07:00", NOON),
        ("2025-10-06T12:00:00", NOON),
        ("2025-10-06", NOON.replace(hour=0)),
        ("  ", None),
    ],
)
def test_instants_as_clients_write_them(text, same_as):
    assert rules.instant(text, "start_date") == same_as


def test_a_span_is_ninety_days_whatever_is_missing():
    day = timedelta(days=1)

    assert rules.span(None, None, now=NOON) == (NOON - 90 * day, NOON)
    assert rules.span(NOON, None, now=NOON + 400 * day) == (NOON, NOON + 90 * day)
    assert rules.span(None, NOON, now=NOON + 400 * day) == (NOON - 90 * day, NOON)
    assert rules.span(NOON, NOON + 90 * day, now=NOON) == (NOON, NOON + 90 * day)
    with pytest.raises(BadInput):
        rules.span(NOON, NOON + 90 * day + timedelta(seconds=1), now=NOON)


def test_attributes_in_every_way_they_are_written():
    said = [
        ("attribute[rong]", ["vua"]),
        ("attribute[loai][]", ["a", "", "b"]),
        ("attribute[nhieu][0]", ["x"]),
        ("attribute[nhieu][1]", ["y"]),
        ("attribute[trong]", [""]),
        ("attribute", ["z"]),
        ("attribute[a][b]", ["z"]),
    ]

    assert rules.attributes(said) == {"rong": "vua", "loai": ["a", "b"], "nhieu": ["x", "y"]}


def test_states_of_the_extension():
    assert rules.fine_status("refused", refusal="duplicate") == "duplicate"
    assert rules.fine_status("refused", refusal="outside_scope") == "not_councils_responsibility"
    assert rules.fine_status("refused", refusal="unclear") == "no_further_action"
    assert (rules.fine_status("published", done=True), rules.fine_status("closed", done=False)) == (
        "fixed",
        "no_further_action",
    )
    assert rules.fine_status("approved") == "closed"  # what its answer says is not public yet


@given(st.text())
def test_whatever_is_written_the_xml_can_be_read_and_says_the_same(text):
    told = fromstring(as_xml("services", Many("service", [{"description": text}])))
    kept = "".join(
        sign
        for sign in text
        if sign in "\t\n" or (sign >= " " and not 0xD800 <= ord(sign) < 0xE000 and sign not in "\ufffe\uffff")
    )

    assert (told[0].findtext("description") or "") == kept


def test_empty_and_false_are_told_apart():
    row = {"a": None, "b": False, "c": 0, "d": "", "e": Many("x", [])}

    assert as_xml("r", row).endswith(b"<r><a></a><b>false</b><c>0</c><d></d><e></e></r>")
    assert as_json(row) == b'{"a":null,"b":false,"c":0,"d":"","e":[]}'
