"""What the figures are called, and the rule that put a dossier where it is, as sentences."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.indicators.queries.dossiers import Behind
from thongsuot.indicators.rules import Verdict

VERDICTS: dict[Verdict, Promise] = {
    Verdict.RESULT_IN_TIME: gettext_lazy("Có kết quả đúng hạn."),
    Verdict.RESULT_LATE: gettext_lazy("Có kết quả sau hạn."),
    Verdict.TWO_SUPPLEMENTS: gettext_lazy("Yêu cầu bổ sung hơn một lần và chưa có kết quả: tính là quá hạn."),
    Verdict.TWO_SUPPLEMENTS_ENDED: gettext_lazy("Yêu cầu bổ sung hơn một lần rồi kết thúc không có kết quả: tính là quá hạn."),
    Verdict.ENDED_IN_TIME: gettext_lazy("Rút hoặc dừng trước hạn: lấy lúc kết thúc để so với hạn."),
    Verdict.ENDED_LATE: gettext_lazy("Rút hoặc dừng sau hạn: lấy lúc kết thúc để so với hạn."),
    Verdict.ENDED_WAITING: gettext_lazy("Kết thúc khi đang chờ người dân; lúc bắt đầu chờ còn trong hạn."),
    Verdict.ENDED_WAITING_LATE: gettext_lazy("Kết thúc khi đang chờ người dân; lúc bắt đầu chờ đã quá hạn."),
    Verdict.WAITING: gettext_lazy("Đang chờ người dân: lấy lúc bắt đầu chờ, khi đó còn trong hạn."),
    Verdict.WAITING_LATE: gettext_lazy("Đang chờ người dân: lấy lúc bắt đầu chờ, khi đó đã quá hạn."),
    Verdict.OPEN_IN_TIME: gettext_lazy("Chưa xong, cuối kỳ còn trong hạn."),
    Verdict.OPEN_LATE: gettext_lazy("Chưa xong, cuối kỳ đã quá hạn."),
}


def why(row: Behind, code: str) -> str:
    """The rule of this item that put the dossier there."""
    if code in ("2.1", "2.2", "5.4"):
        return str(VERDICTS[row.verdict])
    online, result = row.channel == 2, row.e_result or not row.paper_result
    if code in ("3.3", "3a"):
        if online and result:
            return _("Nộp trực tuyến, kết quả điện tử đủ.")
        return _("Nộp trực tuyến, chưa có kết quả điện tử.") if online else _("Không nộp trực tuyến.")
    if code == "4.1":
        return _("Đã có kết quả điện tử ký số.") if row.e_result else _("Chưa có kết quả điện tử ký số.")
    if code == "4.2":
        if row.digitised:
            return (
                _("Đủ giấy tờ dạng số và kết quả điện tử.")
                if row.e_result
                else _("Đủ giấy tờ dạng số, chưa có kết quả điện tử.")
            )
        return _("Còn giấy tờ chưa có bản số.") if row.has_papers else _("Không có giấy tờ nào phải số hóa.")
    if code == "4.3":
        return _("Có giấy tờ dùng lại từ kho.") if row.reused else _("Không có giấy tờ nào dùng lại từ kho.")
    if code == "4.4":
        if row.reused:
            return _("Có giấy tờ dùng lại từ kho.")
        return _("Kết quả đã đưa vào kho.") if row.linked else _("Không lấy giấy tờ từ kho, kết quả chưa đưa vào kho.")
    if code == "1.4":
        return _("Đã đồng bộ lên Cổng.") if row.synced else _("Chưa đồng bộ lên Cổng.")
    if code == "3.6":
        return _("Đã trả trực tuyến.") if row.paid_online else _("Chưa trả, hoặc đã trả tiền mặt.")
    if code == "4.5b":
        return _("Có giấy tờ tra từ dữ liệu.") if row.population else _("Không có giấy tờ nào tra từ dữ liệu.")
    return ""


def decimal(value: Decimal | float | None, *, places: int = 2) -> str:
    """'18,50'; a dash for no data."""
    return "-" if value is None else f"{value:.{places}f}".replace(".", ",")


def short(value: Decimal) -> str:
    """A number of points without noughts nobody needs: 6, 2,5."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",") if value else "0"


def percent(value: Decimal | float | None) -> str:
    return "-" if value is None else f"{decimal(value, places=1)} %"
