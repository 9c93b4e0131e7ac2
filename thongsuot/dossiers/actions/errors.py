"""Refusals of dossiers: what happened and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.models.dossier import Status
from thongsuot.kernel import text
from thongsuot.kernel.errors import NotFound, TellPerson


class MoveNotAllowed(TellPerson):
    """The dossier is no longer where the caller saw it, or its status has no such way out."""

    code = "dossiers.move_not_allowed"

    def __init__(self, status: int) -> None:
        self.status_now = status

    def message(self) -> str:
        return _(
            "Hồ sơ đang ở trạng thái “%(status)s” nên chưa làm được việc này. Hãy tải lại trang để xem bước tiếp theo."
        ) % {"status": Status(self.status_now).label}

    def details(self) -> dict[str, object]:
        return {"dossier_status": int(self.status_now)}


class IdentityLevelNeeded(TellPerson):
    """The filer is not known well enough for this procedure; the draft stays as it is."""

    code = "dossiers.identity_level_needed"
    status = 403
    says = _(
        "Nộp trực tuyến thủ tục này cần đăng nhập bằng tài khoản định danh (VNeID) mức %(level)s. Tờ khai vẫn được giữ: "
        "hãy đăng nhập bằng tài khoản định danh rồi mở lại bằng mã tờ khai, hoặc nộp tại quầy."
    )

    def __init__(self, level: int) -> None:
        self.level = level

    def details(self) -> dict[str, object]:
        return {"level": self.level}


class WrongStep(TellPerson):
    """Another step is open than the one the caller acts on."""

    code = "dossiers.wrong_step"

    def __init__(self, step_name: str) -> None:
        self.step_name = step_name

    def message(self) -> str:
        return _("Hồ sơ đang ở bước “%(step)s”. Hãy tải lại trang để xem việc cần làm.") % {"step": self.step_name}


class DossierIncomplete(TellPerson):
    code = "dossiers.incomplete"
    status = 422

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        self.missing = missing

    def message(self) -> str:
        return _("Hồ sơ còn thiếu: %(papers)s. Hãy bổ sung, hoặc ghi lý do miễn rồi nhận lại.") % {
            "papers": "; ".join(name for _code, name in self.missing)
        }

    def details(self) -> dict[str, object]:
        return {"missing": [code for code, _name in self.missing]}


class UnknownPaper(TellPerson):
    """No requirement beyond the published component list may be imposed (NĐ 118/2025/NĐ-CP, rights of the filer)."""

    code = "dossiers.unknown_paper"
    status = 422

    def __init__(self, paper_code: str) -> None:
        self.paper_code = paper_code

    def message(self) -> str:
        return _("Giấy tờ “%(code)s” không có trong thành phần hồ sơ đã công bố. Hãy bỏ giấy tờ này.") % {
            "code": self.paper_code
        }


class ChannelNotOffered(TellPerson):
    code = "dossiers.channel_not_offered"
    status = 422
    says = _("Thủ tục này chưa nhận theo cách nộp đã chọn. Hãy chọn cách nộp khác hoặc đến điểm phục vụ.")


class NotFiledHere(TellPerson):
    """Receiving and resolving unit differ, but the procedure may not be filed anywhere."""

    code = "dossiers.not_filed_here"
    status = 422
    says = _("Thủ tục này chỉ nộp tại đơn vị giải quyết. Hãy hướng dẫn người dân đến đúng đơn vị hoặc nộp trực tuyến.")


class WrongPerson(TellPerson):
    """The person chosen has no duty for this step in this unit."""

    code = "dossiers.wrong_person"
    status = 422
    says = _("Người được chọn không có nhiệm vụ này tại đơn vị. Hãy chọn người trong danh sách.")


class SupplementAlreadyRequested(TellPerson):
    code = "dossiers.supplement_already_requested"
    says = _(
        "Không thể yêu cầu bổ sung thêm, hồ sơ đã được yêu cầu %(allowed)s lần. Hãy gọi người nộp, hoặc dùng dữ liệu đã có."
    )

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed


class AlreadyReappointed(TellPerson):
    code = "dossiers.already_reappointed"
    says = _("Hồ sơ này đã hẹn lại một lần, không hẹn lại lần nữa được. Hãy giải quyết ngay và báo lãnh đạo.")


class NotExtendable(TellPerson):
    code = "dossiers.not_extendable"
    says = _("Thủ tục này không được kéo dài thời hạn. Nếu sắp trễ, hãy xin lỗi và hẹn lại ngày trả.")


class AlreadyExtended(TellPerson):
    code = "dossiers.already_extended"
    says = _("Thời hạn của hồ sơ này đã kéo dài một lần. Nếu sắp trễ, hãy xin lỗi và hẹn lại ngày trả.")


class TooLateToExtend(TellPerson):
    """A limit is made longer while it runs: afterwards the dossier is late."""

    code = "dossiers.too_late_to_extend"

    def __init__(self, due_at: datetime) -> None:
        self.due_at = due_at

    def message(self) -> str:
        return _("Hồ sơ đã quá hẹn trả %(due)s nên không kéo dài được nữa. Hãy xin lỗi và hẹn lại ngày trả.") % {
            "due": text.instant(self.due_at)
        }


class BadAppointment(TellPerson):
    code = "dossiers.bad_appointment"
    status = 422

    def __init__(self, due_at: datetime) -> None:
        self.due_at = due_at

    def message(self) -> str:
        return _("Ngày hẹn lại phải sau ngày hẹn cũ %(due)s và trong giờ làm việc. Hãy chọn lại.") % {
            "due": text.instant(self.due_at)
        }


class AlreadyDecided(TellPerson):
    """NĐ 118/2025 Điều 21: a dossier cannot be withdrawn once a decision or result notice was issued."""

    code = "dossiers.already_decided"
    says = _("Hồ sơ đã có kết quả nên không rút được nữa. Bạn nhận kết quả theo giấy hẹn.")


class CopiesNumbered(TellPerson):
    """NĐ 118/2025 Điều 21: what was decided is not stopped any more, and a certified copy is what such a dossier asks for."""

    code = "dossiers.copies_numbered"
    says = _(
        "Bản sao chứng thực của hồ sơ này đã vào sổ nên không dừng được nữa. "
        "Hãy hoàn tất và trả kết quả; bản chưa ký xong thì bỏ kèm lý do trước."
    )


class ResultNotReady(TellPerson):
    code = "dossiers.result_not_ready"
    says = _("Chưa có dự thảo kết quả. Hãy đính kèm tệp kết quả trước khi chuyển bước.")


class CopiesUnfinished(TellPerson):
    """Every original that was compared gets its copy, or is given up with a reason, before the result is signed and issued."""

    code = "dossiers.copies_unfinished"

    def __init__(self, titles: Sequence[str]) -> None:
        self.titles = list(titles)

    def message(self) -> str:
        return _("Còn bản sao chưa chứng thực xong: %(titles)s. Hãy chứng thực hoặc bỏ từng bản có lý do, rồi chuyển bước.") % {
            "titles": "; ".join(self.titles)
        }

    def details(self) -> dict[str, object]:
        return {"copies": self.titles}


class ResultSigned(TellPerson):
    code = "dossiers.result_signed"
    says = _("Kết quả đã được ký nên không thêm bản sao nữa. Hãy trả lại bước trước, rồi thêm bản sao.")


class PaperNotAllowed(TellPerson):
    """A dated setting says that results are signed digitally only."""

    code = "dossiers.paper_not_allowed"
    says = _("Kết quả phải ký số, không ký tay trên giấy được nữa. Hãy đề nghị cấp chứng thư chữ ký số.")


class NothingPicked(TellPerson):
    code = "dossiers.nothing_picked"
    status = 422
    says = _("Chưa chọn hồ sơ nào. Hãy đánh dấu các hồ sơ cần ký rồi bấm lại.")


class BatchClosed(TellPerson):
    """The time for signing with one PIN has run out, or the browser lost the key."""

    code = "dossiers.batch_closed"
    says = _("Lượt ký này đã đóng. Hãy chọn lại các hồ sơ còn chờ và nhập mã PIN.")


class OpinionsOpen(TellPerson):
    code = "dossiers.opinions_open"

    def __init__(self, open_count: int) -> None:
        self.open_count = open_count

    def message(self) -> str:
        return _("Còn %(count)s ý kiến chưa trả lời. Hãy chờ trả lời, hoặc ghi lý do chuyển bước khi chưa đủ ý kiến.") % {
            "count": self.open_count
        }


class AlreadyRated(TellPerson):
    code = "dossiers.already_rated"
    says = _("Hồ sơ này đã được đánh giá. Cảm ơn bạn.")


class NotYetRateable(TellPerson):
    code = "dossiers.not_yet_rateable"
    says = _("Bạn đánh giá được khi đã có kết quả.")


class WrongSecret(TellPerson):
    code = "dossiers.wrong_secret"
    status = 403
    says = _("Bốn số cuối không khớp với số định danh hoặc số điện thoại trong hồ sơ. Hãy xem lại và nhập lại.")


class TooManyTries(TellPerson):
    code = "dossiers.too_many_tries"
    status = 429
    says = _("Đã nhập sai nhiều lần. Hãy chờ một giờ rồi thử lại, hoặc mang giấy hẹn đến điểm phục vụ.")


class DraftNotFound(NotFound):
    code = "dossiers.draft_not_found"
    says = _("Không tìm thấy tờ khai có mã này, hoặc tờ khai đã hết hạn. Hãy xem lại mã, hoặc bắt đầu tờ khai mới.")


class FeeAlreadyPaid(TellPerson):
    code = "dossiers.fee_already_paid"
    says = _("Khoản này đã thu. Hãy xem biên lai trong hồ sơ.")


class VisitNoted(TellPerson):
    code = "dossiers.visit_noted"
    says = _("Hồ sơ này đã gắn với một số thứ tự rồi.")


class FeeNotDue(TellPerson):
    """Refused, withdrawn or stopped: there is no service to pay for."""

    code = "dossiers.fee_not_due"
    says = _("Hồ sơ đã kết thúc mà không có kết quả nên không thu khoản này. Hãy trả lại tiền cho người nộp.")


class NoticeMissing(TellPerson):
    """The step ends with a payment notice of the tax office, or with the reason why nothing is due."""

    code = "dossiers.notice_missing"
    says = _("Chưa có thông báo nộp tiền. Hãy nhập thông báo, hoặc ghi vì sao không phát sinh nghĩa vụ tài chính.")


class OnlyTheTaxOffice(TellPerson):
    """In a process with the tax leg nobody else asks for payment."""

    code = "dossiers.only_the_tax_office"
    says = _("Thủ tục này do cơ quan thuế ra thông báo nộp tiền. Hãy chuyển hồ sơ đến chặng của cơ quan thuế.")


class NoEarlierLeg(TellPerson):
    code = "dossiers.no_earlier_leg"
    says = _("Không có chặng trước để trả lại. Hãy chuyển tiếp, hoặc đề nghị đơn vị giải quyết dừng hồ sơ.")


class NotAtPartner(TellPerson):
    code = "dossiers.not_at_partner"
    says = _("Hồ sơ không còn ở cơ quan phối hợp. Hãy tải lại trang để xem hồ sơ đang ở đâu.")


class AlreadyTaken(TellPerson):
    code = "dossiers.already_taken"
    says = _("Hồ sơ này đã có người của cơ quan nhận. Hãy tải lại trang để xem ai đang giữ.")


class ProofMissing(TellPerson):
    code = "dossiers.proof_missing"
    status = 422
    says = _("Chưa có chứng từ nộp tiền. Hãy nhập số chứng từ hoặc đính kèm tệp rồi xác nhận lại.")


class NothingToSend(TellPerson):
    code = "dossiers.nothing_to_send"
    status = 422
    says = _("Có hồ sơ đã được bàn giao hoặc không gửi đến nơi này. Hãy tải lại danh sách rồi chọn lại.")


class CarriageDone(TellPerson):
    code = "dossiers.carriage_done"
    says = _("Phiếu bàn giao này đã được ký nhận. Hãy mở phiếu để xem ai nhận, lúc nào.")
