"""What placements, plans and leave cases refuse, in words for people."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import number


class PlanDiffers(TellPerson):
    """The lines do not come to what the decision says."""

    code = "staffing.plan_differs"

    def __init__(self, *, persons: int, units: int, total_persons: int, total_units: int) -> None:
        self.persons, self.units, self.total_persons, self.total_units = persons, units, total_persons, total_units

    def message(self) -> str:
        return _(
            "Phương án cộng được %(persons)s người ở %(units)s đơn vị, quyết định ghi %(total)s người ở %(all)s đơn vị. "
            "Hãy sửa tệp cho khớp rồi nhập lại, hoặc sửa tổng số theo đúng quyết định."
        ) % {
            "persons": number(self.persons),
            "units": number(self.units),
            "total": number(self.total_persons),
            "all": number(self.total_units),
        }

    def details(self) -> dict[str, object]:
        return {
            "persons": self.persons,
            "units": self.units,
            "total_persons": self.total_persons,
            "total_units": self.total_units,
        }


class PlanAccepted(TellPerson):
    code = "staffing.plan_accepted"
    says = _("Phương án này đã chốt nên không sửa được. Muốn thay đổi, hãy lập phương án mới theo quyết định mới.")


class DoesNotAddUp(TellPerson):
    code = "staffing.does_not_add_up"
    status = 422

    def __init__(self, *, total: int, parts: int) -> None:
        self.total, self.parts = total, parts

    def message(self) -> str:
        words = {"parts": number(self.parts), "total": number(self.total), "gap": number(abs(self.total - self.parts))}
        if self.parts < self.total:
            return (
                _(
                    "Các phần cộng lại được %(parts)s người, thiếu %(gap)s so với tổng %(total)s. "
                    "Hãy sửa số của một đơn vị, hoặc sửa tổng số."
                )
                % words
            )
        return (
            _(
                "Các phần cộng lại được %(parts)s người, thừa %(gap)s so với tổng %(total)s. "
                "Hãy sửa số của một đơn vị, hoặc sửa tổng số."
            )
            % words
        )

    def details(self) -> dict[str, object]:
        return {"total": self.total, "parts": self.parts}


class PlacementOpen(TellPerson):
    code = "staffing.placement_open"
    says = _("Người này đang có một phương án chưa xong. Hãy chờ phương án ấy có hiệu lực, hoặc rút nó trước.")


class CannotBecome(TellPerson):
    code = "staffing.cannot_become"
    says = _("Người đang ở tình trạng “%(state)s” không chuyển sang “%(becomes)s” được. Hãy chọn phương án khác.")

    def __init__(self, state: str, becomes: str) -> None:
        self.state, self.becomes = state, becomes


class PlacementMoved(TellPerson):
    """Somebody else was faster."""

    code = "staffing.placement_moved"
    says = _("Phương án này đã sang bước khác. Hãy tải lại trang để xem tình trạng mới nhất.")


class SameHand(TellPerson):
    """Two approvals are two persons."""

    code = "staffing.same_hand"
    status = 403
    says = _("Bạn đã duyệt cho một bên. Bên kia phải do người khác duyệt.")


class OwnProposal(TellPerson):
    code = "staffing.own_proposal"
    status = 403
    says = _("Phương án do bạn đề xuất thì người khác duyệt. Hãy chuyển cho đồng nghiệp.")


class OwnCase(TellPerson):
    code = "staffing.own_case"
    status = 403
    says = _("Việc này là của chính bạn nên bạn không tự giải quyết được. Hãy chuyển cho người khác.")


class SideDone(TellPerson):
    code = "staffing.side_done"
    says = _("Bên này đã duyệt rồi. Không có gì phải làm thêm.")


class NoAddress(TellPerson):
    """The post brings duties, so there must be an account, and an account needs an address."""

    code = "staffing.no_address"
    says = _("Người này chưa có tài khoản và chưa có thư điện tử để mở. Hãy ghi thư điện tử trước khi quyết định.")


class TooEarly(TellPerson):
    code = "staffing.too_early"

    def __init__(self, day: date) -> None:
        self.day = day

    def message(self) -> str:
        return _("Phương án có hiệu lực từ 0 giờ ngày %(day)s, không sớm hơn. Đến ngày đó hệ thống tự thực hiện.") % {
            "day": f"{self.day:%d/%m/%Y}"
        }


class AccountTied(TellPerson):
    """The account of that address is another listed person's."""

    code = "staffing.account_tied"
    says = _(
        "Tài khoản của thư điện tử này đã gắn với một người khác trong danh sách. "
        "Hãy xem lại thư điện tử của cả hai người rồi sửa cho đúng."
    )


