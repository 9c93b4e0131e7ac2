"""The pages of the registers: masked lists, a reason before an entry, what a dossier offers, and how many queries they cost."""

from __future__ import annotations

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from thongsuot.dossiers.models import Result
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.kernel.models import Event
from thongsuot.people.models import LookUp, Person
from thongsuot.people.tests.make import make_citizen
from thongsuot.procedures import queries as procedures
from thongsuot.registers import actions
from thongsuot.registers.models import Annotation, Entry, ImportRow, IssuedPaper, Kind, RegisterImport, RegisterSearch
from thongsuot.registers.tests.make import (
    HOUSE,
    NEXT,
    a_row,
    an_entry,
    as_csv,
    at_the_officer,
    imported,
    keeper,
    make_register_town,
    sent,
)
from thongsuot.web.tests.words import said


@pytest.fixture
def toan(town, clock):
    return browser(town, "toan")


def searched(client, **asked):
    return client.post(reverse("registers:search"), asked, follow=True)


def test_names_and_numbers_that_are_searched_never_stand_in_an_address(town, toan):
    an_entry(town)

    answer = toan.post(reverse("registers:search") + "?ho-so=1", {"name": "lo thi mau"})

    assert answer["Location"] == reverse("registers:search") + "?ho-so=1"
    assert "Tìm thấy 1 mục." in said(toan.get(answer["Location"]))
    assert "Tìm thấy" not in said(searched(toan))  # asked for nothing, the last search is forgotten


def test_found_entries_are_masked(town, toan):
    an_entry(town)

    page = said(searched(toan, name="lo thi mau"))

    assert "Tìm thấy 1 mục." in page
    assert "Lò Thị M•••" in page
    assert "Lò Thị Mẫu" not in page
    assert "Hồ Thị Thử" not in page
    assert "Phường Bến, quận Giữa" in page


def test_the_search_page_asks_for_more_than_a_kind(toan):
    for asked in ({"kind": "birth"}, {"year": "2004"}, {"name": "...!"}, {"place": "-"}):
        response = searched(toan, **asked)

        assert response.status_code == 422
        assert "Hãy ghi thêm họ tên" in said(response)


def test_an_entry_opens_for_a_reason_that_is_kept(town, toan):
    entry = an_entry(town)
    address = reverse("registers:entry", args=[entry.pk])

    assert "Lò Thị Mẫu" not in said(toan.get(address))
    assert toan.post(address, {"reason": " "}).status_code == 422
    assert not LookUp.objects.filter(subject="registers.entry").exists()
    opened = said(toan.post(address, {"reason": "đối chiếu sổ giấy"}))

    assert "Lò Thị Mẫu" in opened
    assert "Hồ Thị Thử" in opened
    look = LookUp.objects.get(subject="registers.entry")
    assert (look.reason, look.subject_id) == ("đối chiếu sổ giấy", entry.pk)


def test_a_person_of_the_entry_who_has_an_account_sees_who_opened_it(town, toan):
    owner = make_citizen("Lò Thị Mẫu", at=NEXT)
    Person.objects.filter(pk=owner.pk).update(id_number="001404000015")
    entry = an_entry(town, child_id="001404000015")

    toan.post(reverse("registers:entry", args=[entry.pk]), {"reason": "đối chiếu"})

    assert LookUp.objects.get(about_id=owner.pk).reason == "đối chiếu"


def test_the_reason_stands_for_a_quarter_of_an_hour_and_for_its_giver_alone(town, toan, clock):
    entry = an_entry(town)
    address = reverse("registers:entry", args=[entry.pk])
    toan.post(address, {"reason": "đối chiếu"})

    assert "Lò Thị Mẫu" in said(toan.get(address))
    assert "Lò Thị Mẫu" not in said(browser(town, "tam").get(address))
    clock.now = NEXT.replace(hour=NEXT.hour + 1)
    assert "Lò Thị Mẫu" not in said(toan.get(address))


def test_the_head_who_only_decides_is_led_to_the_correction_list(town, clock):
    imported(town, [a_row(child_born="31/02/2004")])

    page = browser(town, "viet").get(reverse("registers:search"), follow=True)

    assert "Còn 1 dòng." in said(page)
    assert "Nhập sổ cũ" not in said(page)


