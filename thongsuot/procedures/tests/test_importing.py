import io
import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.procedures import portal, queries, spreadsheet
from thongsuot.procedures.importing import FileNotRead, import_procedures
from thongsuot.procedures.models import CatalogueImport, Procedure
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.procedures.tests.test_actions import make_unit

NOON = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = date(2026, 3, 10)
HOUSE = system("cli")
PAGES = Path(__file__).resolve().parents[4] / "shared" / "data" / "procedures" / "details.json"

GOOD = {
    "code": "1.004222", "name": "Đăng ký thường trú", "field": "Đăng ký, quản lý cư trú", "decision": "5548/QĐ-BCA",
    "channels": [
        {"channel": "Trực tiếp", "limit": "7 Ngày làm việc", "fee": "20,000 Việt Nam Đồng"},
        {"channel": "Trực tuyến", "limit": "7 Ngày làm việc", "fee": "20,000 Việt Nam Đồng"},
    ],
    "documents": [
        {"group": "", "name": "Tờ khai thay đổi thông tin cư trú", "originals": 1, "copies": 0, "has_form": True},
        {"group": "", "name": "Trường hợp ở nhờ: văn bản đồng ý của chủ hộ", "originals": 1, "copies": 0, "has_form": False},
        {"group": "Giấy tờ phải xuất trình", "name": "Căn cước", "originals": 1, "copies": 0, "has_form": False},
        {"group": "Lưu ý", "name": "Người nộp có thể ủy quyền.", "originals": 0, "copies": 0, "has_form": False},
    ],
    "results": [{"code": "KQ.G01.000001", "name": "Thông báo đăng ký thường trú"}],
    "legal_basis": ["68/2020/QH14", "154/2024/NĐ-CP"],
    "url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd",
}  # fmt: skip


@pytest.fixture
def city(db):
    return make_unit("01", "province", "Hà Nội")


@pytest.fixture
def bring(tmp_path, city):
    def bring(content, name="thu-tuc.json", actor=HOUSE, **more):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return import_procedures(path, actor=actor, at=NOON, city_id=city.pk, **more)

    return bring


def test_a_page_of_the_portal_becomes_a_version(bring):
    report = bring([GOOD])
    assert (report.loaded, report.rejected) == (1, [])
    view = queries.version_in_force("1.004222", on=TODAY)
    assert view.limit == Limit(7, LimitUnit.WORKING_DAYS)
    assert [(p.kind, p.required) for p in view.papers] == [("form", True), ("submit", False), ("show", True)]
    assert view.channels == {1, 2}
    assert [rule.amount_dong for rule in view.fee_rules] == [20_000]
    assert [text.title for text in view.legal_basis] == [
        "Luật 68/2020/QH14",
        "Nghị định 154/2024/NĐ-CP",
        "Quyết định 5548/QĐ-BCA",
    ]
    assert view.unverified == {"steps", "fees"}
    assert not view.has_own_process


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "chữ",
        [],
        {},
        {**GOOD, "name": 5},
        {**GOOD, "name": ""},
        {**GOOD, "name": "x" * 1001},
        {**GOOD, "channels": "Trực tiếp"},
        {**GOOD, "documents": [{"name": "x", "originals": "nhiều"}]},
        {**GOOD, "documents": [{"name": "x", "originals": -1}]},
        {**GOOD, "legal_basis": [3]},
        {**GOOD, "code": "abc"},
        {**GOOD, "code": None},
        {**GOOD, "field": None},
        {**GOOD, "results": [1]},
    ],
)
def test_a_broken_row_is_named_with_its_place_and_reason_and_the_rest_is_loaded(bring, broken):
    report = bring([broken, GOOD])
    assert report.loaded == 1
    [row] = report.rejected
    assert row["row"] == 1
    assert len(row["reason"]) > 10
    assert Procedure.objects.get().code == "1.004222"
    assert CatalogueImport.objects.get().rejected == report.rejected


def test_the_same_file_again_changes_nothing(bring):
    bring([GOOD])
    report = bring([GOOD])
    assert (report.loaded, report.unchanged) == (0, 1)
    assert Procedure.objects.get().versions.count() == 1


