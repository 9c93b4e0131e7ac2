"""The pages of the sync: what is not told and why, sending again, switching off, reconciling; its part of a dossier's page."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import MONDAY, minh, receive, resolve
from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.national_portal import actions, portal, queries, views
from thongsuot.national_portal.collecting import forget_told
from thongsuot.national_portal.models import Collected, Lane, UnitAccess
from thongsuot.national_portal.reconcile import reconcile
from thongsuot.national_portal.tests.make import filed, wired
from thongsuot.people.tests.make import actor, logged_in, make_officer, with_second_factor
from thongsuot.web.tests.words import said

PAGE = "/quan-tri/cong-quoc-gia/"
HOUSE = system("cli")


@pytest.fixture
def keeper(wire):
    """Looks after the sync of phường Sông."""
    return make_officer(wire.town.city.river, title="Giám đốc", duties=["sync dossiers"])


@pytest.fixture
def city_keeper(wire):
    return with_second_factor(make_officer(wire.town.city.city, title="Quản trị hệ thống"))


def refused(wire, message="Số 001412345678 không khớp"):
    dossier = receive(wire.town)
    wire.stand_in.mischief.refuses[dossier.code] = ("17", message)
    wire.turn()
    return dossier


def test_the_page_says_what_is_not_told_and_why_without_anything_personal(wire, keeper):
    dossier = refused(wire)

    page = said(logged_in(keeper).get(PAGE))

    assert "Chưa đồng bộ: 1 hồ sơ" in page
    assert dossier.code in page
    assert "Mã 17. Số ••• không khớp" in page
    assert minh().name not in page
    assert minh().id_number not in page


def test_the_page_costs_the_same_however_much_waits(wire, keeper, django_assert_max_num_queries):
    for _number in range(12):
        receive(wire.town)
    wire.stand_in.mischief.roll = lambda: "hang"
    wire.turn()
    client = logged_in(keeper)
    client.get(PAGE)

    with django_assert_max_num_queries(14):
        page = said(client.get(PAGE))

    assert "Chưa đồng bộ: 12 hồ sơ" in page
    assert "không trả lời kịp" in page


def test_an_empty_page_says_that_all_is_well(wire, keeper):
    assert "Mọi hồ sơ đã đồng bộ" in said(logged_in(keeper).get(PAGE))


def test_another_units_officer_sees_nothing_of_it_and_sends_nothing(wire):
    dossier = refused(wire)
    other = make_officer(wire.town.city.hill, title="Giám đốc", duties=["sync dossiers"])
    client, events = logged_in(other), Event.objects.count()

    assert dossier.code not in said(client.get(PAGE + f"?don_vi={wire.town.river}&ly_do=refused"))
    assert client.post(PAGE + "gui-lai/", {"hs": [dossier.pk]}).status_code == 403
    assert client.post(PAGE + "gui-lai/", {"tat_ca": "refused"}).status_code == 302
    assert Event.objects.count() == events
    assert Lane.objects.get(pk=dossier.pk).state == "held"
    assert logged_in(wire.town.people["lan"]).get(PAGE).status_code == 403


def test_sending_again_after_the_cause_is_mended(wire, keeper, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", wire.clock)
    dossier = refused(wire)
    wire.stand_in.mischief.refuses.clear()
    client = logged_in(keeper)

    answer = client.post(PAGE + "gui-lai/", {"hs": [dossier.pk, "x", "9" * 30]}, follow=True)

    assert "Đã xếp lại 1 hồ sơ" in said(answer)
    wire.turn()
    assert Lane.objects.get(pk=dossier.pk).state == "idle"
    assert "Chưa chọn hồ sơ nào" in said(client.post(PAGE + "gui-lai/", {}, follow=True))


def test_all_of_one_reason_are_sent_again_at_once(wire, keeper):
    first, second = refused(wire), refused(wire)

    logged_in(keeper).post(PAGE + "gui-lai/", {"tat_ca": "refused"})

    assert {Lane.objects.get(pk=d.pk).state for d in (first, second)} == {"waiting"}


def test_all_of_one_reason_under_a_unit_are_of_that_unit_and_it_is_said_when_there_are_more(wire, city_keeper, monkeypatch):
    hill = {"by": "doi", "receiving_unit_id": wire.town.hill, "resolving_unit_id": wire.town.hill}
    other = receive(wire.town, **hill)  # waits longest
    wire.stand_in.mischief.refuses[other.code] = ("17", "")
    mine = refused(wire)
    client = logged_in(city_keeper)
    page = client.get(PAGE + f"?don_vi={wire.town.river}&ly_do=refused").content.decode()
    assert f'name="don_vi" value="{wire.town.river}"' in page
    monkeypatch.setattr(views, "MOST_AT_ONCE", 1)

    answer = client.post(PAGE + "gui-lai/", {"tat_ca": "refused", "don_vi": wire.town.river}, follow=True)

    assert "Mỗi lần xếp nhiều nhất 1 hồ sơ" in said(answer)
    assert (Lane.objects.get(pk=mine.pk).state, Lane.objects.get(pk=other.pk).state) == ("waiting", "held")


@pytest.mark.django_db(transaction=True)
def test_a_dossier_that_is_being_sent_right_now_keeps_no_page_waiting():
    wire = wired()
    dossier = refused(wire)
    held, done = threading.Event(), threading.Event()

    def send() -> None:
        with transaction.atomic():
            Lane.objects.select_for_update().get(pk=dossier.pk)
            held.set()
            done.wait(10)
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    held.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    try:
        with pytest.raises(actions.BeingSent):
            actions.resend(dossier.pk, actor=HOUSE, at=MONDAY)
        assert actions.resend_many([dossier.pk], actor=HOUSE, at=MONDAY) == 0
    finally:
        done.set()
        sender.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_sending_again_what_is_told_is_refused(wire):
    dossier = receive(wire.town)
    wire.settle()

    with pytest.raises(actions.NothingToSend):
        actions.resend(dossier.pk, actor=HOUSE, at=MONDAY)


def test_the_page_of_a_dossier_says_where_it_stands(wire, keeper, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", wire.clock)
    dossier = receive(wire.town)
    client = browser(wire.town, "lan")
    assert "Chưa đến lượt" in said(client.get(case_url(dossier)))
    wire.settle()
    assert "Đã đồng bộ" in said(client.get(case_url(dossier)))
    other = refused(wire, "Mã thủ tục chưa có")

    page = client.get(case_url(other))

    assert "mã 17. Mã thủ tục chưa có" in said(page)
    assert reverse("national_portal:resend", args=[other.pk]) not in page.content.decode()
    assert client.post(reverse("national_portal:resend", args=[other.pk])).status_code == 403


def test_switching_a_unit_off_keeps_its_dossiers_waiting_and_on_tells_them(wire, city_keeper):
    client = logged_in(city_keeper)
    address = reverse("national_portal:switch", args=[wire.town.river])
    assert client.post(address, {"reason": ""}).status_code == 422

    client.post(address, {"reason": "đổi đường truyền"})
    dossier = receive(wire.town)
    wire.turn()

    assert wire.stand_in.counts()["dossiers"] == 0
    assert "đổi đường truyền" in said(client.get(PAGE))
    assert queries.open_counts(actor(city_keeper))["off"] == 1
    client.post(address)
    wire.turn()
    assert Lane.objects.get(pk=dossier.pk).state == "idle"


def test_only_the_city_switches_a_unit_off(wire, keeper):
    client = logged_in(keeper)

    assert client.post(reverse("national_portal:switch", args=[wire.town.river]), {"reason": "x"}).status_code == 403
    assert client.get(reverse("national_portal:switch", args=[999_999])).status_code == 404
    for call in (
        lambda who: actions.switch_off(wire.town.river, reason="x", actor=who, at=MONDAY),
        lambda who: actions.switch_on(wire.town.river, actor=who, at=MONDAY),
    ):
        for who in (ANYONE, actor(keeper)):
            with pytest.raises(NotYourDuty):
                call(who)
    with pytest.raises(BadInput):
        actions.switch_off(wire.town.river, reason="x" * 301, actor=HOUSE, at=MONDAY)
    assert not UnitAccess.objects.filter(off_since__isnull=False).exists()


def test_twice_off_and_twice_on_are_sentences(wire):
    actions.switch_off(wire.town.river, reason="x", actor=HOUSE, at=MONDAY)
    with pytest.raises(actions.AlreadyOff):
        actions.switch_off(wire.town.river, reason="x", actor=HOUSE, at=MONDAY)
    actions.switch_on(wire.town.river, actor=HOUSE, at=MONDAY)
    with pytest.raises(actions.AlreadyOn):
        actions.switch_on(wire.town.river, actor=HOUSE, at=MONDAY)


def test_a_unit_that_does_not_get_through_alarms_the_city(wire, city_keeper):
    receive(wire.town)
    wire.stand_in.mischief.roll = lambda: "drop"
    for _number in range(3):
        wire.turn()
        wire.clock.on(minutes=10)

    page = said(logged_in(city_keeper).get(PAGE))

    assert queries.failing_units([wire.town.river]) == 1
    assert queries.failing_units([wire.town.hill]) == 0
    assert "Không qua được: không kết nối được" in page
    assert "Tiếp nhận vẫn như thường; 1 hồ sơ chờ gửi" in page


def test_reconciling_names_each_difference_and_telling_again_mends_it(wire):
    good, gone, waiting = receive(wire.town), receive(wire.town), None
    wire.settle()
    wire.stand_in.forget_dossier(gone.code)
    waiting = receive(wire.town)
    day = MONDAY.date()

    found = reconcile(wire.portal, day)

    assert [(d.kind, d.code) for d in found.differences] == [("missing", gone.code), ("queued", waiting.code)]
    assert (found.ours, found.theirs, found.agreeing) == (3, 1, 1)
    assert [one.dossier_id for one in found.to_mend] == [gone.pk]
    assert actions.mend(found, actor=HOUSE, at=wire.clock()) == 1
    wire.settle()
    assert reconcile(wire.portal, day).differences == ()
    assert reconcile(wire.portal, day, unit_ids=frozenset([wire.town.hill])).ours == 0
    assert wire.stand_in.record(good.code)


def test_what_ended_before_reception_is_reconciled_under_its_submission_code(wire):
    receive(wire.town)
    dossier, day = filed(wire.town), MONDAY.date()
    dossiers.refuse_submission(dossier.pk, reasons=["Nộp nhầm nơi"], actor=wire.town.actor("lan"), at=MONDAY)
    wire.settle()

    for unit_ids in (None, frozenset([wire.town.river])):
        found = reconcile(wire.portal, day, unit_ids=unit_ids)
        assert (found.ours, found.theirs, found.differences) == (2, 2, ())
    wire.stand_in.has_otherwise(dossier.submission_code, 1)
    assert [(d.kind, d.code) for d in reconcile(wire.portal, day).differences] == [("differs", dossier.submission_code)]


def test_what_the_portal_has_otherwise_is_set_right_without_a_line_of_progress(wire):
    dossier = resolve(wire.town, receive(wire.town), at=MONDAY)
    wire.settle()
    Collected.objects.update(upto=Event.objects.latest("id").pk)
    forget_told(before=wire.clock() + timedelta(days=100))
    wire.stand_in.has_otherwise(dossier.code, 4)
    before, day = wire.stand_in.counts(), MONDAY.date()

    found = reconcile(wire.portal, day)
    assert [(d.kind, d.ours, d.theirs) for d in found.differences] == [("differs", 9, 4)]
    assert actions.mend(found, actor=HOUSE, at=wire.clock()) == 1
    assert actions.mend(found, actor=HOUSE, at=wire.clock()) == 0, "it waits already"
    wire.settle()

    assert reconcile(wire.portal, day).differences == ()
    assert wire.stand_in.counts()["messages"] == before["messages"] + 1
    assert wire.stand_in.record(dossier.code)["DanhSachGiayToKetQua"][0]["GiayToId"]


def test_telling_again_what_the_portal_still_has_puts_nothing_before_people(wire):
    dossier = receive(wire.town)
    wire.settle()

    actions.tell_again(dossier.pk, actor=HOUSE, at=wire.clock())
    wire.settle()

    assert Lane.objects.get(pk=dossier.pk).state == "idle"
    assert [service for _r, service, _s in wire.stand_in.arrivals(dossier.code)] == ["create", "progress", "status", "progress"]


def test_the_page_of_reconciliation_asks_compares_and_mends(wire, keeper, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", wire.clock)
    monkeypatch.setattr(views, "chosen", lambda: wire.portal)
    gone = receive(wire.town)
    wire.settle()
    wire.stand_in.forget_dossier(gone.code)
    client, address = logged_in(keeper), reverse("national_portal:reconciliation")

    assert client.get(address).status_code == 200
    assert client.get(address + "?ngay=xx").status_code == 422
    assert "Cổng không có" in said(client.get(address + "?ngay=06/10/2025"))
    assert client.post(address, {"ngay": "06/10/2025"})["Location"].endswith("?ngay=06/10/2025")
    wire.settle()
    assert "Khớp hết." in said(client.get(address + "?ngay=06/10/2025"))


def test_a_portal_that_does_not_answer_is_a_sentence(wire, keeper, monkeypatch):
    client, address = logged_in(keeper), reverse("national_portal:reconciliation") + "?ngay=06/10/2025"
    monkeypatch.setattr(views, "chosen", lambda: wire.portal)
    wire.stand_in.mischief.plan(["hang"])

    assert client.get(address).status_code == 503
    monkeypatch.setattr(wire.stand_in, "answer", lambda *_a, **_k: {"error_code": "403", "message": "không"})
    answer = client.get(address)
    assert answer.status_code == 502
    assert "từ chối cho đối soát (mã 403)" in said(answer)
    monkeypatch.setattr(views, "chosen", lambda: None)
    assert "chưa nối" in said(client.get(address))


def test_without_a_setting_nothing_is_told_to_anyone(wire, settings):
    from thongsuot.national_portal import tasks

    settings.PORTAL = ""
    receive(wire.town)

    tasks.sync(0)

    assert portal.chosen() is None
    assert not Lane.objects.exists()
