"""The demo register: small, the same every time, with something on every list."""

from __future__ import annotations

from thongsuot.registers import demo
from thongsuot.registers.rules.fonts import looks_like_old_font


def test_the_same_people_come_every_time_and_nobody_living_has_their_numbers():
    one, other = (list(demo._Register(["Phường Bến", "Phường Chợ"]).births()) for _ in range(2))

    assert one == other
    assert not any(row.get("child_id") for row in one)


def test_some_rows_are_bad_on_purpose():
    rows = list(demo._Register(["Phường Bến", "Phường Chợ"]).births())

    assert any(row["child_born"] == "31/04/2004" for row in rows)
    assert sum(looks_like_old_font(row["child_name"]) for row in rows) == 1
