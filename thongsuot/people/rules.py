"""What people may do, which post usually brings what, and what the practice forbids. Pure data and functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SECONDS_A_TOKEN_IS_REMEMBERED = 2.0
TOKEN_DAYS_AT_MOST = 366
DELEGATION_DAYS_AT_MOST = 366
ONE_LOOK = timedelta(minutes=15)  # a reason given stands for as long as one works on it; then the page asks again


@dataclass(frozen=True)
class Duty:
    """`second_factor`: whoever holds it must log in with two factors (administrators and signers)."""

    name: str
    label: Promise | str
    second_factor: bool = False


# In the order in which forms show them: a dossier's way, then figures, then administration.
DUTIES: dict[str, Duty] = {
    duty.name: duty
    for duty in (
        Duty("submit dossiers", _("Nộp hồ sơ trực tuyến thay người dân, từ phần mềm của cổng")),
        Duty("receive dossiers", _("Tiếp nhận hồ sơ")),
        Duty("assign dossiers", _("Phân công xử lý hồ sơ")),
        Duty("process dossiers", _("Xử lý hồ sơ")),
        Duty("review dossiers", _("Thẩm tra, duyệt dự thảo")),
        Duty("sign results", _("Ký kết quả"), second_factor=True),
        Duty("issue results", _("Vào sổ, phát hành kết quả")),
        Duty("hand back results", _("Trả kết quả")),
        Duty("arrange counters", _("Sắp xếp quầy và hàng chờ của điểm phục vụ mà cơ quan quản lý")),
        Duty("keep fees", _("Giữ tài khoản thu phí: đối soát, nộp tiền mặt, đề nghị hoàn phí")),
        Duty("approve refunds", _("Duyệt hoàn phí, lệ phí")),
        Duty("keep civil status", _("Giữ sổ hộ tịch: ghi, tra cứu, trích lục, nhập sổ cũ")),
        Duty("keep allowances", _("Giữ danh sách trợ cấp hằng tháng: thêm, điều chỉnh, thôi hưởng, lập kỳ chi trả")),
        Duty("approve allowances", _("Duyệt danh sách chi trả trợ cấp hằng tháng"), second_factor=True),
        Duty("attend conferences", _("Trực điểm cầu của đơn vị trong hội nghị trực tuyến")),
        Duty("hold conferences", _("Điều hành hội nghị trực tuyến của thành phố (điểm cầu trung tâm)")),
        Duty("take feedback", _("Tiếp nhận, phân loại, chuyển phản ánh, kiến nghị của thành phố")),
        Duty("handle feedback", _("Xử lý phản ánh, kiến nghị được chuyển đến đơn vị")),
        Duty("approve feedback", _("Duyệt trả lời, gia hạn phản ánh, kiến nghị của đơn vị")),
        Duty("manage feedback", _("Sắp xếp lĩnh vực, thẩm quyền, thời hạn phản ánh, kiến nghị"), second_factor=True),
        Duty("answer calls", _("Trực tổng đài 1022")),
        Duty("lead hotline", _("Phụ trách tổng đài 1022: giao lại việc, nghe và giữ bản ghi âm, sửa kết quả")),
        Duty("keep answers", _("Soạn kho câu hỏi và trả lời")),
        Duty("approve answers", _("Duyệt kho câu hỏi và trả lời")),
        Duty("receive citizens", _("Tiếp công dân: lịch tiếp, sổ tiếp, phiếu xử lý")),
        Duty(
            "decide receptions",
            _("Quyết định ở nơi tiếp công dân của thành phố: gia hạn, chủ trì, biên bản"),
            second_factor=True,
        ),
        Duty("arrange helpers", _("Quản lý đại lý, tình nguyện viên giúp người dân, ca trực, đợt cao điểm")),
        Duty("lead legal aid", _("Phụ trách trợ giúp pháp lý: luật sư, lịch trực, ghi chép tư vấn"), second_factor=True),
        Duty("hand over", _("Bàn giao, tiếp nhận khi đơn vị sắp xếp lại")),
        Duty("see figures", _("Xem số liệu điều hành")),
        Duty("manage units", _("Quản trị đơn vị"), second_factor=True),
        Duty("steer changeover", _("Điều hành chuyển giao khi đơn vị sắp xếp lại"), second_factor=True),
        Duty("manage people", _("Quản trị người dùng và phân công nhiệm vụ"), second_factor=True),
        Duty("propose staffing", _("Đề xuất bố trí cán bộ, xem xét đơn nghỉ của đơn vị")),
        Duty("manage staffing", _("Quản lý bố trí cán bộ (cơ quan nội vụ)"), second_factor=True),
        Duty("approve Party posts", _("Duyệt cán bộ diện cấp ủy quản lý (Ban Tổ chức)"), second_factor=True),
        Duty("manage procedures", _("Quản trị thủ tục"), second_factor=True),
        Duty("manage certificates", _("Quản trị chứng thư chữ ký số"), second_factor=True),
        Duty("manage calendar", _("Quản trị lịch làm việc"), second_factor=True),
        Duty("sync dossiers", _("Theo dõi đồng bộ Cổng Dịch vụ công quốc gia")),
        Duty("see outbox", _("Xem thư và tin đã gửi"), second_factor=True),
        Duty("write letters", _("Soạn mẫu tin báo, đặt giờ yên lặng và cách gửi"), second_factor=True),
        Duty("approve letters", _("Duyệt mẫu tin báo"), second_factor=True),
    )
}

# Given, or taken away, only by someone who holds the very duty in that unit.
OF_ADMINISTRATORS = frozenset(
    {
        "manage units",
        "steer changeover",
        "manage people",
        "manage staffing",
        "manage procedures",
        "manage certificates",
        "manage calendar",
        "manage feedback",
        "see outbox",
    }
)

# A stand-in takes these only when the delegation says so.
NOT_PASSED_ON_SILENTLY = frozenset({"sign results"})

LEADER = (
    "review dossiers",
    "sign results",
    "attend conferences",
    "approve feedback",
    "receive citizens",
    "hand over",
    "propose staffing",
    "see figures",
)
# Of the city: they receive in person and decide there. "sign results" would reach into the dossiers of every commune.
LEADER_OF_CITY = ("receive citizens", "decide receptions", "see figures")
HEAD_OF_OFFICE = (
    "assign dossiers",
    "review dossiers",
    "attend conferences",
    "handle feedback",
    "approve feedback",
    "receive citizens",
    "hand over",
    "propose staffing",
    "see figures",
)
HEAD = (
    "assign dossiers",
    "review dossiers",
    "handle feedback",
    "approve feedback",
    "hand over",
    "propose staffing",
    "see figures",
)
HEAD_OF_CENTRE = (
    "receive dossiers",
    "assign dossiers",
    "review dossiers",
    "hand back results",
    "approve refunds",
    "arrange counters",
    "arrange helpers",
    "see figures",
    "sync dossiers",
)
ADMINISTRATOR = (
    "arrange counters",
    "arrange helpers",
    "manage feedback",
    "approve answers",
    "hold conferences",
    "see figures",
    "manage units",
    "steer changeover",
    "manage people",
    "manage staffing",
    "manage procedures",
    "manage certificates",
    "manage calendar",
    "sync dossiers",
    "see outbox",
    "write letters",
)


@dataclass(frozen=True, kw_only=True)
class Title:
    """A post as appointments name it, and the duties it usually brings: a proposal, each appointment states its own.

    level        province, commune or agency: a city's chair does not sign the results of 126 communes
    body_kinds   kinds of units.Body in which the post exists
    """

    name: str
    level: str
    body_kinds: tuple[str, ...]
    duties: tuple[str, ...]
    valid_from: date = date(2025, 7, 1)
    valid_to: date | None = None
    basis: str = ""


_CENTRE = ("service_centre",)
_COMMITTEE = ("people_committee",)
_OFFICES = ("economy_office", "culture_society_office")
_PARTNERS = ("tax", "land_registration", "police", "social_insurance")
_DECREE_150 = "Nghị định 150/2025/NĐ-CP"
_DECREE_118 = "Nghị định 118/2025/NĐ-CP"

TITLES: tuple[Title, ...] = (
    Title(name="Chủ tịch", level="commune", body_kinds=_COMMITTEE, duties=LEADER, basis="Luật 72/2025/QH15"),
    Title(name="Phó Chủ tịch", level="commune", body_kinds=_COMMITTEE, duties=LEADER, basis="Luật 72/2025/QH15"),
    Title(name="Chánh Văn phòng", level="commune", body_kinds=("office",), duties=HEAD_OF_OFFICE, basis=_DECREE_150),
    Title(name="Phó Chánh Văn phòng", level="commune", body_kinds=("office",), duties=HEAD_OF_OFFICE, basis=_DECREE_150),
    Title(name="Trưởng phòng", level="commune", body_kinds=_OFFICES, duties=HEAD, basis=_DECREE_150),
    Title(name="Phó Trưởng phòng", level="commune", body_kinds=_OFFICES, duties=HEAD, basis=_DECREE_150),
    Title(
        name="Công chức tư pháp - hộ tịch",
        level="commune",
        body_kinds=("office",),
        duties=("process dossiers", "keep civil status"),
    ),
    Title(
        name="Chuyên viên",
        level="commune",
        body_kinds=("office", "economy_office"),
        duties=("process dossiers", "handle feedback"),
    ),
    # Social affairs are this office's.
    Title(
        name="Chuyên viên",
        level="commune",
        body_kinds=("culture_society_office",),
        duties=("process dossiers", "keep allowances", "handle feedback"),
        basis=_DECREE_150,
    ),
    Title(name="Kế toán", level="commune", body_kinds=("office", "service_centre"), duties=("keep fees",)),
    Title(name="Văn thư", level="commune", body_kinds=("office",), duties=("issue results",), basis="Nghị định 30/2020/NĐ-CP"),
    Title(
        name="Giám đốc",
        level="commune",
        body_kinds=_CENTRE,
        basis=_DECREE_118,
        duties=HEAD_OF_CENTRE,
    ),
    Title(
        name="Phó Giám đốc",
        level="commune",
        body_kinds=_CENTRE,
        basis=_DECREE_118,
        duties=HEAD_OF_CENTRE,
    ),
    Title(
        name="Công chức tiếp nhận",
        level="commune",
        body_kinds=_CENTRE,
        duties=("receive dossiers", "hand back results"),
        basis=_DECREE_118,
    ),
    Title(name="Chủ tịch", level="province", body_kinds=_COMMITTEE, duties=LEADER_OF_CITY, basis="Luật 72/2025/QH15"),
    Title(
        name="Phó Chủ tịch",
        level="province",
        body_kinds=_COMMITTEE,
        duties=(*LEADER_OF_CITY, "approve letters"),
        basis="Luật 72/2025/QH15",
    ),
    Title(
        name="Giám đốc",
        level="province",
        body_kinds=_CENTRE,
        duties=("arrange counters", "arrange helpers", "see figures", "manage procedures", "approve letters"),
    ),
    Title(
        name="Phó Giám đốc",
        level="province",
        body_kinds=_CENTRE,
        duties=("arrange counters", "arrange helpers", "see figures", "manage procedures", "approve letters"),
    ),
    Title(name="Giám đốc", level="province", body_kinds=("department",), duties=("see figures", "manage procedures")),
    Title(name="Phó Giám đốc", level="province", body_kinds=("department",), duties=("see figures", "manage procedures")),
    Title(name="Trưởng phòng", level="province", body_kinds=("division",), duties=("see figures", "manage procedures")),
    Title(name="Chuyên viên", level="province", body_kinds=(*_CENTRE, "division", "department"), duties=("see figures",)),
    Title(name="Giám đốc chi nhánh", level="province", body_kinds=("branch",), duties=("arrange counters", "see figures")),
    # Agencies: their posts hold in the agency alone.
    Title(name="Giám đốc", level="agency", body_kinds=("department",), duties=LEADER),
    Title(name="Phó Giám đốc", level="agency", body_kinds=("department",), duties=LEADER),
    Title(name="Trưởng phòng", level="agency", body_kinds=("department",), duties=HEAD),
    Title(name="Chuyên viên", level="agency", body_kinds=("department",), duties=("process dossiers", "handle feedback")),
    Title(
        name="Văn thư", level="agency", body_kinds=("department",), duties=("issue results",), basis="Nghị định 30/2020/NĐ-CP"
    ),
    Title(name="Lãnh đạo", level="agency", body_kinds=_PARTNERS, duties=HEAD),
    Title(name="Cán bộ xử lý", level="agency", body_kinds=_PARTNERS, duties=("process dossiers",)),
    Title(
        name="Giám đốc chi nhánh",
        level="agency",
        body_kinds=("branch",),
        duties=("receive dossiers", "hand back results", "arrange counters", "see figures"),
        basis=_DECREE_118,
    ),
    Title(
        name="Nhân viên chi nhánh",
        level="agency",
        body_kinds=("branch",),
        duties=("receive dossiers", "hand back results"),
        basis=_DECREE_118,
    ),
    Title(
        name="Nhân viên chi nhánh",
        level="province",
        body_kinds=("branch",),
        basis=_DECREE_118,
        duties=("receive dossiers", "hand back results"),
    ),
    Title(
        name="Quản trị hệ thống",
        level="province",
        body_kinds=(*_CENTRE, "division", "public_service_unit"),
        duties=ADMINISTRATOR,
    ),
    # The hotline of the city, and who leads it; chairs read the list of what is late for the second time.
    Title(
        name="Tổng đài viên 1022",
        level="province",
        body_kinds=("people_committee", "department", "division", "service_centre", "public_service_unit"),
        duties=("take feedback", "answer calls", "keep answers"),
    ),
    Title(
        name="Trưởng tổng đài 1022",
        level="province",
        body_kinds=("people_committee", "department", "division", "service_centre", "public_service_unit"),
        duties=(
            "take feedback",
            "answer calls",
            "lead hotline",
            "approve feedback",
            "keep answers",
            "approve answers",
            "see figures",
        ),
    ),
    # The higher reviewer of what was opened again: never who approved the answer before.
    Title(
        name="Duyệt trả lời phản ánh",
        level="province",
        body_kinds=("people_committee", "department", "division"),
        duties=("approve feedback", "see figures"),
    ),
    Title(
        name="Phụ trách tiếp công dân",
        level="province",
        body_kinds=("people_committee", "department", "division"),
        duties=("receive citizens", "see figures"),
    ),
    # Who looks after the receiving accounts of all units, and brings statements in.
    Title(
        name="Phụ trách thu phí, lệ phí",
        level="province",
        body_kinds=("people_committee", "department", "division", "service_centre"),
        duties=("see figures", "keep fees"),
    ),
    # Who pays allowances for the city, and the second person who approves a month.
    Title(
        name="Phụ trách chi trả trợ cấp",
        level="province",
        body_kinds=("people_committee", "department", "division"),
        duties=("see figures", "keep allowances"),
    ),
    Title(
        name="Duyệt chi trả trợ cấp",
        level="province",
        body_kinds=("people_committee", "department", "division"),
        duties=("see figures", "approve allowances"),
    ),
    Title(
        name="Phụ trách trợ giúp pháp lý",
        level="province",
        body_kinds=("people_committee", "department", "division"),
        duties=("lead legal aid",),
    ),
    # The two sides that place people: Home Affairs decides for the government, the Organisation board for the Party.
    Title(
        name="Quản lý cán bộ (nội vụ)",
        level="province",
        body_kinds=("people_committee", "department", "division"),
        duties=("see figures", "manage staffing"),
    ),
    Title(
        name="Phụ trách cán bộ diện cấp ủy quản lý",
        level="province",
        body_kinds=("people_committee", "department", "division"),
        duties=("approve Party posts",),
    ),
    Title(name="Quản trị hệ thống", level="commune", body_kinds=(*_CENTRE, "office"), duties=("manage people",)),
)


@dataclass(frozen=True, kw_only=True)
class Doubling:
    """Two posts of one unit that one person may not hold together from a day on. Posts are (body kind, title)."""

    first: tuple[str, str]
    second: tuple[str, str]
    valid_from: date
    basis: str


# In July 2025 doubling was common; the resolution ended it.
FORBIDDEN_DOUBLINGS: tuple[Doubling, ...] = (
    Doubling(
        first=("people_committee", "Phó Chủ tịch"),
        second=("service_centre", "Giám đốc"),
        valid_from=date(2025, 10, 15),
        basis="Nghị quyết 332/NQ-CP",
    ),
)


def titles_of(body_kind: str, level: str, *, on: date) -> list[Title]:
    """The posts proposed for a body, highest first."""
    return [
        title
        for title in TITLES
        if title.level == level
        and body_kind in title.body_kinds
        and title.valid_from <= on
        and (title.valid_to is None or on < title.valid_to)
    ]


def usual_duties(title_name: str, body_kind: str, level: str, *, on: date) -> tuple[str, ...]:
    """What the post usually brings; nothing for a post we do not know."""
    return next((title.duties for title in titles_of(body_kind, level, on=on) if title.name == title_name), ())


def unknown_duties(duties: Iterable[str]) -> list[str]:
    return sorted(set(duties) - DUTIES.keys())


def needs_second_factor(duties: Iterable[str]) -> bool:
    return any(DUTIES[duty].second_factor for duty in duties)


def passed_on(duties: Iterable[str], *, includes_signing: bool) -> list[str]:
    """What a stand-in gains of the absent person's duties."""
    return [duty for duty in duties if includes_signing or duty not in NOT_PASSED_ON_SILENTLY]