def test_a_dossier_of_birth_offers_the_register_and_another_one_does_not(town, toan):
    dossier = at_the_officer(town)

    page = said(toan.get(case_url(dossier)))

    assert "Ghi vào sổ hộ tịch" in page
    assert "Tìm trong sổ" in page


def test_the_panel_costs_nothing_where_it_has_nothing_to_say(town, clock, django_assert_num_queries):
    from thongsuot.registers.navigation import civil_status

    other = town.actor("lan", NEXT)
    dossier = at_the_officer(town)
    procedures.version(dossier.version_id)  # as the page has done
    with django_assert_num_queries(0):
        assert civil_status(dossier, other, NEXT) is None


def test_from_the_dossier_s_form_to_the_entry_and_its_paper(town, toan):
    dossier = at_the_officer(town)
    address = reverse("registers:enter", args=[dossier.pk])
    page = toan.get(address)
    assert 'value="Nguyễn Thu An"' in page.content.decode()
    assert 'value="20/09/2025"' in page.content.decode()

    response = toan.post(address, _cells(dossier))

    assert response.status_code == 302, said(response)
    entry = Entry.objects.get(dossier=dossier)
    paper = IssuedPaper.objects.get(dossier=dossier)
    assert (entry.number, entry.book.name, paper.form) == (1, "01/2025", "birth_certificate")
    assert Result.objects.get(dossier=dossier).file_id == paper.file_id
    assert "Số 1, quyển 01/2025, năm 2025" in said(toan.get(case_url(dossier)))


def test_an_entry_that_seems_known_is_shown_and_needs_a_reason(town, toan):
    first = at_the_officer(town)
    actions.register_event(first.pk, cells=_cells(first), actor=keeper(town), at=NEXT)
    second = at_the_officer(town)
    address = reverse("registers:enter", args=[second.pk])
    filled = _cells(second)

    refused = toan.post(address, filled)

    assert refused.status_code == 422
    assert "Mục có vẻ trùng" in said(refused)
    assert Entry.objects.count() == 1
    assert toan.post(address, {**filled, "compared": "on", "despite": "hai người cùng tên"}).status_code == 302
    assert Entry.objects.count() == 2


def test_what_is_about_to_be_written_is_warned_of_whatever_the_e_form_said(db, clock):
    town = make_register_town("1.000894")
    toan = browser(town, "toan")
    dossier = at_the_officer(town)
    address = reverse("registers:enter", args=[dossier.pk])
    filled = {**_cells(dossier, Kind.MARRIAGE), "wife_born": "07/10/2008"}

    asked = toan.post(address, {**filled, "warned": "on"})  # ticked before there was anything to read

    assert asked.status_code == 422
    assert "Bên nữ chưa đủ 18 tuổi" in said(asked)
    assert not Entry.objects.exists()
    seen = _hidden(asked, "seen")
    assert toan.post(address, {**filled, "seen": seen}).status_code == 422
    assert toan.post(address, {**filled, "seen": seen, "warned": "on"}).status_code == 302
    assert Entry.objects.get().people.get(role="wife").born == "2008-10-07"


