"""The e-process: its steps, the ways between them, and that their time is exactly the procedure's limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thongsuot.kernel.deadlines import Limit, limit_minutes
from thongsuot.kernel.working_time import WorkingCalendar
from thongsuot.procedures.content import Step
from thongsuot.procedures.rules.graph import (
    ConditionField,
    branches,
    condition_fields,
    fits,
    longest_minutes,
    reachable,
    targets,
)
from thongsuot.units.files import role_names

RECEIVE, ASSIGN, PROCESS, REVIEW = "receive dossiers", "assign dossiers", "process dossiers", "review dossiers"
SIGN, ISSUE, HAND_BACK = "sign results", "issue results", "hand back results"
DUTIES = (RECEIVE, ASSIGN, PROCESS, REVIEW, SIGN, ISSUE, HAND_BACK)
# What may come after what: work may be checked twice, but nothing is signed before it is done, nor issued unsigned.
_ORDER = {RECEIVE: 0, ASSIGN: 1, PROCESS: 2, REVIEW: 2, SIGN: 3, ISSUE: 4, HAND_BACK: 5}

MOST_STEPS = 20
MOST_WAYS = 6

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
    """The working time a process takes at most: of its longest path."""
    return longest_minutes(steps)


@dataclass(frozen=True, kw_only=True)
class StepProblem:
    """What keeps a process from being published. `step`: its place, None for the whole; `way`: the place of a way of it."""

    sentence: str
    step: int | None = None
    part: str = ""  # the field of the step it concerns: name, duty, minutes, agency, ways
    way: int | None = None


def check_steps(steps: Sequence[Step], limit: Limit, fields: Mapping[str, ConditionField] | None = None) -> list[str]:
    """What is wrong with them, as sentences; empty when they can be published. `fields`: what conditions may ask for."""
    return list(dict.fromkeys(problem.sentence for problem in step_problems(steps, limit, fields)))


def step_problems(steps: Sequence[Step], limit: Limit, fields: Mapping[str, ConditionField] | None = None) -> list[StepProblem]:
    """As `check_steps`, each with the place it concerns.

    On every path: received first, nothing signed before it is done nor issued unsigned, the hand-back at the end. No step is
    left aside and none comes twice; the longest path takes exactly the time of the limit, so no other takes more.
    """
    if not any(step.counted for step in steps):
        return [StepProblem(sentence=_("Quy trình chưa có bước nào tính thời gian."))]
    if len(steps) > MOST_STEPS:
        return [StepProblem(sentence=_("Quy trình có nhiều nhất %(most)s bước.") % {"most": MOST_STEPS})]
    problems = [*_each_step(steps), *_of_agencies(steps), *_each_way(steps, condition_fields({}) if fields is None else fields)]
    if not any(problem.part == "ways" for problem in problems):
        problems += _all_paths(steps)
    total, allowed = longest_minutes(steps), limit_in_minutes(limit)
    if total != allowed:
        words = (
            _("Tổng thời gian các bước của đường dài nhất là %(total)s, thời hạn của thủ tục là %(allowed)s.")
            if branches(steps)
            else _("Tổng thời gian các bước là %(total)s, thời hạn của thủ tục là %(allowed)s.")
        )
        problems.append(StepProblem(sentence=words % {"total": in_hours(total), "allowed": in_hours(allowed)}))
    return problems


def _each_step(steps: Sequence[Step]) -> Iterator[StepProblem]:
    keys = [step.key for step in steps]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield StepProblem(sentence=_("Mã bước “%(key)s” bị trùng.") % {"key": key}, step=keys.index(key), part="name")
    for place, step in enumerate(steps):
        name = {"name": step.name}
        if step.duty not in DUTIES:
            words = _("Bước “%(name)s” ghi nhiệm vụ không có trong danh mục.") % name
            yield StepProblem(sentence=words, step=place, part="duty")
        if step.counted and step.minutes < 1:
            yield StepProblem(sentence=_("Bước “%(name)s” cần ít nhất 1 phút.") % name, step=place, part="minutes")
        if step.minutes < 0:
            yield StepProblem(sentence=_("Bước “%(name)s” có thời gian âm.") % name, step=place, part="minutes")
        if step.counted == (step.duty == HAND_BACK):
            words = _("Chỉ bước trả kết quả là không tính thời gian, xem lại bước “%(name)s”.") % name
            yield StepProblem(sentence=words, step=place, part="duty")
        if not 0 < len(step.key) <= 40 or len(step.name) > 200:
            yield StepProblem(sentence=_("Mỗi bước cần mã không quá 40 chữ và tên không quá 200 chữ."), step=place, part="name")
    if steps[0].duty != RECEIVE:
        yield StepProblem(sentence=_("Bước đầu tiên phải là tiếp nhận hồ sơ."), step=0, part="duty")


def _each_way(steps: Sequence[Step], fields: Mapping[str, ConditionField]) -> Iterator[StepProblem]:
    """Where ways lead, and what their conditions ask for."""
    places = {step.key: place for place, step in enumerate(steps)}
    for place, step in enumerate(steps):
        name = {"name": step.name}
        if len(step.ways) > MOST_WAYS:
            words = _("Bước “%(name)s” có nhiều nhất %(most)s hướng đi.") % {**name, "most": MOST_WAYS}
            yield StepProblem(sentence=words, step=place, part="ways")
        for number, way in enumerate(step.ways):
            if way.to not in places:
                words = _("Bước “%(name)s” đi tiếp đến một bước không còn trong quy trình. Hãy chọn lại bước.") % name
                yield StepProblem(sentence=words, step=place, part="ways", way=number)
            elif places[way.to] <= place:
                words = _("Từ bước “%(name)s” chỉ đi tiếp được đến bước phía sau. Trả lại bước trước thì không cần vẽ.") % name
                yield StepProblem(sentence=words, step=place, part="ways", way=number)
            if way.when is not None and not fits(way.when, fields):
                words = _("Điều kiện ở bước “%(name)s” hỏi một mục mà hồ sơ của thủ tục này không có. Hãy chọn lại.") % name
                yield StepProblem(sentence=words, step=place, part="ways", way=number)
            if way.when is not None and way.when in [other.when for other in step.ways[:number]]:
                words = _("Bước “%(name)s” có hai hướng cùng một điều kiện: hướng sau không bao giờ được đi.") % name
                yield StepProblem(sentence=words, step=place, part="ways", way=number)
        if step.ways and sum(way.when is None for way in step.ways) != 1:
            words = _("Bước “%(name)s” rẽ nhánh nên cần đúng một hướng cho các trường hợp còn lại.") % name
            yield StepProblem(sentence=words, step=place, part="ways")


def _all_paths(steps: Sequence[Step]) -> Iterator[StepProblem]:
    """What must hold whichever way a dossier goes."""
    order = _("Thứ tự các bước chưa đúng: tiếp nhận, phân công, giải quyết, thẩm tra, ký, phát hành, trả kết quả.")
    last, seen, come_to = len(steps) - 1, reachable(steps), _furthest(steps)
    for place, step in enumerate(steps):
        if place not in seen:
            words = _("Không hồ sơ nào đi tới bước “%(name)s”. Hãy nối bước này vào, hoặc bỏ đi.") % {"name": step.name}
            yield StepProblem(sentence=words, step=place, part="name")
            continue
        for to in targets(steps, place):
            if not steps[to].agency and _ORDER.get(steps[to].duty, 0) < come_to.get(place, 0):
                yield StepProblem(sentence=order, step=to, part="duty")
        if (step.duty == HAND_BACK) != (place == last):
            words = _("Mọi đường đi phải kết thúc ở một bước trả kết quả duy nhất, đặt cuối cùng.")
            yield StepProblem(sentence=words, step=place, part="duty")
    if not any(step.duty == SIGN for step in steps):
        yield StepProblem(sentence=_("Quy trình cần một bước ký kết quả."))
        return
    signed = _always(steps, lambda step, before: before or step.duty == SIGN)
    # The unit drafts what is signed when it has what the partners found: a leg after its own work asks for more of it.
    drafted = _always(steps, lambda step, before: not step.agency and (before or step.duty == PROCESS))
    for place, step in enumerate(steps):
        if place in seen and step.duty in (ISSUE, HAND_BACK) and place not in signed:
            words = _("Có đường đi tới bước “%(name)s” mà kết quả chưa được ký.") % {"name": step.name}
            yield StepProblem(sentence=words, step=place, part="duty")
            break
    for place, step in enumerate(steps):
        if place in seen and step.duty == SIGN and place not in drafted:
            words = (
                _("Có đường đi từ cơ quan phối hợp tới bước “%(name)s” mà đơn vị không còn bước xử lý nào để lập dự thảo.")
                if any(one.agency for one in steps[:place])
                else _("Có đường đi tới bước “%(name)s” mà chưa qua bước giải quyết nào, nên chưa có dự thảo để ký.")
            )
            yield StepProblem(sentence=words % {"name": step.name}, step=place, part="duty")
            break


def _furthest(steps: Sequence[Step]) -> dict[int, int]:
    """How far in the order of duties a dossier has come at each place, on the way that came furthest. Partners' steps stand
    outside the order: they may review before the unit processes."""
    come_to: dict[int, int] = {}
    for place, step in enumerate(steps):
        own = 0 if step.agency else _ORDER.get(step.duty, 0)
        come_to[place] = max(come_to.get(place, 0), own)
        for to in targets(steps, place):
            come_to[to] = max(come_to.get(to, 0), come_to[place])
    return come_to


def _always(steps: Sequence[Step], then: Callable[[Step, bool], bool]) -> set[int]:
    """The places where something holds whichever way a dossier came there. `then`: does it after a step, given before it?"""
    came: dict[int, bool] = {}
    for place, step in enumerate(steps):
        came[place] = then(step, came.get(place, False))
        for to in targets(steps, place):
            came[to] = came.get(to, True) and came[place]
    return {place for place, always in came.items() if always}


OF_AGENCIES = (ASSIGN, PROCESS, REVIEW)


def _of_agencies(steps: Sequence[Step]) -> Iterator[StepProblem]:
    """Partners work between reception and the signature; they neither receive, sign, issue nor hand back for the unit."""
    signed = next((place for place, step in enumerate(steps) if step.duty == SIGN and not step.agency), len(steps))
    for place, step in enumerate(steps):
        if step.agency and step.agency not in role_names():
            words = _("Bước “%(name)s” giao cho cơ quan phối hợp “%(role)s” không có trong danh mục. Hãy chọn lại cơ quan.")
            yield StepProblem(sentence=words % {"name": step.name, "role": step.agency}, step=place, part="agency")
        if step.agency and (step.duty not in OF_AGENCIES or not 0 < place < signed):
            words = _("Bước “%(name)s” của cơ quan phối hợp phải ở giữa tiếp nhận và ký, là phân công, xử lý hoặc soát.")
            yield StepProblem(sentence=words % {"name": step.name}, step=place, part="duty")
        if step.asks_payment and not (step.agency and step.duty == PROCESS):
            words = _("Chỉ bước xử lý của cơ quan phối hợp mới ra thông báo nộp tiền, xem lại bước “%(name)s”.")
            yield StepProblem(sentence=words % {"name": step.name}, step=place, part="duty")


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
