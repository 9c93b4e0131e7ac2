"""Facts for every form: a real-looking day at the counter of phường Hoàn Kiếm. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from thongsuot.dossiers.printing import facts as f
from thongsuot.kernel.working_time import VIET_NAM

LOOK_UP = "https://thongsuot.example/tra-cuu/?ma=H26.107-261120-0011"


def at(text: str) -> datetime:
    return datetime.strptime(text, "%H:%M %d/%m/%Y").replace(tzinfo=VIET_NAM)


HOAN_KIEM = f.Agency(
    above="Ủy ban nhân dân phường Hoàn Kiếm",
    name="Trung tâm Phục vụ hành chính công",
    place="Hoàn Kiếm",
    address="126 phố Hàng Trống",
    phone="024 3825 0000",
)
CASE = f.Case(
    code="H26.107-261120-0011",
    procedure_name="Đăng ký khai sinh",
    procedure_code="1.001193",
    look_up_url=LOOK_UP,
)
SUBMITTED = f.Case(
    submission_code="NOP-7F3K2M",
    procedure_name="Đăng ký khai sinh",
    procedure_code="1.001193",
    look_up_url="https://thongsuot.example/tra-cuu/?ma=NOP-7F3K2M",
)
MINH = f.Applicant(
    owner_name="Nguyễn Đức Minh",
    id_number="001499000077",
    address="Số 12, ngõ 8, phố Hàng Bạc, phường Hoàn Kiếm, Hà Nội",
    phone="0912 000 048",
    email="minh@thongsuot.example",
)
PAPERS = (
    f.Paper(name="Tờ khai đăng ký khai sinh", originals=1),
    f.Paper(name="Giấy chứng sinh", electronic=1, note="Đã tra trong cơ sở dữ liệu"),
    f.Paper(name="Giấy chứng nhận kết hôn của cha, mẹ", copies=1),
)
LAN = f.Signer(post="Người tiếp nhận hồ sơ", name="Trần Thị Lan")
HANH = f.Signer(post="TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch", name="Lê Thị Hồng Hạnh")
RECEIVED, DUE = at("15:04 20/11/2026"), at("17:00 23/11/2026")

LEGS = (
    f.LegLine(
        body="Chi nhánh Văn phòng đăng ký đất đai Hoàn Kiếm",
        handed_over_at=at("08:05 23/11/2026"),
        limit="2 giờ làm việc",
        due_at=at("10:05 23/11/2026"),
        taken_at=at("08:20 23/11/2026"),
        taken_by="Ngô Văn Địa",
        given_back_at=at("11:05 23/11/2026"),
        pace=f.Pace.LATE,
        late="1 giờ làm việc",
    ),
    f.LegLine(
        body="Thuế cơ sở 1",
        handed_over_at=at("11:05 23/11/2026"),
        limit="4 giờ làm việc",
        due_at=at("16:05 23/11/2026"),
    ),
)
"""Two agencies' turns: the first was late, the second has it now."""


def facts_for(meaning: f.Meaning, **changes: object) -> f.Facts:
    """The facts of one form, with some of them changed."""
    made: f.Facts = _MAKERS[meaning]()
    return replace(made, **changes)


def _receipt() -> f.ReceiptFacts:
    return f.ReceiptFacts(
        agency=HOAN_KIEM,
        made_at=RECEIVED,
        number="0011/TNHS-TTPVHCC",
        case=CASE,
        applicant=MINH,
        papers=PAPERS,
        time_limit="Trong ngày; nhận sau 15:00 thì trả trong ngày làm việc tiếp theo",
        received_at=RECEIVED,
        due_at=DUE,
        return_place="Điểm phục vụ hành chính công phường Hoàn Kiếm, 126 phố Hàng Trống",
        return_by="Bản điện tử, kèm bản giấy tại quầy",
        officer=LAN,
        charges=(
            f.Charge(name="Lệ phí hộ tịch", amount_dong=0),
            f.Charge(name="Bản sao trích lục, 3 bản", amount_dong=24_000, paid=True),
        ),
    )


