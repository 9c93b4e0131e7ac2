"""What the portal shows of a result: with its files, as it holds, and no more once it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.actions.voiding import void_result
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, receive, resolve
from thongsuot.dossiers.tests.papers import a_pdf
from thongsuot.national_portal.models import Lane
from thongsuot.national_portal.stand_in.judge import verdict


def stored_result(wire, dossier) -> list[tuple[str, bool]]:
    """Title of each paper of the result the portal shows, and whether it has the file."""
    return [(one["TenGiayTo"], bool(one["GiayToId"])) for one in wire.stand_in.record(dossier.code)["DanhSachGiayToKetQua"]]


def changed(wire, dossier, kind) -> None:
    """The result corrected, replaced or revoked, up to the register."""
    town, at = wire.town, wire.clock.on(hours=1)
    change = dossiers.open_change(dossier.pk, kind=kind, reason="Sai ngày sinh", basis="Đơn", actor=town.actor("toan"), at=at)
    dossiers.draft_change(
        change.pk, title="Giấy mới", file_id=a_pdf(at, by=town.actor("toan")), actor=town.actor("toan"), at=at
    )
    dossiers.review_change(change.pk, approve=True, actor=town.actor("viet"), at=at)
    dossiers.sign_change(change.pk, actor=town.actor("hanh"), at=at)
    dossiers.issue_change(change.pk, actor=town.actor("thu"), at=at)


def test_a_fee_taken_after_the_result_does_not_take_its_file_away(wire):
    dossier = resolve(wire.town, receive(wire.town), at=MONDAY)
    wire.settle()
    before = wire.stand_in.record(dossier.code)["DanhSachGiayToKetQua"]
    dossiers.collect_fee(dossier.fees.get().pk, actor=wire.town.actor("lan"), at=MONDAY + timedelta(hours=1))

    wire.settle()

    assert verdict(wire.stand_in).good
    record = wire.stand_in.record(dossier.code)
    assert record["DanhSachGiayToKetQua"] == before
    assert before[0]["GiayToId"]
    assert wire.stand_in.counts()["files"] == 1


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("correction", [("Giấy mới", True)]), ("replacement", [("Giấy mới", True)]), ("revocation", [])],
)
def test_a_result_that_was_changed_is_told_and_a_revoked_one_taken_away(wire, kind, shown):
    dossier = resolve(wire.town, receive(wire.town), at=MONDAY)
    wire.settle()
    assert stored_result(wire, dossier) == [("Giấy thử nghiệm", True)]

    changed(wire, dossier, kind)
    wire.settle()

    assert stored_result(wire, dossier) == shown
    assert wire.stand_in.status_of(dossier.code) == 9


def test_a_result_changed_after_it_was_handed_back_is_told_with_nine_and_stands_at_ten_again(wire):
    dossier = resolve(wire.town, receive(wire.town), at=MONDAY)
    dossiers.hand_back(dossier.pk, handed_to="Minh", actor=wire.town.actor("lan"), at=wire.clock.on(hours=1))
    wire.settle()
    before = len(wire.stand_in.arrivals(dossier.code))

    changed(wire, dossier, "replacement")
    wire.settle()

    assert verdict(wire.stand_in).good
    told = wire.stand_in.arrivals(dossier.code)[before:]
    assert [(service, status) for _r, service, status in told] == [("result", 9), ("status", 10)]
    assert wire.stand_in.counts()["files"] == 2
    assert wire.stand_in.status_of(dossier.code) == 10


def test_a_result_whose_ground_fell_away_is_taken_away(wire):
    dossier = resolve(wire.town, receive(wire.town), at=MONDAY)
    wire.settle()

    void_result(dossier.pk, reason="Mục đăng ký đã hủy", public_reason="đã hủy", actor=HOUSE, at=wire.clock.on(hours=1))
    wire.settle()

    assert stored_result(wire, dossier) == []
    assert wire.stand_in.record(dossier.code)["GhiChu"] == "Mục đăng ký đã hủy"
    assert Lane.objects.get(pk=dossier.pk).state == "idle"