class ImportInUse(TellPerson):
    code = "staffing.import_in_use"
    says = _(
        "Trong lần nhập này đã có người có phương án bố trí hoặc đơn xin nghỉ nên không rút cả lần nhập được. "
        "Hãy sửa từng người ở trang của người ấy."
    )


class RatesOverlap(TellPerson):
    """Two rows of one code on the same day: the line would be paid twice."""

    code = "staffing.rates_overlap"

    def __init__(self, rate_code: str) -> None:
        self.rate_code = rate_code

    def message(self) -> str:
        return _(
            "Mức tính “%(code)s” có hai dòng cùng hiệu lực vào một ngày. "
            "Hãy ghi ngày hết hiệu lực (valid_to) cho dòng cũ rồi nạp lại."
        ) % {"code": self.rate_code}


class RateDiffers(TellPerson):
    """A known row with other figures: what was worked out by the old ones would be told otherwise."""

    code = "staffing.rate_differs"

    def __init__(self, rate_code: str, day: date) -> None:
        self.rate_code, self.day = rate_code, day

    def message(self) -> str:
        return _(
            "Mức tính “%(code)s” từ ngày %(day)s đã nạp với con số khác. "
            "Hãy giữ dòng ấy, ghi ngày hết hiệu lực (valid_to) và thêm một dòng mới từ ngày thay đổi."
        ) % {"code": self.rate_code, "day": f"{self.day:%d/%m/%Y}"}


class LeaveOpen(TellPerson):
    code = "staffing.leave_open"
    says = _("Người này đang có đơn xin nghỉ chưa giải quyết xong. Hãy xem đơn ấy.")


class LeaveMoved(TellPerson):
    code = "staffing.leave_moved"
    says = _("Đơn này đã sang bước khác, hoặc bước này không làm được như vậy. Hãy tải lại trang để xem tình trạng mới nhất.")


class AppraisedIt(TellPerson):
    """Who worked the amount out does not also write the decision down."""

    code = "staffing.appraised_it"
    status = 403
    says = _("Bạn đã thẩm định đơn này nên quyết định do người khác ghi. Hãy chuyển cho đồng nghiệp.")


class FactsStand(TellPerson):
    """What was appraised is not changed under the hands of whoever decides."""

    code = "staffing.facts_stand"
    says = _("Đơn đã trình quyết định nên số liệu không sửa được ở bước này. Hãy trả lại bước thẩm định, sửa rồi trình lại.")


class NeedsParty(TellPerson):
    code = "staffing.needs_party"
    says = _(
        "Người này giữ chức vụ diện cấp ủy quản lý nên cần bên Đảng thống nhất trước khi quyết định. "
        "Hãy đề nghị Ban Tổ chức mở đơn này và ghi ý kiến."
    )


class NotParty(TellPerson):
    code = "staffing.not_party"
    says = _("Người này không giữ chức vụ diện cấp ủy quản lý. Bên Đảng không phải làm gì thêm với đơn này.")


class TookEffect(TellPerson):
    code = "staffing.took_effect"
    says = _("Quyết định nghỉ đã có hiệu lực nên không hủy ở đây được. Muốn nhận lại người này, hãy làm quyết định mới.")


class LacksFacts(TellPerson):
    code = "staffing.lacks_facts"
    status = 422
    says = _("Chưa đủ số liệu để tính chế độ. Hãy ghi tiền lương, thời gian đóng bảo hiểm và các ngày rồi chuyển tiếp.")


class NoRate(TellPerson):
    """Outside of all rates: more than ten years before retirement, or a day before the decrees."""

    code = "staffing.no_rate"
    status = 422
    says = _("Không có mức tính nào cho trường hợp này vào ngày nghỉ đã ghi. Hãy xem lại diện nghỉ và các ngày.")
