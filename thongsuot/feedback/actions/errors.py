"""Refusals of feedback: what happened and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import instant


class NotInThisState(TellPerson):
    code = "feedback.not_in_this_state"
    says = gettext_lazy("Phản ánh này đã chuyển sang bước khác. Hãy tải lại trang để xem bước hiện tại.")


class AlreadyEnded(TellPerson):
    code = "feedback.already_ended"
    says = gettext_lazy("Phản ánh này đã khép lại. Nếu việc vẫn còn, hãy gửi phản ánh mới và nêu số của phản ánh này.")


class IsMerged(TellPerson):
    code = "feedback.is_merged"
    says = gettext_lazy(
        "Phản ánh này được xử lý chung với một phản ánh cùng việc, bạn vẫn nhận được trả lời. "
        "Nếu có việc khác, hãy gửi phản ánh mới."
    )


class TooMany(TellPerson):
    """Too many reports of one person, one network, or about one thing."""

    code = "feedback.too_many"
    status = 429

    def __init__(self, what: str, *, again_at: datetime) -> None:
        self.what = what
        self.again_at = again_at

    def message(self) -> str:
        sentence = {
            "person": _(
                "Bạn đã gửi nhiều phản ánh trong một giờ. Bạn có thể gửi tiếp từ %(when)s, hoặc gọi 1022 nếu việc gấp."
            ),
            "message": _("Hôm nay bạn đã viết nhiều lời nhắn vào phản ánh này. Bạn có thể viết tiếp từ %(when)s."),
            "network": _("Nơi bạn đang kết nối đã gửi quá nhiều phản ánh. Hãy gửi lại từ %(when)s, hoặc gọi 1022."),
            "place": _(
                "Bạn đã gửi nhiều phản ánh về việc này tại nơi này trong hôm nay. Hãy theo dõi phản ánh đã gửi; "
                "bạn có thể gửi tiếp từ %(when)s."
            ),
        }[self.what]
        return sentence % {"when": instant(self.again_at)}

    def details(self) -> dict[str, object]:
        return {"of": self.what, "again_at": self.again_at.isoformat()}


class SenderUnverified(TellPerson):
    code = "feedback.sender_unverified"
    says = gettext_lazy(
        "Địa chỉ thư của người gửi chưa kiểm chứng nên họ không nhận được lời này. Hãy xác nhận địa chỉ trước, "
        "hoặc xử lý theo nội dung đã có."
    )


class SenderUnreachable(TellPerson):
    code = "feedback.sender_unreachable"
    says = gettext_lazy(
        "Người gửi không để lại điện thoại, thư điện tử hay tài khoản nên không nhận được lời này. Hãy xử lý theo nội dung "
        "đã có, hoặc xem lại tại nơi xảy ra."
    )


class UnknownCategory(TellPerson):
    code = "feedback.unknown_category"
    status = 422
    says = gettext_lazy("Không có lĩnh vực này. Hãy chọn lại lĩnh vực trong danh sách.")


class NoPlace(TellPerson):
    code = "feedback.no_place"
    status = 422
    says = gettext_lazy("Chưa xác định được nơi xảy ra thuộc phường, xã nào. Hãy chọn đơn vị trước khi chuyển.")


class NotAnAnsweringUnit(TellPerson):
    code = "feedback.not_an_answering_unit"
    status = 422
    says = gettext_lazy("Đơn vị này không thuộc thành phố hoặc không còn hoạt động. Hãy chọn đơn vị khác.")


class IsSuspected(TellPerson):
    code = "feedback.is_suspected"
    says = gettext_lazy(
        "Nội dung này có dấu hiệu khiếu nại hoặc tố cáo. Hãy chuyển sang tiếp công dân, hoặc ghi rõ vì sao không phải."
    )


class SenderKept(TellPerson):
    """Who sent a denunciation is for citizen reception, since it was handed over."""

    code = "feedback.sender_kept"
    status = 403
    says = gettext_lazy(
        "Nội dung này đã chuyển tiếp công dân và được giữ kín. Hãy hỏi nơi tiếp công dân đang giải quyết, nêu số phản ánh."
    )


class ReturnedOften(TellPerson):
    """The unit may not return it any more: the operator decided."""

    code = "feedback.returned_often"
    says = gettext_lazy(
        "Phản ánh này không trả lại được nữa, nơi tiếp nhận quyết định đơn vị xử lý. Hãy xử lý và trả lời người gửi; "
        "nếu không thuộc thẩm quyền, hãy ghi chú nội bộ để nơi tiếp nhận chuyển đi."
    )


class NoMoreTime(TellPerson):
    code = "feedback.no_more_time"

    def __init__(self, most: int) -> None:
        self.most = most

    says = gettext_lazy("Mỗi lượt xử lý được gia hạn nhiều nhất %(most)s lần. Hãy trả lời người gửi phần đã làm được.")


class ExtensionWaits(TellPerson):
    code = "feedback.extension_waits"
    says = gettext_lazy("Đã có một đề nghị gia hạn đang chờ duyệt. Hãy chờ quyết định đó.")


class NotLater(TellPerson):
    code = "feedback.not_later"
    status = 422
    says = gettext_lazy("Hạn mới phải sau hạn hiện tại và không quá %(most)s ngày. Hãy chọn ngày khác.")

    def __init__(self, most: int) -> None:
        self.most = most


class LateAlready(TellPerson):
    """More time is asked for before it is late: what was promised and not kept is not promised anew."""

    code = "feedback.late_already"
    says = gettext_lazy("Phản ánh đã quá hạn trả lời nên không xin gia hạn được nữa. Hãy trả lời người gửi phần đã làm được.")


class DecidedTooLate(TellPerson):
    code = "feedback.decided_too_late"

    def __init__(self, hours: int) -> None:
        self.hours = hours

    says = gettext_lazy(
        "Đã quá hạn trả lời hơn %(hours)s giờ làm việc nên không đồng ý gia hạn được nữa. "
        "Hãy chọn không đồng ý; đơn vị trả lời người gửi phần đã làm được."
    )


class TakenByOther(TellPerson):
    code = "feedback.taken_by_other"
    says = gettext_lazy(
        "%(name)s đang xem phản ánh này. Hãy nhận phản ánh khác; cần làm thay thì người phụ trách nơi tiếp nhận bấm Nhận thay."
    )

    def __init__(self, name: str) -> None:
        self.name = name


class NothingProposed(TellPerson):
    code = "feedback.nothing_proposed"
    status = 422
    says = gettext_lazy(
        "Chưa có đơn vị được đề xuất: chưa rõ lĩnh vực, nơi xảy ra, hoặc chưa có ai được giao lĩnh vực này. "
        "Hãy mở phản ánh và chọn đơn vị."
    )


class AskedOften(TellPerson):
    code = "feedback.asked_often"

    def __init__(self, most: int) -> None:
        self.most = most

    says = gettext_lazy("Đã yêu cầu bổ sung đủ %(most)s lần. Hãy xử lý theo những gì đã có, hoặc không tiếp nhận và nêu lý do.")


class OwnAnswer(TellPerson):
    code = "feedback.own_answer"
    status = 403
    says = gettext_lazy("Người viết trả lời không tự duyệt. Hãy để người khác có quyền duyệt xem.")


class HigherReview(TellPerson):
    code = "feedback.higher_review"
    status = 403
    says = gettext_lazy("Phản ánh này đã được mở lại vì người gửi chưa hài lòng, nên trả lời do thành phố duyệt.")


class StillPrivate(TellPerson):
    """What is about to be published still says who or where. The sentence names it to whoever wrote it; `details` only count.

    never   may not be said   explained   may, with a reason
    """

    code = "feedback.still_private"
    status = 422

    def __init__(self, never: Sequence[str], explained: Sequence[str]) -> None:
        self.never = never
        self.explained = explained

    def message(self) -> str:
        said = []
        if self.never:
            words = _("Phần công khai còn điều không được nêu: %(words)s. Hãy xóa rồi công khai lại.")
            said.append(words % {"words": self._quoted(self.never)})
        if self.explained:
            words = _("Phần công khai còn: %(words)s. Hãy xóa, hoặc ghi lý do vì sao phải nêu.")
            said.append(words % {"words": self._quoted(self.explained)})
        return " ".join(said)

    def _quoted(self, words: Sequence[str]) -> str:
        return ", ".join(f"“{one}”" for one in words)

    def details(self) -> dict[str, object]:
        return {"never": len(self.never), "explained": len(self.explained)}


class PhotosNotReady(TellPerson):
    code = "feedback.photos_not_ready"
    says = gettext_lazy("Ảnh đang được xử lý. Hãy chờ một phút rồi công khai lại.")


class SameReviewer(TellPerson):
    """Opened again, it goes to somebody who has not decided about it before."""

    code = "feedback.same_reviewer"
    status = 403
    says = gettext_lazy(
        "Bạn đã duyệt trả lời trước mà người gửi chưa hài lòng. Trả lời lần này phải do người khác có quyền duyệt của thành "
        "phố xem."
    )


class IsPublic(TellPerson):
    code = "feedback.is_public"
    says = gettext_lazy("Phản ánh này đang công khai. Hãy thôi công khai trước khi sửa.")


class CannotReopen(TellPerson):
    code = "feedback.cannot_reopen"
    says = gettext_lazy("Đã hết thời gian hoặc số lần mở lại phản ánh này. Hãy gửi phản ánh mới và nêu số của phản ánh này.")


class AlreadyRated(TellPerson):
    code = "feedback.already_rated"
    says = gettext_lazy("Bạn đã đánh giá lần trả lời này rồi. Cảm ơn bạn.")


class CannotMerge(TellPerson):
    code = "feedback.cannot_merge"
    says = gettext_lazy("Chỉ gộp được phản ánh còn đang xử lý, cùng thành phố, vào một phản ánh còn đang xử lý chưa bị gộp.")


class TooManyToMerge(TellPerson):
    code = "feedback.too_many_to_merge"
    status = 422

    def __init__(self, most: int) -> None:
        self.most = most

    says = gettext_lazy("Mỗi lần gộp được nhiều nhất %(most)s phản ánh. Hãy gộp bớt rồi gộp tiếp phần còn lại.")


class TooManyPhotos(TellPerson):
    code = "feedback.too_many_photos"
    status = 422

    def __init__(self, most: int) -> None:
        self.most = most

    says = gettext_lazy("Mỗi lần gửi được nhiều nhất %(most)s ảnh. Hãy bỏ bớt ảnh rồi gửi lại.")


class NothingChanged(TellPerson):
    code = "feedback.nothing_changed"
    status = 422
    says = gettext_lazy("Chưa có gì thay đổi. Hãy sửa phần cần sửa rồi lưu.")


class StreamIsUsed(TellPerson):
    """Each stream has limits of its own by law: tickets that are there would be judged by others'."""

    code = "feedback.stream_is_used"
    says = gettext_lazy(
        "Lĩnh vực này đã có phản ánh nên không đổi luồng được. Hãy thôi dùng lĩnh vực này và thêm lĩnh vực mới ở luồng kia."
    )


class IsDrill(TellPerson):
    code = "feedback.is_drill"
    says = gettext_lazy(
        "Đây là phản ánh thử: đơn vị chỉ nhận, trả lời và trình duyệt. Hãy làm việc này với một phản ánh thật, "
        "hoặc khép lại đợt phản ánh thử."
    )


class DrillRuns(TellPerson):
    code = "feedback.drill_runs"
    says = gettext_lazy("Đợt phản ánh thử trước chưa khép lại. Hãy khép lại đợt ấy rồi gửi đợt mới.")


class NoDrill(TellPerson):
    code = "feedback.no_drill"
    says = gettext_lazy("Không có đợt phản ánh thử nào đang mở. Hãy tải lại trang để xem tình trạng mới nhất.")


class NobodyToDrill(TellPerson):
    code = "feedback.nobody_to_drill"
    says = gettext_lazy("Chưa có phường, xã hay đơn vị nào trả lời phản ánh. Hãy nạp đơn vị, giao thẩm quyền trước.")
