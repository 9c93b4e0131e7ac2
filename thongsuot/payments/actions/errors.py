"""Refusals of payments."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import dong, instant


class NothingOwed(TellPerson):
    code = "payments.nothing_owed"
    says = _("Không còn khoản nào phải nộp. Hãy xem lại trang hồ sơ.")


class EarlierUnsettled(TellPerson):
    """A payment of the same debt that the gateway was asked for has to be settled first (`asking.begin`)."""

    code = "payments.earlier_unsettled"
    status = 503
    says = _(
        "Giao dịch trước %(reference)s chưa rõ đã trả hay chưa, vì cổng thanh toán chưa trả lời. "
        "Chưa có giao dịch mới nào được mở. Nếu đã trả thì đừng trả lần nữa; hãy thử lại sau ít phút."
    )

    def __init__(self, payment_id: int, reference: str) -> None:
        self.payment_id, self.reference = payment_id, reference


class PaymentWaiting(TellPerson):
    code = "payments.waiting"
    says = _(
        "Người dân đang trả khoản này trực tuyến, giao dịch %(reference)s chờ đến %(until)s. Hãy đợi, "
        "hoặc hủy giao dịch ấy ở trang hồ sơ rồi thu tiền mặt."
    )

    def __init__(self, reference: str, until: datetime | None) -> None:
        self.reference, self.until = reference, instant(until) if until else "-"


class NotPayableOnline(TellPerson):
    code = "payments.not_online"
    says = _("Đơn vị này chưa nhận thanh toán trực tuyến. Hãy nộp tại quầy khi nhận kết quả.")


class PaymentOver(TellPerson):
    code = "payments.over"
    says = _("Giao dịch này không còn chờ trả. Hãy mở lại từ trang hồ sơ.")


class GatewaySilent(TellPerson):
    code = "payments.gateway_silent"
    status = 503
    says = _("Cổng thanh toán chưa trả lời. Hãy thử lại sau ít phút, hoặc quét mã VietQR, hoặc nộp tại quầy.")


class StillPayable(TellPerson):
    code = "payments.still_payable"
    says = _(
        "Cổng thanh toán không cho hủy giao dịch %(reference)s lúc này: khoản ấy vẫn có thể được trả. "
        "Hãy đợi kết quả, hoặc thử lại sau ít phút."
    )

    def __init__(self, reference: str) -> None:
        self.reference = reference


class NoticeForged(TellPerson):
    code = "payments.notice_forged"
    status = 400
    says = _("Chữ ký của thông báo không đúng. Không có gì được ghi nhận.")


class NoticeLate(TellPerson):
    code = "payments.notice_late"
    status = 400
    says = _("Thông báo được ký quá lâu trước khi đến. Hãy ký lại và gửi lại; không có gì được ghi nhận.")


class NoticeReplayed(TellPerson):
    code = "payments.notice_replayed"
    says = _("Thông báo này đã đến trước đó. Lần gửi lại cần số dùng một lần khác; không có gì được ghi nhận.")


class NoticeUnreadable(TellPerson):
    code = "payments.notice_unreadable"
    status = 422
    says = _("Thông báo không đọc được theo mẫu. Không có gì được ghi nhận.")


class AccountTaken(TellPerson):
    code = "payments.account_taken"
    says = _("Đơn vị đã có tài khoản thu phí. Hãy đóng tài khoản cũ trước.")


class NumberTaken(AccountTaken):
    says = _("Số tài khoản này đã được khai báo ở đơn vị khác. Hãy xem lại số, hoặc đóng tài khoản ở đơn vị ấy trước.")


class MerchantTaken(AccountTaken):
    says = _("Mã trên cổng thanh toán này đang là của một tài khoản khác. Hãy xem lại mã cổng đã cấp.")


class AccountNotReady(TellPerson):
    code = "payments.account_not_ready"
    says = _("Tài khoản chưa ở bước này. Hãy khai báo, ghi mã của cổng thanh toán, rồi làm giao dịch thử.")


class AccountInUse(TellPerson):
    code = "payments.account_in_use"
    says = _("Còn giao dịch đang chờ trả vào tài khoản này. Hãy đợi chúng kết thúc rồi đóng.")


class MoneyCounted(TellPerson):
    code = "payments.money_counted"
    says = _("Tiền này đã được ghi cho một khoản khác. Hãy tải lại danh sách; không có gì thay đổi.")


class RefundWaits(TellPerson):
    code = "payments.refund_waits"
    says = _(
        "Đề nghị hoàn %(reference)s đã duyệt, đúng số tiền này và chưa ghi đã trả. "
        "Hãy ghi số ủy nhiệm chi ở trang của đề nghị ấy; giao dịch này sẽ tự khớp."
    )

    def __init__(self, reference: str) -> None:
        self.reference = reference


class MoneyGoesBack(TellPerson):
    code = "payments.money_goes_back"
    says = _(
        "Đã đề nghị trả lại tiền này cho người chuyển (%(reference)s). "
        "Muốn gán cho hồ sơ thì đề nghị ấy phải được trả lời không duyệt."
    )

    def __init__(self, reference: str) -> None:
        self.reference = reference


class MoneyOfAnotherUnit(TellPerson):
    code = "payments.money_of_another_unit"
    says = _("Tiền này vào tài khoản của đơn vị khác với đơn vị giải quyết hồ sơ. Hãy chọn hồ sơ của đơn vị có tài khoản.")


class MoneyDiffers(TellPerson):
    code = "payments.money_differs"
    says = _(
        "Tiền về là %(came)s nhưng hồ sơ còn nợ %(owed)s. Hãy chọn hồ sơ nợ đúng số tiền này; "
        "nếu không có, giải trình chênh lệch ở trang Đối soát."
    )

    def __init__(self, came: int, owed: int) -> None:
        self.came, self.owed = dong(came), dong(owed)

    def details(self) -> dict[str, object]:
        return {"came": self.came, "owed": self.owed}


class ShiftNotOpen(TellPerson):
    code = "payments.shift_not_open"
    says = _("Ca này không còn mở. Hãy xem danh sách ca.")


class ShiftNotClosed(TellPerson):
    code = "payments.shift_not_closed"
    says = _("Ca này chưa kết hoặc đã nộp. Hãy xem danh sách ca.")


class DrawerTooEmpty(TellPerson):
    code = "payments.drawer_too_empty"
    says = _("Ca của bạn chỉ còn %(left)s, không đủ để hoàn tiền mặt. Hãy hoàn bằng chuyển khoản.")

    def __init__(self, left: int) -> None:
        self.left = dong(left)


class RefundNotPossible(TellPerson):
    code = "payments.refund_not_possible"
    says = _("Khoản này chưa trả, đã hoàn, hoặc đang có đề nghị hoàn. Hãy xem danh sách hoàn phí.")


class RefundNotThere(TellPerson):
    code = "payments.refund_not_there"
    says = _("Đề nghị hoàn phí không còn ở bước này. Hãy tải lại danh sách.")


class OwnRefund(TellPerson):
    code = "payments.own_refund"
    status = 403
    says = _("Người đề nghị không duyệt đề nghị của chính mình. Hãy để người khác có nhiệm vụ duyệt.")


class StatementUnreadable(TellPerson):
    code = "payments.statement_unreadable"
    status = 422
    says = _("Không đọc được sổ phụ: %(why)s Không dòng nào được nhập.")

    def __init__(self, why: str) -> None:
        self.why = why
