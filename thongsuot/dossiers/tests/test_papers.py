"""Filing anywhere in the city: what belongs to the resolver, and the paper that travels between the desks."""

from __future__ import annotations

from datetime import date, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Carriage, Dossier, PaperDebt
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries import partners, quotes, urgent
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import (
    FIVE_DAYS,
    HOUSE,
    MONDAY,
    PDF,
    STEPS,
    Town,
    agency_body,
    agency_officer,
    forward_to,
    make_land_town,
    make_town,
    receive,
)
from thongsuot.dossiers.words import authority_words, history_words
from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.procedures import actions as catalogue
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.tests.make import make_competence, make_procedure
from thongsuot.units import actions as units
from thongsuot.web.tests.words import said


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 10, day, hour, minute, tzinfo=VIET_NAM)


def elsewhere(town: Town, *, at: datetime = MONDAY, sent: datetime | None = None, **changes) -> Dossier:
    """Received on the hill, resolved on the river."""
    dossier = receive(town, by="doi", at=at, receiving_unit_id=town.hill, **changes)
    if sent is not None:
        actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("doi", sent), at=sent)
    return dossier


def send(town: Town, *debts: PaperDebt, at: datetime, by: str = "doi") -> Carriage:
    return actions.send_papers(
        [debt.pk for debt in debts],
        from_unit_id=debts[0].from_unit_id,
        to_unit_id=debts[0].to_unit_id,
        actor=town.actor(by, at),
        at=at,
    )


def test_code_due_date_and_series_belong_to_the_resolver(town):
    here = receive(town)
    there = elsewhere(town)
    assert (here.code, there.code) == ("H98.104-251006-0001", "H98.104-251006-0002")
    assert there.due_at == here.due_at


def test_cash_is_taken_where_it_is_received_for_the_account_of_the_resolver(town):
    """A7, S0-06: the fee account belongs to the resolving unit; where the money was taken is a fact of the event."""
    here, there = receive(town), elsewhere(town)
    with pytest.raises(NotYourDuty):
        actions.collect_fee(there.fees.get().pk, actor=town.actor("lan"), at=MONDAY)

    receipts = [
        actions.collect_fee(dossier.fees.get().pk, actor=town.actor(who), at=MONDAY).receipt_number
        for dossier, who in ((here, "lan"), (there, "doi"))
    ]

    assert receipts == [1, 2]  # one series, the river's
    event = Event.objects.filter(name="dossiers.fee_collected").latest("id")
    assert (event.unit_id, event.facts["taken_at_unit"]) == (town.river, town.hill)


@pytest.mark.parametrize("end", ["withdraw", "stop", "refuse"])
def test_no_cash_for_a_dossier_that_ended_without_a_result(town, clock, end):
    if end == "refuse":
        dossier = filed_here(town)
        actions.refuse_submission(dossier.pk, reasons=["Sai nơi"], actor=town.actor("lan"), at=MONDAY)
    else:
        dossier = receive(town)
        run = {"withdraw": actions.withdraw, "stop": actions.stop}[end]
        run(dossier.pk, reason="x", actor=town.actor("lan" if end == "withdraw" else "viet"), at=MONDAY)
    fee = dossier.fees.get()
    lan = browser(town, "lan")
    page = said(lan.get(case_url(dossier)))
    assert "Thu 16.000 đồng" not in page
    assert "Không thu" in page

    with pytest.raises(errors.FeeNotDue):
        actions.collect_fee(fee.pk, actor=town.actor("lan"), at=MONDAY)
    refused = lan.post(reverse("dossiers:collect", args=[dossier.pk, fee.pk]))
    assert (refused.status_code, "Hãy trả lại tiền" in said(refused)) == (409, True)
    fee.refresh_from_db()
    assert (fee.paid_at, fee.receipt_number) == (None, None)


def filed_here(town: Town) -> Dossier:
    draft = actions.start_draft("9.000001", unit_id=town.river, actor=ANYONE, at=MONDAY)
    actions.add_draft_file(draft.code, "giay-chung-nhan", PDF, name="giay.pdf", actor=ANYONE, at=MONDAY)
    contact = {"owner": {"name": "Minh", "phone": "0912345678"}, "return_by": "electronic"}
    actions.save_page(draft.code, "lien-he", contact, actor=ANYONE, at=MONDAY)
    return actions.submit_draft(draft.code, actor=ANYONE, at=MONDAY)


