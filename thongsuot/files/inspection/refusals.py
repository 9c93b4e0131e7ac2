"""Why content is not taken, each with what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.errors import TellPerson


class FileTypeRefused(TellPerson):
    """Not one of the types we take. `looks_like` is a guess at what it is: an ending without its dot, or empty.

    table   a list was asked for
    photo   a photograph was asked for
    """

    code = "files.type_refused"
    status = 415

    def __init__(self, looks_like: str = "", *, table: bool = False, photo: bool = False) -> None:
        self.looks_like, self.table, self.photo = looks_like, table, photo

    def message(self) -> str:
        match self.looks_like:
            case "heic":
                return _(
                    "Chưa nhận được ảnh HEIC. Trên iPhone, mở Cài đặt, Camera, Định dạng, chọn Tương thích nhất rồi chụp lại. "
                    "Nếu không chụp lại được, hãy mở ảnh, chụp màn hình và gửi ảnh chụp màn hình đó."
                )
            case "doc" | "xls" | "ppt" | "rtf" if not self.photo:
                return _("Chưa nhận được tệp văn phòng kiểu cũ. Hãy mở tệp, lưu thành PDF hoặc DOCX rồi gửi lại.")
            case "zip" | "rar" | "7z" if not self.photo:
                return _("Chưa nhận được tệp nén. Hãy giải nén rồi gửi từng tệp bên trong.")
        if self.photo:
            return _("Chỉ nhận ảnh JPEG và PNG. Hãy chụp bằng máy ảnh của điện thoại, hoặc mở ảnh, chụp màn hình rồi gửi.")
        if self.table:
            return _("Chỉ nhận bảng .xlsx hoặc .csv. Hãy dùng tệp mẫu của trang này.")
        return _("Chỉ nhận PDF, ảnh JPEG, PNG, TIFF và tệp DOCX, XLSX, ODT. Hãy chụp hoặc lưu lại ở một trong các dạng đó.")

    def details(self) -> dict[str, object]:
        return {"looks_like": self.looks_like}


class FileBroken(TellPerson):
    """Recognised, but it does not hold together: cut off in transfer, damaged, or empty."""

    code = "files.broken"
    status = 422

    def __init__(self, what: str = "document") -> None:
        self.what = what  # document, image, empty

    def message(self) -> str:
        match self.what:
            case "image":
                return _("Không đọc được ảnh này. Hãy chụp lại, đủ bốn góc, không lóa.")
            case "empty":
                return _("Tệp này không có nội dung. Hãy chọn lại tệp rồi gửi.")
        return _("Không mở được tệp này, có thể tệp đã hỏng khi lưu. Hãy lưu lại thành tệp mới rồi gửi.")

    def details(self) -> dict[str, object]:
        return {"what": self.what}


class FileProtected(TellPerson):
    """Locked by a password: the officer could not read it, nor the archive in ten years."""

    code = "files.protected"
    status = 422
    says = gettext_lazy("Tệp này đang khóa bằng mật khẩu. Hãy bỏ mật khẩu, hoặc in ra PDF mới, rồi gửi lại.")


class FileUnsafe(TellPerson):
    """It carries something that acts by itself or blows up when opened."""

    code = "files.unsafe"
    status = 422

    def __init__(self, what: str) -> None:
        self.what = what  # macro, script, embedded, external, unpacked_size, pixels, pages

    def message(self) -> str:
        match self.what:
            case "macro":
                return _("Tệp này có macro nên không nhận được. Hãy lưu thành PDF rồi gửi lại.")
            case "script":
                return _("Tệp PDF này có lệnh tự chạy nên không nhận được. Hãy in ra PDF mới rồi gửi lại.")
            case "embedded":
                return _("Tệp này có tệp khác nằm bên trong nên không nhận được. Hãy gửi riêng từng tệp, hoặc in ra PDF.")
            case "external":
                return _("Tệp này tự lấy nội dung từ nơi khác khi mở nên không nhận được. Hãy lưu thành PDF rồi gửi lại.")
            case "pixels" | "pages":
                return _("Ảnh này quá lớn để mở. Hãy quét hoặc chụp lại ở cỡ nhỏ hơn.")
        return _("Tệp này nở ra quá lớn khi mở nên không nhận được. Hãy lưu thành PDF rồi gửi lại.")

    def details(self) -> dict[str, object]:
        return {"what": self.what}
