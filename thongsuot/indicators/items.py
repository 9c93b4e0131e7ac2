"""The items of the index: what each counts, as formulas over sums and as words. Points and dates: `data/items.csv`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.queries import figures as feedback
from thongsuot.feedback.words import Stream
from thongsuot.indicators import facts, rules
from thongsuot.indicators.queries.catalogue import Offered
from thongsuot.indicators.queries.sums import Sums
from thongsuot.kernel.text import number


@dataclass(frozen=True)
class Given:
    """What a formula may read: sums over the scope and the period, and what the scope offers on the last day.

    tickets   sums of feedback by stream; None where the scope is none of units alone
    streams   those that the item counts, by its dated row
    """

    sums: Sums
    offered: Offered
    tickets: Mapping[str, feedback.Sums] | None = None
    streams: frozenset[str] = frozenset({Stream.REGULATION})

    @property
    def handled(self) -> feedback.Sums:
        """Of the streams that count, together."""
        return feedback.together(one for stream, one in (self.tickets or {}).items() if stream in self.streams)


@dataclass(frozen=True, kw_only=True)
class Formula:
    """One item.

    counts     (numerator, denominator); None where nothing here knows them
    source     the fact (`facts.py`) without which there is no figure either
    known      whether what is counted is known of everything in the scope and the period
    part, whole  conditions about a fact `f`: which dossiers are behind the figure; empty when it does not count dossiers
    no_data    the reason, when there are no counts
    remark     what the reader must know although there is a figure
    by_synced  the rate is multiplied by the share of dossiers the national portal knows, where that is known
    tickets    which figures of feedback (`queries.behind.BEHIND`) are behind numerator, denominator and the rest
    tells      the remark, where it says something of what was counted
    """

    name: Promise
    says: Promise
    counts: Callable[[Given], tuple[int, int]] | None = None
    source: str = ""
    known: Callable[[Given], bool] | None = None
    part: str = ""
    whole: str = ""
    no_data: Promise | None = None
    remark: Promise | None = None
    unit: str = "%"
    by_synced: bool = False
    tickets: Mapping[str, str] = field(default_factory=dict)
    tells: Callable[[Given], str] | None = None

    def counted(self, given: Given) -> tuple[int, int] | None:
        """The counts as far as this installation knows them: asked at each call, not when the code is loaded."""
        if self.counts is None or (self.source and not facts.has_source(self.source)):
            return None
        if self.tickets and given.tickets is None:
            return None
        if self.known is not None and not self.known(given):
            return None
        return self.counts(given)

    def rate(self, given: Given) -> Decimal | None:
        """In per cent; None without anything to divide, and of what is no share."""
        counts = self.counted(given)
        found = rules.rate(*counts) if counts is not None and self.unit == "%" else None
        if found is None or not self.by_synced or not facts.has_source("synced"):
            return found
        return found * given.sums["synced"] / given.sums["received"]

    def told(self, given: Given) -> str:
        """The remark; of a rate that is multiplied, by what."""
        if self.tells is not None:
            return self.tells(given)
        if not self.by_synced:
            return str(self.remark or "")
        if not facts.has_source("synced"):
            return gettext("Chưa nhân với tỷ lệ đồng bộ, vì chưa có số liệu đồng bộ.")
        return gettext("Kết quả đã nhân với tỷ lệ đồng bộ: %(synced)s trên %(received)s hồ sơ tiếp nhận.") % {
            "synced": number(given.sums["synced"]),
            "received": number(given.sums["received"]),
        }


GROUPS: dict[str, Promise] = {
    "1": _("Công khai, minh bạch"),
    "2": _("Tiến độ giải quyết"),
    "3a": _("Dịch vụ trực tuyến"),
    "3b": _("Thanh toán trực tuyến"),
    "4": _("Số hóa hồ sơ"),
    "5": _("Mức độ hài lòng"),
}
BANDS: dict[str, Promise] = {
    "excellent": _("Xuất sắc"),
    "good": _("Tốt"),
    "fair": _("Khá"),
    "average": _("Trung bình"),
    "weak": _("Yếu"),
}

RECEIVED = "f.received_on BETWEEN %(first)s AND %(last)s"
# Received or processed in the period, and how it stands at its end (rules.verdict says why).
OF_PERIOD = "f.received_on <= %(last)s AND (f.closed_on IS NULL OR f.closed_on >= %(first)s)"
CLOSED_BY = "(f.closed_on IS NOT NULL AND f.closed_at <= %(as_of)s)"
IN_TIME = f"CASE WHEN {CLOSED_BY} THEN f.in_time ELSE f.late_at IS NULL OR f.late_at >= %(as_of)s END"


def _of_received(name: str, whole: str = "received") -> Callable[[Given], tuple[int, int]]:
    return lambda given: (given.sums[name], given.sums[whole])


def _ways_known(given: Given) -> bool:
    return given.sums["way_known"] == given.sums["charged"]


def _satisfied(given: Given) -> tuple[int, int]:
    sums = given.sums
    return max(0, sums.in_time - sums["disliked"]), sums.of_period


def _by_class(given: Given) -> str:
    counts = [(Stream(one).label, sums["received"]) for one, sums in (given.tickets or {}).items() if sums["received"]]
    return "; ".join(f"{label}: {number(count)}" for label, count in counts)


def _which(given: Given) -> str:
    return gettext("Luồng được tính: %(streams)s. Văn bản không nói rõ luồng nào: cần đối chiếu.") % {
        "streams": "; ".join(str(one.label) for one in Stream if one in given.streams)
    }


ITEMS: dict[str, Formula] = {
    "1.1": Formula(
        name=_("Công bố thủ tục đúng hạn"),
        says=_("Thủ tục có quyết định công bố ban hành đúng hạn trên số thủ tục được công bố trong kỳ."),
        counts=lambda given: (given.offered.announced_in_time, given.offered.announced),
        remark=_(
            "Quyết định phải ký trước ngày hiệu lực của văn bản căn cứ mới nhất ít nhất 5 ngày làm việc; "
            "không tính quyết định mà danh mục chưa ghi ngày hiệu lực đó."
        ),
    ),
    "1.2": Formula(
        name=_("Cập nhật lên cơ sở dữ liệu quốc gia đúng hạn"),
        says=_("Thủ tục được công khai chậm nhất 5 ngày làm việc sau quyết định trên số phải công khai."),
        counts=lambda given: (given.offered.shown_in_time, given.offered.shown),
        remark=_("Tính lúc công bố trong hệ thống này, vì danh mục chưa nối với cơ sở dữ liệu quốc gia."),
    ),
    "1.3": Formula(
        name=_("Công khai đủ nội dung"),
        says=_("Thủ tục có đủ các phần bắt buộc trên số thủ tục đang công khai, tính vào ngày cuối kỳ."),
        counts=lambda given: (given.offered.complete, given.offered.procedures),
        remark=_("Xét tên, trình tự, cách nộp, thành phần, thời hạn, đối tượng, cơ quan giải quyết."),
    ),
    "1.4": Formula(
        name=_("Đồng bộ hồ sơ lên Cổng Dịch vụ công quốc gia"),
        says=_("Hồ sơ đã đồng bộ trên số hồ sơ tiếp nhận trong kỳ."),
        counts=_of_received("synced"),
        source="synced",
        part=f"{RECEIVED} AND f.synced",
        whole=RECEIVED,
        no_data=facts.REASONS["synced"],
        remark=_("Mẫu số là số hồ sơ tiếp nhận trong hệ thống, chưa đối chiếu với số liệu báo cáo quốc gia."),
    ),
    "2.1": Formula(
        name=_("Giải quyết sớm và đúng hạn"),
        says=_("Hồ sơ xong đúng hạn và hồ sơ còn trong hạn trên số hồ sơ tiếp nhận hoặc được xử lý trong kỳ."),
        counts=lambda given: (given.sums.in_time, given.sums.of_period),
        part=f"{OF_PERIOD} AND {IN_TIME}",
        whole=OF_PERIOD,
    ),
    "2.2": Formula(
        name=_("Thời gian giải quyết trung bình"),
        says=_("Tổng thời gian xử lý trên số hồ sơ đã xong trong kỳ, không kể lúc đồng hồ dừng; so theo từng thủ tục."),
        counts=lambda given: (given.sums["spent_minutes"], given.sums.resolved),
        whole="f.closed_on BETWEEN %(first)s AND %(last)s AND f.status IN (9, 10)",
        unit="h",
    ),
    "3.1": Formula(
        name=_("Thủ tục được cung cấp trực tuyến"),
        says=_("Thủ tục nộp được trực tuyến trên số thủ tục thuộc thẩm quyền, tính vào ngày cuối kỳ."),
        counts=lambda given: (given.offered.online, given.offered.procedures),
    ),
    "3.2": Formula(
        name=_("Dịch vụ trực tuyến có phát sinh hồ sơ"),
        says=_("Dịch vụ có ít nhất một hồ sơ trực tuyến trong kỳ trên số dịch vụ trực tuyến."),
        counts=lambda given: (given.offered.online_used, given.offered.online),
    ),
    "3.3": Formula(
        name=_("Hồ sơ trực tuyến"),
        says=_(
            "Hồ sơ nộp trực tuyến và có kết quả điện tử, nếu phải có kết quả, trên số hồ sơ tiếp nhận, nhân với tỷ lệ đồng bộ."
        ),
        counts=_of_received("online_full"),
        part=f"{RECEIVED} AND f.channel = 2 AND (f.e_result OR NOT f.paper_result)",
        whole=RECEIVED,
        by_synced=True,
    ),
    "3a": Formula(
        name=_("Hồ sơ trực tuyến toàn trình"),
        says=_("Hồ sơ nộp trực tuyến có kết quả điện tử trên số hồ sơ của các thủ tục toàn trình."),
        counts=_of_received("eligible_online", "eligible"),
        part=f"{RECEIVED} AND f.eligible AND f.channel = 2 AND (f.e_result OR NOT f.paper_result)",
        whole=f"{RECEIVED} AND f.eligible",
    ),
    "3.5a": Formula(
        name=_("Thủ tục có thể thanh toán trực tuyến"),
        says=_("Thủ tục có phí, lệ phí trả được trực tuyến trên số thủ tục có phí, lệ phí."),
        counts=lambda given: (given.offered.payable, given.offered.charged),
        remark=_("Trả trực tuyến được khi một đơn vị có thẩm quyền đã có tài khoản thu phí thử đạt, tính vào ngày cuối kỳ."),
    ),
    "3.5b": Formula(
        name=_("Thủ tục có phát sinh thanh toán trực tuyến"),
        says=_("Thủ tục có ít nhất một lần thanh toán trực tuyến trên số thủ tục có phí, lệ phí."),
        counts=lambda given: (given.offered.paid_online, given.offered.charged),
        known=_ways_known,
        no_data=facts.REASONS["paid_online"],
        remark=_("Tính theo hồ sơ tiếp nhận trong kỳ, trả qua cổng thanh toán hoặc chuyển khoản VietQR."),
    ),
    "3.6": Formula(
        name=_("Hồ sơ thanh toán trực tuyến"),
        says=_("Hồ sơ trả phí, lệ phí trực tuyến trên số hồ sơ có phí, lệ phí, tiếp nhận trong kỳ."),
        counts=_of_received("paid_online", "charged"),
        known=_ways_known,
        part=f"{RECEIVED} AND f.charged AND f.paid_online",
        whole=f"{RECEIVED} AND f.charged",
        no_data=facts.REASONS["paid_online"],
        remark=_("Không tính khoản bằng 0, khoản đã hoàn và khoản đơn vị cũ đã thu trước khi bàn giao hồ sơ."),
    ),
    "4.1": Formula(
        name=_("Hồ sơ có kết quả điện tử"),
        says=_("Hồ sơ có kết quả điện tử trên số hồ sơ của các thủ tục có kết quả, tiếp nhận trong kỳ."),
        counts=_of_received("e_result", "paper_result"),
        part=f"{RECEIVED} AND f.paper_result AND f.e_result",
        whole=f"{RECEIVED} AND f.paper_result",
    ),
    "4.2": Formula(
        name=_("Hồ sơ được số hóa"),
        says=_("Hồ sơ có đủ giấy tờ dạng số và có kết quả điện tử trên số hồ sơ tiếp nhận trong kỳ."),
        counts=_of_received("digitised"),
        part=f"{RECEIVED} AND f.digitised AND f.e_result",
        whole=RECEIVED,
    ),
    "4.2b": Formula(
        name=_("Cung cấp bản sao điện tử chứng thực"),
        says=_("Xã, phường, đặc khu có dịch vụ chứng thực bản sao điện tử từ bản chính trên số xã, phường, đặc khu."),
        counts=lambda given: (given.offered.e_copy, given.offered.communes),
    ),
    "4.3": Formula(
        name=_("Hồ sơ dùng lại giấy tờ đã có"),
        says=_("Hồ sơ có ít nhất một giấy tờ được dùng lại trên số hồ sơ tiếp nhận trong kỳ."),
        counts=_of_received("reused"),
        part=f"{RECEIVED} AND f.reused",
        whole=RECEIVED,
    ),
    "4.4": Formula(
        name=_("Hồ sơ liên kết kho dữ liệu điện tử"),
        says=_("Hồ sơ có giấy tờ lấy từ kho của người nộp, hoặc kết quả đưa vào kho, trên số hồ sơ tiếp nhận."),
        counts=_of_received("linked"),
        part=f"{RECEIVED} AND f.linked",
        whole=RECEIVED,
    ),
    "4.5a": Formula(
        name=_("Thủ tục dùng dữ liệu dân cư"),
        says=_("Thủ tục dùng dữ liệu dân cư trên số thủ tục dành cho công dân."),
        no_data=facts.REASONS["population_procedures"],
    ),
    "4.5b": Formula(
        name=_("Hồ sơ dùng dữ liệu dân cư"),
        says=_("Hồ sơ có giấy tờ được tra từ dữ liệu trên số hồ sơ tiếp nhận trong kỳ."),
        counts=_of_received("population"),
        part=f"{RECEIVED} AND f.population",
        whole=RECEIVED,
        remark=_("Tính mọi lần tra từ dữ liệu: hệ thống chưa ghi cơ sở dữ liệu nào được tra."),
    ),
    "5.1": Formula(
        name=_("Phản ánh, kiến nghị theo loại"),
        says=_("Số phản ánh, kiến nghị nhận trong kỳ theo từng loại; tử số là loại về quy định hành chính."),
        counts=lambda given: (
            feedback.together(one for key, one in (given.tickets or {}).items() if key == Stream.REGULATION)["received"],
            feedback.together((given.tickets or {}).values())["received"],
        ),
        no_data=facts.REASONS["feedback"],
        tickets={"mau-so": "nhan"},
        tells=_by_class,
    ),
    "5.2": Formula(
        name=_("Xử lý phản ánh, kiến nghị đúng hạn"),
        says=_(
            "Phản ánh, kiến nghị đúng hạn trên số phải xử lý trong kỳ, tính từ lúc gửi hoặc lúc chuyển đến lần cuối: "
            "từ chối trong 2, yêu cầu bổ sung lần đầu trong 5, trả lời trong 15 ngày làm việc; "
            "công khai trong 2 ngày làm việc sau khi có trả lời."
        ),
        counts=lambda given: (given.handled.handled_in_time, given.handled.handled),
        no_data=facts.REASONS["feedback"],
        tickets={"tu-so": "xu-ly-dung-han", "mau-so": "xu-ly", "con-lai": "xu-ly-tre"},
        tells=_which,
    ),
    "5.3": Formula(
        name=_("Hài lòng về xử lý phản ánh, kiến nghị"),
        says=_(
            "Số phải xử lý trong kỳ trừ số quá hạn, bị chê, phải mở lại, trên số phải xử lý trong kỳ; "
            "vướng nhiều điều chỉ trừ một lần, chê và mở lại tính vào kỳ có việc ấy."
        ),
        counts=lambda given: (given.handled.handled_well, given.handled.handled),
        no_data=facts.REASONS["feedback"],
        tickets={"mau-so": "xu-ly", "con-lai": "xu-ly-chua-tot"},
        tells=_which,
    ),
    "5.4": Formula(
        name=_("Hài lòng về giải quyết thủ tục"),
        says=_("100 % trừ tỷ lệ hồ sơ quá hạn và tỷ lệ hồ sơ bị đánh giá không hài lòng hoặc có phản ánh, kiến nghị nói đến."),
        counts=_satisfied,
        whole=OF_PERIOD,
        remark=_(
            "Phản ánh, kiến nghị về quy định hành chính mà người tiếp nhận đã xác nhận hồ sơ được nói đến; "
            "không tính phản ánh không được tiếp nhận."
        ),
    ),
}


def label(code: str) -> str:
    """'2.1 Giải quyết sớm và đúng hạn'"""
    return f"{code} {ITEMS[code].name}"


PARTS: dict[str, Promise] = {"tu-so": _("Tử số"), "mau-so": _("Mẫu số"), "con-lai": _("Còn lại")}


def behind(code: str, part: str) -> str:
    """The condition about a fact `f` of the dossiers behind a figure; empty when there are none to show."""
    formula = ITEMS[code]
    if part == "mau-so" or not formula.whole:
        return formula.whole
    if not formula.part:
        return ""
    return formula.part if part == "tu-so" else f"{formula.whole} AND NOT coalesce({formula.part}, false)"