def test_the_desk_owes_the_paper_file_within_a_working_day_of_the_transfer(town):
    elsewhere(town, sent=on(6, 10))
    elsewhere(town, sent=on(6, 16))  # after three: transferred on the next working morning
    first, second = PaperDebt.objects.order_by("pk")
    assert (first.from_unit_id, first.to_unit_id, first.what, first.due_at) == (town.hill, town.river, "file", on(7, 17))
    assert first.papers == [{"name": "Giấy chứng nhận", "originals": 1, "copies": 0}]
    assert second.due_at == on(8, 17)


def test_nothing_is_owed_where_one_unit_does_both_or_nothing_is_on_paper(town):
    actions.forward(receive(town).pk, step_key="tiep-nhan", actor=town.actor("lan"), at=on(6, 10))
    elsewhere(town, sent=on(6, 10), papers=(actions.PaperIn(code="giay-chung-nhan", how="data"),))
    assert not PaperDebt.objects.exists()


def test_many_dossiers_go_with_one_slip_of_a_gap_free_series(town):
    for _ in range(3):
        elsewhere(town, sent=on(6, 10))
    one, two, three = PaperDebt.objects.order_by("pk")
    first = send(town, one, two, at=on(6, 14))
    second = send(town, three, at=on(6, 15))
    assert (str(first), str(second)) == ("0001/2025", "0002/2025")
    assert [item["code"] for item in first.items] == ["H98.104-251006-0001", "H98.104-251006-0002"]
    assert Event.objects.filter(name="dossiers.papers_sent").count() == 3


def test_what_is_under_way_or_goes_elsewhere_is_not_sent_and_no_number_is_drawn(town):
    elsewhere(town, sent=on(6, 10))
    debt = PaperDebt.objects.get()
    with pytest.raises(NotYourDuty):
        send(town, debt, at=on(6, 14), by="lan")
    with pytest.raises(errors.NothingToSend):
        actions.send_papers(
            [debt.pk], from_unit_id=town.hill, to_unit_id=town.city.city.pk, actor=town.actor("doi"), at=on(6, 14)
        )
    with pytest.raises(BadInput):
        actions.send_papers([], from_unit_id=town.hill, to_unit_id=town.river, actor=town.actor("doi"), at=on(6, 14))
    assert str(send(town, debt, at=on(6, 14))) == "0001/2025"
    with pytest.raises(errors.NothingToSend):
        send(town, debt, at=on(6, 15))


def test_the_other_desk_takes_over_and_what_is_missing_is_owed_again(town):
    for _ in range(2):
        elsewhere(town, sent=on(6, 10))
    one, two = PaperDebt.objects.order_by("pk")
    carriage = send(town, one, two, at=on(6, 14))
    with pytest.raises(NotYourDuty):
        actions.receive_papers(carriage.pk, actor=town.actor("doi"), at=on(7, 9))
    with pytest.raises(BadInput):
        actions.receive_papers(carriage.pk, missing={two.pk: ""}, actor=town.actor("lan"), at=on(7, 9))
    carriage = actions.receive_papers(carriage.pk, missing={two.pk: "thiếu bản chính"}, actor=town.actor("lan"), at=on(7, 9))

    assert carriage.discrepancies == "H98.104-251006-0002: thiếu bản chính"
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.settled_at, two.settled_at, two.carriage) == (on(7, 9), None, None)
    with pytest.raises(errors.CarriageDone):
        actions.receive_papers(carriage.pk, actor=town.actor("lan"), at=on(7, 10))


def test_the_paper_result_goes_back_to_the_desk_unless_only_the_electronic_one_is_wanted(town):
    paper, electronic = elsewhere(town, sent=on(6, 10)), elsewhere(town, sent=on(6, 10), return_by="electronic")
    for dossier in (paper, electronic):
        dossier.refresh_from_db()
        forward_to(town, dossier, "tra", at=on(8, 10))
    back = PaperDebt.objects.get(what="result")
    assert (back.dossier, back.from_unit_id, back.to_unit_id, back.due_at) == (paper, town.river, town.hill, on(9, 17))


