"""What is refused, and what to do then."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.errors import TellPerson


class ConferenceNotThere(TellPerson):
    """The conference is not in the state that this asks for."""

    code = "meetings.conference_not_there"

    def __init__(self, state: str) -> None:
        self.state = state

    def message(self) -> str:
        sentences = {
            "planned": _("Hội nghị chưa bắt đầu, nên chưa làm được việc này. Hãy chờ điểm cầu trung tâm bắt đầu."),
            "running": _("Hội nghị đang họp, nên không làm được việc này nữa. Tải lại trang để xem tình trạng."),
            "ended": _("Hội nghị đã kết thúc, nên không ghi thêm được. Xem báo cáo của hội nghị."),
            "cancelled": _("Hội nghị đã hủy, nên không làm được việc này. Hãy lập hội nghị mới nếu cần."),
        }
        return sentences[self.state]

    def details(self) -> dict[str, object]:
        return {"state": self.state}


class NoSites(TellPerson):
    code = "meetings.no_sites"
    says = gettext_lazy("Hội nghị chưa có điểm cầu nào. Hãy thêm điểm cầu trước khi bắt đầu.")


class AlreadyASite(TellPerson):
    code = "meetings.already_a_site"
    says = gettext_lazy("Đơn vị này đã là điểm cầu của hội nghị. Tải lại trang để xem.")


class SiteLeftOut(TellPerson):
    code = "meetings.site_left_out"
    says = gettext_lazy("Đơn vị này không còn là điểm cầu của hội nghị. Hãy gọi điểm cầu trung tâm nếu vẫn cần dự.")


class RollCallIsOpen(TellPerson):
    code = "meetings.roll_call_is_open"
    says = gettext_lazy("Đang có một lần điểm danh chưa đóng. Hãy đóng lần đó trước khi mở lần mới.")


class RollCallClosed(TellPerson):
    code = "meetings.roll_call_closed"
    says = gettext_lazy("Lần điểm danh này đã đóng, câu trả lời chưa được ghi. Hãy gọi điểm cầu trung tâm để báo.")


class AlreadyAsked(TellPerson):
    code = "meetings.already_asked"
    says = gettext_lazy("Điểm cầu đang chờ phát biểu rồi. Rút lời xin cũ trước nếu muốn đổi nội dung.")


class RequestOver(TellPerson):
    code = "meetings.request_over"
    says = gettext_lazy("Lời xin phát biểu này đã được rút hoặc đã xong. Tải lại trang để xem hàng chờ.")


class SomebodySpeaks(TellPerson):
    code = "meetings.somebody_speaks"
    says = gettext_lazy("Đang có điểm cầu phát biểu. Hãy kết thúc lượt đó rồi mời điểm tiếp theo.")


class NotSpeaking(TellPerson):
    code = "meetings.not_speaking"
    says = gettext_lazy("Điểm cầu này chưa được mời phát biểu. Tải lại trang để xem hàng chờ.")


class IsSpeaking(TellPerson):
    code = "meetings.is_speaking"
    says = gettext_lazy("Điểm cầu đang phát biểu. Điểm cầu trung tâm sẽ kết thúc lượt này.")
