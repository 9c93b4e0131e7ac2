"""Which letters there are, and what each is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SURVEY = "survey"
# What the law does not order to be told: a person may decline it. Kind -> its name on the page of choices.
OPTIONAL: dict[str, Promise | str] = {SURVEY: _("Mời đánh giá sau khi trả kết quả")}


@dataclass(frozen=True)
class Place:
    """What stands between braces. `empty`: it may have nothing to say, and then its whole line is left out.

    `secret`: whoever reads it may act with it, so it is kept sealed until sent, and shown to nobody as anything but DOTS.
    `names`: it names a person, so no subject says it: lists show subjects, and mask names beside them.
    """

    name: str
    example: str
    empty: bool = False
    many: bool = False  # several lines
    secret: bool = False
    names: bool = False


DOTS = "••••"


# What a letter is told -> the place it fills. Instants are datetimes, sums are whole đồng, lists are lists of sentences.
_PLACES = {
    "name": Place("người nhận", "Nguyễn Đức Minh", names=True),
    "code": Place("mã hồ sơ", "H26.107-251117-0011"),
    "procedure": Place("thủ tục", "Đăng ký khai sinh"),
    "agency": Place("cơ quan", "Trung tâm Phục vụ hành chính công phường Sông"),
    "contact": Place("điện thoại", "024 3825 0000", empty=True),
    "link": Place("đường dẫn", "https://mot-cua.example.vn/tra-cuu/H26.107-251117-0011/"),
    "submitted_at": Place("lúc nộp", "17/11/2025 09:00"),
    "starts_at": Place("giờ hẹn", "20/11/2025 09:00"),
    "answer_due_at": Place("hạn trả lời", "17/11/2025 17:00"),
    "received_at": Place("lúc nhận", "17/11/2025 09:00"),
    "due_at": Place("hẹn trả", "18/11/2025 09:00"),
    "return_place": Place("nơi trả", "quầy số 2, 126 phố Bến", empty=True),
    "points": Place("điểm cần bổ sung", "1. Giấy chứng sinh: ảnh bị lóa.\n2. Tờ khai: thiếu họ tên mẹ.", many=True),
    "until": Place("bổ sung trước", "17/12/2025 09:00", empty=True),
    "duty": Place("việc phải làm", "nộp 24.000 đồng"),
    "how": Place("cách nộp", "Nộp tại quầy số 2.", empty=True),
    "old_due_at": Place("hẹn cũ", "17/11/2025 09:00"),
    "why": Place("vì sao", "Hồ sơ được xử lý tiếp sau thời gian chờ."),
    "from_unit": Place("đơn vị cũ", "Phường Bến"),
    "to_unit": Place("đơn vị mới", "Phường Sông"),
    "address": Place("địa chỉ", "126 phố Bến", empty=True),
    "due_words": Place("hẹn trả ra sao", "Hẹn trả không đổi"),
    "title": Place("chức vụ", "Chủ tịch UBND Phường Bến"),
    "work": Place("việc cần làm", "kê từng loại, đóng hộp, niêm phong, ký biên bản"),
    "reason": Place("lý do", "chờ xác minh nơi ở."),
    "reasons": Place("các lý do", "1. Đã đăng ký tại phường Đồi.\n2. Người nộp không được ủy quyền.", many=True),
    "guidance": Place("hướng dẫn", "Xin trích lục.", empty=True),
    "new_due_at": Place("hẹn mới", "20/11/2025 09:00"),
    "appointment": Place("hẹn mới và nơi trả", "20/11/2025 09:00 tại quầy số 2"),
    "fetching": Place("cách nhận", "Bản điện tử là bản gốc, tải được trên trang của hồ sơ."),
    "what": Place("thay đổi", "Kết quả đã được đính chính."),
    "number": Place("số văn bản", "08"),
    "returned_at": Place("lúc trả", "17/11/2025 09:00"),
    "papers_back": Place("nơi trả giấy tờ", "nhận lại tại quầy số 2.", empty=True),
    "step": Place("bước", "Thẩm định"),
    "ends_at": Place("hết hạn", "17/12/2025 09:00"),
    "days": Place("số ngày", "30"),
    "body": Place("nơi đang giữ", "Thuế cơ sở"),
    "asker": Place("nơi nhắc", "Phường Sông"),
    "digits": Place("mã đồng ý", "482 913", secret=True),
    "helper": Place("người giúp", "Lò Thị Mẫu (TG-2222-22), Cửa hàng Mẫu", names=True),
    "may": Place("được làm gì", "1. Khai tờ khai giúp bạn\n2. Nộp hồ sơ đứng tên bạn", many=True),
}
# What every letter is told:
#   code       the dossier's code, or the submission's before reception
#   procedure  its name
#   agency     who writes: "Trung tâm Phục vụ hành chính công phường Hoàn Kiếm"
#   contact    a telephone number to ask at; may be empty
#   link       where the reader sees more
COMMON = frozenset({"code", "procedure", "agency", "contact", "link"})
_MADE_OF = {  # places that are no fact but a turn of words made of some: what they replace
    "duty": {"amount_dong"},
    "why": {"calendar"},
    "due_words": {"due_moved"},
    "work": {"heads"},
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One letter.

    told      what it is told besides COMMON
    must      places its mail cannot do without; an SMS and Zalo say at least the first
    optional  a kind of OPTIONAL; empty: the law orders it to be told, or it belongs to an officer's work
    at_once   a code that the reader waits for: quiet hours do not hold it
    places    places that mean something else in this letter
    """

    title: Promise | str
    told: frozenset[str]
    must: tuple[str, ...] = ("code",)
    optional: str = ""
    route: str = "mail_first"
    at_once: bool = False
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def words(self) -> frozenset[str]:
        return COMMON | self.told

    @property
    def has_secrets(self) -> bool:
        return any(place.secret for place in self.all_places().values())

    def all_places(self) -> dict[str, Place]:
        """Word -> place, of all that may stand in this letter."""
        made = {new for new, old in _MADE_OF.items() if old <= self.told}
        gone = {word for new in made for word in _MADE_OF[new]}
        made |= {"appointment"} if "new_due_at" in self.told else set()
        made |= {"fetching"} if self.told == {"return_place"} else set()
        return {
            word: self.places.get(word, place)
            for word, place in _PLACES.items()
            if word == "name" or word in made or word in self.words - gone
        }


