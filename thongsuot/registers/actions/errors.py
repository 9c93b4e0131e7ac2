"""What the registers refuse, and what to do then."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson


class NotForTheRegister(TellPerson):
    """The dossier's procedure makes no entry, or no copy of one."""

    code = "registers.not_for_the_register"
    says = _("Thủ tục của hồ sơ này không ghi vào sổ hộ tịch theo cách này. Hãy mở đúng hồ sơ rồi làm lại.")


class NotAtThatStep(TellPerson):
    """The dossier is not at the step in which its result is drafted."""

    code = "registers.not_at_that_step"
    says = _("Hồ sơ chưa ở, hoặc đã qua, bước thẩm tra và dự thảo kết quả. Hãy chuyển hồ sơ về bước đó trước.")


class AlreadyEntered(TellPerson):
    """The dossier has its entry."""

    code = "registers.already_entered"
    says = _("Hồ sơ này đã được ghi vào sổ, số %(number)s. Hãy mở mục đó thay vì ghi lần nữa.")

    def __init__(self, entry_id: int, number: str) -> None:
        self.entry_id, self.number = entry_id, number

    def details(self) -> dict[str, object]:
        return {"entry": self.entry_id}


class EntryStands(TellPerson):
    """The dossier made an entry that still counts: it cannot end as if nothing had been registered."""

    code = "registers.entry_stands"
    says = _(
        "Việc hộ tịch của hồ sơ này đã được ghi vào sổ, số %(number)s, nên chưa rút hoặc dừng được. "
        "Người giữ sổ hủy mục đó theo quyết định của cấp có thẩm quyền trước, rồi làm lại."
    )

    def __init__(self, entry_id: int, number: str) -> None:
        self.entry_id, self.number = entry_id, number

    def details(self) -> dict[str, object]:
        return {"entry": self.entry_id}


class PersonKnown(TellPerson):
    """The registers seem to hold this event already, or a marriage that still stands."""

    code = "registers.person_known"
    says = _("Trong sổ đã có mục có vẻ của cùng người, cùng việc. Hãy đối chiếu; nếu vẫn ghi, đánh dấu và nêu lý do.")

    def __init__(self, entry_ids: Sequence[int]) -> None:
        self.entry_ids = list(entry_ids)

    def details(self) -> dict[str, object]:
        return {"entries": self.entry_ids}


class EntryCancelled(TellPerson):
    code = "registers.entry_cancelled"
    says = _("Mục này đã bị thu hồi, hủy bỏ, nên không ghi thêm và không cấp giấy từ mục này được.")


class AlreadyProposed(TellPerson):
    code = "registers.already_proposed"
    says = _("Dòng này đã có đề xuất đang chờ quyết định, hoặc đã xử lý xong. Hãy tải lại trang.")


class SecondPersonNeeded(TellPerson):
    """Who proposed may not decide."""

    code = "registers.second_person_needed"
    status = 403
    says = _("Đề xuất này do chính bạn lập. Cần một người khác có nhiệm vụ hộ tịch quyết định.")


class StillDoubtful(TellPerson):
    """The row as proposed cannot be stored."""

    code = "registers.still_doubtful"
    status = 422

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)

    def message(self) -> str:
        return _("Dòng này chưa vào sổ được: %(why)s") % {"why": " ".join(self.sentences)}

    def details(self) -> dict[str, object]:
        return {"why": self.sentences}