def forbidden_doubling(post: tuple[str, str], others: Collection[tuple[str, str]], *, last_day: date | None) -> Doubling | None:
    """The rule that forbids `post` beside one of `others`.

    last_day   of the time both would be held; None: open. A doubling that ends before the rule begins was lawful.
    """
    for rule in FORBIDDEN_DOUBLINGS:
        if last_day is not None and last_day < rule.valid_from:
            continue
        if (post == rule.first and rule.second in others) or (post == rule.second and rule.first in others):
            return rule
    return None


# First match wins: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """'Chrome, Windows': enough to recognise one's own machine."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part) or str(_("Thiết bị không rõ"))


# Names of fields in look-ups, as the person concerned reads them.
FIELD_LABELS: dict[str, Promise | str] = {
    "full_name": _("họ tên"),
    "id_number": _("số định danh"),
    "phone": _("điện thoại"),
    "email": _("thư điện tử"),
    "address": _("địa chỉ"),
    "birth_date": _("ngày sinh"),
    "form": _("tờ khai"),
    "files": _("giấy tờ kèm theo"),
    "history": _("lịch sử hồ sơ"),
    "civil_status": _("mục trong sổ hộ tịch"),
    "pay": _("tiền lương"),
    "insured_time": _("thời gian đóng bảo hiểm"),
    "calls": _("các cuộc gọi đến tổng đài"),
    "tickets": _("các phản ánh đã gửi"),
    "recording": _("bản ghi âm cuộc gọi"),
    "legal_note": _("ghi chép tư vấn pháp luật"),
}


def field_label(name: str) -> str:
    return str(FIELD_LABELS.get(name, name))