def _kind(title: Promise | str, *told: str, must: tuple[str, ...] = ("code",), **more: object) -> Kind:
    return Kind(title=title, told=frozenset(told), must=must, **more)  # type: ignore[arg-type]  # checked where it is called


def _of_feedback() -> dict[str, Kind]:
    """Letters about a ticket. code: its number; procedure: what it is about; link: opens the sender's page, so it is sealed."""
    own = {
        "code": Place("số phản ánh", "PA01-25-000123"),
        "procedure": Place("việc", "Ổ gà, mặt đường hỏng"),
        "link": Place("đường dẫn", "https://mot-cua.example.vn/phan-anh/theo-doi/kJ3v9xQ2/", secret=True),
    }
    due = Place("hạn trả lời", "20/11/2025 17:00")
    words = Place("lời của đơn vị", "Đã vá xong chỗ hỏng ngày 18/11.", many=True)
    why = Place("lý do", "Nội dung chưa rõ. Hãy ghi rõ nơi xảy ra.", many=True)
    unit = {"to_unit": Place("đơn vị xử lý", "Phường Sông")}

    def kind(title: Promise | str, *told: str, must: tuple[str, ...] = ("code",), **more: Place) -> Kind:
        return _kind(title, *told, must=must, route="both", places=own | unit | more)

    handler = {"code": own["code"], "procedure": own["procedure"], "due_at": due}
    return {
        "feedback_received": kind(_("Đã nhận phản ánh")),
        "feedback_routed": kind(
            _("Phản ánh đã chuyển đến đơn vị"), "to_unit", "due_at", must=("code", "to_unit", "due_at"), due_at=due
        ),
        "feedback_asked": kind(
            _("Phản ánh cần bổ sung"),
            "what",
            "until",
            must=("code", "what"),
            what=words,
            until=Place("trước ngày", "24/11/2025 17:00", empty=True),
        ),
        "feedback_refused": kind(_("Phản ánh không được tiếp nhận"), "reason", must=("code", "reason"), reason=why),
        # The one letter about it. number: of the line in the register there; what: until when its sender hears of it.
        "feedback_handed_over": kind(
            _("Nội dung đã chuyển tiếp công dân"),
            "to_unit",
            "number",
            "what",
            must=("code", "to_unit", "number"),
            number=Place("số lượt tiếp", "12/2025"),
            what=Place("khi nào được báo", "Bạn được báo cách xử lý chậm nhất ngày 27/11/2025."),
        ),
        "feedback_late": kind(_("Xin lỗi vì trả lời phản ánh chậm"), "to_unit", "due_at", must=("code", "due_at"), due_at=due),
        "feedback_extended": kind(
            _("Hạn trả lời phản ánh thay đổi"), "due_at", "reason", must=("code", "due_at", "reason"), due_at=due, reason=why
        ),
        "feedback_message": kind(_("Tin nhắn về phản ánh"), "what", must=("code", "what"), what=words),
        "feedback_answered": kind(
            _("Trả lời phản ánh"),
            "to_unit",
            "what",
            "until",
            must=("code", "what"),
            what=words,
            until=Place("đánh giá trước", "03/12/2025 17:00"),
        ),
        # what: the whole ticket, or pictures of it.
        "feedback_withheld": kind(
            _("Phản ánh hoặc ảnh không được công khai"),
            "what",
            "reason",
            must=("code", "reason"),
            what=Place("phần không công khai", "Phản ánh và trả lời"),
            reason=why,
        ),
        "feedback_merged": kind(
            _("Phản ánh được gộp với phản ánh cùng việc"),
            "number",
            must=("code", "number"),
            number=Place("số phản ánh chung", "PA01-25-000101"),
        ),
        "feedback_unmerged": kind(
            _("Phản ánh được tách ra giải quyết riêng"),
            "number",
            must=("code", "number"),
            number=Place("số phản ánh chung", "PA01-25-000101"),
        ),
        "feedback_reopened": kind(_("Phản ánh chung được giải quyết lại")),
        # To who wrote a letter that became no ticket: its link is the page where everybody reports. procedure: its subject.
        "feedback_mail_refused": _kind(
            _("Thư phản ánh chưa được nhận"),
            "reason",
            must=("code", "reason"),
            places={
                "code": Place("lúc nhận thư", "17/11/2025 09:00"),
                "procedure": Place("tiêu đề thư", "Ổ gà"),
                "reason": why,
            },
        ),
        # To officers.
        "feedback_rung": _kind(
            _("Nhắc việc phản ánh theo thời hạn"),
            "due_at",
            "step",
            "to_unit",
            must=("code", "due_at"),
            places=handler | unit | {"step": Place("mức nhắc", "Sắp hết hạn")},
        ),
        "feedback_step": _kind(
            _("Nhắc việc một bước của phản ánh"),
            "due_at",
            "step",
            "what",
            "to_unit",
            must=("code", "due_at", "what"),
            places=handler
            | unit
            | {
                "due_at": Place("hạn của bước", "20/11/2025 17:00"),
                "step": Place("mức nhắc", "Sắp hết hạn"),
                "what": Place("bước", "Phân loại và chuyển"),
            },
        ),
        # Letters to the mailbox of feedback wait. procedure: why; link: their list.
        "feedback_mail_held": _kind(
            _("Thư phản ánh đang chờ trong hộp thư"),
            must=("code", "procedure"),
            places={"code": Place("số thư", "12"), "procedure": Place("lý do", "Hộp thư nhận quá nhiều thư trong một giờ")},
        ),
        "feedback_urgent": _kind(_("Phản ánh khẩn mới đến đơn vị"), "due_at", must=("code", "due_at"), places=handler),
        "feedback_claimed": _kind(_("Phản ánh được báo là khẩn, cần xem"), "due_at", must=("code",), places=handler),
    }