def test_withdrawn_before_its_paper_left_nothing_is_owed(town):
    dossier = elsewhere(town, sent=on(6, 10))
    actions.withdraw(dossier.pk, actor=town.actor("doi"), at=on(6, 11))
    assert partners.papers_owed(frozenset({town.hill}), now=on(9, 9)).rows == []


def test_a_long_list_shows_the_most_urgent_and_counts_all(town, clock, monkeypatch):
    monkeypatch.setattr(urgent, "MOST", 2)
    clock.now = on(7, 9)
    dossiers = [elsewhere(town, sent=on(6, hour)) for hour in (10, 11, 12)]
    page, doi = reverse("dossiers:carriages"), browser(town, "doi")

    shown = said(doi.get(page))
    assert "Phải gửi: 3 hồ sơ" in shown
    assert "Đang hiện 2 dòng gấp nhất" in shown
    assert [dossier.code in shown for dossier in dossiers] == [True, True, False]
    first = PaperDebt.objects.get(dossier=dossiers[0])
    doi.post(page, {"tu": town.hill, "den": town.river, "debts": first.pk})
    shown = said(doi.get(page))
    assert dossiers[2].code in shown  # what is sent makes room
    assert "Đang hiện" not in shown


def take(town: Town, carriage: Carriage, *, at: datetime, by: str = "lan", **changes) -> None:
    actions.receive_papers(carriage.pk, actor=town.actor(by, at), at=at, **changes)


def owed_to_the_hill(town: Town, dossier: Dossier) -> list[PaperDebt]:
    return list(PaperDebt.objects.filter(dossier=dossier, to_unit_id=town.hill, settled_at=None))


@pytest.mark.parametrize("end", ["withdraw", "stop"])
def test_a_dossier_that_ends_at_the_resolver_gives_its_paper_back(town, end):
    """NĐ 118/2025, art. 21: papers are handed back, and the desk that took them can only do so once it has them."""
    dossier = elsewhere(town, sent=on(6, 10))
    take(town, send(town, PaperDebt.objects.get(), at=on(6, 14)), at=on(7, 9))
    if end == "withdraw":
        actions.withdraw(dossier.pk, actor=town.actor("doi"), at=on(7, 16))
    else:
        actions.stop(dossier.pk, reason="không đủ điều kiện", actor=town.actor("viet"), at=on(7, 16))

    [back] = owed_to_the_hill(town, dossier)
    assert (back.what, back.from_unit_id, back.due_at) == ("back", town.river, on(9, 17))  # after three: from the next morning
    assert back.papers == [{"name": "Giấy chứng nhận", "originals": 1, "copies": 0}]
    take(town, send(town, back, at=on(8, 9), by="lan"), at=on(8, 14), by="doi")
    assert owed_to_the_hill(town, dossier) == []
    assert history_words(history_of(dossier)[-1]).lines[1:] == ["Hồ sơ giấy trả lại, phiếu bàn giao 0001/2025."]


def test_withdrawn_while_its_paper_is_under_way_it_is_owed_back_on_arrival(town):
    first, second = elsewhere(town, sent=on(6, 10)), elsewhere(town, sent=on(6, 10))
    arrived, lost = PaperDebt.objects.order_by("pk")
    carriage = send(town, arrived, lost, at=on(6, 14))
    for dossier in (first, second):
        actions.withdraw(dossier.pk, actor=town.actor("doi"), at=on(6, 15))
    assert not PaperDebt.objects.filter(what="back").exists()

    take(town, carriage, at=on(7, 9), missing={lost.pk: "không có trong bì"})

    assert [debt.what for debt in owed_to_the_hill(town, first)] == ["back"]
    assert not PaperDebt.objects.filter(dossier=second, settled_at=None).exists()


def test_papers_of_a_supplement_follow_the_file(town):
    dossier = elsewhere(town, sent=on(6, 10))
    take(town, send(town, PaperDebt.objects.get(), at=on(6, 14)), at=on(7, 9))
    supplement(town, dossier, at=on(8, 9))

    debt = PaperDebt.objects.get(settled_at=None)
    assert (debt.what, debt.from_unit_id, debt.to_unit_id, debt.due_at) == ("file", town.hill, town.river, on(9, 17))
    assert debt.papers == [{"name": "Văn bản khác", "originals": 1, "copies": 0}]
    take(town, send(town, debt, at=on(8, 10)), at=on(8, 15))
    actions.withdraw(dossier.pk, actor=town.actor("doi"), at=on(9, 9))
    [back] = owed_to_the_hill(town, dossier)
    assert [paper["name"] for paper in back.papers] == ["Giấy chứng nhận", "Văn bản khác"]


