"""What is refused, and what to do then."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import NotYourDuty, TellPerson


class NotAtPoint(NotYourDuty):
    """The duty is held in the unit, but another body runs the point, or the person's place of work is elsewhere."""

    code = "counters.not_at_point"
    says = _(
        "Điểm phục vụ này do %(body)s quản lý; chỉ người làm việc tại điểm hoặc ở cơ quan đó dùng được quầy và hàng chờ. "
        "Hãy nhờ người của điểm, hoặc đề nghị ghi nơi làm việc của bạn là điểm này."
    )

    def __init__(self, duty: str, *, body: str) -> None:
        super().__init__(duty)
        self.body = body


class LetterTaken(TellPerson):
    code = "counters.letter_taken"
    says = _("Chữ này đã là của một hàng chờ khác tại điểm. Hãy chọn chữ khác.")


class NumberTaken(TellPerson):
    code = "counters.number_taken"
    says = _("Điểm đã có quầy mang số này. Hãy chọn số khác.")


class DeviceNamed(TellPerson):
    code = "counters.device_named"
    says = _("Điểm đã có máy mang tên này. Hãy đặt tên khác, hoặc thôi dùng máy cũ trước.")


class WrongCode(TellPerson):
    code = "counters.wrong_code"
    says = _("Mã ghép không đúng hoặc đã hết hạn. Hãy nhờ người phụ trách quầy cho mã mới ở trang Thiết bị.")


class NotJoined(TellPerson):
    code = "counters.not_joined"
    status = 403
    says = _("Máy này chưa được ghép với điểm phục vụ nào. Hãy gọi cán bộ của điểm.")


class TooManyTickets(TellPerson):
    code = "counters.too_many_tickets"
    status = 429
    says = _("Máy vừa cấp quá nhiều số. Hãy chờ một phút rồi bấm lại, hoặc gọi cán bộ.")


class CannotRate(TellPerson):
    code = "counters.cannot_rate"
    says = _("Lượt này chưa xong hoặc đã qua, nên không đánh giá được nữa. Cảm ơn ông bà, anh chị.")


class AlreadyRated(TellPerson):
    code = "counters.already_rated"
    says = _("Lượt này đã được đánh giá rồi. Cảm ơn ông bà, anh chị.")


class StillWaiting(TellPerson):
    code = "counters.still_waiting"
    says = _("Hàng này còn %(waiting)s số chưa xong. Hãy phục vụ hết hoặc chuyển các số đó sang hàng khác trước.")

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting

    def details(self) -> dict[str, object]:
        return {"waiting": self.waiting}


class LastCounter(TellPerson):
    """Of a queue in which people wait, or for which some booked."""

    code = "counters.last_counter"
    says = _(
        "Không còn quầy nào khác gọi hàng %(letters)s, nơi đang có người chờ hoặc hẹn. Hãy cho quầy khác gọi hàng đó trước."
    )

    def __init__(self, letters: str) -> None:
        self.letters = letters

    def details(self) -> dict[str, object]:
        return {"letters": self.letters}


class SomebodySits(TellPerson):
    code = "counters.somebody_sits"
    says = _("Quầy này đang có %(name)s ngồi. Hãy chọn quầy khác, hoặc nhờ người phụ trách cho rời quầy nếu quên.")

    def __init__(self, name: str) -> None:
        self.name = name


class CounterTaken(TellPerson):
    """Told to who arranges the counters: they can free it themselves."""

    code = "counters.counter_taken"
    says = _("%(name)s đang ngồi quầy này. Hãy cho rời quầy ở trang Quầy trước, rồi thôi dùng quầy.")

    def __init__(self, name: str) -> None:
        self.name = name


class CounterInUse(TellPerson):
    """named: machines and things that stand there, days on which somebody is meant to sit."""

    code = "counters.counter_in_use"
    says = _("Quầy này còn: %(named)s. Hãy thôi dùng máy, chuyển đồ và xếp lại các ca đó trước, rồi thôi dùng quầy.")

    def __init__(self, named: str) -> None:
        self.named = named

    def details(self) -> dict[str, object]:
        return {"named": self.named}


class NobodyToFree(TellPerson):
    code = "counters.nobody_to_free"
    says = _("Quầy này không có ai ngồi. Tải lại trang để xem.")


class NobodySits(TellPerson):
    code = "counters.nobody_sits"
    says = _("Bạn chưa ngồi vào quầy này. Hãy bấm “Ngồi vào quầy” trước.")


