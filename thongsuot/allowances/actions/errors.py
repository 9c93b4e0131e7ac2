"""What is refused, and what to do then."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import number


class AlreadyReceives(TellPerson):
    """The person has this allowance already, somewhere in the city."""

    code = "allowances.already_receives"

    def message(self) -> str:
        return _(
            "Người này đang hưởng theo nhóm này tại một đơn vị trong thành phố. "
            "Nếu người đó chuyển đến, đề nghị đơn vị cũ chuyển danh sách; không thêm lần nữa."
        )


class HasStopped(TellPerson):
    code = "allowances.has_stopped"

    def message(self) -> str:
        return _("Người này đã thôi hưởng. Nếu được hưởng lại, hãy thêm mới với tháng bắt đầu mới.")


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


class SameFileAgain(TellPerson):
    code = "allowances.same_file_again"

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id

    def message(self) -> str:
        return _("Tệp này đã gửi trước đó, nên không nhập lần nữa. Đây là kết quả của lần đó.")

    def details(self) -> dict[str, object]:
        return {"import": self.import_id}


class ImportNotWaiting(TellPerson):
    code = "allowances.import_not_waiting"

    def message(self) -> str:
        return _("Tệp này không ở bước đó nữa: có người vừa xử lý. Tải lại trang để xem tình trạng.")


class RunNotThere(TellPerson):
    """The run is in another state than the order needs."""

    code = "allowances.run_not_there"

    def message(self) -> str:
        return _("Kỳ chi trả không ở bước đó nữa, hoặc chưa tới. Tải lại trang để xem tình trạng.")


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

    def message(self) -> str:
        return _("Kỳ trước chưa chốt danh sách. Hãy chốt kỳ đó trước khi mở kỳ sau.")


class NobodyToPay(TellPerson):
    code = "allowances.nobody_to_pay"

    def message(self) -> str:
        return _("Chưa có ai hưởng trong tháng này. Hãy nhập danh sách rồi chốt.")


class NoAmount(TellPerson):
    code = "allowances.no_amount"

    def __init__(self, count: int, groups: list[str]) -> None:
        self.count, self.groups = count, groups

    def message(self) -> str:
        return _(
            "Có %(count)s người chưa tính được tiền của tháng này (nhóm %(groups)s): nhóm không có hệ số trong tháng "
            "và người không có số tiền riêng. Hãy điều chỉnh rồi chốt lại."
        ) % {"count": number(self.count), "groups": ", ".join(self.groups[:8])}

    def details(self) -> dict[str, object]:
        return {"count": self.count, "groups": self.groups}


class SecondPersonNeeded(TellPerson):
    code = "allowances.second_person_needed"
    status = 403

    def message(self) -> str:
        return _("Người chốt danh sách không tự duyệt. Hãy chuyển cho người duyệt thứ hai.")


class NotWhole(TellPerson):
    """The frozen list does not add up, or lacks somebody: see the check."""

    code = "allowances.not_whole"

    def message(self) -> str:
        return _("Danh sách chưa khớp: xem trang kiểm tra, trả lại để sửa rồi chốt lại.")


class StillPlacing(TellPerson):
    code = "allowances.still_placing"

    def message(self) -> str:
        return _("Đang xác định đơn vị phụ trách từng dòng. Chờ ít phút rồi tải lại trang.")


class NothingFailed(TellPerson):
    code = "allowances.nothing_failed"

    def message(self) -> str:
        return _("Không có khoản nào chưa trả được để chi lại.")


class SameReportAgain(TellPerson):
    code = "allowances.same_report_again"

    def __init__(self, report_id: int) -> None:
        self.report_id = report_id

    def message(self) -> str:
        return _("Tệp kết quả này đã nhập trước đó, không ghi lần nữa. Đây là kết quả của lần đó.")

    def details(self) -> dict[str, object]:
        return {"report": self.report_id}


class WouldPayTwice(TellPerson):
    code = "allowances.would_pay_twice"

    def message(self) -> str:
        return _(
            "Khoản này đang chờ hoặc đã trả ở một đợt khác, nên chưa nhận kết quả này. "
            "Báo bên chi trả dừng đợt kia, nhập kết quả của đợt đó, rồi làm lại."
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