def test_what_a_file_changes_becomes_a_new_version_from_the_day_asked(bring):
    make_procedure("1.004222")
    report = bring([GOOD], valid_from=date(2026, 4, 1))
    assert report.loaded == 1
    assert queries.version_in_force("1.004222", on=date(2026, 3, 31)).name == "Cấp giấy thử nghiệm"
    assert queries.version_in_force("1.004222", on=date(2026, 4, 1)).name == "Đăng ký thường trú"


def test_a_procedure_with_its_own_process_is_kept(bring):
    own = queries.version(make_procedure("9.000001").pk).steps
    make_procedure("1.004222", steps=own)
    report = bring([GOOD])
    assert (report.loaded, report.kept) == (0, 1)
    assert queries.version_in_force("1.004222", on=TODAY).has_own_process


def test_a_code_twice_in_one_file_is_taken_once(bring):
    report = bring([GOOD, GOOD])
    assert (report.loaded, [row["row"] for row in report.rejected]) == (1, [2])


def test_only_who_manages_procedures_imports(bring):
    with pytest.raises(NotYourDuty):
        bring([GOOD], actor=Actor(person_id=1, name="Minh"))
    assert not Procedure.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"{not json", "a.json"),
        (b"{}", "a.json"),
        (b"[]", "a.json"),
        (b"\xff\xfe", "a.json"),
        (b"[" * 100_000, "a.json"),
        (b"PK\x03\x04rubbish", "a.xlsx"),
        (b"", "a.xlsx"),
        (b"a,b", "a.csv"),
        (b"x", "../../etc/passwd"[-6:]),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing(bring, content, name):
    with pytest.raises(FileNotRead) as refusal:
        bring(content, name=name)
    assert refusal.value.status == 422
    assert not CatalogueImport.objects.exists()


def test_a_file_too_heavy_is_refused_before_it_is_read(tmp_path, city):
    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.truncate(31 * 2**20)
    with pytest.raises(FileNotRead, match="file_not_read"):
        import_procedures(path, actor=HOUSE, at=NOON, city_id=city.pk)


def test_the_collected_pages_are_read_when_they_are_there(city, tmp_path):
    """Without the collection beside the project the same number of made-up pages stands in."""
    if not PAGES.exists():
        path = tmp_path / "details.json"
        path.write_text(json.dumps([{**GOOD, "code": f"1.{i:06}"} for i in range(675)]))
    else:
        path = PAGES
    report = import_procedures(path, actor=HOUSE, at=NOON, city_id=city.pk)
    assert report.loaded + len(report.rejected) == 675
    assert report.loaded >= 670
    assert Event.objects.filter(name="procedures.version_published").count() == report.loaded


# -- spreadsheets ------------------------------------------------------------------------------------------------------

ROW = {
    "code": "2.000815", "name": "Chứng thực bản sao", "field": "Chứng thực", "limit_unit": "trong ngày", "limit_value": "",
    "extension_days": 2, "channels": "tại quầy; trực tuyến", "fully_online": "không", "non_boundary": "có",
    "papers": "(tờ khai) Phiếu yêu cầu\n(xuất trình) Bản chính\n(nếu có) Bản sao", "fee": "10.000", "fee_basis": "TT 226",
    "results": "Bản sao được chứng thực", "legal_basis": "Nghị định 23/2015/NĐ-CP",
}  # fmt: skip


def sheet(*rows, headings=None):
    book = openpyxl.Workbook()
    page = book.active
    page.append(headings or [column.heading for column in spreadsheet.COLUMNS])
    for row in rows:
        page.append([row.get(column.key) for column in spreadsheet.COLUMNS])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_sheet_becomes_versions(bring):
    report = bring(
        sheet(ROW, {}, {**ROW, "code": "1.000002", "limit_unit": "Ngày làm việc", "limit_value": 5.0}), name="a.xlsx"
    )
    assert (report.loaded, report.rejected) == (2, [])
    view = queries.version_in_force("2.000815", on=TODAY)
    assert view.limit.unit == LimitUnit.SAME_DAY
    assert [(p.kind, p.required) for p in view.papers] == [("form", True), ("show", True), ("submit", False)]
    assert view.non_boundary
    assert queries.version_in_force("1.000002", on=TODAY).limit == Limit(5, LimitUnit.WORKING_DAYS)