def test_papers_of_a_supplement_go_with_what_has_not_left_and_lost_ones_with_what_came_since(town):
    waiting, gone = elsewhere(town, sent=on(6, 10)), elsewhere(town, sent=on(6, 10))
    carriage = send(town, PaperDebt.objects.get(dossier=gone), at=on(6, 14))
    supplement(town, waiting, at=on(7, 9))
    supplement(town, gone, at=on(7, 9))
    both = ["Giấy chứng nhận", "Văn bản khác"]
    assert [paper["name"] for paper in PaperDebt.objects.get(dossier=waiting).papers] == both
    assert PaperDebt.objects.filter(dossier=gone).count() == 2

    take(town, carriage, at=on(7, 15), missing={carriage.debts.get().pk: "không có trong bì"})

    again = PaperDebt.objects.get(dossier=gone)
    assert (again.settled_at, [paper["name"] for paper in again.papers]) == (None, both)


def test_what_was_uploaded_or_brought_before_the_transfer_is_not_owed_twice(town):
    dossier = elsewhere(town)
    supplement(town, dossier, at=on(6, 10), ask="doi")
    assert not PaperDebt.objects.exists()
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("doi"), at=on(6, 11))
    assert len(PaperDebt.objects.get().papers) == 2
    supplement(town, elsewhere(town, sent=on(6, 10)), at=on(7, 9), papers=())
    assert PaperDebt.objects.count() == 2


def supplement(town: Town, dossier: Dossier, *, at: datetime, ask: str = "viet", papers=("van-ban-khac",)) -> None:
    """Asked where the dossier is and brought to the hill."""
    actions.request_supplement(dossier.pk, items=["Văn bản khác"], actor=town.actor(ask), at=at)
    brought = [actions.PaperIn(code=code) for code in papers]
    actions.complete_supplement(dossier.pk, papers=brought, answer="Đã bổ sung", actor=town.actor("doi"), at=at)


def test_both_sides_see_the_slip_and_leaders_see_what_is_late(town, django_assert_num_queries):
    elsewhere(town, sent=on(6, 10))
    with django_assert_num_queries(1):  # names are remembered
        [late] = partners.overdue_papers(frozenset({town.river}), now=on(9, 9))
    assert (late.from_unit, late.to_unit, late.late) == ("Phường Đồi", "Phường Sông", True)
    send(town, PaperDebt.objects.get(), at=on(9, 9))
    for unit in (town.hill, town.river):
        [row] = partners.carriages_under_way(frozenset({unit}), now=on(9, 10)).rows
        assert (row.number, row.dossiers, row.late) == ("0001/2025", 1, True)


