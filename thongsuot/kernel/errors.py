"""Expected refusals. Anything else that rises is a bug and is logged as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Row = TypeVar("Row")


class TellPerson(Exception):
    """An expected "no": what happened and what to do next.

    `code` is stable and part of the API; `status` is the HTTP status of pages and answers;
    `says` is the sentence, without blame and jargon, and may name attributes of the refusal: "%(limit_mb)s MB";
    `details()` are facts a program may use. Where the sentence must be made, `message()` makes it.
    """

    code = "kernel.refused"
    status = 409
    says: _StrPromise

    def message(self) -> str:
        return self.says % vars(self) if vars(self) else str(self.says)

    def details(self) -> dict[str, object]:
        return {}

    def __str__(self) -> str:
        return self.code


class NotYourDuty(TellPerson):
    """The actor holds no appointment that gives this duty in this unit."""

    code = "kernel.not_your_duty"
    status = 403
    says = _("Việc này không thuộc nhiệm vụ của bạn tại đơn vị này. Hãy chuyển cho người được phân công.")

    def __init__(self, duty: str) -> None:
        self.duty = duty

    def details(self) -> dict[str, object]:
        return {"duty": self.duty}


class NotFound(TellPerson):
    """Nothing there, or nothing this person may know of: the answer is the same."""

    code = "kernel.not_found"
    status = 404
    says = _("Không tìm thấy nội dung này. Hãy kiểm tra lại đường dẫn hoặc quay về trang chủ.")


def must_exist(row: Row | None) -> Row:
    """What was looked up. Raises NotFound when there is nothing."""
    if row is None:
        raise NotFound
    return row


class BadInput(TellPerson):
    """What was sent cannot be used. `problems` maps a field to the sentence shown beside it."""

    code = "kernel.bad_input"
    status = 422

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems

    def message(self) -> str:
        return _("Có chỗ cần sửa trước khi gửi lại: %(problems)s") % {"problems": "; ".join(self.problems.values())}

    def details(self) -> dict[str, object]:
        return {"problems": self.problems}
