import io
import json
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.people.tests.make import logged_in, make_administrator, with_second_factor
from thongsuot.procedures import queries, spreadsheet
from thongsuot.procedures.catalogue_files import DATA, versions_of
from thongsuot.procedures.content import Paper
from thongsuot.procedures.models import Competence, ProcedureVersion
from thongsuot.procedures.tests.make import make_competence, make_procedure
from thongsuot.procedures.tests.pages import form_of
from thongsuot.procedures.tests.test_importing import ROW, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def our_city(settings):
    settings.CITY_CODE = "98"


@pytest.fixture
def birth(made):
    [(_, draft)] = versions_of(DATA / "procedures" / "1.001193.json")
    return publish_shipped("1.001193", draft, made)


def publish_shipped(code, draft, made):
    facts = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    return make_procedure(code, city_id=made.city.pk, **facts)


@pytest.fixture
def administrator(made):
    return logged_in(with_second_factor(make_administrator(made.city)))


def test_a_citizen_finds_a_procedure_by_words_without_marks(birth, django_assert_max_num_queries):
    make_procedure("2.000815", name="Chứng thực bản sao", field="Chứng thực")
    client = Client()
    client.get("/thu-tuc/")
    with django_assert_max_num_queries(6):
        page = client.get("/thu-tuc/?q=dang+ky+khai+sinh").content.decode()
    assert "Đăng ký khai sinh" in page
    assert "Chứng thực bản sao" not in page
    assert "/thu-tuc/1.001193/" in page


def test_a_search_that_finds_nothing_suggests_what_is_near(birth):
    page = Client().get("/thu-tuc/?q=khai+sinh+cho+voi").content.decode()
    assert "Không có thủ tục nào khớp “khai sinh cho voi”" in page
    assert "Đăng ký khai sinh" in page


@pytest.mark.parametrize(
    "query",
    [
        "q=<script>alert(1)</script>",
        "q=%25_%27%22%5C",
        "q=" + "x" * 5000,
        "trang=99999999999",
        "linh-vuc=nothing",
        "q=%00",
        "q=%F0%9F%98%80",
    ],
)
def test_strange_searches_get_an_answer_and_nothing_runs(birth, query):
    response = Client().get(f"/thu-tuc/?{query}")
    assert response.status_code in (200, 400)
    assert b"<script>alert" not in response.content


def test_the_list_of_a_unit_holds_what_it_resolves_today(made, birth):
    make_procedure("2.000815", name="Chứng thực bản sao")
    page = Client().get(f"/thu-tuc/?don-vi={made.river.code}").content.decode()
    assert "Thủ tục tại Phường Sông" in page
    assert "Đăng ký khai sinh" in page
    assert "Chứng thực bản sao" not in page
    assert Client().get("/thu-tuc/?don-vi=00000").status_code == 404


def test_the_page_of_a_procedure_says_the_answer_first(birth, django_assert_max_num_queries):
    client = Client()
    client.get("/thu-tuc/1.001193/")
    with django_assert_max_num_queries(4):
        page = client.get("/thu-tuc/1.001193/").content.decode()
    assert page.index("Trong ngày") < page.index("Bạn cần có") < page.index("Các bước") < page.index("Căn cứ pháp lý")
    for words in (
        "Giấy chứng sinh",
        "Nộp sau 15:00",
        "Nội dung chưa kiểm chứng đầy đủ",
        "Luật Hộ tịch 60/2014/QH13",
        "Ủy ban nhân dân cấp xã",
        "Miễn cho đăng ký đúng hạn",
        "8.000 đồng một bản",
    ):
        assert words in page, words
    assert "Quy trình mặc định" not in page


def test_a_procedure_with_the_default_process_is_marked_so(made):
    make_procedure("2.000815", city_id=made.city.pk, unverified=frozenset({"steps", "limit", "papers", "fees"}))
    page = Client().get("/thu-tuc/2.000815/").content.decode()
    for words in ("Quy trình mặc định", "thời hạn này chưa kiểm chứng", "Chưa rõ mức thu", "Chưa có danh sách giấy tờ"):
        assert words in page, words


def test_a_change_announced_for_later_is_told(birth, made):
    later = timezone.localdate() + timedelta(days=30)
    make_procedure("1.001193", valid_from=later)
    page = Client().get("/thu-tuc/1.001193/").content.decode()
    assert f"Từ {later:%d/%m/%Y} thủ tục này thay đổi" in page


