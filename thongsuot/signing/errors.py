"""Refusals of signing: what happened and what to do next. None of them repeats a PIN."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.errors import TellPerson


class CannotSign(TellPerson):
    """Base of all refusals to sign."""

    code = "signing.refused"


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y}"


class NoCertificate(CannotSign):
    code = "signing.no_certificate"

    def __init__(self, *, agency: bool) -> None:
        self.agency = agency

    def message(self) -> str:
        if self.agency:
            return _("Cơ quan chưa có chứng thư chữ ký số. Hãy đề nghị cấp chứng thư, hoặc ký và đóng dấu trên giấy.")
        return _("Bạn chưa có chứng thư chữ ký số cho chức vụ này. Hãy đề nghị cấp chứng thư, hoặc ký tay trên giấy.")


class CertificateExpired(CannotSign):
    code = "signing.certificate_expired"

    def __init__(self, not_after: datetime) -> None:
        self.not_after = not_after

    def message(self) -> str:
        return _("Chứng thư chữ ký số đã hết hạn ngày %(day)s nên không ký được. Hãy đề nghị gia hạn.") % {
            "day": _day(self.not_after)
        }


class CertificateNotYetValid(CannotSign):
    code = "signing.certificate_not_yet_valid"

    def __init__(self, not_before: datetime) -> None:
        self.not_before = not_before

    def message(self) -> str:
        return _("Chứng thư chữ ký số chỉ có hiệu lực từ ngày %(day)s. Hãy ký từ ngày đó.") % {"day": _day(self.not_before)}


class CertificateRevoked(CannotSign):
    code = "signing.certificate_revoked"
    says = gettext_lazy("Chứng thư chữ ký số đã bị thu hồi nên không ký được. Hãy đề nghị cấp chứng thư mới.")


class BodyEnded(CannotSign):
    """A reorganisation ended the body; its certificate is still good by its own dates."""

    code = "signing.body_ended"

    def __init__(self, on: date) -> None:
        self.on = on

    def message(self) -> str:
        return _(
            "Cơ quan ghi trên chứng thư chữ ký số đã kết thúc từ ngày %(day)s nên không ký được nữa. "
            "Hãy thu hồi chứng thư này và đề nghị cấp chứng thư cho cơ quan mới."
        ) % {"day": f"{self.on:%d/%m/%Y}"}


class CertificateSuspended(CannotSign):
    code = "signing.certificate_suspended"
    says = gettext_lazy("Chứng thư chữ ký số đang tạm dừng. Hãy liên hệ người quản lý chứng thư để dùng lại.")


class CertificateNotDelivered(CannotSign):
    code = "signing.certificate_not_delivered"
    says = gettext_lazy("Chứng thư chữ ký số đã cấp nhưng chưa bàn giao và kích hoạt. Hãy nhận bàn giao trước khi ký.")


class WrongPost(CannotSign):
    """The certificate names a post that its holder does not hold on that day."""

    code = "signing.wrong_post"
    says = gettext_lazy(
        "Chứng thư ghi chức vụ “%(post)s” nhưng bạn không giữ chức vụ đó hôm nay. Hãy đề nghị cấp chứng thư mới."
    )

    def __init__(self, post: str) -> None:
        self.post = post


class WrongUnit(CannotSign):
    code = "signing.wrong_unit"
    says = gettext_lazy(
        "Chứng thư này thuộc đơn vị khác nên không ký được văn bản của đơn vị này. Hãy chuyển cho người có thẩm quyền."
    )


class WrongPin(CannotSign):
    code = "signing.wrong_pin"
    status = 403

    def __init__(self, left: int | None = None) -> None:
        self.left = left

    def message(self) -> str:
        if self.left is None:
            return _("Mã PIN không đúng. Hãy nhập lại.")
        return _("Mã PIN không đúng, còn %(left)s lần thử. Hãy xem lại và nhập lại.") % {"left": self.left}

    def details(self) -> dict[str, object]:
        return {} if self.left is None else {"tries_left": self.left}


class PinNeeded(CannotSign):
    code = "signing.pin_needed"
    status = 422
    says = gettext_lazy("Hãy nhập mã PIN của chứng thư để ký số, hoặc chọn ký tay trên giấy và ghi lý do.")


class KeyLocked(CannotSign):
    code = "signing.key_locked"
    status = 429

    def __init__(self, until: datetime | None = None) -> None:
        self.until = until

    def message(self) -> str:
        if self.until is None:
            return _("Thiết bị lưu khóa đã bị khóa vì nhập sai mã PIN nhiều lần. Hãy đề nghị khôi phục thiết bị.")
        return _("Khóa ký đang tạm khóa đến %(until)s vì nhập sai mã PIN nhiều lần. Hãy thử lại sau lúc đó.") % {
            "until": f"{timezone.localtime(self.until):%H:%M %d/%m/%Y}"
        }


class TokenAbsent(CannotSign):
    code = "signing.token_absent"
    says = gettext_lazy("Không thấy thiết bị lưu khóa. Hãy cắm thiết bị vào máy chủ ký số rồi thử lại.")


class NotAPdf(CannotSign):
    code = "signing.not_a_pdf"
    status = 422
    says = gettext_lazy("Chỉ ký số được tệp PDF còn nguyên vẹn. Hãy xuất văn bản ra PDF rồi đính kèm lại.")


class PdfEncrypted(CannotSign):
    code = "signing.pdf_encrypted"
    status = 422
    says = gettext_lazy("Tệp PDF này được bảo vệ bằng mật khẩu. Hãy lưu lại thành tệp không có mật khẩu.")


class NoPdfToCheck(NotAPdf):
    """The same, said to who wants to know what a file's signatures are worth."""

    says = gettext_lazy("Tệp này không phải PDF, hoặc PDF đã hỏng, nên không đọc được chữ ký. Hãy chọn đúng tệp PDF đã nhận.")


