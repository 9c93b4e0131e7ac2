"""Receiving dossiers: the one SQL call, what it writes and what it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Component, Dossier, FeeDue, Status, StepRun
from thongsuot.dossiers.tests.make import MONDAY, an_intake, make_town, minh, receive
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import faults, history_of
from thongsuot.kernel.idempotency import Key, KeyUsedWithOtherBody
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.numbering.models import Series
from thongsuot.procedures.queries import NotCompetent, UnknownProcedure


def test_a_complete_dossier_is_received_with_code_dates_fee_step_and_event(town):
    dossier = receive(town)

    assert dossier.code == "H98.104-251006-0001"
    assert dossier.status == Status.RECEIVED
    assert dossier.due_at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M") == "13/10/2025 17:00"
    assert dossier.warn_at < dossier.due_at
    assert dossier.owner_search == "hoang van minh"
    assert FeeDue.objects.get(dossier=dossier).amount_dong == 16000
    assert Component.objects.get(dossier=dossier).paper_code == "giay-chung-nhan"
    run = StepRun.objects.get(dossier=dossier)
    assert (run.step_key, run.assignee_id) == ("tiep-nhan", town.people["lan"].pk)
    assert run.due_at.astimezone(VIET_NAM).strftime("%H:%M") == "14:00"
    [line] = history_of(dossier)
    assert (line.name, line.actor_name) == ("dossiers.received", "Nguyễn Thị Lan")
    assert line.facts["code"] == dossier.code
    assert not list(faults())


def test_no_personal_data_goes_into_the_history(town):
    receive(town)
    facts = str(list(Event.objects.filter(subject="dossiers.dossier").values_list("facts", flat=True)))
    assert all(word not in facts for word in ("Minh", "001412345678", "0912345678", "minh@vidu.vn"))


def test_receiving_is_one_round_trip(town, django_assert_num_queries):
    receive(town)  # the rules are remembered from here on
    actor, intake = town.actor("lan"), an_intake(town)
    with django_assert_num_queries(1):
        actions.receive_dossier(intake, actor=actor, at=MONDAY)


def test_the_code_is_of_the_unit_that_resolves_and_receiving_elsewhere_needs_the_flag(town):
    dossier = receive(town, by="lan", resolving_unit_id=town.hill)
    assert dossier.code.startswith("H98.105-")
    assert (dossier.receiving_unit_id, dossier.resolving_unit_id) == (town.river, town.hill)


def test_a_procedure_bound_to_its_place_is_not_received_elsewhere(db):
    town = make_town(non_boundary=False)
    with pytest.raises(errors.NotFiledHere):
        receive(town, resolving_unit_id=town.hill)
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"papers": ()}, errors.DossierIncomplete),
        ({"papers": (actions.PaperIn(code="khong-co"),)}, errors.UnknownPaper),
        ({"papers": (actions.PaperIn(code="giay-chung-nhan", how="waived"),)}, BadInput),
        ({"papers": (actions.PaperIn(code="giay-chung-nhan", how="uploaded"),)}, BadInput),
        ({"papers": (actions.PaperIn(code="giay-chung-nhan", file_id=999_999),)}, BadInput),
        ({"papers": (actions.PaperIn(code="giay-chung-nhan", how="đoán"),)}, BadInput),
        ({"procedure": "9.999999"}, UnknownProcedure),
        ({"owner": minh(name="   ")}, BadInput),
        ({"owner": minh(id_number="12345")}, BadInput),
        ({"owner": minh(phone="gọi cho tôi")}, BadInput),
        ({"owner": minh(email="a@b\nBcc: x@y.vn")}, BadInput),
        # What no letter could reach is said now, to whoever can still put it right.
        ({"owner": minh(email="á@vidu.vn")}, BadInput),
        ({"owner": minh(email="a..b@vidu.vn")}, BadInput),
        ({"owner": minh(email="minh@việt.vn")}, BadInput),
        ({"owner": minh(phone="٠٩١٢٣٤٥٦٧٨")}, BadInput),
        ({"owner": minh(id_number="٠٠١٤٣١٠٠٠٠٧٧")}, BadInput),
        ({"owner": minh(kind=9)}, BadInput),
        ({"channel": 7}, errors.ChannelNotOffered),
        ({"return_by": "drone"}, BadInput),
        ({"form": {"x": "y"}}, BadInput),
    ],
)
def test_what_cannot_be_received_is_refused_and_nothing_changes(town, changes, refusal):
    with pytest.raises(refusal) as caught:
        receive(town, **changes)

    assert caught.value.message()
    assert not Dossier.objects.exists()
    assert not Series.objects.filter(kind="dossier").exists()
    assert not Event.objects.filter(subject="dossiers.dossier").exists()


def test_a_phone_is_kept_one_way_however_it_is_typed(town):
    assert receive(town, owner=minh(phone="+84 912 345 678")).owner_phone == "0912345678"


def test_a_waived_paper_keeps_its_reason(town):
    dossier = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", how="waived", reason="đã có trong dữ liệu"),))
    assert Component.objects.get(dossier=dossier).reason == "đã có trong dữ liệu"


def test_an_officer_of_another_unit_may_not_receive_here(town):
    with pytest.raises(NotYourDuty):
        receive(town, by="doi")
    assert not Dossier.objects.exists()


def test_a_unit_without_competence_cannot_resolve(town):
    with pytest.raises(NotCompetent):
        receive(town, resolving_unit_id=town.city.city.pk)


def test_a_batch_answers_each_item_in_order_and_refuses_only_the_bad_ones(town):
    good, bad = an_intake(town), an_intake(town, owner=minh(name=""))
    unread = BadInput({"body": "không đọc được"})
    outcome = actions.receive_batch(
        [good, bad, unread, an_intake(town, resolving_unit_id=town.hill), good], actor=town.actor("lan"), at=MONDAY
    )

    assert [answer.get("code", "refused") for answer in outcome.answers] == [
        "H98.104-251006-0001",
        "refused",
        "refused",
        "H98.105-251006-0001",
        "H98.104-251006-0002",
    ]
    assert outcome.answers[1]["refused"]["status"] == 422
    assert Dossier.objects.count() == 3


@pytest.mark.parametrize("size", [0, 101])
def test_a_batch_has_its_bounds(town, size):
    with pytest.raises(BadInput):
        actions.receive_batch([an_intake(town)] * size, actor=town.actor("lan"), at=MONDAY)


def test_the_same_key_gives_the_same_answer_and_one_dossier(town):
    key = Key(caller="person:1", key="k1", body_hash=b"a")
    first = actions.receive_dossier(an_intake(town), actor=town.actor("lan"), at=MONDAY, key=key)
    again = actions.receive_dossier(an_intake(town), actor=town.actor("lan"), at=MONDAY + timedelta(hours=1), key=key)

    assert first == again
    assert Dossier.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(town):
    actions.receive_dossier(an_intake(town), actor=town.actor("lan"), at=MONDAY, key=Key(caller="p", key="k1", body_hash=b"a"))
    with pytest.raises(KeyUsedWithOtherBody):
        actions.receive_dossier(
            an_intake(town), actor=town.actor("lan"), at=MONDAY, key=Key(caller="p", key="k1", body_hash=b"b")
        )
    assert Dossier.objects.count() == 1


def test_numbers_grow_beyond_four_digits(town):
    receive(town)
    Series.objects.filter(kind="dossier").update(last=9999)
    assert receive(town).code == "H98.104-251006-10000"


def test_a_clock_that_is_behind_does_not_break_the_order_of_reception(town):
    first = receive(town, at=MONDAY)
    second = receive(town, at=MONDAY - timedelta(minutes=5))
    assert second.received_at > first.received_at


def test_a_failed_reception_leaves_no_gap(town):
    receive(town)
    with pytest.raises(errors.DossierIncomplete):
        receive(town, papers=())
    assert receive(town).code.endswith("-0002")


@pytest.mark.django_db(transaction=True)
def test_32_clients_at_once_get_codes_without_gap_or_double_in_order_of_reception():
    town = make_town()
    actor = town.actor("lan")
    receive(town)

    def client() -> None:
        for _ in range(5):
            actions.receive_dossier(an_intake(town), actor=actor, at=MONDAY)

    assert not at_once(*[client] * 32)
    codes = list(Dossier.objects.order_by("received_at").values_list("code", flat=True))
    assert codes == [f"H98.104-251006-{number:04d}" for number in range(1, 162)]
    assert not list(faults())


@pytest.mark.django_db(transaction=True)
def test_two_equal_requests_at_the_same_instant_make_one_dossier():
    town = make_town()
    actor, answers = town.actor("lan"), []
    receive(town)

    def client() -> None:
        key = Key(caller="p", key="same", body_hash=b"a")
        answers.append(actions.receive_dossier(an_intake(town), actor=actor, at=MONDAY, key=key)["code"])

    assert not at_once(*[client] * 8)
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert Dossier.objects.count() == 2
    assert receive(town).code.endswith("-0003")