def test_the_price_is_tried_out_with_and_without_javascript(made):
    [(_, draft)] = versions_of(DATA / "procedures" / "2.000815.json")
    publish_shipped("2.000815", draft, made)
    answers = {"channel": "1", "pages": "5", "copies": "2"}
    whole = Client().get("/thu-tuc/2.000815/phi/", answers)
    part = Client().get("/thu-tuc/2.000815/phi/", answers, headers={"HX-Request": "true"})
    for response in (whole, part):
        assert "14.000 đồng" in response.content.decode()
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    wrong = Client().get("/thu-tuc/2.000815/phi/", {**answers, "pages": "-1"}).content.decode()
    assert "Hãy nhập số từ 1 đến 2000" in wrong


def test_an_unknown_and_an_ended_procedure_are_told_apart(made):
    assert Client().get("/thu-tuc/9.999999/").status_code == 404
    make_procedure("2.000815", valid_from=timezone.localdate() + timedelta(days=9))
    response = Client().get("/thu-tuc/2.000815/")
    assert response.status_code == 409
    assert "áp dụng từ ngày" in response.content.decode()


def test_the_home_page_shows_what_many_come_for(birth):
    page = Client().get("/").content.decode()
    assert "Việc nhiều người làm" in page
    assert "/thu-tuc/1.001193/" in page


# -- administrators ----------------------------------------------------------------------------------------------------


def test_the_managed_list_filters_by_process_and_kind(made, birth, administrator):
    make_procedure(
        "2.000815", name="Chứng thực bản sao", city_id=made.city.pk, competence="delegated", competent_until=date(2099, 1, 1)
    )

    def seen(query):
        page = administrator.get(f"/quan-tri/thu-tuc/?{query}").content.decode()
        return "1.001193" in page, "2.000815" in page

    assert seen("") == (True, True)
    assert seen("quy-trinh=rieng") == (True, False)
    assert seen("quy-trinh=mac-dinh") == (False, True)
    assert seen("tham-quyen=delegated") == (False, True)
    assert seen("q=khai+sinh") == (True, False)


def test_the_page_of_a_managed_procedure_shows_what_a_version_changed(
    made, birth, administrator, django_assert_max_num_queries
):
    make_procedure(
        "1.001193",
        valid_from=date(2025, 9, 1),
        limit=Limit(4, LimitUnit.WORKING_DAYS),
        name="Đăng ký khai sinh",
        papers=[Paper(code="p1", name="Giấy chứng sinh mới")],
    )
    administrator.get("/quan-tri/thu-tuc/1.001193/")
    with django_assert_max_num_queries(16):
        page = administrator.get("/quan-tri/thu-tuc/1.001193/").content.decode()
    for words in (
        "Phiên bản 2",
        "Phiên bản 1",
        "<del>Trong ngày</del>",
        "<ins>4 ngày làm việc</ins>",
        "Giấy chứng sinh mới",
        "Mọi xã, phường, đặc khu",
        "Đã công bố phiên bản mới",
        "Đã giao thẩm quyền",
    ):
        assert words in page, words


def page_of_version(client, address):
    """What the form of a page would post, unchanged."""
    return {**form_of(client.get(address).content.decode()), "viec": "cong-bo"}


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def test_a_version_goes_through_the_page_unchanged(made, birth, administrator):
    address = "/quan-tri/thu-tuc/1.001193/phien-ban-moi/"
    data = {**page_of_version(administrator, address), "valid_from": f"{tomorrow():%d/%m/%Y}"}

    response = administrator.post(address, data)

    assert response.status_code == 302, response.content.decode()[:3000]
    before, after = queries.version(birth.pk), queries.version_in_force("1.001193", on=tomorrow())
    same = {name for name in before.__dataclass_fields__ if getattr(before, name) == getattr(after, name)}
    assert set(before.__dataclass_fields__) - same == {"id", "number", "valid_from"}
    assert queries.version_in_force("1.001193", on=timezone.localdate()).id == birth.pk