def test_a_slip_is_sent_found_by_its_code_and_taken_over_in_the_browser(town, clock):
    elsewhere(town, sent=on(6, 10))
    debt = PaperDebt.objects.get()
    clock.now = on(6, 14)
    hill, river = browser(town, "doi"), browser(town, "lan")
    page = said(hill.get(reverse("dossiers:carriages")))
    assert "Phải gửi: 1 hồ sơ" in page
    assert "Giấy chứng nhận: 1 bản chính" in page
    nothing = hill.post(reverse("dossiers:carriages"), {"tu": town.hill, "den": town.river})
    assert nothing.status_code == 422
    sent = hill.post(reverse("dossiers:carriages"), {"tu": town.hill, "den": town.river, "debts": [debt.pk], "carrier": "Xe"})
    carriage = Carriage.objects.get()
    assert sent.headers["Location"] == reverse("dossiers:carriage", args=[carriage.pk])
    slip = hill.get(reverse("dossiers:carriage_slip", args=[carriage.pk]))
    assert slip.content.startswith(b"%PDF")

    typed = carriage.code.lower().replace("-", " ")
    assert river.get(reverse("dossiers:carriages"), {"ma": typed}).status_code == 302
    assert "Không có phiếu nào" in said(river.get(reverse("dossiers:carriages"), {"ma": "GN-2222-2222"}))
    refused = river.post(reverse("dossiers:carriage", args=[carriage.pk]), {f"thieu-{debt.pk}": "on"})
    assert refused.status_code == 422
    taken = river.post(reverse("dossiers:carriage", args=[carriage.pk]), {"discrepancies": "bì thư rách"})
    assert taken.status_code == 302
    assert "bì thư rách" in said(river.get(reverse("dossiers:carriage", args=[carriage.pk])))


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_paper_at_once_make_one_slip():
    town = make_town()
    elsewhere(town, sent=on(6, 10))
    debt = PaperDebt.objects.get()
    start, answers = Barrier(2), []

    def run() -> None:
        actor = town.actor("doi")
        start.wait()
        try:
            actions.send_papers([debt.pk], from_unit_id=town.hill, to_unit_id=town.river, actor=actor, at=on(6, 14))
            answers.append("sent")
        except errors.NothingToSend:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["refused", "sent"]
    assert Carriage.objects.get().number == 1


def test_an_online_filer_fetches_the_paper_at_another_desk_which_receives_and_hands_back(town):
    draft = actions.start_draft("9.000001", unit_id=town.river, actor=ANYONE, at=MONDAY)
    actions.add_draft_file(draft.code, "giay-chung-nhan", PDF, name="giay.pdf", actor=ANYONE, at=MONDAY)
    contact = {"owner": {"name": "Minh", "phone": "0912345678"}, "return_by": "counter", "collected_at": "98002"}
    actions.save_page(draft.code, "lien-he", {**contact, "collected_at": "98999"}, actor=ANYONE, at=MONDAY)
    with pytest.raises(BadInput):
        actions.submit_draft(draft.code, actor=ANYONE, at=MONDAY)
    actions.save_page(draft.code, "lien-he", contact, actor=ANYONE, at=MONDAY)
    dossier = actions.submit_draft(draft.code, actor=ANYONE, at=MONDAY)
    assert (dossier.receiving_unit_id, dossier.resolving_unit_id) == (town.hill, town.river)
    dossier = actions.accept_submission(dossier.pk, actor=town.actor("doi"), at=on(6, 10))
    assert dossier.code == "H98.104-251006-0001"
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("doi"), at=on(6, 11))
    assert not PaperDebt.objects.exists()  # what was uploaded does not travel


# -- departments at branches ---------------------------------------------------------------------------------------------


@pytest.fixture
def departments(db) -> Town:
    """Sở Xây dựng resolves 9.000009; Bảo receives at a branch, An works in the department."""
    town = make_land_town()
    make_procedure("9.000009", limit=FIVE_DAYS, steps=STEPS)
    make_competence("9.000009", city_id=town.city.city.pk, unit_id=agency_body(town, "Sở Xây dựng").unit_id)
    units.set_up_agency(
        town.city.city.pk,
        code="98B01",
        kind="branch",
        name="Chi nhánh số 1",
        identifier="H98.61",
        identifier_is_example=True,
        is_example=True,
        valid_from=date(2025, 7, 1),
        actor=HOUSE,
        at=MONDAY,
    )
    town.people["bao"] = agency_officer(town, "branch", "bao", ["receive dossiers", "hand back results"])
    town.people["an"] = agency_officer(town, "Sở Xây dựng", "an", ["assign dossiers", "process dossiers", "review dossiers"])
    return town


def of_department(town: Town) -> dict:
    return {
        "procedure": "9.000009",
        "by": "bao",
        "receiving_unit_id": agency_body(town, "branch").unit_id,
        "resolving_unit_id": agency_body(town, "Sở Xây dựng").unit_id,
        "papers": (),
        "quantities": {},
    }


def test_a_branch_receives_for_a_department_which_resolves_under_its_own_identifier(departments):
    dossier = receive(departments, **of_department(departments))
    assert dossier.code == "H98.7-251006-0001"
    dossier = actions.forward(dossier.pk, step_key="tiep-nhan", actor=departments.actor("bao"), at=on(6, 10))
    assert dossier.assignee_id == departments.people["an"].pk
    for who in ("lan", "viet", "toan", "bao"):
        with pytest.raises(NotYourDuty):
            actions.forward(dossier.pk, step_key="phan-cong", actor=departments.actor(who), at=on(6, 11))
    actions.forward(dossier.pk, step_key="phan-cong", actor=departments.actor("an"), at=on(6, 11))


