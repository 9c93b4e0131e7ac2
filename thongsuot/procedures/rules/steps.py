"""The e-process: its steps, and that their time is exactly the procedure's limit."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from thongsuot.kernel.working_time import Limit, WorkingCalendar, limit_minutes
from thongsuot.procedures.content import Step

RECEIVE, ASSIGN, PROCESS, REVIEW = "receive dossiers", "assign dossiers", "process dossiers", "review dossiers"
SIGN, ISSUE, HAND_BACK = "sign results", "issue results", "hand back results"
DUTIES = (RECEIVE, ASSIGN, PROCESS, REVIEW, SIGN, ISSUE, HAND_BACK)
# What may come after what: work may be checked twice, but nothing is signed before it is done, nor issued unsigned.
_ORDER = {RECEIVE: 0, ASSIGN: 1, PROCESS: 2, REVIEW: 2, SIGN: 3, ISSUE: 4, HAND_BACK: 5}

# A working day of the law has eight hours, whatever the shifts of a city.
_LAW = WorkingCalendar()

# A real commune procedure of 168 hours: its shares are the default for every other.
_TYPICAL = {RECEIVE: 4, ASSIGN: 4, PROCESS: 112, REVIEW: 24, SIGN: 16, ISSUE: 8}
# Within one day nobody passes paper through six hands.
_SHORT = {RECEIVE: 2, PROCESS: 8, SIGN: 4, ISSUE: 2}
_ONE_DAY = 480


def limit_in_minutes(limit: Limit) -> int:
    """The limit as minutes of working time: a day has eight hours, calendar days and months count their working days."""
    return limit_minutes(limit, _LAW)


def counted_minutes(steps: Sequence[Step]) -> int:
    return sum(step.minutes for step in steps if step.counted)


def check_steps(steps: Sequence[Step], limit: Limit) -> list[str]:
    """What is wrong with them, as sentences; empty when they can be published."""
    problems: list[str] = []
    if not any(step.counted for step in steps):
        return [_("Quy trình chưa có bước nào tính thời gian.")]
    keys = [step.key for step in steps]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        problems.append(_("Mã bước “%(key)s” bị trùng.") % {"key": key})
    for step in steps:
        if step.duty not in DUTIES:
            problems.append(_("Bước “%(name)s” ghi nhiệm vụ không có trong danh mục.") % {"name": step.name})
        if step.counted and step.minutes < 1:
            problems.append(_("Bước “%(name)s” cần ít nhất 1 phút.") % {"name": step.name})
        if step.minutes < 0:
            problems.append(_("Bước “%(name)s” có thời gian âm.") % {"name": step.name})
        if step.counted == (step.duty == HAND_BACK):
            problems.append(_("Chỉ bước trả kết quả là không tính thời gian, xem lại bước “%(name)s”.") % {"name": step.name})
    problems += _check_agencies(steps)
    places = [_ORDER[step.duty] for step in steps if step.duty in _ORDER and not step.agency]
    if places != sorted(places):
        problems.append(_("Thứ tự các bước chưa đúng: tiếp nhận, phân công, giải quyết, thẩm tra, ký, phát hành, trả kết quả."))
    if steps[0].duty != RECEIVE:
        problems.append(_("Bước đầu tiên phải là tiếp nhận hồ sơ."))
    if not any(step.duty == SIGN for step in steps):
        problems.append(_("Quy trình cần một bước ký kết quả."))
    total, allowed = counted_minutes(steps), limit_in_minutes(limit)
    if total != allowed:
        problems.append(
            _("Tổng thời gian các bước là %(total)s, thời hạn của thủ tục là %(allowed)s.")
            % {"total": in_hours(total), "allowed": in_hours(allowed)}
        )
    return problems


OF_AGENCIES = (ASSIGN, PROCESS, REVIEW)


def _check_agencies(steps: Sequence[Step]) -> list[str]:
    """Partners work between reception and the signature; they neither receive, sign, issue nor hand back for the unit."""
    problems: list[str] = []
    signed = next((place for place, step in enumerate(steps) if step.duty == SIGN and not step.agency), len(steps))
    for place, step in enumerate(steps):
        if step.agency and (step.duty not in OF_AGENCIES or not 0 < place < signed):
            problems.append(
                _("Bước “%(name)s” của cơ quan phối hợp phải ở giữa tiếp nhận và ký, là phân công, xử lý hoặc soát.")
                % {"name": step.name}
            )
        if step.asks_payment and not (step.agency and step.duty == PROCESS):
            problems.append(
                _("Chỉ bước xử lý của cơ quan phối hợp mới ra thông báo nộp tiền, xem lại bước “%(name)s”.")
                % {"name": step.name}
            )
    return problems


def default_steps(limit: Limit) -> tuple[Step, ...]:
    """The default e-process: the typical shares, scaled so that the sum is exactly the limit. Up to one day: fewer steps."""
    total = limit_in_minutes(limit)
    short = total <= _ONE_DAY
    minutes = _shares(total, _SHORT if short else _TYPICAL)
    names = {
        RECEIVE: ("receive", "Tiếp nhận hồ sơ", "service_centre"),
        ASSIGN: ("assign", "Phân công xử lý", ""),
        PROCESS: ("process", "Thẩm định, xử lý", ""),
        REVIEW: ("review", "Trưởng phòng soát xét", ""),
        SIGN: ("sign", "Lãnh đạo ký", "people_committee"),
        ISSUE: ("issue", "Lấy số, đóng dấu, phát hành", "office"),
        HAND_BACK: ("hand_back", "Trả kết quả", "service_centre"),
    }
    return tuple(
        Step(
            key=names[duty][0],
            name=names[duty][1],
            duty=duty,
            minutes=minutes.get(duty, 0),
            counted=duty != HAND_BACK,
            body_kind=names[duty][2],
            parallel_opinions=duty == PROCESS and not short,
        )
        for duty in DUTIES
        if duty in minutes or duty == HAND_BACK
    )


def _shares(total: int, weights: dict[str, int]) -> dict[str, int]:
    """`total` minutes split by weight in round portions, by largest remainder: never off by a minute, none empty."""
    portion = next((size for size in (30, 15, 5) if total % size == 0 and total // size >= 4 * len(weights)), 1)
    portions, whole = total // portion, sum(weights.values())
    given = {duty: max(1, portions * weight // whole) for duty, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda duty: (-(portions * weights[duty] % whole), list(weights).index(duty)))
    left = portions - sum(given.values())
    heaviest = max(weights, key=lambda duty: weights[duty])
    if left < 0:  # the smallest were lifted to one portion; the largest pays
        given[heaviest] += left
    else:
        for i in range(left):
            given[by_remainder[i % len(by_remainder)]] += 1
    return {duty: count * portion for duty, count in given.items()}


def in_hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not rest:
        return _("%(hours)s giờ") % {"hours": hours}
    if not hours:
        return _("%(minutes)s phút") % {"minutes": rest}
    return _("%(hours)s giờ %(minutes)s phút") % {"hours": hours, "minutes": rest}