def test_steps_that_do_not_add_up_are_told_while_typing_and_refused_on_publishing(made, birth, administrator):
    address = "/quan-tri/thu-tuc/1.001193/phien-ban-moi/"
    data = {**page_of_version(administrator, address), "valid_from": f"{tomorrow():%d/%m/%Y}", "steps-1-minutes": "1,5"}

    said = administrator.post("/quan-tri/thu-tuc/kiem-tra/", data).content.decode()
    assert "Tổng thời gian các bước là 5 giờ 30 phút, thời hạn của thủ tục là 8 giờ" in said
    assert b"<html" not in said.encode()
    pressed = administrator.post(address, {**data, "viec": "kiem-tra"})
    assert pressed.status_code == 200
    assert "5 giờ 30 phút" in pressed.content.decode()

    refused = administrator.post(address, data)
    assert refused.status_code == 422
    assert "5 giờ 30 phút" in refused.content.decode()
    assert ProcedureVersion.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"valid_from": "31/02/2026"},
        {"valid_from": "01/01/2020"},
        {"name": ""},
        {"limit_unit": "moons"},
        {"channels": ["7"]},
        {"papers": "a | b | c"},
        {"legal_basis": "NĐ 1 | hôm qua"},
        {"form_schema": "{"},
        {"form_schema": "[]"},
        {"form_schema": '{"type": "array"}'},
        {"fees-0-tiers": "hai: 3"},
        {"steps-0-minutes": "nhiều"},
        {"steps-0-duty": "nap"},
        {"unverified": ["everything"]},
        {"fees-TOTAL_FORMS": "99999"},
        {"steps-TOTAL_FORMS": "0"},
        {"steps-TOTAL_FORMS": "x"},
        {"limit_unit": "working_days", "limit_value": ""},
        {"extension_days": "-3"},
        {"form_schema": "[" * 9000},
        {"fees-0-amount_dong": "1e9"},
        {"name": "<script>alert(1)</script>" * 90},
    ],
)
def test_what_cannot_be_published_stays_on_the_page_with_its_reason(made, birth, administrator, change):
    address = "/quan-tri/thu-tuc/1.001193/phien-ban-moi/"
    data = {**page_of_version(administrator, address), "valid_from": f"{tomorrow():%d/%m/%Y}", **change}
    response = administrator.post(address, data)
    assert response.status_code == 422
    assert "Cần sửa" in response.content.decode()
    assert b"<script>alert" not in response.content
    assert ProcedureVersion.objects.count() == 1


def test_a_row_is_dropped_by_its_tick_and_needs_no_repair_then(made, birth, administrator):
    address = "/quan-tri/thu-tuc/1.001193/phien-ban-moi/"
    data = {
        **page_of_version(administrator, address),
        "valid_from": f"{tomorrow():%d/%m/%Y}",
        "fees-0-DELETE": "on",
        "fees-0-name": "",
        "fees-0-amount_dong": "sai",
    }
    assert administrator.post(address, data).status_code == 302
    assert [rule.code for rule in queries.version_in_force("1.001193", on=tomorrow()).fee_rules] == ["extract_copy"]


def test_more_rows_come_without_javascript_and_keep_what_was_typed(made, birth, administrator):
    address = "/quan-tri/thu-tuc/1.001193/phien-ban-moi/"
    data = {**page_of_version(administrator, address), "viec": "them-steps", "name": "Tên đang gõ"}
    before = int(data["steps-TOTAL_FORMS"][0])
    response = administrator.post(address, data)
    assert response.status_code == 200
    assert form_of(response.content.decode())["steps-TOTAL_FORMS"] == [str(before + 1)]
    assert "Tên đang gõ" in response.content.decode()
    assert ProcedureVersion.objects.count() == 1


def test_a_new_procedure_enters_the_catalogue_and_its_code_only_once(made, birth, administrator):
    data = {
        **page_of_version(administrator, "/quan-tri/thu-tuc/them/"),
        "kind": "local",
        "code": "VD.0001",
        "name": "Cấp thẻ đọc sách",
        "field": "Văn hóa",
        "limit_value": "2",
        "legal_basis": "Quyết định 1/QĐ-UBND | 01/01/2026",
        "subjects": ["foreigner", "citizen"],
        "decision_number": "77/QĐ-UBND",
        "decision_on": "20/12/2025",
    }
    response = administrator.post("/quan-tri/thu-tuc/them/", data)
    assert response.status_code == 302, response.content.decode()[:2000]
    view = queries.version_in_force("VD.0001", on=timezone.localdate())
    assert (view.name, view.limit, view.has_own_process) == ("Cấp thẻ đọc sách", Limit(2, LimitUnit.WORKING_DAYS), False)

    shown = administrator.get("/thu-tuc/VD.0001/").content.decode()
    assert "Số 77/QĐ-UBND ngày 20/12/2025" in shown
    assert "Công dân Việt Nam; Người nước ngoài" in shown

    again = administrator.post("/quan-tri/thu-tuc/them/", data)
    assert again.status_code == 422
    assert "Mã này đã có" in again.content.decode()
    assert administrator.post("/quan-tri/thu-tuc/them/", {**data, "kind": "national"}).status_code == 422