def test_a_ward_receives_a_departments_procedure_only_if_it_may_be_filed_anywhere(departments):
    asked = {**of_department(departments), "by": "lan", "receiving_unit_id": departments.river}
    with pytest.raises(errors.NotFiledHere):
        receive(departments, **asked)
    version = procedures.version_in_force("9.000009", on=date(2025, 10, 6))
    branch = agency_body(departments, "branch").unit_id
    assert not quotes.may_resolve(version, unit_id=departments.river, on=date(2025, 10, 6))
    assert quotes.may_resolve(version, unit_id=branch, on=date(2025, 10, 6)) == {asked["resolving_unit_id"]}
    assert "chỉ nhận tại đơn vị giải quyết" in quotes.why_not_here("9.000009", unit_id=departments.river, on=date(2025, 10, 6))


def test_people_of_agencies_have_their_duties_there_alone(departments):
    bao, an = departments.actor("bao"), departments.actor("an")
    assert bao.units_for("receive dossiers") == {agency_body(departments, "branch").unit_id}
    assert an.units_for("process dossiers") == {agency_body(departments, "Sở Xây dựng").unit_id}


def test_moving_a_service_point_changes_no_code_and_no_history_of_the_past(town):
    before = receive(town)
    told = [(row.name, row.facts) for row in history_of(before)]
    units.move_point(
        town.city.point(town.city.river).pk,
        to_body_id=town.city.body(town.city.city, "service_centre").pk,
        valid_from=date(2025, 10, 7),
        basis="12/QĐ-UBND",
        actor=HOUSE,
        at=on(6, 10),
    )
    after = receive(town, at=on(7, 9))
    before.refresh_from_db()
    assert (before.code, after.code) == ("H98.104-251006-0001", "H98.104-251007-0001")
    assert [(row.name, row.facts) for row in history_of(before)] == told
    assert before.receiving_unit_id == after.receiving_unit_id == town.river


# -- delegation ----------------------------------------------------------------------------------------------------------


def test_a_delegation_that_ran_out_refuses_at_intake_and_open_dossiers_keep_their_authority(town):
    make_procedure("9.000008", limit=FIVE_DAYS, steps=STEPS)
    make_competence(
        "9.000008",
        city_id=town.city.city.pk,
        unit_id=town.river,
        kind="delegated",
        basis="Quyết định 12/QĐ-UBND",
        valid_to=date(2025, 10, 8),
    )
    asked = {"procedure": "9.000008", "papers": (), "quantities": {}}
    dossier = receive(town, **asked)
    with pytest.raises(procedures.CompetenceEnded) as refusal:
        receive(town, at=on(8, 9), **asked)
    assert "hết từ ngày 08/10/2025" in refusal.value.message()

    dossier = actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=on(9, 9))  # goes on
    assert authority_words(cases.authority_of(dossier)) == ("Theo ủy quyền tại Quyết định 12/QĐ-UBND, đến hết ngày 07/10/2025")
    [row] = procedures.delegations(city_id=town.city.city.pk, on=date(2025, 10, 6))
    assert (row.holder, row.days_left, row.state) == ("Phường Sông", 2, "soon")
    assert procedures.delegations(city_id=town.city.city.pk, on=date(2025, 10, 8))[0].state == "over"


def test_a_ward_cannot_pass_a_delegation_on(town):
    ward = Actor(person_id=1, name="Quản trị phường", duties={"manage procedures": frozenset({town.river})})
    make_procedure("9.000008", limit=FIVE_DAYS, steps=STEPS)
    with pytest.raises(NotYourDuty):
        catalogue.grant_competence(
            "9.000008",
            city_id=town.city.city.pk,
            unit_id=town.hill,
            kind="delegated",
            basis="Quyết định của phường",
            valid_from=date(2025, 10, 6),
            valid_to=date(2025, 12, 1),
            actor=ward,
            at=MONDAY,
        )
