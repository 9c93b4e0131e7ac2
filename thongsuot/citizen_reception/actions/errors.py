"""What citizen reception refuses, and what to do then."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.kernel import text
from thongsuot.kernel.errors import TellPerson


class NotThatDay(TellPerson):
    code = "citizen_reception.not_that_day"
    says = gettext_lazy("Lịch này không tiếp công dân vào ngày đó. Hãy chọn một ngày có trong lịch.")


class DayIsPast(TellPerson):
    code = "citizen_reception.day_is_past"
    says = gettext_lazy("Ngày này đã qua. Hãy chọn ngày từ hôm nay trở đi.")


class DayHasEnded(TellPerson):
    code = "citizen_reception.day_has_ended"
    says = gettext_lazy("Lịch này đã thôi. Hãy ghi một lịch mới.")


class AlreadyHandled(TellPerson):
    code = "citizen_reception.already_handled"
    says = gettext_lazy("Lượt tiếp này đã có phiếu xử lý. Hãy tải lại trang để xem.")


class NotClassified(TellPerson):
    code = "citizen_reception.not_classified"
    says = gettext_lazy("Lượt tiếp này chưa phân loại. Hãy phân loại và xác định thẩm quyền trước khi lập phiếu xử lý.")


class NotAccepted(TellPerson):
    code = "citizen_reception.not_accepted"
    says = gettext_lazy("Chỉ ghi kết quả cho lượt tiếp đã tiếp nhận để giải quyết và chưa xong. Hãy xem lại tình trạng.")


class GroundsKnown(TellPerson):
    code = "citizen_reception.grounds_known"
    says = gettext_lazy("Căn cứ từ chối đã được ghi, thời hạn đang tính. Hãy lập thông báo từ chối.")


class NothingHandedIn(TellPerson):
    code = "citizen_reception.nothing_handed_in"
    says = gettext_lazy("Chưa ghi giấy tờ nào. Hãy ghi giấy tờ người đến đã đưa, rồi lập giấy biên nhận.")


class TooManyPapers(TellPerson):
    code = "citizen_reception.too_many_papers"
    says = gettext_lazy("Mỗi lượt tiếp ghi nhiều nhất %(most)s giấy tờ. Hãy ghép các trang vào một tệp.")

    def __init__(self, most: int) -> None:
        self.most = most


class VisitorKept(TellPerson):
    """Of a denunciation, by somebody who neither received it nor leads."""

    code = "citizen_reception.visitor_kept"
    status = 403
    says = gettext_lazy(
        "Người tố cáo được giữ kín: chỉ người đã tiếp và người đứng đầu xem được. Hãy hỏi người đứng đầu đơn vị."
    )


class NothingHandedOver(TellPerson):
    """It was brought here; nobody is there to have it back."""

    code = "citizen_reception.nothing_handed_over"
    says = gettext_lazy("Lượt tiếp này không phải từ phản ánh chuyển đến nên không trả về được. Hãy chọn lý do khác.")


class GiveItBack(TellPerson):
    """What was handed over as a complaint is feedback after all: it is a ticket already."""

    code = "citizen_reception.give_it_back"
    says = gettext_lazy(
        "Lượt tiếp này từ một phản ánh chuyển đến. "
        "Nếu đây chỉ là phản ánh, hãy kết thúc lượt tiếp với lý do trả về nơi đã chuyển."
    )


class SessionAhead(TellPerson):
    """Parties were invited: they must hear that it is off."""

    code = "citizen_reception.session_ahead"
    says = gettext_lazy("Lượt tiếp này còn phiên tiếp trực tuyến chưa kết thúc. Hãy hủy hoặc kết thúc phiên trước.")


class NoMoreTime(TellPerson):
    code = "citizen_reception.no_more_time"
    says = gettext_lazy("Luật cho gia hạn việc này nhiều nhất %(most)s lần. Hãy giải quyết và ghi kết quả.")

    def __init__(self, most: int) -> None:
        self.most = most


class TooLateToExtend(TellPerson):
    """Once its days are over no day that was promised is kept any more."""

    code = "citizen_reception.too_late_to_extend"
    says = gettext_lazy("Hạn giải quyết đã qua nên không gia hạn được. Hãy giải quyết và ghi kết quả.")


class NobodyReceives(TellPerson):
    """An entry there would be read by nobody."""

    code = "citizen_reception.nobody_receives"

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def message(self) -> str:
        if self.kind == ReceptionEntry.Kind.DENUNCIATION:
            return _("Ở đơn vị này không ai xem được tố cáo: người đứng đầu chưa tiếp công dân. Hãy chọn đơn vị khác.")
        return _("Đơn vị này không nhận được: chưa có ai tiếp công dân ở đó. Hãy chọn đơn vị khác.")


class TooLateToNotify(TellPerson):
    """The law's days before the session are not left."""

    code = "citizen_reception.too_late_to_notify"

    def __init__(self, *, days: int, earliest: date) -> None:
        self.days, self.earliest = days, earliest

    def message(self) -> str:
        return _(
            "Không kịp thông báo trước %(days)s ngày làm việc. Hãy dời phiên: thông báo hôm nay thì sớm nhất là %(earliest)s."
        ) % {"days": self.days, "earliest": text.day(self.earliest)}

    def details(self) -> dict[str, object]:
        return {"days": self.days, "earliest": self.earliest.isoformat()}


