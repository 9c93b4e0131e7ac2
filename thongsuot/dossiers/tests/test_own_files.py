"""A file is taken from who stored it, or from the dossier itself: naming an id opens nobody else's papers."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Component, Dossier, PaymentNotice, Result
from thongsuot.dossiers.tests.make import MONDAY, Town, a_file, forward_to, make_land_town, receive
from thongsuot.dossiers.tests.papers import a_pdf, a_scan, component_of
from thongsuot.dossiers.tests.test_api import BODY, Program, key_of
from thongsuot.dossiers.tests.test_api_citizens import filing, portal
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.models import Event

__all__ = ["portal"]


@pytest.fixture(scope="module")
def begins_with():
    return make_land_town


def paper(file_id: int) -> tuple[actions.PaperIn, ...]:
    return (actions.PaperIn(code="giay-chung-nhan", how="uploaded", file_id=file_id),)


def waiting_for_papers(town: Town) -> Dossier:
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["Bản chính"], actor=town.actor("lan"), at=MONDAY)
    return dossier


def waiting_for_money(town: Town) -> Dossier:
    dossier = forward_to_tax(town)
    notice(town, dossier, None)
    return dossier


def forward_to_tax(town: Town) -> Dossier:
    dossier = receive(town)
    for step, who in (("tiep-nhan", "lan"), ("kiem-tra", "toan"), ("dia-chinh", "dia")):
        actions.forward(dossier.pk, step_key=step, actor=town.actor(who), at=MONDAY)
    return dossier


def notice(town: Town, dossier: Dossier, file_id: int | None) -> PaymentNotice:
    return actions.issue_payment_notice(
        dossier.pk,
        step_key="thue",
        number="1",
        amount_dong=5,
        pay_by=date(2025, 11, 7),
        file_id=file_id,
        actor=town.actor("thue"),
        at=MONDAY,
    )


@pytest.mark.parametrize(
    ("who", "start", "take"),
    [
        ("lan", lambda town: None, lambda town, _one, file: receive(town, papers=paper(file))),
        (
            "lan",
            waiting_for_papers,
            lambda town, one, file: actions.complete_supplement(one.pk, papers=paper(file), actor=town.actor("lan"), at=MONDAY),
        ),
        (
            "lan",
            receive,
            lambda town, one, file: actions.scan_component(
                component_of(one).pk, file_id=file, pages=1, actor=town.actor("lan"), at=MONDAY
            ),
        ),
        ("thue", forward_to_tax, notice),
        (
            "lan",
            waiting_for_money,
            lambda town, one, file: actions.confirm_payment(one.pk, proof_file_id=file, actor=town.actor("lan"), at=MONDAY),
        ),
        (
            "toan",
            lambda town: forward_to(town, receive(town), "kiem-tra", at=MONDAY),
            lambda town, one, file: actions.draft_result(
                one.pk, title="Giấy", file_id=file, actor=town.actor("toan"), at=MONDAY
            ),
        ),
    ],
)
def test_each_door_takes_ones_own_file_and_no_other(town, who, start, take):
    foreign, own, one = a_scan(by=town.actor("tam")), a_scan(by=town.actor(who)), start(town)
    before = Event.objects.count()

    with pytest.raises(BadInput) as refusal:
        take(town, one, foreign)
    with pytest.raises(BadInput) as absent:
        take(town, one, 2**40)

    assert refusal.value.problems == absent.value.problems  # which ids exist is told to nobody
    assert "Hãy tải tệp lên bằng chính tài khoản đang dùng" in str(refusal.value.problems)
    assert Event.objects.count() == before
    take(town, one, own)


def test_what_lies_in_the_dossier_may_be_taken_by_whoever_works_on_it(town):
    dossier = receive(town, papers=paper(a_file(by=town.actor("lan"))))
    held = component_of(dossier).file_id
    forward_to(town, dossier, "kiem-tra", at=MONDAY)

    actions.draft_result(dossier.pk, title="Giấy", file_id=held, actor=town.actor("toan"), at=MONDAY)

    assert Result.objects.get(dossier=dossier).file_id == held
    another = forward_to(town, receive(town), "kiem-tra", at=MONDAY)
    with pytest.raises(BadInput):
        actions.draft_result(another.pk, title="Giấy", file_id=held, actor=town.actor("toan"), at=MONDAY)


def test_a_file_without_an_owner_is_nobodys_to_take(town):
    with pytest.raises(BadInput):
        receive(town, papers=paper(a_pdf()))  # stored by the house, or by a citizen without an account


def test_a_program_cannot_pull_another_dossiers_papers_to_itself(town, portal):
    theirs = a_file(by=town.actor("toan"))
    dossiers, components = Dossier.objects.count(), Component.objects.count()
    lan = Program(key_of(town, "lan").secret)
    named = [{"code": "giay-chung-nhan", "how": "uploaded", "file_id": theirs}]

    received = lan.post("/dossiers", {**BODY, "papers": named})
    filed = portal.post("/dossiers/submissions", filing(portal, papers=named))

    for refused in (received, filed):
        assert refused.status_code == 422
        assert "tải tệp lên bằng chính tài khoản đang dùng" in refused.content.decode()
    assert (Dossier.objects.count(), Component.objects.count()) == (dossiers, components)
