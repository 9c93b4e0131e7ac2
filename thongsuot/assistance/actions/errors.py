"""Refusals of helping: what happened and what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson


class NoSuchHelper(TellPerson):
    code = "assistance.no_such_helper"
    status = 422
    says = _("Không có người giúp nào mang số này, hoặc người đó chưa được giúp lúc này. Hãy xem lại số trên thẻ của họ.")


class NotAHelper(TellPerson):
    code = "assistance.not_a_helper"
    status = 403
    says = _("Bạn chưa có trong danh sách người giúp đang hoạt động. Hãy hỏi nơi đã đăng ký cho bạn.")


class HelpsThemselves(TellPerson):
    code = "assistance.helps_themselves"
    says = _("Đây là số thẻ của chính bạn. Hồ sơ của mình thì bạn tự nộp, không cần mã đồng ý.")


class WrongCode(TellPerson):
    code = "assistance.wrong_code"
    status = 422
    says = _("Mã này không đúng, hoặc không dành cho bạn. Hãy nhờ người dân đọc lại mã và xem số thẻ họ đã nhập.")


class CodeUsed(TellPerson):
    code = "assistance.code_used"
    says = _("Mã này đã dùng rồi. Mỗi mã mở được một hồ sơ, hãy xin người dân một mã mới.")


class CodeOver(TellPerson):
    code = "assistance.code_over"
    status = 410
    says = _("Mã này đã hết hạn. Hãy xin người dân một mã mới.")


class TooManyTries(TellPerson):
    code = "assistance.too_many_tries"
    status = 429
    says = _("Đã nhập sai nhiều lần nên tạm không nhận mã. Hãy chờ một giờ rồi thử lại với mã mới.")


class TooManyLetters(TellPerson):
    code = "assistance.too_many_letters"
    status = 429
    says = _("Đã gửi quá nhiều mã trong một giờ. Hãy chờ rồi thử lại, hoặc dùng giấy đồng ý có chữ ký.")


class CannotReach(TellPerson):
    """The code would not leave the house: no way out for this address is connected."""

    code = "assistance.cannot_reach"
    status = 422
    says = _("Chưa gửi được mã đến nơi này: chưa nối dịch vụ gửi, hoặc địa chỉ chưa đúng. Hãy dùng giấy đồng ý có chữ ký.")


class CannotFileForThem(TellPerson):
    """Whoever has no account files nothing themselves, and this helper may not file for them."""

    code = "assistance.cannot_file_for_them"
    status = 422
    says = _(
        "Thẻ của bạn chưa được bấm nộp hồ sơ, nên không ai nộp được cho người chưa có tài khoản. Hãy mời một người giúp được "
        "nộp, giúp người dân mở tài khoản rồi xin mã đồng ý, hoặc đưa họ đến quầy của phường, xã."
    )


class AccountNeeded(TellPerson):
    """The procedure asks how well the filer is known, and of who has no account nothing is known."""

    code = "assistance.account_needed"
    status = 422
    says = _(
        "Thủ tục này chỉ nhận hồ sơ từ tài khoản định danh của chính người dân. Hãy giúp họ đăng nhập bằng định danh điện tử "
        "rồi xin mã đồng ý, hoặc đưa họ đến quầy của phường, xã."
    )


class AlreadyOver(TellPerson):
    code = "assistance.already_over"
    says = _("Việc nộp giúp này đã kết thúc. Tải lại trang để xem tình trạng.")


class AlreadyRated(TellPerson):
    code = "assistance.already_rated"
    says = _("Bạn đã đánh giá lần giúp này. Mỗi lần giúp đánh giá một lần.")


class NotYetRateable(TellPerson):
    code = "assistance.not_yet_rateable"
    says = _("Bạn đánh giá được khi việc nộp giúp đã kết thúc.")


class ShiftTaken(TellPerson):
    code = "assistance.shift_taken"
    says = _("Người này đã có ca trùng giờ trong ngày. Hãy chọn giờ khác, hoặc bỏ ca kia trước.")


class NothingToCopy(TellPerson):
    code = "assistance.nothing_to_copy"
    says = _("Không có ca nào để chép: tuần này chưa xếp, hoặc tuần sau đã có đủ.")


class ShiftNotThere(TellPerson):
    code = "assistance.shift_not_there"
    says = _("Ca này đã bỏ, hoặc chưa tới ngày. Tải lại trang để xem lịch trực.")


class WeekOver(TellPerson):
    code = "assistance.week_over"
    says = _("Ghi được từ ngày trực đến hết bảy ngày sau ngày đó, nay đã quá hạn. Hãy hỏi người xếp lịch trực.")


class ShiftAdvised(TellPerson):
    """Who noted something of it still reads it there."""

    code = "assistance.shift_advised"
    says = _("Ca này đã ghi lượt tư vấn nên không bỏ được. Cần người trực thay thì xếp thêm một ca cho người đó.")


class AgentNotInThatState(TellPerson):
    code = "assistance.not_in_that_state"
    says = _("Đại lý không còn ở tình trạng đó. Tải lại trang để xem.")


class HelperNotInThatState(TellPerson):
    code = "assistance.helper_not_in_that_state"
    says = _("Người này đã thôi giúp, hoặc chưa ghi ngày thôi. Tải lại trang để xem.")


class CampaignNamed(TellPerson):
    code = "assistance.campaign_named"
    says = _("Đã có đợt hoặc đội mang tên này. Hãy đặt tên khác.")
