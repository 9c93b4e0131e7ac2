"""One city, one week: people file, officers work, everyone sees where it is. Each test is a whole story in the browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.journeys.acting import (
    DRAFT_CODE,
    SUBMISSION_CODE,
    choose_file,
    code_on,
    do,
    download,
    find_case,
    history_on,
    received,
    text_of,
    type_by_keys,
)
from tests.journeys.browsing import PHONE
from tests.journeys.conftest import MONDAY
from thongsuot.files.tests.make import pdf, png
from thongsuot.kernel.events import KINDS
from thongsuot.people.demo import PASSWORD
from thongsuot.signing.demo import PIN

pytestmark = pytest.mark.browser
COPY, SINGLE = "2.000815", "1.004873"
LAN_S_WARD = "Phường Hoàn Kiếm"


def test_a_certified_copy_from_the_old_address_to_the_handed_over_paper(browsing, staff, clock, run_jobs):
    citizen = browsing.visitor(width=PHONE)
    citizen.visit("/")
    citizen.page.get_by_label("Nơi ở, theo tên cũ hoặc tên mới").fill("12 hang bac, hoan kiem")
    citizen.press("Tìm phường, xã")
    citizen.sees(LAN_S_WARD, "Điểm phục vụ", "Giờ mở cửa", "Địa chỉ")
    citizen.visit("/")
    citizen.page.get_by_label("Tên thủ tục hoặc giấy tờ bạn cần").fill("chung thuc ban sao")
    citizen.press("Tìm thủ tục")
    citizen.page.locator(f"a[href*='{COPY}']").first.click()
    citizen.look()
    citizen.sees("Trong ngày", "2.000 đồng", COPY)

    lan = staff("lan")
    page = lan.visit("/can-bo/tiep-nhan/")
    page.keyboard.press("F3")
    page.keyboard.type("chung thuc ban sao tu ban chinh")
    page.locator("[name=chon]").first.wait_for()
    page.keyboard.press("Tab")
    while COPY not in page.evaluate("document.activeElement.innerText || ''"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(f"[name=ma][value='{COPY}']").wait_for(state="attached")
    lan.look("dossiers-intake-chosen")
    page.keyboard.press("F6")
    type_by_keys(page, **{"sl-pages": "3", "sl-copies": "2"})
    page.keyboard.press("F2")
    type_by_keys(page, id_number="001431000099", name="Phạm Thị Cúc", phone="0912000099", address="12 Hàng Bạc")
    lan.sees("10.000 đồng")
    with page.expect_navigation():
        page.keyboard.press("F9")
    lan.look()
    code = code_on(lan)
    assert code.startswith("H26.107-261005-")
    lan.sees("Hẹn 05/10/2026 17:00", "Trong ngày", "2 trang × 2.000 đồng + 1 trang × 1.000 đồng; 2 bản × 5.000 đồng")
    case = page.url.split("?")[0]

    receipt = text_of(lan.fetch(page.get_by_role("link", name="In giấy hẹn").get_attribute("href")))
    for said in (code, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Phạm Thị Cúc", "17:00", "05/10/2026"):
        assert said in receipt, f"no “{said}” in {receipt}"
    lan.press("Thu 10.000 đồng")
    lan.sees("Đã thu, biên lai")

    do(lan, case, "Chuyển xử lý", to_person="Nguyễn Văn Toàn")
    toan = staff("toan")
    toan.visit("/can-bo/")
    toan.sees(code, "Phạm Thị Cúc")
    do(toan, case, "Đính kèm dự thảo kết quả", file=("loi-chung.pdf", pdf("Loi chung thuc ban sao")))
    do(toan, case, "Trình soát dự thảo")
    do(staff("hanh"), case, "Ký kết quả", pin=PIN)
    do(staff("thu"), case, "Vào sổ, phát hành", pin=PIN)
    lan.visit(case)
    lan.sees("Xong đúng hạn")
    do(lan, case, "Trả kết quả")
    lan.sees("Đã trả kết quả", "Không còn việc nào với hồ sơ này.")


def test_a_birth_filed_on_a_phone_and_followed_to_its_certificate(browsing, staff, clock, run_jobs):
    clock.move_to(MONDAY + timedelta(days=1))
    mother = browsing.visitor(width=PHONE)
    mother.visit("/nop-ho-so/")
    mother.page.get_by_label("Tên thủ tục").fill("khai sinh")
    mother.press("Tìm")
    mother.follow("Đăng ký khai sinh")
    mother.page.get_by_label("Tìm theo nơi ở").fill("hang bac hoan kiem")
    mother.press("Tìm")
    mother.sees(LAN_S_WARD)
    mother.press("Bắt đầu khai")
    mother.follow("Khai tiếp")
    # One digit short: said beside the field, nothing typed is lost.
    mother.fill(
        requester_name="Lê Thị Sen",
        requester_id="00143100012",
        requester_phone="0912000055",
        requester_address="12 Hàng Bạc, phường Hoàn Kiếm",
        requester_relation="mẹ",
    )
    mother.press("Lưu và tiếp tục")
    assert mother.page.locator(".errors a").get_attribute("href") == "#id_requester_id"
    assert mother.page.get_by_label("Quan hệ với trẻ").input_value() == "mẹ"
    mother.fill(requester_id="001431000122")
    mother.press("Lưu và tiếp tục")
    mother.fill(child_name="Nguyễn Gia An")
    mother.press("Lưu, khai sau")
    draft = code_on(mother, DRAFT_CODE)
    mother.close()

    mother = browsing.visitor(width=PHONE)
    mother.visit("/nop-ho-so/tiep-tuc/")
    mother.page.get_by_label("Mã tờ khai").fill(draft.lower().replace("-", " "))
    mother.press("Mở tờ khai")
    mother.follow("Khai tiếp")
    assert mother.page.locator("[name=child_name]").input_value() == "Nguyễn Gia An"
    mother.fill(
        child_sex="female",
        child_born_on_d="28",
        child_born_on_m="9",
        child_born_on_y="2026",
        child_ethnicity="Kinh",
        child_birthplace="Bệnh viện Phụ sản Hà Nội",
        child_nationality="Việt Nam",
        child_hometown="Hà Nội",
    )
    mother.press("Lưu và tiếp tục")
    mother.fill(mother_name="Lê Thị Sen")
    mother.press("Lưu và tiếp tục")
    mother.press("Lưu và tiếp tục")
    mother.fill(parents_married="yes")
    mother.press("Lưu và tiếp tục")
    mother.fill(result_form="both", extract_copies="2")
    mother.press("Lưu và tiếp tục")
    # A file that cannot be taken is said beside its paper; the good one goes up.
    choose_file(mother, "files-birth_certificate", "giay-chung-sinh.exe", b"MZ" + bytes(400))
    mother.press("Lưu và tiếp tục")
    assert "giay-chung-sinh.exe" in mother.page.locator(".field--bad .error").inner_text()
    choose_file(mother, "files-birth_certificate", "giấy chứng sinh.pdf", pdf("Giay chung sinh"))
    mother.press("Lưu và tiếp tục")
    mother.press("Lưu và tiếp tục")
    mother.fill(return_by="electronic")
    mother.press("Lưu và tiếp tục")
    mother.page.get_by_label("Tôi cam đoan").check()
    mother.press("Nộp hồ sơ")
    mother.sees("Đã nộp hồ sơ cho Phường Hoàn Kiếm", "Đăng ký khai sinh")
    submission = code_on(mother, SUBMISSION_CODE)
    mother.follow("Xem hồ sơ đang ở đâu")
    mother.sees("Nơi nhận trả lời trong 8 giờ làm việc", "Trả lời trước 07/10/2026 09:00")
    mother.close()

    lan = staff("lan")
    lan.visit("/can-bo/")
    lan.sees(submission, "Lê Thị Sen", "Mới đăng ký")
    case = find_case(lan, submission)
    do(lan, case, "Tiếp nhận")
    code = code_on(lan)
    lan.sees("Hẹn 06/10/2026 17:00")
    do(lan, case, "Chuyển xử lý", to_person="Nguyễn Văn Toàn")
    toan = staff("toan")
    do(
        toan,
        case,
        "Yêu cầu bổ sung",
        items="Giấy chứng sinh chụp lại, đủ bốn góc",
        reason="Ảnh hiện nay bị lóa ở dòng ngày sinh.",
    )
    toan.sees("Yêu cầu bổ sung giấy tờ", "Đang dừng")

    # The next day, on another phone, with the code from the letter.
    clock.move_to(MONDAY + timedelta(days=2, hours=1))
    run_jobs()
    mother = browsing.visitor(width=PHONE)
    mother.visit("/tra-cuu/")
    mother.page.get_by_label("Mã hồ sơ").fill(code.lower().replace("-", " "))
    mother.press("Tra cứu")
    mother.sees("Bạn cần bổ sung hồ sơ", "Đang chờ bạn bổ sung, đồng hồ dừng")
    assert "bị lóa" not in mother.page.content()
    mother.page.get_by_label("Bốn số cuối").fill("0055")
    mother.press("Xem chi tiết")
    mother.sees("Giấy chứng sinh chụp lại, đủ bốn góc", "Ảnh hiện nay bị lóa ở dòng ngày sinh.", "Lê Thị S•••")
    mother.follow("Bổ sung")
    choose_file(mother, "files-birth_certificate", "chụp lại.png", png(600, 800))
    mother.press("Gửi phần bổ sung")
    # Paused with seven hours left of the day before; they run on from ten o'clock.
    mother.sees("Đã gửi phần bổ sung. Hồ sơ chạy tiếp.", "Hẹn trả từ 06/10/2026 17:00 thành 08/10/2026 09:00.")

    toan = staff("toan")
    do(toan, case, "Đính kèm dự thảo kết quả", file=("giay-khai-sinh.pdf", pdf("Giay khai sinh")))
    do(toan, case, "Trình soát dự thảo")
    do(staff("hanh"), case, "Ký kết quả", paper_reason="Ký tay để thử")
    do(staff("thu"), case, "Vào sổ, phát hành")
    mother.page.reload()
    mother.sees("Đã có kết quả", "Xong đúng hạn", "Phó Chủ tịch")
    assert "Giay khai sinh" in text_of(download(mother, "Tải kết quả"))
    do(staff("lan"), case, "Trả kết quả")

    mother.visit(f"/tra-cuu/{code}/")
    mother.follow("Đánh giá")
    mother.fill(level="5", comment="Nhanh, dễ hiểu")
    mother.page.get_by_label("Hướng dẫn").check()
    mother.press("Gửi đánh giá")
    mother.sees("Cảm ơn bạn đã đánh giá.", "Bạn đã đánh giá: Rất hài lòng")

    # Owner and officer read one history: what is the house's own affair left out.
    staff("lan").visit(case)
    officers = history_on(staff("lan"), "#dien-bien ~ .line > li, section[aria-labelledby=dien-bien] .line > li")[::-1]
    own_affairs = {str(kind.label) for kind in KINDS.values() if not kind.public}
    owners = history_on(mother, "section[aria-labelledby=dien] .line > li")
    assert owners == [line for line in officers if line[0] not in own_affairs]
    assert [title for title, _at in owners] == [
        "Đã nộp trực tuyến",
        "Đã tiếp nhận",
        "Đã chuyển sang bước “Thẩm tra, lập Giấy khai sinh, lấy số định danh cá nhân”",
        "Yêu cầu bổ sung, đồng hồ dừng",
        "Đã bổ sung, chạy tiếp",
        "Đã chuyển sang bước “Lãnh đạo Ủy ban nhân dân ký Giấy khai sinh”",
        "Đã ký kết quả",
        "Đã chuyển sang bước “Vào Sổ hộ tịch, lấy số, đóng dấu”",
        "Đã có kết quả",
        "Đã trả kết quả",
        "Đã đánh giá",
    ]

    run_jobs()
    office = staff("quantri")
    office.visit("/quan-tri/tin-gui/?q=0912000055")
    office.sees(
        f"Đã gửi hồ sơ {code}",
        f"Đã nhận hồ sơ {code}, hẹn trả 06/10/2026 17:00",
        f"Hồ sơ {code} cần bổ sung",
        f"Hồ sơ {code}: hẹn trả mới 08/10/2026 09:00",
        f"Hồ sơ {code} đã có kết quả",
        f"Hồ sơ {code} đã trả kết quả",
        "Lưu tại đây",
    )
    assert "Lê Thị Sen" not in office.page.content()


def test_withdrawn_stopped_and_put_off_with_an_apology(browsing, staff, clock, run_jobs):
    clock.move_to(MONDAY + timedelta(days=3))
    owner = browsing.visitor(width=PHONE)

    leaving = received(
        COPY,
        name="Đặng Văn Rút",
        phone="0912000061",
        at=clock.now(),
        papers=("original",),
        quantities={"pages": 1, "copies": 1},
    )
    owner.visit(f"/tra-cuu/{leaving.code}/")
    owner.fill(secret="0061")
    owner.press("Xem chi tiết")
    owner.follow("Rút hồ sơ")
    owner.sees("Không hoàn tác được")
    owner.fill(reason="Tôi đã có bản sao khác")
    owner.press("Rút hồ sơ")
    owner.sees("Bạn đã rút hồ sơ này", "Đã rút hồ sơ", "Lý do: Tôi đã có bản sao khác")
    staff("lan").visit(f"/can-bo/ho-so/{leaving.pk}/")
    staff("lan").sees("Công dân yêu cầu rút hồ sơ", "Không còn việc nào với hồ sơ này.")

    stopping = received(SINGLE, name="Bùi Thị Dừng", phone="0912000062", at=clock.now())
    do(
        staff("hanh"),
        f"/can-bo/ho-so/{stopping.pk}/",
        "Dừng giải quyết…",
        button="Dừng giải quyết",
        reason="Người yêu cầu đã có xác nhận còn hạn",
    )
    staff("hanh").sees("Đã dừng giải quyết.", "Dừng xử lý")
    owner.visit(f"/tra-cuu/{stopping.code}/")
    owner.sees("Nơi giải quyết đã dừng hồ sơ", "Dừng xử lý")
    owner.fill(secret="0062")
    owner.press("Xem chi tiết")
    owner.sees("Lý do: Người yêu cầu đã có xác nhận còn hạn")

    late = received(SINGLE, name="Hồ Văn Trễ", phone="0912000063", at=clock.now())
    case = f"/can-bo/ho-so/{late.pk}/"
    do(staff("lan"), case, "Chuyển xử lý")
    clock.move_to(MONDAY + timedelta(days=8))
    do(staff("viet"), case, "Xin lỗi và hẹn lại", day="15/10/2026", reason="Nơi thường trú cũ chưa trả lời xác minh")
    staff("viet").sees("Đã hẹn lại", "Hẹn lại 15/10/2026 17:00", "Đã hẹn lại một lần.")
    owner.visit(f"/tra-cuu/{late.code}/")
    owner.sees("Hẹn lại 15/10/2026 17:00")
    owner.fill(secret="0063")
    owner.press("Xem chi tiết")
    owner.sees("Nơi thường trú cũ chưa trả lời xác minh")
    apology = text_of(owner.fetch(owner.page.get_by_role("link", name="xin lỗi").get_attribute("href")))
    assert "PHIẾU XIN LỖI" in apology
    assert "15/10/2026" in apology

    clock.move_to(MONDAY + timedelta(days=9))
    do(staff("viet"), case, "Phân công", to_person="Nguyễn Văn Toàn")
    do(staff("toan"), case, "Đính kèm dự thảo kết quả", file=("xac-nhan.pdf", pdf("Xac nhan")))
    do(staff("toan"), case, "Trình soát dự thảo")
    do(staff("viet"), case, "Trả lại bước trước", reason="Thiếu ngày sinh")
    do(staff("toan"), case, "Thay dự thảo kết quả", file=("xac-nhan-2.pdf", pdf("Xac nhan, co ngay sinh")))
    do(staff("toan"), case, "Trình soát dự thảo")
    do(staff("viet"), case, "Trình ký")
    do(staff("hanh"), case, "Ký kết quả", paper_reason="Ký tay để thử")
    do(staff("thu"), case, "Vào sổ, phát hành")
    # An apology never makes it on time; what officers hand back among themselves is not the owner's news.
    staff("lan").visit(case)
    staff("lan").sees("Xong, trễ", "Đã trả lại bước", "Thiếu ngày sinh")
    owner.visit(f"/tra-cuu/{late.code}/")
    owner.fill(secret="0063")
    owner.press("Xem chi tiết")
    owner.sees("Đã có kết quả", "trễ hạn")
    assert "Thiếu ngày sinh" not in owner.page.content()
    run_jobs()


def test_the_details_stay_closed_to_other_wards_and_to_wrong_digits(browsing, staff, clock):
    clock.move_to(MONDAY + timedelta(days=10))
    dossier = received(
        COPY, name="Ngô Thị Kín", phone="0912000064", at=clock.now(), papers=("original",), quantities={"pages": 1, "copies": 1}
    )
    elsewhere = staff("lan.badinh")
    elsewhere.visit(f"/can-bo/ho-so/{dossier.pk}/", status=404)
    elsewhere.sees("Không tìm thấy")
    elsewhere.visit(f"/can-bo/ho-so/{dossier.pk}/viec/rut/", status=404)
    elsewhere.visit("/can-bo/tim/")
    elsewhere.page.get_by_role("main").get_by_role("searchbox").fill("Ngo Thi Kin")
    elsewhere.press("Tìm")
    assert "Ngô Thị Kín" not in elsewhere.page.content()

    stranger = browsing.visitor(width=PHONE)
    stranger.visit(f"/tra-cuu/{dossier.code}/")
    stranger.sees("Được tiếp nhận", "Hẹn trả")
    assert "Ngô" not in stranger.page.content()
    for digits in ("0000", "1234", "12", "9999", "0912"):
        stranger.fill(secret=digits)
        stranger.press("Xem chi tiết")
        stranger.sees("Bốn số cuối không khớp với số định danh hoặc số điện thoại trong hồ sơ.")
    stranger.fill(secret="0064")
    stranger.press("Xem chi tiết")
    stranger.sees("Đã nhập sai nhiều lần. Hãy chờ một giờ rồi thử lại")
    assert "Ngô" not in stranger.page.content()
    clock.move(hours=1, minutes=1)
    stranger.fill(secret="0064")
    stranger.press("Xem chi tiết")
    stranger.sees("Ngô Thị K•••")


def test_without_scripts_a_person_finds_files_and_follows(browsing, clock):
    clock.move_to(MONDAY + timedelta(days=11))
    person = browsing.visitor(width=PHONE, java_script_enabled=False)
    person.visit("/")
    person.page.get_by_label("Tên thủ tục hoặc giấy tờ bạn cần").fill("chung thuc ban sao")
    person.press("Tìm thủ tục")
    with person.page.expect_navigation():
        person.page.locator(f"main a[href*='{COPY}']").first.click()
    person.follow("Bắt đầu khai")
    person.fill(unit=LAN_S_WARD)
    person.press("Bắt đầu khai")
    person.follow("Khai tiếp")
    person.fill(requester_name="Vũ Thị Mai", requester_phone="0912000065")
    person.press("Lưu và tiếp tục")
    person.fill(**{"papers-0-kind": "Văn bằng", "papers-0-pages": "3", "papers-0-copies": "2"})
    person.press("Thêm một dòng")
    person.fill(**{"papers-1-kind": "Giấy tờ tùy thân", "papers-1-pages": "1", "papers-1-copies": "1"})
    person.press("Lưu và tiếp tục")
    person.press("Lưu và tiếp tục")
    person.press("Lưu và tiếp tục")
    person.fill(return_by="counter")
    person.press("Lưu và tiếp tục")
    person.sees("12.000 đồng")
    person.press("Nộp hồ sơ")
    person.sees("Hãy đọc câu cam đoan rồi đánh dấu vào ô.")
    person.page.get_by_label("Tôi cam đoan").check()
    person.press("Nộp hồ sơ")
    code = code_on(person, SUBMISSION_CODE)
    person.close()

    person = browsing.visitor(width=PHONE, java_script_enabled=False)
    person.visit("/tra-cuu/")
    person.fill(ma=code)
    person.press("Tra cứu")
    person.fill(secret="0065")
    person.press("Xem chi tiết")
    person.sees("Đã nộp trực tuyến", "Vũ Thị M•••")


def test_filed_at_another_ward_the_paper_travels_with_its_slip(browsing, staff, clock):
    tomorrow = clock.now().astimezone(MONDAY.tzinfo) + timedelta(days=1)
    clock.move_to(tomorrow.replace(hour=9, minute=30, second=0))
    lan = staff("lan")
    page = lan.visit("/can-bo/tiep-nhan/?thu-tuc=1.001193")
    lan.sees("Nộp được ở mọi nơi trong thành phố")
    lan.fill(**{"how-birth_certificate": "Quét"})
    lan.fill(resolving_unit="Phường Ba Đình", name="Đỗ Thị Xa", phone="0912000123", address="Phường Ba Đình, Hà Nội")
    with page.expect_navigation():
        page.keyboard.press("F9")
    lan.look()
    code = code_on(lan)
    assert not code.startswith("H26.107-")  # the resolver's
    case = page.url.split("?")[0]
    do(lan, case, "Chuyển xử lý")
    lan.sees("Còn giấy tờ chưa quét")
    lan.visit(case)
    with page.expect_navigation():
        page.locator("a[href*='/so-hoa/quet/']").first.click()
    lan.fill(pages="1")
    choose_file(lan, "file", "giay-chung-sinh.pdf", pdf("Giay chung sinh"))
    lan.press("Nhận bản quét")
    do(lan, case, "Chuyển xử lý")
    lan.visit("/can-bo/giao-nhan/")
    lan.sees(code, "Đến Phường Ba Đình")
    form = page.locator("form", has=page.locator("tr", has_text=code))
    with page.expect_navigation():
        form.get_by_role("button", name="Lập phiếu bàn giao").click()
    lan.look()
    lan.sees("Phiếu bàn giao", code)
    slip = re.search(r"GN-\w{4}-\w{4}", page.locator("main").inner_text())[0]
    assert slip in text_of(lan.fetch(page.get_by_role("link", name="In phiếu").get_attribute("href")))

    other = browsing.visitor(width=PHONE)
    other.visit("/tai-khoan/dang-nhap/")
    other.fill(login="lan.badinh@demo.thongsuot.vn", password=PASSWORD)
    other.press("Đăng nhập")
    other.visit("/can-bo/giao-nhan/")
    other.fill(ma=slip)
    other.press("Mở phiếu")
    other.sees("Ký nhận cả phiếu", code)
    other.press("Ký nhận cả phiếu")
    other.sees("Đã ký nhận")
    lan.visit(case)
    lan.sees("Đã nhận hồ sơ giấy")
