"""What the commands of a changeover refuse, and what to do then."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from thongsuot.handover.models import Box, Changeover
from thongsuot.handover.queries.minutes import Blocker
from thongsuot.handover.queries.owing import Owed
from thongsuot.kernel.errors import TellPerson

_MOST_NAMED = 5


class ChangeoverClosed(TellPerson):
    code = "handover.changeover_closed"
    says = _("Đợt chuyển giao đã khép. Sửa đổi sau đó được lập thành biên bản bổ sung.")


class AlreadyRunning(TellPerson):
    """Things are being moved, or moved back, right now."""

    code = "handover.already_running"
    says = _("Việc chuyển đang chạy. Hãy chờ chạy xong, hoặc bấm Dừng trước.")


class MinutesClosed(TellPerson):
    """The minutes of the two units were signed and closed: what they list does not change any more."""

    code = "handover.minutes_closed"
    says = _("Biên bản giữa hai đơn vị đã khép nên không sửa được nữa. Điều phát hiện sau đó ghi vào biên bản bổ sung.")


class SheetDeclared(TellPerson):
    """The list was said to be complete."""

    code = "handover.sheet_declared"
    says = _("Bảng kê đã xác nhận là đủ. Muốn sửa, hãy mở lại bảng kê và ghi lý do.")


class NoGo(TellPerson):
    """Nobody let it begin yet."""

    code = "handover.no_go"
    says = _("Chưa cho chuyển nên chưa chuyển gì. Ban chỉ đạo cho chuyển khi mọi đơn vị mới đã có con dấu.")


class SealsLacking(TellPerson):
    """New units that could not put a seal on anything from the first day."""

    code = "handover.seals_lacking"

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def message(self) -> str:
        shown = ", ".join(self.names[:_MOST_NAMED]) + ("…" if len(self.names) > _MOST_NAMED else "")
        said = ngettext(
            "Chưa cho chuyển được: %(num)s đơn vị mới chưa có con dấu (%(names)s). Hãy ghi con dấu khi đơn vị đã nhận.",
            "Chưa cho chuyển được: %(num)s đơn vị mới chưa có con dấu (%(names)s). Hãy ghi con dấu khi đơn vị đã nhận.",
            len(self.names),
        )
        return said % {"num": len(self.names), "names": shown}


class AlreadyMoved(TellPerson):
    """The go was used."""

    code = "handover.already_moved"
    says = _("Đã có mục chuyển đi nên không thôi cho chuyển được nữa. Hãy chuyển trở lại trước.")


class NotInForceYet(TellPerson):
    code = "handover.not_in_force_yet"
    says = _("Quyết định có hiệu lực từ ngày %(day)s. Từ ngày đó mới chuyển được; bây giờ chỉ xem trước.")

    def __init__(self, changeover: Changeover) -> None:
        self.day = f"{changeover.effective_on:%d/%m/%Y}"


class PlanOutdated(TellPerson):
    """What is held, or where it goes, is not what the preview showed."""

    code = "handover.plan_outdated"
    says = _("Từ lần xem trước đã có thay đổi, nên chưa chuyển gì. Hãy xem trước lại rồi chuyển theo bản mới.")


class NothingToUndo(TellPerson):
    code = "handover.nothing_to_undo"
    says = _("Chưa có gì được chuyển nên không có gì để chuyển trở lại.")


class CannotReceive(TellPerson):
    """The chosen unit did not take over anything of the ended one, and is not the city."""

    code = "handover.cannot_receive"
    says = _("Đơn vị này không kế tục đơn vị cũ. Hãy chọn một đơn vị trong danh sách, hoặc cơ quan của thành phố.")


class SomethingMoved(TellPerson):
    """What moved, or was listed, holds on to the units it goes to."""

    code = "handover.something_moved"
    says = _("Đã có mục chuyển đi hoặc đã kê, nên không bỏ bản xem trước được nữa. Hãy chuyển trở lại trước.")


class TakenAlready(TellPerson):
    """This very spreadsheet was taken in before."""

    code = "handover.taken_already"
    says = _("Tệp này đã nhập vào bảng kê rồi. Nếu cần nhập thêm, hãy gửi tệp chỉ có các dòng mới.")


class Received(TellPerson):
    """The other side counted it in already."""

    code = "handover.received_already"
    says = _("Mục này bên nhận đã xác nhận nên không sửa được. Bên nhận bỏ xác nhận trước nếu ghi nhầm.")


class PartOfWhole(TellPerson):
    """A part of a divided thing: changed alone, the parts would not add up any more."""

    code = "handover.part_of_whole"
    says = _("Mục này là một phần của mục đã chia. Hãy mở mục gốc, gộp lại rồi sửa.")


class InASealedBox(TellPerson):
    """What lies in a sealed or travelling box is not changed from afar."""

    code = "handover.in_a_sealed_box"

    def __init__(self, box_code: str) -> None:
        self.box_code = box_code

    def message(self) -> str:
        return _("Mục này nằm trong hộp %(code)s đã niêm phong. Hộp đến nơi, mở ra đếm rồi ghi khác biệt nếu có.") % {
            "code": self.box_code
        }


class NotForThisBox(TellPerson):
    """A scanned code does not belong into the box."""

    code = "handover.not_for_this_box"

    def __init__(self, item_code: str, why: str) -> None:
        self.item_code, self.why = item_code, why

    def message(self) -> str:
        return _("Chưa xếp gì thêm: mã %(code)s %(why)s.") % {"code": self.item_code, "why": self.why}


class WrongStep(TellPerson):
    """The box is not at the point where this can be done."""

    code = "handover.wrong_step"

    def __init__(self, box: Box) -> None:
        self.box_code, self.state = box.code, box.get_state_display()

    def message(self) -> str:
        return _("Hộp %(code)s đang ở bước “%(state)s” nên chưa làm được việc này. Hãy tải lại trang.") % {
            "code": self.box_code,
            "state": self.state,
        }


class NotComing(TellPerson):
    """A scanned code is not on its way to this unit."""

    code = "handover.not_coming"

    def __init__(self, item_code: str, why: str) -> None:
        self.item_code, self.why = item_code, why

    def message(self) -> str:
        return _("Mã %(code)s %(why)s.") % {"code": self.item_code, "why": self.why}


class NotReady(TellPerson):
    """Something is missing; `blockers` say what, and who owes it."""

    code = "handover.not_ready"

    def __init__(self, blockers: list[Blocker]) -> None:
        self.blockers = blockers

    def message(self) -> str:
        return _("Chưa lập được biên bản. %(why)s") % {"why": " ".join(one.words for one in self.blockers)}

    def details(self) -> dict[str, object]:
        return {"missing": [one.words for one in self.blockers]}


class MinutesOutdated(TellPerson):
    """Something changed since it was drafted."""

    code = "handover.minutes_outdated"
    says = _("Từ khi lập biên bản đã có thay đổi trong bảng kê hoặc xác nhận nhận. Hãy lập lại biên bản rồi ký.")


class SignedByThem(TellPerson):
    """The side signed already, or the same person signed for another side."""

    code = "handover.signed_by_them"
    says = _(
        "Bên này đã ký, hoặc chính người này đã ký cho bên khác. Mỗi bên một người ký; muốn ký tay thay ký số thì lập lại."
    )


class NotToSeal(TellPerson):
    """Not all have signed on screen yet, or the side has its seal."""

    code = "handover.not_to_seal"
    says = _("Đóng dấu sau khi cả ba bên đã ký số, mỗi bên một lần. Bản ký tay thì đóng dấu trên giấy rồi chụp.")


class NotAllSigned(TellPerson):
    code = "handover.not_all_signed"
    says = _("Chưa đủ chữ ký bên giao, bên nhận và người chứng kiến nên chưa khép được biên bản.")


class SameSideCloses(TellPerson):
    """Of a scan of hand-written signatures one side alone would be the only witness."""

    code = "handover.same_side_closes"
    says = _("Bản ký tay do bên này gửi lên. Người của bên kia, hoặc của thành phố, đối chiếu bản chụp rồi khép.")


class NothingToAdd(TellPerson):
    """Additional minutes need something that was settled, disputed or found since."""

    code = "handover.nothing_to_add"
    says = _("Từ biên bản trước chưa có khác biệt nào được làm rõ, chưa có mục nào thêm, nên chưa có gì để lập bổ sung.")


class CannotClose(TellPerson):
    """Something is still owed."""

    code = "handover.cannot_close"

    def __init__(self, rows: list[Owed]) -> None:
        self.rows = rows

    def message(self) -> str:
        return _(
            "Chưa khép được đợt chuyển giao: còn %(units)s đơn vị cũ chưa xong. Xem từng việc ở bảng theo dõi bàn giao."
        ) % {"units": len(self.rows)}

    def details(self) -> dict[str, object]:
        return {"units": [row.unit_id for row in self.rows]}