def test_a_right_is_given_and_ended_on_pages(made, birth, administrator):
    today = timezone.localdate()
    facts = {
        "unit": str(made.river.pk),
        "kind": "delegated",
        "body_kind": "people_committee",
        "basis": "Quyết định 5/QĐ-UBND",
        "valid_from": f"{today:%d/%m/%Y}",
    }
    refused = administrator.post("/quan-tri/thu-tuc/1.001193/tham-quyen/", facts)
    assert refused.status_code == 422
    assert "Ủy quyền phải có thời hạn" in refused.content.decode()
    until = today + timedelta(days=30)
    given = administrator.post("/quan-tri/thu-tuc/1.001193/tham-quyen/", {**facts, "valid_to": f"{until:%d/%m/%Y}"})
    assert given.status_code == 302
    right = Competence.objects.get(unit=made.river)
    assert queries.competence("1.001193", unit_id=made.river.pk, on=today).kind == "delegated"

    address = f"/quan-tri/thu-tuc/tham-quyen/{right.pk}/ket-thuc/"
    assert "Phường Sông" in administrator.get(address).content.decode()
    late = administrator.post(address, {"ends_on": f"{today - timedelta(days=1):%d/%m/%Y}", "basis": "Quyết định 6/QĐ-UBND"})
    assert late.status_code == 422
    ended = administrator.post(address, {"ends_on": f"{today + timedelta(days=3):%d/%m/%Y}", "basis": "Quyết định 6/QĐ-UBND"})
    assert ended.status_code == 302
    right.refresh_from_db()
    assert right.valid_to == today + timedelta(days=3)
    assert administrator.get("/quan-tri/thu-tuc/tham-quyen/999999/ket-thuc/").status_code == 404


def test_a_procedure_is_abolished_on_its_page(made, birth, administrator):
    ends_on = timezone.localdate() + timedelta(days=5)
    address = "/quan-tri/thu-tuc/1.001193/bai-bo/"
    assert administrator.post(address, {"ends_on": "01/01/2020", "basis": "QĐ 1"}).status_code == 422
    assert administrator.post(address, {"ends_on": f"{ends_on:%d/%m/%Y}", "basis": "Quyết định 7/QĐ-UBND"}).status_code == 302
    with pytest.raises(queries.NotInForce):
        queries.version_in_force("1.001193", on=ends_on)


def upload(client, content, name):
    file = io.BytesIO(content)
    file.name = name
    return client.post("/quan-tri/thu-tuc/nhap/", {"file": file, "valid_from": f"{timezone.localdate():%d/%m/%Y}"})


def test_a_file_is_read_in_and_every_broken_line_is_shown(made, administrator):
    response = upload(administrator, sheet({**ROW, "channels": "bồ câu"}, {**ROW, "code": "1.000002"}), "danh mục.xlsx")
    assert response.status_code == 302
    page = administrator.get(response.headers["Location"]).content.decode()
    assert "Cách nộp ghi: tại quầy, trực tuyến, bưu chính" in page
    assert queries.version_in_force("1.000002", on=timezone.localdate())
    assert "danh mục.xlsx" in administrator.get("/quan-tri/thu-tuc/nhap/").content.decode()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"", "a.json"),
        (b"MZ\x90", "a.exe"),
        (json.dumps([]).encode(), "a.json"),
        (b"PK\x05\x06" + b"\0" * 18, "a.xlsx"),
        (b"x", "../../../etc/passwd.json"),
        (b"<html>", "a.html"),
    ],
)
def test_a_bad_file_is_told_beside_its_field(made, administrator, content, name):
    response = upload(administrator, content, name)
    assert response.status_code == 422
    assert "Chưa đọc được tệp" in response.content.decode()
    assert not ProcedureVersion.objects.exists()


def test_the_template_is_a_workbook_with_all_columns(made, administrator):
    content = administrator.get("/quan-tri/thu-tuc/nhap/mau.xlsx").content
    first_row = next(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert list(first_row) == [column.heading for column in spreadsheet.COLUMNS]


def test_an_ended_right_is_shown_as_ended(made, administrator):
    make_procedure("2.000815")
    make_competence("2.000815", city_id=made.city.pk, kind="delegated", valid_to=date(2025, 8, 1))
    page = administrator.get("/quan-tri/thu-tuc/2.000815/").content.decode()
    assert "Từ 01/07/2025 đến trước 01/08/2025" in page
    assert "Đã hết" in page