def _supplement() -> f.SupplementFacts:
    return f.SupplementFacts(
        agency=HOAN_KIEM,
        made_at=at("09:10 23/11/2026"),
        number="0004/BSHS-TTPVHCC",
        case=CASE,
        applicant=MINH,
        points=(
            f.Lacking(what="Giấy chứng sinh", why="Ảnh đã gửi bị lóa ở phần ngày sinh. Cần ảnh chụp lại, đủ bốn góc."),
            f.Lacking(what="Tờ khai, mục họ tên mẹ", why="Khác với giấy chứng nhận kết hôn: thiếu chữ đệm."),
        ),
        guidance="Mở trang tra cứu của hồ sơ và gửi ảnh mới, hoặc mang giấy đến quầy số 2.",
        until=at("17:00 23/12/2026"),
        officer=f.Signer(post="Người hướng dẫn", name="Trần Thị Lan"),
    )


def _refusal() -> f.RefusalFacts:
    return f.RefusalFacts(
        agency=HOAN_KIEM,
        made_at=at("10:20 05/01/2026"),
        number="0002/TCHS-TTPVHCC",
        case=SUBMITTED,
        applicant=MINH,
        reasons=(
            "Việc khai sinh này đã được đăng ký ngày 04/01/2026 tại phường Cửa Nam.",
            "Người nộp không phải cha, mẹ hoặc người được ủy quyền của trẻ.",
        ),
        basis="Điều 15 Luật Hộ tịch 2014",
        guidance="Xin cấp bản sao trích lục (2.000635) tại bất kỳ điểm phục vụ nào trong thành phố.",
        officer=LAN,
    )


def _apology() -> f.ApologyFacts:
    return f.ApologyFacts(
        agency=HOAN_KIEM,
        made_at=at("16:00 20/11/2026"),
        number="0001/XLHL-TTPVHCC",
        case=CASE,
        applicant=MINH,
        received_at=at("08:15 16/11/2026"),
        due_at=at("17:00 23/11/2026"),
        new_due_at=at("17:00 26/11/2026"),
        reason="chưa nhận được xác minh nơi cư trú từ cơ quan công an.",
        return_place="quầy số 2, 126 phố Hàng Trống",
        signer=HANH,
        responsible="Phòng Văn hóa - Xã hội",
    )


def _control_slip() -> f.ControlSlipFacts:
    steps = [
        (
            "Chuyển hồ sơ",
            "Trần Thị Lan, quầy 2",
            "Văn phòng HĐND và UBND",
            "15:04 20/11/2026",
            "08:30 23/11/2026",
            "08:05 23/11/2026",
            f.Pace.EARLY,
            "",
        ),
        (
            "Phân công",
            "Phạm Quốc Toản, Chánh Văn phòng",
            "Vũ Ngọc Diệp, chuyên viên",
            "08:05 23/11/2026",
            "09:30 23/11/2026",
            "09:30 23/11/2026",
            f.Pace.ON_TIME,
            "",
        ),
        (
            "Thẩm định",
            "Vũ Ngọc Diệp, chuyên viên",
            "Lê Thị Hồng Hạnh, Phó Chủ tịch",
            "09:30 23/11/2026",
            "14:00 23/11/2026",
            "15:10 23/11/2026",
            f.Pace.LATE,
            "Chờ xác minh nơi cư trú",
        ),
        ("Ký", "Lê Thị Hồng Hạnh, Phó Chủ tịch", "Văn thư", "15:10 23/11/2026", "16:00 23/11/2026", None, None, ""),
    ]
    return f.ControlSlipFacts(
        agency=HOAN_KIEM,
        made_at=RECEIVED,
        number="0011/KSHS",
        case=CASE,
        applicant=MINH,
        received_at=RECEIVED,
        due_at=DUE,
        hand_overs=tuple(
            f.HandOver(
                step=step,
                giver=giver,
                receiver=receiver,
                received_at=at(received),
                due_at=at(due),
                handed_at=at(handed) if handed else None,
                pace=pace,
                note=note,
            )
            for step, giver, receiver, received, due, handed, pace, note in steps
        ),
        paused=("Chờ bổ sung: 09:10 23/11/2026 đến 14:00 24/11/2026",),
    )


