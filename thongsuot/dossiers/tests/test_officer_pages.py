"""The officer's desk through its pages, without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier, FeeDue, Result, Status, StepRun
from thongsuot.dossiers.tests.desk import act_url, browser, case_url, do
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, PDF, forward_to, make_officer, minh, receive
from thongsuot.kernel.models import Event
from thongsuot.people.actions import appoint
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import logged_in
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.usefixtures("clock")

INBOX = "/can-bo/"
OF_A_DOSSIER = ["case", "uncover"]


# -- who comes in ------------------------------------------------------------------------------------------------------


def test_an_officer_of_another_unit_learns_nothing_of_a_dossier(town):
    dossier = receive(town)
    doi = browser(town, "doi")
    addresses = [reverse(f"dossiers:{name}", args=[dossier.pk]) for name in OF_A_DOSSIER]
    addresses += [act_url(dossier, "chuyen"), reverse("dossiers:document", args=[dossier.pk, "receipt"])]

    assert [doi.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert do(doi, dossier, "chuyen", step_key="tiep-nhan").status_code == 404
    assert doi.post(reverse("dossiers:uncover", args=[dossier.pk]), {"reason": "tò mò"}).status_code == 404
    assert Event.objects.filter(subject="dossiers.dossier").count() == 1  # its reception
    assert not LookUp.objects.exists()
    dossier.refresh_from_db()
    assert dossier.step_no == 0


# -- the inbox ---------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_what_is_to_do_by_deadline(town, clock):
    later = receive(town, at=MONDAY)
    sooner = receive(town, at=MONDAY - timedelta(days=4))
    clock.now = MONDAY + timedelta(hours=1)

    page = browser(town, "lan").get(INBOX)

    words = said(page)
    assert "Cần làm: 2 hồ sơ" in words
    assert words.index(sooner.code) < words.index(later.code)
    assert "Còn 5 ngày" in words
    assert "Cấp giấy thử nghiệm" in words
    assert "Hoàng Văn Minh" in words


def test_the_inbox_asks_the_database_no_more_for_fifty_rows_than_for_one(town, django_assert_max_num_queries):
    lan = browser(town, "lan")
    receive(town)
    lan.get(INBOX)  # what is remembered for seconds is remembered now
    with django_assert_max_num_queries(8) as for_one:
        lan.get(INBOX)
    for _ in range(55):
        receive(town)
    with django_assert_max_num_queries(len(for_one.captured_queries)) as for_many:
        page = lan.get(INBOX)

    assert page.content.decode().count('name="hs"') == 50
    of_the_list = [query for query in for_many.captured_queries if "dossiers_" in query["sql"]]
    assert len(of_the_list) == 2
    assert "Trang 1 trên 2" in said(page)
    assert lan.get(f"{INBOX}?trang=2").content.decode().count('name="hs"') == 6
    assert lan.get(f"{INBOX}?trang=999").content.decode().count('name="hs"') == 6


def test_queues_and_deadlines_choose_and_count(town, clock):
    late = receive(town, at=MONDAY - timedelta(days=14))
    running = receive(town)
    lan = browser(town, "lan")

    late_page = said(lan.get(f"{INBOX}?hang=qua-han"))
    assert late.code in late_page
    assert running.code not in late_page
    assert "Quá hạn" in late_page
    assert said(lan.get(f"{INBOX}?han=qua-han")).count(late.code) == 2  # its label and its text
    assert running.code not in said(lan.get(f"{INBOX}?han=qua-han"))
    assert running.code in said(lan.get(f"{INBOX}?hang=tat-ca&han=khong-co"))


def test_the_count_of_picked_rows_has_its_place_for_the_script(town):
    receive(town)

    assert 'data-picked="Đã chọn %s hồ sơ"' in browser(town, "lan").get(INBOX).content.decode()


def test_an_empty_list_says_what_there_is_instead(town):
    receive(town)

    words = said(browser(town, "viet").get(INBOX))

    assert "Không còn hồ sơ nào chờ bạn" in words
    assert "Đơn vị còn 1 hồ sơ đang mở" in words


def test_what_a_citizen_wrote_is_shown_as_text(town):
    receive(town, owner=minh(name="<script>alert(1)</script> Minh"))

    page = browser(town, "lan").get(INBOX).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_lists_in_one_line_show_each_row_on_one_line(town):
    receive(town)
    lan = browser(town, "lan")
    wide = lan.get(INBOX).content.decode()
    lan.cookies["danh_sach"] = "one"
    narrow = lan.get(INBOX).content.decode()

    assert "tbl--lines" not in wide
    assert "tbl--lines" in narrow
    assert narrow.split("<tbody")[1].count("<br>") == 0


def test_someone_with_two_units_chooses_between_them(town):
    both = make_officer(town.city, town.city.river, "service_centre", "ca-hai", "Công chức tiếp nhận", ["receive dossiers"])
    appoint(
        both.pk,
        body_id=town.city.body(town.city.hill, "service_centre").pk,
        title="Công chức tiếp nhận",
        duties=["receive dossiers"],
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    here = receive(town)
    there = receive(town, by="doi", receiving_unit_id=town.hill, resolving_unit_id=town.hill)
    client = logged_in(both)

    everything, of_one = said(client.get(f"{INBOX}?hang=tat-ca")), said(client.get(f"{INBOX}?hang=tat-ca&don_vi={town.hill}"))

    assert here.code in everything
    assert there.code in everything
    assert there.code in of_one
    assert here.code not in of_one
    assert here.code in said(browser(town, "lan").get(f"{INBOX}?don_vi={town.hill}"))  # not hers to choose: her own, as ever


# -- many at once ------------------------------------------------------------------------------------------------------


def bulk(client, dossiers, work, **data):
    picked = [f"{dossier.pk}.{dossier.runs.last().step_key}" for dossier in dossiers]
    return client.post(reverse("dossiers:bulk"), {"hs": picked, "viec": work, "ve": INBOX, **data})


def test_nothing_happens_to_many_before_it_was_said_what_will(town):
    dossiers = [receive(town) for _ in range(3)]

    page = bulk(browser(town, "lan"), dossiers, "chuyen")

    assert page.status_code == 200
    assert "Chuyển bước 3 hồ sơ" in said(page)
    assert "rồi đến bước “Phân công”" in said(page)
    assert Dossier.objects.filter(step_no=0).count() == 3


def test_each_of_many_has_its_own_result(town):
    lan = browser(town, "lan")
    goes, gone = receive(town), receive(town)
    withdrawn = receive(town)
    waiting = [goes, gone, withdrawn]
    steps = [f"{dossier.pk}.tiep-nhan" for dossier in waiting]
    actions.forward(gone.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=MONDAY)
    actions.request_supplement(withdrawn.pk, items=["Thiếu chữ ký"], actor=town.actor("lan"), at=MONDAY)

    answer = lan.post(reverse("dossiers:bulk"), {"hs": steps, "viec": "chuyen", "xac-nhan": "1", "ve": f"{INBOX}?hang=tat-ca"})
    words = said(lan.get(answer["Location"]))

    assert answer["Location"] == f"{INBOX}?hang=tat-ca"
    assert "Đã chuyển 1 hồ sơ" in words
    assert "Hồ sơ đang ở bước “Phân công”" in words
    assert "Hồ sơ đang ở trạng thái “Yêu cầu bổ sung giấy tờ”" in words
    assert withdrawn.code in words
    assert "Đã chuyển 1 hồ sơ" not in said(lan.get(INBOX))  # told once
    goes.refresh_from_db()
    assert goes.status == Status.PROCESSING
    assert StepRun.objects.filter(dossier=gone).count() == 2


def test_many_go_to_another_person_who_must_be_named(town):
    dossiers = [forward_to(town, receive(town), "tham-dinh", at=MONDAY) for _ in range(2)]
    viet, tam = browser(town, "viet"), town.people["tam"]
    group = f"nguoi-process_dossiers-{town.river}-office"

    unnamed = bulk(viet, dossiers, "doi-nguoi", **{"xac-nhan": "1"})
    assert unnamed.status_code == 422
    assert "Chưa chọn người nhận" in said(unnamed)
    assert not Dossier.objects.filter(assignee=tam).exists()

    bulk(viet, dossiers, "doi-nguoi", **{"xac-nhan": "1", group: tam.pk})
    assert Dossier.objects.filter(assignee=tam).count() == 2


def test_dossiers_of_other_units_are_not_among_the_many(town):
    dossier = receive(town)

    answer = bulk(browser(town, "doi"), [dossier], "chuyen", **{"xac-nhan": "1"})

    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert dossier.step_no == 0


def test_the_way_back_from_many_never_leads_elsewhere(town):
    answer = browser(town, "lan").post(reverse("dossiers:bulk"), {"viec": "chuyen", "ve": "https://elsewhere.example/"})

    assert answer["Location"] == INBOX


# -- finding -----------------------------------------------------------------------------------------------------------


def test_names_and_numbers_that_are_searched_never_stand_in_an_address(town):
    dossier = receive(town)
    lan = browser(town, "lan")

    answer = lan.post(reverse("dossiers:search"), {"q": "hoang minh"})

    assert answer["Location"] == reverse("dossiers:search")
    assert dossier.code in said(lan.get(answer["Location"]))
    assert dossier.code in said(lan.post(reverse("dossiers:search"), {"q": "0912 345 678"}, follow=True))
    assert "Không có hồ sơ nào khớp “nguyen”" in said(lan.post(reverse("dossiers:search"), {"q": "nguyen"}, follow=True))


def test_a_whole_code_leads_straight_to_its_dossier(town):
    dossier = receive(town)

    answer = browser(town, "lan").post(reverse("dossiers:search"), {"q": f" {dossier.code.lower()} "})

    assert answer["Location"] == case_url(dossier)
    of_another_unit = browser(town, "doi").post(reverse("dossiers:search"), {"q": dossier.code}, follow=True)
    assert f"Không có hồ sơ nào khớp “{dossier.code}”" in said(of_another_unit)


# -- one dossier -------------------------------------------------------------------------------------------------------


def test_the_page_of_a_dossier_shows_all_but_numbers(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)

    words = said(browser(town, "toan").get(case_url(dossier)))

    for expected in (
        dossier.code,
        "Cấp giấy thử nghiệm: Hoàng Văn Minh",
        "Còn 5 ngày",
        "Thẩm định",
        "Giấy chứng nhận",
        "Lệ phí cấp giấy",
        "16.000 đồng",
        "Đã chuyển sang bước “Thẩm định”",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        "0014•••••678",
        "09•• ••• •78",
    ):
        assert expected in words, expected
    assert "001412345678" not in words
    assert "0912345678" not in words


def test_the_page_of_a_dossier_asks_the_database_a_fixed_number_of_times(town, django_assert_max_num_queries):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    toan = browser(town, "toan")
    toan.get(case_url(dossier))

    with django_assert_max_num_queries(17):
        toan.get(case_url(dossier))


def test_opening_a_dossier_leaves_one_trace_an_hour(town, clock):
    dossier = receive(town)
    lan = browser(town, "lan")

    lan.get(case_url(dossier))
    lan.get(case_url(dossier))
    clock.now += timedelta(minutes=59)
    lan.get(case_url(dossier))
    assert LookUp.objects.filter(subject="dossiers.dossier", subject_id=dossier.pk).count() == 1

    clock.now += timedelta(minutes=2)
    words = said(lan.get(case_url(dossier)))
    assert LookUp.objects.filter(subject_id=dossier.pk, by=town.people["lan"], reason=dossier.code).count() == 2
    assert "Nguyễn Thị Lan" in words.split("Ai đã xem")[-1]


def test_numbers_in_full_are_shown_for_a_reason_alone(town):
    dossier = receive(town)
    lan, address = browser(town, "lan"), reverse("dossiers:uncover", args=[dossier.pk])

    assert "001412345678" not in said(lan.get(address))
    refused = lan.post(address, {"reason": "  "})
    assert refused.status_code == 422
    assert "001412345678" not in said(refused)
    assert not LookUp.objects.filter(fields__contains=["id_number"]).exists()

    shown = said(lan.post(address, {"reason": "Đối chiếu thẻ"}))
    assert "001412345678" in shown
    assert LookUp.objects.get(fields__contains=["id_number"]).reason == "Đối chiếu thẻ"


def test_papers_are_downloads_for_the_officers_of_the_dossier(town):
    dossier = forward_to(town, receive(town), "soat", at=MONDAY)
    file_id = Result.objects.get(dossier=dossier).file_id
    other = receive(town)
    address = reverse("dossiers:case_file", args=[dossier.pk, file_id])

    answer = browser(town, "viet").get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF
    assert browser(town, "doi").get(address).status_code == 404
    assert browser(town, "viet").get(reverse("dossiers:case_file", args=[other.pk, file_id])).status_code == 404


def test_a_fee_is_collected_once_with_its_receipt(town):
    dossier = receive(town)
    fee = FeeDue.objects.get(dossier=dossier)
    lan, address = browser(town, "lan"), reverse("dossiers:collect", args=[dossier.pk, fee.pk])

    assert "Đã thu, biên lai số 1." in said(lan.post(address, follow=True))
    assert lan.post(address).status_code == 409
    assert browser(town, "toan").post(reverse("dossiers:collect", args=[receive(town).pk, fee.pk])).status_code == 404
    fee.refresh_from_db()
    assert fee.receipt_number == 1


def test_what_is_forbidden_stays_in_sight_with_its_reason(town):
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["Thiếu chữ ký"], actor=town.actor("lan"), at=MONDAY)
    actions.complete_supplement(dossier.pk, papers=[], answer="đã ký", actor=town.actor("lan"), at=MONDAY + timedelta(hours=1))

    words = said(browser(town, "lan").get(case_url(dossier)))
    assert "Đã yêu cầu bổ sung 1 lần, 06/10/2025. Yêu cầu nhiều hơn một lần làm hồ sơ bị tính trễ." in words

    away = browser(town, "lan").get(act_url(dossier, "bo-sung"))
    assert away["Location"] == case_url(dossier)


def test_a_dossier_just_received_offers_its_receipt_and_the_next(town):
    dossier = receive(town)

    words = said(browser(town, "lan").get(f"{case_url(dossier)}?moi=1"))

    assert f"Đã nhận hồ sơ {dossier.code}" in words
    assert "In giấy hẹn" in words
    assert "Nhận hồ sơ tiếp" in words
