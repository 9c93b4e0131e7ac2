"""What may be refused at the hotline: what happened, what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson


class NoticeForged(TellPerson):
    code = "hotline.notice_forged"
    status = 403
    says = _("Chữ ký của tin báo không đúng. Không có gì được ghi nhận.")


class NoticeLate(TellPerson):
    code = "hotline.notice_late"
    status = 403
    says = _("Tin báo được ký quá lâu trước khi đến. Hãy ký lại và gửi lại; không có gì được ghi nhận.")


class NoticeReplayed(TellPerson):
    code = "hotline.notice_replayed"
    says = _("Tin báo này đã đến trước đó. Lần gửi lại cần số dùng một lần khác; không có gì được ghi nhận.")


class NoticeUnreadable(TellPerson):
    code = "hotline.notice_unreadable"
    status = 422
    says = _("Tin báo không đọc được theo mẫu. Không có gì được ghi nhận.")


class NoticeTooLong(NoticeUnreadable):
    code = "hotline.notice_too_long"
    status = 413


class UnknownLine(TellPerson):
    code = "hotline.unknown_line"
    status = 404
    says = _("Không có đường dây nào mang mã này. Hãy khai báo đường dây ở trang quản trị tổng đài rồi gửi lại.")


class CallTaken(TellPerson):
    code = "hotline.call_taken"
    says = _("%(name)s đã nhận cuộc gọi này. Hãy nhận cuộc gọi khác đang chờ.")

    def __init__(self, name: str) -> None:
        self.name = name


class CallOver(TellPerson):
    code = "hotline.call_over"
    says = _("Cuộc gọi đã kết thúc. Nếu người gọi để lại số, hãy gọi lại từ danh sách cần gọi lại.")


class CallNotYours(TellPerson):
    code = "hotline.call_not_yours"
    status = 403
    says = _("Cuộc gọi này của tổng đài viên khác. Chỉ người nhận cuộc gọi làm được việc này.")


class CallStillOpen(TellPerson):
    code = "hotline.call_still_open"
    says = _("Bạn còn một cuộc gọi chưa xong. Hãy ghi kết quả cuộc gọi ấy trước.")


class CallConcluded(TellPerson):
    code = "hotline.call_concluded"
    says = _("Cuộc gọi này đã có kết quả. Tải lại trang để xem; kết quả sai thì chọn Sửa kết quả và ghi lý do.")


class CallNotAnswered(TellPerson):
    code = "hotline.call_not_answered"
    says = _("Cuộc gọi chưa nối đến máy của bạn. Hãy nhấc máy, hoặc bấm Không kết nối được để người khác nhận.")


class NothingToCorrect(TellPerson):
    code = "hotline.nothing_to_correct"
    says = _("Cuộc gọi này chưa có kết quả do người ghi nên chưa có gì để sửa. Hãy ghi kết quả ở trang cuộc gọi.")


class TicketStays(TellPerson):
    code = "hotline.ticket_stays"
    says = _("Cuộc gọi đã lập phiếu. Phiếu sai thì sửa hoặc từ chối ở trang phản ánh; tại đây chỉ sửa được lĩnh vực, mức khẩn.")


class CallNotLive(TellPerson):
    code = "hotline.call_not_live"
    says = _("Cuộc gọi không còn nối máy nên không chuyển được. Hãy ghi kết quả, hoặc ghi việc gọi lại.")


class CallStillOn(TellPerson):
    code = "hotline.call_still_on"
    says = _("Tổng đài báo cuộc gọi vẫn đang nối máy. Hãy kết thúc cuộc gọi trên máy điện thoại trước.")


class NotAtLine(TellPerson):
    code = "hotline.not_at_line"
    says = _("Bạn chưa vào bàn trực của đường dây. Hãy mở trang Tổng đài và chọn máy lẻ.")


class NotReady(TellPerson):
    code = "hotline.not_ready"
    says = _("Bạn đang tạm nghỉ hoặc đang hoàn tất cuộc gọi trước. Hãy bấm Sẵn sàng rồi nhận cuộc gọi.")


class SeatTaken(TellPerson):
    code = "hotline.seat_taken"
    says = _("%(name)s đang ngồi máy lẻ %(extension)s. Hãy chọn máy khác, hoặc nhờ người ấy rời bàn trực.")

    def __init__(self, name: str, extension: str) -> None:
        self.name, self.extension = name, extension


class OperatorBusy(TellPerson):
    code = "hotline.operator_busy"
    says = _("Tổng đài viên được chọn không sẵn sàng. Hãy chọn người khác.")


class NoNumberOfUnit(TellPerson):
    code = "hotline.no_number_of_unit"
    says = _("Đơn vị này chưa có số điện thoại của điểm phục vụ. Hãy lập phiếu phản ánh để chuyển đơn vị.")


class TransferUnderWay(TellPerson):
    code = "hotline.transfer_under_way"
    says = _("Cuộc gọi đang được chuyển, tổng đài chưa xác nhận. Hãy đợi, hoặc bấm Không ai nhấc máy rồi chuyển lại.")


class TransferOver(TellPerson):
    code = "hotline.transfer_over"
    says = _("Lần chuyển máy này đã có kết quả khác. Tải lại trang để xem.")


class TransferLongDone(TellPerson):
    code = "hotline.transfer_long_done"
    says = _("Lần chuyển máy này đã xong từ lâu. Kết quả sai thì chọn Sửa kết quả và ghi lý do.")


class TransferRefused(TellPerson):
    code = "hotline.transfer_refused"
    says = _("Tổng đài không chuyển được cuộc gọi. Hãy đọc số %(number)s cho người gọi, hoặc chọn nơi khác.")

    def __init__(self, number: str) -> None:
        self.number = number


class ExchangeSilent(TellPerson):
    code = "hotline.exchange_silent"
    status = 503
    says = _("Tổng đài điện thoại không trả lời. Hãy thử lại sau ít phút.")


class ExchangeWontSay(TellPerson):
    code = "hotline.exchange_wont_say"
    says = _("Tổng đài không cho biết cuộc gọi đã kết thúc chưa. Hãy đợi tin báo; quá thời gian hỏi lại đã đặt thì bấm lại.")


class NoRecording(TellPerson):
    code = "hotline.no_recording"
    status = 404
    says = _("Không có bản ghi âm của cuộc gọi này, hoặc bản ghi đã hết thời hạn giữ.")


class RecordingHeld(TellPerson):
    code = "hotline.recording_held"
    says = _("Bản ghi âm này đang được giữ lại nên không xóa. Hãy thôi giữ trước nếu không còn ai cần đến.")


class RecordingGoing(TellPerson):
    code = "hotline.recording_going"
    says = _(
        "Hệ thống đang xóa bản ghi âm này ở tổng đài vì hết thời hạn giữ, không giữ lại được nữa."
        " Hãy hỏi đơn vị vận hành tổng đài."
    )


class RecordingNotHeld(TellPerson):
    code = "hotline.recording_not_held"
    says = _("Bản ghi âm này không còn được giữ lại. Tải lại trang để xem.")


class RecordingTooLong(TellPerson):
    code = "hotline.recording_too_long"
    status = 413
    says = _("Bản ghi âm nặng hơn %(most_mb)s MB là giới hạn nghe ở đây. Hãy nghe trên hệ thống tổng đài.")

    def __init__(self, most_mb: int) -> None:
        self.most_mb = most_mb


class NoNumber(TellPerson):
    code = "hotline.no_number"
    says = _("Không có số của người gọi: số ẩn hoặc đã hết thời hạn giữ. Hãy xin số liên lạc khi lập phiếu.")


class CallBackTaken(TellPerson):
    code = "hotline.call_back_taken"
    says = _("%(name)s đang gọi lại cho người này. Hãy nhận việc khác trong danh sách.")

    def __init__(self, name: str) -> None:
        self.name = name


class CallBackOver(TellPerson):
    code = "hotline.call_back_over"
    says = _("Việc gọi lại này đã xong. Tải lại danh sách để xem việc còn chờ.")


class CallBackNotTaken(TellPerson):
    code = "hotline.call_back_not_taken"
    says = _("Bạn chưa nhận việc gọi lại này, hoặc việc đã trả lại danh sách. Hãy nhận việc trước.")


class CallBackKept(TellPerson):
    code = "hotline.call_back_kept"
    status = 403
    says = _("Việc gọi lại này chỉ dành cho tổng đài viên đã nhận cuộc gọi. Hãy nhận việc khác trong danh sách.")


class OperatorInCall(TellPerson):
    code = "hotline.operator_in_call"
    says = _("%(name)s còn cuộc gọi đang nối máy. Hãy giao lại cuộc gọi ấy ở trang Việc tồn đọng, rồi cho rời bàn trực.")

    def __init__(self, name: str) -> None:
        self.name = name


class LineKnown(TellPerson):
    code = "hotline.line_known"
    says = _("Đường dây có mã này đang mở. Hãy xem lại mã, hoặc đóng đường dây cũ trước.")


class LineInUse(TellPerson):
    code = "hotline.line_in_use"
    says = _("Đường dây còn người trực hoặc còn cuộc gọi chưa xong. Hãy để mọi người rời bàn trực rồi đóng.")
