"""Store and forward: in order, again after a fault, before people after a refusal, never twice."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.holdings.open_dossiers import Pending
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, forward_to, make_town, minh, receive, resolve
from thongsuot.dossiers.tests.test_recomputing import FRIDAY_OFF, change
from thongsuot.kernel.models import Event
from thongsuot.national_portal import payloads, tasks
from thongsuot.national_portal.collecting import collect, forget_told
from thongsuot.national_portal.models import Collected, Lane, Message, UnitAccess
from thongsuot.national_portal.portal import Unreachable
from thongsuot.national_portal.sending import send_batch, send_due
from thongsuot.national_portal.stand_in.judge import verdict
from thongsuot.national_portal.tests.make import Wired, filed, states, wired
from thongsuot.units.moves import Move


def test_a_received_dossier_is_told_with_all_its_names(wire):
    dossier = receive(wire.town)

    wire.turn()

    record = wire.stand_in.record(dossier.code)
    assert record["MaHoSo"] == dossier.code
    assert record["TrangThaiHoSo"] == "2"
    assert record["KenhThucHien"] == "1"
    assert record["NgayTiepNhan"] == "20251006090000"
    assert record["DanhSachLePhi"] == []
    lane = Lane.objects.get(pk=dossier.pk)
    assert (lane.state, lane.told_number, lane.told_status) == ("idle", 1, 2)


def test_a_whole_life_arrives_in_order_and_ends_with_the_result(wire):
    dossier = resolve(wire.town, receive(wire.town), at=MONDAY + timedelta(hours=3))
    wire.turn()
    dossiers.hand_back(dossier.pk, handed_to="Minh", actor=wire.town.actor("lan"), at=MONDAY + timedelta(hours=4))

    wire.turn()

    arrived = wire.stand_in.arrivals(dossier.code)
    numbers = [int(reference.split("/")[1]) for reference, _service, _status in arrived]
    assert numbers == sorted(numbers)
    assert [status for _r, service, status in arrived if service == "progress"] == [2, 4, 4, 4, 4, 4, 9, 10]
    assert [service for _r, service, _s in arrived if service != "progress"] == ["create", "status", "result", "status"]
    assert wire.stand_in.counts()["files"] == 1
    assert wire.stand_in.record(dossier.code)["NgayTra"] == "20251006130000"


def test_the_result_is_told_with_the_file_and_the_fees(wire):
    dossier = resolve(wire.town, receive(wire.town), at=MONDAY + timedelta(hours=3))

    wire.turn()

    record = wire.stand_in.record(dossier.code)
    assert record["DanhSachGiayToKetQua"][0]["GiayToId"].startswith("GLT")
    assert record["DanhSachLePhi"] == [
        {"TenPhiLePhi": "Lệ phí cấp giấy", "MaPhiLePhi": "le-phi", "HinhThucThu": "4", "Gia": "16000", "LoaiPhiLePhi": "2"}
    ]


def test_an_appointment_dated_anew_by_the_calendar_is_told_with_the_record(wire):
    dossier = receive(wire.town)
    wire.settle()
    assert wire.stand_in.record(dossier.code)["NgayHenTra"] == "20251013170000"

    change(wire.town, add=(FRIDAY_OFF,))
    wire.settle()

    assert wire.stand_in.record(dossier.code)["NgayHenTra"] == "20251014170000"
    assert verdict(wire.stand_in).good


def test_a_limit_made_longer_is_told_with_the_record(db):
    wire = Wired(make_town(extension_days=2))
    dossier = receive(wire.town)
    wire.turn()
    dossiers.extend(dossier.pk, days=2, reason="200 trang", actor=wire.town.actor("viet"), at=MONDAY)

    wire.turn()

    assert [service for _r, service, _s in wire.stand_in.arrivals(dossier.code)] == ["create", "progress", "status", "progress"]
    assert wire.stand_in.record(dossier.code)["NgayHenTra"] == "20251015170000"
    assert verdict(wire.stand_in).good


def test_a_decision_that_keeps_promises_later_is_told_with_the_record_and_a_mere_move_is_not(wire):
    later, same = receive(wire.town), receive(wire.town)
    wire.turn()
    moves = [
        Move(id=one.pk, from_unit_id=wire.town.river, to_unit_id=wire.town.hill, due_days=days)
        for one, days in ((later, 3), (same, 0))
    ]
    Pending().move(moves, changeover_id=1, actor=HOUSE, at=MONDAY)

    wire.turn()

    assert [service for _r, service, _s in wire.stand_in.arrivals(later.code)] == ["create", "progress", "status", "progress"]
    assert wire.stand_in.record(later.code)["NgayHenTra"] == "20251016170000"
    assert [service for _r, service, _s in wire.stand_in.arrivals(same.code)] == ["create", "progress"]
    assert verdict(wire.stand_in).good


def test_nothing_overtakes_a_message_that_was_refused(wire):
    dossier, other = receive(wire.town), receive(wire.town, owner=minh(name="Lê Thị Bình"))
    wire.stand_in.mischief.refuses[dossier.code] = ("17", "Số 001412345678 không hợp lệ")
    forward_to(wire.town, dossier, "tham-dinh", at=MONDAY)

    wire.turn()

    lane = Lane.objects.get(pk=dossier.pk)
    assert (lane.state, lane.trouble, lane.error_code) == ("held", "refused", "17")
    assert "001412345678" not in lane.error
    assert {state for _number, state in states(dossier.pk)} == {"waiting"}
    assert Lane.objects.get(pk=other.pk).state == "idle"


def test_a_refusal_is_no_getting_through(wire):
    dossier = receive(wire.town)
    wire.stand_in.mischief.refuses[dossier.code] = ("17", "không hợp lệ")

    wire.turn()

    access = UnitAccess.objects.get(unit_id=wire.town.river)
    assert (access.last_ok_at, access.failing_since) == (None, None)


def test_after_a_fault_it_waits_longer_each_time_and_never_gives_up(wire):
    dossier = receive(wire.town)
    wire.stand_in.mischief.roll = lambda: "error"
    waits = []
    for _number in range(12):
        wire.turn()
        lane = Lane.objects.get(pk=dossier.pk)
        waits.append((lane.next_try_at - wire.clock()).total_seconds())
        wire.clock.now = lane.next_try_at

    assert waits == [10, 30, 60, 120, 300, 600, 1200, 1800, 1800, 1800, 1800, 1800]
    assert lane.state == "waiting"


@pytest.mark.parametrize("way", ["hang_stored", "drop_stored", "double", "garbage", "drop", "error", "hang"])
def test_whatever_goes_wrong_with_a_call_the_portal_has_each_message_once(wire, way):
    dossier = receive(wire.town)
    wire.stand_in.mischief.plan([way, way, ""])

    wire.settle()

    assert [service for _r, service, _s in wire.stand_in.arrivals(dossier.code)] == ["create", "progress"]
    assert Lane.objects.get(pk=dossier.pk).state == "idle"


@pytest.mark.parametrize("where", ["portal", "payload"])
def test_what_nobody_foresaw_about_one_dossier_does_not_stop_the_others(wire, monkeypatch, caplog, where):
    broken, other = receive(wire.town), receive(wire.town, owner=minh(name="Lê Thị Bình"))

    def breaks(real, code):
        def called(case_or_record, *rest, **more):
            if code in repr(case_or_record):
                raise PermissionError(minh().name)
            return real(case_or_record, *rest, **more)

        return called

    if where == "portal":
        monkeypatch.setattr(wire.portal, "create", breaks(wire.portal.create, broken.code))
    else:
        monkeypatch.setattr(payloads, "dossier_record", breaks(payloads.dossier_record, f"dossier=<Dossier: {broken.code}>"))

    wire.turn()

    assert Lane.objects.get(pk=other.pk).state == "idle"
    lane = Lane.objects.get(pk=broken.pk)
    assert (lane.state, lane.error_code, lane.attempts) == ("waiting", "unforeseen", 1)
    assert not UnitAccess.objects.filter(failing_since__isnull=False).exists()
    assert f"dossier {broken.pk} not told: PermissionError" in caplog.text
    assert minh().name not in caplog.text


def test_when_the_portal_is_away_the_others_are_not_even_tried(wire):
    for _number in range(20):
        receive(wire.town)
    wire.stand_in.mischief.cut_off = (wire.clock(), wire.clock() + timedelta(hours=1))

    made = wire.turn()

    assert made.accepted == 0
    assert made.faults == 1
    assert made.untried == 7


def test_when_a_unit_gets_through_again_nobody_of_it_waits_out_the_ladder(wire):
    first, second = receive(wire.town), receive(wire.town)
    wire.stand_in.mischief.cut_off = (wire.clock(), wire.clock() + timedelta(minutes=30))
    wire.settle()
    access = UnitAccess.objects.get(unit_id=wire.town.river)

    assert (access.failing_since, access.faults) == (None, 0)
    assert wire.clock() < MONDAY + timedelta(minutes=45)
    assert {Lane.objects.get(pk=d.pk).state for d in (first, second)} == {"idle"}


def test_one_dossier_that_always_fails_climbs_the_ladder_while_its_unit_gets_through(wire):
    broken = receive(wire.town)
    create = wire.portal.create

    def fails(record, *, reference):
        if record["MaHoSo"] == broken.code:
            raise Unreachable("server")
        return create(record, reference=reference)

    wire.portal.create = fails
    for _number in range(30):
        receive(wire.town, at=wire.clock.on(seconds=20))
        wire.turn()

    assert Lane.objects.get(pk=broken.pk).attempts <= 6, "ten minutes: 10, 30, 60, 120, 300 seconds, and once freed"


def test_a_turn_ends_when_its_time_is_up(wire):
    for _number in range(20):
        receive(wire.town)
    collect(at=MONDAY)

    made = send_due(wire.portal, clock=wire.clock, time_is_up=lambda: True)

    assert made.lanes == 8, "the first batch alone"
    assert tasks.sync.lock == tasks.sync.queueing_lock


def test_intake_goes_on_while_a_unit_is_cut_off_and_is_told_later(wire):
    prefix = receive(wire.town).code.rsplit("-", 2)[0]
    wire.settle()
    wire.stand_in.mischief.units_cut_off.add(prefix)
    for _number in range(4):
        receive(wire.town, at=wire.clock.on(minutes=1))
        wire.turn()
    access = UnitAccess.objects.get(unit_id=wire.town.river)
    assert access.failing_since is not None
    assert access.faults >= 3

    wire.stand_in.mischief.units_cut_off.clear()
    wire.settle()

    assert wire.stand_in.counts()["dossiers"] == 5


def test_a_dossier_that_ends_before_reception_is_told_once_under_its_submission_code(wire):
    dossier = filed(wire.town)
    dossiers.refuse_submission(
        dossier.pk, reasons=["Nộp nhầm nơi"], actor=wire.town.actor("lan"), at=MONDAY + timedelta(hours=1)
    )

    wire.turn()

    assert [(s, n) for _r, s, n in wire.stand_in.arrivals(dossier.submission_code)] == [("create", 3), ("progress", 3)]


def test_collecting_twice_takes_nothing_twice(wire):
    dossier = receive(wire.town)

    assert collect(at=MONDAY) == 1
    assert collect(at=MONDAY) == 0
    assert Message.objects.filter(dossier_id=dossier.pk).count() == 1


def test_after_a_restore_into_a_new_server_collecting_goes_on(wire):
    """The dump brings a transaction id of the old server, which the new one reaches after years."""
    collect(at=MONDAY)
    Collected.objects.update(next_horizon=2**40, next_upto=0)
    before = Collected.objects.get().upto
    receive(wire.town)

    collect(at=MONDAY)

    row = Collected.objects.get()
    assert row.next_horizon < 2**40, "nothing is passed until the server has counted so far"
    assert (row.upto, row.next_upto) == (before, Event.objects.order_by("id").last().pk)
    assert Message.objects.count() == 1


def test_after_a_restore_what_happens_anew_is_told_though_code_and_number_were_used(wire):
    """What was done after last night's backup is lost here and known at the portal."""
    older = receive(wire.town)
    wire.settle()
    with transaction.atomic():
        lost = receive(wire.town, owner=minh(name="Lê Thị Bình"))
        forward_to(wire.town, older, "phan-cong", at=MONDAY)
        wire.settle()
        transaction.set_rollback(True)
    dossiers.request_supplement(older.pk, items=["Bản chính"], actor=wire.town.actor("lan"), at=MONDAY)
    dossier = receive(wire.town)

    wire.settle()

    assert dossier.code == lost.code
    lane = Lane.objects.get(pk=dossier.pk)
    assert (lane.state, lane.error_code, lane.known_since) == ("held", "409", None), (
        "people must look: the code is somebody else's"
    )
    assert wire.stand_in.record(lost.code)["ChuHoSo"] == "Lê Thị Bình"
    assert wire.stand_in.status_of(older.code) == 5