def _logbook() -> f.LogbookFacts:
    row = f.LogbookRow(
        code=CASE.code,
        procedure_name="Chứng thực bản sao từ bản chính giấy tờ, văn bản",
        owner_name=MINH.owner_name,
        contact=f"{MINH.address}; {MINH.phone}",
        resolving_body="UBND phường Hoàn Kiếm",
        received_at=RECEIVED,
        due_at=DUE,
        passed_at=RECEIVED,
        resolved_at=at("14:12 23/11/2026"),
        returned_at=at("15:30 23/11/2026"),
        returned_by="Tại quầy",
    )
    return f.LogbookFacts(
        agency=HOAN_KIEM,
        made_at=at("17:30 30/11/2026"),
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        rows=tuple(replace(row, code=f"H26.107-261120-{number:04}") for number in range(1, 31)),
        head=f.Signer(post="Giám đốc Trung tâm", name="Ngô Thanh Hương"),
    )


def _stop() -> f.StopFacts:
    return f.StopFacts(
        agency=HOAN_KIEM,
        made_at=at("10:00 25/11/2026"),
        number="07/TB-TTPVHCC",
        case=CASE,
        applicant=MINH,
        kind=f.StopKind.WITHDRAWN,
        received_at=RECEIVED,
        asked_at=at("09:40 25/11/2026"),
        reason="Người nộp cần sửa họ tên của con trước khi đăng ký.",
        basis="Điều 21 Nghị định 118/2025/NĐ-CP",
        papers_back="trả lại 1 tờ khai và 1 bản sao tại quầy số 2.",
        charges_note="24.000 đồng đã nộp được hoàn lại tại quầy.",
        signer=HANH,
    )


def _submission() -> f.SubmissionFacts:
    return f.SubmissionFacts(
        agency=HOAN_KIEM,
        made_at=at("21:40 19/11/2026"),
        case=SUBMITTED,
        applicant=MINH,
        papers=PAPERS,
        submitted_at=at("21:40 19/11/2026"),
        answer_due_at=at("17:00 20/11/2026"),
    )


def _carriage() -> f.CarriageFacts:
    return f.CarriageFacts(
        agency=HOAN_KIEM,
        made_at=RECEIVED,
        number="0003/2026",
        code="GN-7H4P-22KM",
        scan_url="https://motcua.vidu.vn/can-bo/giao-nhan/?ma=GN-7H4P-22KM",
        from_name="Phường Hoàn Kiếm",
        to_name="Phường Ba Đình",
        sent_at=RECEIVED,
        carrier="Xe công vụ",
        rows=tuple(
            f.CarriedRow(
                code=f"H26.107-261120-{number:04}",
                what="Hồ sơ giấy",
                papers=(f.Paper(name="Giấy chứng sinh", originals=1), f.Paper(name="Bản sao hộ chiếu", copies=2)),
                originals=1,
                copies=2,
            )
            for number in range(1, 13)
        ),
        giver=f.Signer(post="Bên giao", name="Nguyễn Thị Lan"),
    )


_MAKERS = {
    f.Meaning.RECEIPT: _receipt,
    f.Meaning.SUPPLEMENT: _supplement,
    f.Meaning.REFUSAL: _refusal,
    f.Meaning.APOLOGY: _apology,
    f.Meaning.CONTROL_SLIP: _control_slip,
    f.Meaning.LOGBOOK: _logbook,
    f.Meaning.STOP_NOTICE: _stop,
    f.Meaning.SUBMISSION_SLIP: _submission,
    f.Meaning.CARRIAGE_SLIP: _carriage,
}