class TicketAtCounter(TellPerson):
    code = "counters.ticket_at_counter"

    def __init__(self, code: str) -> None:
        self.ticket = code

    def message(self) -> str:
        return _("Quầy đang giữ số %(code)s. Hãy ghi đã đến, chưa thấy đến, hoặc xong cho số đó trước.") % {"code": self.ticket}

    def details(self) -> dict[str, object]:
        return {"ticket": self.ticket}


class NoTicket(TellPerson):
    code = "counters.no_ticket"
    says = _("Quầy không giữ số nào ở bước này. Tải lại trang để xem số hiện tại.")


class NobodyWaits(TellPerson):
    code = "counters.nobody_waits"
    says = _("Chưa có số nào chờ quầy này. Trang tự cập nhật khi có người lấy số.")


class NotWaiting(TellPerson):
    code = "counters.not_waiting"

    def __init__(self, code: str) -> None:
        self.ticket = code

    def message(self) -> str:
        return _("Số %(code)s không còn chờ: đã được gọi, đã xong, hoặc là số của ngày khác. Tải lại trang để xem.") % {
            "code": self.ticket
        }

    def details(self) -> dict[str, object]:
        return {"ticket": self.ticket}


class NotBack(TellPerson):
    code = "counters.not_back"

    def __init__(self, code: str) -> None:
        self.ticket = code

    def message(self) -> str:
        return _("Số %(code)s không cho quay lại được: phải là số đã xong hôm nay, của hàng còn dùng. Hãy lấy số mới.") % {
            "code": self.ticket
        }

    def details(self) -> dict[str, object]:
        return {"ticket": self.ticket}


class KeptForOther(TellPerson):
    code = "counters.kept_for_other"

    def __init__(self, code: str, number: int) -> None:
        self.ticket, self.number = code, number

    def message(self) -> str:
        return _("Số %(code)s được chuyển đến quầy %(number)s và quầy đó đang làm việc. Hãy nhờ quầy đó gọi.") % {
            "code": self.ticket,
            "number": self.number,
        }

    def details(self) -> dict[str, object]:
        return {"ticket": self.ticket, "counter": self.number}


class PointClosed(TellPerson):
    """opens: in words, when it opens again."""

    code = "counters.point_closed"
    says = _("Điểm phục vụ chưa cấp số lúc này. %(opens)s")

    def __init__(self, opens: str) -> None:
        self.opens = opens

    def details(self) -> dict[str, object]:
        return {"opens": self.opens}


class HoursTouch(TellPerson):
    """What other opening hours would call off, and leave without a shift, is more than whoever changes them was told."""

    code = "counters.hours_touch"
    says = _("Giờ mở cửa này không giữ được %(booked)s lượt hẹn và %(seats)s chỗ trực đã xếp. Hãy xem lại, rồi xác nhận.")

    def __init__(self, booked: int, seats: int) -> None:
        self.booked, self.seats = booked, seats

    def details(self) -> dict[str, object]:
        return {"booked": self.booked, "seats": self.seats}


class OnBreak(TellPerson):
    code = "counters.on_break"
    says = _("Quầy này đang tạm nghỉ. Hãy bấm “Mở lại quầy” trước khi gọi số.")


class NotOnBreak(TellPerson):
    code = "counters.not_on_break"
    says = _("Quầy này không tạm nghỉ. Tải lại trang để xem.")


class NobodyThere(TellPerson):
    """At the counter to which a number would be sent."""

    code = "counters.nobody_there"
    says = _("Quầy %(number)s chưa có ai ngồi. Hãy chọn quầy đang có người, hoặc chuyển sang hàng chờ.")

    def __init__(self, number: int) -> None:
        self.number = number

    def details(self) -> dict[str, object]:
        return {"number": self.number}


class SectionNamed(TellPerson):
    code = "counters.section_named"
    says = _("Điểm đã có bộ phận mang tên này. Hãy đặt tên khác.")


class SectionInUse(TellPerson):
    code = "counters.section_in_use"
    says = _("Bộ phận này còn quầy. Hãy chuyển các quầy sang bộ phận khác trước.")


class CodeTaken(TellPerson):
    code = "counters.code_taken"
    says = _("Điểm đã có thiết bị mang mã này. Hãy xem lại tem trên máy.")


class NoShift(TellPerson):
    code = "counters.no_shift"
    says = _("Điểm không mở cửa buổi này. Hãy xem giờ mở cửa, rồi chọn buổi trong lịch trực.")


class ShiftOver(TellPerson):
    code = "counters.shift_over"
    says = _("Ngày này đã qua, lịch trực của ngày đó không đổi được nữa. Hãy chọn một ngày từ hôm nay.")