def _hidden(response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found
    return html.unescape(found[1])


def _cells(dossier, kind=Kind.BIRTH):
    from thongsuot.registers.rules.entering import prefilled

    return prefilled(kind, dossier.form)


def test_an_extract_is_made_from_the_search_of_its_dossier(db, clock):
    town = make_register_town("2.000635")
    entry = an_entry(
        town,
        child_name="Nguyễn Văn Minh",
        child_born="01/02/1996",
        registered_on="12/02/1996",
        book="01/1996",
        father_born="",
        mother_born="",
    )
    dossier = at_the_officer(town)
    toan = browser(town, "toan")

    found = said(toan.get(reverse("registers:dossier_search", args=[dossier.pk])))
    asked = said(toan.get(reverse("registers:paper", args=[dossier.pk, entry.pk])))
    toan.post(reverse("registers:paper", args=[dossier.pk, entry.pk]))

    assert "Lập trích lục" in found
    assert RegisterSearch.objects.get().reason == dossier.code
    assert "Số bản 3" in asked
    assert "24.000 đồng" in asked or "8.000" in asked
    paper = IssuedPaper.objects.get()
    assert (paper.entry_id, paper.copies, paper.form) == (entry.pk, 3, "copy")
    assert Result.objects.get(dossier=dossier).title == "Trích lục khai sinh (bản sao)"


def test_not_found_is_said_to_prove_nothing(db, clock):
    town = make_register_town("1.004873")
    dossier = at_the_officer(town)

    page = said(browser(town, "toan").get(reverse("registers:marital", args=[dossier.pk])))

    assert "Không thấy trong sổ đang có ở đây." in page
    assert "Không thấy ở đây chưa phải là độc thân" in page
    search = RegisterSearch.objects.get()
    assert (search.purpose, search.dossier_id, search.found) == ("marital", dossier.pk, 0)


def test_a_marriage_that_stands_is_found_by_number_and_by_name(db, clock):
    town = make_register_town("1.004873")
    row = a_row(
        Kind.MARRIAGE, husband_name="NGUYỄN VĂN MINH", husband_born="01/02/1996", registered_on="20/10/2020", book="01/2020"
    )
    imported(town, [row], kind=Kind.MARRIAGE)
    dossier = at_the_officer(town)

    page = said(browser(town, "toan").get(reverse("registers:marital", args=[dossier.pk])))

    assert "Kết hôn số 7, năm 2020" in page
    assert "Chưa có ghi chú chấm dứt" in page


def test_annotating_on_the_page(town, toan):
    entry = an_entry(town)
    toan.post(reverse("registers:entry", args=[entry.pk]), {"reason": "cải chính"})
    form = {
        "sort": "change",
        "what": "child.full_name",
        "new_value": "Lò Thị Mẫu Mới",
        "basis": "Quyết định 12/QĐ-UBND",
        "decided_on": "01/10/2025",
    }

    response = toan.post(reverse("registers:annotate", args=[entry.pk]), form, follow=True)

    assert "Thay đổi họ, chữ đệm, tên của người được khai sinh từ “Lò Thị Mẫu” thành “Lò Thị Mẫu Mới”" in said(response)
    assert "Tìm thấy 1 mục." in said(searched(toan, name="Mẫu Mới"))


def test_cancelling_on_the_page(town, toan):
    entry = an_entry(town)

    toan.post(reverse("registers:cancel", args=[entry.pk]), {"basis": "Quyết định 13/QĐ-UBND", "decided_on": "01/10/2025"})

    entry.refresh_from_db()
    assert entry.state == Entry.State.CANCELLED
    assert Annotation.objects.get().sort == "cancellation"


def test_a_file_is_sent_looked_at_and_brought_in(town, toan):
    file = SimpleUploadedFile("so-cu.csv", as_csv([a_row(), a_row(number="")]), content_type="text/csv")
    sent_answer = toan.post(reverse("registers:imports"), {"unit": town.river, "kind": "birth", "file": file})
    one = RegisterImport.objects.get()
    assert sent_answer.headers["Location"] == reverse("registers:import", args=[one.pk])
    actions.read_file(one.pk, actor=HOUSE, at=NEXT)

    preview = said(toan.get(reverse("registers:import", args=[one.pk])))
    for no_button in ({}, {"viec": "khac"}):
        assert toan.post(reverse("registers:import", args=[one.pk]), no_button).status_code == 422
        one.refresh_from_db()
        assert one.status == "previewed"
    toan.post(reverse("registers:import", args=[one.pk]), {"viec": "nhap"})
    actions.store_all(one.pk, actor=HOUSE, at=NEXT)
    report = said(toan.get(reverse("registers:import", args=[one.pk])))

    assert "Chưa có gì vào sổ" in preview
    assert "2 = 1 + 0 + 1" in preview
    assert "Thiếu số thứ tự trong quyển" in report
    assert Entry.objects.count() == 1


def test_a_bad_file_is_a_sentence_beside_the_field(town, toan):
    file = SimpleUploadedFile("so.pdf", b"%PDF-1.7 nothing", content_type="application/pdf")

    response = toan.post(reverse("registers:imports"), {"unit": town.river, "kind": "birth", "file": file})

    assert response.status_code == 422
    assert not RegisterImport.objects.exists()


def test_rejected_rows_are_taken_away_in_the_columns_of_the_template(town, toan):
    one = sent(town, as_csv([a_row(), a_row(number="")]))

    assert toan.get(reverse("registers:rejects", args=[one.pk])).status_code == 405
    assert not LookUp.objects.exists()
    content = b"".join(toan.post(reverse("registers:rejects", args=[one.pk])).streaming_content)
    look = LookUp.objects.get()
    assert (look.subject, look.subject_id, look.by_name) == ("registers.registerimport", one.pk, "Nguyễn Văn Toàn")

    rows = list(load_workbook(io.BytesIO(content)).active.values)
    assert rows[0][0] == "Số"
    assert rows[1][-2:] == ("3", "Thiếu số thứ tự trong quyển. Hãy điền rồi gửi lại.")
    assert len(rows) == 2


def test_the_template_is_read_back_as_good(town, toan):
    for kind in Kind:
        content = toan.get(reverse("registers:template", args=[kind.value])).content
        one = sent(town, content, kind=kind, name="mau.xlsx")
        assert one.status == RegisterImport.Status.PREVIEWED
        assert one.rejected == 0


def test_progress_is_told_while_it_runs(town, toan):
    one = actions.send_file(as_csv([a_row()]), name="so.csv", unit_id=town.river, kind=Kind.BIRTH, actor=keeper(town), at=NEXT)

    running = toan.get(reverse("registers:import_state", args=[one.pk]))
    actions.read_file(one.pk, actor=HOUSE, at=NEXT)
    over = toan.get(reverse("registers:import_state", args=[one.pk]))

    assert "Đang đọc tệp" in said(running)
    assert "HX-Refresh" not in running.headers
    assert over.headers["HX-Refresh"] == "true"


def test_a_correction_takes_two_people_on_the_pages(town, toan):
    imported(town, [a_row(child_born="31/02/2004")])
    row = ImportRow.objects.get()
    address = reverse("registers:correction", args=[row.pk])
    filled = {**row.cells, "child_born": "29/02/2004", "way": "store", "why": "trang 12 sổ giấy"}

    assert toan.post(address, filled).status_code == 302
    own = said(toan.get(address))
    refused = toan.post(address, {"viec": "dong-y"})
    tam = browser(town, "tam")
    page = said(tam.get(address))
    tam.post(address, {"viec": "dong-y"})

    assert "Chờ người thứ hai" in own
    assert refused.status_code == 422
    assert "29/02/2004" in page
    assert Entry.objects.get().people.get(role="child").born == "2004-02-29"


def test_a_book_tells_what_it_lacks_and_is_printed_for_a_reason(town, toan):
    imported(town, [a_row(number="1"), a_row(number="4", child_name="Lò Thị Bốn", child_born="2003")])
    book = Entry.objects.first().book
    address = reverse("registers:take_out", args=[book.pk])

    page = said(toan.get(reverse("registers:book", args=[book.pk])))
    assert toan.post(address, {"first": 1, "last": 10, "dang": "pdf"}).status_code == 422
    pdf = toan.post(address, {"first": 1, "last": 10, "reason": "thanh tra", "dang": "pdf"})
    sheet = toan.post(address, {"first": 1, "last": 10, "reason": "thanh tra", "dang": "xlsx"})

    assert "Số còn thiếu 2" in page
    assert "2–3" in page
    assert pdf.content.startswith(b"%PDF-")
    rows = list(load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active.values)
    assert [row[0] for row in rows] == ["Số", "1", "4"]
    assert LookUp.objects.filter(subject="registers.book", reason="thanh tra").count() == 2
    assert Event.objects.filter(name="registers.exported").count() == 2


def test_the_figures_add_up_on_their_page(town, toan):
    imported(town, [a_row(), a_row(number="16", child_born="32/01/2004", child_name="Lò Ba"), a_row(number="")])

    page = said(toan.get(reverse("registers:figures")))

    assert "Phường Sông Khai sinh 2025 1 3 0 1 1 1 khớp" in page


@pytest.mark.parametrize(
    ("name", "queries"),
    [("registers:search", 12), ("registers:books", 12), ("registers:corrections", 12), ("registers:imports", 12)],
)
def test_lists_cost_the_same_however_long_they_are(town, toan, name, queries, django_assert_max_num_queries):
    imported(town, [a_row(number=str(n), child_name=f"Lò Thị Số {n}", child_born="2003") for n in range(1, 30)])
    searched(toan, name="lo thi")
    toan.get(reverse(name))

    with django_assert_max_num_queries(queries):
        assert toan.get(reverse(name)).status_code == 200