@pytest.mark.parametrize("signed", ["24/06/2025", date(2025, 6, 24), datetime(2025, 6, 24)])
def test_a_sheet_names_the_decision_and_one_that_names_none_takes_none_away(bring, signed):
    bring(sheet({**ROW, "decision_number": "12/QĐ-UBND", "decision_on": signed}), name="a.xlsx")
    again = bring(sheet(ROW), name="b.xlsx")
    same = bring(sheet({**ROW, "decision_number": "12/QĐ-UBND", "decision_on": signed}), name="c.xlsx")
    assert (same.loaded, same.unchanged) == (0, 1)

    view = queries.version_in_force("2.000815", on=TODAY)
    assert (view.decision_number, view.decision_on, view.number) == ("12/QĐ-UBND", date(2025, 6, 24), 1)
    assert (again.loaded, again.unchanged) == (0, 1)


def test_subjects_come_from_a_sheet_or_a_page_and_a_file_that_names_none_takes_none_away(bring):
    bring(sheet({**ROW, "subjects": "Công dân Việt Nam; Tổ chức (không bao gồm doanh nghiệp, HTX)"}), name="a.xlsx")
    assert bring(sheet(ROW), name="b.xlsx").loaded == 0
    tomorrow = TODAY + timedelta(days=1)
    assert bring(sheet({**ROW, "limit_value": 9, "limit_unit": "ngày"}), name="c.xlsx", valid_from=tomorrow).loaded == 1
    assert queries.version_in_force("2.000815", on=tomorrow).subjects == {"citizen", "organisation"}

    # As the pages come: two kinds cut at their commas, and a word that is none.
    bring([{**GOOD, "applicants": ["Cán bộ", "công chức", "viên chức", "Đảng viên", "Khách"]}])
    assert queries.version_in_force("1.004222", on=TODAY).subjects == {"official", "party_member"}


def test_the_template_can_be_filled_in_and_read_back(bring):
    report = bring(spreadsheet.template(), name="mau.xlsx")
    assert (report.loaded, report.rejected) == (1, [])


@pytest.mark.parametrize(
    "change",
    [
        {"code": ""},
        {"name": ""},
        {"limit_unit": "hôm nào đó"},
        {"limit_unit": "ngày làm việc", "limit_value": "vài"},
        {"channels": "bồ câu"},
        {"channels": ""},
        {"fee": "mười nghìn"},
        {"fee": "5000", "fee_basis": ""},
        {"fully_online": "maybe"},
        {"legal_basis": ""},
        {"name": "=1+1"},
        {"name": '=HYPERLINK("http://x","y")'},
        {"papers": "x" * 20_001},
        {"limit_value": True},
        {"extension_days": -1},
        {"extension_days": date(2026, 1, 1)},
        {"subjects": "Công dân Việt Nam; Người ngoài hành tinh"},
        {"decision_number": "12/QĐ-UBND"},
        {"decision_number": "12/QĐ-UBND", "decision_on": "hôm qua"},
    ],
)
def test_a_broken_line_of_a_sheet_is_named_and_the_rest_is_loaded(bring, change):
    report = bring(sheet({**ROW, **change}, {**ROW, "code": "1.000002"}), name="a.xlsx")
    assert report.loaded == 1
    assert [row["row"] for row in report.rejected] == [2]


def test_a_sheet_without_the_needed_columns_is_refused(bring):
    with pytest.raises(FileNotRead) as refusal:
        bring(sheet(ROW, headings=["Mã thủ tục", "Tên thủ tục"]), name="a.xlsx")
    assert "Lĩnh vực" in refusal.value.message()


def repacked(content, *, add=(), change=None):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member.filename, change(member.filename, data) if change else data)
        for name, data in add:
            new.writestr(name, data)
    return target.getvalue()


def with_entities(name, data):
    if name != "xl/worksheets/sheet1.xml":
        return data
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    head, _, rest = data.partition(b"?>") if data.startswith(b"<?xml") else (b"<?xml version='1.0'", b"?>", data)
    return head + b"?>" + bomb + rest.replace(b"<sheetData>", b"<sheetData>&b;")


