"""The page on which an e-process is drawn, its files, and the lists: what they say, keep and refuse."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from thongsuot.kernel.models import Event
from thongsuot.people.tests.make import logged_in, make_administrator, with_second_factor
from thongsuot.procedures import actions, bpmn, queries, rules
from thongsuot.procedures.content import Step
from thongsuot.procedures.models import ProcedureVersion, ProcessDraft
from thongsuot.procedures.tests.make import HOUSE, make_competence, make_procedure
from thongsuot.procedures.tests.pages import form_of
from thongsuot.procedures.tests.processes import FIELDS, PROCESS, SCHEMA, THREE_DAYS, branching, step, way
from thongsuot.units.tests.make import make_city

pytestmark = pytest.mark.django_db

CODE = "9.000001"
PAGE = f"/quan-tri/thu-tuc/{CODE}/quy-trinh/"


@pytest.fixture(scope="module")
def begins_with():
    return make_city_with_a_procedure


@pytest.fixture(autouse=True)
def our_city(settings):
    settings.CITY_CODE = "98"


def make_city_with_a_procedure():
    city = make_city()
    make_procedure(CODE, city_id=city.city.pk, limit=THREE_DAYS, form_schema=SCHEMA)
    return city


@pytest.fixture
def administrator(made):
    return logged_in(with_second_factor(make_administrator(made.city)))


def drafted(made, steps=None, token=""):
    return actions.save_process(
        CODE,
        steps=branching() if steps is None else steps,
        token=token,
        city_id=made.city.pk,
        actor=HOUSE,
        at=timezone.now(),
    )


def typed(client, **changes):
    """What a browser would send from the page, with what somebody typed."""
    return {**form_of(client.get(PAGE).content.decode()), **{name.replace("_", "-"): value for name, value in changes.items()}}


def kept() -> tuple[Step, ...]:
    return queries.process_draft(CODE).steps


def test_the_page_shows_what_is_published_and_stores_nothing(administrator, django_assert_max_num_queries):
    administrator.get(PAGE)
    with django_assert_max_num_queries(9):
        page = administrator.get(PAGE)

    text = page.content.decode()
    assert page.status_code == 200
    assert "Mẫu chung" in text
    assert "Các bước: 24 giờ. Thời hạn: 24 giờ." in text
    assert "<svg" in text
    assert "style=" not in text
    assert not ProcessDraft.objects.exists()


def test_pressing_save_without_a_change_keeps_the_same_steps(administrator, made):
    drafted(made)
    answer = administrator.post(PAGE, typed(administrator, viec="luu"))

    assert answer.status_code == 302
    assert kept() == tuple(branching())


def test_a_step_is_typed_added_moved_and_taken_out_without_a_script(administrator, made):
    drafted(made)
    administrator.post(PAGE, {**typed(administrator), "b1-name": "Thẩm định kỹ", "b1-hours": "7,5", "viec": "them-1"})
    assert [(one.name, one.minutes) for one in kept()][1:3] == [("Thẩm định kỹ", 450), ("Bước mới", 0)]

    page = administrator.get(PAGE).content.decode()
    assert "cần ít nhất 1 phút" in page
    assert "Còn thiếu 30 phút." in page

    new = kept()[2].key
    administrator.post(PAGE, {**typed(administrator), "viec": "len-2"})
    assert kept()[1].key == new
    administrator.post(PAGE, {**typed(administrator), "viec": "xuong-1"})
    assert kept()[2].key == new
    administrator.post(PAGE, {**typed(administrator), "viec": "bo-2"})
    assert [one.key for one in kept()] == ["nhan", "lam", "ky", "in", "tra"]
    administrator.post(PAGE, {**typed(administrator), "viec": "them"})
    assert [one.counted for one in kept()] == [True] * 5 + [False]


def test_a_partner_its_notice_and_silence_are_set_without_a_script_and_told_before_publishing(administrator, made):
    drafted(made, branching(nhan={"ways": ()}))
    change = {"b1-agency": "tax", "b1-asks_payment": "on", "b1-silence_basis": "Điều 5  Nghị định 1", "viec": "luu"}
    administrator.post(PAGE, {**typed(administrator), **change})

    assert kept()[1] == step(
        "lam", PROCESS, 8, agency="tax", asks_payment=True, silence_basis="Điều 5 Nghị định 1", parallel_opinions=True
    )
    page = administrator.get(PAGE).content.decode()
    assert '<option value="tax" selected' in page
    assert "<details open><summary>Thông báo nộp tiền" in page
    administrator.post(PAGE, {**typed(administrator), "viec": "luu"})
    assert kept()[1].asks_payment
    told = administrator.get(f"{PAGE}cong-bo/").content.decode()
    assert "Cơ quan thuế, 8 giờ, xin ý kiến song song, ra thông báo nộp tiền, im lặng là đồng ý theo Điều 5" in told
    assert administrator.post(PAGE, {**typed(administrator), "b1-agency": "taxx", "viec": "luu"}).status_code == 422


def test_a_branch_is_added_chosen_and_dropped(administrator, made):
    drafted(made)
    administrator.post(PAGE, {**typed(administrator), "viec": "nhanh-0"})
    assert len(kept()[0].ways) == 2
    assert "mà hồ sơ của thủ tục này không có" in administrator.get(PAGE).content.decode()

    chosen = {"b0n0-when": "form.copies|at_least|#", "b0n0-number": "5", "b0n0-to": "lam", "viec": "luu"}
    administrator.post(PAGE, {**typed(administrator), **chosen})
    assert kept()[0].ways == (way("lam", "form.copies", 5, "at_least"), way("lam"))
    page = administrator.get(PAGE).content.decode()
    assert 'value="form.copies|at_least|#" selected' in page
    assert 'value="form.form|is|electronic" selected' in page

    refused = administrator.post(PAGE, {**typed(administrator), **chosen, "b0n0-number": ""})
    assert refused.status_code == 422
    assert "Hãy ghi số để so sánh." in refused.content.decode()

    administrator.post(PAGE, {**typed(administrator), "viec": "bo-nhanh-0-0"})
    assert rules.tidy(kept())[0].ways == ()


def test_moving_a_step_up_and_down_again_changes_nothing(administrator, made):
    steps = branching(lam={"ways": (way("in"),)})
    drafted(made, steps)
    administrator.post(PAGE, {**typed(administrator), "viec": "xuong-2"})
    assert [one.key for one in kept()] == ["nhan", "lam", "in", "ky", "tra"]
    administrator.post(PAGE, {**typed(administrator), "viec": "len-3"})
    assert kept() == tuple(steps)


def test_the_second_administrator_is_told_and_keeps_what_was_typed(administrator, made):
    stale = typed(administrator)
    drafted(made)
    before = kept()
    answer = administrator.post(PAGE, {**stale, "b0-name": "Của tôi", "viec": "luu"})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "đã lưu bản thảo này lúc" in text
    assert "Của tôi" in text
    assert kept() == before

    again = administrator.post(PAGE, {**form_of(text), "viec": "luu"})
    assert again.status_code == 302
    assert kept()[0].name == "Của tôi"


def test_with_htmx_the_fragment_comes_back_and_the_focus_stays_with_the_step(administrator, made):
    drafted(made)
    answer = administrator.post(PAGE, {**typed(administrator), "viec": "len-2"}, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in text
    assert 'id="len-ky" data-focus' in text
    assert "Đã lưu lúc" in text


def test_while_typing_the_picture_is_redrawn_and_nothing_stored(administrator, made):
    drafted(made)
    events = Event.objects.count()
    answer = administrator.post(PAGE + "ve/", {**typed(administrator), "b1-hours": "9"}, headers={"HX-Request": "true"})

    assert "Các bước: 25 giờ. Thời hạn: 24 giờ." in answer.content.decode()
    assert "Thừa 1 giờ." in answer.content.decode()
    unread = administrator.post(PAGE + "ve/", {**typed(administrator), "b1-hours": "chín"}, headers={"HX-Request": "true"})
    assert "Số giờ phải là số" in unread.content.decode()
    assert kept() == tuple(branching())
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"so-buoc": "999999999999999999999"},
        {"so-buoc": "-1", "viec": "bo-99"},
        {"so-buoc": "2", "viec": "luu"},
        {"so-buoc": "1", "b0-key": "k" * 500, "b0-name": "x" * 500, "b0-duty": "drop table", "b0-hours": "1e99"},
        {"so-buoc": "1", "b0-name": "A", "b0-duty": "sign results", "b0-hours": "1", "b0-to": "nowhere"},
        {"so-buoc": "1", "b0-so-nhanh": "99", "b0-name": "A", "b0-duty": "sign results", "b0n0-when": "<x>|is|1"},
        {"so-buoc": "1", "b0-name": "\x00", "b0-duty": "sign results", "viec": "nhanh-0"},
        {"token": "x" * 5000, "viec": "len-"},
    ],
)
def test_what_no_browser_would_send_is_no_fault_of_ours(administrator, made, sent):
    for address in (PAGE, PAGE + "ve/", PAGE + "bat-dau/", PAGE + "nhap/"):
        assert administrator.post(address, sent).status_code in {200, 302, 400, 409, 422}


def test_starting_over_from_the_generic_process_or_from_another_procedure(administrator, made):
    make_procedure("9.000002", city_id=made.city.pk, limit=THREE_DAYS, form_schema=SCHEMA, steps=branching())
    administrator.post(PAGE + "bat-dau/", {"viec": "chep", "copy_from": " 9.000002 ", "token": ""})
    assert kept() == tuple(branching())

    token = queries.process_draft(CODE).token
    administrator.post(PAGE + "bat-dau/", {"viec": "mau", "token": token})
    assert kept() == rules.default_steps(THREE_DAYS)

    unknown = administrator.post(PAGE + "bat-dau/", {"viec": "chep", "copy_from": "9.777777", "token": "x"})
    assert unknown.status_code == 422
    assert "Không tìm thấy thủ tục này" in unknown.content.decode()


def test_publishing_says_first_what_differs_and_for_whom(administrator, made):
    draft = drafted(made)
    preview = administrator.get(PAGE + "cong-bo/").content.decode()
    assert "Bước in: Vào sổ, phát hành kết quả, Văn phòng HĐND và UBND, 8 giờ" in preview
    assert "Trưởng phòng soát xét" in preview  # a step that goes
    assert "Hồ sơ nhận từ ngày áp dụng" in preview

    stale = administrator.post(PAGE + "cong-bo/", {"token": "1-1", "valid_from": "01/01/2099"})
    assert stale.status_code == 422
    answer = administrator.post(PAGE + "cong-bo/", {"token": draft.token, "valid_from": "01/01/2099"})
    assert answer.status_code == 302
    assert queries.version_in_force(CODE, on=date(2099, 1, 1)).steps == tuple(branching())
    assert queries.version_in_force(CODE, on=timezone.localdate()).number == 1
    assert administrator.get(PAGE + "cong-bo/").status_code == 409


def test_a_process_that_cannot_run_has_no_button_to_publish(administrator, made):
    draft = drafted(made, [step("nhan", "receive dossiers")])

    assert "Công bố quy trình</span>" not in administrator.get(PAGE + "cong-bo/").content.decode()
    answer = administrator.post(PAGE + "cong-bo/", {"token": draft.token, "valid_from": "01/01/2099"})
    assert answer.status_code == 422
    assert ProcedureVersion.objects.count() == 1


def test_undo_is_throwing_the_draft_away(administrator, made):
    drafted(made)
    assert "Bỏ bản thảo" in administrator.get(PAGE + "bo/").content.decode()
    assert administrator.post(PAGE + "bo/").status_code == 302
    assert not ProcessDraft.objects.exists()
    assert administrator.get(PAGE + "bo/").status_code == 409


# -- files -------------------------------------------------------------------------------------------------------------


def test_the_file_goes_out_and_comes_in_by_way_of_a_preview(administrator, made):
    drafted(made)
    out = administrator.get(PAGE + "so-do.bpmn")
    assert out.headers["Content-Disposition"] == f'attachment; filename="quy-trinh-{CODE}.bpmn"'
    assert bpmn.read(out.content).steps == tuple(branching())
    administrator.post(PAGE + "bo/")

    upload = SimpleUploadedFile("a.bpmn", out.content, content_type="application/xml")
    preview = administrator.post(PAGE + "nhap/", {"file": upload})
    text = preview.content.decode()
    assert "Tệp có 5 bước" in text
    assert not ProcessDraft.objects.exists()

    [document] = [part.split('"')[0] for part in text.split('name="doc" value="')[1:]]
    chosen = {}
    for place, one in enumerate(branching()):
        chosen |= {f"b{place}-duty": one.duty, f"b{place}-body_kind": one.body_kind, f"b{place}-hours": f"{one.minutes // 60}"}
    accepted = {"viec": "nhan", "doc": document, "token": "", **chosen}
    assert administrator.post(PAGE + "nhap/", {**accepted, "b1-duty": "cook"}).status_code == 422
    assert administrator.post(PAGE + "nhap/", {**accepted, "doc": document[:-1] + "?"}).status_code == 422
    assert not ProcessDraft.objects.exists()
    assert administrator.post(PAGE + "nhap/", accepted).status_code == 302
    assert kept() == tuple(branching())


def test_a_hostile_file_is_refused_beside_its_field(administrator, made):
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha">]><definitions>&a;</definitions>'
    answer = administrator.post(PAGE + "nhap/", {"file": SimpleUploadedFile("x.bpmn", bomb)})

    assert answer.status_code == 422
    assert "DTD hoặc thực thể" in answer.content.decode()
    assert administrator.post(PAGE + "nhap/", {"file": SimpleUploadedFile("x.bpmn", b"")}).status_code == 422
    huge = SimpleUploadedFile("x.bpmn", b" " * (bpmn.MOST_BYTES + 1))
    assert "1 MB" in administrator.post(PAGE + "nhap/", {"file": huge}).content.decode()
    assert not ProcessDraft.objects.exists()


# -- pages for everyone, lists -----------------------------------------------------------------------------------------


def test_the_procedure_page_shows_the_branches_to_everyone(client, made):
    make_procedure("9.000002", city_id=made.city.pk, limit=THREE_DAYS, form_schema=SCHEMA, steps=branching())
    page = client.get("/thu-tuc/9.000002/").content.decode()

    assert "Khi “Nhận kết quả” là “Bản điện tử”: sang “Bước tra”." in page
    assert "Sơ đồ quy trình" in page
    assert page.count('<svg class="flow"') == 1


def test_the_list_says_what_has_no_process_of_its_own_by_what_right(administrator, made, django_assert_max_num_queries):
    make_procedure("9.000002", city_id=made.city.pk, field="Đất đai", limit=THREE_DAYS, form_schema=SCHEMA, steps=branching())
    make_procedure("9.000003", city_id=made.city.pk, competence="delegated", competent_until=date(2099, 1, 1))
    make_procedure("9.000004", city_id=made.city.pk, competence="devolved", valid_from=date(2025, 1, 1))
    address = "/quan-tri/thu-tuc/quy-trinh/"
    administrator.get(address)
    with django_assert_max_num_queries(14):
        page = administrator.get(address).content.decode()
    assert [code in page for code in ("9.000001", "9.000002", "9.000003", "9.000004")] == [True, False, True, True]

    def codes(query):
        sheet = openpyxl.load_workbook(io.BytesIO(administrator.get(address + "bang.xlsx?" + query).content)).active
        return [row[0].value for row in sheet.iter_rows(min_row=3)]

    assert set(codes("quy_trinh=")) == {"9.000001", "9.000002", "9.000003", "9.000004"}
    assert codes("quy_trinh=rieng") == ["9.000002"]
    assert set(codes("tham_quyen=giao")) == {"9.000001", "9.000002", "9.000003"}
    assert codes("tham_quyen=delegated") == ["9.000003"]
    assert codes("linh_vuc=dat-dai") == ["9.000002"]
    assert "9.000004" not in codes("chi=moi")
    assert codes("ngay=30/06/2025") == ["9.000004"]
    assert codes("ngay=02/01/2099&tham_quyen=delegated") == []
    river = made.river.pk
    make_procedure("9.000005")
    make_competence("9.000005", city_id=made.city.pk, unit_id=river)
    assert "9.000005" in codes(f"don_vi={river}")
    assert "9.000005" not in codes(f"don_vi={made.hill.pk}")
    assert administrator.get(address + "?ngay=x&don_vi=y&chi=z&trang=q").status_code == 422


def test_for_any_procedure_and_day_the_competent_body_is_named(administrator, made):
    make_procedure("9.000003", city_id=made.city.pk, competence="delegated", competent_until=date(2027, 1, 1))
    address = "/quan-tri/thu-tuc/noi-giai-quyet/"
    assert administrator.get(address).status_code == 200
    page = administrator.get(address + "?ma=9.000003&ngay=01/07/2026").content.decode()
    assert "Ủy quyền" in page
    assert "Quyết định 01/2025/QĐ-UBND" in page
    assert "2 đơn vị giải quyết" in page
    ended = administrator.get(address + "?ma=9.000003&ngay=01/01/2027").content.decode()
    assert "không đơn vị nào của thành phố giải quyết" in ended
    assert administrator.get(address + "?ma=9.999999&ngay=01/01/2027").status_code == 422
    assert FIELDS