LETTERS: dict[str, Kind] = {
    "submission_received": _kind(
        _("Hồ sơ nộp trực tuyến đã đến"), "submitted_at", "answer_due_at", must=("code", "answer_due_at")
    ),
    "received": _kind(
        _("Đã tiếp nhận, hẹn ngày trả"), "received_at", "due_at", "return_place", must=("code", "due_at"), route="both"
    ),
    "supplement_requested": _kind(_("Yêu cầu bổ sung"), "points", "until", must=("code", "points"), route="both"),
    "payment_requested": _kind(
        _("Nghĩa vụ tài chính phải thực hiện"), "amount_dong", "how", must=("code", "duty"), route="both"
    ),
    "due_moved": _kind(
        _("Ngày hẹn trả được tính lại"), "old_due_at", "due_at", "calendar", must=("code", "old_due_at", "due_at")
    ),
    "moved": _kind(
        _("Đơn vị khác giải quyết tiếp"),
        "from_unit",
        "to_unit",
        "address",
        "due_at",
        "due_moved",
        must=("code", "to_unit"),
        places={"due_at": Place("hẹn trả", "18/11/2025 09:00", empty=True)},
    ),
    "named_to_hand_over": _kind(
        _("Cử người bàn giao"),
        "title",
        "heads",
        must=("code", "work"),
        route="both",
        places={"code": Place("quyết định", "12/NQ"), "procedure": Place("đơn vị", "Phường Bến")},
    ),
    "extended": _kind(_("Kéo dài thời hạn"), "old_due_at", "due_at", "reason", must=("code", "due_at", "reason"), route="both"),
    "refused": _kind(_("Không tiếp nhận"), "reasons", "guidance", must=("code", "reasons"), route="both"),
    "apology": _kind(
        _("Xin lỗi và hẹn lại"),
        "due_at",
        "new_due_at",
        "reason",
        "return_place",
        must=("code", "new_due_at", "reason"),
        route="both",
    ),
    "result_ready": _kind(_("Đã có kết quả"), "return_place", must=("code", "fetching"), route="both"),
    "result_changed": _kind(_("Kết quả có thay đổi"), "what", "number", "reason", must=("code", "what", "reason")),
    "returned": _kind(_("Đã trả kết quả"), "returned_at", must=("code", "returned_at")),
    "rate_invited": _kind(_("Mời đánh giá"), must=("code", "link"), optional=SURVEY),
    "stopped": _kind(_("Dừng giải quyết"), "reason", "papers_back", must=("code", "reason"), route="both"),
    "withdrawn": _kind(_("Đã rút hồ sơ"), "papers_back"),
    "deadline_near": _kind(_("Nhắc người giữ hồ sơ sắp đến hạn"), "due_at", "step", must=("code", "due_at")),
    "certificate_ending": _kind(
        _("Chứng thư chữ ký số sắp hết hạn"),
        "ends_at",
        "days",
        must=("code", "ends_at"),
        places={"code": Place("số sê-ri", "5f1a09"), "procedure": Place("người giữ", "Lê Thị Hạnh", names=True)},
    ),
    # The code by which somebody lets a helper file for them; may: sentences of what the helper may do.
    "help_code": _kind(
        _("Mã đồng ý nhờ nộp giúp"),
        "digits",
        "until",
        "helper",
        "may",
        must=("digits", "until", "helper"),
        route="both",
        at_once=True,
        places={
            "code": Place("số đồng ý", "DY-2222-22"),
            "until": Place("dùng đến", "17/11/2025 09:10"),
            "link": Place("đường dẫn", "https://mot-cua.example.vn/nho-nop-giup/kJ3v.../", secret=True),
        },
    ),
    # An hour at a counter; procedure: what it was booked for; agency: where.
    "booking_called_off": _kind(
        _("Điểm phục vụ hủy giờ hẹn"),
        "starts_at",
        "reason",
        must=("code", "starts_at", "reason"),
        route="both",
        places={
            "code": Place("mã hẹn", "HEN-2222-22"),
            "procedure": Place("việc", "Chứng thực"),
            "reason": Place("lý do", "Sửa điện"),
        },
    ),
    # Who came to be heard, or takes part in an online reception; what: how it stands. It names no kind of matter.
    "reception_told": _kind(
        _("Báo người đến tiếp công dân"),
        "what",
        must=("code", "what"),
        route="both",
        places={
            "code": Place("số lượt tiếp", "12/2025"),
            "procedure": Place("việc", "Tiếp công dân"),
            "what": Place("nội dung", "Nội dung bạn trình bày đã được tiếp nhận để giải quyết."),
        },
    ),
    # To officers: an entry came from elsewhere, or is late; what: which of them. It names no kind of matter and no person.
    "reception_due": _kind(
        _("Nhắc việc tiếp công dân"),
        "what",
        "due_at",
        must=("code", "what", "due_at"),
        places={
            "code": Place("số lượt tiếp", "12/2025"),
            "procedure": Place("việc", "Tiếp công dân"),
            "what": Place("tình trạng", "vừa chuyển đến đơn vị"),
            "due_at": Place("hạn", "20/11/2025 17:00"),
        },
    ),
    # To the chair of an online reception, or who leads its unit; what: how it stands. It names no kind of matter and no person.
    "reception_session": _kind(
        _("Báo người chủ trì phiên tiếp trực tuyến"),
        "what",
        "starts_at",
        must=("code", "what", "starts_at"),
        places={
            "code": Place("số phiên", "TT-12"),
            "procedure": Place("việc", "Tiếp công dân"),
            "what": Place("tình trạng", "Biên bản đã lập, chờ bạn ký."),
            "starts_at": Place("giờ bắt đầu", "20/11/2025 14:00"),
        },
    ),
    **_of_feedback(),
    "partner_reminder": _kind(
        _("Nhắc cơ quan phối hợp"),
        "due_at",
        "body",
        "asker",
        "what",
        must=("code", "due_at"),
        places={"what": Place("việc chờ", "Chặng của cơ quan chưa xong.")},
    ),
    # To who keeps answers; points: the questions.
    "answers_to_review": _kind(
        _("Câu trả lời cần xem lại"),
        "points",
        must=("code", "points"),
        places={
            "code": Place("số câu", "2"),
            "procedure": Place("kho", "Kho câu hỏi và trả lời"),
            "points": Place("các câu", "1. Đổi con dấu ở đâu?\n2. Làm căn cước ở đâu?", many=True),
        },
    ),
}