class NothingToCopy(TellPerson):
    code = "counters.nothing_to_copy"
    says = _("Không có ca nào để chép: tuần trước chưa xếp, hoặc các ca của tuần này đã xếp rồi. Hãy xếp từng ca.")


class NoStrays(TellPerson):
    code = "counters.no_strays"
    says = _("Không còn chỗ trực nào phải bỏ trong tuần này. Tải lại trang để xem.")


class NothingToChange(TellPerson):
    code = "counters.nothing_to_change"
    says = _("Không điểm nào thay đổi: các điểm đã chọn đều đã có giờ như vậy. Hãy chọn điểm khác hoặc ghi giờ khác.")


class QueueNotCalled(TellPerson):
    code = "counters.queue_not_called"
    says = _("Chưa có quầy nào nhận việc này. Hãy hỏi cán bộ, hoặc chọn việc khác.")


class NotAhead(TellPerson):
    code = "counters.not_ahead"
    says = _("Điểm này chưa cấp số qua điện thoại. Hãy lấy số tại điểm, hoặc chọn điểm khác.")


class WaitsAlready(TellPerson):
    code = "counters.waits_already"

    def __init__(self, code: str) -> None:
        self.ticket = code

    def message(self) -> str:
        return _("Bạn đang có số %(code)s ở hàng này. Hãy dùng số đó, hoặc bỏ số trước khi lấy số khác.") % {
            "code": self.ticket
        }

    def details(self) -> dict[str, object]:
        return {"ticket": self.ticket}


class EnoughAhead(TellPerson):
    code = "counters.enough_ahead"
    status = 429
    says = _("Hôm nay bạn đã lấy đủ %(most)s số qua điện thoại. Hãy lấy số tại điểm.")

    def __init__(self, most: int) -> None:
        self.most = most

    def details(self) -> dict[str, object]:
        return {"most": self.most}


class NoSlot(TellPerson):
    code = "counters.no_slot"
    says = _("Giờ này không nhận hẹn. Hãy chọn một giờ khác trong danh sách.")


class SlotFull(TellPerson):
    code = "counters.slot_full"
    says = _("Giờ này vừa hết chỗ. Hãy chọn giờ khác.")


class BookedAlready(TellPerson):
    code = "counters.booked_already"
    says = _("Bạn đã có hẹn ở hàng này trong ngày đó. Hãy dời hoặc hủy hẹn cũ trước.")


class EnoughBooked(TellPerson):
    code = "counters.enough_booked"
    says = _("Bạn đang có %(most)s lượt hẹn chưa đến. Hãy hủy một lượt không cần nữa, rồi hẹn lại.")

    def __init__(self, most: int) -> None:
        self.most = most

    def details(self) -> dict[str, object]:
        return {"most": self.most}


class NotBooked(TellPerson):
    code = "counters.not_booked"
    says = _("Hẹn này đã dùng, đã hủy hoặc đã quá giờ. Hãy lấy số khác hoặc hẹn lại.")


class WrongBooking(TellPerson):
    code = "counters.wrong_booking"
    says = _("Không có hẹn nào mang mã này ở điểm này. Hãy xem lại mã, hoặc lấy số mới.")


class TooEarly(TellPerson):
    code = "counters.too_early"

    def __init__(self, opens_at: datetime) -> None:
        self.opens_at = opens_at

    def message(self) -> str:
        when = {"at": f"{self.opens_at:%H:%M}", "day": f"{self.opens_at:%d/%m/%Y}"}
        return _("Chưa đến giờ nhận số. Hãy nhận số từ %(at)s ngày %(day)s.") % when

    def details(self) -> dict[str, object]:
        return {"opens_at": self.opens_at.isoformat()}


class TooLate(TellPerson):
    code = "counters.too_late"
    says = _("Đã quá giờ hẹn. Hãy lấy số mới tại điểm, hoặc hẹn giờ khác.")


class StillBooked(TellPerson):
    code = "counters.still_booked"
    says = _("Hàng này còn %(booked)s lượt hẹn sắp tới. Hãy thôi nhận hẹn và chờ hết các lượt đó, rồi mới thôi dùng hàng.")

    def __init__(self, booked: int) -> None:
        self.booked = booked

    def details(self) -> dict[str, object]:
        return {"booked": self.booked}


class PointCutOff(TellPerson):
    code = "counters.point_cut_off"
    status = 503
    says = _(
        "Điểm này đang mất đường truyền nên chưa lấy số qua điện thoại được. Hãy lấy số tại điểm, hoặc thử lại sau ít phút."
    )
