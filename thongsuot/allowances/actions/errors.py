"""What is refused, and what to do then."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import dong, number


class AlreadyReceives(TellPerson):
    """The person has this allowance already, somewhere in the city."""

    code = "allowances.already_receives"
    says = _(
        "Người này đang hưởng theo nhóm này tại một đơn vị trong thành phố. "
        "Nếu người đó chuyển đến, đề nghị đơn vị cũ chuyển danh sách; không thêm lần nữa."
    )


class HasStopped(TellPerson):
    """The stop lies in a month that is frozen."""

    code = "allowances.has_stopped"
    says = _("Người này đã thôi hưởng. Nếu được hưởng lại, hãy thêm mới với tháng bắt đầu mới.")


class NotStopping(TellPerson):
    code = "allowances.not_stopping"
    says = _("Người này không có tháng thôi hưởng nào để bỏ. Tải lại trang để xem tình trạng.")


class StandsTwice(TellPerson):
    """Rows of one person in one group that are due in the same month."""

    code = "allowances.stands_twice"

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes

    def message(self) -> str:
        return _(
            "Có người đứng hai dòng cùng một nhóm trong tháng này: %(codes)s. "
            "Hãy cho một dòng thôi hưởng với lý do “Trùng người hưởng” rồi chốt lại."
        ) % {"codes": "; ".join(self.codes[:10])}

    def details(self) -> dict[str, object]:
        return {"codes": self.codes}


class MonthIsFrozen(TellPerson):
    """The list of that month is frozen: what comes now is for a later one."""

    code = "allowances.month_is_frozen"

    def __init__(self, earliest: date) -> None:
        self.earliest = earliest

    def message(self) -> str:
        return _("Danh sách tháng đó đã chốt. Thay đổi được tính từ tháng %(month)s: hãy ghi tháng này.") % {
            "month": f"{self.earliest:%m/%Y}"
        }

    def details(self) -> dict[str, object]:
        return {"earliest": self.earliest.isoformat()}


class RunNotThere(TellPerson):
    """The run is in another state than the order needs."""

    code = "allowances.run_not_there"
    says = _("Kỳ chi trả không ở bước đó nữa, hoặc chưa tới. Tải lại trang để xem tình trạng.")


class MonthsInOrder(TellPerson):
    code = "allowances.months_in_order"

    def __init__(self, wanted: date) -> None:
        self.wanted = wanted

    def message(self) -> str:
        return _("Các kỳ đi liền nhau, không bỏ tháng nào. Kỳ tiếp theo là tháng %(month)s.") % {
            "month": f"{self.wanted:%m/%Y}"
        }


class LastRunIsOpen(TellPerson):
    code = "allowances.last_run_is_open"
    says = _("Kỳ trước chưa chốt danh sách. Hãy chốt kỳ đó trước khi mở kỳ sau.")


class NobodyToPay(TellPerson):
    code = "allowances.nobody_to_pay"
    says = _("Chưa có ai hưởng trong tháng này. Hãy nhập danh sách rồi chốt.")


class NoAmount(TellPerson):
    code = "allowances.no_amount"

    def __init__(self, count: int, groups: list[str], becomes: list[str] | None = None) -> None:
        self.count, self.groups, self.becomes = count, groups, becomes or []

    def message(self) -> str:
        said = _(
            "Có %(count)s người chưa tính được tiền của tháng này (nhóm %(groups)s): nhóm không có hệ số trong tháng "
            "và người không có số tiền riêng. Hãy điều chỉnh rồi chốt lại."
        ) % {"count": number(self.count), "groups": ", ".join(self.groups[:8])}
        if not self.becomes:
            return said
        return (
            said
            + " "
            + _("Nhóm đã đổi theo quy định mới (%(changes)s): bấm “Chuyển nhóm” trên trang của kỳ.")
            % {"changes": ", ".join(self.becomes)}
        )

    def details(self) -> dict[str, object]:
        return {"count": self.count, "groups": self.groups, "becomes": self.becomes}


class NoGroupChanges(TellPerson):
    code = "allowances.no_group_changes"
    says = _("Không còn ai thuộc nhóm phải chuyển trong kỳ này.")


class RateIsUsed(TellPerson):
    """A month was frozen with this amount or coefficient: another one holds from a later day."""

    code = "allowances.rate_is_used"
    says = _(
        "Không sửa được mức đã dùng để chốt danh sách: %(what)s. Hãy ghi mức mới từ một ngày sau các tháng đã chốt, "
        "hoặc trả lại danh sách chưa gửi rồi nạp lại."
    )

    def __init__(self, what: str) -> None:
        self.what = what

    def details(self) -> dict[str, object]:
        return {"what": self.what}


class SecondPersonNeeded(TellPerson):
    code = "allowances.second_person_needed"
    status = 403
    says = _("Người chốt danh sách không tự duyệt. Hãy chuyển cho người duyệt thứ hai.")


class NotWhole(TellPerson):
    """The frozen list does not add up, or lacks somebody: see the check."""

    code = "allowances.not_whole"
    says = _("Danh sách chưa khớp: xem trang kiểm tra, trả lại để sửa rồi chốt lại.")


class NotAccepted(TellPerson):
    """What an approver must have seen was not accepted, or is not what it was any more."""

    code = "allowances.not_accepted"
    status = 422
    says = _("Kiểm tra còn số liệu phải chấp nhận trước khi duyệt, hoặc số liệu vừa đổi. Xem lại rồi đánh dấu chấp nhận.")


class LaterMonthIsOpen(TellPerson):
    code = "allowances.later_month_is_open"
    says = _("Kỳ sau đã mở. Hãy bỏ kỳ đang soạn đó trước, rồi trả lại kỳ này.")


class AlreadyLeft(TellPerson):
    """A file went to a payer, or a payer answered: the month cannot be frozen anew."""

    code = "allowances.already_left"
    says = _("Đã có tệp gửi bên chi trả hoặc bên chi trả đã báo kết quả, nên không trả lại danh sách được nữa.")


class StillPlacing(TellPerson):
    code = "allowances.still_placing"
    says = _("Đang xác định đơn vị phụ trách từng dòng. Chờ ít phút rồi tải lại trang.")


class NothingFailed(TellPerson):
    code = "allowances.nothing_failed"
    says = _("Không có khoản nào chưa trả được để chi lại.")


class Unsettled(TellPerson):
    """What payers say of these lines is not clear: paying them again could pay them twice."""

    code = "allowances.unsettled"

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes

    def message(self) -> str:
        return _(
            "Có khoản mà bên chi trả báo trái ngược, chưa xử lý: %(codes)s. Xử lý kết quả trái ngược trước; "
            "đợt chi lại chưa gửi có khoản đó thì rút đợt rồi lập lại."
        ) % {"codes": ", ".join(self.codes[:10])}

    def details(self) -> dict[str, object]:
        return {"codes": self.codes}


class ReportIsRead(TellPerson):
    """A payer's file is being read: what it says of these lines is not known yet."""

    code = "allowances.report_is_read"
    says = _("Đang đọc một tệp kết quả của kỳ này. Chờ ít phút, xem kết quả rồi làm lại.")