class NotReadyToStart(TellPerson):
    """Something of the checklist is missing or came too late."""

    code = "citizen_reception.not_ready_to_start"

    def __init__(self, title: str, missing: str) -> None:
        self.title, self.missing = title, missing

    def message(self) -> str:
        if self.missing:
            return _("Chưa bắt đầu được. Còn thiếu: %(title)s (%(missing)s).") % vars(self)
        return _("Chưa bắt đầu được. Đã làm nhưng quá hạn: %(title)s. Hãy dời phiên sang ngày khác.") % vars(self)


class TooEarlyToStart(TellPerson):
    """Before its hour, or too soon after the last line was connected."""

    code = "citizen_reception.too_early_to_start"

    def __init__(self, earliest: datetime) -> None:
        self.earliest = earliest

    def message(self) -> str:
        return _("Chưa đến lúc: phiên bắt đầu được sớm nhất lúc %(earliest)s, khi các điểm đã kết nối đủ thời gian.") % {
            "earliest": text.instant(self.earliest)
        }


class SessionNotPlanned(TellPerson):
    code = "citizen_reception.session_not_planned"
    says = gettext_lazy("Phiên này đã bắt đầu, đã kết thúc hoặc đã hủy. Hãy tải lại trang để xem.")


class SessionIsOff(TellPerson):
    code = "citizen_reception.session_is_off"
    says = gettext_lazy("Phiên này đã hủy nên không có ai chủ trì. Hãy lập phiên mới.")


class SessionNotRunning(TellPerson):
    code = "citizen_reception.session_not_running"
    says = gettext_lazy("Phiên này chưa bắt đầu hoặc đã kết thúc. Hãy tải lại trang để xem.")


class SessionNotOver(TellPerson):
    code = "citizen_reception.session_not_over"
    says = gettext_lazy("Biên bản và bản ghi được lưu khi phiên đã kết thúc. Hãy kết thúc phiên trước.")


class NothingToTell(TellPerson):
    code = "citizen_reception.nothing_to_tell"
    says = gettext_lazy("Không có bên nào chưa được thông báo. Hãy ghi bên tham gia trước.")


class MinutesAreSigned(TellPerson):
    code = "citizen_reception.minutes_are_signed"
    says = gettext_lazy("Biên bản đã ký nên không đổi được nữa.")


class SessionForgotten(TellPerson):
    code = "citizen_reception.session_forgotten"
    says = gettext_lazy(
        "Họ tên các bên đã xóa vì hết hạn giữ nên phiên này không ghi thêm gì được nữa. Hãy lập phiên mới nếu cần."
    )


class MinutesAreKept(TellPerson):
    """Who took part is forgotten: the signed minutes lie there as a record."""

    code = "citizen_reception.minutes_are_kept"
    status = 403
    says = gettext_lazy(
        "Họ tên các bên đã xóa. Biên bản đã ký chỉ còn lưu theo thời hạn bảo quản hồ sơ: "
        "người đứng đầu đơn vị mở được, có ghi lý do. Hãy hỏi người đứng đầu đơn vị."
    )


class MinutesStillKept(TellPerson):
    code = "citizen_reception.minutes_still_kept"
    says = gettext_lazy("Biên bản còn trong thời hạn bảo quản, đến ngày %(until)s. Hãy hủy từ ngày đó.")

    def __init__(self, until: date) -> None:
        self.until = text.day(until)


class NothingToDispose(TellPerson):
    code = "citizen_reception.nothing_to_dispose"
    says = gettext_lazy("Phiên này không có biên bản đã ký để hủy, hoặc biên bản đã hủy. Hãy tải lại trang để xem.")


class NoMinutes(TellPerson):
    code = "citizen_reception.no_minutes"
    says = gettext_lazy("Chưa có biên bản để ký, hoặc biên bản vừa được lập lại. Hãy lập biên bản, xem lại, rồi ký.")


class NotTheChair(TellPerson):
    """Minutes are signed by who led the session."""

    code = "citizen_reception.not_the_chair"
    status = 403
    says = gettext_lazy(
        "Biên bản do %(who)s ký. Hãy chuyển cho người đó; nếu người khác đã chủ trì, người đứng đầu đơn vị ghi lại ở trang này."
    )

    def __init__(self, who: str) -> None:
        self.who = who


class NoRecording(TellPerson):
    code = "citizen_reception.no_recording"
    says = gettext_lazy("Chưa ghi nơi lưu bản ghi hình, ghi tiếng. Hãy ghi nơi lưu, lập lại biên bản, rồi ký.")


class OnlineNotYet(TellPerson):
    code = "citizen_reception.online_not_yet"
    says = gettext_lazy("Tiếp công dân trực tuyến áp dụng từ 01/07/2026. Hãy chọn ngày từ hôm đó.")