class EncryptedToCheck(PdfEncrypted):
    """Saved without its password the file would lose its signatures: only who made it can help."""

    says = gettext_lazy("Tệp PDF này có mật khẩu nên không đọc được chữ ký. Hãy xin nơi gửi bản không đặt mật khẩu.")


class PdfLocked(CannotSign):
    """Certified, or locked by an earlier signature: another one would break it."""

    code = "signing.pdf_locked"
    says = gettext_lazy("Tệp PDF này đã được khóa, không cho ký thêm. Hãy dùng bản chưa khóa.")


class PdfTooComplex(CannotSign):
    """Reading it took more time or memory than an honest file needs."""

    code = "signing.pdf_too_complex"
    status = 422
    says = gettext_lazy("Tệp PDF này quá phức tạp hoặc bị hỏng nên không đọc được. Hãy in lại ra một tệp PDF mới.")


class AgencyBeforePerson(CannotSign):
    """NĐ 30/2020/NĐ-CP, Phụ lục I: the person signs first, the agency over it."""

    code = "signing.agency_before_person"
    says = gettext_lazy("Văn bản chưa có chữ ký số của người có thẩm quyền. Hãy trình ký trước, cơ quan ký sau.")


class StamperSilent(CannotSign):
    code = "signing.stamper_silent"
    status = 503
    says = gettext_lazy(
        "Dịch vụ dấu thời gian hoặc kiểm tra chứng thư không trả lời nên chưa ký được. Hãy thử lại sau ít phút."
    )


class TestAuthorityOff(CannotSign):
    code = "signing.test_authority_off"
    says = gettext_lazy("Cơ quan chứng thực THỬ NGHIỆM không được dùng ở đây. Hãy đề nghị chứng thư chuyên dùng công vụ.")


class WeakPin(TellPerson):
    code = "signing.weak_pin"
    status = 422
    says = gettext_lazy("Mã PIN cần 6 đến 64 ký tự, không dấu cách, không phải một dãy liền nhau. Hãy chọn mã khác.")


class BadCertificate(TellPerson):
    code = "signing.bad_certificate"
    status = 422

    def __init__(self, why: str) -> None:
        self.why = why

    def message(self) -> str:
        return self.why


class MoveRefused(TellPerson):
    code = "signing.move_refused"
    says = gettext_lazy("Chứng thư hoặc đề nghị không còn ở bước này. Hãy tải lại trang để xem bước tiếp theo.")


class AlreadyAsked(TellPerson):
    code = "signing.already_asked"
    says = gettext_lazy("Đã có một đề nghị như vậy đang chờ. Hãy theo dõi đề nghị đó.")


class ProofNotFound(TellPerson):
    code = "signing.proof_not_found"
    status = 404
    says = gettext_lazy("Không có giấy tờ nào mang mã này. Hãy xem lại mã in cạnh hình QR và nhập lại.")


class TooBigToCheck(TellPerson):
    code = "signing.too_big"
    status = 413

    def __init__(self, limit_mb: int) -> None:
        self.limit_mb = limit_mb

    def message(self) -> str:
        return _("Tệp lớn hơn %(limit)s MB là giới hạn. Hãy kiểm tra bản nhỏ hơn.") % {"limit": self.limit_mb}


class UntrustedIssuer(CannotSign):
    """The chain does not end at a trusted root, or nobody could say that the certificate still holds."""

    code = "signing.untrusted_issuer"
    says = gettext_lazy(
        "Không xác nhận được chứng thư với cơ quan cấp nên chưa ký. Hãy báo người quản lý chứng thư xem danh sách tin cậy."
    )


class ReaderBusy(CannotSign):
    """Too many files wait to be read at once."""

    code = "signing.reader_busy"
    status = 503
    says = gettext_lazy("Đang có nhiều tệp chờ kiểm tra. Hãy thử lại sau một phút.")


class TooManyChecks(TellPerson):
    """From one address, within a minute."""

    code = "signing.too_many_checks"
    status = 429
    says = gettext_lazy("Vừa có nhiều tệp liền nhau gửi đến từ nơi của bạn. Hãy chờ một phút rồi thử lại.")