class BatchWasAnswered(TellPerson):
    code = "allowances.batch_was_answered"
    says = _(
        "Bên chi trả đã báo kết quả của đợt này, tức là tệp đã tới nơi. "
        "Hãy ghi nhận đã gửi rồi nhập lại tệp kết quả; không rút đợt."
    )


class NotPaidTwice(TellPerson):
    code = "allowances.not_paid_twice"
    says = _("Chỉ ghi “đã trả hai lần” khi một đợt khác của khoản này đã được báo là đã trả.")


class SameReportAgain(TellPerson):
    code = "allowances.same_report_again"
    says = _("Tệp kết quả này đã nhập trước đó, không ghi lần nữa. Đây là kết quả của lần đó.")

    def __init__(self, report_id: int) -> None:
        self.report_id = report_id

    def details(self) -> dict[str, object]:
        return {"report": self.report_id}


class WouldPayTwice(TellPerson):
    code = "allowances.would_pay_twice"
    says = _(
        "Khoản này đang chờ hoặc đã trả ở một đợt khác, nên chưa nhận kết quả này. "
        "Đợt kia chưa gửi thì rút đợt đó; đã gửi thì báo bên chi trả dừng, nhập kết quả của đợt đó, rồi làm lại."
    )


class StillWaiting(TellPerson):
    code = "allowances.still_waiting"

    def __init__(self, *, waiting: int, contradicting: int) -> None:
        self.waiting, self.contradicting = waiting, contradicting

    def message(self) -> str:
        return _("Chưa khóa sổ được: còn %(waiting)s khoản chờ kết quả, %(contradicting)s kết quả trái ngược chưa xử lý.") % {
            "waiting": number(self.waiting),
            "contradicting": number(self.contradicting),
        }

    def details(self) -> dict[str, object]:
        return {"waiting": self.waiting, "contradicting": self.contradicting}


class UnpaidNotAccepted(TellPerson):
    """The books close on lines that failed: how many and how much must have been seen."""

    code = "allowances.unpaid_not_accepted"
    status = 422

    def __init__(self, *, failed: int, dong: int) -> None:
        self.failed, self.dong = failed, dong

    def message(self) -> str:
        return _("Còn %(failed)s khoản chưa trả được, %(dong)s. Xác nhận số này rồi khóa sổ.") % {
            "failed": number(self.failed),
            "dong": dong(self.dong),
        }

    def details(self) -> dict[str, object]:
        return {"failed": self.failed, "dong": self.dong}