def test_told_messages_are_forgotten_and_the_lane_stays(wire):
    dossier = receive(wire.town)
    wire.settle()

    assert forget_told(before=MONDAY + timedelta(days=1)) == 1
    assert Lane.objects.get(pk=dossier.pk).known_since is not None


def test_a_batch_costs_the_same_number_of_queries_however_large(wire, django_assert_max_num_queries):
    for _number in range(12):
        receive(wire.town)
    collect(at=MONDAY)
    send_batch(wire.portal, at=MONDAY)
    for _number in range(12):
        receive(wire.town)
    collect(at=MONDAY)

    with django_assert_max_num_queries(24):
        assert send_batch(wire.portal, at=MONDAY).accepted == 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("another_ended", [True, False], ids=["behind others", "the newest of all"])
def test_an_event_whose_transaction_ends_late_is_not_passed_over(another_ended):
    """A smaller id appears after a larger one was collected; or it belongs to the youngest transaction there is."""
    wire = wired()
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            receive(wire.town)
            begun.set()
            may_end.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    # In another unit: the number of a dossier code is drawn under a lock of its unit.
    if another_ended:
        receive(wire.town, by="doi", receiving_unit_id=wire.town.hill, resolving_unit_id=wire.town.hill)
    for _number in range(4):
        collect(at=MONDAY)
    passed = Collected.objects.get().upto
    may_end.set()
    thread.join()
    for _number in range(3):
        collect(at=MONDAY)

    assert Message.objects.count() == 1 + another_ended
    late = min(Event.objects.filter(name="dossiers.received").values_list("id", flat=True))
    assert passed < late, "the boundary went past an event that was not there yet"
    # Other databases of the same server hold the boundary back while they write: then it waits, and nothing is lost by that.
    if not others_write():
        assert Collected.objects.get().upto >= late


def others_write() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname <> current_database() AND (backend_xid IS NOT NULL"
            " OR backend_xmin IS NOT NULL)"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_and_double_nothing():
    wire = wired()
    for _number in range(30):
        receive(wire.town)
    collect(at=MONDAY)
    made = []

    def work() -> None:
        for _number in range(10):
            made.append(send_batch(wire.portal, at=MONDAY, most=4).accepted)
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(made) == 30
    assert wire.stand_in.counts() == {"dossiers": 30, "messages": 60, "repeated": 0, "files": 0, "refused": 0}


def test_a_worker_killed_before_it_stored_the_answers_doubles_nothing(wire, monkeypatch):
    from thongsuot.national_portal import sending

    dossier = receive(wire.town)
    collect(at=MONDAY)
    kept = sending._store
    monkeypatch.setattr(sending, "_store", lambda *_a, **_k: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        send_batch(wire.portal, at=MONDAY)
    assert states(dossier.pk) == [(1, "waiting")]
    monkeypatch.setattr(sending, "_store", kept)

    wire.settle()

    counts = wire.stand_in.counts()
    assert (counts["dossiers"], counts["messages"], counts["repeated"]) == (1, 2, 2)