@pytest.mark.parametrize(
    "hostile",
    [
        lambda: repacked(sheet(ROW), add=[("xl/media/x.bin", b"\0" * 70 * 2**20)]),
        lambda: repacked(sheet(ROW), add=[("xl/sharedStrings2.xml", b" " * 20 * 2**20)]),
        lambda: repacked(sheet(ROW), add=[(f"xl/x{i}.xml", b"x") for i in range(300)]),
        lambda: repacked(sheet(ROW), add=[("xl/vbaProject.bin", b"macro")]),
        lambda: repacked(sheet(ROW), add=[("xl/externalLinks/externalLink1.xml", b"<x/>")]),
        lambda: repacked(sheet(ROW), change=with_entities),
        lambda: repacked(
            sheet(ROW), change=lambda name, data: data[: len(data) // 2] if name.startswith("xl/worksheets") else data
        ),
        lambda: repacked(sheet(ROW), change=lambda name, data: b"<workbook/>" if name == "xl/workbook.xml" else data),
    ],
    ids=["huge", "ratio", "members", "macro", "links", "entities", "cut", "no sheets"],
)
def test_a_hostile_workbook_is_refused_whole(bring, hostile):
    with pytest.raises(FileNotRead):
        bring(hostile(), name="a.xlsx")
    assert not Procedure.objects.exists()


def test_a_sheet_with_too_many_lines_is_refused(bring, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    with pytest.raises(FileNotRead):
        bring(sheet(*[{**ROW, "code": f"1.{i:06}"} for i in range(4)]), name="a.xlsx")
    assert bring(sheet(*[{**ROW, "code": f"1.{i:06}"} for i in range(3)]), name="b.xlsx").loaded == 3


# -- the portal's words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("texts", "limit", "how"), [
    (["5 Ngày làm việc"], Limit(5, LimitUnit.WORKING_DAYS), "certain"),
    (["5 Ngày làm việc", "5 Ngày làm việc"], Limit(5, LimitUnit.WORKING_DAYS), "certain"),
    (["30 Ngày"], Limit(30, LimitUnit.CALENDAR_DAYS), "certain"),
    (["8 Giờ"], Limit(8, LimitUnit.WORKING_HOURS), "certain"),
    (["3 Ngày làm việc", "10 Ngày làm việc"], Limit(10, LimitUnit.WORKING_DAYS), "longest"),
    (["8 Ngày", "5 Ngày làm việc"], Limit(8, LimitUnit.CALENDAR_DAYS), "longest"),
    (["3"], Limit(3, LimitUnit.WORKING_DAYS), "bare"),
    (["120"], portal.UNKNOWN_LIMIT, "unknown"),
    (["0 Giờ"], portal.UNKNOWN_LIMIT, "unknown"),
    (["02 tháng và 15 ngày làm việc"], portal.UNKNOWN_LIMIT, "unknown"),
    ([], portal.UNKNOWN_LIMIT, "unknown"),
])  # fmt: skip
def test_a_limit_is_certain_only_with_its_unit(texts, limit, how):
    assert portal.limit_of(texts, field="Hộ tịch") == (limit, how)


def test_an_empty_limit_of_a_certification_means_at_once():
    assert portal.limit_of(["", ""], field="Chứng thực") == (Limit(1, LimitUnit.SAME_DAY), "certain")


def test_fees_as_the_portal_words_them():
    assert portal.fee_of(["Miễn phí", "Miễn phí"]) == (0, "free")
    assert portal.fee_of(["Phí : 0 Đồng"]) == (0, "free")
    assert portal.fee_of(["150,000 Việt Nam Đồng"]) == (150_000, "stated")
    assert portal.fee_of(["50,000 Việt Nam Đồng", "Miễn phí"]).how == "unknown"
    assert portal.fee_of(["10 USD"]).how == portal.fee_of([""]).how == portal.fee_of([]).how == "unknown"


@given(st.lists(st.text(max_size=30), max_size=3))
def test_whatever_the_portal_writes_is_read_or_unknown(texts):
    assert portal.limit_of(texts, field="x").limit.value >= 1
    assert portal.fee_of(texts).amount_dong >= 0
